// A law: whatever is written, indexes, counts and streams say the same as the items themselves.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { bench } from '../../account.fixture.ts'
import { defined, dynamo, key, streamOf } from './dynamodb.fixture.ts'

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
