// Time-based one-time passwords, for virtual MFA devices: RFC 6238 over RFC 4226, secrets in base32 (RFC 4648).

import { hmac } from './hash.ts'
import type { HashName } from './hash.ts'

export interface TotpOptions {
  /** Default 6. */
  digits?: number
  /** Seconds each code lasts. Default 30. */
  period?: number
  /** Default sha1, as all virtual devices use. */
  hash?: HashName
}

/** The code at a moment (milliseconds since 1970, or a Date), with leading zeros. */
export function totp(secret: Uint8Array, time: number | Date, options: TotpOptions = {}): string {
  const { digits = 6, period = 30, hash = 'sha1' } = options
  return hotp(secret, Math.floor(Number(time) / 1000 / period), digits, hash)
}

/** The code of a counter. */
export function hotp(secret: Uint8Array, counter: number, digits = 6, hash: HashName = 'sha1'): string {
  const message = new Uint8Array(8)
  new DataView(message.buffer).setBigUint64(0, BigInt(counter))
  const mac = hmac(hash, secret, message)
  const offset = mac.at(-1)! & 15
  const word = new DataView(mac.buffer, mac.byteOffset + offset, 4).getUint32(0) & 0x7fffffff
  return String(word % 10 ** digits).padStart(digits, '0')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Padded with '='. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31]
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

/** Lower case, missing padding, spaces and hyphens, as people type it, are taken; undefined for anything else. */
export function fromBase32(text: string): Uint8Array | undefined {
  const digits = text.toUpperCase().replace(/[\s-]/g, '').replace(/=+$/, '')
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const digit of digits) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >>> bits) & 255)
    held &= (1 << bits) - 1
  }
  return Uint8Array.from(bytes)
}
