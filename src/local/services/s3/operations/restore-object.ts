// RestoreObject: here the copy of an archived object is there at once.

import { invalidRequest, malformedXml, s3Error } from '../errors.ts'
import { announce } from '../events.ts'
import type { S3Handler } from '../state.ts'
import { versionFor } from './get-object.ts'

const day = 86_400_000

export const restoreObject: S3Handler = (input, context) => {
  const { state, answer, clock } = context
  const version = versionFor(input, context)
  const { Days, SelectParameters } = input.RestoreRequest ?? {}
  if (SelectParameters !== undefined) throw invalidRequest('Amazon S3 Select is not available.')
  if (version.storageClass !== 'GLACIER' && version.storageClass !== 'DEEP_ARCHIVE')
    throw s3Error(403, 'InvalidObjectState', "Restore is not allowed for the object's current storage class", {
      StorageClass: version.storageClass ?? 'STANDARD',
    })
  if (!(Days >= 1)) throw malformedXml()
  const now = clock().getTime()
  answer.status = version.restored !== undefined && version.restored > now ? 200 : 202
  const midnight = (Math.floor((now + Days * day) / day) + 1) * day
  state.replace(input.Bucket, input.Key, { ...version, restored: midnight })
  const bucket = state.bucket(input.Bucket)
  const facts = { key: input.Key, version }
  announce('ObjectRestore:Post', bucket, facts, context)
  const restoreEventData = {
    lifecycleRestorationExpiryTime: new Date(midnight).toISOString(),
    lifecycleRestoreStorageClass: version.storageClass,
  }
  announce('ObjectRestore:Completed', bucket, { ...facts, more: { glacierEventData: { restoreEventData } } }, context)
  return {}
}
