// How do options, environment and files become the settings of a client?

import { Failure } from '../../lib/errors.ts'
import { parseInteger, repr } from '../../lib/python.ts'
import { makeSend } from '../../http/send.ts'
import type { Sending } from '../../http/send.ts'
import { contextOf, credentialsFrom } from '../credentials/chain.ts'
import type { Given, LoadSettings, Settings, Surroundings } from '../settings.ts'
import { userAgent } from '../user-agent.ts'
import { readConfiguration, requireProfile } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import { configuredEndpoint } from './endpoints.ts'
import { settingRow } from './table.ts'

/** Throws Failure('ProfileNotFound' | 'InvalidConfig' | 'InvalidValue'). */
export const loadSettings: LoadSettings = async (models, given, surroundings) => {
  const configuration = await readConfiguration(given, surroundings)
  requireProfile(configuration)
  requireKnownChoices(configuration)
  requireSize(configuration)

  const region = regionOf(given.region ?? configuration.text('region'))
  const retryMode = given.retryMode ?? (configuration.text('retry_mode') as 'standard' | 'adaptive')
  const sending: Sending = {
    env: surroundings.env,
    caBundle: caBundleOf(given, surroundings.env, configuration),
    verifySsl: given.verifySsl,
    doors: surroundings.doors,
  }
  const settings: Settings = {
    models,
    profile: configuration.profile,
    region: region.name,
    credentials: () => Promise.resolve(undefined),
    anonymous: given.anonymous ?? false,
    endpointUrl: (_, serviceId) => given.endpointUrl ?? configuredEndpoint(configuration, serviceId)?.url,
    useFips: region.fips || configuration.boolean('use_fips_endpoint'),
    useDualstack: configuration.boolean('use_dualstack_endpoint'),
    retry: {
      mode: retryMode,
      maxAttempts: maxAttemptsOf(given, configuration),
      chosen: given.maxAttempts !== undefined || configuration.find('max_attempts') !== undefined,
      classic: !configuration.boolean('new_retries_2026'),
      sharedState: configuration.boolean('shared_rate_limit') ? rateLimitsIn(surroundings) : undefined,
    },
    send: makeSend(sending),
    sending,
    clock: surroundings.clock,
    connectTimeout: (given.connectTimeout ?? 60) * 1000,
    readTimeout: (given.readTimeout ?? 60) * 1000,
    userAgent:
      given.userAgent ?? userAgent(surroundings.env, { retryMode, appId: configuration.text('sdk_ua_app_id') }),
    key: (name) => configuration.find(name)?.value,
    debug: given.debug,
    scalars: given.scalars ?? 'native',
    configuration,
  }
  settings.credentials = credentialsFrom(given, settings, surroundings)
  settings.bearerToken = async () => {
    const { sessionToken } = await import('../credentials/sso-token.ts')
    return sessionToken(contextOf(given, settings, surroundings))
  }
  settings.lastRegion = async () => {
    const { instanceRegion } = await import('../credentials/instance-metadata.ts')
    return instanceRegion(settings, surroundings)
  }
  return settings
}

/** `~/.virga/rate-limits`. */
function rateLimitsIn({ env, home }: Surroundings): string {
  return `${env['VIRGA_HOME'] || `${home}/.virga`}/rate-limits`
}

/** `fips-us-east-1` and `us-east-1-fips` are old spellings of a region and a wish. Throws Failure('InvalidConfig'). */
function regionOf(region: string | undefined): { name: string | undefined; fips: boolean } {
  if (region === undefined) return { name: undefined, fips: false }
  const name = region.replaceAll('fips-', '').replaceAll('-fips', '')
  if (!/^(?![0-9]+$)(?!-)[a-zA-Z0-9-]{0,63}(?<!-)$/.test(name)) {
    throw new Failure('InvalidConfig', `Provided region_name '${name}' doesn't match a supported format.`)
  }
  return { name, fips: name !== region }
}

function maxAttemptsOf(given: Given, configuration: Configuration): number {
  const attempts = given.maxAttempts ?? configuration.integer('max_attempts')!
  if (attempts >= 1) return attempts
  throw new Failure(
    'InvalidConfig',
    `Value provided to "max_attempts": ${attempts} must be an integer greater than or equal to one.`,
  )
}

/** Settings that take one of a few words, and those whose number the reference checks, in its own words. */
function requireKnownChoices(configuration: Configuration): void {
  const complaints: Record<string, (value: string, allowed: readonly string[]) => string> = {
    retry_mode: (value) => `Invalid value provided to "mode": "${value}" must be one of: "standard" or "adaptive"`,
    request_checksum_calculation: unsupported('request_checksum_calculation'),
    response_checksum_validation: unsupported('response_checksum_validation'),
    account_id_endpoint_mode: (value, allowed) =>
      `The configured value ${repr(value)} for 'account_id_endpoint_mode' is invalid. Valid values are: (${allowed.map(repr).join(', ')}).`,
  }
  for (const [name, complaint] of Object.entries(complaints)) {
    const value = configuration.find(name)?.value
    const allowed = settingRow(name)!.oneOf!
    if (typeof value === 'string' && !allowed.includes(value.toLowerCase())) {
      throw new Failure('InvalidConfig', complaint(value, allowed), { setting: name })
    }
  }
}

/** Where a request's body begins to be worth compressing. */
function requireSize(configuration: Configuration): void {
  const name = 'request_min_compression_size_bytes'
  const value = configuration.find(name)?.value
  if (typeof value !== 'string') return
  const size = parseInteger(value)
  if (size !== undefined && size >= 1 && size <= 1_048_576) return
  const wanted =
    size === undefined
      ? "Value must be an integer. Received <class 'str'> instead."
      : 'Value must be between 1 and 1048576.'
  throw new Failure('InvalidConfig', `Invalid value "${value}" for ${name}. ${wanted}`, { setting: name })
}

function unsupported(setting: string): (value: string, allowed: readonly string[]) => string {
  return (value, allowed) =>
    `Unsupported configuration value for ${setting}. Expected one of (${allowed.map(repr).join(', ')}) but got ${value}.`
}

/** Throws Failure('InvalidConfig') for a bundle that is named by blanks. */
function caBundleOf(given: Given, env: Surroundings['env'], configuration: Configuration): string | undefined {
  // An empty variable counts here: it is refused, not passed over.
  const bundle = given.caBundle ?? env['AWS_CA_BUNDLE'] ?? configuration.text('ca_bundle') ?? env['REQUESTS_CA_BUNDLE']
  if (given.verifySsl === false || bundle?.trim() !== '') return bundle
  throw new Failure(
    'InvalidConfig',
    'Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) resolved to an ' +
      'empty or whitespace-only string. Provide a valid path to a CA bundle file.',
  )
}
