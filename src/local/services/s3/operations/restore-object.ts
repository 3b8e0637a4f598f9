// RestoreObject: a copy of an archived object, there at once, or at AWS's pace after the hours that AWS takes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html

import { invalidArgument, invalidRequest, malformedXml, s3Error } from '../errors.ts'
import { announce } from '../events.ts'
import type { Version } from '../records.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { versionFor, type Named } from './get-object.ts'

const hour = 3_600_000
const day = 24 * hour

/** How many hours each way takes: the middle of what is promised. */
const ways: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  GLACIER: { Expedited: 3 / 60, Standard: 4, Bulk: 8 },
  DEEP_ARCHIVE: { Standard: 12, Bulk: 48 },
}

export const restoreObject: S3Handler = (input, context) => {
  const { state, answer, clock, pace } = context
  const version = versionFor(input, context)
  if (input.Restored) return completed(input as Named, version, context)
  const { Days, SelectParameters, Tier, GlacierJobParameters } = input.RestoreRequest ?? {}
  if (SelectParameters !== undefined) throw invalidRequest('Amazon S3 Select is not available.')
  const way = Tier ?? GlacierJobParameters?.Tier ?? 'Standard'
  const takes = ways[version.storageClass ?? '']
  if (!takes)
    throw s3Error(403, 'InvalidObjectState', "Restore is not allowed for the object's current storage class", {
      StorageClass: version.storageClass ?? 'STANDARD',
    })
  if (takes[way] === undefined)
    throw invalidArgument('Retrieval option is not supported by this storage class', 'Tier', way)
  if (!(Days >= 1)) throw malformedXml()
  const now = clock().getTime()
  if (version.ready !== undefined && version.ready > now)
    throw s3Error(409, 'RestoreAlreadyInProgress', 'Object restore is already in progress')
  const isThere = version.restored !== undefined && version.restored > now
  answer.status = isThere ? 200 : 202
  const ready = pace === 'real' && !isThere ? now + takes[way] * hour : now
  const restored = (Math.floor((ready + Days * day) / day) + 1) * day
  const { ready: _before, ...rest } = version
  const changed: Version = { ...rest, restored, ...(ready > now && { ready }) }
  state.replace(input.Bucket, input.Key, changed)
  announce('ObjectRestore:Post', state.bucket(input.Bucket), { key: input.Key, version }, context)
  if (ready > now) state.putRestore(ready, { bucket: input.Bucket, key: input.Key, version: version.id })
  else completed(input as Named, changed, context)
  return {}
}

function completed({ Bucket, Key }: Named, version: Version, context: S3Context): object {
  const restoreEventData = {
    lifecycleRestorationExpiryTime: new Date(version.restored ?? 0).toISOString(),
    lifecycleRestoreStorageClass: version.storageClass,
  }
  const facts = { key: Key, version, more: { glacierEventData: { restoreEventData } } }
  announce('ObjectRestore:Completed', context.state.bucket(Bucket), facts, context)
  return {}
}
