import { describe, expect, test } from 'bun:test'
import { Float } from '../lib/value.ts'
import { demo } from './test-client.ts'
import { validate } from './validate.ts'

const put = demo('Put')
const report = (input: object): string => {
  try {
    validate(put, input as never)
    return ''
  } catch (error) {
    return (error as Error).message.replace('Parameter validation failed:\n', '')
  }
}

// What botocore's ParamValidator says of the same values.
describe('complaints', () => {
  const all = 'Name, Token, Count, Ratio, Flag, Data, When, Tags, Map, Inner, Either, Free'
  const cases: [object, string][] = [
    [{}, 'Missing required parameter in input: "Name"'],
    [{ Name: 'ab', x: 1 }, `Unknown parameter in input: "x", must be one of: ${all}`],
    [{ Name: 'a' }, 'Invalid length for parameter Name, value: 1, valid min length: 2'],
    [{ Name: 5 }, "Invalid type for parameter Name, value: 5, type: <class 'int'>, valid types: <class 'str'>"],
    [
      { Name: null },
      "Invalid type for parameter Name, value: None, type: <class 'NoneType'>, valid types: <class 'str'>",
    ],
    [{ Name: 'ab', Count: 0 }, 'Invalid value for parameter Count, value: 0, valid min value: 1'],
    [
      { Name: 'ab', Count: 1.5 },
      "Invalid type for parameter Count, value: 1.5, type: <class 'float'>, valid types: <class 'int'>",
    ],
    [
      { Name: 'ab', Count: new Float(1) },
      "Invalid type for parameter Count, value: 1.0, type: <class 'float'>, valid types: <class 'int'>",
    ],
    [
      { Name: 'ab', Ratio: 'x' },
      "Invalid type for parameter Ratio, value: x, type: <class 'str'>, valid types: <class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
    ],
    [
      { Name: 'ab', Flag: 'true' },
      "Invalid type for parameter Flag, value: true, type: <class 'str'>, valid types: <class 'bool'>",
    ],
    [
      { Name: 'ab', Data: 5 },
      "Invalid type for parameter Data, value: 5, type: <class 'int'>, valid types: <class 'bytes'>, <class 'bytearray'>, file-like object",
    ],
    [
      { Name: 'ab', When: 'soon' },
      "Invalid type for parameter When, value: soon, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string",
    ],
    [
      { Name: 'ab', Tags: 'x' },
      "Invalid type for parameter Tags, value: x, type: <class 'str'>, valid types: <class 'list'>, <class 'tuple'>",
    ],
    [
      { Name: 'ab', Tags: ['a', [1.5, 'b', { c: "it's" }]] },
      `Invalid type for parameter Tags[1], value: [1.5, 'b', {'c': "it's"}], type: <class 'list'>, valid types: <class 'str'>`,
    ],
    [
      { Name: 'ab', Map: { k: 'v' } },
      "Invalid type for parameter Map.k, value: v, type: <class 'str'>, valid types: <class 'int'>",
    ],
    [
      { Name: 'ab', Map: [] },
      "Invalid type for parameter Map, value: [], type: <class 'list'>, valid types: <class 'dict'>",
    ],
    [{ Name: 'ab', Inner: {} }, 'Missing required parameter in Inner: "A"'],
    [{ Name: 'ab', Either: {} }, 'Must set one of the following keys for tagged unionstructure Either: L. R.'],
    [
      { Name: 'ab', Either: { L: '', R: '' } },
      'Invalid number of parameters set for tagged union structure Either. Can only set one of the following keys: L. R.',
    ],
    [
      { Count: 0, y: 1 },
      'Missing required parameter in input: "Name"\n' +
        `Unknown parameter in input: "y", must be one of: ${all}\nInvalid value for parameter Count, value: 0, valid min value: 1`,
    ],
  ]
  test.each(cases)('%j', (input, text) => expect(report(input)).toBe(text))
})

describe('nothing to complain of', () => {
  const cases: object[] = [
    {
      Name: 'ab',
      Count: true,
      Ratio: 5,
      Flag: false,
      Data: new Uint8Array(1),
      When: 0,
      Tags: [],
      Map: {},
      Inner: { A: '' },
    },
    {
      Name: 'ab',
      Count: 10n,
      Ratio: new Float(1.5),
      Data: 'text',
      When: '2026-01-02',
      Either: { R: 'r' },
      Token: undefined,
    },
    { Name: '𝒳𝒳', Data: new Blob([]), When: new Date(), Free: { any: [1, null, { deep: 'x' }] } },
  ]
  test.each(cases)('%#', (input) => expect(report(input)).toBe(''))
  test('an astral character counts as one', () => expect(report({ Name: '𝒳' })).toContain('value: 1,'))
})
