// `virga whoami`: whose identity is in use, how it was found, how long it lasts, and what may be wrong about it.
//
//   eval "$(virga whoami --profile dev --shell)"     its keys, for programs that know no profiles

import type { Credentials } from '../../../lib/credentials.ts'
import { AwsError, Failure } from '../../../lib/errors.ts'
import { explainRungs } from '../../../client/credentials/chain.ts'
import type { RungReport } from '../../../client/credentials/chain.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import type { Chain } from '../../chain.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { EXIT } from '../../exit-codes.ts'
import { minuteOf, shortKey, timeLeft } from '../../lasting.ts'
import { missingProfile } from '../../missing-profile.ts'
import { cameFrom } from '../../rungs.ts'
import { identityLines, keyVariables, shellArgument } from '../../shells.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { warningsOf } from './warnings.ts'
import type { Warning } from './warnings.ts'

export interface Identity {
  readonly arn?: string
  readonly account?: string
  readonly userId?: string
  /** Why AWS did not say, and the exit code that goes with it. */
  readonly unknown?: string
  readonly exit?: number
}

export const whoami = command({
  name: 'whoami',
  help:
    'Shows whose identity is in use, the rung of the credential chain it came from, whether MFA stands behind it, how long ' +
    'it lasts, and warns of what may be wrong.',
  arguments: {
    shell: shellArgument,
    offline: { flag: true, help: 'Asks nobody: shows what this machine knows.' },
  },
  run: async (given, context) => {
    const chain = await chainOf(context).catch((error: unknown) => spelled(error, context))
    const reports = await explainRungs(chain.context)
    const end = reports.find(({ used, failed }) => used || failed)
    if (end?.credentials === undefined) throw await nobody(end, chain, context)
    const credentials = end.credentials
    if (given['shell'] !== undefined) {
      context.write(identityLines(given['shell'] as string, keyVariables(credentials), context.outside.env))
      return EXIT.ok
    }
    const offline = given['offline'] === true
    const identity = offline ? {} : await identityOf(chain, credentials)
    const warnings = await warningsOf({ chain, reports, end, credentials, identity, offline, context })
    const found = { chain, end, credentials, identity, warnings }
    const { globals } = context
    if (globals.output === undefined && globals.query === undefined) context.write(inWords(found, context))
    else await context.show('Whoami', recordOf(found, context))
    return identity.exit ?? EXIT.ok
  },
})

interface Found {
  readonly chain: Chain
  readonly end: RungReport
  readonly credentials: Credentials
  readonly identity: Identity
  readonly warnings: readonly Warning[]
}

/** Throws the error, and where it is a profile that is missing, with what may have been meant. */
async function spelled(error: unknown, { globals, outside }: Context): Promise<never> {
  if (!(error instanceof Failure) || error.kind !== 'ProfileNotFound') throw error
  const { profile, namedBy, advice } = await missingProfile(globals, outside)
  const message = `The config profile (${profile}), named by ${namedBy}, could not be found. ${advice}`
  throw new Failure('ProfileNotFound', message, { advised: true })
}

/** The chain ended in an error, or found nothing. */
async function nobody(end: RungReport | undefined, chain: Chain, context: Context): Promise<Failure> {
  for (const { text } of await warningsOf({ chain, reports: [], context, identity: {}, offline: true })) {
    context.warn(`! ${text}`)
  }
  return end
    ? new Failure('CredentialRetrieval', `${end.rung}: ${end.why}`)
    : new Failure(
        'NoCredentials',
        'There are no credentials; virga explain credentials shows where they were looked for',
      )
}

async function identityOf({ settings }: Chain, credentials: Credentials): Promise<Identity> {
  try {
    const answer = await callWith(settingsFor(settings, { credentials }), 'sts', 'GetCallerIdentity', {})
    const { Arn, Account, UserId } = answer as Record<string, string>
    return { arn: Arn, account: Account, userId: UserId }
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Failure)) throw error
    const exit = error instanceof AwsError ? EXIT.service : EXIT.other
    return { account: credentials.accountId, unknown: error.message.trim(), exit }
  }
}

type Mfa = 'yes' | 'no' | 'unknown'

/** Only a session can have MFA behind it, and only whoever made it knows. */
function mfaOf({ chain, end, credentials }: Found): Mfa {
  if (end.rung === 'mfa-session') return 'yes'
  if (credentials.sessionToken === undefined) return 'no'
  if (end.rung === 'assume-role') return textOf(chain.context.section, 'mfa_serial') === undefined ? 'unknown' : 'yes'
  return ['container-role', 'iam-role', 'assume-role-with-web-identity'].includes(end.rung) ? 'no' : 'unknown'
}

function recordOf(found: Found, { outside }: Context) {
  const { chain, end, credentials, identity, warnings } = found
  const { expiration, accessKeyId } = credentials
  const left = expiration && Math.floor((expiration.getTime() - outside.clock().getTime()) / 1000)
  return {
    ...(identity.arn === undefined ? {} : { Arn: identity.arn, UserId: identity.userId }),
    Account: identity.account ?? credentials.accountId,
    ...(identity.unknown === undefined ? {} : { Unknown: identity.unknown }),
    Profile: chain.context.profile,
    Source: end.rung,
    AccessKeyId: accessKeyId,
    Mfa: mfaOf(found),
    ...(expiration === undefined ? {} : { Expiration: expiration.toISOString(), SecondsLeft: left }),
    Region: chain.settings.region,
    Warnings: warnings.map(({ kind, text }) => ({ Kind: kind, Text: text })),
  }
}

function inWords(found: Found, { outside }: Context): string {
  const { chain, end, credentials, identity, warnings } = found
  const { profile, configuration } = chain.context
  const { expiration, accessKeyId, sessionToken, accountId } = credentials
  const region = configuration.find('region')
  const rows: [string, string | undefined][] = [
    ['account', identity.account ?? accountId],
    ['from', cameFrom(end.rung, chain.context)],
    ['profile', configuration.profileNamedBy === undefined ? undefined : profile],
    ['key', `${shortKey(accessKeyId)}${sessionToken === undefined ? ', long-term' : ''}`],
    ['mfa', mfaOf(found)],
    [
      'ends',
      expiration
        ? `in ${timeLeft(expiration, outside.clock())} (${minuteOf(expiration)})`
        : sessionToken === undefined
          ? 'never'
          : 'unknown',
    ],
    [
      'region',
      chain.given.region !== undefined
        ? `${chain.given.region} (--region)`
        : region && typeof region.value === 'string'
          ? `${region.value} (${region.where})`
          : 'none',
    ],
  ]
  const head = identity.arn ?? (identity.unknown === undefined ? shortKey(accessKeyId) : `unknown: ${identity.unknown}`)
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : `  ${name.padEnd(8)} ${value}`))
  const notes = warnings.flatMap(({ text }) => ['', `! ${text}`])
  return `${[head, ...lines, ...notes].join('\n')}\n`
}
