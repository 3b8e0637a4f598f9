// Archives that other programs made are read: zip (Python's), tar (GNU's, which npm's are like).

import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text, utf8 } from './bytes.ts'
import { tarFiles } from './untar.ts'
import { zipEntries } from './unzip.ts'

const long = `${'d'.repeat(90)}/${'e'.repeat(40)}/f.txt`

function made(command: string[], file: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'virga-archives-'))
  try {
    const ran = Bun.spawnSync(command, { cwd: folder, stderr: 'inherit' })
    expect(ran.exitCode).toBe(0)
    return readFileSync(join(folder, file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const zipped = (): Uint8Array =>
  made(
    [
      'python3',
      '-c',
      `import zipfile
z = zipfile.ZipFile('a.zip', 'w')
for name, kind, data in (('a/', 0, ''), ('a/ä.txt', 8, 'x' * 9999), ('b.txt', 0, 'stored'), ('empty', 8, '')):
    i = zipfile.ZipInfo(name, (2026, 10, 26, 15, 20, 0)); i.compress_type = kind; z.writestr(i, data)
z.comment = b'behind it'; z.close()`,
    ],
    'a.zip',
  )

const tarred = (): Uint8Array =>
  made(
    [
      'sh',
      '-c',
      `mkdir -p $(dirname ${long}) && echo far > ${long} && printf near > n && tar --format=ustar -cf a.tar n ${long}`,
    ],
    'a.tar',
  )

test('zip: names, days and bytes', () => {
  const entries = zipEntries(zipped())
  expect(entries.map(({ name, date }) => [name, date])).toEqual(
    ['a/ä.txt', 'b.txt', 'empty'].map((name) => [name, '2026-10-26']),
  )
  expect(entries.map((entry) => text(entry.bytes()).length)).toEqual([9999, 6, 0])
})

test('zip: what is damaged is refused, not misread', () => {
  const archive = zipped()
  expect(() => zipEntries(utf8('no archive at all, but long enough to look at'))).toThrow('it is no zip archive')
  expect(() => zipEntries(archive.subarray(40))).toThrow()
  const broken = archive.slice()
  broken.fill(0xff, 60, 80)
  expect(() => zipEntries(broken)[0]!.bytes()).toThrow()
})

test('tar: what is wanted, also by long names', () => {
  const files = tarFiles(tarred(), () => true)
  expect([...files].map(([name, bytes]) => [name, text(bytes)])).toEqual([
    ['n', 'near'],
    [long, 'far\n'],
  ])
  expect([...tarFiles(tarred(), (name) => name === 'n').keys()]).toEqual(['n'])
  expect(() => tarFiles(tarred().subarray(0, 600), () => true)).toThrow('cut off')
  expect(() => tarFiles(utf8('?'.repeat(600)), () => true)).toThrow()
})
