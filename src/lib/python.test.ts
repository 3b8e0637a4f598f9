import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { compareText, floatRepr, parseFloatingPoint, parseInteger, repr, str, typeName } from './python.ts'
import { asOrderedMap, Float, isOrderedMap, keysOf, structureOf } from './value.ts'

describe('repr of a float', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [1.5, '1.5'],
    [-2.25, '-2.25'],
    [0.1, '0.1'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [123456789, '123456789.0'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e22, '1e+22'],
    [1e100, '1e+100'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [0.1 + 0.2, '0.30000000000000004'],
    [NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ]
  for (const [number, text] of cases) test(text, () => expect(floatRepr(number)).toBe(text))

  test('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (number) => {
        expect(parseFloatingPoint(floatRepr(number))).toBe(number)
      }),
    )
  })
})

describe('repr of a string', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', "''"],
    ["it's", '"it\'s"'],
    ['say "x"', '\'say "x"\''],
    ['it\'s "x"', "'it\\'s \"x\"'"],
    ['a\\b', "'a\\\\b'"],
    ['\n\r\t', "'\\n\\r\\t'"],
    ['\0\x1b\x7f', "'\\x00\\x1b\\x7f'"],
    ['\x80\xa0\xad', "'\\x80\\xa0\\xad'"],
    ['é日本', "'é日本'"],
    ['\u{1f600}', "'\u{1f600}'"],
    ['\u200b\u2028\ufeff', "'\\u200b\\u2028\\ufeff'"],
    ['\ue000', "'\\ue000'"],
    ['\u{e0001}', "'\\U000e0001'"],
    [' \u3000', "' \\u3000'"],
    ['\u0301', "'\u0301'"],
  ]
  for (const [text, expected] of cases) test(expected, () => expect(repr(text)).toBe(expected))
})

test('repr and str of everything else', () => {
  const value = { a: [null, true, 2, 2n ** 64n, new Float(1)], b: { c: "it's" }, d: new Uint8Array([0, 39, 65, 255]) }
  expect(repr(value)).toBe(
    "{'a': [None, True, 2, 18446744073709551616, 1.0], 'b': {'c': \"it's\"}, 'd': b\"\\x00'A\\xff\"}",
  )
  expect([str('x'), str(null), str(false), str(1e21), str(0.5)]).toEqual([
    'x',
    'None',
    'False',
    '1000000000000000000000',
    '0.5',
  ])
  expect([typeName(1), typeName(1.5), typeName(1n), typeName(''), typeName([]), typeName({}), typeName(null)]).toEqual([
    'int',
    'float',
    'int',
    'str',
    'list',
    'dict',
    'NoneType',
  ])
})

test('text is ordered by code point', () => {
  const list = ['b', '\u{1f600}', '', '\uffff', 'a', '\ue000', 'ab', 'Z']
  expect(list.sort(compareText)).toEqual(['', 'Z', 'a', 'ab', 'b', '\ue000', '\uffff', '\u{1f600}'])
})

describe('numbers from text', () => {
  const cases: readonly (readonly [string, number | bigint | undefined, number | undefined])[] = [
    ['12', 12, 12],
    [' -7\n', -7, -7],
    ['+7', 7, 7],
    ['1_000', 1000, 1000],
    ['1__0', undefined, undefined],
    ['0x10', undefined, undefined],
    ['', undefined, undefined],
    ['1.5', undefined, 1.5],
    ['.5', undefined, 0.5],
    ['5.', undefined, 5],
    ['1e3', undefined, 1000],
    ['Infinity', undefined, Infinity],
    ['-inf', undefined, -Infinity],
    ['12345678901234567890', 12345678901234567890n, 12345678901234567000],
    ['--1', undefined, undefined],
    ['1 2', undefined, undefined],
    ['-0', 0, -0],
  ]
  for (const [text, whole, float] of cases) {
    test(JSON.stringify(text), () => {
      expect(parseInteger(text)).toBe(whole)
      expect(parseFloatingPoint(text)).toBe(float)
    })
  }
})

test('a structure of entries keeps their order, and any key', () => {
  const structure = structureOf([
    ['x', 1],
    ['10', 2],
    ['2', 3],
    ['x', 4],
    ['__proto__', 5],
  ])
  expect(keysOf(structure)).toEqual(['x', '10', '2', '__proto__'])
  expect(structure.x).toBe(4)
  expect(Object.hasOwn(structure, '__proto__')).toBe(true)
  expect(isOrderedMap(structure)).toBe(false)
  expect(isOrderedMap(asOrderedMap(structure))).toBe(true)
})
