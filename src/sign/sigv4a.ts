// Signs a request with Signature Version 4A: ECDSA P-256, good for a set of regions. Multi-region access points and
// services with global endpoints want it. Loaded only when needed, because it is the one signer that needs node:crypto.
// The key's derivation: https://github.com/awslabs/aws-c-auth/blob/main/source/key_derivation.c (NIST SP 800-108,
// counter mode).

import type { KeyObject } from 'node:crypto'
import type { HttpRequest } from '../http/message.ts'
import { concat, fromHex, toHex, utf8 } from '../lib/bytes.ts'
import { hmacSha256 } from '../lib/hash.ts'
import { signHeaders, signQuery } from './attach.ts'
import type { Method } from './attach.ts'
import type { PresignOptions, SigningOptions } from './types.ts'

const algorithm = 'AWS4-ECDSA-P256-SHA256'

const version4a: Method = {
  algorithm,
  scope: (day, { service }) => `${day}/${service}/aws4_request`,
  signature: (toSign, _day, { credentials }) => {
    const { privateKey } = keysOf(credentials.accessKeyId, credentials.secretAccessKey)
    return crypto().createSign('sha256').update(toSign).sign(privateKey, 'hex')
  },
  regionSet: ({ region }) => region,
  linkOrder: 'headers-first',
}

/** As sigv4's `sign`; `region` is the region set: `*`, or names and wildcards joined by commas. */
export function sign(request: HttpRequest, options: SigningOptions): HttpRequest {
  return signHeaders(request, options, version4a)
}

/** As sigv4's `presign`. */
export function presign(request: HttpRequest, options: PresignOptions): HttpRequest {
  return signQuery(request, options, version4a)
}

/** Whether `signature` (DER, in hex) is by this key over `toSign`. */
export function signatureHolds(toSign: string, signature: string, accessKeyId: string, secret: string): boolean {
  const bytes = fromHex(signature)
  if (bytes === undefined) return false
  return crypto().createVerify('sha256').update(toSign).verify(keysOf(accessKeyId, secret).publicKey, bytes)
}

interface KeyPair {
  privateKey: KeyObject
  publicKey: KeyObject
}

const kept = new Map<string, KeyPair>()

/** The key pair that belongs to an access key. Deriving it costs some 0.2 ms, so the last few hundred are kept. */
export function keysOf(accessKeyId: string, secret: string): KeyPair {
  const name = `${accessKeyId}\n${secret}`
  let pair = kept.get(name)
  if (pair === undefined) {
    if (kept.size >= 512) kept.clear()
    pair = derived(accessKeyId, secret)
    kept.set(name, pair)
  }
  return pair
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function derived(accessKeyId: string, secret: string): KeyPair {
  const inputKey = utf8('AWS4A' + secret)
  for (let counter = 1; counter < 255; counter++) {
    const fixed = concat([
      Uint8Array.of(0, 0, 0, 1),
      utf8(algorithm),
      Uint8Array.of(0),
      utf8(accessKeyId),
      Uint8Array.of(counter),
      Uint8Array.of(0, 0, 1, 0),
    ])
    const candidate = BigInt('0x' + toHex(hmacSha256(inputKey, fixed)))
    if (candidate > order - 2n) continue
    return pairOf((candidate + 1n).toString(16).padStart(64, '0'))
  }
  throw new Error('No signing key can be derived from this secret')
}

function pairOf(scalar: string): KeyPair {
  const point = crypto().createECDH('prime256v1')
  point.setPrivateKey(scalar, 'hex')
  const publicPoint = point.getPublicKey()
  const part = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: part(publicPoint.subarray(1, 33)),
    y: part(publicPoint.subarray(33)),
    d: part(Buffer.from(scalar, 'hex')),
  }
  const privateKey = crypto().createPrivateKey({ key: jwk, format: 'jwk' })
  return { privateKey, publicKey: crypto().createPublicKey({ key: { ...jwk, d: undefined }, format: 'jwk' }) }
}

function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}
