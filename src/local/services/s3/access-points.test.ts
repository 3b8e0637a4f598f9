// Access points without a client: how they are named, on both stores, and what no SDK sends to them.

import { afterAll, describe, expect, test } from 'bun:test'
import { validateAccessPointPolicy } from '../../../policy/validate-bucket.ts'
import { sign } from '../../../sign/sigv4.ts'
import { account, adminKeys } from '../../account.fixture.ts'
import { newAlias, pointOfArn } from './access-points.ts'
import { pointActionTargets } from './actions.ts'
import { hostBucket } from './address.ts'
import { parsedSource, sourceHeader } from './copy-source.ts'
import { isPublicPolicy } from './public-policy.ts'
import { removeStores, stores, type Buckets } from './s3.fixture.ts'

afterAll(removeStores)

const arn = `arn:aws:s3:us-east-1:${account}:accesspoint/point`

test.each([
  [`point-${account}.s3-accesspoint.us-east-1.amazonaws.com`, arn],
  [`point-${account}.s3-accesspoint.dualstack.us-east-1.amazonaws.com:443`, arn],
  [`point-${account}.s3-accesspoint-fips.us-east-1.amazonaws.com`, arn],
  [`a-b-${account}.s3-accesspoint.cn-north-1.amazonaws.com.cn`, `arn:aws:s3:cn-north-1:${account}:accesspoint/a-b`],
  [`point-${account}.127.0.0.1:4566`, `arn:aws:s3::${account}:accesspoint/point`],
  [`point-${account}.localhost:4566`, `point-${account}`],
  ['point.s3-accesspoint.us-east-1.amazonaws.com', undefined],
  [`${account}.127.0.0.1`, undefined],
  ['127.0.0.1', undefined],
])('the host %s names %s', (host, named) => {
  expect(hostBucket(host)).toBe(named)
})

test.each([
  ['b/k', 'b', 'k', undefined],
  ['/b/k%2Fl?versionId=v', 'b', 'k/l', 'v'],
  [`${arn}/object/a/b`, arn, 'a/b', undefined],
  [`${encodeURIComponent(arn)}/object/a%20b?versionId=v`, arn, 'a b', 'v'],
  [`arn:aws:s3:us-east-1:${account}:accesspoint:point/object/k`, arn.replace('/point', ':point'), 'k', undefined],
])('a copy of %s is of %s, %s', (header, bucket, key, versionId) => {
  const source = parsedSource(header)
  expect([source.bucket, source.key, source.versionId]).toEqual([bucket, key, versionId])
  // What it is of is told by the bucket's name then.
  expect(parsedSource(sourceHeader({ ...source, bucket: 'b' }))).toEqual({ ...source, bucket: 'b' })
})

test.each([
  ['short', 'us-east-1', /^short-[a-z0-9]{29}use1b-s3alias$/],
  ['n'.repeat(50), 'ap-northeast-1', /^n{20}-[a-z0-9]{28}apne1b-s3alias$/],
  ['nineteen-letters-and-more', 'us-gov-west-1', /^nineteen-letters-and-[a-z0-9]{28}usgw1b-s3alias$/],
])('the alias of %s in %s', (name, region, looks) => {
  const alias = newAlias({ name, region, account })
  expect(alias).toMatch(looks)
  expect(alias.length).toBeLessThanOrEqual(63)
})

test('an ARN names it, with or without an object', () => {
  const named = { name: 'point', account, region: 'us-east-1' }
  for (const text of [arn, `${arn}/object/k`, arn.replace('/', ':')]) expect(pointOfArn(text)).toEqual(named)
  for (const text of ['arn:aws:s3:::point', `arn:aws:sqs:us-east-1:${account}:accesspoint/point`, 'point'])
    expect(pointOfArn(text)).toBeUndefined()
})

const text = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }

test.each([
  [{ Resource: `${arn}/object/*` }, undefined],
  [{ Resource: `arn:aws:s3:*:${account}:accesspoint/p*/object/a` }, undefined],
  [{ Resource: arn, Action: ['s3:ListBucket', 's3:GetAccessPointPolicy'] }, undefined],
  [{ Resource: arn }, 'Action does not apply to any resource(s) in statement'],
  [{ Resource: '*' }, 'Policy has invalid resource'],
  [{ Resource: 'arn:aws:s3:::point/*' }, 'Policy has invalid resource'],
  [{ Resource: `${arn}2/object/*` }, 'Policy has invalid resource'],
  [{ Resource: `${arn}/object/*`, Action: 's3:CreateAccessPoints' }, 'Policy has invalid action'],
])('a policy with %j', (statement, problem) => {
  const check = (): void => validateAccessPointPolicy(text({ ...allow, ...statement }), arn, pointActionTargets())
  if (problem === undefined) expect(check).not.toThrow()
  else expect(check).toThrow(problem)
})

test.each([
  [{ 's3:DataAccessPointArn': arn }, false],
  [{ 's3:DataAccessPointArn': `arn:aws:s3:us-west-2:${account}:accesspoint/*` }, false],
  [{ 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:*:accesspoint/point' }, true],
  [{ 's3:DataAccessPointAccount': account }, false],
  [{ 's3:DataAccessPointAccount': '*' }, true],
  [{ 's3:AccessPointNetworkOrigin': 'VPC' }, true],
])('a bucket policy for whoever comes by %j is public: %p', (keys, isPublic) => {
  expect(isPublicPolicy(text({ ...allow, Resource: 'arn:aws:s3:::b/*', Condition: { StringLike: keys } }))).toBe(
    isPublic,
  )
})

for (const [kind, make] of Object.entries(stores)) {
  describe(`on the ${kind} store`, () => {
    async function pointed(): Promise<Buckets & { alias: string }> {
      const bench = make()
      await bench.s3('CreateBucket', { Bucket: 'behind' })
      const made = await bench.call('s3control', 'CreateAccessPoint', {
        AccountId: account,
        Name: 'point',
        Bucket: 'behind',
      })
      expect(made.AccessPointArn).toBe(arn)
      return { ...bench, alias: made.Alias }
    }

    test('what is written through it is in the bucket, also over its own host', async () => {
      const { put, read, s3, alias } = await pointed()
      await put(alias, 'a/b', 'here')
      expect(await read('behind', 'a/b')).toBe('here')
      const hosted = await s3('GetObject', { Bucket: 'x', Key: 'a/b' }, null, (request) =>
        sign(
          { ...request, host: `point-${account}.s3-accesspoint.us-east-1.amazonaws.com`, path: '/a/b' },
          { credentials: adminKeys, region: 'us-east-1', service: 's3', date: new Date() },
        ),
      )
      expect(new TextDecoder().decode(hosted.Body)).toBe('here')
      const copied = { Bucket: 'behind', Key: 'copy', CopySource: `${arn}/object/a/b` }
      await s3('CopyObject', copied)
      expect(await read(alias, 'copy')).toBe('here')
    })

    test('a page may use it as the bucket lets it', async () => {
      const { s3, plain } = await pointed()
      const rule = { AllowedMethods: ['GET'], AllowedOrigins: ['http://page'] }
      await s3('PutBucketCors', { Bucket: 'behind', CORSConfiguration: { CORSRules: [rule] } })
      const asked = { origin: 'http://page', 'access-control-request-method': 'GET' }
      const host = `point-${account}.s3-accesspoint.us-east-1.amazonaws.com`
      expect((await plain('OPTIONS', host, '/k', asked)).headers['access-control-allow-origin']).toBe('http://page')
    })

    test('it goes with nothing left behind, and its bucket after it', async () => {
      const { call, refused, s3, alias } = await pointed()
      expect((await refused('DeleteBucket', { Bucket: 'behind' }))[0]).toBe('BucketHasAccessPointsAttached')
      await call('s3control', 'DeleteAccessPoint', { AccountId: account, Name: 'point' })
      expect((await refused('ListObjectsV2', { Bucket: alias }))[0]).toBe('InvalidAccessPointAliasError')
      await s3('DeleteBucket', { Bucket: 'behind' })
    })
  })
}
