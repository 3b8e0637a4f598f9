// An account in a file: what was written comes back, from every store into every other, and nothing else is taken.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readBody } from '../../http/message.ts'
import { concat, utf8 } from '../../lib/bytes.ts'
import { archiveOf, readArchive } from './archive.ts'
import { memoryStore } from './memory.ts'
import { sqliteStore } from './sqlite.ts'
import type { Rows, Store } from './store.ts'
import { tarHeader } from './tar.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-archive-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const stores = { memory: memoryStore, sqlite: () => sqliteStore(join(scratch, String(++folders))) }
type Name = keyof typeof stores
const pairs = (Object.keys(stores) as Name[]).flatMap((from) =>
  (Object.keys(stores) as Name[]).map((to): [Name, Name] => [from, to]),
)

const sizes = [1, 512, 20_000, 300_000]

function filled(store: Store): Store {
  const space = store.namespace('s3')
  const ids = sizes.map((size) => {
    const writer = space.blobs.create()
    void writer.write(Uint8Array.from({ length: size }, (_, i) => i % 251))
    return writer.commit()
  })
  run(store, 's3', (rows) => {
    ids.forEach((id, i) => {
      rows.put('objects', `k${i}`, { id })
      rows.keep(id)
    })
    rows.keep(ids[0]!)
    rows.put('odd', 'é\u{1f600}\0"\n', { text: '\u0000\n"\ud800', deep: [null, 1.5, { a: undefined }] })
  })
  run(store, 'iam/123456789012', (rows) => {
    for (let i = 0; i < 2500; i++) rows.put('users', `user ${i}`, { i })
  })
  return store
}

function run<T>(store: Store, space: string, body: (rows: Rows) => T): T {
  return store.namespace(space).transaction(body) as T
}

async function written(store: Store): Promise<Uint8Array> {
  await store.snapshots.take('x')
  const pieces: Uint8Array[] = []
  for await (const piece of archiveOf(store, 'x', new Date(0))) pieces.push(piece.slice())
  return concat(pieces)
}

/** In pieces of odd lengths. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 70_001) yield bytes.slice(at, at + 70_001)
}

function content(store: Store): unknown {
  return run(store, 's3', (rows) => [rows.scan('objects'), rows.scan('odd')]).concat(
    run(store, 'iam/123456789012', (rows) => rows.scan('users')) as never,
  )
}

async function read(store: Store, bytes: Uint8Array, unwanted = (): boolean => false): Promise<void> {
  await readArchive(store, 'y', inPieces(bytes), 'FILE', unwanted)
  await store.snapshots.restore('y')
  await store.snapshots.forget('y')
}

describe('an account file', () => {
  test.each(pairs)('goes from a %s store to a %s store and back', async (from, to) => {
    const [one, two] = [filled(stores[from]()), stores[to]()]
    run(two, 'old', (rows) => rows.put('t', 'k', 1))
    const bytes = await written(one)
    await read(two, bytes)
    expect(content(two)).toEqual(content(one))
    expect(run(two, 'old', (rows) => rows.get('t', 'k'))).toBeUndefined()
    const ids = run(two, 's3', (rows) => rows.scan<{ id: string }>('objects')).map(({ value }) => value.id)
    const bodies = ids.map((id) => readBody(two.namespace('s3').blobs.open(id)!))
    expect((await Promise.all(bodies)).map((body) => body.length)).toEqual(sizes)
    expect(Buffer.compare(await written(two), bytes)).toBe(0)
  })

  test.each(Object.keys(stores) as Name[])('is read by the %s store that wrote it', async (name) => {
    const store = filled(stores[name]())
    const before = content(store)
    const bytes = await written(store)
    run(store, 's3', (rows) => rows.delete('objects', 'k0'))
    await read(store, bytes)
    expect(content(store)).toEqual(before)
  })

  test('is refused when a byte is other or missing, wherever it is, and nothing changes', async () => {
    const bytes = await written(filled(memoryStore()))
    const store = stores.sqlite()
    run(store, 'old', (rows) => rows.put('t', 'k', 1))
    // The zeros after the checksum are nothing that anybody could miss.
    const told = bytes.length - 3 * 512 - 430
    const places = Array.from({ length: 40 }, (_, i) => Math.floor((told * i) / 39))
    for (const place of places) {
      const other = bytes.slice()
      other[place]! ^= 1
      for (const bad of [other, bytes.slice(0, place)]) {
        const refusal = await readArchive(store, 'y', inPieces(bad), 'FILE', () => false).catch((error: Error) => error)
        expect(String(refusal)).toMatch(/(the account file FILE|FILE is no account file)/)
        await store.snapshots.forget('y')
      }
    }
    expect(run(store, 'old', (rows) => rows.get('t', 'k'))).toBe(1)
    await read(store, bytes)
  })

  const named = (text: string): Uint8Array => concat([tarHeader('virga-account.json', text.length), utf8(text)])
  test.each([
    ['nothing', new Uint8Array(0), 'FILE is no account file: virga local export writes them'],
    ['a text', utf8('hello '.repeat(200)), 'FILE is no account file: virga local export writes them'],
    ['zeros', new Uint8Array(4096), 'FILE is no account file: virga local export writes them'],
    ['another tar', tarHeader('etc/passwd', 0), 'FILE is no account file: virga local export writes them'],
    ['not JSON', named('{"format":'.padEnd(512)), 'the account file FILE is damaged'],
    [
      'of the future',
      named('{"format":"virga-account","version":2}'.padEnd(512)),
      'the account file FILE was written by a newer version of this program (format 2)',
    ],
    ['cut short', named('{"format":"virga-account","version":1}'.padEnd(512)), 'the account file FILE ends too early'],
  ])('says what is wrong with %s', async (_, bytes, told) => {
    expect(readArchive(memoryStore(), 'y', inPieces(bytes), 'FILE', () => false)).rejects.toThrow(told)
  })

  test('leaves out the rows that are not wanted', async () => {
    const [one, two] = [filled(memoryStore()), memoryStore()]
    await readArchive(two, 'y', inPieces(await written(one)), 'FILE', (row) => row.table === 'users')
    await two.snapshots.restore('y')
    expect(run(two, 'iam/123456789012', (rows) => rows.scan('users'))).toEqual([])
    expect(run(two, 's3', (rows) => rows.scan('objects'))).toHaveLength(sizes.length)
  })
})
