// What do the two files of ~/.aws say, and which profiles are there?
//
// `config` names its sections by kind: [default], [profile dev], [sso-session s], [services s]. `credentials` holds
// profiles only, by their bare name. A profile in both is merged key by key, and the credentials file wins: even
// for `region` or `role_arn`, as in the reference.

import { join } from '../../lib/path.ts'
import { text } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { readIfThere } from '../../lib/files.ts'
import { parseIni } from '../../lib/ini.ts'
import type { IniSection } from '../../lib/ini.ts'
import { splitWords } from '../../lib/shlex.ts'
import type { Surroundings } from '../settings.ts'

export interface AwsFiles {
  readonly configPath: string
  readonly credentialsPath: string
  /** Every profile, merged. */
  readonly profiles: ReadonlyMap<string, IniSection>
  /** The profiles as each file has them. */
  readonly configProfiles: ReadonlyMap<string, IniSection>
  readonly credentialsProfiles: ReadonlyMap<string, IniSection>
  readonly ssoSessions: ReadonlyMap<string, IniSection>
  readonly services: ReadonlyMap<string, IniSection>
  /** Sections of the config file that are none of these, by header: `plugins`. */
  readonly others: ReadonlyMap<string, IniSection>
}

/** Throws Failure('InvalidConfig') for a file that cannot be parsed. A file that is not there is empty. */
export function readAwsFiles({ env, home }: Pick<Surroundings, 'env' | 'home'>): AwsFiles {
  const configPath = expandPath(env['AWS_CONFIG_FILE'] ?? '~/.aws/config', env, home)
  const credentialsPath = expandPath(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '~/.aws/credentials', env, home)
  const kinds = sortedByKind(readIni(configPath))
  const credentialsProfiles = readIni(credentialsPath)
  const profiles = new Map(kinds.configProfiles)
  for (const [name, keys] of credentialsProfiles) {
    profiles.set(name, Object.assign(Object.create(null), profiles.get(name), keys))
  }
  return { configPath, credentialsPath, profiles, credentialsProfiles, ...kinds }
}

/** `$VAR`, `${VAR}` and a leading `~` expanded, as Python's expandvars and expanduser do. */
export function expandPath(path: string, env: Surroundings['env'], home: string): string {
  const expanded = path.includes('$') ? expandVariables(path, env) : path
  if (expanded === '~') return home
  return expanded.startsWith('~/') || expanded.startsWith('~\\') ? join(home, expanded.slice(2)) : expanded
}

function expandVariables(path: string, env: Surroundings['env']): string {
  return path.replace(/\$(\w+|\{[^}]*\})/g, (whole, name: string) => {
    return env[name.startsWith('{') ? name.slice(1, -1) : name] ?? whole
  })
}

function readIni(path: string): Map<string, IniSection> {
  const bytes = readIfThere(path)
  if (bytes === undefined) return new Map()
  try {
    return parseIni(text(bytes))
  } catch (cause) {
    const { line, message: reason } = cause as { line?: number; message: string }
    throw new Failure('InvalidConfig', `Unable to parse config file: ${path}`, { path, line, reason }, cause)
  }
}

function sortedByKind(sections: Map<string, IniSection>) {
  const configProfiles = new Map<string, IniSection>()
  const ssoSessions = new Map<string, IniSection>()
  const services = new Map<string, IniSection>()
  const others = new Map<string, IniSection>()
  for (const [header, keys] of sections) {
    if (header === 'default') {
      configProfiles.set(header, keys)
      continue
    }
    const kind = header.startsWith('profile')
      ? configProfiles
      : header.startsWith('sso-session')
        ? ssoSessions
        : header.startsWith('services')
          ? services
          : undefined
    if (!kind) others.set(header, keys)
    else {
      const name = nameIn(header)
      if (name !== undefined) kind.set(name, keys)
    }
  }
  return { configProfiles, ssoSessions, services, others }
}

/** The name in `profile "a b"`: undefined unless the header is two words. */
function nameIn(header: string): string | undefined {
  try {
    const words = splitWords(header)
    return words.length === 2 ? words[1] : undefined
  } catch {
    return undefined
  }
}
