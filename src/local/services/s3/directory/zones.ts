// What is a directory bucket called, and where does it lie? Its name says the zone: `base--use1-az4--x-s3`.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html

import { invalidRequest, s3Error } from '../errors.ts'
import { regionCode } from '../names.ts'
import type { Bucket } from '../records.ts'

/** The zone that a directory bucket's name says; undefined for any other name. */
export function zoneIn(name: string): string | undefined {
  return /^[a-z0-9][a-z0-9-]*--([a-z0-9-]+-az\d+)--x-s3$/.exec(name)?.[1]
}

export function directoryArn({ name, owner, region }: Pick<Bucket, 'name' | 'owner' | 'region'>): string {
  return `arn:aws:s3express:${region}:${owner}:bucket/${name}`
}

/** Where a CreateBucket wants its directory bucket; undefined where it wants none. Throws InvalidBucketName. */
export function askedZone(
  name: string,
  configuration: Record<string, any> | undefined,
  region: string,
): string | undefined {
  const { Location, Bucket } = configuration ?? {}
  const zone = zoneIn(name)
  if (!Location && !Bucket && zone === undefined) return undefined
  if (zone === undefined || name.length > 63)
    throw s3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name })
  if (Bucket?.Type !== 'Directory' || Location?.Name !== zone || !zone.startsWith(`${regionCode(region)}-`))
    throw invalidRequest(
      'The bucket name, its type and its location must be those of a directory bucket in this Region.',
    )
  return zone
}
