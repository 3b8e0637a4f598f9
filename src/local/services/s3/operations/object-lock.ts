// Object Lock: of a bucket, and of single objects.

import { invalidArgument, malformedXml, s3Error } from '../errors.ts'
import { checkedRetention, missingConfiguration, protectedByLock } from '../lock.ts'
import type { Bucket, Version } from '../records.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { versionFor } from './get-object.ts'

export const putObjectLockConfiguration: S3Handler = ({ Bucket: name, ObjectLockConfiguration: given }, { state }) => {
  const bucket = state.bucket(name)
  if (!given) throw s3Error(400, 'MissingRequestBodyError', 'Request Body is empty')
  if (given.ObjectLockEnabled !== 'Enabled') throw malformedXml()
  if (bucket.versioning !== 'Enabled')
    throw s3Error(
      409,
      'InvalidBucketState',
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    )
  state.putBucket({ ...bucket, lock: given.Rule === undefined ? {} : defaultRetention(given.Rule.DefaultRetention) })
}

function defaultRetention(
  given: { Mode?: string; Days?: number; Years?: number } | undefined,
): NonNullable<Bucket['lock']> {
  const { Mode, Days, Years } = given ?? {}
  if ((Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') || (Days === undefined) === (Years === undefined))
    throw malformedXml()
  if ((Days ?? Years!) <= 0)
    throw invalidArgument(
      'Default retention period must be a positive integer value.',
      Days === undefined ? 'Years' : 'Days',
    )
  if ((Days ?? 0) > 36_500 || (Years ?? 0) > 100)
    throw invalidArgument(
      'Default retention period is larger than the maximum allowed.',
      Days === undefined ? 'Years' : 'Days',
    )
  return { mode: Mode, ...(Days === undefined ? { years: Years } : { days: Days }) }
}

export const getObjectLockConfiguration: S3Handler = ({ Bucket: name }, { state }) => {
  const { lock } = state.bucket(name)
  if (!lock)
    throw s3Error(
      404,
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      { BucketName: name },
    )
  const { mode, days, years } = lock
  const rule = mode && {
    Rule: { DefaultRetention: { Mode: mode, ...(days === undefined ? { Years: years } : { Days: days }) } },
  }
  return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...rule } }
}

/** The version of an object in a bucket with a lock. */
function lockable(input: { Bucket: string; Key: string }, context: S3Context): Version {
  if (!context.state.bucket(input.Bucket).lock) throw missingConfiguration()
  return versionFor(input, context)
}

export const putObjectRetention: S3Handler = (input, context) => {
  const { retention: before, ...version } = lockable(input, context)
  const now = context.clock().getTime()
  const { Mode, RetainUntilDate } = input.Retention ?? {}
  if ((Mode === undefined) !== (RetainUntilDate === undefined)) throw malformedXml()
  if (Mode !== undefined && Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') throw malformedXml()
  const retention = Mode === undefined ? undefined : checkedRetention(Mode, RetainUntilDate, now)
  if (before && before.until > now) {
    const stricter =
      retention && retention.until >= before.until && (before.mode === retention.mode || before.mode === 'GOVERNANCE')
    const bypass = before.mode === 'GOVERNANCE' && input.BypassGovernanceRetention
    if (!stricter && !bypass) throw protectedByLock()
  }
  context.state.replace(input.Bucket, input.Key, { ...version, ...(retention && { retention }) })
  return {}
}

const noConfiguration = (Key: string): Error =>
  s3Error(404, 'NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', {
    Key,
  })

export const getObjectRetention: S3Handler = (input, context) => {
  const { retention } = lockable(input, context)
  if (!retention) throw noConfiguration(input.Key)
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } }
}

export const putObjectLegalHold: S3Handler = (input, context) => {
  const version = lockable(input, context)
  const status = input.LegalHold?.Status
  if (status !== 'ON' && status !== 'OFF') throw malformedXml()
  context.state.replace(input.Bucket, input.Key, { ...version, hold: status === 'ON' })
  return {}
}

export const getObjectLegalHold: S3Handler = (input, context) => {
  const { hold } = lockable(input, context)
  if (hold === undefined) throw noConfiguration(input.Key)
  return { LegalHold: { Status: hold ? 'ON' : 'OFF' } }
}
