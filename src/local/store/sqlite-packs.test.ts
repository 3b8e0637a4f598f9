// Small blobs in packs: one file for many, which goes when little of it is needed, and loses nothing.

import { Database } from 'bun:sqlite'
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from './sqlite.ts'
import { blobGrace, type Namespace, type Store } from './store.ts'
import { bytesOf } from './suite.fixture.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-packs-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
let time = 1_700_000_000_000

interface Account {
  readonly folder: string
  readonly store: Store
  readonly space: Namespace
}

function opened(folder = join(scratch, String(++folders)), together = true): Account {
  const store = sqliteStore(folder, { now: () => time, together })
  return { folder, store, space: store.namespace('a') }
}

async function kept({ space }: Account, bytes: Uint8Array): Promise<string> {
  const writer = space.blobs.create()
  await writer.write(bytes)
  return await space.transaction((rows) => {
    const id = writer.commit()
    rows.keep(id)
    return id
  })
}

async function dropped({ space }: Account, ids: readonly string[]): Promise<void> {
  await space.transaction((rows) => ids.forEach((id) => rows.drop(id)))
  time += blobGrace + 2000
  space.blobs.create().abort()
}

const filled = (size: number, by: number): Uint8Array => new Uint8Array(size).fill(by)
const packsOf = ({ folder }: Account): string[] => readdirSync(join(folder, 'packs'))
/** Files are taken away while nobody waits. */
async function packsLeft(account: Account, expected: number): Promise<number> {
  const deadline = Date.now() + 10_000
  while (packsOf(account).length > expected && Date.now() < deadline) await Bun.sleep(1)
  return packsOf(account).length
}
const inside = ({ folder }: Account): number => {
  const db = new Database(join(folder, 'account.db'), { readonly: true })
  const [[count]] = db.query('select count(*) from blobs where bytes is not null').values() as [[number]]
  db.close()
  return count
}

/** More than a pack holds: 80 blobs of 64 KiB. */
async function eighty(account: Account): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < 80; i++) ids.push(await kept(account, filled(64 * 1024, i)))
  return ids
}

test('many share a file, and another process finds them', async () => {
  const account = opened()
  const ids = [await kept(account, filled(10, 1)), await kept(account, filled(64 * 1024, 2))]
  expect(packsOf(account)).toHaveLength(1)
  expect(statSync(join(account.folder, 'packs', packsOf(account)[0]!)).size).toBe(10 + 64 * 1024)
  const other = opened(account.folder)
  expect(await bytesOf(other.space, ids[0]!)).toEqual(filled(10, 1))
  expect(await bytesOf(other.space, ids[1]!, 5, 9)).toEqual(filled(4, 2))
  await kept(other, filled(5, 3))
  expect(packsOf(account)).toHaveLength(2)
  await kept(opened(account.folder, false), filled(5, 4))
  expect([packsOf(account).length, inside(account)]).toEqual([2, 1])
})

test('what is put in it at once lies there before anybody is told, and is read before it does', async () => {
  const account = opened()
  const before: unknown[] = []
  const ids = await Promise.all(
    [1, 2, 3].map(async (by) => {
      const writer = account.space.blobs.create()
      await writer.write(filled(1000 * by, by))
      const told = account.space.transaction((rows) => {
        rows.keep(writer.commit())
        if (by === 2) before.push(account.space.blobs.open(writer.commit()))
        return writer.commit()
      })
      return told
    }),
  )
  expect(statSync(join(account.folder, 'packs', packsOf(account)[0]!)).size).toBe(6000)
  expect(before).toEqual([filled(2000, 2)])
  const other = opened(account.folder)
  expect(await Promise.all(ids.map((id) => bytesOf(other.space, id)))).toEqual(
    [1, 2, 3].map((by) => filled(1000 * by, by)),
  )
})

test('a full pack goes with its last blob, the one that grows stays', async () => {
  const account = opened()
  const ids = await eighty(account)
  expect(packsOf(account)).toHaveLength(2)
  await dropped(account, ids)
  expect(await packsLeft(account, 1)).toBe(1)
  const late = await kept(account, filled(7, 7))
  expect(await bytesOf(account.space, late)).toEqual(filled(7, 7))
})

test('what little is left of a full pack goes into the database', async () => {
  const account = opened()
  const ids = await eighty(account)
  await dropped(account, ids.slice(0, 20))
  expect([packsOf(account).length, inside(account)]).toEqual([2, 0])
  await dropped(account, ids.slice(20, 60))
  expect([await packsLeft(account, 1), inside(account)]).toEqual([1, 4])
  const other = opened(account.folder)
  for (const [at, id] of ids.entries())
    if (at >= 60) expect(await bytesOf(other.space, id)).toEqual(filled(64 * 1024, at))
  await dropped(account, ids.slice(60))
  expect(inside(account)).toBe(0)
})

test('what others have left is cleared away when it is old', async () => {
  const account = opened()
  const ids = [await kept(account, filled(10, 1)), await kept(account, filled(10, 2))]
  await account.store.close()
  const pack = join(account.folder, 'packs', packsOf(account)[0]!)
  const other = opened(account.folder)
  await dropped(other, [ids[0]!])
  expect(inside(other)).toBe(0)
  utimesSync(pack, 1000, 1000)
  await dropped(opened(account.folder), [ids[1]!])
  expect(await packsLeft(account, 0)).toBe(0)
})

test('a snapshot holds what is in a pack, and a reset clears away what none holds', async () => {
  const account = opened()
  const held = await kept(account, filled(10, 1))
  await account.store.snapshots.take('one')
  await account.store.reset()
  expect(await bytesOf(account.space, held)).toEqual(filled(10, 1))
  const gone = await kept(account, filled(10, 2))
  await account.store.reset()
  expect([await bytesOf(account.space, gone), await packsLeft(account, 0)]).toEqual([undefined, 0])
  expect(await bytesOf(account.space, held)).toEqual(filled(10, 1))
})

test('bytes that are not there, as after a power cut, are told', async () => {
  const account = opened()
  const id = await kept(account, filled(100, 1))
  truncateSync(join(account.folder, 'packs', packsOf(account)[0]!), 50)
  expect(() => opened(account.folder).space.blobs.open(id)).toThrow('is damaged')
})

test('an account of before there were packs is brought up to date', async () => {
  const { folder, ...account } = opened(undefined, false)
  const id = await kept({ folder, ...account }, filled(100, 1))
  await account.store.close()
  const db = new Database(join(folder, 'account.db'))
  db.run('alter table blobs drop column crc; pragma user_version = 2')
  db.close()
  const now = opened(folder)
  expect(await bytesOf(now.space, id)).toEqual(filled(100, 1))
  expect(await bytesOf(now.space, await kept(now, filled(9, 2)))).toEqual(filled(9, 2))
})

test('at rest a store gives back memory, and knows no less', async () => {
  const account = opened()
  const id = await kept(account, filled(100, 1))
  await account.space.transaction((rows) => rows.put('t', 'k', 'there'))
  expect(await bytesOf(account.space, id)).toEqual(filled(100, 1))
  account.store.rest!()
  expect(await bytesOf(account.space, id)).toEqual(filled(100, 1))
  expect(await account.space.transaction((rows) => rows.get<string>('t', 'k'))).toBe('there')
})
