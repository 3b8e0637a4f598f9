// Signing in with what one uses in the console: a page of AWS hands out a code, which is exchanged for keys and a token
// that renews them, bound to a key of this machine (DPoP). `login-session.ts` uses and renews what is stored here.
// https://datatracker.ietf.org/doc/html/rfc9449

import { AwsError, Failure } from '../../lib/errors.ts'
import { formatIso8601 } from '../../lib/time.ts'
import { resolveEndpoint } from '../endpoint/resolve.ts'
import { dpopProof } from './login-session.ts'
import { loopback } from './loopback.ts'
import { authorizeUrl, newProof } from './pkce.ts'
import type { Proof } from './pkce.ts'
import type { ChainContext } from './rung.ts'
import type { Page } from './sso-login.ts'

export interface ConsoleLogin {
  readonly region: string
  readonly show: (page: Page) => void | Promise<void>
  /** Asks for the code that the page shows. Undefined: the page is open on this machine and hands it back itself. */
  readonly askForCode?: () => Promise<string>
}

export interface ConsoleSession {
  /** Who signed in: an ARN. */
  readonly name: string
  /** As it is stored. */
  readonly token: Record<string, unknown>
}

interface Redeemed {
  readonly clientId: string
  readonly code: string
  readonly redirectUri: string
  readonly proof: Proof
}

/** Throws Failure('CredentialRetrieval' | 'InvalidValue'), and what CreateOAuth2Token answers. */
export async function consoleLogin(context: ChainContext, login: ConsoleLogin): Promise<ConsoleSession> {
  return login.askForCode ? onAnotherMachine(context, login, login.askForCode) : onThisMachine(context, login)
}

async function onThisMachine(context: ChainContext, login: ConsoleLogin): Promise<ConsoleSession> {
  const clientId = 'arn:aws:signin:::devtools/same-device'
  const back = await loopback()
  try {
    const asked = await question(context, login, clientId, back.address)
    await login.show({ url: asked.url, completeUrl: asked.url, elsewhere: '--remote' })
    const { code, state } = await back.handed()
    requireState(code, state, asked.state)
    return await redeemed(context, login, { clientId, code: code!, redirectUri: back.address, proof: asked.proof })
  } finally {
    back.close()
  }
}

async function onAnotherMachine(
  context: ChainContext,
  login: ConsoleLogin,
  askForCode: () => Promise<string>,
): Promise<ConsoleSession> {
  const clientId = 'arn:aws:signin:::devtools/cross-device'
  const redirectUri = `${await originOf(context, login.region)}/v1/sessions/confirmation`
  const asked = await question(context, login, clientId, redirectUri)
  await login.show({ url: asked.url, completeUrl: asked.url })
  const { code, state } = shownCode(await askForCode())
  requireState(code, state, asked.state)
  return redeemed(context, login, { clientId, code, redirectUri, proof: asked.proof })
}

async function question(context: ChainContext, { region }: ConsoleLogin, clientId: string, redirectUri: string) {
  const proof = newProof()
  const state = crypto.randomUUID()
  const url = authorizeUrl(`${await originOf(context, region)}/v1/authorize`, {
    response_type: 'code',
    client_id: clientId,
    state,
    code_challenge_method: 'SHA-256',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: proof.challenge,
  })
  return { url, proof, state }
}

/** What the page shows is base64 of `state=…&code=…`. */
function shownCode(shown: string): { code: string; state: string } {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(shown) || shown.replace(/\s/g, '').length % 4 !== 0) {
    throw new Failure('InvalidValue', 'Failed to decode the verification code.')
  }
  const parts = new URLSearchParams(Buffer.from(shown, 'base64').toString())
  const [code, state] = [parts.get('code'), parts.get('state')]
  if (code && state) return { code, state }
  throw new Failure('InvalidValue', 'Failed to retrieve an auth_code or state from the verification code')
}

function requireState(code: string | undefined, state: string | undefined, expected: string): void {
  if (code === undefined) throw noCode('Failed to retrieve an authorization code.')
  if (state !== expected) throw noCode(`State parameter ${state} does not match expected value ${expected}.`)
}

async function redeemed(
  { call, settings }: ChainContext,
  { region }: ConsoleLogin,
  { clientId, code, redirectUri, proof }: Redeemed,
): Promise<ConsoleSession> {
  const now = settings.clock()
  const dpopKey = newKey()
  const tokenInput = { clientId, grantType: 'authorization_code', code, codeVerifier: proof.verifier, redirectUri }
  const answer = (await call(
    'signin',
    'CreateOAuth2Token',
    { tokenInput },
    { region },
    { headers: (url) => ({ dpop: dpopProof(dpopKey, url, now) }) },
  ).catch((error: unknown) => {
    throw error instanceof AwsError ? explained(error) : error
  })) as any
  const output = answer.tokenOutput
  if (!output) throw noCode('Failed to retrieve an access token.')
  const name = subjectOf(output.idToken)
  const { accessKeyId, secretAccessKey, sessionToken } = output.accessToken
  return {
    name,
    token: {
      accessToken: {
        accessKeyId,
        secretAccessKey,
        sessionToken,
        accountId: accountOf(name),
        expiresAt: formatIso8601({ seconds: Math.floor(now.getTime() / 1000) + Number(output.expiresIn), micros: 0 }),
      },
      tokenType: output.tokenType,
      clientId,
      refreshToken: output.refreshToken,
      idToken: output.idToken,
      dpopKey,
    },
  }
}

/** A new P-256 key as PEM, in the form the reference stores. */
function newKey(): string {
  const { generateKeyPairSync } = process.getBuiltinModule('node:crypto')
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }) as string
}

/** The token comes straight from its issuer over TLS: what is inside is read, not verified. */
function subjectOf(idToken: string): string {
  const [, payload, signature] = idToken.split('.')
  if (payload === undefined || signature === undefined) {
    throw new Failure('InvalidValue', 'Invalid JWT token - cannot extract payload')
  }
  const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: string }
  if (sub === undefined) throw new Failure('InvalidValue', 'Invalid JWT token - missing sub')
  return sub
}

function accountOf(arn: string): string {
  const parts = arn.split(':')
  if (parts.length >= 6) return parts[4]!
  throw new Failure(
    'InvalidValue',
    `Provided ARN: ${arn} must be of the format: arn:partition:service:region:account:resource`,
  )
}

function explained(error: AwsError): Error {
  if (error.code !== 'AccessDeniedException') return error
  switch (error.detail['error']) {
    case 'AUTHCODE_EXPIRED':
      return noCode(
        "Unable to complete the login process due to an expired authorization code. Please reauthenticate using 'aws login'.",
      )
    case 'INSUFFICIENT_PERMISSIONS':
      return new Failure(
        'CredentialRetrieval',
        'Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission for the ' +
          "'signin:CreateOAuth2Token' action.",
      )
    default:
      return error
  }
}

async function originOf({ settings }: ChainContext, region: string): Promise<string> {
  const operation = await settings.models.operation('signin', 'CreateOAuth2Token')
  const { scheme, host } = await resolveEndpoint(operation, {}, { ...settings, region })
  return `${scheme}://${host}`
}

function noCode(reason: string): Failure {
  return new Failure('CredentialRetrieval', `Error loading or redeeming a login authorization code: ${reason}`)
}
