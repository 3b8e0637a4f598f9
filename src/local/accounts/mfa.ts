// Is this the code of that device, now? RFC 6238 with AWS's choices: SHA-1, six digits, thirty seconds; a step early or
// late is accepted, and no code twice.

import { AwsError } from '../../lib/errors.ts'
import { fromBase32, hotp, toBase32 } from '../../lib/totp.ts'
import type { Caller } from '../service.ts'
import type { Identities } from './identities.ts'
import type { MfaDevice } from './records.ts'

/** 64 characters of base32, as AWS's virtual devices have. */
export function newSeed(): string {
  return toBase32(crypto.getRandomValues(new Uint8Array(40)))
}

export function stepAt(now: number): number {
  return Math.floor(now / 30_000)
}

export function codeAt(seed: string, step: number): string {
  return hotp(fromBase32(seed)!, step)
}

/** The step of a code that may be used now; undefined for a wrong or used one. */
export function acceptedStep(device: MfaDevice, code: string, now: number): number | undefined {
  const current = stepAt(now)
  return [current, current - 1, current + 1].find(
    (step) => step > (device.lastStep ?? 0) && codeAt(device.seed, step) === code,
  )
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
