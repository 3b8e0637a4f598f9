import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { ANY_RUN, compilePattern, literalOf, patternOf } from './wildcard.ts'

const fits = (pattern: string, text: string): boolean => compilePattern(patternOf(pattern))(text)

describe('wildcards', () => {
  // oxfmt-ignore
  const cases: [pattern: string, text: string, fits: boolean][] = [
    ['', '', true], ['', 'a', false], ['*', '', true], ['*', 'anything/at:all', true], ['**', 'x', true],
    ['?', '', false], ['?', 'a', true], ['?', 'ab', false], ['a?c', 'abc', true], ['a?c', 'ac', false],
    ['a*', 'a', true], ['a*', 'abc', true], ['a*', 'ba', false], ['*a', 'ba', true], ['*a', 'ab', false],
    ['a*c', 'ac', true], ['a*c', 'abbbc', true], ['a*c', 'abbbcd', false], ['*b*', 'abc', true], ['*b*', 'ac', false],
    ['s3:Get*', 's3:GetObject', true], ['s3:*Object', 's3:GetObject', true], ['s3:*Object', 's3:GetObjectAcl', false],
    ['a*b*c', 'a1b2c', true], ['a*b*c', 'a1c2b', false], ['*?', 'a', true], ['?*', '', false], ['*?*', '', false],
    ['a.c', 'abc', false], ['[ab]', 'a', false], ['a\\*', 'a*', false], ['ab', 'AB', false], ['a+', 'aa', false],
    ['*aab', 'aaaab', true], ['a*a*a', 'aa', false], ['a*a*a', 'aaa', true],
  ]
  for (const [pattern, text, expected] of cases) {
    test(`${pattern} ${expected ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
      expect(fits(pattern, text)).toBe(expected)
    })
  }

  test('a literal star is no wildcard', () => {
    expect(compilePattern(['a*b'])('a*b')).toBe(true)
    expect(compilePattern(['a*b'])('aXb')).toBe(false)
    expect(compilePattern(['a*', ANY_RUN])('a*more')).toBe(true)
    expect(compilePattern(['a*', ANY_RUN])('ab')).toBe(false)
    expect(literalOf(patternOf('a*b?c'))).toBe('a*b?c')
  })

  /** Straight from the definition, in exponential time. */
  function slowly(pattern: string, text: string): boolean {
    if (pattern === '') return text === ''
    if (pattern[0] === '*') return slowly(pattern.slice(1), text) || (text !== '' && slowly(pattern, text.slice(1)))
    if (text === '') return false
    return (pattern[0] === '?' || pattern[0] === text[0]) && slowly(pattern.slice(1), text.slice(1))
  }

  test('equals a slow reference', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
    fc.assert(
      fc.property(pattern, text, (p, t) => fits(p, t) === slowly(p, t)),
      { numRuns: 3000 },
    )
  })

  test('many stars end: the steps are bounded by the product of the lengths', () => {
    expect(fits(`${'a*'.repeat(3000)}b`, 'a'.repeat(6000))).toBe(false)
    expect(fits(`${'*a'.repeat(3000)}`, 'a'.repeat(6000))).toBe(true)
    expect(fits('*'.repeat(100_000), 'x'.repeat(10))).toBe(true)
    expect(fits(`${'?*'.repeat(2000)}`, 'x'.repeat(1999))).toBe(false)
  })
})
