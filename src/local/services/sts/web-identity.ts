// Is this token an identity? From the token of a provider that the role's account knows to the provider's view of its
// bearer. The order of the checks is AWS's as far as its errors tell it.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html

import { AwsError } from '../../../lib/errors.ts'
import type { Actions } from '../../../model/actions.ts'
import type { Context } from '../../../policy/types.ts'
import type { OidcProvider } from '../../accounts/records.ts'
import { isSignedBy, readToken, type Jwk, type WebToken } from '../../accounts/web-tokens.ts'

const invalid = (message: string): AwsError => new AwsError('InvalidIdentityToken', message)
const noKey = (): AwsError =>
  invalid(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  )

/** Providers that need not be made: their names stand in trust policies. */
const wellKnown = ['accounts.google.com', 'cognito-identity.amazonaws.com']

export interface Identity {
  /** As trust policies name it: an ARN, or the name of a provider that everybody knows. */
  readonly provider: string
  readonly subject: string
  readonly audience: string
  readonly claims: Readonly<Record<string, unknown>>
  /** `token.actions.githubusercontent.com` */
  readonly url: string
}

export function parsedToken(text: string): WebToken {
  const token = readToken(text)
  if (!token || typeof token.claims['iss'] !== 'string')
    throw invalid('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)')
  return token
}

/** The provider that the token says it is from; throws when the account knows none of that name. */
export function providerOf(token: WebToken, known: readonly OidcProvider[]): { url: string; known?: OidcProvider } {
  const issuer = token.claims['iss'] as string
  const url = issuer.replace(/^https:\/\//, '').replace(/\/+$/, '')
  const provider = known.find((each) => each.url === url)
  if (!provider && !wellKnown.includes(url))
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  return { url, known: provider }
}

/** Throws unless the token is signed by one of the keys, in time, and for one of the provider's clients. */
export function provenIdentity(
  token: WebToken,
  { url, known }: { url: string; known?: OidcProvider },
  keys: readonly Jwk[],
  now: Date,
): Identity {
  const signed = isSignedBy(token, keys)
  if (signed === undefined) throw noKey()
  if (!signed)
    throw invalid(
      'The web identity token that was passed could not be validated. Get a new one from the identity provider.',
    )
  const { claims } = token
  const seconds = Math.floor(now.getTime() / 1000)
  const expires = numberIn(claims, 'exp')
  numberIn(claims, 'iat')
  if (expires <= seconds)
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${expires}`,
    )
  if (typeof claims['nbf'] === 'number' && claims['nbf'] > seconds + 300) throw invalid('Token is not valid yet')
  const subject = claims['sub']
  if (typeof subject !== 'string' || subject === '') throw invalid('Missing a required claim: sub')
  const audiences = [claims['azp'] ?? claims['aud'] ?? []].flat().filter((each) => typeof each === 'string')
  if (audiences.length === 0) throw invalid('Missing a required claim: aud')
  const audience = known ? audiences.find((each) => known.clients.includes(each)) : audiences[0]
  if (audience === undefined) throw invalid('Incorrect token audience')
  return { provider: known?.arn ?? url, subject, audience, claims, url }
}

function numberIn(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claims[name]
  if (typeof value !== 'number') throw invalid(`Missing a required claim: ${name}`)
  return value
}

/** The keys of a provider by its discovery document. https://openid.net/specs/openid-connect-discovery-1_0.html */
export async function keysOfProvider(url: string): Promise<Jwk[]> {
  try {
    const { jwks_uri: address } = (await json(`https://${url}/.well-known/openid-configuration`)) as {
      jwks_uri: string
    }
    if (!address.startsWith('https://')) throw noKey()
    return ((await json(address)) as { keys: Jwk[] }).keys.slice(0, 100)
  } catch {
    throw noKey()
  }
}

async function json(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'error' })
  if (!response.ok) throw noKey()
  return response.json()
}

/**
 * The condition keys of an identity: audience and subject, and which of the provider's own claims the service
 * authorization data names (`token.actions.githubusercontent.com:ref`).
 */
export async function identityKeys(identity: Identity, actions: Actions): Promise<Record<string, string | string[]>> {
  const { url, claims } = identity
  const reference = await actions.service('sts')
  const patterns = (reference?.action('AssumeRoleWithWebIdentity')?.conditionKeys ?? []).map(
    (key) =>
      new RegExp(
        `^${key
          .split(/\$\{\w+\}/)
          .map(escaped)
          .join('[^:/]+')}$`,
        'i',
      ),
  )
  const keys: Record<string, string | string[]> = {
    [`${url}:aud`]: identity.audience,
    [`${url}:sub`]: identity.subject,
  }
  if (claims['azp'] !== undefined && typeof claims['aud'] === 'string') keys[`${url}:oaud`] = claims['aud']
  for (const [name, value] of Object.entries(claims)) {
    const key = `${url}:${name}`
    const isKnown = name === 'amr' || name === 'email' || patterns.some((pattern) => pattern.test(key))
    if (isKnown && keys[key] === undefined) keys[key] = Array.isArray(value) ? value.map(String) : String(value)
  }
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]))
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Of these providers, a role's session keeps audience and subject. */
export function lastingKeys({ url, provider }: Identity, keys: Context): Record<string, string | readonly string[]> {
  const lasting = wellKnown.includes(url)
    ? Object.entries(keys).filter(([key]) => /:(aud|sub|amr|oaud)$/.test(key))
    : []
  return { 'aws:federatedprovider': provider, ...Object.fromEntries(lasting) }
}

/** Tags and source identity that the provider puts on the session. */
export function claimedSession({ claims }: Identity): {
  Tags?: { Key: string; Value: string }[]
  TransitiveTagKeys?: string[]
  SourceIdentity?: string
} {
  const tags = claims['https://aws.amazon.com/tags'] as
    | { principal_tags?: Record<string, string[]>; transitive_tag_keys?: string[] }
    | undefined
  const source = claims['https://aws.amazon.com/source_identity']
  return {
    Tags: Object.entries(tags?.principal_tags ?? {}).map(([Key, values]) => ({
      Key,
      Value: String([values].flat()[0]),
    })),
    TransitiveTagKeys: tags?.transitive_tag_keys,
    SourceIdentity: typeof source === 'string' ? source : undefined,
  }
}
