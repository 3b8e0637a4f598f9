// Where items stand: texts of keys sort as the values do, none is the beginning of another, and partitions stand where
// the service has them.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { toBase64 } from '../../../lib/bytes.ts'
import { compareKeys } from '../../store/order.ts'
import { isInRange, rangeOf } from './key-condition.ts'
import { ended, partition, rowKey, segment } from './keys.ts'
import { beginsWith, order } from './compare.ts'
import { normalNumber } from './numbers.ts'
import type { AttributeValue } from './values.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\x01', '\x02', '\x03', 'é', '\u{1F600}', 'ﬀ', '~') })
const values: Record<'S' | 'N' | 'B', fc.Arbitrary<AttributeValue>> = {
  S: text.map((S) => ({ S })),
  N: fc
    .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -120, max: 120 }))
    .map(([digits, power]) => ({ N: normalNumber(`${digits}e${power}`) })),
  B: fc.uint8Array({ maxLength: 4 }).map((bytes) => ({ B: toBase64(bytes) })),
}

describe.each(['S', 'N', 'B'] as const)('keys of type %s', (type) => {
  test('stand in the order of their values, and each ends', () => {
    fc.assert(
      fc.property(values[type], values[type], (a, b) => {
        const [x, y] = [ended(a), ended(b)]
        expect(Math.sign(compareKeys(x, y))).toBe(Math.sign(order(a, b)!))
        if (x !== y) expect(x.startsWith(y)).toBe(false)
        // eslint-disable-next-line no-control-regex
        expect(x).not.toContain('\0')
      }),
      { numRuns: 1000 },
    )
  })

  test('a range of rows holds just those that meet the condition', () => {
    const schema = { hash: { name: 'h', type: 'S' }, range: { name: 'r', type } } as const
    const h = { S: 'k' }
    const operators = ['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN', ...(type === 'N' ? [] : ['BEGINS_WITH'])]
    fc.assert(
      fc.property(
        fc.constantFrom(...operators),
        values[type],
        values[type],
        values[type],
        (operator, value, first, second) => {
          const [low, high] = order(first, second)! <= 0 ? [first, second] : [second, first]
          const list = operator === 'BETWEEN' ? [low, high] : [first]
          const range = rangeOf(
            {
              h: { ComparisonOperator: 'EQ', AttributeValueList: [h] },
              r: { ComparisonOperator: operator, AttributeValueList: list },
            },
            schema,
          )
          const by = order(value, first)!
          const wanted = {
            EQ: by === 0,
            LT: by < 0,
            LE: by <= 0,
            GT: by > 0,
            GE: by >= 0,
            BETWEEN: order(value, low)! >= 0 && order(value, high)! <= 0,
            BEGINS_WITH: beginsWith(value, first),
          }[operator]
          expect(isInRange(rowKey(schema, { h, r: value }), range)).toBe(wanted!)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

// The MD5 of `Outliers` and the key's bytes, which a scan's order follows.
test.each([
  [{ S: 'a' }, 'f6558e'],
  [{ S: 'b' }, '6521ac'],
  [{ N: '1' }, 'c3a031'],
  [{ N: '-1.5' }, '98f4b1'],
  [{ B: 'AQI=' }, 'e8b778'],
])('the hash of %j', (value, hash) => expect(partition(value).slice(0, 6)).toBe(hash))

test('segments of a scan share all partitions out', () => {
  for (const of of [1, 2, 3, 7, 4096, 5000]) {
    const parts = Array.from({ length: of }, (_, part) => segment(part, of))
    expect(parts[0]!.from).toBe('000')
    expect(parts.at(-1)!.before).toBeUndefined()
    parts.slice(1).forEach(({ from }, i) => expect(parts[i]!.before).toBe(from))
  }
})
