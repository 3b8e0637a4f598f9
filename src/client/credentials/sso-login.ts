// Signing in to IAM Identity Center: a token for a person, in a browser on this machine (an authorization code with
// PKCE) or on any other (a device code). The token goes to ~/.aws/sso/cache, where `sso-token.ts` finds it.
// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html

import { AwsError, Failure } from '../../lib/errors.ts'
import { formatIso8601 } from '../../lib/time.ts'
import { resolveEndpoint } from '../endpoint/resolve.ts'
import { sleep } from '../retry.ts'
import { loopback, registeredAddress, tooLate } from './loopback.ts'
import { authorizeUrl, newProof } from './pkce.ts'
import type { ChainContext } from './rung.ts'
import { cachePath, readJsonFile, sortedJson, writeJsonFile } from './session-cache.ts'
import { timeOf } from './sso-token.ts'

export interface SsoLogin {
  readonly startUrl: string
  /** Where a start URL of one's own domain leads. */
  readonly resolvedUrl?: string
  readonly region: string
  /** Undefined for a profile without an sso-session: its token cannot be renewed. */
  readonly session?: string
  readonly scopes?: readonly string[]
  readonly deviceCode: boolean
  /** A token that is still good will do. */
  readonly reuse: boolean
  /** Tells the person where to go. */
  readonly show: (page: Page) => void | Promise<void>
}

export interface Page {
  readonly url: string
  /** With the code filled in. */
  readonly completeUrl: string
  /** To be typed on the page. */
  readonly userCode?: string
  /** The option for those who cannot open a page here. */
  readonly elsewhere?: string
}

type Json = Record<string, any>

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const codeGrants = ['authorization_code', 'refresh_token']
const defaultScopes = ['sso:account:access']
const windowMilliseconds = 15 * 60_000

/** The token as it is in the file. Throws what RegisterClient and CreateToken answer, and Failure('CredentialRetrieval'). */
export async function ssoLogin(context: ChainContext, login: SsoLogin): Promise<Json> {
  const path = cachePath(context, 'sso/cache', login.session ?? login.startUrl)
  if (login.reuse) {
    const stored = readJsonFile(path)
    if (stored?.['accessToken'] !== undefined && stillGood(stored, context)) return stored
  }
  const withBrowser = login.session !== undefined && !login.deviceCode
  const token = withBrowser ? await byBrowser(context, login) : await byDeviceCode(context, login)
  writeJsonFile(path, token)
  return token
}

async function byBrowser(context: ChainContext, login: SsoLogin): Promise<Json> {
  const { region, show, scopes = defaultScopes } = login
  const back = await loopback()
  try {
    const registration = await registered(context, login, {
      grantTypes: codeGrants,
      redirectUris: [registeredAddress],
      issuerUrl: login.resolvedUrl ?? login.startUrl,
      scopes,
    })
    const proof = newProof()
    const state = crypto.randomUUID()
    const url = authorizeUrl(`${await originOf(context, region)}/authorize`, {
      response_type: 'code',
      client_id: registration['clientId'],
      redirect_uri: back.address,
      state,
      code_challenge_method: 'S256',
      scopes: scopes.join(' '),
      code_challenge: proof.challenge,
    })
    await show({ url, completeUrl: url, elsewhere: '--use-device-code' })
    const handed = await back.handed()
    if (handed.code === undefined) throw noCode('Failed to retrieve an authorization code.')
    if (handed.state !== state) throw noCode('State parameter does not match expected value.')
    return await tokenFor(context, login, registration, {
      grantType: 'authorization_code',
      redirectUri: back.address,
      codeVerifier: proof.verifier,
      code: handed.code,
    })
  } finally {
    back.close()
  }
}

async function byDeviceCode(context: ChainContext, login: SsoLogin): Promise<Json> {
  const { startUrl, resolvedUrl, region, scopes, show } = login
  const registration = await registered(context, login, scopes === undefined ? {} : { scopes })
  const { clientId, clientSecret } = registration
  const device = (await context.call(
    'sso-oidc',
    'StartDeviceAuthorization',
    { clientId, clientSecret, startUrl: resolvedUrl ?? startUrl },
    { region },
  )) as Json
  let interval = Number(device['interval'] ?? 5)
  for (let attempt = 0; ; attempt++) {
    try {
      return await tokenFor(context, login, registration, { grantType: deviceGrant, deviceCode: device['deviceCode'] })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (error.code === 'SlowDownException') interval += 5
      else if (error.code !== 'AuthorizationPendingException') throw error
    }
    // Somebody may have said yes before: only someone who has not is shown the page, and is asked for again at once.
    if (attempt > 0) await sleep(interval)
    else {
      await show({
        url: device['verificationUri'],
        completeUrl: device['verificationUriComplete'],
        userCode: device['userCode'],
      })
    }
  }
}

/** This program as Identity Center knows it: registered anew where that has ended, or was for the other way. */
async function registered(context: ChainContext, login: SsoLogin, how: Json): Promise<Json> {
  const { startUrl, region, session, scopes } = login
  const identity = { region, scopes: scopes ?? null, session_name: session ?? null, startUrl, tool: 'botocore' }
  const path = cachePath(context, 'sso/cache', sortedJson(identity))
  const known = readJsonFile(path)
  const forCode = (registration: Json): boolean => registration['grantTypes']?.includes('authorization_code') === true
  if (known && stillGood(known, context) && forCode(known) === forCode(how)) return known
  const name = session ?? Math.floor(context.settings.clock().getTime() / 1000)
  const input = { clientName: `botocore-client-${name}`, clientType: 'public', ...how }
  const answer = (await context.call('sso-oidc', 'RegisterClient', input, { region })) as Json
  const registration = {
    clientId: answer['clientId'],
    clientSecret: answer['clientSecret'],
    expiresAt: formatIso8601({ seconds: Number(answer['clientSecretExpiresAt']), micros: 0 }),
    ...('scopes' in how ? { scopes: how['scopes'] } : {}),
    ...('grantTypes' in how ? { grantTypes: how['grantTypes'] } : {}),
  }
  writeJsonFile(path, registration)
  return registration
}

async function tokenFor(
  { call, settings }: ChainContext,
  { startUrl, region }: SsoLogin,
  { clientId, clientSecret, expiresAt }: Json,
  { grantType, ...proof }: Json,
): Promise<Json> {
  const input = { grantType, clientId, clientSecret, ...proof }
  const answer = (await call('sso-oidc', 'CreateToken', input, { region }).catch((error: unknown) => {
    throw error instanceof AwsError && error.code === 'ExpiredTokenException' ? tooLate() : error
  })) as Json
  const now = Math.floor(settings.clock().getTime() / 1000)
  return {
    startUrl,
    region,
    accessToken: answer['accessToken'],
    expiresAt: formatIso8601({ seconds: now + Number(answer['expiresIn']), micros: 0 }),
    clientId,
    clientSecret,
    registrationExpiresAt: expiresAt,
    ...(answer['refreshToken'] === undefined ? {} : { refreshToken: answer['refreshToken'] }),
  }
}

async function originOf({ settings }: ChainContext, region: string): Promise<string> {
  const operation = await settings.models.operation('sso-oidc', 'RegisterClient')
  const { scheme, host } = await resolveEndpoint(operation, {}, { ...settings, region })
  return `${scheme}://${host}`
}

function stillGood({ expiresAt }: Json, { settings }: ChainContext): boolean {
  return timeOf(expiresAt) - settings.clock().getTime() >= windowMilliseconds
}

function noCode(reason: string): Failure {
  return new Failure('CredentialRetrieval', `Error loading authorization code: ${reason}`)
}
