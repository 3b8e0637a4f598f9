// One suite for every store.

import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Failure } from '../../lib/errors.ts'
import { readBody } from '../../http/message.ts'
import { memoryStore } from './memory.ts'
import { afterPrefix, compareKeys } from './order.ts'
import { sqliteStore } from './sqlite.ts'
import type { Rows, Store } from './store.ts'
import { blobGrace, type Namespace } from './store.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-store-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const freshFolder = (): string => join(scratch, String(++folders))

let time = 1_000_000_000_000
const now = (): number => time
const stores: Record<string, () => Store> = {
  memory: () => memoryStore(now),
  sqlite: () => sqliteStore(freshFolder(), now),
}

/** Both of today's stores answer at once. */
function run<T>(space: Namespace, body: (rows: Rows) => T): T {
  return space.transaction(body) as T
}

function blobOf(space: Namespace, ...chunks: Uint8Array[]): string {
  const writer = space.blobs.create()
  for (const chunk of chunks) writer.write(chunk)
  return writer.commit()
}

/** A store asks once a turn of the event loop whether another process has written: none hears of it in the same turn. */
function nextTurn(): Promise<void> {
  return new Promise((next) => setImmediate(next))
}

async function bytesOf(blob: Uint8Array | Blob | ReadableStream | undefined): Promise<number[] | undefined> {
  return blob && [...(await readBody(blob))]
}

describe.each(Object.keys(stores))('the %s store', (name) => {
  const open = stores[name]!

  test('keeps rows by table and key, namespaces apart', () => {
    const store = open()
    const [a, b] = [store.namespace('a'), store.namespace('b')]
    run(a, (rows) => rows.put('users', 'ana', { age: 3, tags: ['x'] }))
    expect(run(a, (rows) => rows.get('users', 'ana'))).toEqual({ age: 3, tags: ['x'] })
    expect(run(a, (rows) => rows.get('roles', 'ana'))).toBeUndefined()
    expect(run(b, (rows) => rows.get('users', 'ana'))).toBeUndefined()
    expect(run(a, (rows) => [rows.delete('users', 'ana'), rows.delete('users', 'ana')])).toEqual([true, false])
    expect(run(a, (rows) => rows.scan('users'))).toEqual([])
  })

  test('hands out copies', () => {
    const space = open().namespace('a')
    const tags = ['x']
    run(space, (rows) => {
      rows.put('t', 'k', { tags })
      tags.push('y')
      rows.get<{ tags: string[] }>('t', 'k')!.tags.push('z')
    })
    expect(run(space, (rows) => rows.get('t', 'k'))).toEqual({ tags: ['x'] })
  })

  test('takes back everything when the body throws', () => {
    const space = open().namespace('a')
    const kept = blobOf(space, new Uint8Array([1]))
    run(space, (rows) => {
      rows.put('t', 'old', 1)
      rows.keep(kept)
    })
    expect(() =>
      run(space, (rows) => {
        rows.put('t', 'new', 1)
        rows.put('t', 'old', 2)
        rows.delete('t', 'old')
        rows.drop(kept)
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(run(space, (rows) => rows.scan('t'))).toEqual([{ key: 'old', value: 1 }])
    time += blobGrace + 1
    space.blobs.create().abort()
    expect(space.blobs.open(kept)).toBeDefined()
  })

  test('nests: an inner failure that is caught takes back only itself', () => {
    const store = open()
    const space = store.namespace('a')
    run(space, (rows) => {
      rows.put('t', 'outer', 1)
      try {
        run(store.namespace('b'), (inner) => {
          inner.put('t', 'inner', 1)
          throw new Error('stop')
        })
      } catch {
        rows.put('t', 'caught', 1)
      }
    })
    expect(run(space, (rows) => rows.scan('t').map((row) => row.key))).toEqual(['caught', 'outer'])
    expect(run(store.namespace('b'), (rows) => rows.scan('t'))).toEqual([])
  })

  test('scans in the order of UTF-8 bytes, whatever the range', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '\u00e9', '\ud7ff', '\ufb00', '\u{1f600}', '\u{10ffff}'),
      maxLength: 4,
    })
    const range = fc.record(
      { prefix: key, after: key, from: key, before: key, limit: fc.nat(4), reverse: fc.boolean() },
      { requiredKeys: [] },
    )
    const encoder = new TextEncoder()
    const compare = (a: string, b: string): number => Buffer.compare(encoder.encode(a), encoder.encode(b))
    const store = open()
    let spaces = 0
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), range, (keys, wanted) => {
        const space = store.namespace(String(++spaces))
        run(space, (rows) => keys.forEach((each) => rows.put('t', each, each)))
        let expected = keys
          .toSorted(compare)
          .filter(
            (each) =>
              each.startsWith(wanted.prefix ?? '') &&
              (wanted.after === undefined || compare(each, wanted.after) > 0) &&
              (wanted.from === undefined || compare(each, wanted.from) >= 0) &&
              (wanted.before === undefined || compare(each, wanted.before) < 0),
          )
        if (wanted.reverse) expected = expected.reverse()
        expected = expected.slice(0, wanted.limit)
        expect(run(space, (rows) => rows.scan('t', wanted).map((row) => row.key))).toEqual(expected)
      }),
    )
  })

  test.each([0, 10, 16 * 1024, 16 * 1024 + 1, 300_000])('keeps a blob of %d bytes, whole and in part', async (size) => {
    const space = open().namespace('a')
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251)
    const id = blobOf(space, bytes.subarray(0, size >> 1), bytes.subarray(size >> 1))
    run(space, (rows) => rows.keep(id))
    expect(await bytesOf(space.blobs.open(id))).toEqual([...bytes])
    expect(await bytesOf(space.blobs.open(id, 3, 8))).toEqual([...bytes.subarray(3, 8)])
    expect(space.blobs.open('none')).toBeUndefined()
  })

  test.each([10, 100_000])('lets a blob of %d bytes go when its last row is gone, but not at once', (size) => {
    const space = open().namespace('a')
    const id = blobOf(space, new Uint8Array(size))
    run(space, (rows) => (rows.keep(id), rows.keep(id)))
    run(space, (rows) => rows.drop(id))
    time += blobGrace + 1
    space.blobs.create().abort()
    expect(space.blobs.open(id)).toBeDefined()
    run(space, (rows) => rows.drop(id))
    space.blobs.create().abort()
    expect(space.blobs.open(id)).toBeDefined()
    time += blobGrace + 1
    space.blobs.create().abort()
    expect(space.blobs.open(id)).toBeUndefined()
  })

  test('forgets on reset', () => {
    const store = open()
    const space = store.namespace('a')
    const id = blobOf(space, new Uint8Array(100_000))
    run(space, (rows) => rows.put('t', 'k', 1))
    store.reset()
    expect(run(space, (rows) => rows.get('t', 'k'))).toBeUndefined()
    expect(space.blobs.open(id)).toBeUndefined()
  })
})

describe.each(Object.keys(stores))('snapshots in the %s store', (name) => {
  const open = stores[name]!

  test('bring back rows and bytes, also after a reset', async () => {
    const store = open()
    const [a, b] = [store.namespace('a'), store.namespace('b')]
    const old = [blobOf(a, new Uint8Array(10)), blobOf(a, new Uint8Array(100_000))]
    run(a, (rows) => old.forEach((id) => (rows.keep(id), rows.put('t', id, 1))))
    run(b, (rows) => rows.put('t', 'k', 'before'))
    expect([await store.snapshots.take('one'), await store.snapshots.take('one')]).toEqual([true, false])
    const late = blobOf(a, new Uint8Array(20_000))
    run(a, (rows) => {
      old.forEach((id) => (rows.drop(id), rows.delete('t', id)))
      rows.keep(late)
      rows.put('t', late, 1)
    })
    run(b, (rows) => rows.put('t', 'k', 'after'))
    for (const change of [() => store.reset(), () => {}]) {
      await change()
      time += blobGrace + 1
      a.blobs.create().abort()
      expect(await store.snapshots.restore('one')).toBe(true)
      expect(run(a, (rows) => rows.scan('t').map(({ key }) => key))).toEqual(old.toSorted())
      expect(run(b, (rows) => rows.get('t', 'k'))).toBe('before')
      expect(await Promise.all(old.map(async (id) => (await bytesOf(a.blobs.open(id)))?.length))).toEqual([10, 100_000])
    }
    run(a, (rows) => rows.drop(old[0]!))
    time += blobGrace + 1
    a.blobs.create().abort()
    expect(a.blobs.open(late)).toBeUndefined()
    expect([await store.snapshots.restore('one'), await store.snapshots.restore('none')]).toEqual([true, false])
    expect(await bytesOf(a.blobs.open(old[0]!))).toHaveLength(10)
  })

  test('are listed, and forgotten with what only they held', async () => {
    const store = open()
    const space = store.namespace('a')
    const ids = [blobOf(space, new Uint8Array(5)), blobOf(space, new Uint8Array(20_000))]
    run(space, (rows) => ids.forEach((id) => rows.keep(id)))
    run(space, (rows) => (rows.put('t', '1', 1), rows.put('t', '2', 2)))
    await store.snapshots.take('one')
    time += 1
    await store.snapshots.take('two')
    expect(await store.snapshots.list()).toEqual([
      { name: 'one', made: time - 1, rows: 2, blobs: 2, bytes: 20_005 },
      { name: 'two', made: time, rows: 2, blobs: 2, bytes: 20_005 },
    ])
    run(space, (rows) => ids.forEach((id) => rows.drop(id)))
    await store.snapshots.restore('two')
    await store.snapshots.forget('one')
    run(space, (rows) => rows.drop(ids[1]!))
    expect([await store.snapshots.forget('two'), await store.snapshots.forget('two')]).toEqual([true, false])
    time += blobGrace + 1
    space.blobs.create().abort()
    expect([space.blobs.open(ids[0]!)?.constructor.name, space.blobs.open(ids[1]!)]).toEqual(['Uint8Array', undefined])
    expect(await store.snapshots.list()).toEqual([])
  })
})

describe('the order of keys', () => {
  test('is that of UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
      }),
    )
  })

  test('afterPrefix bounds a prefix from above', () => {
    expect(['a', 'a/', '\ud7ff', 'a\u{10ffff}', '\u{10ffff}'].map(afterPrefix)).toEqual([
      'b',
      'a0',
      '\ue000',
      'b',
      undefined,
    ])
  })
})

describe('the SQLite store on disk', () => {
  test('is found again by the next process, and shared by two', () => {
    const folder = freshFolder()
    const [one, two] = [sqliteStore(folder).namespace('a'), sqliteStore(folder).namespace('a')]
    run(one, (rows) => rows.put('t', 'k', 1))
    for (let i = 0; i < 20; i++)
      for (const space of [one, two]) run(space, (rows) => rows.put('t', 'k', rows.get<number>('t', 'k')! + 1))
    expect(run(sqliteStore(folder).namespace('a'), (rows) => rows.get('t', 'k'))).toBe(41)
  })

  test('the version of a namespace is another one after a change, whoever made it', async () => {
    const folder = freshFolder()
    const [one, two] = [sqliteStore(folder), sqliteStore(folder)]
    const space = one.namespace('a')
    const before = space.version!()
    run(space, (rows) => rows.get('t', 'k'))
    run(one.namespace('b'), (rows) => rows.put('t', 'k', 1))
    expect(space.version!()).toBe(before)
    run(space, (rows) => rows.put('t', 'k', 1))
    const own = space.version!()
    expect(own).not.toBe(before)
    run(two.namespace('a'), (rows) => rows.put('t', 'k', 2))
    await nextTurn()
    expect(space.version!()).not.toBe(own)
    const others = space.version!()
    one.reset()
    expect(space.version!()).not.toBe(others)
  })

  test('a body that lost a race against another process is run again', async () => {
    const folder = freshFolder()
    const [one, two] = [sqliteStore(folder).namespace('a'), sqliteStore(folder).namespace('a')]
    run(one, (rows) => rows.put('t', 'k', 1))
    let runs = 0
    run(one, (rows) => {
      const seen = rows.get<number>('t', 'k')!
      if (++runs === 1) run(two, (other) => other.put('t', 'k', 10))
      rows.put('t', 'k', seen + 1)
    })
    await nextTurn()
    expect([runs, run(two, (rows) => rows.get('t', 'k'))]).toEqual([2, 11])
  })

  test('an aborted blob leaves no file', () => {
    const folder = freshFolder()
    const writer = sqliteStore(folder).namespace('a').blobs.create()
    writer.write(new Uint8Array(100_000))
    writer.abort()
    expect(readdirSync(join(folder, 'objects')).flatMap((dir) => readdirSync(join(folder, 'objects', dir)))).toEqual([])
  })

  test('says in one line that a database is damaged or unusable', () => {
    const folder = freshFolder()
    sqliteStore(folder).close()
    writeFileSync(join(folder, 'account.db'), 'this is no database, and it is long enough to be looked at '.repeat(20))
    const complaint = (): unknown => {
      try {
        return sqliteStore(folder)
      } catch (error) {
        return error
      }
    }
    const failure = complaint() as Failure
    expect(failure).toBeInstanceOf(Failure)
    expect([failure.kind, failure.message]).toEqual([
      'Local',
      `the local AWS's database ${join(folder, 'account.db')} is damaged: move it away, and a new one is made`,
    ])
  })

  test('says in one line that another program holds it', () => {
    const folder = freshFolder()
    sqliteStore(folder).close()
    const holder = new Database(join(folder, 'account.db'))
    holder.run('begin immediate')
    const space = sqliteStore(folder, Date.now, 20).namespace('a')
    expect(run(space, (rows) => rows.get('t', 'k'))).toBeUndefined()
    expect(() => run(space, (rows) => rows.put('t', 'k', 1))).toThrow(
      `the local AWS's database ${join(folder, 'account.db')} is in use by another program`,
    )
    holder.run('rollback')
    run(space, (rows) => rows.put('t', 'k', 1))
    holder.close()
  })

  test('what was acknowledged outlives a kill, and nothing is half there', async () => {
    const folder = freshFolder()
    for (let round = 1; round <= 5; round++) {
      const writer = Bun.spawn([process.execPath, join(import.meta.dirname, 'writer.fixture.ts'), folder], {
        stdout: 'pipe',
      })
      let acknowledged = 0
      let told = ''
      for await (const piece of writer.stdout) {
        told += new TextDecoder().decode(piece)
        acknowledged = Number(told.trimEnd().split('\n').at(-1))
        if (told.split('\n').length > 20 + round) break
      }
      writer.kill('SIGKILL')
      await writer.exited
      const space = sqliteStore(folder).namespace('a')
      const { count, pairs, blob } = run(space, (rows) => ({
        count: rows.get<number>('t', 'count')!,
        pairs: rows.scan('pairs').length,
        blob: rows.get<string>('t', 'blob')!,
      }))
      expect(count).toBeGreaterThanOrEqual(acknowledged)
      expect(pairs).toBe(count * 2)
      expect((await bytesOf(space.blobs.open(blob)))!.length).toBe(40_000)
    }
  }, 30_000)
})
