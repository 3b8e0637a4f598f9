import { expect, test } from 'bun:test'
import { splitWords } from './shlex.ts'

const cases: [string, string[]][] = [
  ['', []],
  ['  a  b\t', ['a', 'b']],
  ['profile "a b"', ['profile', 'a b']],
  ["a'b c'd", ['ab cd']],
  ['a\\ b', ['a b']],
  ['"a\\"b\\c"', ['a"b\\c']],
  ["'a\\'", ['a\\']],
  ["a '' b", ['a', '', 'b']],
]
test.each(cases)('%j', (line, words) => expect(splitWords(line)).toEqual(words))
test.each([
  ['"a', 'No closing quotation'],
  ['a\\', 'No escaped character'],
])('%j is refused', (line, text) => expect(() => splitWords(line)).toThrow(text))
