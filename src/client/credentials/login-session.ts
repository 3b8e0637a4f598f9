// Credentials of somebody who signed in with `aws login`: the console's session, kept in ~/.aws/login/cache and renewed by a
// refresh token that is bound to a key of this machine (DPoP).
//   {"accessToken": {"accessKeyId": …, "expiresAt": …}, "clientId": …, "refreshToken": …, "dpopKey": "-----BEGIN EC …"}
// https://datatracker.ietf.org/doc/html/rfc9449

import { join } from 'node:path'
import type { Credentials } from '../../lib/credentials.ts'
import { AwsError, Failure } from '../../lib/errors.ts'
import { sha256Hex } from '../../lib/hash.ts'
import { stringifyCompact } from '../../lib/json.ts'
import { withLock } from '../../lib/shared-file.ts'
import { dateOf, formatIso8601, parseTimestamp } from '../../lib/time.ts'
import { expandPath } from '../config/files.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext } from './rung.ts'
import { readJsonFile, writeJsonFile } from './session-cache.ts'

/** Renewed when they end sooner. */
const windowMilliseconds = 5 * 60_000

/** Throws Failure('CredentialRetrieval'). */
export async function fromLoginSession(context: ChainContext): Promise<Answer> {
  const name = textOf(context.section, 'login_session')!
  const path = loginCachePath(context, name)
  const stored = tokenIn(path, name)
  if (stillGood(stored, context)) return credentialsIn(stored)
  return withLock(path, async () => {
    const again = tokenIn(path, name)
    return stillGood(again, context) ? credentialsIn(again) : renewed(context, path, again)
  })
}

/** The file of a session: ~/.aws/login/cache, or AWS_LOGIN_CACHE_DIRECTORY. */
export function loginCachePath(
  { surroundings: { env, home } }: Pick<ChainContext, 'surroundings'>,
  name: string,
): string {
  const folder = expandPath(env['AWS_LOGIN_CACHE_DIRECTORY'] || '~/.aws/login/cache', env, home)
  return join(folder, `${sha256Hex(name)}.json`)
}

function tokenIn(path: string, name: string): Record<string, any> {
  const token = readJsonFile(path)
  if (!token) {
    throw noToken(
      `Unable to load a existing login session for session ${name}, Please reauthenticate with 'aws login'.`,
    )
  }
  const missing = ['accessToken', 'refreshToken', 'dpopKey', 'clientId'].filter((key) => token[key] === undefined)
  if (missing.length === 0) return token
  throw noToken(`Failed to load access token from token cache, missing required fields: ${missing.join(', ')}.`)
}

function stillGood(token: Record<string, any>, { settings }: ChainContext): boolean {
  const end = dateOf(parseTimestamp(token['accessToken'].expiresAt)).getTime()
  return end - settings.clock().getTime() > windowMilliseconds
}

async function renewed(
  { call, settings }: ChainContext,
  path: string,
  token: Record<string, any>,
): Promise<Credentials> {
  const now = settings.clock()
  const answer = (await call(
    'signin',
    'CreateOAuth2Token',
    { tokenInput: { clientId: token['clientId'], refreshToken: token['refreshToken'], grantType: 'refresh_token' } },
    {},
    { headers: (url) => ({ dpop: dpopProof(token['dpopKey'], url, now) }) },
  ).catch((error) => {
    throw error instanceof AwsError ? explained(error) : error
  })) as any
  const output = answer.tokenOutput
  if (!output) {
    throw noToken(
      "Unable to refresh access token due to an invalid service response. Please try running 'aws login' again. If the issue " +
        'persists, there may be a temporary signin service problem.',
    )
  }
  const fresh = {
    ...token,
    accessToken: {
      accessKeyId: output.accessToken.accessKeyId,
      secretAccessKey: output.accessToken.secretAccessKey,
      sessionToken: output.accessToken.sessionToken,
      accountId: token['accessToken'].accountId,
      expiresAt: formatIso8601({ seconds: Math.floor(now.getTime() / 1000) + Number(output.expiresIn), micros: 0 }),
    },
    refreshToken: output.refreshToken,
  }
  writeJsonFile(path, fresh)
  return credentialsIn(fresh)
}

/** A proof that the refresh token's key is here: a signed JSON web token for one request. */
export function dpopProof(pem: string, url: string, now: Date, id: string = crypto.randomUUID()): string {
  const { createPrivateKey, createPublicKey, sign } = process.getBuiltinModule('node:crypto')
  let key
  try {
    key = createPrivateKey(pem)
  } catch (error) {
    throw noToken('Unable to load private key from cached token.', error)
  }
  const { x, y } = createPublicKey(key).export({ format: 'jwk' })
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', x, y, crv: 'P-256' } }
  const payload = { htm: 'POST', htu: url, iat: Math.floor(now.getTime() / 1000), jti: id }
  const signed = [header, payload].map((part) => Buffer.from(stringifyCompact(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

function credentialsIn(token: Record<string, any>): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, accountId, expiresAt } = token['accessToken']
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    accountId,
    expiration: dateOf(parseTimestamp(expiresAt)),
    source: 'login',
  }
}

/** By the reason the service gives. */
const refusals: Readonly<Record<string, string>> = {
  TOKEN_EXPIRED: "Your session has expired. Please reauthenticate using 'aws login'.",
  USER_CREDENTIALS_CHANGED:
    'Unable to refresh login credentials because of a change in your password. Please reauthenticate with your new ' +
    "password using 'aws login'.",
  INSUFFICIENT_PERMISSIONS:
    'Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission for the ' +
    "'signin:CreateOAuth2Token' action.",
}
const unspecified =
  'An unspecified error happened when resolving AWS credentials or refreshing a login session profile.'

function explained(error: AwsError): Failure {
  const text = refusals[String(error.detail['error'])] ?? unspecified
  return new Failure('CredentialRetrieval', text, { code: error.code }, error)
}

function noToken(reason: string, cause?: unknown): Failure {
  return new Failure('CredentialRetrieval', `Error loading login session token: ${reason}`, {}, cause)
}
