// Bucket policies, and what is public.

import { validateBucketPolicy, validateDirectoryPolicy } from '../../../../policy/validate-bucket.ts'
import { utf8 } from '../../../../lib/bytes.ts'
import { actionTargets } from '../actions.ts'
import { directoryActions } from '../directory/permissions.ts'
import { directoryArn } from '../directory/zones.ts'
import { accessDenied, s3Error } from '../errors.ts'
import { blockOf } from '../public-access.ts'
import { isPublicPolicy } from '../public-policy.ts'
import type { S3Handler } from '../state.ts'

const largest = 20_480

export const putBucketPolicy: S3Handler = ({ Bucket, Policy = '' }, { state, answer }) => {
  const bucket = state.bucket(Bucket)
  if (utf8(Policy).length > largest)
    throw s3Error(400, 'PolicyTooLarge', 'The policy exceeds the maximum allowed document size.')
  if (bucket.directory) validateDirectoryPolicy(Policy, directoryArn(bucket), directoryActions())
  else validateBucketPolicy(Policy, Bucket, actionTargets())
  if (blockOf(bucket).BlockPublicPolicy && isPublicPolicy(Policy)) throw accessDenied()
  state.putBucket({ ...bucket, policy: Policy })
  answer.status = 204
}

export const getBucketPolicy: S3Handler = ({ Bucket }, { state }) => {
  const { policy } = state.bucket(Bucket)
  if (policy === undefined) throw noPolicy(Bucket)
  return { Policy: policy }
}

export const deleteBucketPolicy: S3Handler = ({ Bucket }, { state }) => {
  const { policy: _gone, ...bucket } = state.bucket(Bucket)
  state.putBucket(bucket)
}

export const getBucketPolicyStatus: S3Handler = ({ Bucket }, { state }) => {
  const { policy } = state.bucket(Bucket)
  if (policy === undefined) throw noPolicy(Bucket)
  return { PolicyStatus: { IsPublic: isPublicPolicy(policy) } }
}

function noPolicy(BucketName: string): Error {
  return s3Error(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName })
}
