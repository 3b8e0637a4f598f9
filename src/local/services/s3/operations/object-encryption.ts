// UpdateObjectEncryption: another key for an object that is there.

import { encryptionMembers, kmsKeyArn } from '../encryption.ts'
import { invalidRequest, malformedXml } from '../errors.ts'
import type { S3Handler } from '../state.ts'
import { versionMember } from '../attributes.ts'
import { objectFor } from './get-object.ts'

export const updateObjectEncryption: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const version = objectFor(input, context)
  const { KMSKeyArn: key, BucketKeyEnabled: bucketKey } = input.ObjectEncryption?.SSEKMS ?? {}
  if (!key) throw malformedXml()
  const before = version.encryption
  if (before?.customer || before?.algorithm === 'aws:kms:dsse')
    throw invalidRequest('The encryption of this object cannot be updated: it is not SSE-S3 or SSE-KMS.')
  const encryption = {
    algorithm: 'aws:kms',
    key: kmsKeyArn(key, context, bucket),
    ...(bucketKey && { bucketKey: true }),
  }
  state.replace(bucket.name, input.Key, { ...version, encryption })
  return { ...encryptionMembers(encryption), ...versionMember(version, bucket) }
}
