// Does JSON read and write as Python's json module does? The expected texts are json.dumps's.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseJson, stringifyCompact, stringifyPython } from './json.ts'
import { Float, keysOf, withKeyOrder } from './value.ts'

describe('written as json.dumps writes it', () => {
  const cases: [value: unknown, text: string][] = [
    [{ a: 1, b: [true, false, null] }, '{"a": 1, "b": [true, false, null]}'],
    [{}, '{}'],
    [[], '[]'],
    [{ a: {}, b: [] }, '{"a": {}, "b": []}'],
    ['é😀漢', '"\\u00e9\\ud83d\\ude00\\u6f22"'],
    ['\x00\x07\b\t\n\f\r"\\/\x7f', '"\\u0000\\u0007\\b\\t\\n\\f\\r\\"\\\\/\\u007f"'],
    ['\u2028\ud800', '"\\u2028\\ud800"'],
    [{ é: 1 }, '{"\\u00e9": 1}'],
    [new Float(1), '1.0'],
    [new Float(0.1), '0.1'],
    [new Float(1e-7), '1e-07'],
    [new Float(1e16), '1e+16'],
    [new Float(1e22), '1e+22'],
    [new Float(123456789012345680), '1.2345678901234568e+17'],
    [new Float(-0), '-0.0'],
    [new Float(1e15), '1000000000000000.0'],
    [new Float(0.0001), '0.0001'],
    [new Float(0.00001), '1e-05'],
    [new Float(5e-324), '5e-324'],
    [new Float(NaN), 'NaN'],
    [new Float(-Infinity), '-Infinity'],
    [1.5, '1.5'],
    [1e-7, '1e-07'],
    [12345678901234567890n, '12345678901234567890'],
    [1e21, '1000000000000000000000'],
    [{ a: undefined, b: 1 }, '{"b": 1}'],
    [withKeyOrder({ 2: 'x', 10: 'y', a: 'z' }, ['a', '10', '2']), '{"a": "z", "10": "y", "2": "x"}'],
  ]
  test.each(cases.map(([value, text]) => [text, value] as const))('%s', (text, value) => {
    expect(stringifyPython(value)).toBe(text)
  })
  test('compact, for answers', () => {
    expect(stringifyCompact({ a: ['é', new Float(1)] })).toBe('{"a":["é",1.0]}')
  })
})

describe('read for the wire', () => {
  test('fractions and exponents are floats, integers of any size exact', () => {
    expect(parseJson('[1, 1.0, 1e3, -0.5, 12345678901234567890, -9007199254740993]', { wire: true })).toEqual([
      1,
      new Float(1),
      new Float(1000),
      new Float(-0.5),
      12345678901234567890n,
      -9007199254740993n,
    ])
  })
  test.each(['1.0', ' 1e5', '[1.0]', '{"a":1.0}', '{"a": 2E5}', '[1,2.0]', '[\n1.5\n]', '{"a":-1.5}'])(
    'a float is seen in %s',
    (text) => {
      expect(stringifyPython(parseJson(text, { wire: true }))).toContain(
        text.includes('E') || text.includes('e') ? '0.0' : '.',
      )
    },
  )
  test('keys that look like indexes keep their place', () => {
    const value = parseJson('{"b": 1, "10": {"3": 0, "1": 0}, "2": 2, "b": 3}', { wire: true }) as Record<
      string,
      object
    >
    expect(keysOf(value)).toEqual(['b', '10', '2'])
    expect(keysOf(value['10']!)).toEqual(['3', '1'])
    expect(value['b'] as unknown).toBe(3)
  })
  test('__proto__ is a key', () => {
    const text = '{"__proto__": {"x": 1.0}, "constructor": 1}'
    const value = parseJson(text, { wire: true }) as object
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(stringifyPython(value)).toBe(text)
  })
})

test('natively, only big integers differ from JSON.parse', () => {
  expect(parseJson('[1.0, 1e3, 12345678901234567890, 1234567890123456, "1234567890123456789"]')).toEqual([
    1,
    1000,
    12345678901234567890n,
    1234567890123456,
    '1234567890123456789',
  ])
  expect(parseJson('[NaN, Infinity, -Infinity]')).toEqual([NaN, Infinity, -Infinity])
})

describe('what is not JSON', () => {
  const bad = [
    '',
    ' ',
    '{',
    '[',
    '"',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '{"a" 1}',
    "{'a': 1}",
    '{a: 1}',
    '01',
    '+1',
    '1.',
    '.5',
    '1e',
    '-',
    'tru',
    'nul',
    'True',
    '[1] x',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '"\x01"',
    '<html>',
    '-Infinit',
    'NaNa',
    '\ufeff{}',
    '[1.0,]',
    '{"1": 1,}',
    '[1.0 x]',
  ]
  test.each(bad)('%j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
    expect(() => parseJson(text, { wire: true })).toThrow(SyntaxError)
  })
  test('depth', () => {
    expect(() => parseJson('['.repeat(100_000) + '1.0', { wire: true })).toThrow('deeply')
  })
})

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new Float(value)),
    fc.array(tie('value')),
    fc.array(fc.tuple(fc.oneof(fc.string(), fc.nat().map(String)), tie('value'))).map((pairs) => {
      const keys = [...new Set(pairs.map(([key]) => key))]
      const object: Record<string, unknown> = {}
      for (const [key, value] of pairs)
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      return withKeyOrder(object, keys)
    }),
  ),
})).value

test('what is written reads back the same, order and kinds of numbers included', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = stringifyPython(value)
      expect(text).toMatch(/^[ -~]*$/)
      expect(stringifyPython(parseJson(text, { wire: true }))).toBe(text)
      const compact = stringifyCompact(value)
      expect(stringifyCompact(parseJson(compact, { wire: true }))).toBe(compact)
    }),
    { numRuns: 500 },
  )
})

test('the own reader and JSON.parse agree on what both can read', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      expect(plain(parseJson(` ${text} `, { wire: true }))).toEqual(plain(JSON.parse(text)))
    }),
    { numRuns: 500 },
  )
})

function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value + 0
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return value + 0
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, item]) => [key, plain(item)])
    .sort()
}
