import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { Float, keysOf } from '../../lib/value.ts'
import { jsonValue, JsonError } from './json.ts'

describe("what is wrong, in Python's words", () => {
  const cases: [string, string][] = [
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['a=b', 'Expecting value: line 1 column 1 (char 0)'],
    ['[{"Key":}]', 'Expecting value: line 1 column 9 (char 8)'],
    ['{"Key":"a"', "Expecting ',' delimiter: line 1 column 11 (char 10)"],
    ['{"a":{"S":', 'Expecting value: line 1 column 11 (char 10)'],
    ["{'a':1}", 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['[1,]', 'Illegal trailing comma before end of array: line 1 column 3 (char 2)'],
    ['{"a":1,}', 'Illegal trailing comma before end of object: line 1 column 7 (char 6)'],
    ['[1] 2', 'Extra data: line 1 column 5 (char 4)'],
    ['"a', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"\\$"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['"\\u12"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
    ['{\n"a\n"}', 'Invalid control character at: line 2 column 3 (char 4)'],
    ['["😀", x]', 'Expecting value: line 1 column 7 (char 6)'],
  ]
  test.each(cases)('%j', (text, message) => {
    expect(() => jsonValue(text)).toThrow(new JsonError(message))
  })
})

test('integers stay whole, fractions stay fractions, keys keep their order', () => {
  expect(jsonValue('[1, 1.0, 12345678901234567890]')).toEqual([1, new Float(1), 12345678901234567890n])
  expect(keysOf(jsonValue('{"b":1,"2":2,"1":3}') as object)).toEqual(['b', '2', '1'])
})

test('any text is either JSON, as JavaScript reads it, or a JsonError', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => json.slice(0, -1)),
  )
  fc.assert(
    fc.property(text, (candidate) => {
      let expected: unknown
      try {
        expected = JSON.parse(candidate)
      } catch {
        if (/NaN|Infinity/.test(candidate)) return
        expect(() => jsonValue(candidate)).toThrow(JsonError)
        return
      }
      expect(
        JSON.parse(
          JSON.stringify(jsonValue(candidate), (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
        ),
      ).toEqual(expected as never)
    }),
  )
})
