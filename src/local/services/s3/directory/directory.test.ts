// Directory buckets without a client: their names, hosts and policies, and a session's limits on both stores.

import { afterAll, describe, expect, test } from 'bun:test'
import type { Credentials } from '../../../../lib/credentials.ts'
import { validateDirectoryPolicy } from '../../../../policy/validate-bucket.ts'
import { sign } from '../../../../sign/sigv4.ts'
import { account, adminKeys, models } from '../../../account.fixture.ts'
import { identify } from '../../../identify.ts'
import { hostBucket } from '../address.ts'
import { bucketOf } from '../names.ts'
import { removeStores, stores } from '../s3.fixture.ts'
import { services } from '../../table.ts'
import { directoryActions } from './permissions.ts'
import { askedZone, directoryArn, zoneIn } from './zones.ts'

afterAll(removeStores)

const Bucket = 'folders--use1-az4--x-s3'
const configuration = { Location: { Type: 'AvailabilityZone', Name: 'use1-az4' }, Bucket: { Type: 'Directory' } }

test.each([
  [Bucket, 'use1-az4'],
  ['a-b--usw2-lax1-az1--x-s3', 'usw2-lax1-az1'],
  ['plain', undefined],
  ['plain--x-s3', undefined],
  ['--use1-az4--x-s3', undefined],
  ['Capital--use1-az4--x-s3', undefined],
])('%s lies in %s', (name, zone) => {
  expect(zoneIn(name)).toBe(zone)
})

test.each([
  [Bucket, configuration, 'us-east-1', 'use1-az4'],
  ['plain', undefined, 'us-east-1', undefined],
  ['plain', { LocationConstraint: 'eu-west-1' }, 'us-east-1', undefined],
])('CreateBucket of %s with %j in %s', (name, given, region, zone) => {
  expect(askedZone(name, given, region)).toBe(zone)
})

test.each([
  ['plain', configuration, 'us-east-1', 'InvalidBucketName'],
  [Bucket, configuration, 'us-west-2', 'InvalidRequest'],
  [Bucket, undefined, 'us-east-1', 'InvalidRequest'],
  [Bucket, { ...configuration, Location: { Name: 'use1-az5' } }, 'us-east-1', 'InvalidRequest'],
])('CreateBucket of %s with %j in %s is refused', (name, given, region, code) => {
  expect(() => askedZone(name, given, region)).toThrow(expect.objectContaining({ code }))
})

test.each([
  [`${Bucket}.s3express-use1-az4.us-east-1.amazonaws.com`, Bucket],
  [`${Bucket}.localhost:4566`, Bucket],
  ['s3express-control.us-east-1.amazonaws.com', undefined],
])('the host %s names %s', (host, named) => {
  expect(hostBucket(host)).toBe(named)
})

test('its ARN names it', () => {
  const arn = directoryArn({ name: Bucket, owner: account, region: 'us-east-1' })
  expect(arn).toBe(`arn:aws:s3express:us-east-1:${account}:bucket/${Bucket}`)
  expect(bucketOf(arn)).toBe(Bucket)
})

test.each([
  ['s3express', '', 'ListDirectoryBuckets'],
  ['s3', '', 'ListBuckets'],
  ['s3', 'x-id=ListDirectoryBuckets', 'ListDirectoryBuckets'],
])('GET / signed for %s with %p is %s', async (service, query, operation) => {
  const plain = { method: 'GET', scheme: 'http' as const, host: 'localhost', path: '/', query, headers: {} }
  const signed = sign(
    { ...plain, body: new Uint8Array(0) },
    { credentials: adminKeys, region: 'us-east-1', service, date: new Date() },
  )
  expect((await identify(signed, models, services)).asked).toBe(operation)
})

const arn = directoryArn({ name: Bucket, owner: account, region: 'us-east-1' })

test.each([
  [{ Action: 's3express:CreateSession', Resource: arn }, undefined],
  [{ Action: ['s3express:*'], Resource: arn.replace('folders', '*') }, undefined],
  [{ Action: 's3express:CreateSession', Resource: `${arn}/*` }, 'Policy has invalid resource'],
  [{ Action: 's3express:CreateSession', Resource: `arn:aws:s3:::${Bucket}` }, 'Policy has invalid resource'],
  [{ Action: 's3:GetObject', Resource: arn }, 'Policy has invalid action'],
  [{ Action: 's3express:GetObject', Resource: arn }, 'Policy has invalid action'],
])('a policy with %j', (statement, problem) => {
  const Statement = [{ Effect: 'Allow', Principal: '*', ...statement }]
  const check = (): void =>
    validateDirectoryPolicy(JSON.stringify({ Version: '2012-10-17', Statement }), arn, directoryActions())
  if (problem === undefined) expect(check).not.toThrow()
  else expect(check).toThrow(problem)
})

for (const [kind, make] of Object.entries(stores))
  describe(`on the ${kind} store`, () => {
    test('a session ends after five minutes, and is good for its bucket alone', async () => {
      const { s3, refused, refusal, put, advance } = make()
      await s3('CreateBucket', { Bucket, CreateBucketConfiguration: configuration })
      await s3('CreateBucket', { Bucket: 'general' })
      const made = (await s3('CreateSession', { Bucket, SessionMode: 'ReadOnly' })).Credentials
      const keys: Credentials = {
        accessKeyId: made.AccessKeyId,
        secretAccessKey: made.SecretAccessKey,
        sessionToken: made.SessionToken,
      }
      await put(Bucket, 'k', 'here')
      expect((await s3('ListObjectsV2', { Bucket }, keys)).KeyCount).toBe(1)
      expect(await refused('DeleteObject', { Bucket, Key: 'k' }, keys)).toEqual(['AccessDenied', 403, 'Access Denied'])
      expect((await refused('ListObjectsV2', { Bucket: 'general' }, keys))[0]).toBe('AccessDenied')
      expect((await refusal('iam', 'ListUsers', {}, keys)).code).toBe('InvalidClientTokenId')
      advance(300_001)
      expect((await refused('ListObjectsV2', { Bucket }, keys))[0]).toBe('ExpiredToken')
    })

    test('what was renamed is gone from where it was, and its bytes with the last of it', async () => {
      const { s3, put, read, refused } = make()
      await s3('CreateBucket', { Bucket, CreateBucketConfiguration: configuration })
      await put(Bucket, 'from', 'first')
      await put(Bucket, 'to', 'second')
      await s3('RenameObject', { Bucket, Key: 'to', RenameSource: `/${Bucket}/from` })
      expect(await read(Bucket, 'to')).toBe('first')
      expect((await refused('GetObject', { Bucket, Key: 'from' }))[0]).toBe('NoSuchKey')
      await s3('RenameObject', { Bucket, Key: 'to', RenameSource: 'to' })
      expect(await read(Bucket, 'to')).toBe('first')
      await s3('DeleteObject', { Bucket, Key: 'to' })
      await s3('DeleteBucket', { Bucket })
    })
  })
