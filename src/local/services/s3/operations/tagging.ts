// Tags of objects.

import { versionMember } from '../attributes.ts'
import { malformedXml } from '../errors.ts'
import { announce } from '../events.ts'
import type { Version } from '../records.ts'
import { replicate } from '../replication.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { checkTags } from '../tags.ts'
import { versionFor } from './get-object.ts'

/** Of a delete marker there are no tags to be asked for, be it named or the newest. Throws MethodNotAllowed and its like. */
function tagged(input: Record<string, any>, context: S3Context): Version {
  const asked = input as { Bucket: string; Key: string; VersionId?: string }
  const newest = asked.VersionId === undefined ? context.state.newest(asked.Bucket, asked.Key) : undefined
  return versionFor(newest?.deleted ? { ...asked, VersionId: newest.id } : asked, context)
}

function change(
  input: Record<string, any>,
  context: S3Context,
  tags: { Key: string; Value: string }[] | undefined,
): object {
  const { state } = context
  const bucket = state.bucket(input['Bucket'])
  const { tags: _before, ...version } = tagged(input, context)
  const changed = { ...version, ...(tags?.length && { tags }) }
  state.replace(bucket.name, input['Key'], changed)
  replicate(bucket, input['Key'], changed, context)
  announce(`ObjectTagging:${tags ? 'Put' : 'Delete'}`, bucket, { key: input['Key'], version }, context)
  return versionMember(version, bucket)
}

export const putObjectTagging: S3Handler = (input, context) => {
  const tags = input.Tagging?.TagSet
  if (!tags || tags.some((tag: { Key?: string; Value?: string }) => tag.Key === undefined || tag.Value === undefined))
    throw malformedXml()
  return change(input, context, checkTags(tags, 'object'))
}

export const deleteObjectTagging: S3Handler = (input, context) => change(input, context, undefined)

export const getObjectTagging: S3Handler = (input, context) => {
  const version = tagged(input, context)
  return { ...versionMember(version, context.state.bucket(input.Bucket)), TagSet: version.tags ?? [] }
}
