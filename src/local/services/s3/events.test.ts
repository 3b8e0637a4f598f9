// Which events does a bucket tell, and when? By the account's clock; what a client sees: tests/foreign/boto3_sns_cases.py.

import { describe, expect, test } from 'bun:test'
import { account, bench, document, type Bench } from '../../account.fixture.ts'
import { changeSettings } from '../../settings.ts'

const queueArn = `arn:aws:sqs:us-east-1:${account}:events`
const day = 86_400_000

async function listening(b: Bench, ...Events: string[]): Promise<() => Promise<any[]>> {
  const Policy = document({
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::events' }, StringEquals: { 'aws:SourceAccount': account } },
  })
  const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'events', Attributes: { Policy } })
  await b.call('s3', 'CreateBucket', { Bucket: 'events' })
  const NotificationConfiguration = { QueueConfigurations: [{ QueueArn: queueArn, Events }] }
  await b.call('s3', 'PutBucketNotificationConfiguration', { Bucket: 'events', NotificationConfiguration })
  const heard = async (): Promise<any[]> => {
    const { Messages = [] } = await b.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
    for (const { ReceiptHandle } of Messages) await b.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle })
    return Messages.flatMap(({ Body }: { Body: string }) => JSON.parse(Body).Records ?? [])
  }
  await heard()
  return heard
}

const put = (b: Bench, Key: string, more: object = {}): Promise<any> =>
  b.call('s3', 'PutObject', { Bucket: 'events', Key, Body: new TextEncoder().encode('x'), ...more })

const lifecycle = (b: Bench, rule: object): Promise<any> =>
  b.call('s3', 'PutBucketLifecycleConfiguration', {
    Bucket: 'events',
    LifecycleConfiguration: { Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, ...rule }] },
  })

describe('lifecycle', () => {
  test('an object that expires, though nobody finds it any more', async () => {
    const b = bench()
    const heard = await listening(b, 's3:LifecycleExpiration:*', 's3:ObjectRemoved:*')
    await lifecycle(b, { Expiration: { Days: 1 } })
    await put(b, 'old')
    b.advance(3 * day)
    expect((await b.refusal('s3', 'GetObject', { Bucket: 'events', Key: 'old' })).code).toBe('NoSuchKey')
    expect(await heard()).toMatchObject([
      {
        eventName: 'LifecycleExpiration:Delete',
        userIdentity: { principalId: 's3.amazonaws.com' },
        requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
        s3: { object: { key: 'old' } },
      },
    ])
  })

  test('with versions, a marker', async () => {
    const b = bench()
    const heard = await listening(b, 's3:LifecycleExpiration:DeleteMarkerCreated')
    const VersioningConfiguration = { Status: 'Enabled' }
    await b.call('s3', 'PutBucketVersioning', { Bucket: 'events', VersioningConfiguration })
    await lifecycle(b, { Expiration: { Days: 1 } })
    await put(b, 'old')
    b.advance(3 * day)
    await b.call('s3', 'ListObjectsV2', { Bucket: 'events' })
    const [record] = await heard()
    expect([record.eventName, record.s3.object.versionId]).toEqual([
      'LifecycleExpiration:DeleteMarkerCreated',
      expect.any(String),
    ])
  })

  test('a move to another class', async () => {
    const b = bench()
    const heard = await listening(b, 's3:LifecycleTransition')
    await lifecycle(b, { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })
    await put(b, 'cold')
    b.advance(3 * day)
    await b.call('s3', 'HeadObject', { Bucket: 'events', Key: 'cold' })
    expect(await heard()).toMatchObject([
      { lifecycleEventData: { transitionEventData: { destinationStorageClass: 'GLACIER' } } },
    ])
  })
})

test('an archived object that is restored', async () => {
  const b = bench()
  const heard = await listening(b, 's3:ObjectRestore:*')
  await put(b, 'cold', { StorageClass: 'GLACIER' })
  await b.call('s3', 'RestoreObject', { Bucket: 'events', Key: 'cold', RestoreRequest: { Days: 1 } })
  const records = await heard()
  expect(records.map(({ eventName }) => eventName).sort()).toEqual(['ObjectRestore:Completed', 'ObjectRestore:Post'])
  expect(records.find(({ eventName }) => eventName === 'ObjectRestore:Completed').glacierEventData).toMatchObject({
    restoreEventData: { lifecycleRestoreStorageClass: 'GLACIER' },
  })
})

test("at AWS's pace it takes its time", async () => {
  const b = bench()
  const heard = await listening(b, 's3:ObjectRestore:*')
  await changeSettings(b.world, { pace: 'real' })
  await put(b, 'cold', { StorageClass: 'GLACIER' })
  const cold = { Bucket: 'events', Key: 'cold' }
  const restore = { ...cold, RestoreRequest: { Days: 2, GlacierJobParameters: { Tier: 'Standard' } } }
  await b.call('s3', 'RestoreObject', restore)
  expect((await b.call('s3', 'HeadObject', cold)).Restore).toBe('ongoing-request="true"')
  expect((await b.refusal('s3', 'GetObject', cold)).code).toBe('InvalidObjectState')
  expect((await b.refusal('s3', 'RestoreObject', restore)).code).toBe('RestoreAlreadyInProgress')
  expect((await heard()).map(({ eventName }) => eventName)).toEqual(['ObjectRestore:Post'])
  b.advance(day / 6)
  expect((await b.call('s3', 'HeadObject', cold)).Restore).toStartWith('ongoing-request="false"')
  await b.call('s3', 'GetObject', cold)
  const [told] = await heard()
  expect([told.eventName, told.userIdentity.principalId]).toEqual(['ObjectRestore:Completed', 's3.amazonaws.com'])
  b.advance(3 * day)
  expect((await b.refusal('s3', 'GetObject', cold)).code).toBe('InvalidObjectState')
  await put(b, 'deep', { StorageClass: 'DEEP_ARCHIVE' })
  const now = {
    Bucket: 'events',
    Key: 'deep',
    RestoreRequest: { Days: 1, GlacierJobParameters: { Tier: 'Expedited' } },
  }
  expect((await b.refusal('s3', 'RestoreObject', now)).code).toBe('InvalidArgument')
})

test('what is refused happens not', async () => {
  const b = bench()
  const heard = await listening(b, 's3:ObjectCreated:*')
  const keys = await b.user('ana')
  await b.refusal('s3', 'PutObject', { Bucket: 'events', Key: 'k' }, keys)
  await b.refusal('s3', 'CopyObject', { Bucket: 'events', Key: 'k', CopySource: 'events/none' })
  expect(await heard()).toEqual([])
})

test('a queue that no longer lets S3 in is not told, and nobody is kept from writing', async () => {
  const b = bench()
  const heard = await listening(b, 's3:ObjectCreated:*')
  const { QueueUrl } = await b.call('sqs', 'GetQueueUrl', { QueueName: 'events' })
  await b.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } })
  await put(b, 'k')
  expect(await heard()).toEqual([])
})

test('the sequencer of a later event of a key is greater', async () => {
  const b = bench()
  const heard = await listening(b, 's3:ObjectCreated:*')
  for (let i = 0; i < 3; i++) await put(b, 'k')
  const sequencers = (await heard()).map((record) => record.s3.object.sequencer)
  expect(sequencers).toEqual([...new Set(sequencers)].sort())
})
