import { afterAll, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changeFile, replaceFile, replaceSecret } from './shared-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-shared-'))
afterAll(() => rmSync(folder, { recursive: true }))

const isRoot = process.getuid?.() === 0
if (isRoot) console.log('skipped: root may write to every folder')

/** A path in a folder of its own, where `text` stands if there is any. */
function file(name: string, text?: string, mode = 0o644): string {
  mkdirSync(join(folder, name))
  const path = join(folder, name, 'file')
  if (text !== undefined) writeFileSync(path, text)
  if (text !== undefined) chmodSync(path, mode)
  return path
}
const modeOf = (path: string): number => statSync(path).mode & 0o777
const besides = (path: string): string[] => readdirSync(join(path, '..')).filter((name) => name !== 'file')

describe('a file is replaced', () => {
  test('whole, and nothing is left beside it', () => {
    const path = file('whole', 'old')
    const text = 'x'.repeat(1 << 20)
    replaceFile(path, text)
    expect([readFileSync(path, 'utf8') === text, modeOf(path), besides(path)]).toEqual([true, 0o644, []])
  })

  test('one that is new is its owner’s only, in folders that are, too', () => {
    const path = join(folder, 'a', 'b', 'file')
    replaceFile(path, 'new')
    expect([modeOf(path), modeOf(join(folder, 'a'))]).toEqual([0o600, 0o700])
  })

  test('through a link', () => {
    const path = file('linked', 'old')
    const link = join(folder, 'link')
    symlinkSync(path, link)
    replaceFile(link, 'new')
    expect([lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8')]).toEqual([true, 'new'])
  })

  test('but a device stays what it is', () => {
    replaceFile('/dev/null', 'nothing')
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test('a folder in its place is an error, and nothing is left beside it', () => {
    const path = file('folder')
    mkdirSync(path)
    expect(() => replaceFile(path, 'text')).toThrow('EISDIR')
    expect(besides(path)).toEqual([])
  })

  test.skipIf(isRoot)('in place where its folder takes no new one', () => {
    const path = file('closed', 'old')
    chmodSync(join(path, '..'), 0o500)
    replaceFile(path, 'new')
    chmodSync(join(path, '..'), 0o700)
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  test('a secret is its owner’s only, whatever the file was before', () => {
    const path = file('secret', 'old')
    replaceSecret(path, 'new')
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', 0o600])
  })
})

test('changes wait for one another, and leave no lock', async () => {
  const path = file('changed')
  await Promise.all(Array.from({ length: 20 }, () => changeFile(path, (text) => `${text}x`)))
  expect([readFileSync(path, 'utf8'), existsSync(`${path}.lock`)]).toEqual(['x'.repeat(20), false])
})
