import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'bun:test'
import { exists, readFile, readIfThere } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-files-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)

writeFileSync(at('full'), 'one\ntwo\n')
writeFileSync(at('empty'), '')
writeFileSync(at('large'), 'x'.repeat(300_000))
writeFileSync(at('mine to read'), 'r')
chmodSync(at('mine to read'), 0o400)
mkdirSync(at('folder'))

describe('what is there', () => {
  test.each([
    ['full', 'one\ntwo\n'],
    ['empty', ''],
    ['large', 'x'.repeat(300_000)],
    ['mine to read', 'r'],
  ])('%s', (name, content) => {
    expect(text(readFile(at(name)))).toBe(content)
    expect(text(readIfThere(at(name)))).toBe(content)
    expect(exists(at(name))).toBe(true)
  })

  test('what the system makes up as it is read', () => {
    expect(text(readFile('/proc/self/status'))).toContain('Name:')
    expect(exists('/proc/self/status')).toBe(true)
  })

  test('the bytes are a copy', () => {
    const bytes = readFile(at('full'))
    bytes[0] = 0
    expect(text(readFile(at('full')))).toBe('one\ntwo\n')
  })
})

describe('what is not', () => {
  test.each(['nothing', 'nothing/below', 'full/below', ''])('%p', (name) => {
    const path = name === '' ? '' : at(name)
    expect(() => readFile(path)).toThrow(/ENOENT|ENOTDIR/)
    expect(readIfThere(path)).toBeUndefined()
    expect(exists(path)).toBe(false)
  })

  test('a folder is there, and is nothing to read', () => {
    expect(exists(at('folder'))).toBe(true)
    expect(() => readFile(at('folder'))).toThrow('EISDIR')
    expect(readIfThere(at('folder'))).toBeUndefined()
  })

  test.skipIf(process.platform === 'win32')('a pipe is not read: nobody waits for its writer', () => {
    expect(spawnSync('mkfifo', [at('pipe')]).status).toBe(0)
    expect(readIfThere(at('pipe'))).toBeUndefined()
  })
})
