// The tags of buckets and access points, by their ARNs.

import { pointOfArn } from '../access-points.ts'
import { notImplemented, s3Error } from '../errors.ts'
import { bucketOf } from '../names.ts'
import type { Tag } from '../records.ts'
import type { S3, S3Handler } from '../state.ts'
import { checkTags } from './tags-given.ts'

export const tagResource: S3Handler = ({ ResourceArn, Tags }, { state, answer }) => {
  const given = checkTags(Tags ?? [])
  const { tags, put } = taggedIn(state, ResourceArn)
  const kept = tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key))
  put(checkTags([...kept, ...given]))
  answer.status = 204
}

export const untagResource: S3Handler = ({ ResourceArn, TagKeys }, { state, answer }) => {
  const { tags, put } = taggedIn(state, ResourceArn)
  put(tags.filter(({ Key }) => !TagKeys.includes(Key)))
  answer.status = 204
}

export const listTagsForResource: S3Handler = ({ ResourceArn }, { state }) => ({
  Tags: taggedIn(state, ResourceArn).tags,
})

/** What an ARN names. Throws NoSuchResource. */
function taggedIn(state: S3, arn: string): { tags: readonly Tag[]; put(tags: Tag[]): void } {
  if (/:(storage-lens|storage-lens-group|access-grants)\//.test(arn))
    throw notImplemented('The local AWS tags buckets and access points alone.')
  const name = pointOfArn(arn)
  const point = name && state.points.find(name)
  if (point) return { tags: point.tags ?? [], put: (tags) => state.points.put({ ...point, tags }) }
  const bucket = state.findBucket(bucketOf(arn))
  if (!bucket) throw s3Error(404, 'NoSuchResource', "The specified resource doesn't exist.")
  return { tags: bucket.tags ?? [], put: (tags) => state.putBucket({ ...bucket, tags }) }
}
