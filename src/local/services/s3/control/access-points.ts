// Access points: made, described, listed, removed. What one is set to when it is made never changes, but for its policy and tags.

import { networkOrigin, newAlias, pointArn } from '../access-points.ts'
import { accessDenied, invalidRequest, notImplemented, s3Error } from '../errors.ts'
import { allBlocked, completed } from '../public-access.ts'
import type { AccessPoint } from '../records.ts'
import type { S3Handler } from '../state.ts'
import { openToken, tokenFor } from '../tokens.ts'
import { checkTags } from './tags-given.ts'

export const createAccessPoint: S3Handler = (input, { state, account, region, clock, quota }) => {
  const { Name: name, Bucket, BucketAccountId, VpcConfiguration, PublicAccessBlockConfiguration: block, Tags } = input
  checkName(name)
  if (/^arn:|--x-s3$/.test(Bucket) || input.Scope)
    throw notImplemented('The local AWS has access points to general purpose buckets alone.')
  const bucket = state.findBucket(Bucket)
  if (!bucket || bucket.region !== region)
    throw invalidRequest('Amazon S3 AccessPoint can only be created for existing bucket')
  if (bucket.owner !== (BucketAccountId ?? account)) throw accessDenied()
  if (state.points.find({ account, region, name }))
    throw s3Error(
      409,
      'AccessPointAlreadyOwnedByYou',
      'Your previous request to create the named accesspoint succeeded and you already own it.',
    )
  if (state.points.count({ account, region }) >= quota('s3', 'L-FAABEEBA'))
    throw s3Error(400, 'TooManyAccessPoints', 'You have attempted to create more access points than allowed')
  const point: AccessPoint = {
    name,
    account,
    region,
    bucket: bucket.name,
    bucketAccount: bucket.owner,
    alias: newAlias({ name, account, region }),
    created: clock().getTime(),
    ...(VpcConfiguration?.VpcId && { vpc: VpcConfiguration.VpcId }),
    block: block ? completed(block) : allBlocked,
    ...(Tags?.length && { tags: checkTags(Tags) }),
  }
  state.points.put(point)
  return { AccessPointArn: pointArn(point), Alias: point.alias }
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
function checkName(name: string): void {
  if (name.endsWith('--xa-s3'))
    throw notImplemented('The local AWS has access points to general purpose buckets alone.')
  if (!/^[a-z0-9.-]{3,50}$/.test(name))
    throw s3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: `accesspoint/${name}` })
  if (/^-|-$|\.|^xn--|-s3alias$|--ol-s3$/.test(name)) throw invalidRequest('Your Amazon S3 AccessPoint name is invalid')
}

export const getAccessPoint: S3Handler = ({ Name: name }, { state, account, region }) => {
  const point = state.points.get({ account, region, name })
  const host = (kind: string, stack = ''): string => `s3-accesspoint${kind}.${stack}${region}.amazonaws.com`
  return {
    ...described(point),
    PublicAccessBlockConfiguration: point.block,
    CreationDate: new Date(point.created),
    Endpoints: {
      ipv4: host(''),
      fips: host('-fips'),
      fips_dualstack: host('-fips', 'dualstack.'),
      dualstack: host('', 'dualstack.'),
    },
  }
}

function described(point: AccessPoint): object {
  return {
    Name: point.name,
    NetworkOrigin: networkOrigin(point),
    ...(point.vpc !== undefined && { VpcConfiguration: { VpcId: point.vpc } }),
    Bucket: point.bucket,
    AccessPointArn: pointArn(point),
    Alias: point.alias,
    BucketAccountId: point.bucketAccount,
  }
}

const longestPage = 1000

export const listAccessPoints: S3Handler = ({ Bucket, MaxResults, NextToken }, { state, account, region }) => {
  if (Bucket !== undefined && !state.findBucket(Bucket))
    throw invalidRequest('Amazon S3 AccessPoint can only be listed for existing bucket')
  const after = NextToken === undefined ? '' : openToken(NextToken)
  const all = state.points
    .list({ account, region }, after)
    .filter(({ bucket }) => Bucket === undefined || bucket === Bucket)
  const page = all.slice(0, Math.min(MaxResults || longestPage, longestPage))
  return {
    AccessPointList: page.map(described),
    ...(all.length > page.length && { NextToken: tokenFor(page.at(-1)!.name) }),
  }
}

export const deleteAccessPoint: S3Handler = ({ Name: name }, { state, account, region, answer }) => {
  state.points.delete(state.points.get({ account, region, name }))
  answer.status = 204
}
