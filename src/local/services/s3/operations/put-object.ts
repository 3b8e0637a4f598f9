// PutObject.

import { askedAttributes, writtenMember } from '../attributes.ts'
import { checksumMembers } from '../checksums.ts'
import { checkWriting } from '../conditions.ts'
import { append } from '../directory/append.ts'
import { encryptionMembers } from '../encryption.ts'
import { announce } from '../events.ts'
import { byForm } from '../form-fields.ts'
import { expirationOf } from '../lifecycle.ts'
import { receive, storing } from '../receive.ts'
import type { Bucket, StoredChecksum } from '../records.ts'
import { putReplica, replicate } from '../replication.ts'
import type { S3, SlowS3Handler } from '../state.ts'

export const putObject: SlowS3Handler = async (input, context) => {
  if (input.Errand !== undefined) return context.transaction((state) => putReplica(input.Errand, { ...context, state }))
  if (input.WriteOffsetBytes !== undefined) return append(input, context)
  // What is wrong with a long upload is better told before it.
  if (context.request.body instanceof ReadableStream)
    await context.transaction((state) => askedAttributes(input, allowed(input, state), context))
  const received = await receive(context)
  const { size, etag } = received
  const checksum: StoredChecksum = { ...received.checksum, type: 'FULL_OBJECT' }
  return storing(
    received,
    context.transaction((state) => {
      const bucket = allowed(input, state)
      const attributes = askedAttributes(input, bucket, context)
      const modified = context.clock().getTime()
      const version = state.put(bucket, input.Key, {
        ...attributes,
        modified,
        size,
        etag,
        segments: received.segments(),
        checksum,
      })
      const how = context.request.headers[byForm] === undefined ? 'Put' : 'Post'
      const inState = { ...context, state }
      announce(`ObjectCreated:${how}`, bucket, { key: input.Key, version }, inState)
      replicate(bucket, input.Key, version, inState)
      return {
        ETag: `"${etag}"`,
        Expiration: expirationOf(bucket, input.Key, version, state),
        ...checksumMembers(checksum),
        ...encryptionMembers(version.encryption),
        ...(version.encryption?.context !== undefined && { SSEKMSEncryptionContext: version.encryption.context }),
        ...writtenMember(version),
      }
    }),
  )
}

/** The bucket, where the request's conditions hold. */
function allowed(input: Record<string, any>, state: S3): Bucket {
  const bucket = state.bucket(input['Bucket'])
  checkWriting(input, input['Key'], state.newest(bucket.name, input['Key']))
  return bucket
}
