// The store that stays: one SQLite file in an account folder, and big objects as files beside it.
//
//   FOLDER/account.db      rows, and blobs up to `inline` bytes
//   FOLDER/objects/ab/…    bigger blobs, a file each
//
// SQLite's write-ahead log makes a commit survive `kill -9`; `BEGIN IMMEDIATE` and a busy timeout let two processes
// share the folder. https://www.sqlite.org/wal.html

import {
  existsSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { constants, Database, type Statement } from 'bun:sqlite'
import { AwsError, Failure } from '../../lib/errors.ts'
import { afterPrefix } from './order.ts'
import type { Blobs, BlobWriter, Namespace, Range, Row, Rows, Store } from './store.ts'
import { blobGrace } from './store.ts'

/** Blobs up to this size live in the database: one commit instead of a file. */
const inline = 16 * 1024
/** Blobs up to this size are handed out as bytes. */
const eager = 256 * 1024
/** A file that nobody has written to for so long, and no row knows, is nobody's (milliseconds). */
const strayAge = 3_600_000

const schema = `
  create table rows (space text, name text, key text, value text, primary key (space, name, key)) without rowid;
  create table blobs (id text primary key, refs integer, since integer, size integer, bytes blob);
  create index loose_blobs on blobs (since) where refs < 1;
  pragma user_version = 1;
`

/** Opens (and makes, with `folder`) the store; another's writing is waited for `patience` milliseconds. Throws Failure('Local'). */
export function sqliteStore(folder: string, now: () => number = Date.now, patience = 5000): Store {
  const file = join(folder, 'account.db')
  const db = openDatabase(folder, file, patience)
  let depth = 0
  let closed = false

  function guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw asFailure(error, file)
    }
  }

  /**
   * Bodies that only read never wait for a writer; a body that writes on rows another process has since changed is
   * run again, this time holding the write lock from the start.
   */
  function transaction<T>(space: string, body: (rows: Rows) => T): T {
    if (depth > 0) return savepoint(space, body)
    for (const begin of ['begin', 'begin immediate']) {
      guarded(() => db.run(begin))
      depth++
      try {
        const result = body(rowsOf(space))
        db.run('commit')
        return result
      } catch (error) {
        if (db.inTransaction) db.run('rollback')
        if (begin === 'begin' && isBusy(error)) continue
        throw asFailure(error, file)
      } finally {
        depth--
      }
    }
    throw new Failure('Local', `the local AWS's database ${file} is in use by another program`)
  }

  function savepoint<T>(space: string, body: (rows: Rows) => T): T {
    db.run('savepoint inner_step')
    try {
      const result = body(rowsOf(space))
      db.run('release inner_step')
      return result
    } catch (error) {
      db.run('rollback to inner_step')
      db.run('release inner_step')
      throw error
    }
  }

  function rowsOf(space: string): Rows {
    return {
      get<T>(name: string, key: string): T | undefined {
        const row = query('select value from rows where space = ? and name = ? and key = ?').get(space, name, key)
        return row ? (JSON.parse((row as { value: string }).value) as T) : undefined
      },
      put(name, key, value) {
        query('insert or replace into rows values (?, ?, ?, ?)').run(space, name, key, JSON.stringify(value))
      },
      delete: (name, key) =>
        query('delete from rows where space = ? and name = ? and key = ?').run(space, name, key).changes > 0,
      scan: <T>(name: string, range: Range = {}) => scan<T>(space, name, range),
      keep: (id) => void query('update blobs set refs = refs + 1 where id = ?').run(id),
      drop: (id) => void query('update blobs set refs = refs - 1, since = ? where id = ?').run(now(), id),
    }
  }

  function scan<T>(space: string, name: string, range: Range): Row<T>[] {
    const terms = ['space = ? and name = ?']
    const values: string[] = [space, name]
    const term = (operator: string, key: string | undefined): void => {
      if (key === undefined) return
      terms.push(`key ${operator} ?`)
      values.push(key)
    }
    term('>=', range.prefix || undefined)
    term('<', range.prefix ? afterPrefix(range.prefix) : undefined)
    term('>', range.after)
    term('>=', range.from)
    term('<', range.before)
    const order = range.reverse ? ' desc' : ''
    const rows = query(`select key, value from rows where ${terms.join(' and ')} order by key${order} limit ?`).all(
      ...values,
      range.limit ?? -1,
    ) as Row<string>[]
    return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as T }))
  }

  function query(sql: string): Statement {
    return db.query(sql)
  }

  const pathOf = (id: string): string => join(folder, 'objects', id.slice(-2), id)

  let swept = 0

  /** Removes blobs that have been without a reference for the grace period. */
  function sweep(): void {
    if (Math.abs(now() - swept) < 1000) return
    swept = now()
    const ids = query('select id, bytes is null as outside from blobs where refs < 1 and since < ? limit 100').all(
      now() - blobGrace,
    ) as { id: string; outside: number }[]
    for (const { id, outside } of ids) {
      if (outside) rmSync(pathOf(id), { force: true })
      query('delete from blobs where id = ? and refs < 1').run(id)
    }
  }

  let collecting = false

  /** Removes files that a killed process left: half-written, or whole but never told of. Once, a folder at a time. */
  function collectStrays(): void {
    if (collecting) return
    collecting = true
    const folders = filesIn(join(folder, 'objects'))
    const next = (): void => {
      const name = folders.pop()
      if (name === undefined || closed) return
      for (const file of filesIn(join(folder, 'objects', name))) {
        if (!file.endsWith('.partial') && query('select 1 from blobs where id = ?').get(file)) continue
        const path = join(folder, 'objects', name, file)
        const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
        if (Date.now() - modified > strayAge) rmSync(path, { force: true })
      }
      setTimeout(next, 10).unref()
    }
    setTimeout(next, 1000).unref()
  }

  function create(): BlobWriter {
    guarded(sweep)
    const id = newBlobId()
    const partial = `${pathOf(id)}.partial`
    let chunks: Uint8Array[] = []
    let size = 0
    let descriptor = -1
    let outside = false
    const close = (): void => {
      if (descriptor >= 0) closeSync(descriptor)
      descriptor = -1
    }
    const spill = (bytes: Uint8Array): void => {
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
    }
    return {
      write(chunk) {
        size += chunk.length
        if (!outside && size <= inline) return void chunks.push(chunk.slice())
        if (!outside) {
          mkdirSync(join(folder, 'objects', id.slice(-2)), { recursive: true })
          descriptor = openSync(partial, 'wx', 0o600)
          outside = true
          collectStrays()
          chunks.forEach(spill)
          chunks = []
        }
        spill(chunk)
      },
      commit() {
        if (descriptor >= 0) {
          close()
          renameSync(partial, pathOf(id))
        }
        const bytes = outside ? null : concatenated(chunks, size)
        guarded(() => query('insert or ignore into blobs values (?, 0, ?, ?, ?)').run(id, now(), size, bytes))
        return id
      },
      abort() {
        chunks = []
        if (!outside) return
        close()
        for (const path of [partial, pathOf(id)]) rmSync(path, { force: true })
      },
    }
  }

  function open(id: string, start = 0, end?: number): Uint8Array<ArrayBuffer> | Blob | undefined {
    const found = guarded(() => query('select size, bytes from blobs where id = ?').get(id)) as {
      size: number
      bytes: Uint8Array<ArrayBuffer> | null
    } | null
    if (!found) return undefined
    if (found.bytes) return found.bytes.subarray(start, end)
    if (found.size <= eager) return new Uint8Array(readFileSync(pathOf(id))).subarray(start, end)
    const whole = Bun.file(pathOf(id))
    return start === 0 && (end === undefined || end >= found.size) ? whole : whole.slice(start, end)
  }

  const blobs: Blobs = { create, open }
  return {
    namespace: (name): Namespace => ({ transaction: (body) => transaction(name, body), blobs }),
    reset() {
      guarded(() => db.run('delete from rows; delete from blobs'))
      rmSync(join(folder, 'objects'), { recursive: true, force: true })
    },
    close() {
      closed = true
      db.close()
    },
  }
}

function openDatabase(folder: string, file: string, patience: number): Database {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const fresh = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0
    const db = new Database(file, { create: true })
    db.run(`pragma busy_timeout = ${patience}; pragma synchronous = normal; pragma journal_size_limit = 0`)
    // The log's file stays, empty, when the last process leaves: making it anew would be half the cost of opening.
    db.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1)
    if (fresh) {
      chmodSync(file, 0o600)
      prepare(db)
    }
    const { user_version: version } = db.query('pragma user_version').get() as { user_version: number }
    if (version === 0) prepare(db)
    if (version > 1)
      throw new Failure('Local', `the local AWS's database ${file} was made by a newer version of this program`)
    return db
  } catch (error) {
    throw asFailure(error, file)
  }
}

/** Two processes may be the first at once: the loser of the race finds the work done. */
function prepare(db: Database): void {
  db.run('pragma journal_mode = wal')
  db.run('begin immediate')
  const { user_version: version } = db.query('pragma user_version').get() as { user_version: number }
  if (version === 0) db.run(schema)
  db.run('commit')
}

/** None where the folder is gone: somebody threw the account away. */
function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY')
}

/** SQLite's and the file system's complaints in one line; everything else as it is. */
function asFailure(error: unknown, file: string): unknown {
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code !== 'string' || error instanceof Failure || error instanceof AwsError) return error
  if (isBusy(error)) return new Failure('Local', `the local AWS's database ${file} is in use by another program`)
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new Failure('Local', `the local AWS's database ${file} is damaged: move it away, and a new one is made`)
  if (/^(SQLITE_|E[A-Z]+$)/.test(code)) return new Failure('Local', `the local AWS cannot use ${file}: ${message}`)
  return error
}

/** In the order they are made, so that new rows stand together at the table's end: half the pages to write. */
function newBlobId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return time + Array.from(crypto.getRandomValues(new Uint8Array(10)), (b) => b.toString(16).padStart(2, '0')).join('')
}

function concatenated(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const all = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}
