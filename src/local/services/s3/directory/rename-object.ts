// RenameObject: an object of a directory bucket under another key, its bytes where they are.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html

import { percentDecode } from '../../../../lib/percent.ts'
import { checkReading, checkWriting, isThere } from '../conditions.ts'
import { invalidArgument, invalidRequest, noSuchKey } from '../errors.ts'
import type { S3Handler } from '../state.ts'
import { notForDirectories } from './limits.ts'

export const renameObject: S3Handler = (input, { state }) => {
  const { Bucket, Key } = input
  const bucket = state.bucket(Bucket)
  if (!bucket.directory) throw notForDirectories({ Header: 'x-amz-rename-source' })
  const from = sourceKey(input.RenameSource, Bucket)
  if (Key.endsWith('/') || from.endsWith('/')) throw invalidRequest('A key to be renamed must not end in /.')
  const source = state.newest(Bucket, from)
  if (!isThere(source)) throw noSuchKey(from)
  checkReading(conditionsOf(input, 'Source'), source)
  const { IfMatch, IfNoneMatch, ...times } = conditionsOf(input, 'Destination')
  const there = state.newest(Bucket, Key)
  checkWriting({ IfMatch, IfNoneMatch }, Key, there)
  if (isThere(there)) checkReading(times, there)
  if (from === Key) return {}
  state.put(bucket, Key, source)
  state.remove(bucket, from, source)
  return {}
}

/** `/bucket/key`, or the key alone, percent-encoded; both must lie in one bucket. */
function sourceKey(header: string, bucket: string): string {
  const text = percentDecode(header)
  if (!text.startsWith('/')) return text
  if (!text.startsWith(`/${bucket}/`))
    throw invalidArgument('The source must be in the same bucket.', 'x-amz-rename-source', header)
  return text.slice(bucket.length + 2)
}

function conditionsOf(input: Record<string, any>, of: 'Source' | 'Destination'): Parameters<typeof checkReading>[0] {
  return {
    IfMatch: input[`${of}IfMatch`],
    IfNoneMatch: input[`${of}IfNoneMatch`],
    IfModifiedSince: input[`${of}IfModifiedSince`],
    IfUnmodifiedSince: input[`${of}IfUnmodifiedSince`],
  }
}
