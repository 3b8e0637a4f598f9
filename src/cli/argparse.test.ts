import { describe, expect, test } from 'bun:test'
import { parseKnown } from './argparse.ts'
import type { Option } from './argparse.ts'
import { closeMatches } from './close-matches.ts'

const options: Option[] = [
  { name: '--name', into: 'name' },
  { name: '--names', into: 'names', nargs: '*' },
  { name: '--dry-run', into: 'dry', flag: true },
  { name: '--no-dry-run', into: 'dry', flag: false },
  { name: '--level', into: 'level', convert: 'int' },
  { name: '--kind', into: 'kind', nargs: '?', whenEmpty: 'plain', choices: ['plain', 'fancy'] },
  { name: '--pair', into: 'pair', nargs: 2, append: 'words' },
  { name: '--include', into: 'filters', append: 'named' },
  { name: '--exclude', into: 'filters', append: 'named' },
  { name: 'file', into: 'file', positional: true, nargs: '?' },
]

describe('what words mean', () => {
  const cases: [words: string, values: Record<string, unknown>, rest?: string[]][] = [
    ['--name a', { name: 'a' }],
    ['--name=a', { name: 'a' }],
    ['--name=', { name: '' }],
    ['--name a --name b', { name: 'b' }],
    ['--lev 3', { level: 3 }],
    ['--lev=-3', { level: -3 }],
    ['--level -3', { level: -3 }],
    ['--names', { names: [] }],
    ['--names a b --dry-run', { names: ['a', 'b'], dry: true }],
    ['--dry-run --no-dry', { dry: false }],
    ['--kind', { kind: 'plain' }],
    ['--kind fancy x', { kind: 'fancy', file: 'x' }],
    ['x', { file: 'x' }],
    ['x --name a', { file: 'x', name: 'a' }],
    ['--name a x y', { name: 'a', file: 'x' }, ['y']],
    ['--other x', { file: 'x' }, ['--other']],
    ['--name a -- --dry-run', { name: 'a', file: '--dry-run' }],
    [
      '--pair a b --pair c d',
      {
        pair: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ],
    [
      '--exclude * --include a',
      {
        filters: [
          ['--exclude', '*'],
          ['--include', 'a'],
        ],
      },
    ],
    ['-x', {}, ['-x']],
    ['-', { file: '-' }],
  ]
  test.each(cases)('%s', (words, values, rest = []) => {
    const parsed = parseKnown(options, words.split(' '))
    expect(parsed.values).toEqual(values)
    expect(parsed.rest).toEqual(rest)
  })

  test('a word with a space is no option', () => {
    expect(parseKnown(options, ['--no such option']).values).toEqual({ file: '--no such option' })
  })
})

describe('what is refused', () => {
  const cases: [words: string, message: string][] = [
    ['--name', 'argument --name: expected one argument'],
    ['--name --dry-run', 'argument --name: expected one argument'],
    ['--n x', 'ambiguous option: --n could match --name, --names, --no-dry-run'],
    ['--dry-run=1', "argument --dry-run: ignored explicit argument '1'"],
    ['--level x', "argument --level: invalid int value: 'x'"],
    ['--kind plan', "argument --kind: Found invalid choice 'plan'\n\nMaybe you meant:\n\n  * plain"],
    ['--kind zzz', "argument --kind: Found invalid choice 'zzz'\n"],
    ['--pair a', 'argument --pair: expected 2 arguments'],
  ]
  test.each(cases)('%s', (words, message) => {
    expect(() => parseKnown(options, words.split(' '), 'USAGE')).toThrow(`${message}\n\nUSAGE`)
  })

  test('what is missing is told in order, positionals by their name', () => {
    const required: Option[] = [
      { name: '--a', into: 'a', required: true },
      { name: 'outfile', into: 'outfile', positional: true },
      { name: '--b', into: 'b', required: true },
    ]
    expect(() => parseKnown(required, ['--b', 'x'], '')).toThrow('the following arguments are required: --a, outfile')
  })
})

test('suggestions are the closest three', () => {
  const names = ['describe-instances', 'describe-instance-types', 'describe-instance-status', 'run-instances']
  expect(closeMatches('describe-instance', names)).toEqual(names.slice(0, 3))
  expect(closeMatches('frobnicate', names)).toEqual([])
})
