// Tables: made, changed, listed, gone; what they cannot be; time to live and provisioned capacity.

import { describe, expect, test } from 'bun:test'
import type { AwsError } from '../../../lib/errors.ts'
import { account, bench, told } from '../../account.fixture.ts'
import { changeSettings } from '../../settings.ts'
import { defined, dynamo, key, streamOf, throughput } from './dynamodb.fixture.ts'

describe('a table', () => {
  test('is being made, then there, then going, then gone', async () => {
    const { call, refusal, simple } = dynamo(bench())
    const { TableDescription: made } = await simple('first')
    expect(made).toMatchObject({
      TableName: 'first',
      TableStatus: 'CREATING',
      TableArn: `arn:aws:dynamodb:us-east-1:${account}:table/first`,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ItemCount: 0,
    })
    expect((await call('DescribeTable', { TableName: 'first' })).Table.TableStatus).toBe('ACTIVE')
    expect((await call('DescribeTable', { TableName: made.TableArn })).Table.TableId).toBe(made.TableId)
    expect(told(await refusal('CreateTable', { ...given, TableName: 'first' }))).toEqual([
      'ResourceInUseException',
      400,
      'Table already exists: first',
    ])
    expect((await call('DeleteTable', { TableName: 'first' })).TableDescription.TableStatus).toBe('DELETING')
    expect(told(await refusal('DescribeTable', { TableName: 'first' }))).toEqual([
      'ResourceNotFoundException',
      400,
      'Requested resource not found: Table: first not found',
    ])
    expect((await refusal('GetItem', { TableName: 'first', Key: { p: { S: 'x' } } })).message).toBe(
      'Requested resource not found',
    )
  })

  const given = {
    TableName: 'abc',
    AttributeDefinitions: defined({ p: 'S' }),
    KeySchema: key('p'),
    ProvisionedThroughput: throughput,
  }
  const wrong = 'One or more parameter values were invalid: '
  test.each([
    [
      { TableName: 'ab' },
      "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 3',
    ],
    [
      { TableName: 'a;b' },
      "1 validation error detected: Value 'a;b' at 'tableName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    ],
    [
      { KeySchema: undefined },
      "1 validation error detected: Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
    ],
    [
      { BillingMode: 'PAY_PER_REQUEST' },
      `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      { ProvisionedThroughput: undefined },
      `${wrong}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      { KeySchema: key('q') },
      `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]`,
    ],
    [
      { AttributeDefinitions: defined({ p: 'S', q: 'S' }) },
      `${wrong}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [{ GlobalSecondaryIndexes: [] }, `${wrong}List of GlobalSecondaryIndexes is empty`],
    [
      {
        LocalSecondaryIndexes: [{ IndexName: 'abc', KeySchema: key('p', 'q'), Projection: { ProjectionType: 'ALL' } }],
      },
      `${wrong}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      {
        GlobalSecondaryIndexes: [
          { IndexName: 'abc', KeySchema: key('p'), Projection: {}, ProvisionedThroughput: throughput },
        ],
      },
      `${wrong}Unknown ProjectionType: null`,
    ],
    [
      { StreamSpecification: { StreamEnabled: true } },
      `${wrong}Table is being created with a stream enabled, UpdateViewType is required`,
    ],
  ])('cannot be %j', async (change, message) => {
    expect(told(await dynamo(bench()).refusal('CreateTable', { ...given, ...change }))).toEqual([
      'ValidationException',
      400,
      message,
    ])
  })

  test('is listed by name, a page at a time', async () => {
    const { call, simple } = dynamo(bench())
    for (const name of ['ccc', 'aaa', 'bbb']) await simple(name)
    expect(await call('ListTables', { Limit: 2 })).toEqual({
      TableNames: ['aaa', 'bbb'],
      LastEvaluatedTableName: 'bbb',
    })
    expect(await call('ListTables', { ExclusiveStartTableName: 'bbb' })).toEqual({ TableNames: ['ccc'] })
  })

  test('is not removed while it is protected', async () => {
    const { call, refusal, simple } = dynamo(bench())
    await simple('safe', { DeletionProtectionEnabled: true })
    expect((await refusal('DeleteTable', { TableName: 'safe' })).code).toBe('ValidationException')
    await call('UpdateTable', { TableName: 'safe', DeletionProtectionEnabled: false })
    await call('DeleteTable', { TableName: 'safe' })
  })

  test('gets an index, filled from what is there, and loses it', async () => {
    const { call, refusal, simple, put } = dynamo(bench())
    await simple('late')
    await put('late', { p: { S: 'a' }, color: { S: 'red' } })
    await put('late', { p: { S: 'b' } })
    const create = {
      TableName: 'late',
      AttributeDefinitions: defined({ p: 'S', color: 'S' }),
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName: 'by-color', KeySchema: key('color'), Projection: { ProjectionType: 'KEYS_ONLY' } } },
      ],
    }
    const { TableDescription: changing } = await call('UpdateTable', create)
    expect([changing.TableStatus, changing.GlobalSecondaryIndexes[0].IndexStatus]).toEqual(['UPDATING', 'CREATING'])
    const { Table: after } = await call('DescribeTable', { TableName: 'late' })
    expect(after.GlobalSecondaryIndexes[0]).toMatchObject({ IndexStatus: 'ACTIVE', ItemCount: 1 })
    expect((await call('Scan', { TableName: 'late', IndexName: 'by-color' })).Items).toEqual([
      { p: { S: 'a' }, color: { S: 'red' } },
    ])
    expect((await refusal('PutItem', { TableName: 'late', Item: { p: { S: 'c' }, color: { N: '1' } } })).message).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key color Expected: S Actual: N IndexName: by-color',
    )
    await call('UpdateTable', {
      TableName: 'late',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-color' } }],
    })
    expect((await refusal('Scan', { TableName: 'late', IndexName: 'by-color' })).message).toBe(
      'The table does not have the specified index: by-color',
    )
  })
})

describe('time', () => {
  test('takes items away when theirs has come', async () => {
    const b = bench()
    const { call, simple, put } = dynamo(b)
    await simple('ttl', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } })
    const at = (seconds: number): object => ({ N: String(Math.floor(b.now().getTime() / 1000) + seconds) })
    await put('ttl', { p: { S: 'early' }, end: at(60) })
    await call('UpdateTimeToLive', {
      TableName: 'ttl',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'end' },
    })
    await put('ttl', { p: { S: 'late' }, end: at(3600) })
    await put('ttl', { p: { S: 'never' }, end: { S: 'no number' } })
    await put('ttl', { p: { S: 'long ago' }, end: { N: '1' } })
    b.advance(120_000)
    const left = (await call('Scan', { TableName: 'ttl' })).Items.map((item: any) => item.p.S)
    expect(left.sort()).toEqual(['late', 'long ago', 'never'])
    const records = await streamOf(b, 'ttl')
    expect(records.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    })
    expect(await call('DescribeTimeToLive', { TableName: 'ttl' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'end' },
    })
  })

  test('is what provisioned capacity is measured by', async () => {
    const b = bench()
    const { call, simple, put } = dynamo(b)
    await simple('slow', { BillingMode: 'PROVISIONED', ProvisionedThroughput: throughput })
    await changeSettings(b.world, { throttle: 'aws' })
    // Five minutes of burst, and what comes in while they are spent.
    let done = 0
    let error: AwsError | undefined
    while (!error)
      try {
        await put('slow', { p: { S: 'x' } })
        done++
      } catch (refused) {
        error = refused as AwsError
      }
    expect(done).toBeGreaterThanOrEqual(300)
    expect(told(error)).toEqual([
      'ProvisionedThroughputExceededException',
      400,
      'The level of configured provisioned throughput for the table was exceeded. ' +
        'Consider increasing your provisioning level with the UpdateTable API.',
    ])
    await call('GetItem', { TableName: 'slow', Key: { p: { S: 'x' } } })
    b.advance(2000)
    await put('slow', { p: { S: 'x' } })
  })
})
