// Where was each setting looked for, what was found, and which find counts? For `explain config`.

import type { IniValue } from '../../lib/ini.ts'
import type { Given } from '../settings.ts'
import { keyIn } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import { settingNames, settingRow } from './table.ts'

export interface SettingReport {
  name: string
  /** In the order in which they count; the first with a value is the one in use. */
  sources: SourceReport[]
  /** What is in use; undefined where there is none. */
  value?: string
}

export interface SourceReport {
  from: 'option' | 'env' | 'shared-credentials-file' | 'config-file' | 'built-in' | 'default'
  /** The option, the variable, the file, or the profile. */
  where: string
  /** Undefined: looked for, not there. Secrets show their last four characters. */
  value?: string
  used: boolean
  /** Why a value that is there does not count. */
  why?: string
}

/** One setting, or every one of the table that has a value anywhere. */
export function explainSettings(configuration: Configuration, given: Given, name?: string): SettingReport[] {
  if (name !== undefined) return [reportOf(configuration, given, name)]
  return settingNames()
    .map((each) => reportOf(configuration, given, each))
    .filter(({ value }) => value !== undefined)
}

function reportOf(configuration: Configuration, given: Given, name: string): SettingReport {
  const sources = sourcesOf(configuration, given, name)
  const winner = sources.find(({ value, why }) => value !== undefined && why === undefined)
  for (const source of sources) {
    if (source === winner) source.used = true
    else if (winner && source.value !== undefined) source.why ??= `${winner.where} comes first`
  }
  return { name, sources, value: winner?.value }
}

function sourcesOf(
  { files, env, profile, section, builtIn }: Configuration,
  given: Given,
  name: string,
): SourceReport[] {
  const row = settingRow(name)
  const show = (value: IniValue | undefined): string | undefined =>
    value === undefined ? undefined : shown(name, value)
  const option = {
    region: given.region,
    profile: given.profile,
    endpoint_url: given.endpointUrl,
    ca_bundle: given.caBundle,
  }[name]
  const sources: SourceReport[] = []
  if (option !== undefined) sources.push({ from: 'option', where: 'the option', value: option, used: false })
  for (const variable of row?.env ?? []) {
    const value = env[variable]
    const why =
      value === '' ? 'it is empty' : row!.together && value !== undefined ? 'it counts with its group only' : undefined
    sources.push({ from: 'env', where: variable, value: show(value), used: false, why })
  }
  const key = row ? row.key : name
  if (key !== undefined) {
    if (builtIn)
      sources.push({
        from: 'built-in',
        where: `the profile ${profile}`,
        value: show(keyIn(section!, key)),
        used: false,
      })
    const places = [
      ['shared-credentials-file', files.credentialsPath, files.credentialsProfiles],
      ['config-file', files.configPath, files.configProfiles],
    ] as const
    for (const [from, where, profiles] of places) {
      const keys = profiles.get(profile)
      sources.push({ from, where, value: keys && show(keyIn(keys, key)), used: false })
    }
  }
  if (row?.default !== undefined)
    sources.push({ from: 'default', where: 'the default', value: row.default, used: false })
  return sources
}

function shown(name: string, value: IniValue): string {
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([key, item]) => `${key} = ${item}`)
      .join(', ')
  return /access_key|secret|token$/.test(name) ? '*'.repeat(16) + value.slice(-4) : value
}
