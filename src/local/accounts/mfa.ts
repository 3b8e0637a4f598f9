// Is this the code of that device, now? RFC 6238 with AWS's choices: SHA-1, six digits, thirty seconds; a step early or
// late is accepted, and no code twice.

import { AwsError } from '../../lib/errors.ts'
import { hmac } from '../../lib/hash.ts'
import type { Caller } from '../service.ts'
import type { Identities } from './identities.ts'
import type { MfaDevice } from './records.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 64 characters of base32, as AWS's virtual devices have. */
export function newSeed(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(64)), (byte) => alphabet[byte & 31]).join('')
}

export function stepAt(now: number): number {
  return Math.floor(now / 30_000)
}

export function codeAt(seed: string, step: number): string {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, BigInt(step))
  const digest = hmac('sha1', bytesOf(seed), counter)
  const offset = digest[19]! & 15
  const number = new DataView(digest.buffer, digest.byteOffset).getUint32(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

function bytesOf(seed: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((seed.length * 5) / 8))
  let buffer = 0
  let bits = 0
  let at = 0
  for (const letter of seed.toUpperCase()) {
    buffer = ((buffer << 5) | alphabet.indexOf(letter)) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (buffer >> bits) & 0xff
  }
  return bytes
}

/** The step of a code that may be used now; undefined for a wrong or used one. */
export function acceptedStep(device: MfaDevice, code: string, now: number): number | undefined {
  const current = stepAt(now)
  return [current, current - 1, current + 1].find((step) => step > (device.lastStep ?? 0) && codeAt(device.seed, step) === code)
}

/** Uses up a code of the caller's own device. Throws AccessDenied in STS's words. */
export function requireCode(
  { caller, clock }: { caller: Caller; clock: () => Date },
  identities: Identities,
  serial: string | undefined,
  code: string | undefined,
): void {
  const denied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 })
  if (serial === undefined || code === undefined)
    throw denied('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.')
  const { principal } = caller
  const owner = principal.type === 'Account' ? '' : principal.userName
  const device = identities.devices.get(serial)
  if (!device || device.enabled === undefined || device.user !== owner)
    throw denied(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    )
  const step = acceptedStep(device, code, clock().getTime())
  if (step === undefined) throw denied('MultiFactorAuthentication failed with invalid MFA one time pass code. ')
  identities.devices.update(device, { lastStep: step })
}
