import { expect, test } from 'bun:test'
import type { Entry } from './entry.ts'
import { filterOf, patternTest } from './filter.ts'

const names = [
  '',
  'a',
  'abc',
  'ax',
  'bx',
  'cx',
  'b1',
  '[]x',
  ']',
  'a[',
  '-',
  'x-',
  'xa',
  '^',
  'a.b',
  'aXb',
  'a+b',
  '(a)',
  '$',
  'a|b',
  'zazbz',
  'a/b.txt',
  '.txt',
  'a\\b',
  '\\',
  'éa',
  '😀',
  'y',
  '{a}',
  'a\nb',
]

/** Pattern, and what of the names fits, as Python 3.11 says. */
const cases: [string, string[]][] = [
  [
    '*',
    [
      '',
      'a',
      'abc',
      'ax',
      'bx',
      'cx',
      'b1',
      '[]x',
      ']',
      'a[',
      '-',
      'x-',
      'xa',
      '^',
      'a.b',
      'aXb',
      'a+b',
      '(a)',
      '$',
      'a|b',
      'zazbz',
      'a/b.txt',
      '.txt',
      'a\\b',
      '\\',
      'éa',
      '😀',
      'y',
      '{a}',
      'a\nb',
    ],
  ],
  ['*.txt', ['a/b.txt', '.txt']],
  ['a?c', ['abc']],
  ['[ab]x', ['ax', 'bx']],
  ['[!ab]x', ['cx']],
  ['[a-c]1', ['b1']],
  ['[]x', ['[]x']],
  ['[]]', [']']],
  ['[!]]', ['a', '-', '^', '$', '\\', '😀', 'y']],
  ['a[', ['a[']],
  ['[z-a]', []],
  ['[!z-a]', ['a', ']', '-', '^', '$', '\\', '😀', 'y']],
  ['x[a-]', ['x-', 'xa']],
  ['[-a]', ['a', '-']],
  ['[^a]', ['a', '^']],
  ['a.b', ['a.b']],
  ['a+b', ['a+b']],
  ['(a)', ['(a)']],
  ['$', ['$']],
  ['a|b', ['a|b']],
  ['*a*b*', ['abc', 'a.b', 'aXb', 'a+b', 'a|b', 'zazbz', 'a/b.txt', 'a\\b', 'a\nb']],
  [
    '**',
    [
      '',
      'a',
      'abc',
      'ax',
      'bx',
      'cx',
      'b1',
      '[]x',
      ']',
      'a[',
      '-',
      'x-',
      'xa',
      '^',
      'a.b',
      'aXb',
      'a+b',
      '(a)',
      '$',
      'a|b',
      'zazbz',
      'a/b.txt',
      '.txt',
      'a\\b',
      '\\',
      'éa',
      '😀',
      'y',
      '{a}',
      'a\nb',
    ],
  ],
  ['a\\b', ['a\\b']],
  ['[\\]', ['\\']],
  ['é?', ['éa']],
  ['?', ['a', ']', '-', '^', '$', '\\', '😀', 'y']],
  ['[a-cx-z]', ['a', 'y']],
  ['{a}', ['{a}']],
]

test("patterns are read as Python's fnmatch reads them", () => {
  for (const [pattern, fitting] of cases) {
    expect([pattern, names.filter(patternTest(pattern))]).toEqual([pattern, fitting])
  }
})

test('the last rule that fits decides, below either root', () => {
  const entry = (path: string): Entry => ({ side: 's3', path, name: path })
  const roots = { from: 's3://b/p', to: '/d', tree: true }
  const wanted = filterOf(
    [
      { include: false, pattern: '*' },
      { include: true, pattern: '*.txt' },
      { include: false, pattern: 'no*' },
    ],
    roots,
  )
  const kept = ['b/p/a.txt', 'b/p/a', 'b/p/no.txt', 'b/p/x/no.txt', '/d/y.txt', '/d/no.txt', 'b/q/a.bin'].filter(
    (path) => wanted!(entry(path)),
  )
  expect(kept).toEqual(['b/p/a.txt', 'b/p/x/no.txt', '/d/y.txt', 'b/q/a.bin'])
  expect(filterOf([], roots)).toBeUndefined()
})

test('one thing is held against patterns below its folder', () => {
  const wanted = filterOf([{ include: false, pattern: 'a*' }], { from: 's3://b/p/abc', to: '/d/x', tree: false })
  expect(wanted!({ side: 's3', path: 'b/p/abc', name: 'abc' })).toBe(false)
})
