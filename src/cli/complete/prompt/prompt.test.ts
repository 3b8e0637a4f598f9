import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { edited, lineOf, typed } from './editor.ts'
import { fuzzyMatches } from './fuzzy.ts'
import { addToHistory, historyFile, readHistory } from './history.ts'
import { keysIn } from './keys.ts'
import type { KeyName } from './keys.ts'
import { draw, erase } from './screen.ts'

describe('letters in their order', () => {
  const labels = ['describe-instances', 'describe-images', 'run-instances', 'start-instances', 'terminate-instances']
  const found = (text: string): string[] =>
    fuzzyMatches(
      text,
      labels.map((label) => ({ label })),
    ).map(({ label }) => label)

  test.each<[typed: string, found: string[]]>([
    ['', labels],
    ['run', ['run-instances']],
    // Where the letters stand closest together, then where they stand further left.
    ['rin', ['describe-instances', 'run-instances', 'start-instances', 'terminate-instances']],
    ['IMG', ['describe-images']],
    ['desima', ['describe-images']],
    ['zz', []],
  ])('%j', (text, all) => expect(found(text).sort()).toEqual([...all].sort()))

  test('closer together comes first, then further left', () => {
    const order = fuzzyMatches(
      'ab',
      ['xxab', 'ab', 'a-b', 'xa--b'].map((label) => ({ label })),
    )
    expect(order.map(({ label }) => label)).toEqual(['ab', 'xxab', 'a-b', 'xa--b'])
  })

  test('as the pattern l.*?e.*?t finds it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 })
    fc.assert(
      fc.property(
        word.filter((text) => text !== ''),
        word,
        (text, label) => {
          const pattern = new RegExp([...text].map((letter) => RegExp.escape(letter)).join('.*?'))
          expect(fuzzyMatches(text, [{ label }]).length > 0).toBe(pattern.test(label))
        },
      ),
    )
  })
})

describe('keys', () => {
  test.each<[input: string, keys: string[]]>([
    ['abc', ['abc']],
    ['a\tb', ['a', 'tab', 'b']],
    ['\x1b[A\x1bOB\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1b', ['escape']],
    ['\x1b[99;7~', []],
    ['\r', ['enter']],
    ['\x7f\x17\x15', ['backspace', 'delete-word', 'delete-before']],
    ['\x1b[1;5D\x1bf', ['word-left', 'word-right']],
    ['é€😀', ['é€😀']],
    ['\x03', ['cancel']],
  ])('%j', (input, keys) => {
    expect(keysIn(input).map((key) => (key.kind === 'text' ? key.text : key.name))).toEqual(keys)
  })
})

describe('editing', () => {
  test.each<[key: KeyName, before: string, after: string]>([
    ['left', 'ab|c', 'a|bc'],
    ['left', '|abc', '|abc'],
    ['right', 'ab|c', 'abc|'],
    ['home', 'ab|c', '|abc'],
    ['end', 'a|bc', 'abc|'],
    ['word-left', 'ec2 run |x', 'ec2 |run x'],
    ['word-right', 'ec2| run x', 'ec2 run| x'],
    ['backspace', 'ab|c', 'a|c'],
    ['backspace', '|abc', '|abc'],
    ['delete', 'a|bc', 'a|c'],
    ['delete', 'abc|', 'abc|'],
    ['delete-word', 'ec2 run| x', 'ec2 | x'],
    ['delete-before', 'ec2| x', '| x'],
    ['delete-after', 'ec2| x', 'ec2|'],
  ])('%s: %s', (key, before, after) => {
    const line = edited(lineOf(before.replace('|', ''), before.indexOf('|')), key)!
    expect(`${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`).toBe(after)
  })

  test('letters go in at the cursor', () => {
    expect(typed(lineOf('ab', 1), 'xy')).toEqual({ text: 'axyb', cursor: 3 })
    expect(edited(lineOf('a'), 'tab')).toBeUndefined()
  })
})

describe('the screen', () => {
  const view = { prompt: '> ', line: lineOf('ec2', 1), candidates: [], selected: -1, columns: 20 }

  test('clears what was above, and puts the cursor into the line', () => {
    expect(draw(view, 2)).toEqual({ text: '\x1b[2A\r\x1b[J> ec2\r\x1b[3C', cursorRow: 0 })
    expect(erase(1)).toBe('\x1b[1A\r\x1b[J')
  })

  test('a line that is longer than the screen', () => {
    const { text, cursorRow } = draw({ ...view, line: lineOf('x'.repeat(30)) }, 0)
    expect(cursorRow).toBe(1)
    expect(text).toEndWith('\r\x1b[12C')
  })

  test('eight candidates, the marked one among them', () => {
    const candidates = Array.from({ length: 20 }, (_, index) => ({ label: `c${index}` }))
    const rows = draw({ ...view, candidates, selected: 10 }, 0).text.split('\r\n')
    expect(rows).toHaveLength(10)
    expect(rows[8]).toContain('\x1b[7m  c10\x1b[27m')
    expect(rows[9]).toContain('9 more')
  })

  test('what a candidate is, as far as it fits', () => {
    const text = draw({ ...view, candidates: [{ label: '--a', type: 'string', required: true }] }, 0).text
    expect(text).toContain('  --a  [string] re…')
  })
})

describe('the history', () => {
  const home = mkdtempSync(join(tmpdir(), 'virga-history-'))
  process.on('exit', () => rmSync(home, { recursive: true, force: true }))

  test('is kept in the reference’s file, the newest last, for its owner alone', async () => {
    expect(readHistory(home)).toEqual([])
    await addToHistory(home, 'ec2 describe-instances')
    await addToHistory(home, 's3 ls')
    expect(JSON.parse(readFileSync(historyFile(home), 'utf8'))).toEqual({
      version: 1,
      commands: ['ec2 describe-instances', 's3 ls'],
    })
    expect(statSync(historyFile(home)).mode & 0o777).toBe(0o600)
    expect(readHistory(home)).toEqual(['ec2 describe-instances', 's3 ls'])
  })

  test('holds 500 commands', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `c${index}`)
    writeFileSync(historyFile(home), JSON.stringify({ version: 1, commands: many }))
    await addToHistory(home, 'last')
    expect(readHistory(home)).toEqual([...many.slice(1), 'last'])
  })

  test('one that cannot be read is left as it is', async () => {
    mkdirSync(dirname(historyFile(home)), { recursive: true })
    writeFileSync(historyFile(home), '{"commands": [')
    expect(readHistory(home)).toEqual([])
    await addToHistory(home, 'x')
    expect(readFileSync(historyFile(home), 'utf8')).toBe('{"commands": [')
  })
})
