// DynamoDB from the outside: tables, items, pages, transactions, time to live, streams, throttling, permissions; and a
// law: whatever is written, indexes, counts and streams say the same as the items themselves.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { AwsError } from '../../../lib/errors.ts'
import {
  account,
  adminKeys,
  allow,
  bench,
  deny,
  document,
  otherKeys,
  sentence,
  told,
  type Bench,
} from '../../account.fixture.ts'
import { changeSettings } from '../../settings.ts'

const key = (...names: string[]): object[] =>
  names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' }))
const defined = (names: Record<string, string>): object[] =>
  Object.entries(names).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
const throughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }

function dynamo(b: Bench) {
  const call = (operation: string, input: object = {}, keys = adminKeys): Promise<any> =>
    b.call('dynamodb', operation, input, keys)
  const refusal = (operation: string, input: object = {}, keys = adminKeys): Promise<AwsError> =>
    b.refusal('dynamodb', operation, input, keys)
  const table = (TableName: string, more: object = {}): Promise<any> =>
    call('CreateTable', {
      TableName,
      AttributeDefinitions: defined({ p: 'S', s: 'N' }),
      KeySchema: key('p', 's'),
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    })
  const simple = (TableName: string, more: object = {}): Promise<any> =>
    table(TableName, { AttributeDefinitions: defined({ p: 'S' }), KeySchema: key('p'), ...more })
  const put = (TableName: string, Item: object): Promise<any> => call('PutItem', { TableName, Item })
  return { call, refusal, table, simple, put }
}

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
    [{ TableName: 'ab' }, 'TableName must be at least 3 characters long and at most 255 characters long'],
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
      `${wrong}StreamViewType must be specified when StreamEnabled is true`,
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

describe('an item', () => {
  const everything = {
    p: { S: 'all' },
    number: { N: '12345678901234567890.5' },
    binary: { B: new Uint8Array([0, 1, 255]) },
    strings: { SS: ['b', 'a'] },
    numbers: { NS: ['2', '1'] },
    binaries: { BS: [new Uint8Array([1]), new Uint8Array([2, 3])] },
    list: { L: [{ B: new Uint8Array([7]) }, { BOOL: false }, { NULL: true }] },
    map: { M: { '': { S: '' }, __proto__x: { N: '0' } } },
    '1': { S: 'a name like an index' },
  }

  test('of every type comes back as it went in', async () => {
    const { call, simple, put } = dynamo(bench())
    await simple('types')
    await put('types', everything)
    expect((await call('GetItem', { TableName: 'types', Key: { p: { S: 'all' } } })).Item).toEqual(everything)
    expect((await call('Scan', { TableName: 'types' })).Items).toEqual([everything])
  })

  test('has a size, and no more than 400 KiB of it', async () => {
    const { refusal, simple, put } = dynamo(bench())
    await simple('big')
    const largest = 400 * 1024 - 2
    await put('big', { p: { S: 'x'.repeat(10) }, a: { S: 'y'.repeat(largest - 10) } })
    const item = { p: { S: 'x'.repeat(10) }, a: { S: 'y'.repeat(largest - 9) } }
    expect((await refusal('PutItem', { TableName: 'big', Item: item })).message).toBe(
      'Item size has exceeded the maximum allowed size',
    )
    expect(
      (
        await refusal('UpdateItem', {
          TableName: 'big',
          Key: { p: item.p },
          UpdateExpression: 'SET b = :b',
          ExpressionAttributeValues: { ':b': { S: 'z' } },
        })
      ).message,
    ).toBe('Item size to update has exceeded the maximum allowed size')
  })

  test('is nested 32 deep, not deeper', async () => {
    const { refusal, simple, put } = dynamo(bench())
    await simple('deep')
    const nested = (levels: number): object => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] })
    await put('deep', { p: { S: 'a' }, l: nested(32) })
    expect((await refusal('PutItem', { TableName: 'deep', Item: { p: { S: 'a' }, l: nested(33) } })).message).toMatch(
      /^Nesting Levels have exceeded supported limits/,
    )
  })

  test('tells what was, if asked to, when a condition fails', async () => {
    const { call, refusal, simple, put } = dynamo(bench())
    await simple('cond')
    await put('cond', { p: { S: 'a' }, v: { N: '1' } })
    const again = {
      TableName: 'cond',
      Item: { p: { S: 'a' } },
      ConditionExpression: 'attribute_not_exists(p)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }
    const error = await refusal('PutItem', again)
    expect(told(error)).toEqual(['ConditionalCheckFailedException', 400, 'The conditional request failed'])
    expect(error.detail['Item']).toEqual({ p: { S: 'a' }, v: { N: '1' } })
    expect((await call('GetItem', { TableName: 'cond', Key: { p: { S: 'a' } } })).Item).toEqual({
      p: { S: 'a' },
      v: { N: '1' },
    })
  })

  test('returns what was asked for of an update', async () => {
    const { call, simple, put } = dynamo(bench())
    await simple('ret')
    const update = async (ReturnValues: string): Promise<unknown> => {
      await put('ret', { p: { S: 'a' }, n: { N: '1' }, m: { M: { x: { S: 'old' }, y: { S: 'same' } } } })
      const { Attributes } = await call('UpdateItem', {
        TableName: 'ret',
        Key: { p: { S: 'a' } },
        UpdateExpression: 'SET m.x = :x, z = :x REMOVE n',
        ExpressionAttributeValues: { ':x': { S: 'new' } },
        ReturnValues,
      })
      return Attributes
    }
    expect(await update('NONE')).toBeUndefined()
    expect(await update('UPDATED_OLD')).toEqual({ n: { N: '1' }, m: { M: { x: { S: 'old' } } } })
    expect(await update('UPDATED_NEW')).toEqual({ z: { S: 'new' }, m: { M: { x: { S: 'new' } } } })
    expect(Object.keys((await update('ALL_OLD')) as object).sort()).toEqual(['m', 'n', 'p'])
    expect(Object.keys((await update('ALL_NEW')) as object).sort()).toEqual(['m', 'p', 'z'])
  })
})

describe('a transaction', () => {
  test('does all or nothing, and says what was in the way of each part', async () => {
    const { call, refusal, simple } = dynamo(bench())
    await simple('trans')
    const Put = (p: string, more: object = {}): object => ({
      Put: { TableName: 'trans', Item: { p: { S: p } }, ...more },
    })
    await call('TransactWriteItems', { TransactItems: [Put('a'), Put('b')] })
    const error = await refusal('TransactWriteItems', {
      TransactItems: [
        Put('c'),
        Put('a', {
          ConditionExpression: 'attribute_not_exists(p)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        { Put: { TableName: 'trans', Item: { p: { N: '1' } } } },
      ],
    })
    expect(told(error)).toEqual([
      'TransactionCanceledException',
      400,
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
    ])
    expect(error.detail['CancellationReasons']).toEqual([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { p: { S: 'a' } } },
      {
        Code: 'ValidationError',
        Message: 'One or more parameter values were invalid: Type mismatch for key p expected: S actual: N',
      },
    ])
    expect((await call('Scan', { TableName: 'trans' })).Count).toBe(2)
    expect((await refusal('TransactWriteItems', { TransactItems: [Put('a'), Put('a')] })).message).toBe(
      'Transaction request cannot include multiple operations on one item',
    )
  })

  test('is done once for each token, within ten minutes', async () => {
    const b = bench()
    const { call, refusal, simple } = dynamo(b)
    await simple('once')
    const add = (by: string): object => ({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          Update: {
            TableName: 'once',
            Key: { p: { S: 'a' } },
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': { N: by } },
          },
        },
      ],
    })
    const value = async (): Promise<string> =>
      (await call('GetItem', { TableName: 'once', Key: { p: { S: 'a' } } })).Item.n.N
    await call('TransactWriteItems', add('1'))
    await call('TransactWriteItems', add('1'))
    expect(await value()).toBe('1')
    expect((await refusal('TransactWriteItems', add('2'))).code).toBe('IdempotentParameterMismatchException')
    b.advance(600_000)
    await call('TransactWriteItems', add('1'))
    expect(await value()).toBe('2')
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

/** All records of a table's stream. */
async function streamOf(b: Bench, TableName: string): Promise<any[]> {
  const call = (operation: string, input: object): Promise<any> => b.call('dynamodbstreams', operation, input)
  const { Streams } = await call('ListStreams', { TableName })
  const { StreamArn } = Streams.at(-1)
  const { StreamDescription } = await call('DescribeStream', { StreamArn })
  let { ShardIterator } = await call('GetShardIterator', {
    StreamArn,
    ShardId: StreamDescription.Shards[0].ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  })
  const records: any[] = []
  while (ShardIterator !== undefined) {
    const page = await call('GetRecords', { ShardIterator, Limit: 10 })
    records.push(...page.Records)
    if (page.Records.length === 0) break
    ShardIterator = page.NextShardIterator
  }
  return records
}

test('a stream tells each change once, in order, for a day', async () => {
  const b = bench()
  const { call, simple, put } = dynamo(b)
  await simple('flow', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } })
  await put('flow', { p: { S: 'a' }, v: { B: new Uint8Array([1]) } })
  await put('flow', { p: { S: 'a' }, v: { B: new Uint8Array([1]) } })
  await put('flow', { p: { S: 'a' }, v: { B: new Uint8Array([2]) } })
  await call('DeleteItem', { TableName: 'flow', Key: { p: { S: 'a' } } })
  const records = await streamOf(b, 'flow')
  expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage?.v, dynamodb.NewImage?.v])).toEqual([
    ['INSERT', undefined, { B: new Uint8Array([1]) }],
    ['MODIFY', { B: new Uint8Array([1]) }, { B: new Uint8Array([2]) }],
    ['REMOVE', { B: new Uint8Array([2]) }, undefined],
  ])
  const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber)
  expect(numbers).toEqual([...numbers].sort())
  b.advance(25 * 3_600_000)
  expect(await streamOf(b, 'flow')).toEqual([])
})

describe('whatever is written', () => {
  const small = fc.constantFrom('a', 'b', 'c')
  const attribute = fc.option(fc.constantFrom('x', 'y'), { nil: undefined })
  const step = fc.record({
    kind: fc.constantFrom('put', 'delete', 'update', 'transact'),
    p: small,
    s: fc.integer({ min: 0, max: 2 }),
    g: attribute,
    l: attribute,
    extra: fc.integer({ min: 0, max: 40 }),
  })

  test('indexes, counts and streams agree with the items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const b = bench()
        const { call, table } = dynamo(b)
        await table('law', {
          AttributeDefinitions: defined({ p: 'S', s: 'N', g: 'S', l: 'S' }),
          LocalSecondaryIndexes: [
            { IndexName: 'local', KeySchema: key('p', 'l'), Projection: { ProjectionType: 'KEYS_ONLY' } },
          ],
          GlobalSecondaryIndexes: [
            { IndexName: 'global', KeySchema: key('g', 's'), Projection: { ProjectionType: 'ALL' } },
          ],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        })
        for (const { kind, p, s, g, l, extra } of steps) {
          const Key = { p: { S: p }, s: { N: String(s) } }
          const text = (value: string | undefined): object => (value === undefined ? {} : { S: value })
          const Item = { ...Key, ...(g && { g: text(g) }), ...(l && { l: text(l) }), e: { S: 'e'.repeat(extra) } }
          const where = { TableName: 'law' }
          if (kind === 'put') await call('PutItem', { ...where, Item })
          else if (kind === 'delete') await call('DeleteItem', { ...where, Key })
          else if (kind === 'transact')
            await call('TransactWriteItems', { TransactItems: [{ Put: { ...where, Item } }] })
          else
            await call('UpdateItem', {
              ...where,
              Key,
              UpdateExpression: `${g ? 'SET g = :g' : 'REMOVE g'} ${l ? (g ? ', l = :l' : 'SET l = :l') : g ? 'REMOVE l' : ', l'}`,
              ...((g || l) && {
                ExpressionAttributeValues: { ...(g && { ':g': text(g) }), ...(l && { ':l': text(l) }) },
              }),
            })
        }
        const scan = async (IndexName?: string): Promise<any[]> =>
          (await call('Scan', { TableName: 'law', IndexName })).Items
        const items = await scan()
        const keysOnly = ({ p, s, l }: any): object => ({ p, s, l })
        const sorted = (list: any[]): string[] => list.map((each) => JSON.stringify(sortedKeys(each))).sort()
        expect(sorted(await scan('global'))).toEqual(sorted(items.filter(({ g }) => g)))
        expect(sorted(await scan('local'))).toEqual(sorted(items.filter(({ l }) => l).map(keysOnly)))
        const { Table } = await call('DescribeTable', { TableName: 'law' })
        const sizes = (list: any[]): number => list.reduce((sum, item) => sum + sizeOf(item), 0)
        expect([Table.ItemCount, Table.TableSizeBytes]).toEqual([items.length, sizes(items)])
        const [global] = Table.GlobalSecondaryIndexes
        const [local] = Table.LocalSecondaryIndexes
        expect([global.ItemCount, global.IndexSizeBytes]).toEqual([
          items.filter(({ g }) => g).length,
          sizes(items.filter(({ g }) => g)),
        ])
        expect([local.ItemCount, local.IndexSizeBytes]).toEqual([
          items.filter(({ l }) => l).length,
          sizes(items.filter(({ l }) => l).map(keysOnly)),
        ])
        // Replaying the stream gives the same items.
        const replayed = new Map<string, object>()
        for (const { dynamodb } of await streamOf(b, 'law')) {
          const name = JSON.stringify(sortedKeys(dynamodb.Keys))
          expect(JSON.stringify(sortedKeys(replayed.get(name) ?? {}))).toBe(
            JSON.stringify(sortedKeys(dynamodb.OldImage ?? {})),
          )
          if (dynamodb.NewImage) replayed.set(name, dynamodb.NewImage)
          else replayed.delete(name)
        }
        expect(sorted([...replayed.values()])).toEqual(sorted(items))
      }),
      { numRuns: 25 },
    )
  })

  function sortedKeys(item: object): object {
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Of items with texts and one-digit numbers only. */
  function sizeOf(item: Record<string, any>): number {
    return Object.entries(item).reduce(
      (sum, [name, { S, N }]) => sum + name.length + (S?.length ?? (N === '0' ? 1 : 2)),
      0,
    )
  }
})

describe('permissions', () => {
  test('name the table, the index, and what is looked at', async () => {
    const b = bench()
    const { call, simple, put, refusal } = dynamo(b)
    await simple('perm')
    await put('perm', { p: { S: 'ana' }, open: { S: 'o' }, secret: { S: 's' } })
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/perm`
    const ana = await b.user(
      'ana',
      allow(['dynamodb:GetItem', 'dynamodb:Query'], arn, {
        'ForAllValues:StringEquals': {
          'dynamodb:LeadingKeys': ['${aws:username}'],
          'dynamodb:Attributes': ['p', 'open'],
        },
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      }),
    )
    const get = (p: string, ProjectionExpression?: string): object => ({
      TableName: 'perm',
      Key: { p: { S: p } },
      ProjectionExpression,
      ...(ProjectionExpression?.includes('#o') && { ExpressionAttributeNames: { '#o': 'open' } }),
    })
    expect((await call('GetItem', get('ana', 'p, #o'), ana)).Item).toEqual({ p: { S: 'ana' }, open: { S: 'o' } })
    for (const input of [get('ana'), get('bob', 'p, #o'), get('ana', 'secret')])
      expect(sentence(await refusal('GetItem', input, ana))).toBe(
        `User: arn:aws:iam::${account}:user/ana is not authorized to perform: dynamodb:GetItem on resource: ${arn} ` +
          'because no identity-based policy allows the dynamodb:GetItem action',
      )
    expect((await refusal('Scan', { TableName: 'perm' }, ana)).code).toBe('AccessDeniedException')
  })

  test('of a transaction are those of its parts', async () => {
    const b = bench()
    const { call, simple, refusal } = dynamo(b)
    await simple('parts')
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/parts`
    const inside = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } }
    const ana = await b.user('ana', allow('dynamodb:PutItem', arn, inside), allow('dynamodb:PartiQLInsert', arn))
    const Item = { p: { S: 'x' } }
    await call('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'parts', Item } }] }, ana)
    expect((await refusal('PutItem', { TableName: 'parts', Item }, ana)).code).toBe('AccessDeniedException')
    const check = { ConditionCheck: { TableName: 'parts', Key: Item, ConditionExpression: 'attribute_exists(p)' } }
    expect((await refusal('TransactWriteItems', { TransactItems: [check] }, ana)).message).toContain(
      'dynamodb:ConditionCheckItem',
    )
    await call('ExecuteStatement', { Statement: `INSERT INTO parts VALUE {'p':'y'}` }, ana)
    expect((await refusal('ExecuteStatement', { Statement: 'SELECT * FROM parts' }, ana)).message).toContain(
      'dynamodb:PartiQLSelect',
    )
  })

  test('of an index are its own', async () => {
    const b = bench()
    const { call, simple, refusal } = dynamo(b)
    await simple('idx', {
      AttributeDefinitions: defined({ p: 'S', g: 'S' }),
      GlobalSecondaryIndexes: [{ IndexName: 'by-g', KeySchema: key('g'), Projection: { ProjectionType: 'ALL' } }],
    })
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/idx`
    const ana = await b.user('ana', allow('dynamodb:*', `${arn}/index/*`), deny('dynamodb:Scan', '*'))
    const query = {
      TableName: 'idx',
      IndexName: 'by-g',
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: { ':g': { S: 'x' } },
    }
    expect((await call('Query', query, ana)).Count).toBe(0)
    expect((await refusal('Scan', { TableName: 'idx', IndexName: 'by-g' }, ana)).message).toContain('explicit deny')
  })

  test('of another account come by the table’s own policy and its ARN', async () => {
    const b = bench()
    const { call, simple, put, refusal } = dynamo(b)
    await simple('shared')
    await put('shared', { p: { S: 'x' } })
    const TableName = `arn:aws:dynamodb:us-east-1:${account}:table/shared`
    const get = { TableName, Key: { p: { S: 'x' } } }
    expect((await refusal('GetItem', get, otherKeys)).code).toBe('AccessDeniedException')
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::210987654321:user/other' },
          Action: 'dynamodb:GetItem',
          Resource: TableName,
        },
      ],
    })
    const other = '210987654321'
    await b.world.identities.transaction((rows) => {
      const user = rows.get<any>(`users/${other}`, 'other')
      rows.put(`users/${other}`, 'other', { ...user, inline: { p: document(allow('dynamodb:*')) } })
    })
    const { RevisionId } = await call('PutResourcePolicy', { ResourceArn: TableName, Policy })
    expect(await call('GetResourcePolicy', { ResourceArn: TableName })).toEqual({ Policy, RevisionId })
    expect((await call('GetItem', get, otherKeys)).Item).toEqual({ p: { S: 'x' } })
    expect((await refusal('Scan', { TableName }, otherKeys)).code).toBe('AccessDeniedException')
    await call('DeleteResourcePolicy', { ResourceArn: TableName })
    expect((await refusal('GetResourcePolicy', { ResourceArn: TableName })).code).toBe('PolicyNotFoundException')
  })
})
