// What the files must say of an SSO session before anybody can sign in to it: `sso login` and `configure sso` ask.

import { Failure } from '../lib/errors.ts'
import type { IniSection } from '../lib/ini.ts'
import { textOf } from '../client/credentials/rung.ts'

/** Throws Failure('Configuration') that names what is missing. */
export function requiredSsoKeys(keys: IniSection, advice = ''): { startUrl: string; region: string } {
  const [startUrl, region] = ['sso_start_url', 'sso_region'].map((key) => textOf(keys, key))
  if (startUrl !== undefined && region !== undefined) return { startUrl, region }
  const missing = [startUrl === undefined ? 'sso_start_url' : [], region === undefined ? 'sso_region' : []].flat()
  const text = `Missing the following required SSO configuration values: ${missing.join(', ')}. ${advice}`
  throw new Failure('Configuration', text.trimEnd())
}

/** `a, b` → ['a', 'b'] */
export function scopesIn(text: string): string[] {
  return text.split(',').flatMap((scope) => scope.trim() || [])
}
