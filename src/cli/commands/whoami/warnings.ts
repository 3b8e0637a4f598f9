// What may be wrong about an identity, though it works? One function a worry; each answers in a sentence, or not at all.

import { statSync } from 'node:fs'
import type { Credentials } from '../../../lib/credentials.ts'
import { parseIni } from '../../../lib/ini.ts'
import type { IniSection } from '../../../lib/ini.ts'
import { readText } from '../../../lib/shared-file.ts'
import { splitWords } from '../../../lib/shlex.ts'
import { dateOf, parseTimestamp } from '../../../lib/time.ts'
import type { Timestamp } from '../../../lib/time.ts'
import { settingNames } from '../../../client/config/table.ts'
import type { RungReport } from '../../../client/credentials/chain.ts'
import { instanceRole } from '../../../client/credentials/instance-metadata.ts'
import { readJsonFile, cachePath } from '../../../client/credentials/session-cache.ts'
import { timeOf } from '../../../client/credentials/sso-token.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import type { Chain } from '../../chain.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { closeMatches } from '../../close-matches.ts'
import { minuteOf } from '../../lasting.ts'
import { cameFrom } from '../../rungs.ts'
import type { Context } from '../command.ts'

export interface Warning {
  readonly kind:
    | 'KeysHideRole'
    | 'KeysHideProfile'
    | 'FileReadableByOthers'
    | 'SessionEnded'
    | 'ProfileTwice'
    | 'NoProfile'
    | 'Misspelt'
    | 'OldKey'
    | 'RootUser'
  readonly text: string
}

export interface Situation {
  readonly chain: Chain
  readonly reports: readonly RungReport[]
  /** Where the climb ended, and with what. */
  readonly end?: RungReport
  readonly credentials?: Credentials
  readonly identity: { readonly arn?: string; readonly userId?: string }
  readonly offline: boolean
  readonly context: Context
}

type Worry = (situation: Situation) => Warning[] | Promise<Warning[]>

/** In the order of their weight. */
const worries: readonly Worry[] = [
  keysHideRole,
  keysHideProfile,
  rootUser,
  sessionsEnded,
  readableByOthers,
  profilesTwice,
  misspelt,
  oldKey,
]

export async function warningsOf(situation: Situation): Promise<Warning[]> {
  const found: Warning[] = []
  for (const worry of worries) found.push(...(await worry(situation)))
  return found
}

/** Long-term keys in the environment before a role that was given to this machine or profile. */
async function keysHideRole({ chain, reports, end, credentials, offline }: Situation): Promise<Warning[]> {
  if (end?.rung !== 'env' || credentials?.sessionToken !== undefined) return []
  const roles = ['assume-role', 'assume-role-with-web-identity', 'sso', 'mfa-session', 'login', 'container-role']
  const hidden = reports
    .filter(({ rung, hidden }) => hidden && roles.includes(rung))
    .map(({ rung }) => cameFrom(rung, chain.context))
  const role = offline ? undefined : await instanceRole(chain.context)
  if (role !== undefined) hidden.push(`the role ${role} of this instance`)
  if (hidden.length === 0) return []
  const text =
    `The long-term key in the environment (AWS_ACCESS_KEY_ID) hides ${hidden.join(' and ')}, which would be used without it. ` +
    'To use that: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY'
  return [{ kind: 'KeysHideRole', text }]
}

/** AWS_PROFILE does not outrank keys in the environment, as --profile does. */
function keysHideProfile({ chain, end }: Situation): Warning[] {
  const { profileNamedBy, profile } = chain.context.configuration
  if (end?.rung !== 'env' || profileNamedBy === undefined || profileNamedBy === 'option') return []
  const text = `${profileNamedBy} names the profile ${profile}, but the keys in the environment come first: its keys are not used.`
  return [{ kind: 'KeysHideProfile', text }]
}

function rootUser({ identity }: Situation): Warning[] {
  if (identity.arn === undefined || !/^arn:[^:]*:iam::\d+:root$/.test(identity.arn)) return []
  return [
    { kind: 'RootUser', text: 'These are keys of the root user, whom no policy limits. AWS advises to delete them.' },
  ]
}

/** Sessions of this profile that have ended, wherever they are kept. */
function sessionsEnded({ chain, context }: Situation): Warning[] {
  const { section, profile, configuration } = chain.context
  const now = context.outside.clock()
  const ended = (what: string, at: Date): Warning[] =>
    at < now ? [{ kind: 'SessionEnded', text: `${what} ended at ${minuteOf(at)}.` }] : []
  const written = ['aws_session_expiration', 'x_security_token_expires', 'aws_expiration', 'expiration']
    .map((key) => textOf(section, key))
    .find((value) => value !== undefined)
  const at = written === undefined ? undefined : dateIn(written)
  const found = at ? ended(`The session in the profile ${profile}`, at) : []
  const session = textOf(section, 'sso_session') ?? textOf(section, 'sso_start_url')
  const token = session === undefined ? undefined : readJsonFile(cachePath(chain.context, 'sso/cache', session))
  if (token?.['expiresAt'] !== undefined && token['refreshToken'] === undefined) {
    found.push(...ended(`The token of ${session} (virga sso login)`, new Date(timeOf(token['expiresAt']))))
  }
  const variable = configuration.env['AWS_CREDENTIAL_EXPIRATION']
  const ofEnvironment = variable === undefined ? undefined : dateIn(variable)
  if (ofEnvironment) found.push(...ended('The session in the environment (AWS_CREDENTIAL_EXPIRATION)', ofEnvironment))
  return found
}

function dateIn(text: string): Date | undefined {
  try {
    return dateOf(parseTimestamp(text))
  } catch {
    return undefined
  }
}

function readableByOthers({ chain }: Situation): Warning[] {
  const { credentialsPath, configPath, configProfiles } = chain.context.configuration.files
  const secretive = [...configProfiles.values()].some((keys) => keys['aws_secret_access_key'] !== undefined)
  return [credentialsPath, ...(secretive ? [configPath] : [])].flatMap((path) => {
    const mode = modeOf(path)
    if (process.platform === 'win32' || mode === undefined || (mode & 0o077) === 0) return []
    const text = `${path} can be read by others (mode ${mode.toString(8)}). To change that: chmod 600 ${path}`
    return [{ kind: 'FileReadableByOthers', text } as const]
  })
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o777
  } catch {
    return undefined
  }
}

/** [profile a] beside [profile "a"]: the later one replaces the other. And sections that lack the word `profile`. */
function profilesTwice({ chain }: Situation): Warning[] {
  const { files } = chain.context.configuration
  const text = readText(files.configPath)
  if (text === undefined) return []
  const seen = new Map<string, string>()
  const found: Warning[] = []
  for (const header of parseIni(text).keys()) {
    const [kind, name] = header === 'default' ? ['profile', 'default'] : wordsOf(header)
    if (kind === 'profile' && name !== undefined) {
      const before = seen.get(name)
      if (before !== undefined) {
        const both = `The profile ${name} stands twice in ${files.configPath}, as [${before}] and [${header}]: the second counts.`
        found.push({ kind: 'ProfileTwice', text: both })
      }
      seen.set(name, header)
    } else if (name === undefined && looksLikeProfile(files.others.get(header))) {
      const lacking = `[${header}] in ${files.configPath} is no profile: it must be [profile ${header}].`
      found.push({ kind: 'NoProfile', text: lacking })
    }
  }
  return found
}

function wordsOf(header: string): string[] {
  try {
    return splitWords(header)
  } catch {
    return []
  }
}

function looksLikeProfile(section: IniSection | undefined): boolean {
  return section !== undefined && Object.keys(section).some((key) => knownKeys().includes(key))
}

function knownKeys(): string[] {
  const own = ['mfa_session', 'mfa_process', 'sso_registration_scopes', 'source_profile', 'aws_account_id']
  return [...settingNames().filter((name) => !name.includes('.')), ...own]
}

/** A key of the profile that no program reads, and that is nearly one that they do. */
function misspelt({ chain }: Situation): Warning[] {
  const { section, profile } = chain.context
  const known = knownKeys()
  return Object.keys(section).flatMap((key) => {
    if (known.includes(key) || typeof section[key] === 'object') return []
    const [meant] = closeMatches(key, known)
    return meant === undefined
      ? []
      : [
          {
            kind: 'Misspelt',
            text: `The profile ${profile} has ${key}, which nobody reads: maybe ${meant} is meant.`,
          } as const,
        ]
  })
}

const oldDays = 90

/** Where IAM says when the key was made. */
async function oldKey({ chain, credentials, identity, offline, context }: Situation): Promise<Warning[]> {
  if (offline || credentials === undefined || credentials.sessionToken !== undefined) return []
  if (identity.arn === undefined || !identity.arn.includes(':user/')) return []
  const answer = await callWith(settingsFor(chain.settings, { credentials }), 'iam', 'ListAccessKeys', {}).catch(
    () => undefined,
  )
  const keys = (answer?.['AccessKeyMetadata'] ?? []) as { AccessKeyId: string; CreateDate: Timestamp }[]
  const own = keys.find(({ AccessKeyId }) => AccessKeyId === credentials.accessKeyId)
  if (!own) return []
  const days = Math.floor(
    (context.outside.clock().getTime() - dateOf(parseTimestamp(own.CreateDate)).getTime()) / 86_400_000,
  )
  if (days <= oldDays) return []
  const text = `The key ${credentials.accessKeyId} is ${days} days old; AWS advises to change keys every ${oldDays} days.`
  return [{ kind: 'OldKey', text }]
}
