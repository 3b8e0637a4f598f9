// Directory buckets: made, described, listed.

import { bucketOwned, bucketTaken } from '../errors.ts'
import { wholeSecond } from '../moments.ts'
import { allBlocked } from '../public-access.ts'
import type { Bucket } from '../records.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { openToken, tokenFor } from '../tokens.ts'
import { directoryArn } from './zones.ts'

/** One that CreateBucket asks for. */
export function createDirectory(name: string, zone: string, { state, account, region, clock }: S3Context): object {
  const there = state.findBucket(name)
  if (there) throw there.owner === account ? bucketOwned(name) : bucketTaken(name)
  const bucket: Bucket = {
    name,
    owner: account,
    region,
    created: wholeSecond(clock().getTime()).getTime(),
    ownership: 'BucketOwnerEnforced',
    block: allBlocked,
    directory: { zone },
  }
  state.putBucket(bucket)
  return { Location: `https://${name}.s3express-${zone}.${region}.amazonaws.com/`, BucketArn: directoryArn(bucket) }
}

/** What HeadBucket tells. */
export function describedDirectory(bucket: Bucket, zone: string): object {
  return {
    BucketArn: directoryArn(bucket),
    BucketLocationType: 'AvailabilityZone',
    BucketLocationName: zone,
    BucketRegion: bucket.region,
    AccessPointAlias: false,
  }
}

const longestPage = 1000

/** Those of the account in the region. */
export const listDirectoryBuckets: S3Handler = (
  { ContinuationToken, MaxDirectoryBuckets = longestPage },
  { state, account, region },
) => {
  const after = ContinuationToken === undefined ? undefined : openToken(ContinuationToken)
  const own = state
    .buckets({ after })
    .filter((bucket) => bucket.directory && bucket.owner === account && bucket.region === region)
  const page = own.slice(0, Math.min(MaxDirectoryBuckets, longestPage))
  return {
    Buckets: page.map((bucket) => ({
      Name: bucket.name,
      CreationDate: new Date(bucket.created),
      BucketRegion: bucket.region,
      BucketArn: directoryArn(bucket),
    })),
    ...(own.length > page.length && page.length > 0 && { ContinuationToken: tokenFor(page.at(-1)!.name) }),
  }
}
