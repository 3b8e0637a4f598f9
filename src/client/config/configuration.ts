// Where does the value of a setting come from? Option, then environment, then profile, then the default.

import { Failure } from '../../lib/errors.ts'
import type { IniSection, IniValue } from '../../lib/ini.ts'
import { parseInteger, repr } from '../../lib/python.ts'
import type { Given, Surroundings } from '../settings.ts'
import { readAwsFiles } from './files.ts'
import type { AwsFiles } from './files.ts'
import { settingRow } from './table.ts'

export interface Found {
  readonly value: IniValue
  /** `env`, `config-file`, `shared-credentials-file` as `configure list` names them; `built-in` for a profile without a file. */
  readonly from: 'env' | 'config-file' | 'shared-credentials-file' | 'built-in'
  /** The variable or the path. */
  readonly where: string
}

export interface Configuration {
  readonly files: AwsFiles
  readonly env: Surroundings['env']
  /** 'default' where none was named. */
  readonly profile: string
  /** What named the profile: 'option', the variable, or undefined. */
  readonly profileNamedBy?: string
  /** The profile's keys; undefined for a profile that is not there. */
  readonly section: IniSection | undefined
  readonly builtIn: boolean
  /** A setting by its name in the table, or any other key of the profile; the default is not applied. */
  find(name: string): Found | undefined
  /** The same as text; undefined for a block. The default is applied. */
  text(name: string): string | undefined
  boolean(name: string): boolean
  /** Throws Failure('InvalidValue') with Python's text. */
  integer(name: string): number | undefined
}

/** Reads the files and the environment. A profile that is not there is no error yet: see `requireProfile`. */
export async function readConfiguration(given: Given, surroundings: Surroundings): Promise<Configuration> {
  const { env } = surroundings
  const inFiles = readAwsFiles(surroundings)
  const profileNamedBy =
    given.profile !== undefined
      ? 'option'
      : env['AWS_PROFILE'] !== undefined
        ? 'AWS_PROFILE'
        : env['AWS_DEFAULT_PROFILE'] !== undefined
          ? 'AWS_DEFAULT_PROFILE'
          : undefined
  const profile = given.profile ?? env['AWS_PROFILE'] ?? env['AWS_DEFAULT_PROFILE'] ?? 'default'
  const files = await withBuiltInSource(inFiles, profile, surroundings)
  let section = files.profiles.get(profile)
  let builtIn = false
  if (!section) {
    section = await surroundings.builtInProfiles?.[profile]?.()
    builtIn = section !== undefined
  }

  const find = (name: string): Found | undefined => {
    const row = settingRow(name)
    if (row && !row.together) {
      for (const variable of row.env) {
        const value = env[variable]
        if (value !== undefined && value !== '') return { value, from: 'env', where: variable }
      }
    }
    const value = section && keyIn(section, row ? row.key : name)
    if (value === undefined) return undefined
    if (builtIn) return { value, from: 'built-in', where: profile }
    const credentials = files.credentialsProfiles.get(profile)
    return credentials && keyIn(credentials, row ? row.key : name) !== undefined
      ? { value, from: 'shared-credentials-file', where: files.credentialsPath }
      : { value, from: 'config-file', where: files.configPath }
  }
  const text = (name: string): string | undefined => {
    const value = find(name)?.value ?? settingRow(name)?.default
    return typeof value === 'string' ? value : undefined
  }
  return {
    files,
    env,
    profile,
    profileNamedBy,
    section,
    builtIn,
    find,
    text,
    boolean: (name) => text(name)?.toLowerCase() === 'true',
    integer: (name) => {
      const value = text(name)
      if (value === undefined) return undefined
      const number = parseInteger(value)
      if (number === undefined) {
        throw new Failure('InvalidValue', `invalid literal for int() with base 10: ${repr(value)}`, { setting: name })
      }
      return Number(number)
    },
  }
}

/** What a role is assumed with may be a profile that stands in no file: it is made when a role names it, and not before. */
async function withBuiltInSource(
  files: AwsFiles,
  profile: string,
  { builtInProfiles }: Surroundings,
): Promise<AwsFiles> {
  const visited = new Set<unknown>()
  let source = files.profiles.get(profile)?.['source_profile']
  while (typeof source === 'string' && files.profiles.has(source) && !visited.has(source)) {
    visited.add(source)
    source = files.profiles.get(source)!['source_profile']
  }
  if (typeof source !== 'string' || files.profiles.has(source)) return files
  const section = await builtInProfiles?.[source]?.()
  if (section === undefined) return files
  const withIt = (profiles: AwsFiles['profiles']): AwsFiles['profiles'] => new Map([...profiles, [source, section]])
  return { ...files, profiles: withIt(files.profiles), configProfiles: withIt(files.configProfiles) }
}

/** The profile's keys. Throws Failure('ProfileNotFound') where one was named that is not there. */
export function requireProfile(configuration: Configuration): IniSection {
  if (configuration.section) return configuration.section
  if (configuration.profileNamedBy === undefined) return {}
  throw new Failure('ProfileNotFound', `The config profile (${configuration.profile}) could not be found`, {
    profile: configuration.profile,
    namedBy: configuration.profileNamedBy,
  })
}

export function keyIn(section: IniSection, key: string | undefined): IniValue | undefined {
  if (key === undefined) return undefined
  const dot = key.indexOf('.')
  if (dot < 0) return section[key]
  const block = section[key.slice(0, dot)]
  return typeof block === 'object' ? block[key.slice(dot + 1)] : undefined
}
