// Long-term keys at rest: out of the file and into the keychain of the operating system, behind a credential_process that
// every AWS SDK understands; and back.
//
//   [profile dev]
//   credential_process = /usr/local/bin/virga keys print dev

import { Failure } from '../../../lib/errors.ts'
import type { IniSection } from '../../../lib/ini.ts'
import { quoteWord } from '../../../lib/shlex.ts'
import { profileHeader, writeSection } from '../../../client/config/write.ts'
import type { Configuration } from '../../../client/config/configuration.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { keychainOf } from '../../keychain.ts'
import { commandLine } from '../../self.ts'
import { command } from '../command.ts'

interface Keys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
}

const nameOf = (profile: string): string => `keys ${profile}`
const noKeys = { aws_access_key_id: undefined, aws_secret_access_key: undefined }

export const keysMove = command({
  name: 'keys move',
  help:
    'Moves the long-term keys of a profile from its file to the keychain of this machine, and has every SDK fetch them from ' +
    'there by credential_process.',
  arguments: {},
  run: async (_, context) => {
    const { context: links } = await chainOf(context)
    const { profile, section, configuration } = links
    if (textOf(section, 'credential_process') !== undefined) {
      throw new Failure('InvalidConfig', `The profile ${profile} has a credential_process already`)
    }
    const found = keysIn(configuration, profile)
    const keychain = keychainOf(context.outside)
    const stored = JSON.stringify(found.keys)
    await keychain.set(nameOf(profile), stored)
    if ((await keychain.get(nameOf(profile))) !== stored) {
      throw new Failure('Configuration', 'The keychain does not give back what was put in; the file is as it was')
    }
    // The line before the keys are taken out: at no moment are there none.
    const { configPath } = configuration.files
    const line = commandLine('keys', 'print', profile)
    await writeSection(configPath, profileHeader(profile), { credential_process: line })
    await writeSection(found.path, found.header, noKeys)
    context.write(
      `The keys of the profile ${profile} (${found.keys.AccessKeyId}) are in the keychain.\n` +
        `${configPath}: credential_process = ${line}\nTo undo this: virga keys restore --profile ${quoteWord(profile)}\n`,
    )
    return 0
  },
})

export const keysPrint = command({
  name: 'keys print',
  help: 'Prints keys from the keychain as credential_process wants them.',
  arguments: { name: { positional: true, help: 'The profile they were moved from.' } },
  run: async (given, context) => {
    const keys = await kept(given['name'] as string, context.outside)
    context.write(`${JSON.stringify({ Version: 1, ...keys }, undefined, 2)}\n`)
    return 0
  },
})

export const keysRestore = command({
  name: 'keys restore',
  help: 'Writes keys from the keychain back into the credentials file, and forgets them there.',
  arguments: {},
  run: async (_, context) => {
    const { context: links } = await chainOf(context)
    const { profile, configuration } = links
    const { AccessKeyId, SecretAccessKey } = await kept(profile, context.outside)
    const { credentialsPath, configPath } = configuration.files
    await writeSection(credentialsPath, profile, {
      aws_access_key_id: AccessKeyId,
      aws_secret_access_key: SecretAccessKey,
    })
    await writeSection(configPath, profileHeader(profile), { credential_process: undefined })
    await keychainOf(context.outside).delete(nameOf(profile))
    context.write(`The keys of the profile ${profile} (${AccessKeyId}) are in ${credentialsPath} again.\n`)
    return 0
  },
})

/** Throws Failure('Configuration') where the keychain has none. */
async function kept(profile: string, outside: Parameters<typeof keychainOf>[0]): Promise<Keys> {
  const stored = await keychainOf(outside).get(nameOf(profile))
  if (stored === undefined) throw new Failure('Configuration', `The keychain has no keys of the profile ${profile}`)
  return JSON.parse(stored) as Keys
}

/** Throws Failure('InvalidConfig') where the profile has no long-term keys of its own. */
function keysIn({ files }: Configuration, profile: string): { keys: Keys; path: string; header: string } {
  const places: [IniSection | undefined, string, string][] = [
    [files.credentialsProfiles.get(profile), files.credentialsPath, profile],
    [files.configProfiles.get(profile), files.configPath, profileHeader(profile)],
  ]
  for (const [section = {}, path, header] of places) {
    const AccessKeyId = textOf(section, 'aws_access_key_id')
    const SecretAccessKey = textOf(section, 'aws_secret_access_key')
    if (AccessKeyId === undefined || SecretAccessKey === undefined) continue
    if (section['aws_session_token'] === undefined && section['aws_security_token'] === undefined) {
      return { keys: { AccessKeyId, SecretAccessKey }, path, header }
    }
    throw new Failure(
      'InvalidConfig',
      `The keys of the profile ${profile} are those of a session, which ends by itself`,
    )
  }
  throw new Failure('InvalidConfig', `The profile ${profile} has no long-term keys in a file`)
}
