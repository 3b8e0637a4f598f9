// May a bucket or an object be called so?

import type { AwsError } from '../../../lib/errors.ts'
import { utf8 } from '../../../lib/bytes.ts'
import { sha256Hex } from '../../../lib/hash.ts'
import type { Structure } from '../../../lib/value.ts'
import type { CallContext } from '../../service.ts'
import { s3Error } from './errors.ts'

const reservedEnds = /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
/** `classic`: with capitals and underscores, as us-east-1 took them before March 2018. */
export function checkBucketName(BucketName: string, classic = false): void {
  const fits = classic
    ? /^[\w.-]{3,63}$/.test(BucketName)
    : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(BucketName) && !BucketName.includes('..')
  const reserved = /^(xn--|sthree-)/.test(BucketName) || reservedEnds.test(BucketName)
  if (!fits || reserved || /^\d+\.\d+\.\d+\.\d+$/.test(BucketName))
    throw s3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName })
}

const longestKey = 1024

/** Throws KeyTooLongError. */
export function checkKey(key: string): void {
  if (key.length <= longestKey / 4) return
  const size = utf8(key).length
  if (size > longestKey) throw tooLong(size)
}

function tooLong(Size: number): AwsError {
  return s3Error(400, 'KeyTooLongError', 'Your key is too long', { Size, MaxSizeAllowed: longestKey })
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`
}

/** The bucket of an ARN of any kind. */
export function bucketOf(arn: string): string {
  return /^arn:aws:s3(?::::|express:[^:]+:\d{12}:bucket\/)([^/]+)/.exec(arn)?.[1] ?? ''
}

/** `us-east-1` → `use1`, as zones and aliases have it. */
export function regionCode(region: string): string {
  return region.replaceAll('-', '').replace(/gov|north|south|east|west|central/g, (word) => word[0]!)
}

/** An owner as answers have it. Until November 2025 S3 told a name, too; here it is the account's number. */
export function ownerMember(account: string, { buckets }: Pick<CallContext, 'buckets'>): Structure {
  return { ID: canonicalId(account), ...(buckets === 'classic' && { DisplayName: account }) }
}

/** S3's name for an account: 64 hexadecimal digits, the same each time. */
export function canonicalId(account: string): string {
  return sha256Hex(`canonical user of ${account}`)
}
