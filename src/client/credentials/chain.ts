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
}

/**
 * Every rung, with what was looked for and found: for `explain credentials`. Rungs above the winner have been asked;
 * those below are asked only where that takes no request, and an error is a reason like any other.
 */
export async function explainChain(
  given: Given,
  settings: Settings,
  surroundings: Surroundings,
): Promise<RungReport[]> {
  const context = contextOf(given, settings, surroundings)
  const reports: RungReport[] = []
  const options = optionsOf(given)
  if (options) reports.push(reportOf('options', await options(), false, 'given outright'))
  const local = ['env', 'shared-credentials-file', 'config-file']
  for (const rung of chain) {
    const winner = reports.some((report) => report.used)
    const skipped = rung.skip(context)
    if (skipped !== undefined) reports.push({ rung: rung.name, found: false, used: false, why: skipped })
    else if (winner && !local.includes(rung.name)) {
      reports.push({ rung: rung.name, found: false, used: false, why: 'not asked: a rung above has credentials' })
    } else {
      reports.push(await asked(rung, context, winner))
    }
  }
  return reports
}

async function asked(rung: Rung, context: ChainContext, winner: boolean): Promise<RungReport> {
  try {
    const answer = await rung.provide(context)
    return reportOf(rung.name, answer, winner, winner ? 'hidden by a rung above' : 'found')
  } catch (error) {
    return { rung: rung.name, found: false, used: false, why: (error as Error).message }
  }
}

function reportOf(rung: string, answer: Answer, hidden: boolean, why: string): RungReport {
  if (typeof answer === 'string') return { rung, found: false, used: false, why: answer }
  return { rung, found: true, used: !hidden, why, credentials: answer }
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
    asking ??= find().finally(() => (asking = undefined))
    try {
      held = await asking
    } catch (error) {
      if (!held || secondsLeft() <= mustRenewSeconds) throw error
    }
    return held
  }
}

function optionsOf({ credentials }: Given): (() => Promise<Credentials>) | undefined {
  if (credentials === undefined) return undefined
  return typeof credentials === 'function' ? credentials : () => Promise.resolve({ source: 'options', ...credentials })
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
      return call(await settings.models.operation(service, operation), input, own, options)
    },
  }
}
