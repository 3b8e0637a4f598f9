// The signing key: four HMACs deep, the same for a day, a region and a service, so it is kept.

import { hmacSha256, keyedSha256 } from '../lib/hash.ts'

/** The Uint8Array form of the key, for those who sign something else with it: POST policies, chunk chains. */
export function signingKey(secret: string, day: string, region: string, service: string): Uint8Array {
  return hmacSha256(hmacSha256(hmacSha256(hmacSha256('AWS4' + secret, day), region), service), 'aws4_request')
}

type Signer = (stringToSign: string) => string

const kept = new Map<string, Signer>()
const most = 512

/**
 * Signs strings for one scope: lower-case hex HMAC-SHA256. The last few hundred scopes are remembered.
 * @param day `20260102`
 */
export function scopeSigner(secret: string, day: string, region: string, service: string): Signer {
  const name = `${secret}\n${day}\n${region}\n${service}`
  let signer = kept.get(name)
  if (signer === undefined) {
    if (kept.size >= most) kept.clear()
    signer = keyedSha256(signingKey(secret, day, region, service))
    kept.set(name, signer)
  }
  return signer
}
