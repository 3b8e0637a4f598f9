// `configure sso-session`: a section that profiles can share, for one sign-in to IAM Identity Center.

import { sectionHeader, writeSection } from '../../../client/config/write.ts'
import { chainOf } from '../../chain.ts'
import { prompter } from '../../prompt.ts'
import { command } from '../command.ts'
import { configurationOf } from './files.ts'
import { SsoQuestions } from './sso-questions.ts'

export const configureSsoSession = command({
  name: 'configure sso-session',
  help: 'Asks for the configuration values required to create an SSO session.',
  arguments: {},
  run: async (_, context) => {
    const { files, profile } = await configurationOf(context)
    const questions = new SsoQuestions(prompter(context.outside), context)
    const session = (await questions.sessionName(undefined, { required: true }))!
    const answers = { ...(files.ssoSessions.get(session) as Record<string, string> | undefined) }
    await questions.startUrlAndRegion(answers, async () => (await chainOf(context, { newProfile: profile })).settings)
    await questions.scopes(answers)
    await writeSection(files.configPath, sectionHeader('sso-session', session), answers)
    context.write(
      `\nCompleted configuring SSO session: ${session}\nRun the following to login and refresh access token for this ` +
        `session:\n\naws sso login --sso-session ${session}\n`,
    )
    return 0
  },
})
