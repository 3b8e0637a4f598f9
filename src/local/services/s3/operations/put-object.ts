// PutObject.

import { askedAttributes, versionMember } from '../attributes.ts'
import { checksumMembers } from '../checksums.ts'
import { checkWriting } from '../conditions.ts'
import { encryptionMembers } from '../encryption.ts'
import { notImplemented } from '../errors.ts'
import { expirationOf } from '../lifecycle.ts'
import { receive } from '../receive.ts'
import type { StoredChecksum } from '../records.ts'
import type { SlowS3Handler } from '../state.ts'

export const putObject: SlowS3Handler = async (input, context) => {
  if (input.WriteOffsetBytes !== undefined) throw notImplemented('A header you provided implies functionality that is not implemented', { Header: 'x-amz-write-offset-bytes' })
  const received = await receive(context)
  return context.transaction((state) => {
    const bucket = state.bucket(input.Bucket)
    checkWriting(input, input.Key, state.newest(bucket.name, input.Key))
    const { segments, size, etag } = received
    const checksum: StoredChecksum = { ...received.checksum, type: 'FULL_OBJECT' }
    const modified = context.clock().getTime()
    const version = state.put(bucket, input.Key, { ...askedAttributes(input, bucket, context), modified, size, etag, segments, checksum })
    return {
      ETag: `"${etag}"`,
      Expiration: expirationOf(bucket, input.Key, version, state),
      ...checksumMembers(checksum),
      ...encryptionMembers(version.encryption),
      ...(version.encryption?.context !== undefined && { SSEKMSEncryptionContext: version.encryption.context }),
      ...versionMember(version, bucket),
    }
  })
}
