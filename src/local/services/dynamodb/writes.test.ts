// What does a write cost, in its table and in each index, and how large may it be?

import { describe, expect, test } from 'bun:test'
import { bench } from '../../account.fixture.ts'
import { dynamo } from './dynamodb.fixture.ts'

describe('a write of an index', () => {
  test('costs nothing where the entry stays as it is, one where it changes, two where it moves', async () => {
    const { call, table } = dynamo(bench())
    await table('writes', {
      AttributeDefinitions: ['p', 'g'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'p', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-g',
          KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['held'] },
        },
      ],
    })
    const units = async (item: Record<string, string>): Promise<unknown> => {
      const { ConsumedCapacity: used } = await call('PutItem', {
        TableName: 'writes',
        Item: Object.fromEntries(Object.entries({ p: 'a', ...item }).map(([name, S]) => [name, { S }])),
        ReturnConsumedCapacity: 'INDEXES',
      })
      return [used.Table.CapacityUnits, used.GlobalSecondaryIndexes?.['by-g'].CapacityUnits]
    }
    expect(await units({})).toEqual([1, undefined])
    expect(await units({ g: 'x' })).toEqual([1, 1])
    expect(await units({ g: 'x', other: 'new' })).toEqual([1, undefined])
    expect(await units({ g: 'x', held: 'new' })).toEqual([1, 1])
    expect(await units({ g: 'x', held: 'y'.repeat(1500) })).toEqual([2, 2])
    expect(await units({ g: 'x', held: 'new' })).toEqual([2, 2])
    expect(await units({ g: 'y', held: 'new' })).toEqual([1, 2])
    expect(await units({ held: 'new' })).toEqual([1, 1])
  })
})

describe('an item that is too large', () => {
  const largest = 400 * 1024

  test('is told by UpdateItem some bytes before it is, by what the update writes', async () => {
    const { call, refusal, simple, put } = dynamo(bench())
    await simple('writes')
    const update = (size: number, UpdateExpression = 'SET a = :a'): object => ({
      TableName: 'writes',
      Key: { p: { S: 'k' } },
      UpdateExpression,
      ExpressionAttributeValues: { ':a': { S: 'x'.repeat(size) } },
    })
    // The name a, three bytes, nineteen for the change.
    await call('UpdateItem', update(largest - 23))
    expect((await refusal('UpdateItem', update(largest - 22))).message).toBe(
      'Item size to update has exceeded the maximum allowed size',
    )
    // What it does not write does not count: the item only.
    await put('writes', { p: { S: 'k' }, a: { S: 'x'.repeat(largest - 10) } })
    await call('UpdateItem', update(1, 'SET b = :a'))
  })

  test('is refused of an INSERT as of a put', async () => {
    const { refusal, simple } = dynamo(bench())
    await simple('writes')
    const given = {
      Statement: "INSERT INTO writes VALUE {'p': 'k', 'a': ?}",
      Parameters: [{ S: 'x'.repeat(largest - 2) }],
    }
    expect((await refusal('ExecuteStatement', given)).message).toBe('Item size has exceeded the maximum allowed size')
  })
})
