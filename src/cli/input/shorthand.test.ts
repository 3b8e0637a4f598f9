import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseShorthand, ShorthandError } from './shorthand.ts'

const vectors = `${process.env.VIRGA_SHARED ?? '../shared'}/vectors/shorthand/shorthand.json`

describe("AWS CLI's own cases", () => {
  if (!existsSync(vectors)) {
    test.skip(`${vectors} is not there`, () => {})
    return
  }
  const cases = JSON.parse(readFileSync(vectors, 'utf8')) as {
    parse: { input: string; expected: unknown }[]
    error: { input: string }[]
  }
  test.each(cases.parse.map(({ input, expected }) => [input, expected] as const))('%s', (input, expected) => {
    expect(parseShorthand(input) as unknown).toEqual(expected)
  })
  test.each(cases.error.map(({ input }) => [input] as const))('%s is refused', (input) => {
    expect(() => parseShorthand(input)).toThrow(ShorthandError)
  })
})

describe('what is wrong is pointed at', () => {
  const cases: [string, string][] = [
    ['Keya', "Expected: '=', received: 'EOF' for input:\n Keya\n    ^"],
    ['a b', "Expected: '=', received: 'b' for input:\n a b\n  ^"],
    ['', "Expected: '=', received: 'EOF' for input:\n \n^"],
    ['a={S=b', "Expected: ',', received: 'EOF' for input:\n a={S=b\n      ^"],
    ['foo==bar,\nbar=baz', "Expected: ',', received: '=' for input:\n foo==bar,\n    ^\nbar=baz"],
    [
      'Key=a,Key=b',
      'Second instance of key "Key" encountered for input:\nKey=a,Key=b\n      ^\n' +
        'This is often because there is a preceding "," instead of a space.',
    ],
  ]
  test.each(cases)('%j', (input, message) => {
    expect(() => parseShorthand(input)).toThrow(new ShorthandError(message))
  })
})

test('any text is either shorthand or refused with a caret below it', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseShorthand(text)
      } catch (error) {
        expect(error).toBeInstanceOf(ShorthandError)
        expect((error as Error).message).toContain('^')
      }
    }),
  )
})

test('quoted values come back as they were', () => {
  const value = fc.string().filter((text) => !text.includes('\\'))
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value), (map) => {
      const keys = Object.keys(map)
      if (keys.length === 0) return
      const text = keys.map((key) => `${key}="${map[key]!.replaceAll('"', '\\"')}"`).join(',')
      expect(parseShorthand(text) as unknown).toEqual({ ...map })
    }),
  )
})
