// What is written of the requests to a bucket, and where does it go? What a client sets: tests/foreign/boto3_s3_settings_cases.py.

import { expect, test } from 'bun:test'
import { account, bench, document, type Bench } from '../../account.fixture.ts'

const hour = 3_600_000

const letIn = (Bucket: string, Condition: object = {}): object => ({
  Bucket,
  Policy: document({
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::asked' }, ...Condition },
  }),
})

async function logging(b: Bench, TargetBucket: string, more: object = {}): Promise<void> {
  const LoggingEnabled = { TargetBucket, TargetPrefix: 'to/', ...more }
  await b.call('s3', 'PutBucketLogging', { Bucket: 'asked', BucketLoggingStatus: { LoggingEnabled } })
}

const put = (b: Bench, Key: string): Promise<unknown> =>
  b.call('s3', 'PutObject', { Bucket: 'asked', Key, Body: new TextEncoder().encode('hello') })

async function files(b: Bench, Bucket: string): Promise<{ key: string; lines: string[][] }[]> {
  const { Contents = [] } = await b.call('s3', 'ListObjectsV2', { Bucket })
  const found = []
  for (const { Key } of Contents) {
    const { Body } = await b.call('s3', 'GetObject', { Bucket, Key })
    const lines = new TextDecoder().decode(Body).trimEnd().split('\n')
    found.push({ key: Key as string, lines: lines.map((line) => line.match(/\[[^\]]*\]|"[^"]*"|\S+/g)!) })
  }
  return found
}

test('an hour of requests is one object', async () => {
  const b = bench()
  for (const Bucket of ['asked', 'logs']) await b.call('s3', 'CreateBucket', { Bucket })
  await b.call('s3', 'PutBucketPolicy', letIn('logs', { StringEquals: { 'aws:SourceAccount': account } }))
  await put(b, 'before')
  await logging(b, 'logs')
  await put(b, 'a key')
  await b.refusal('s3', 'GetObject', { Bucket: 'asked', Key: 'none' })
  await b.call('s3', 'GetBucketVersioning', { Bucket: 'asked' })
  await b.call('s3', 'CreateMultipartUpload', { Bucket: 'asked', Key: 'up' })
  expect(await files(b, 'logs')).toEqual([])
  b.advance(hour)
  await b.call('s3', 'ListBuckets', {})
  const [file, ...others] = await files(b, 'logs')
  expect([others, file!.key]).toEqual([[], expect.stringMatching(/^to\/\d{4}(-\d\d){5}-[0-9A-F]{16}$/)])
  expect(file!.lines.map((fields) => [fields[1], ...fields.slice(6, 8), ...fields.slice(9, 11)])).toEqual([
    ['asked', 'REST.PUT.OBJECT', 'a%20key', '200', '-'],
    ['asked', 'REST.GET.OBJECT', 'none', '404', 'NoSuchKey'],
    ['asked', 'REST.GET.VERSIONING', '-', '200', '-'],
    ['asked', 'REST.POST.UPLOADS', 'up', '200', '-'],
  ])
  // As many fields as S3 has: up to aclRequired.
  expect(new Set(file!.lines.map((fields) => fields.length))).toEqual(new Set([26]))
})

test('logs go only where they are let in, by a policy or a list', async () => {
  const b = bench()
  for (const Bucket of ['asked', 'shut']) await b.call('s3', 'CreateBucket', { Bucket })
  await b.call('s3', 'CreateBucket', { Bucket: 'listed', ObjectOwnership: 'ObjectWriter' })
  await b.call('s3', 'PutBucketPolicy', letIn('shut', { StringEquals: { 'aws:SourceAccount': '999999999999' } }))
  await logging(b, 'shut')
  await put(b, 'k')
  await b.call('s3', 'PutBucketAcl', { Bucket: 'listed', ACL: 'log-delivery-write' })
  await logging(b, 'listed', { TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } } })
  await put(b, 'k')
  b.advance(hour)
  await b.call('s3', 'ListBuckets', {})
  expect(await files(b, 'shut')).toEqual([])
  const [file] = await files(b, 'listed')
  expect(file!.key).toMatch(new RegExp(`^to/${account}/us-east-1/asked/\\d{4}/\\d\\d/\\d\\d/\\d{4}-`))
})
