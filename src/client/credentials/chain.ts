// Whose credentials is a call signed with? The first rung that has some wins. The order is AWS CLI's.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html#configure-precedence

import type { Credentials } from '../../lib/credentials.ts'
import { Failure } from '../../lib/errors.ts'
import type { Given, Settings, Surroundings } from '../settings.ts'
import { fromEnvironment } from './environment.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext, Rung } from './rung.ts'
import { keysIn } from './static-keys.ts'

export const chain: readonly Rung[] = [
  {
    name: 'env',
    skip: ({ useEnvironment, profile }) =>
      useEnvironment ? undefined : `the profile ${profile} was named outright, which sets the environment's keys aside`,
    provide: fromEnvironment,
  },
  {
    name: 'assume-role',
    skip: ({ section }) =>
      section['role_arn'] === undefined
        ? 'the profile has no role_arn'
        : section['web_identity_token_file'] !== undefined
          ? 'the profile has a web_identity_token_file'
          : undefined,
    provide: async (context) => (await import('./assume-role.ts')).fromRole(context),
  },
  {
    name: 'assume-role-with-web-identity',
    skip: ({ section, useEnvironment, surroundings: { env } }) =>
      (textOf(section, 'web_identity_token_file') ?? (useEnvironment ? env['AWS_WEB_IDENTITY_TOKEN_FILE'] : undefined))
        ? undefined
        : 'neither the profile nor the environment names a web identity token file',
    provide: async (context) => (await import('./web-identity.ts')).fromWebIdentity(context),
  },
  {
    name: 'sso',
    skip: ({ section }) =>
      section['sso_account_id'] === undefined && section['sso_role_name'] === undefined
        ? 'the profile has neither sso_account_id nor sso_role_name'
        : undefined,
    provide: async (context) => (await import('./sso.ts')).fromSso(context),
  },
  {
    // Not AWS CLI's: it needs a key of its own in the profile.
    name: 'mfa-session',
    skip: ({ section }) =>
      textOf(section, 'mfa_session')?.toLowerCase() !== 'true'
        ? 'the profile has no mfa_session = true'
        : textOf(section, 'mfa_serial') === undefined
          ? 'the profile has mfa_session, but no mfa_serial'
          : undefined,
    provide: async (context) => (await import('./mfa-session.ts')).fromMfaSession(context),
  },
  {
    name: 'shared-credentials-file',
    skip: never,
    provide: ({ configuration, profile }) =>
      keysIn(configuration.files.credentialsProfiles.get(profile), 'shared-credentials-file'),
  },
  {
    name: 'login',
    skip: needs('login_session'),
    provide: async (context) => (await import('./login-session.ts')).fromLoginSession(context),
  },
  {
    name: 'custom-process',
    skip: needs('credential_process'),
    provide: async (context) => (await import('./process.ts')).fromProcess(context),
  },
  {
    name: 'config-file',
    skip: never,
    provide: ({ configuration, profile, section }) =>
      keysIn(
        configuration.builtIn && profile === configuration.profile
          ? section
          : configuration.files.configProfiles.get(profile),
        'config-file',
      ),
  },
  {
    name: 'container-role',
    skip: ({ surroundings: { env } }) =>
      env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || env['AWS_CONTAINER_CREDENTIALS_FULL_URI']
        ? undefined
        : 'neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set',
    provide: async (context) => (await import('./container.ts')).fromContainer(context),
  },
  {
    name: 'iam-role',
    skip: ({ configuration }) =>
      configuration.boolean('ec2_metadata_disabled') ? 'AWS_EC2_METADATA_DISABLED is true' : undefined,
    provide: async (context) => (await import('./instance-metadata.ts')).fromInstance(context),
  },
]

function never(): undefined {}

function needs(key: string): Rung['skip'] {
  return ({ section }) => (textOf(section, key) === undefined ? `the profile has no ${key}` : undefined)
}

/**
 * The Java SDK's order: the environment, keys first and then its web identity, before anything a profile says. A named
 * profile does not set the environment aside there.
 * https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
 */
export function javaOrder(): Rung[] {
  const order = ['env', 'assume-role-with-web-identity']
  const rank = ({ name }: Rung): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return chain.filter(({ name }) => name !== 'mfa-session').sort((a, b) => rank(a) - rank(b))
}

/** Climbs the chain; undefined where no rung has credentials. */
export async function climb(context: ChainContext, rungs: readonly Rung[] = chain): Promise<Credentials | undefined> {
  for (const rung of rungs) {
    const skipped = rung.skip(context)
    const answer: Answer = skipped ?? (await rung.provide(context))
    if (typeof answer !== 'string') {
      context.settings.debug?.(`credentials: found by ${rung.name} (${answer.accessKeyId})`)
      return answer
    }
    context.settings.debug?.(`credentials: ${rung.name}: ${answer}`)
  }
  return undefined
}

export interface RungReport {
  rung: string
  /** Whether credentials are here; only the first rung that has some is used. */
  found: boolean
  used: boolean
  why: string
  credentials?: Credentials
  /** The chain would have ended here, in this error. */
  failed?: true
  /** It has what it takes, but was not asked: a rung above came first. */
  hidden?: true
}

/**
 * Every rung, with what was looked for and found: for `explain credentials`. Rungs down to the one that ends the climb
 * have been asked; those below only where that takes no request. An error is a reason like any other, and an end.
 */
export async function explainChain(
  given: Given,
  settings: Settings,
  surroundings: Surroundings,
): Promise<RungReport[]> {
  return explainRungs(contextOf(given, settings, surroundings), optionsOf(given))
}

/** The same for a context of one's own. */
export async function explainRungs(context: ChainContext, options?: () => Promise<Credentials>): Promise<RungReport[]> {
  const reports: RungReport[] = []
  if (options) reports.push(reportOf('options', await options(), undefined, 'given outright'))
  const local = ['env', 'shared-credentials-file', 'config-file']
  for (const rung of chain) {
    const end = reports.find(({ used, failed }) => used || failed)
    const skipped = rung.skip(context)
    if (skipped !== undefined) reports.push({ rung: rung.name, found: false, used: false, why: skipped })
    else if (end && !local.includes(rung.name)) reports.push({ rung: rung.name, ...beyond(end), found: false })
    else reports.push(await asked(rung, context, end))
  }
  return reports
}

async function asked(rung: Rung, context: ChainContext, end: RungReport | undefined): Promise<RungReport> {
  try {
    return reportOf(rung.name, await rung.provide(context), end, 'found')
  } catch (error) {
    const why = (error as Error).message
    return { rung: rung.name, found: false, used: false, why, ...(end ? {} : { failed: true as const }) }
  }
}

function reportOf(rung: string, answer: Answer, end: RungReport | undefined, why: string): RungReport {
  if (typeof answer === 'string') return { rung, found: false, used: false, why: answer }
  if (end) return { rung, ...beyond(end), found: true, credentials: answer }
  return { rung, found: true, used: true, why, credentials: answer }
}

function beyond({ rung, failed }: RungReport) {
  const why = failed ? `not reached: the chain ends at ${rung}` : `not reached: ${rung} comes first`
  return { used: false, why, hidden: true as const }
}

/** What `Settings.credentials` is: the chain, climbed once and again when what it found is about to expire. */
export function credentialsFrom(given: Given, settings: Settings, surroundings: Surroundings): Settings['credentials'] {
  if (given.anonymous) return () => Promise.resolve(undefined)
  const rungs = given.chain === 'java' ? javaOrder() : chain
  const find = optionsOf(given) ?? (() => climb(contextOf(given, settings, surroundings), rungs))
  return refreshed(find, settings.clock)
}

/**
 * Asks once for many callers, and anew when the credentials end within `renewSeconds`, 15 minutes as a rule; while they
 * have more than `mustRenewSeconds` left, 10 minutes, a failure to renew them is passed over.
 */
export function refreshed(
  find: () => Promise<Credentials | undefined>,
  clock: () => Date,
  { renewSeconds = 900, mustRenewSeconds = 600 }: { renewSeconds?: number; mustRenewSeconds?: number } = {},
): () => Promise<Credentials | undefined> {
  let held: Credentials | undefined
  let asking: Promise<Credentials | undefined> | undefined
  const secondsLeft = (): number =>
    held?.expiration ? (held.expiration.getTime() - clock().getTime()) / 1000 : Infinity
  return async () => {
    if (held && secondsLeft() > renewSeconds) return held
    const answer = (asking ??= find())
    try {
      held = await answer
    } catch (error) {
      if (!held || secondsLeft() <= mustRenewSeconds) throw error
    } finally {
      if (asking === answer) asking = undefined
    }
    return held
  }
}

function optionsOf({ credentials }: Given): (() => Promise<Credentials>) | undefined {
  if (credentials === undefined) return undefined
  return typeof credentials === 'function' ? credentials : () => Promise.resolve({ source: 'options', ...credentials })
}

/** What cannot be read may be half an answer, with keys in it: only the fact is told. */
function withoutBody(error: unknown): never {
  if (!(error instanceof Failure) || error.kind !== 'UnreadableResponse') throw error
  throw new Failure(error.kind, error.message.split('\n')[0]!)
}

export function contextOf(given: Given, settings: Settings, surroundings: Surroundings): ChainContext {
  const { configuration } = settings
  if (!configuration) throw new Failure('Configuration', 'Settings without a configuration have no credential chain')
  return {
    configuration,
    surroundings,
    given,
    settings,
    profile: configuration.profile,
    section: configuration.section ?? {},
    useEnvironment: given.profile === undefined || given.chain === 'java',
    call: async (service, operation, input, { credentials, region = settings.region }, options) => {
      const { call } = await import('../call.ts')
      const own: Settings = {
        ...settings,
        region,
        anonymous: credentials === undefined,
        credentials: () => Promise.resolve(credentials),
      }
      return call(await settings.models.operation(service, operation), input, own, options).catch(withoutBody)
    },
  }
}
