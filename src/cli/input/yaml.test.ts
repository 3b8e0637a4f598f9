import { describe, expect, test } from 'bun:test'
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
