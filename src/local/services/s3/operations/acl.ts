// Access control lists of buckets and objects.

import { s3Error } from '../errors.ts'
import { announce } from '../events.ts'
import { aclOf, askedGrants, bodyGrants } from '../grants.ts'
import type { Bucket, Grant } from '../records.ts'
import { replicate } from '../replication.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { waysOf } from '../through.ts'
import { versionMember } from '../attributes.ts'
import { objectFor, versionFor } from './get-object.ts'

/** The list of a PutBucketAcl or PutObjectAcl: canned, in headers, or the body. Undefined: the owner alone. */
function givenGrants(
  input: Record<string, any>,
  owner: string,
  bucket: Bucket,
  kind: 'bucket' | 'object',
  context: S3Context,
): Grant[] | undefined {
  const { AccessControlPolicy: body } = input
  const inHeaders = ['ACL', 'GrantFullControl', 'GrantRead', 'GrantWrite', 'GrantReadACP', 'GrantWriteACP'].some(
    (name) => input[name] !== undefined,
  )
  if (inHeaders && body) throw s3Error(400, 'UnexpectedContent', 'This request does not support content')
  if (!inHeaders && !body)
    throw s3Error(400, 'MissingSecurityHeader', 'Your request was missing a required header', {
      MissingHeaderName: 'x-amz-acl',
    })
  const { point } = waysOf(context)
  return inHeaders ? askedGrants(input, owner, bucket, kind, point) : bodyGrants(body, owner, bucket, point)
}

export const putBucketAcl: S3Handler = (input, context) => {
  const { state } = context
  const { grants: _before, ...bucket } = state.bucket(input.Bucket)
  const grants = givenGrants(input, bucket.owner, bucket, 'bucket', context)
  state.putBucket({ ...bucket, ...(grants && { grants }) })
}

export const getBucketAcl: S3Handler = ({ Bucket: name }, context) => {
  const { owner, grants } = context.state.bucket(name)
  return aclOf(owner, grants, context)
}

export const putObjectAcl: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const { grants: _before, ...version } = objectFor(input, context)
  const grants = givenGrants(input, version.owner ?? bucket.owner, bucket, 'object', context)
  const changed = { ...version, ...(grants && { grants }) }
  state.replace(bucket.name, input.Key, changed)
  replicate(bucket, input.Key, changed, context)
  announce('ObjectAcl:Put', bucket, { key: input.Key, version }, context)
  return {}
}

export const getObjectAcl: S3Handler = (input, context) => {
  const bucket = context.state.bucket(input.Bucket)
  const version = versionFor(input, context)
  return { ...aclOf(version.owner ?? bucket.owner, version.grants, context), ...versionMember(version, bucket) }
}
