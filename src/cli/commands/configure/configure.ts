// `configure`: asks for keys, region and output, and writes what is new.

import { profileHeader, writeSection } from '../../../client/config/write.ts'
import type { IniValue } from '../../../lib/ini.ts'
import { repr } from '../../../lib/python.ts'
import { prompter } from '../../prompt.ts'
import { command } from '../command.ts'
import { configurationOf, writeCredentials } from './files.ts'

const questions = [
  ['aws_access_key_id', 'AWS Access Key ID'],
  ['aws_secret_access_key', 'AWS Secret Access Key'],
  ['aws_session_token', 'AWS Session Token'],
  ['region', 'Default region name'],
  ['output', 'Default output format'],
] as const

const secrets: readonly string[] = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token']

const tip =
  '\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the ' +
  "command 'aws login'.\n\n"

export const configure = command({
  name: 'configure',
  help: 'Configure options: keys, region and output of a profile, asked for one by one.',
  arguments: {},
  run: async (_, context) => {
    const { files, profile, section = {} } = await configurationOf(context)
    if (Object.keys(section).length === 0) context.write(tip)
    const { ask } = prompter(context.outside)
    const fresh: Record<string, string> = {}
    for (const [key, question] of questions) {
      if (key === 'aws_session_token' && !asksForToken(fresh['aws_access_key_id'], section[key])) continue
      const answer = await ask(`${question} [${shown(key, section[key])}]: `)
      if (answer !== '' && answer !== section[key]) fresh[key] = answer
    }
    if (Object.keys(fresh).length === 0) return 0

    const keys: Record<string, string | undefined> = {}
    for (const key of secrets) if (fresh[key] !== undefined) keys[key] = fresh[key]
    // A token belongs to the keys it came with.
    if (keys['aws_access_key_id'] !== undefined && !isTemporary(keys['aws_access_key_id'])) {
      keys['aws_session_token'] = undefined
    }
    if (Object.keys(keys).length > 0) await writeCredentials(files.credentialsPath, profile, keys, context)
    const others = Object.fromEntries(Object.entries(fresh).filter(([key]) => !secrets.includes(key)))
    // Written even where nothing is to be set: the profile is then in both files, as the reference leaves it.
    await writeSection(files.configPath, profileHeader(profile), others)
    return 0
  },
})

function asksForToken(freshKey: string | undefined, token: IniValue | undefined): boolean {
  return freshKey === undefined ? token !== undefined && token !== '' : isTemporary(freshKey)
}

function isTemporary(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA')
}

function shown(key: string, value: IniValue | undefined): string {
  if (value === undefined) return 'None'
  if (typeof value === 'object') return repr(value)
  return secrets.includes(key) ? '*'.repeat(16) + value.slice(-4) : value
}
