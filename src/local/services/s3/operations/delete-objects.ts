// DeleteObject and DeleteObjects: a delete marker where versions are kept, else for good.

import { AwsError } from '../../../../lib/errors.ts'
import { checkDeleting } from '../conditions.ts'
import { invalidVersion, malformedXml, noSuchVersion } from '../errors.ts'
import { announce } from '../events.ts'
import { deleteMarker } from '../lifecycle.ts'
import { checkBypass, checkRemovable } from '../lock.ts'
import { denial, toBypass, toDelete } from '../permissions.ts'
import type { Bucket } from '../records.ts'
import { replicate } from '../replication.ts'
import type { S3Context, S3Handler, SlowS3Handler } from '../state.ts'
import { through, waysOf } from '../through.ts'
import { isVersionId } from '../version-ids.ts'

interface Removed {
  VersionId?: string
  DeleteMarker?: true
}

export const deleteObject: S3Handler = (input, context) => {
  const bucket = context.state.bucket(input.Bucket)
  checkBypass(input.BypassGovernanceRetention, bucket)
  return remove(bucket, input, input.BypassGovernanceRetention ?? false, context)
}

function remove(
  bucket: Bucket,
  given: { Key: string; VersionId?: string; [condition: string]: any },
  bypass: boolean,
  context: S3Context,
): Removed {
  const { state } = context
  const now = context.clock().getTime()
  const { Key, VersionId } = given
  const newest = state.newest(bucket.name, Key)
  if (VersionId !== undefined) {
    const version = state.version(bucket.name, Key, VersionId)
    checkDeleting(given, version)
    if (!version && !isVersionId(VersionId)) throw invalidVersion(VersionId)
    if (!version) return { VersionId }
    checkRemovable(version, now, bypass)
    state.remove(bucket, Key, version)
    announce('ObjectRemoved:Delete', bucket, { key: Key, version }, context)
    return { VersionId, ...(version.deleted && { DeleteMarker: true }) }
  }
  checkDeleting(given, newest)
  if (!bucket.versioning) {
    if (newest) state.remove(bucket, Key, newest)
    announce('ObjectRemoved:Delete', bucket, { key: Key, version: newest }, context)
    return {}
  }
  const marker = state.put(bucket, Key, deleteMarker(now))
  announce('ObjectRemoved:DeleteMarkerCreated', bucket, { key: Key, version: marker }, context)
  replicate(bucket, Key, marker, context)
  return { VersionId: marker.id, DeleteMarker: true }
}

const most = 1000

export const deleteObjects: SlowS3Handler = async (input, context) => {
  const { Objects = [], Quiet } = input.Delete ?? {}
  if (Objects.length === 0 || Objects.length > most) throw malformedXml()
  const bypass = input.BypassGovernanceRetention ?? false
  const refusals: (AwsError | undefined)[] = []
  for (const one of Objects) refusals.push(await refusalOf(one))

  const Deleted: object[] = []
  const Errors: object[] = []
  await context.transaction((state) => {
    Deleted.length = 0
    Errors.length = 0
    const bucket = state.bucket(input.Bucket)
    checkBypass(input.BypassGovernanceRetention, bucket)
    for (const [index, one] of Objects.entries()) {
      const { Key, VersionId } = one
      try {
        if (refusals[index]) throw refusals[index]
        if (VersionId !== undefined && !isVersionId(VersionId) && !state.version(bucket.name, Key, VersionId))
          throw noSuchVersion(Key, VersionId)
        const removed = remove(bucket, one, bypass, { ...context, state })
        Deleted.push(toldOf(Key, VersionId, removed))
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        Errors.push({ Key, ...(VersionId !== undefined && { VersionId }), Code: error.code, Message: error.message })
      }
    }
  })
  return { ...(!Quiet && { Deleted }), Errors }

  async function refusalOf({ Key, VersionId }: { Key: string; VersionId?: string }): Promise<AwsError | undefined> {
    const asked = await context.transaction((state) => {
      const bucket = state.bucket(input.Bucket)
      if (bucket.directory) return []
      const version =
        VersionId === undefined ? state.newest(bucket.name, Key) : state.version(bucket.name, Key, VersionId)
      const inState = { ...context, state }
      return through(waysOf(context).point, [
        toDelete(bucket, Key, VersionId, version, inState),
        ...(bypass ? [toBypass(bucket, Key, inState)] : []),
      ])
    })
    for (const permission of asked) {
      const decision = await context.decide(permission)
      if (!decision.allowed) return denial(decision, permission, context)
    }
    return undefined
  }
}

function toldOf(Key: string, asked: string | undefined, { VersionId, DeleteMarker }: Removed): object {
  if (!DeleteMarker) return { Key, ...(asked !== undefined && { VersionId: asked }) }
  // A marker was made (no version was named), or was removed.
  return { Key, ...(asked !== undefined && { VersionId: asked }), DeleteMarker: true, DeleteMarkerVersionId: VersionId }
}
