// How does the local AWS hand out something that only it can read back? Session tokens and encoded denial messages are
// sealed, so nothing need be stored for them: encrypted, and refused when a single bit has changed.
//
//   sealed = header · nonce (16) · tag (16) · data XOR keystream
//
// Encrypt-then-MAC; keystream block i is HMAC-SHA256(encryption key, nonce · i), the tag HMAC-SHA256(mac key, header ·
// nonce · data), halved. HMAC as a pseudo-random function in counter mode needs nothing that is not at hand
// synchronously on every runtime.

import { concat, fromBase64, sameSecret, text, toBase64, toHex, utf8 } from '../../lib/bytes.ts'
import { hmacSha256 } from '../../lib/hash.ts'

/** Sealed text in base64. The `header` (bytes in the clear at the front) says what kind of thing it is. */
export function seal(secret: Uint8Array, header: Uint8Array, plain: string): string {
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  const data = mixed(secret, nonce, utf8(plain))
  return toBase64(concat([header, nonce, tagOf(secret, header, nonce, data), data]))
}

/** What was sealed; undefined for anything else. */
export function unseal(secret: Uint8Array, header: Uint8Array, sealed: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sealed)) return undefined
  const bytes = fromBase64(sealed)
  // One text, one token: bits that base64 leaves over must be zero.
  if (toBase64(bytes) !== sealed || bytes.length < header.length + 32) return undefined
  if (!header.every((byte, i) => bytes[i] === byte)) return undefined
  const nonce = bytes.subarray(header.length, header.length + 16)
  const tag = bytes.subarray(header.length + 16, header.length + 32)
  const data = bytes.subarray(header.length + 32)
  if (!sameSecret(toHex(tag), toHex(tagOf(secret, header, nonce, data)))) return undefined
  return text(mixed(secret, nonce, data))
}

function tagOf(secret: Uint8Array, header: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  return hmacSha256(hmacSha256(secret, 'mac'), concat([header, nonce, data])).subarray(0, 16)
}

function mixed(secret: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  const key = hmacSha256(secret, 'encrypt')
  const out = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 32) {
    const block = hmacSha256(key, concat([nonce, utf8(String(at / 32))]))
    for (let i = at; i < Math.min(at + 32, data.length); i++) out[i] = data[i]! ^ block[i - at]!
  }
  return out
}
