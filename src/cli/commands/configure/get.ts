// `configure get NAME`: the value of one key, as the files have it: no variable and no default counts.
//
//   region   s3.addressing_style   default.region   dev.region   profile.dev.s3.addressing_style   plugins.x
//   --sso-session corp sso_region  --services sv s3.endpoint_url

import { Failure } from '../../../lib/errors.ts'
import type { IniSection, IniValue } from '../../../lib/ini.ts'
import { requireProfile } from '../../../client/config/configuration.ts'
import type { Configuration } from '../../../client/config/configuration.ts'
import { command } from '../command.ts'
import { configurationOf } from './files.ts'
import { subsectionArguments, subsectionIn } from './subsections.ts'

export const get = command({
  name: 'configure get',
  help: 'Get a configuration value from the config file.',
  arguments: {
    varname: { positional: true, required: true, help: 'The name of the config value to retrieve.' },
    ...subsectionArguments('The name of the sub-section from which to retrieve a value.'),
  },
  run: async (given, context) => {
    const name = given['varname'] as string
    const subsection = subsectionIn(given)
    const configuration = await configurationOf(context)
    const value = subsection
      ? inSubsection(configuration, subsection, name)
      : name.includes('.')
        ? dotted(configuration, name)
        : requireProfile(configuration)[name]
    if (typeof value === 'string') {
      context.write(`${value}\n`)
      return 0
    }
    if (value !== undefined) {
      context.outside.stderr.write(`varname (${name}) must reference a value, not a section or sub-section.`)
    }
    return 1
  },
})

function dotted({ files, profile }: Configuration, name: string): IniValue | undefined {
  const words = name.split('.')
  if (words.length === 2 && words[0] === 'plugins') {
    return files.others.get('plugins')?.[words[1]!] ?? files.profiles.get('plugins')?.[words[1]!]
  }
  const [owner, rest] =
    words[0] === 'profile'
      ? [words[1]!, words.slice(2)]
      : words[0] === 'default' || files.profiles.has(words[0]!)
        ? [words[0]!, words.slice(1)]
        : [profile, words]
  if (rest.length === 0) throw new Failure('InvalidValue', `${name} names a profile, but no key of it`)
  return nested(files.profiles.get(owner), rest)
}

function inSubsection(
  { files }: Configuration,
  { kind, name }: { kind: string; name: string },
  key: string,
): IniValue | undefined {
  const section = (kind === 'services' ? files.services : files.ssoSessions).get(name)
  if (!section) throw new Failure('InvalidConfig', `The config sub-section (${name}) could not be found`)
  const words = key.split('.')
  return words.length > 2 ? undefined : nested(section, words)
}

function nested(section: IniSection | undefined, [key, inner, ...more]: readonly string[]): IniValue | undefined {
  const value = section?.[key!]
  if (inner === undefined || more.length > 0) return value
  return typeof value === 'object' ? value[inner] : undefined
}
