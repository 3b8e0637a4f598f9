import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { editIni, IniError, parseIni } from './ini.ts'
import type { IniEdit } from './ini.ts'

const parsed = (text: string) => JSON.parse(JSON.stringify(Object.fromEntries(parseIni(text))))

// Every expectation is what Python's RawConfigParser (with AWS CLI's nesting) gives.
describe('parseIni', () => {
  const cases: [string, string, unknown][] = [
    ['an empty file', '', {}],
    ['keys are lower-cased and trimmed', '[a]\n Key \t= v \n', { a: { key: 'v' } }],
    ['a colon separates as well, whichever comes first', '[a]\nk: v = 3\nx = a:b', { a: { k: 'v = 3', x: 'a:b' } }],
    ['no comments within a line', '[a]\nk = v # c', { a: { k: 'v # c' } }],
    ['whole-line comments, indented or not', '# x\n[a]\n ; y\nk = v\n  # z\n  w', { a: { k: 'v\nw' } }],
    ['what follows a header is ignored', '[a] # c\nk = v', { a: { k: 'v' } }],
    ['a value goes on over blank lines', '[a]\nk = v\n\n  w\n\nl = 1', { a: { k: 'v\n\nw', l: '1' } }],
    ['a block', '[a]\ns3 =\n  x = y\n  Z=1=2\nk = v', { a: { s3: { x: 'y', Z: '1=2' }, k: 'v' } }],
    ['an empty value is not a block', '[a]\ns3 =\n\n[b]', { a: { s3: '' }, b: {} }],
    ['CRLF', '[a]\r\nk = v\r\n', { a: { k: 'v' } }],
    ['DEFAULT lends to all', '[DEFAULT]\nk = 1\nx = 2\n[a]\nk = 3', { a: { k: '3', x: '2' } }],
    [
      'keys JavaScript would stumble over',
      '[a]\n__proto__ = 1\nconstructor = 2',
      { a: { ['__proto__']: '1', constructor: '2' } },
    ],
  ]
  test.each(cases)('%s', (_, text, expected) => expect(parsed(text)).toEqual(expected as object))

  const refused: [string, string, number][] = [
    ['a key outside a section', 'k = v', 1],
    ['a section twice', '[a]\n[b]\n[a]', 3],
    ['a key twice', '[a]\nk = 1\nK = 2', 3],
    ['neither key nor comment', '[a]\nword', 2],
    ['no key', '[a]\n= v', 2],
    ['a header that does not end', '[a', 1],
    ['a block with a line without =', '[a]\nx = 1\ns3 =\n  word', 3],
  ]
  test.each(refused)('refuses %s', (_, text, line) => {
    try {
      parseIni(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(IniError)
      expect((error as IniError).line).toBe(line)
    }
  })
})

// Every expectation is what `aws configure set` leaves in the file.
describe('editIni', () => {
  const cases: [string, string, string, IniEdit, string][] = [
    ['a new file', '', 'default', { k: 'v' }, '[default]\nk = v\n'],
    ['a new section', '[a]\nx = 1', 'profile b', { k: 'v' }, '[a]\nx = 1\n[profile b]\nk = v\n'],
    ['in place', '[a]\n# note\nk=1\nx = 2\n', 'a', { k: '9' }, '[a]\n# note\nk = 9\nx = 2\n'],
    ['after the last key, before the blank line', '[a]\nx = 1\n\n[b]\n', 'a', { k: 'v' }, '[a]\nx = 1\nk = v\n\n[b]\n'],
    ['at the end without a newline', '[a]\nx = 1', 'a', { k: 'v' }, '[a]\nx = 1\nk = v\n'],
    ['a quoted header', '[profile "b c"]\nx = 1\n', 'profile b c', { x: '2' }, '[profile "b c"]\nx = 2\n'],
    ['a new block', '[a]\nx = 1\n', 'a', { s3: { y: '1' } }, '[a]\nx = 1\ns3 =\n    y = 1\n'],
    ['into a block', '[a]\ns3 =\n  x = 1\nk = v\n', 'a', { s3: { y: '2' } }, '[a]\ns3 =\n  x = 1\n    y = 2\nk = v\n'],
    ['a nested value in place', '[a]\ns3 =\n  x = 1\n', 'a', { s3: { x: '2' } }, '[a]\ns3 =\n  x = 2\n'],
    ['a commented section is not it', '#[a]\n[b]\n', 'a', { k: 'v' }, '#[a]\n[b]\n[a]\nk = v\n'],
    ['taken out', '[a]\nk = 1\n  2\nx = 1\n', 'a', { k: undefined }, '[a]\nx = 1\n'],
  ]
  test.each(cases)('%s', (_, text, header, edit, expected) => expect(editIni(text, header, edit)).toBe(expected))

  test('what is set is read back, and nothing else changes', () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,5}$/)
    const value = fc.stringMatching(/^[a-zA-Z0-9/:=.][a-zA-Z0-9 /:=.]{0,6}[a-zA-Z0-9]$/)
    const file = fc.dictionary(name, fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value, { minKeys: 1 }))))
    fc.assert(
      fc.property(file, name, name, value, (sections, section, key, text) => {
        let before = ''
        for (const [header, edit] of Object.entries(sections)) before = editIni(before, header, edit)
        const after = parsed(editIni(before, section, { [key]: text }))
        const expected = parsed(before)
        expected[section] = { ...expected[section], [key]: text }
        expect(after).toEqual(expected)
      }),
    )
  })
})
