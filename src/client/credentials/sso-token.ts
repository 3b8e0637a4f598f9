// The access token of an SSO session: `aws sso login` writes it, this reads it and renews it while that can be done
// without a browser. Files: ~/.aws/sso/cache/<sha1 of the session's name, or of the start URL>.json
//   {"startUrl": …, "region": …, "accessToken": …, "expiresAt": "2026-01-02T03:04:05Z", "clientId": …, "refreshToken": …}

import { AwsError, Failure } from '../../lib/errors.ts'
import { repr } from '../../lib/python.ts'
import { dateOf, formatIso8601, parseTimestamp } from '../../lib/time.ts'
import { withLock } from '../../lib/shared-file.ts'
import type { ChainContext } from './rung.ts'
import { cachePath, readJsonFile, writeJsonFile } from './session-cache.ts'

/** A token that ends sooner is renewed. */
const windowMilliseconds = 15 * 60_000

/** The token as it is in the file, renewed or not. Throws Failure('CredentialRetrieval'). */
export function storedToken(context: ChainContext, startUrl: string, session: string | undefined): Record<string, any> {
  const token = readJsonFile(cachePath(context, 'sso/cache', session ?? startUrl))
  if (!token) throw noToken(`Token for ${session ?? startUrl} does not exist`)
  if (token['accessToken'] === undefined || token['expiresAt'] === undefined)
    throw noToken(`Token for ${startUrl} is invalid`)
  return token
}

/** The access token of a profile's sso-session, renewed where it is about to end; undefined where it has none. */
export async function sessionToken(context: ChainContext): Promise<string | undefined> {
  const name = context.section['sso_session']
  if (typeof name !== 'string') return undefined
  const session = context.configuration.files.ssoSessions.get(name)
  if (!session) {
    throw new Failure(
      'InvalidConfig',
      `The profile "${context.profile}" is configured to use the SSO token provider but the "${name}" sso_session configuration does not exist.`,
    )
  }
  const missing = ['sso_start_url', 'sso_region'].filter((key) => session[key] === undefined)
  if (missing.length > 0) {
    throw new Failure(
      'InvalidConfig',
      `The profile "${context.profile}" is configured to use the SSO token provider but is missing the following configuration: ${repr(missing)}.`,
    )
  }
  const startUrl = String(session['sso_start_url'])
  const now = (): number => context.settings.clock().getTime()
  const good = (token: Record<string, any>): boolean => endOf(token) - now() >= windowMilliseconds
  let token = storedToken(context, startUrl, name)
  if (!good(token)) {
    const path = cachePath(context, 'sso/cache', name)
    token = await withLock(path, async () => {
      // Another process may have renewed it while this one waited.
      const again = storedToken(context, startUrl, name)
      if (good(again)) return again
      const renewed = await renew(context, again, startUrl, String(session['sso_region']))
      if (renewed) writeJsonFile(path, renewed)
      return renewed ?? again
    })
  }
  if (endOf(token) > now()) return String(token['accessToken'])
  throw new Failure('CredentialRetrieval', 'Error when retrieving token from sso: Token has expired and refresh failed')
}

/** Undefined where it cannot be renewed without the person. */
async function renew(
  { call, settings }: ChainContext,
  token: Record<string, any>,
  startUrl: string,
  region: string,
): Promise<Record<string, any> | undefined> {
  const needed = ['refreshToken', 'clientId', 'clientSecret', 'registrationExpiresAt']
  const now = settings.clock()
  if (needed.some((key) => token[key] === undefined)) return undefined
  if (timeOf(token['registrationExpiresAt']) <= now.getTime()) return undefined
  try {
    const input = {
      grantType: 'refresh_token',
      clientId: token['clientId'],
      clientSecret: token['clientSecret'],
      refreshToken: token['refreshToken'],
    }
    const answer = (await call('sso-oidc', 'CreateToken', input, { region })) as any
    return {
      startUrl,
      region,
      accessToken: answer.accessToken,
      expiresAt: formatIso8601({ seconds: Math.floor(now.getTime() / 1000) + Number(answer.expiresIn), micros: 0 }),
      clientId: token['clientId'],
      clientSecret: token['clientSecret'],
      registrationExpiresAt: token['registrationExpiresAt'],
      ...(answer.refreshToken === undefined ? {} : { refreshToken: answer.refreshToken }),
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    settings.debug?.(`credentials: sso: the token could not be renewed: ${error.code}`)
    return undefined
  }
}

function endOf(token: Record<string, any>): number {
  return timeOf(token['expiresAt'])
}

export function timeOf(value: unknown): number {
  // Older programs wrote `2026-01-02T03:04:05UTC`.
  return dateOf(parseTimestamp(String(value).replace(/UTC$/, 'Z'))).getTime()
}

function noToken(reason: string): Failure {
  return new Failure('CredentialRetrieval', `Error loading SSO Token: ${reason}`)
}
