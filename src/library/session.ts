// What do the clients of one program share? Its settings: read once from environment and files, as the CLI reads them, the
// same credentials for all, and the same connections.

import { Failure } from '../lib/errors.ts'
import { homeOf } from '../lib/home.ts'
import type { HttpResponse } from '../http/message.ts'
import { loadSettings } from '../client/config/load.ts'
import type { Given, Settings, Surroundings } from '../client/settings.ts'
import { userAgent } from '../client/user-agent.ts'
import { theModels } from './models.ts'
import type { CallSettings, ClientSettings } from './types.ts'

/** What a session is made of: what was said, and where it runs. */
export interface Session {
  readonly given: ClientSettings
  readonly surroundings: Surroundings
  /** Of the first client that asked for nothing of its own. */
  shared?: { credentials: Settings['credentials']; bearerToken: Settings['bearerToken'] }
  sharedSend?: Settings['send']
}

export function sessionOf(given: ClientSettings, surroundings: Partial<Surroundings> = {}): Session {
  const { env } = process
  return { given, surroundings: { env, home: homeOf(env), clock: () => new Date(), ...surroundings } }
}

/** Throws Failure('ProfileNotFound' | 'InvalidConfig' | 'InvalidValue' | 'PartialCredentials'). */
export async function settingsFor(session: Session, own: ClientSettings): Promise<Settings> {
  const { surroundings } = session
  const given = { ...session.given, ...defined(own) }
  requireKeys(given.credentials)
  const models = theModels(surroundings.env, surroundings.home)
  const settings = await loadSettings(models, asGiven(given, surroundings), surroundings)
  if (given.useFips !== undefined) settings.useFips = given.useFips
  if (given.useDualstack !== undefined) settings.useDualstack = given.useDualstack
  if (own.verifySsl === undefined && own.caBundle === undefined) settings.send = session.sharedSend ??= settings.send
  if (own.profile === undefined && own.credentials === undefined && own.chain === undefined && !given.anonymous) {
    const { credentials, bearerToken } = settings
    Object.assign(settings, (session.shared ??= { credentials, bearerToken }))
  }
  return settings
}

/** The settings of one call. What it does not say stays as it is. */
export function settingsForCall(settings: Settings, own: CallSettings): Settings {
  const changed: Settings = { ...settings }
  if (own.region !== undefined) changed.region = own.region
  const { endpointUrl, credentials, anonymous } = own
  requireKeys(credentials)
  if (endpointUrl !== undefined) changed.endpointUrl = () => endpointUrl
  if (anonymous !== undefined) changed.anonymous = anonymous
  if (anonymous) changed.credentials = () => Promise.resolve(undefined)
  else if (credentials !== undefined)
    changed.credentials = typeof credentials === 'function' ? credentials : () => Promise.resolve(credentials)
  if (own.maxAttempts !== undefined || own.retryMode !== undefined) {
    const { maxAttempts = settings.retry.maxAttempts, retryMode = settings.retry.mode } = own
    changed.retry = { ...settings.retry, maxAttempts, mode: retryMode, chosen: true }
  }
  if (own.connectTimeout !== undefined) changed.connectTimeout = own.connectTimeout * 1000
  if (own.readTimeout !== undefined) changed.readTimeout = own.readTimeout * 1000
  if (own.debug !== undefined) changed.debug = own.debug
  return changed
}

/** An environment that lacks a variable is what makes them half. Throws Failure('PartialCredentials'). */
function requireKeys(credentials: ClientSettings['credentials']): void {
  if (credentials === undefined || typeof credentials === 'function') return
  const missing = (['accessKeyId', 'secretAccessKey'] as const).find((name) => !credentials[name])
  if (missing !== undefined)
    throw new Failure('PartialCredentials', `The credentials that were given have no ${missing}`)
}

function asGiven({ userAgent: prefix, ...given }: ClientSettings, { env }: Surroundings): Given {
  if (prefix === undefined) return given
  const own = userAgent(env, { retryMode: given.retryMode ?? 'standard' })
  return { ...given, userAgent: `${prefix} ${own}` }
}

function defined<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T
}

export function requestIdIn({ headers }: Pick<HttpResponse, 'headers'>): string | undefined {
  return headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? headers['x-amzn-request-id']
}
