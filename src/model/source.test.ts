import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSource, PIECE } from './source.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-source-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const whole = new Uint8Array(2 * PIECE + 1000).map((_, at) => (at * 7 + (at >> 8)) % 256)
const pieces = [0, 1, 2].map((at) => {
  const path = join(scratch, `whole.${at}`)
  writeFileSync(path, whole.subarray(at * PIECE, (at + 1) * PIECE))
  return path
})

test.each([
  ['in the first piece', 0, 100],
  ['in a later one', PIECE + 5, 10],
  ['up to an end', PIECE - 10, 10],
  ['over an end', PIECE - 10, 20],
  ['over a whole piece', PIECE - 1, PIECE + 2],
  ['past the end of all', 2 * PIECE + 990, 100],
  ['after the end of all', 3 * PIECE, 10],
])('a file in pieces is read %s', async (_, offset, length) => {
  const bytes = await fileSource(pieces).read(offset, length)
  expect(Buffer.from(bytes).equals(whole.subarray(offset, offset + length))).toBe(true)
})
