// Tags of objects.

import { versionMember } from '../attributes.ts'
import { malformedXml } from '../errors.ts'
import { announce } from '../events.ts'
import { replicate } from '../replication.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { checkTags } from '../tags.ts'
import { objectFor, type Named } from './get-object.ts'

function change(
  input: Record<string, any>,
  context: S3Context,
  tags: { Key: string; Value: string }[] | undefined,
): object {
  const { state } = context
  const bucket = state.bucket(input['Bucket'])
  const { tags: _before, ...version } = objectFor(input as Named, context)
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
  const version = objectFor(input, context)
  return { ...versionMember(version, context.state.bucket(input.Bucket)), TagSet: version.tags ?? [] }
}
