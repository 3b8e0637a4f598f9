// Buckets: made, found, listed, removed.

import { createDirectory, describedDirectory } from '../directory/buckets.ts'
import { askedZone } from '../directory/zones.ts'
import { bucketOwned, bucketTaken, invalidArgument, malformedXml, s3Error } from '../errors.ts'
import { askedGrants, isPublic } from '../grants.ts'
import { wholeSecond } from '../moments.ts'
import { bucketArn, checkBucketName, ownerMember } from '../names.ts'
import { allBlocked } from '../public-access.ts'
import type { Bucket, Grant, Ownership } from '../records.ts'
import type { S3Handler } from '../state.ts'
import { waysOf } from '../through.ts'
import { openToken, tokenFor } from '../tokens.ts'
import { checkTags } from '../tags.ts'

const quota = 10_000

export const createBucket: S3Handler = (input, context) => {
  const { state, account, region, clock, buckets } = context
  const { Bucket: name, CreateBucketConfiguration: configuration } = input
  if (configuration && Object.keys(configuration).length === 0) throw malformedXml()
  const zone = askedZone(name, configuration, region)
  if (zone !== undefined) return createDirectory(name, zone, context)
  const classic = buckets === 'classic'
  checkBucketName(name, classic)
  const location = locationOf(configuration?.LocationConstraint, region)
  const there = state.findBucket(name)
  if (there) return existing(there, account, location)
  if (state.buckets().filter((bucket) => bucket.owner === account).length >= quota)
    throw s3Error(400, 'TooManyBuckets', 'You have attempted to create more buckets than allowed')
  const accountBlock = state.accountBlock(account)
  const bucket: Bucket = {
    name,
    owner: account,
    region: location,
    created: wholeSecond(clock().getTime()).getTime(),
    ownership: ownershipOf(input.ObjectOwnership, classic),
    ...(!classic && { block: allBlocked }),
    ...(accountBlock && { accountBlock }),
    ...(input.ObjectLockEnabledForBucket && { lock: {}, versioning: 'Enabled' as const }),
    ...(configuration?.Tags?.length && { tags: checkTags(configuration.Tags, 'bucket') }),
  }
  const grants = askedGrants(input, account, { ...bucket, ownership: 'ObjectWriter', block: undefined }, 'bucket')
  if (grants) checkGrants(grants, bucket)
  state.putBucket({ ...bucket, ...(grants && { grants }) })
  return {
    Location: location === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    BucketArn: bucketArn(name),
  }
}

function checkGrants(grants: readonly Grant[], { name: BucketName, ownership, block }: Bucket): void {
  if (ownership === 'BucketOwnerEnforced')
    throw s3Error(
      400,
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      { BucketName },
    )
  if (block && grants.some(isPublic))
    throw s3Error(
      400,
      'InvalidBucketAclWithBlockPublicAccessError',
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
      { BucketName },
    )
}

/** us-east-1 makes buckets anywhere; every other region only its own. */
function locationOf(constraint: string | undefined, signed: string): string {
  // Old clients sign for `US`, as us-east-1 was called once.
  const region = isRegion(signed) ? signed : 'us-east-1'
  if (region === 'us-east-1') {
    if (constraint === undefined || constraint === '') return region
    if (constraint === 'EU') return 'eu-west-1'
    if (constraint === 'us-east-1' || !isRegion(constraint))
      throw s3Error(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
        LocationConstraint: constraint,
      })
    return constraint
  }
  const asked = constraint === 'EU' && region === 'eu-west-1' ? 'eu-west-1' : constraint
  if (asked === region) return region
  throw s3Error(
    400,
    'IllegalLocationConstraintException',
    `The ${asked || 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )
}

function isRegion(name: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(name)
}

/** In us-east-1 making one's own bucket again succeeds. */
function existing(bucket: Bucket, account: string, location: string): object {
  if (bucket.owner !== account) throw bucketTaken(bucket.name)
  if (bucket.region === 'us-east-1' && location === 'us-east-1')
    return { Location: `/${bucket.name}`, BucketArn: bucketArn(bucket.name) }
  throw bucketOwned(bucket.name)
}

function ownershipOf(asked: string | undefined, classic: boolean): Ownership | undefined {
  if (asked === undefined) return classic ? undefined : 'BucketOwnerEnforced'
  if (asked === 'BucketOwnerEnforced' || asked === 'BucketOwnerPreferred' || asked === 'ObjectWriter') return asked
  throw invalidArgument(`Invalid x-amz-object-ownership header: ${asked}`, 'x-amz-object-ownership')
}

export const headBucket: S3Handler = ({ Bucket }, context) => {
  const bucket = context.state.bucket(Bucket)
  const { region, directory } = bucket
  if (directory) return describedDirectory(bucket, directory.zone)
  const { byAlias = false } = waysOf(context)
  return { BucketArn: bucketArn(Bucket), BucketRegion: region, AccessPointAlias: byAlias }
}

export const getBucketLocation: S3Handler = ({ Bucket }, { state }) => {
  const { region } = state.bucket(Bucket)
  return region === 'us-east-1' ? {} : { LocationConstraint: region }
}

export const deleteBucket: S3Handler = ({ Bucket }, { state }) => {
  const bucket = state.bucket(Bucket)
  if (!state.isEmpty(Bucket)) {
    const message = bucket.versioning
      ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
      : 'The bucket you tried to delete is not empty'
    throw s3Error(409, 'BucketNotEmpty', message, { BucketName: Bucket })
  }
  if (state.points.has(Bucket))
    throw s3Error(400, 'BucketHasAccessPointsAttached', 'Bucket has access points attached and cannot be deleted.', {
      BucketName: Bucket,
    })
  state.deleteBucket(Bucket)
}

const longestPage = 10_000

export const listBuckets: S3Handler = (
  { Prefix = '', ContinuationToken, MaxBuckets, BucketRegion },
  { state, account, buckets },
) => {
  if (MaxBuckets !== undefined && (MaxBuckets < 1 || MaxBuckets > longestPage))
    throw invalidArgument(
      `Argument max-buckets must be an integer between 1 and ${longestPage}`,
      'max-buckets',
      String(MaxBuckets),
    )
  if (BucketRegion !== undefined && !isRegion(BucketRegion))
    throw invalidArgument(`Argument value ${BucketRegion} is not a valid AWS Region`, 'bucket-region')
  const after = ContinuationToken === undefined ? undefined : openToken(ContinuationToken)
  const own = state
    .buckets({ prefix: Prefix, after })
    .filter(
      ({ owner, region, directory }) =>
        owner === account && !directory && (BucketRegion === undefined || region === BucketRegion),
    )
  const page = own.slice(0, MaxBuckets ?? longestPage)
  const paged =
    MaxBuckets !== undefined || BucketRegion !== undefined || ContinuationToken !== undefined || Prefix !== ''
  return {
    Owner: ownerMember(account, { buckets }),
    Buckets: page.map(({ name, created, region }) => ({
      Name: name,
      CreationDate: new Date(created),
      ...(paged && { BucketRegion: region }),
      BucketArn: bucketArn(name),
    })),
    ...(own.length > page.length && { ContinuationToken: tokenFor(page.at(-1)!.name) }),
    ...(Prefix !== '' && { Prefix }),
  }
}
