// `login`: keys for what one signs in to the console with. The profile remembers whose session it is.

import { Failure } from '../../../lib/errors.ts'
import type { IniSection } from '../../../lib/ini.ts'
import { profileHeader, writeSection } from '../../../client/config/write.ts'
import { consoleLogin } from '../../../client/credentials/console-login.ts'
import { loginCachePath } from '../../../client/credentials/login-session.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { writeJsonFile } from '../../../client/credentials/session-cache.ts'
import { readConfiguration } from '../../../client/config/configuration.ts'
import { showPage } from '../../browser.ts'
import { chainOf } from '../../chain.ts'
import { givenFrom } from '../../globals.ts'
import { prompter } from '../../prompt.ts'
import type { Prompter } from '../../prompt.ts'
import { surroundings } from '../../session.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

const defaultRegion = 'us-east-1'

export const login = command({
  name: 'login',
  help:
    'Login for local development using AWS Management Console credentials. Keys and a token that renews them are kept in ' +
    '~/.aws/login/cache, or in the folder that AWS_LOGIN_CACHE_DIRECTORY names.',
  arguments: {
    remote: {
      flag: true,
      help: 'Displays the URL and asks for the code that is shown after logging in, where no browser can be opened here.',
    },
  },
  run: async (given, context) => {
    const { outside, globals } = context
    const questions = prompter(outside)
    const before = await readConfiguration(givenFrom(globals, undefined), surroundings(outside))
    const { profile, section = {}, files } = before
    const region = globals.region ?? (before.text('region') || undefined)
    const chosen = region ?? (await askForRegion(questions, context))
    requireNoOtherCredentials(profile, section)

    const chain = await chainOf(context, { newProfile: profile, given: { region: chosen } })
    const remote = given['remote'] === true
    const session = await consoleLogin(chain.context, {
      region: chosen,
      show: showPage({ outside, open: !remote }),
      ...(remote
        ? { askForCode: () => questions.ask('\nEnter the authorization code displayed in your browser: ') }
        : {}),
    })
    if (!(await mayReplace(profile, textOf(section, 'login_session'), session.name, questions))) return 0

    writeJsonFile(loginCachePath(chain.context, session.name), session.token)
    await writeSection(files.configPath, profileHeader(profile), {
      login_session: session.name,
      ...(region === undefined ? { region: chosen } : {}),
    })
    context.write(`\nUpdated profile ${profile} to use ${session.name} credentials.\n`)
    if (profile !== 'default') {
      context.write(
        `Use "--profile ${profile}" to use the new credentials, such as "aws sts get-caller-identity --profile ${profile}"\n`,
      )
    }
    return 0
  },
})

async function askForRegion({ ask }: Prompter, { write }: Context): Promise<string> {
  write(
    'No AWS region has been configured. The AWS region is the geographic location of your AWS resources.\n\n' +
      'If you have used AWS before and already have resources in your account, specify which region they were created in. ' +
      'If you have not created resources in your account before, you can pick the region closest to you: ' +
      'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html.\n\n' +
      'You are able to change the region in the CLI at any time with the command "aws configure set region NEW_REGION".\n',
  )
  return (await ask(`AWS Region [${defaultRegion}]: `)).trim() || defaultRegion
}

/** They would still come first. Throws Failure('Configuration'). */
function requireNoOtherCredentials(profile: string, section: IniSection): void {
  const styles = [
    ['web_identity_token_file', 'Web Identity'],
    ['sso_role_name', 'SSO'],
    ['sso_account_id', 'SSO'],
    ['aws_access_key_id', 'Access Key'],
    ['role_arn', 'Assume Role'],
    ['credential_process', 'Credential Process'],
  ] as const
  const found = styles.find(([key]) => section[key] !== undefined)
  if (!found) return
  throw new Failure(
    'Configuration',
    `Profile '${profile}' is already configured with ${found[1]} credentials.\n\n` +
      "You may run 'aws login --profile new-profile-name' to create a new profile with the specified name. Otherwise you " +
      `must first manually remove the existing credentials from '${profile}'.`,
  )
}

async function mayReplace(
  profile: string,
  old: string | undefined,
  fresh: string,
  { yes }: Prompter,
): Promise<boolean> {
  if (old === undefined || old === fresh) return true
  return yes(
    `\nProfile ${profile} is already configured to use session ${old}. ` +
      `Do you want to overwrite it to use ${fresh} instead? (y/n): `,
  )
}
