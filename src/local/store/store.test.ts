// The stores that need nothing but this machine: the suite that all have in common, and what only files have.

import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Failure } from '../../lib/errors.ts'
import { memoryStore } from './memory.ts'
import { afterPrefix, compareKeys } from './order.ts'
import { sqliteStore } from './sqlite.ts'
import type { Namespace, Rows } from './store.ts'
import { bytesOf, storeSuite } from './suite.fixture.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-store-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const freshFolder = (): string => join(scratch, String(++folders))

/** SQLite answers at once. */
function run<T>(space: Namespace, body: (rows: Rows) => T): T {
  return space.transaction(body) as T
}

/** A store asks once a turn of the event loop whether another process has written: none hears of it in the same turn. */
function nextTurn(): Promise<void> {
  return new Promise((next) => setImmediate(next))
}

storeSuite('memory', test, async (now) => memoryStore(now))
storeSuite('SQLite', test, async (now) => sqliteStore(freshFolder(), { now }))
storeSuite('SQLite', test, async (now) => sqliteStore(freshFolder(), { now, together: true }), 'committing together')

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

  test('of those who are committed together, only who saw what is not yet committed waits for it', async () => {
    const space = sqliteStore(freshFolder(), { together: true }).namespace('a')
    const put = (key: string, value: number) => space.transaction((rows) => rows.put('t', key, value))
    await Promise.all([put('a', 1), put('b', 1), space.transaction((rows) => rows.put('other', 'a', 1))])
    const written = put('a', 2)
    const saw: Record<string, (rows: Rows) => unknown> = {
      'what was changed': (rows) => rows.get('t', 'a'),
      'that it was changed': (rows) => rows.look('t', 'a'),
      'rows among which it is': (rows) => rows.scan('t'),
      'keys among which it is': (rows) => rows.keys('t'),
      'what it changed itself': (rows) => rows.delete('t', 'c'),
      'a row beside it': (rows) => rows.get('t', 'b'),
      'a row that is not there': (rows) => rows.get('t', 'd'),
      'other rows': (rows) => rows.scan('other'),
    }
    const answers = Object.entries(saw).map(([name, body]) => [name, space.transaction(body)] as const)
    const waiting = answers.filter(([, answer]) => answer instanceof Promise).map(([name]) => name)
    expect(waiting).toEqual(Object.keys(saw).slice(0, 5))
    await Promise.all([written, ...answers.map(([, answer]) => answer)])
    expect(space.transaction((rows) => rows.get('t', 'a'))).toBe(2)
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
      `the local AWS's database ${join(folder, 'account.db')} is damaged: virga local reset moves it away and makes a new one`,
    ])
  })

  test('says in one line that another program holds it', () => {
    const folder = freshFolder()
    sqliteStore(folder).close()
    const holder = new Database(join(folder, 'account.db'))
    holder.run('begin immediate')
    const space = sqliteStore(folder, { patience: 20 }).namespace('a')
    expect(run(space, (rows) => rows.get('t', 'k'))).toBeUndefined()
    expect(() => run(space, (rows) => rows.put('t', 'k', 1))).toThrow(
      `the local AWS's database ${join(folder, 'account.db')} is in use by another program`,
    )
    holder.run('rollback')
    run(space, (rows) => rows.put('t', 'k', 1))
    holder.close()
  })

  test('a process that ends leaves a short log to the next one, and folds a long one in', () => {
    const folder = freshFolder()
    const write = (length: number): void => {
      const program = `import { sqliteStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite.ts'))}
        sqliteStore(${JSON.stringify(folder)}).namespace('a').transaction((rows) => {
          rows.put('t', 'count', (rows.get('t', 'count') ?? 0) + 1)
          rows.put('t', 'long', 'a'.repeat(${length}))
        })
        process.exit(0)`
      expect(Bun.spawnSync([process.execPath, '-e', program], { stderr: 'inherit' }).exitCode).toBe(0)
    }
    const log = (): number => statSync(join(folder, 'account.db-wal')).size
    write(1)
    const first = log()
    expect(first).toBeGreaterThan(0)
    write(1)
    expect(log()).toBeGreaterThan(first)
    write(300_000)
    expect(log()).toBe(0)
    write(1)
    const store = sqliteStore(folder)
    expect(run(store.namespace('a'), (rows) => rows.get<number>('t', 'count'))).toBe(4)
    store.close()
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
      expect((await bytesOf(space, blob))!.length).toBe(40_000)
    }
  }, 30_000)
})
