// PutObject at an offset: more bytes behind those that an object of a directory bucket has.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-append.html

import { fromBase64, toBase64, toHex } from '../../../../lib/bytes.ts'
import { combineCrcs, isCrc, type ChecksumName } from '../../../../lib/checksum.ts'
import { askedAttributes } from '../attributes.ts'
import { checksumMembers } from '../checksums.ts'
import { checkWriting, isThere } from '../conditions.ts'
import { encryptionMembers } from '../encryption.ts'
import { invalidRequest, s3Error } from '../errors.ts'
import { receive, storing, type Received } from '../receive.ts'
import type { StoredChecksum, Version } from '../records.ts'
import type { S3, SlowS3Handler } from '../state.ts'
import { notForDirectories } from './limits.ts'

const mostParts = 10_000

export const append: SlowS3Handler = async (input, context) => {
  const { Bucket, Key } = input
  const seen = await context.transaction((state) => standing(input, state))
  const received = await receive(context, seen?.checksum?.algorithm as ChecksumName | undefined)
  return storing(
    received,
    context.transaction((state) => {
      const bucket = state.bucket(Bucket)
      const before = standing(input, state)
      const size = (before?.size ?? 0) + received.size
      const version = state.put(bucket, Key, {
        ...(before ? described(before) : askedAttributes(input, bucket, context)),
        modified: context.clock().getTime(),
        size,
        // Such objects have tags of their own, which are no sums.
        etag: toHex(crypto.getRandomValues(new Uint8Array(16))),
        checksum: checksumOf(before, received),
        segments: [...(before?.segments ?? []), ...received.segments()],
      })
      return {
        ETag: `"${version.etag}"`,
        Size: size,
        ...checksumMembers(version.checksum),
        ...encryptionMembers(version.encryption),
      }
    }),
  )
}

/** The object that is to grow; undefined where the offset begins a new one. Throws InvalidWriteOffset, TooManyParts. */
function standing(input: Record<string, any>, state: S3): Version | undefined {
  const { Bucket, Key, WriteOffsetBytes: offset } = input
  if (!state.bucket(Bucket).directory) throw notForDirectories({ Header: 'x-amz-write-offset-bytes' })
  const newest = state.newest(Bucket, Key)
  checkWriting(input, Key, newest)
  const before = isThere(newest) ? newest : undefined
  if (offset !== (before?.size ?? 0))
    throw s3Error(
      400,
      'InvalidWriteOffset',
      'The write offset value that you specified does not match the current object size.',
    )
  if (before && before.segments.length >= mostParts)
    throw s3Error(
      400,
      'TooManyParts',
      'You have attempted to add more parts than the maximum of 10000 that are allowed for this object. You can use the CopyObject operation to copy this object to another and then add more data to the newly copied object.',
    )
  return before
}

/** What was said of it stays; how it was once cut does not. */
function described({ parts: _parts, upload: _upload, ...kept }: Version): Omit<Version, 'parts' | 'upload'> {
  return kept
}

/** Of all bytes, made of the two sums that there are: a CRC goes on over more. */
function checksumOf(before: Version | undefined, { checksum, size }: Received): StoredChecksum {
  if (!before) return { ...checksum, type: 'FULL_OBJECT' }
  const { algorithm } = checksum
  if (!isCrc(algorithm) || before.checksum?.algorithm !== algorithm || before.checksum.type !== 'FULL_OBJECT')
    throw invalidRequest('Data can only be appended with the CRC of the full object that the object has.')
  const parts = [
    { digest: fromBase64(before.checksum.value), length: before.size },
    { digest: fromBase64(checksum.value), length: size },
  ]
  return { algorithm, value: toBase64(combineCrcs(algorithm, parts)), type: 'FULL_OBJECT' }
}
