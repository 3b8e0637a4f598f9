// DynamoDB in plain values: what goes out, what comes back, and that no number is changed on the way.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { Decimal, documents } from './documents.ts'
import { answered } from './models.fixture.ts'

/** What an item is on the wire, and what comes back when the service gives the same. */
async function through(item: unknown): Promise<{ wire: any; back: any }> {
  const { aws, sent } = answered(({ request, body }) =>
    request.headers['x-amz-target']!.endsWith('.PutItem') ? { body: {} } : { body: { Item: JSON.parse(body).Key } },
  )
  const plain = documents(aws.dynamodb()) as any
  await plain.putItem({ TableName: 'ttt', Item: { it: item } })
  const { Item } = await plain.getItem({ TableName: 'ttt', Key: { it: item } })
  return { wire: JSON.parse(sent[0]!.body).Item.it, back: Item.it }
}

const cases: [what: string, plain: unknown, wire: object, back?: unknown][] = [
  ['text', 'ü', { S: 'ü' }],
  ['no text', '', { S: '' }],
  ['null', null, { NULL: true }],
  ['true', true, { BOOL: true }],
  ['a number', 1.5, { N: '1.5' }],
  ['a great number', 1e21, { N: '1e+21' }],
  ['a bigint', 12345678901234567890n, { N: '12345678901234567890' }],
  ['a small bigint', 5n, { N: '5' }, 5],
  ['a Decimal', new Decimal('0.10'), { N: '0.10' }, 0.1],
  ['a long Decimal', new Decimal('3.14159265358979323846'), { N: '3.14159265358979323846' }],
  ['bytes', new Uint8Array([1, 2]), { B: 'AQI=' }],
  ['a list', ['a', 1, null], { L: [{ S: 'a' }, { N: '1' }, { NULL: true }] }],
  ['a map', { a: { b: 'c' } }, { M: { a: { M: { b: { S: 'c' } } } } }],
  ['a map without what is undefined', { a: 1, b: undefined }, { M: { a: { N: '1' } } }, { a: 1 }],
  ['a Map', new Map([['a', 1]]), { M: { a: { N: '1' } } }, { a: 1 }],
  ['a set of texts', new Set(['a', 'b']), { SS: ['a', 'b'] }],
  ['a set of numbers', new Set([1, 2n]), { NS: ['1', '2'] }, new Set([1, 2])],
  ['a set of bytes', new Set([new Uint8Array([1])]), { BS: ['AQ=='] }],
]

test.each(cases)('%s', async (_, plain, wire, back = plain) => {
  expect(await through(plain)).toEqual({ wire, back } as any)
})

const refused: [what: string, value: unknown, says: string][] = [
  ['NaN', NaN, 'DynamoDB cannot hold NaN'],
  ['no end', Infinity, 'DynamoDB cannot hold Infinity'],
  ['a Date', new Date(0), 'DynamoDB cannot hold a Date: store its toISOString() or getTime()'],
  ['a function', () => 1, 'DynamoDB cannot hold a function'],
  ['undefined in a list', [undefined], 'DynamoDB cannot hold a undefined'],
  ['an empty set', new Set(), 'DynamoDB cannot hold an empty Set: leave the attribute out'],
  ['a set of two types', new Set(['a', 1]), 'DynamoDB cannot hold a Set of several types'],
]

test.each(refused)('%s is refused', (_, value, says) => expect(through(value)).rejects.toThrow(says))

describe('numbers', () => {
  test('a Decimal is a number', () => {
    expect(() => new Decimal('1,5')).toThrow('"1,5" is not a decimal number')
    expect(JSON.stringify({ d: new Decimal('1.50') })).toBe('{"d":"1.50"}')
    expect(`${new Decimal(5)}`).toBe('5')
  })

  // Up to 38 digits, as DynamoDB keeps them.
  const digits = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), fc.integer({ min: 0, max: 40 }))
  const decimals = digits.map(([negative, all, places]) => {
    const padded = all.toString().padStart(places + 1, '0')
    const text = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`
    return `${negative && all > 0n ? '-' : ''}${text}`
  })

  test('come back as they are, whatever they are', async () => {
    let value = ''
    const { aws } = answered(() => ({ body: { Item: { n: { N: value } } } }))
    const plain = documents(aws.dynamodb()) as any
    await fc.assert(
      fc.asyncProperty(decimals, async (text) => {
        value = text
        const { Item } = await plain.getItem({ TableName: 'ttt', Key: { n: 1 } })
        expect(exact(String(Item.n))).toBe(exact(text))
      }),
      { numRuns: 300 },
    )
  })
})

/** The number as a fraction over 10^80, whichever way it is written. */
function exact(text: string): bigint {
  const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text)!
  const all = BigInt(whole! + fraction) * 10n ** BigInt(80 + Number(power) - fraction.length)
  return sign === '-' ? -all : all
}

test('expressions, batches and listings too', async () => {
  const { aws, sent } = answered(({ request }) => {
    const target = request.headers['x-amz-target']!.split('.')[1]
    if (target === 'Query') return { body: { Items: [{ id: { N: '1' } }, { id: { N: '2' } }] } }
    if (target === 'UpdateItem') return { body: { Attributes: { n: { N: '2' } } } }
    return { body: { Responses: { ttt: [{ id: { S: 'a' } }] }, UnprocessedKeys: {} } }
  })
  const plain = documents(aws.dynamodb()) as any
  const query = { TableName: 'ttt', KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': 1 } }
  const found = []
  for await (const item of plain.query.items(query)) found.push(item)
  expect(found).toEqual([{ id: 1 }, { id: 2 }])
  expect(JSON.parse(sent[0]!.body).ExpressionAttributeValues).toEqual({ ':id': { N: '1' } })
  for await (const { Items } of plain.query.pages(query)) expect(Items).toHaveLength(2)
  const { Attributes } = await plain.updateItem({ TableName: 'ttt', Key: { id: 1 }, UpdateExpression: 'ADD n 1' })
  expect(Attributes).toEqual({ n: 2 })
  const { Responses } = await plain.batchGetItem({ RequestItems: { ttt: { Keys: [{ id: 'a' }] } } })
  expect(Responses).toEqual({ ttt: [{ id: 'a' }] })
  expect(JSON.parse(sent.at(-1)!.body).RequestItems).toEqual({ ttt: { Keys: [{ id: { S: 'a' } }] } })
})

test('the caller keeps his objects, and errors are errors', async () => {
  const { aws } = answered(() => ({
    status: 400,
    body: { __type: 'x#ConditionalCheckFailedException', message: 'no', Item: { id: { N: '1' } } },
  }))
  const plain = documents(aws.dynamodb()) as any
  const input = { TableName: 'ttt', Item: { tags: new Set(['a']) } }
  const error = await plain.putItem(input).catch((each: unknown) => each)
  expect(plain.isError(error, 'ConditionalCheckFailedException')).toBe(true)
  expect(input).toEqual({ TableName: 'ttt', Item: { tags: new Set(['a']) } })
  expect(() => documents({})).toThrow('A client of this library is needed')
})
