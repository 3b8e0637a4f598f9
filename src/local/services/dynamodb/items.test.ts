// Items: of every type, of every size, under conditions, in transactions.

import { describe, expect, test } from 'bun:test'
import { bench, told } from '../../account.fixture.ts'
import { dynamo } from './dynamodb.fixture.ts'

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
