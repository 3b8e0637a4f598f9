import { describe, expect, test } from 'bun:test'
import { Float } from '../../lib/value.ts'
import { yamlValue } from './yaml.ts'

describe('quoted text over several lines', () => {
  const read: [source: string, value: unknown][] = [
    ['a: "x\ny"\nb: 1\n', { a: 'x y', b: 1 }],
    ["a:\n  - 'x\ny: z'\n  - v\n", { a: ['x y: z', 'v'] }],
    ['- "x\n\n\ty"\n', ['x\ny']],
    ['a: "x\\\ny"\n', { a: 'xy' }],
    ['a: {b: "x\ny", c: 1}\n', { a: { b: 'x y', c: 1 } }],
    ['a: it\'s\nb: "x\ny"\nc: "v\nw"\n', { a: "it's", b: 'x y', c: 'v w' }],
    ['a: [b, "x\ny"]\nc: |\n  z', { a: ['b', 'x y'], c: 'z' }],
  ]
  test.each(read)('may begin anywhere: %j', (source, value) => {
    expect(yamlValue(source)).toEqual(value as never)
  })

  test.each(['a: "x\n', 'a: "x\n---\ny"\n'])('must end: %j', (source) => {
    expect(() => yamlValue(source)).toThrow('Missing closing')
  })
})

describe('what stands in brackets', () => {
  const read: [source: string, value: unknown][] = [
    ['a: [1,\n2]\nb: 3', { a: [1, 2], b: 3 }],
    ['a:\n  b: {\n"c": [\n1\n]\n}\nd: e', { a: { b: { c: [1] } }, d: 'e' }],
  ]
  test.each(read)('may go on anywhere: %j', (source, value) => {
    expect(yamlValue(source)).toEqual(value as never)
  })

  test.each(['a: [1\n', 'a: {b: 1\nc: 2'])('must end: %j', (source) => {
    expect(() => yamlValue(source)).toThrow()
  })
})

describe('scalars', () => {
  const read: [source: string, value: unknown][] = [
    ['1_000', 1000],
    ['0x1F', 31],
    ['_1', '_1'],
    ['1e3', new Float(1000)],
    ['99999999999999999999', 99999999999999999999n],
    ['"1"', '1'],
    ['2020-01-02', '2020-01-02'],
    ['2020-01-02T03:04:05Z', '2020-01-02T03:04:05Z'],
    ['yes', 'yes'],
    ['~', null],
    ['!!binary aGk=', new Uint8Array([104, 105])],
  ]
  test.each(read)('%s', (source, value) => {
    expect(yamlValue(`a: ${source}\n`)).toEqual({ a: value } as never)
  })

  test.each(['!!binary []', '!other x', '\x01', '"\x7f"'])('refused: %j', (source) => {
    expect(() => yamlValue(`a: ${source}\n`)).toThrow()
  })
})
