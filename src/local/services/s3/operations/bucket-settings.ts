// The settings of a bucket that its requests go by: versioning, ownership, public access, encryption, tags.

import type { AwsError } from '../../../../lib/errors.ts'
import { invalidArgument, malformedXml, notImplemented, s3Error } from '../errors.ts'
import { givenBlock } from '../public-access.ts'
import type { Bucket } from '../records.ts'
import type { S3Handler } from '../state.ts'
import { checkTags } from '../tags.ts'

const missing = (code: string, message: string, BucketName: string): AwsError =>
  s3Error(404, code, message, { BucketName })

/** A handler that forgets a setting. */
function forgets(setting: keyof Bucket): S3Handler {
  return ({ Bucket: name }, { state }) => {
    const { [setting]: _gone, ...bucket } = state.bucket(name)
    state.putBucket(bucket as Bucket)
  }
}

export const putBucketVersioning: S3Handler = (
  { Bucket: name, VersioningConfiguration: { Status, MFADelete } = {} as any },
  { state },
) => {
  const bucket = state.bucket(name)
  if (MFADelete === 'Enabled') throw notImplemented('The local AWS has no MFA delete yet.')
  if (Status === undefined)
    throw s3Error(400, 'IllegalVersioningConfigurationException', 'The Versioning element must be specified')
  if (Status !== 'Enabled' && Status !== 'Suspended') throw malformedXml()
  if (Status === 'Suspended' && bucket.replicates)
    throw s3Error(
      409,
      'InvalidBucketState',
      'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
    )
  if (Status === 'Suspended' && bucket.lock)
    throw s3Error(
      409,
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    )
  state.putBucket({ ...bucket, versioning: Status })
}

export const getBucketVersioning: S3Handler = ({ Bucket: name }, { state }) => {
  const { versioning } = state.bucket(name)
  return versioning ? { Status: versioning } : {}
}

export const putBucketOwnershipControls: S3Handler = ({ Bucket: name, OwnershipControls }, { state }) => {
  const bucket = state.bucket(name)
  const rules = OwnershipControls?.Rules ?? []
  const ownership = rules[0]?.ObjectOwnership
  if (rules.length !== 1 || !['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'].includes(ownership))
    throw malformedXml()
  if (ownership === 'BucketOwnerEnforced' && bucket.grants)
    throw s3Error(
      400,
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      { BucketName: name },
    )
  state.putBucket({ ...bucket, ownership })
}

export const getBucketOwnershipControls: S3Handler = ({ Bucket: name }, { state }) => {
  const { ownership } = state.bucket(name)
  if (!ownership) throw missing('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', name)
  return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }
}

export const deleteBucketOwnershipControls = forgets('ownership')

export const putPublicAccessBlock: S3Handler = ({ Bucket: name, PublicAccessBlockConfiguration: given }, { state }) => {
  state.updateBucket(name, { block: givenBlock(given) })
}

export const getPublicAccessBlock: S3Handler = ({ Bucket: name }, { state }) => {
  const { block } = state.bucket(name)
  if (!block)
    throw missing('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', name)
  return { PublicAccessBlockConfiguration: block }
}

export const deletePublicAccessBlock = forgets('block')

export const putBucketEncryption: S3Handler = (input, { state }) => {
  const bucket = state.bucket(input.Bucket)
  const rules = input.ServerSideEncryptionConfiguration?.Rules ?? []
  const byDefault = rules[0]?.ApplyServerSideEncryptionByDefault
  if (rules.length !== 1 || !byDefault) throw malformedXml()
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = byDefault
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) throw malformedXml()
  if (algorithm === 'AES256' && key !== undefined)
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    )
  const bucketKey = rules[0].BucketKeyEnabled ?? false
  state.putBucket({
    ...bucket,
    encryption: {
      algorithm,
      ...(key !== undefined && { key }),
      bucketKey,
    },
  })
}

export const getBucketEncryption: S3Handler = ({ Bucket: name }, { state }) => {
  const { algorithm, key, bucketKey }: NonNullable<Bucket['encryption']> = state.bucket(name).encryption ?? {
    algorithm: 'AES256',
  }
  const byDefault = { SSEAlgorithm: algorithm, ...(key !== undefined && { KMSMasterKeyID: key }) }
  return {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey ?? false }],
    },
  }
}

export const deleteBucketEncryption = forgets('encryption')

export const putBucketAbac: S3Handler = ({ Bucket: name, AbacStatus }, { state }) => {
  const status = AbacStatus?.Status
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml()
  const { abac: _before, ...bucket } = state.bucket(name)
  state.putBucket({ ...bucket, ...(status === 'Enabled' && { abac: true }) })
}

export const getBucketAbac: S3Handler = ({ Bucket: name }, { state }) => ({
  AbacStatus: { Status: state.bucket(name).abac ? 'Enabled' : 'Disabled' },
})

export const putBucketTagging: S3Handler = ({ Bucket: name, Tagging }, { state, answer }) => {
  const tags = Tagging?.TagSet
  if (!tags || tags.some((tag: { Key?: string; Value?: string }) => tag.Key === undefined || tag.Value === undefined))
    throw malformedXml()
  state.updateBucket(name, { tags: checkTags(tags, 'bucket') })
  answer.status = 204
}

export const getBucketTagging: S3Handler = ({ Bucket: name }, { state }) => {
  const { tags } = state.bucket(name)
  if (!tags?.length) throw missing('NoSuchTagSet', 'The TagSet does not exist', name)
  return { TagSet: tags }
}

export const deleteBucketTagging = forgets('tags')
