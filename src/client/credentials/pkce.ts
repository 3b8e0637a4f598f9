// Proof Key for Code Exchange: whoever redeems a code shows that it was they who asked for it.
// https://datatracker.ietf.org/doc/html/rfc7636

import { sha256 } from '../../lib/hash.ts'
import { percentEncode } from '../../lib/percent.ts'

export interface Proof {
  /** 64 characters, kept until the code is redeemed. */
  readonly verifier: string
  /** Its SHA-256, which goes along with the question. */
  readonly challenge: string
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~'

export function newProof(): Proof {
  let verifier = ''
  while (verifier.length < 64) {
    // A byte beyond the last whole round of the alphabet would favour its first letters.
    const [byte] = crypto.getRandomValues(new Uint8Array(1))
    if (byte! < letters.length * 3) verifier += letters[byte! % letters.length]!
  }
  return { verifier, challenge: Buffer.from(sha256(verifier)).toString('base64url') }
}

/** The page to open, its query in the order given. */
export function authorizeUrl(base: string, query: Readonly<Record<string, string>>): string {
  return `${base}?${Object.entries(query)
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .join('&')}`
}
