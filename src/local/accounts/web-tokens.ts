// What are this world's own web identity tokens? JSON Web Tokens signed with keys that the store keeps: those of
// GetWebIdentityToken, and those that `virga local issuer token` makes for any issuer, to try AssumeRoleWithWebIdentity on.
// https://www.rfc-editor.org/rfc/rfc7515, https://www.rfc-editor.org/rfc/rfc7518

import { fromBase64, text, toBase64Url, utf8 } from '../../lib/bytes.ts'
import { hashHex } from '../../lib/hash.ts'
import type { Rows } from '../store/store.ts'

export type Jwk = Readonly<Record<string, unknown>> & { readonly kid?: string; readonly kty?: string }

type Crypto = typeof import('node:crypto')
const crypto = (): Crypto => process.getBuiltinModule('node:crypto')

interface Algorithm {
  readonly digest: string
  readonly type: 'RSA' | 'EC'
  readonly curve?: string
}

/** The signatures that STS accepts. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { digest: 'sha256', type: 'RSA' },
  RS384: { digest: 'sha384', type: 'RSA' },
  RS512: { digest: 'sha512', type: 'RSA' },
  ES256: { digest: 'sha256', type: 'EC', curve: 'P-256' },
  ES384: { digest: 'sha384', type: 'EC', curve: 'P-384' },
  ES512: { digest: 'sha512', type: 'EC', curve: 'P-521' },
}

export type OwnAlgorithm = 'RS256' | 'ES384'

export function signToken(rows: Rows, algorithm: OwnAlgorithm, claims: object): string {
  const key = privateKey(rows, algorithm)
  const { kid } = publicPart(key)
  const signed = [{ typ: 'JWT', alg: algorithm, kid }, claims]
    .map((part) => toBase64Url(utf8(JSON.stringify(part))))
    .join('.')
  const dsaEncoding = 'ieee-p1363'
  const signature = crypto().sign(algorithms[algorithm]!.digest, utf8(signed), {
    key: crypto().createPrivateKey({ key: key as never, format: 'jwk' }),
    dsaEncoding,
  })
  return `${signed}.${toBase64Url(signature)}`
}

/** The public halves of the keys that have signed something, as a JWKS document lists them. */
export function ownKeys(rows: Rows): Jwk[] {
  return (['RS256', 'ES384'] as const).flatMap((algorithm) => {
    const key = storedKey(rows, algorithm)
    return key ? [{ ...publicPart(key), use: 'sig', alg: algorithm }] : []
  })
}

function storedKey(rows: Rows, algorithm: OwnAlgorithm): Jwk | undefined {
  return rows.get('world', `issuer ${algorithm}`) as Jwk | undefined
}

/** Made when it is first needed (for RSA that takes a moment), gone with a reset. */
function privateKey(rows: Rows, algorithm: OwnAlgorithm): Jwk {
  const stored = storedKey(rows, algorithm)
  if (stored) return stored
  const pair =
    algorithm === 'RS256'
      ? crypto().generateKeyPairSync('rsa', { modulusLength: 2048 })
      : crypto().generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const key = pair.privateKey.export({ format: 'jwk' }) as Jwk
  rows.put('world', `issuer ${algorithm}`, key)
  return key
}

function publicPart({ kty, n, e, crv, x, y }: Jwk): Jwk & { kid: string } {
  const known = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }
  // The thumbprint of RFC 7638: members in this order.
  return { ...known, kid: hashHex('sha256', JSON.stringify(known)).slice(0, 32) } as Jwk & { kid: string }
}

export interface WebToken {
  readonly algorithm: string
  readonly kid?: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly signed: string
  readonly signature: Uint8Array
}

/** Undefined for what is no JSON Web Token. Nothing is proved yet. */
export function readToken(token: string): WebToken | undefined {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined
  try {
    const [header, claims] = parts
      .slice(0, 2)
      .map((part) => JSON.parse(text(fromBase64(part!))) as Record<string, unknown>)
    if (typeof header?.['alg'] !== 'string' || typeof claims !== 'object' || claims === null) return undefined
    return {
      algorithm: header['alg'],
      kid: typeof header['kid'] === 'string' ? header['kid'] : undefined,
      claims,
      signed: parts.slice(0, 2).join('.'),
      signature: fromBase64(parts[2]!),
    }
  } catch {
    return undefined
  }
}

/** Whether one of the keys signed it; undefined where none of them is the one it names. */
export function isSignedBy(token: WebToken, keys: readonly Jwk[]): boolean | undefined {
  const algorithm = Object.hasOwn(algorithms, token.algorithm) ? algorithms[token.algorithm]! : undefined
  if (!algorithm) return false
  const candidates = keys.filter(
    ({ kid, kty, crv }) =>
      kty === algorithm.type &&
      (algorithm.curve === undefined || crv === algorithm.curve) &&
      (token.kid === undefined || kid === token.kid),
  )
  if (candidates.length === 0) return undefined
  return candidates.some((jwk) => {
    try {
      const key = crypto().createPublicKey({ key: jwk as never, format: 'jwk' })
      return crypto().verify(algorithm.digest, utf8(token.signed), { key, dsaEncoding: 'ieee-p1363' }, token.signature)
    } catch {
      return false
    }
  })
}
