// Object Lock: until when may a version not be removed?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html

import { accessDenied, invalidArgument, invalidRequest } from './errors.ts'
import type { Bucket, LockMode, Retention, Version } from './records.ts'

const day = 86_400_000

interface Asked {
  ObjectLockMode?: string
  ObjectLockRetainUntilDate?: Date
  ObjectLockLegalHoldStatus?: string
}

/** The lock of a new object: the request's, or the bucket's default retention. */
export function askedLock(input: Asked, bucket: Bucket, now: number): { retention?: Retention; hold?: boolean } {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input
  const asks = mode !== undefined || until !== undefined || hold !== undefined
  if (asks && !bucket.lock) throw missingConfiguration()
  if ((mode === undefined) !== (until === undefined)) {
    const missing = mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date'
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      missing,
    )
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF')
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold)
  const held = hold === undefined ? {} : { hold: hold === 'ON' }
  if (mode !== undefined) return { ...held, retention: checkedRetention(mode, until!, now) }
  const { lock } = bucket
  if (!lock?.mode) return held
  return { ...held, retention: { mode: lock.mode, until: now + (lock.days ?? lock.years! * 365) * day } }
}

export function checkedRetention(mode: string, until: Date, now: number): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode)
  if (until.getTime() <= now)
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      until.toISOString(),
    )
  return { mode: mode as LockMode, until: until.getTime() }
}

export function missingConfiguration(): Error {
  return invalidRequest('Bucket is missing Object Lock Configuration')
}

export function protectedByLock(): Error {
  return accessDenied('Access Denied because object protected by object lock.')
}

/** Throws AccessDenied where a version is held, or retained. `bypass`: the caller may, and wants to, pass by GOVERNANCE. */
export function checkRemovable(version: Version, now: number, bypass: boolean): void {
  if (version.hold) throw protectedByLock()
  const { retention } = version
  if (!retention || retention.until <= now) return
  if (retention.mode === 'GOVERNANCE' && bypass) return
  throw protectedByLock()
}

export function checkBypass(asked: boolean | undefined, bucket: Bucket): void {
  if (asked !== undefined && !bucket.lock)
    throw invalidArgument(
      'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
      'x-amz-bypass-governance-retention',
    )
}
