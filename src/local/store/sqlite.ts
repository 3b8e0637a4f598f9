// The store that stays: one SQLite file in an account folder, and big objects as files beside it.
//
//   FOLDER/account.db      rows, and small blobs
//   FOLDER/packs/…         small blobs of servers, many in a file (sqlite-packs.ts)
//   FOLDER/objects/ab/…    bigger blobs, a file each (sqlite-blobs.ts)
//
// SQLite's write-ahead log makes a commit survive `kill -9` (the system has the pages); the log is forced to the disk
// only when it is folded into the database. So after a power cut the database is whole but may lack its last half minute,
// and an object of that time may be cut short, which is noticed and told when it is read.
// Several processes may share the folder. https://www.sqlite.org/wal.html

import type { Database, Statement } from 'bun:sqlite'
import { Failure } from '../../lib/errors.ts'
import { map } from '../../lib/iterate.ts'
import { join } from '../../lib/path.ts'
import { afterPrefix, compareKeys } from './order.ts'
import { RowCache, type Remembered } from './row-cache.ts'
import { SqliteBlobs } from './sqlite-blobs.ts'
import { asFailure, guarded, inUse, isBusy, leaveShortLog, openDatabase } from './sqlite-file.ts'
import { SqliteSnapshots } from './sqlite-snapshots.ts'
import type { Namespace, Range, Row, Rows, Store } from './store.ts'

export interface SqliteOptions {
  now?: () => number
  /** How long another's writing is waited for (milliseconds). */
  patience?: number
  /** Many write at once: what comes in the same turn of the event loop is committed, and answered, together. */
  together?: boolean
}

/** Opens (and makes, with `folder`) the store. Throws Failure('Local'). */
export function sqliteStore(folder: string, options: SqliteOptions = {}): Store {
  const { now = Date.now, patience = 5000, together = false } = options
  const file = join(folder, 'account.db')
  const db = openDatabase(folder, file, patience)
  const stay = together ? undefined : leaveShortLog(db, file)
  const blobs = new SqliteBlobs(db, folder, file, now, together)
  const transactions = new Transactions(db, file, blobs, together)
  const snapshots = new SqliteSnapshots(db, file, blobs, now, transactions)
  return {
    namespace: (name): Namespace => ({
      transaction: (body) => transactions.run(name, body),
      version: () => transactions.version(name),
      blobs,
    }),
    reset: () => guarded(file, () => snapshots.clear()),
    rest() {
      transactions.rest()
      blobs.rest()
      db.run('pragma shrink_memory')
    },
    close() {
      transactions.finish()
      blobs.close()
      stay?.()
      db.close()
    },
    snapshots,
  }
}

/** Thrown through a body that was given rows which another process has changed meanwhile: it is run again. */
class Outrun extends Error {}

/** Who waits for a commit. */
interface Waiting {
  answer(): void
  fail(error: unknown): void
}

/**
 * Bodies run on what this process remembers of the rows; the database is asked, once a transaction, whether anybody
 * else has written since. A body that only reads never waits for a writer; one that writes on rows that another process
 * has changed is run again, holding the write lock from the start.
 */
export class Transactions {
  readonly #db: Database
  readonly #file: string
  readonly #blobs: SqliteBlobs
  readonly #cache = new RowCache()
  readonly #version: Statement
  /** Of each namespace: they are the running transaction's. */
  readonly #rows = new Map<string, Rows>()
  /** The state of the database (as SQLite counts others' commits) that the remembered rows are of. */
  #remembered = -1
  /** The database was asked in this turn of the event loop: whoever heard of a later change has not asked us yet. */
  #fresh = false
  /** When each namespace was last changed by this process, and when anything was by another: numbers that only grow. */
  readonly #changes = new Map<string, number>()
  #changedByOthers = 1
  #count = 1
  #depth = 0
  /** Of the running transaction: whether the database was asked, and whether it is in a transaction of its own. */
  #asked = false
  #begun = false
  #outrun = false
  #wrote = false
  readonly #together: boolean
  /** The open transaction of several bodies: what they changed is there for each other, and answered when it is committed. */
  #group: Waiting[] | undefined
  /** Counts the groups, for those who note what theirs has changed. */
  #groups = 0
  /** The running body was given what the open group has changed, and what so may never come to be. */
  #uncommitted = false

  constructor(db: Database, file: string, blobs: SqliteBlobs, together: boolean) {
    this.#db = db
    this.#file = file
    this.#blobs = blobs
    this.#together = together
    this.#version = db.query('pragma data_version')
  }

  run<T>(space: string, body: (rows: Rows) => T): T | Promise<T> {
    if (this.#depth > 0) return this.#inner(space, body)
    if (this.#group) return this.#joined(this.#group, space, body)
    for (const patient of [false, true]) {
      this.#asked = !patient && this.#fresh
      this.#begun = this.#outrun = this.#wrote = false
      this.#depth++
      this.#blobs.begin()
      try {
        if (patient) this.#begin('begin immediate')
        const result = body(this.#rowsOf(space))
        if (this.#outrun) throw new Outrun()
        this.#blobs.end(true)
        if (this.#wrote && this.#together) return this.#opened(result)
        if (this.#begun) this.#commit()
        return result
      } catch (error) {
        this.#blobs.end(false)
        this.#cache.forgetChanges()
        if (this.#db.inTransaction) this.#db.run('rollback')
        if (!patient && (this.#outrun || isBusy(error))) continue
        throw asFailure(error, this.#file)
      } finally {
        this.#depth--
        this.#cache.settle()
      }
    }
    throw inUse(this.#file)
  }

  /** The first of a group: its transaction stays open until this turn of the event loop ends. */
  #opened<T>(result: T): Promise<T> {
    const group: Waiting[] = (this.#group = [])
    setImmediate(() => this.#group === group && this.finish())
    return new Promise((resolve, fail) => group.push({ answer: () => resolve(result), fail }))
  }

  /**
   * Another of the group. Where it fails, what it has done is taken back, and nothing of the others. Who has only read,
   * and nothing that the group has changed, need not wait for it.
   */
  #joined<T>(group: Waiting[], space: string, body: (rows: Rows) => T): T | Promise<T> {
    this.#asked = this.#begun = true
    this.#wrote = this.#outrun = this.#uncommitted = false
    this.#depth++
    this.#blobs.begin()
    let outcome: { value: T } | { error: unknown }
    try {
      outcome = { value: body(this.#rowsOf(space)) }
      this.#blobs.end(true)
      if (this.#wrote) this.#do('release member')
    } catch (error) {
      outcome = { error: asFailure(error, this.#file) }
      this.#blobs.end(false)
      this.#cache.forgetChanges()
      if (this.#wrote && this.#db.inTransaction) this.#db.run('rollback to member; release member')
    } finally {
      this.#depth--
      this.#cache.settle()
    }
    if (!this.#wrote && !this.#uncommitted) {
      if ('error' in outcome) throw outcome.error
      return outcome.value
    }
    return new Promise((resolve, fail) => {
      group.push({ answer: () => ('error' in outcome ? fail(outcome.error) : resolve(outcome.value)), fail })
    })
  }

  /** Commits what is open, and answers those who wait for it. */
  finish(): void {
    const group = this.#group
    if (!group) return
    this.#group = undefined
    this.#groups++
    try {
      // A full disk takes the whole transaction back by itself.
      if (!this.#db.inTransaction) throw new Failure('Local', `the local AWS could not write ${this.#file}`)
      this.#commit()
    } catch (error) {
      if (this.#db.inTransaction) this.#db.run('rollback')
      this.forget()
      for (const { fail } of group) fail(asFailure(error, this.#file))
      return
    }
    for (const { answer } of group) answer()
  }

  /** The rows are others now, by this process's own doing, which SQLite does not count. */
  forget(): void {
    this.#cache.clear()
    this.#changedByOthers = ++this.#count
  }

  /** What it remembers is asked for again. */
  rest(): void {
    this.#cache.clear()
  }

  version(space: string): number {
    if (!this.#fresh) {
      this.#asked = false
      this.#ask()
    }
    return Math.max(this.#changedByOthers, this.#changes.get(space) ?? 0)
  }

  #inner<T>(space: string, body: (rows: Rows) => T): T {
    this.#begin()
    this.#db.run('savepoint inner_step')
    try {
      const result = body(this.#rowsOf(space))
      this.#db.run('release inner_step')
      return result
    } catch (error) {
      this.#cache.forgetChanges()
      this.#db.run('rollback to inner_step')
      this.#db.run('release inner_step')
      throw error
    }
  }

  #begin(how: 'begin' | 'begin immediate' = 'begin'): void {
    if (this.#begun) return
    this.#do(how)
    this.#begun = true
    this.#ask()
  }

  #commit(): void {
    this.#blobs.flush()
    this.#do('commit')
  }

  /** Prepared once. */
  #do(sql: string): void {
    this.#db.query(sql).run()
  }

  /** Forgets the remembered rows where another process has written. */
  #ask(): void {
    const version = (this.#version.get() as { data_version: number }).data_version
    if (!this.#fresh) {
      this.#fresh = true
      setImmediate(() => (this.#fresh = false))
    }
    if (version !== this.#remembered) {
      this.forget()
      this.#remembered = version
      // What the body has been given so far was of another state.
      if (this.#asked) {
        this.#outrun = true
        throw new Outrun()
      }
    }
    this.#asked = true
  }

  #rowsOf(space: string): Rows {
    let rows = this.#rows.get(space)
    if (rows === undefined) this.#rows.set(space, (rows = this.#madeFor(space)))
    return rows
  }

  #madeFor(space: string): Rows {
    const db = this.#db
    /** What the group of this number has changed. */
    const changed = { by: 0, keys: new Map<string, Set<string>>() }
    const keysChanged = (name: string): Set<string> | undefined =>
      this.#group && changed.by === this.#groups ? changed.keys.get(name) : undefined
    const change = (name: string, key: string): void => {
      write()
      if (changed.by !== this.#groups) changed.keys.clear()
      changed.by = this.#groups
      const keys = changed.keys.get(name)
      if (keys) keys.add(key)
      else changed.keys.set(name, new Set([key]))
    }
    const write = (): void => {
      this.#changes.set(space, ++this.#count)
      this.#begin('begin immediate')
      if (this.#group && !this.#wrote) this.#do('savepoint member')
      this.#wrote = true
    }
    const row = (name: string, key: string): Remembered => {
      if (!this.#asked) this.#ask()
      if (keysChanged(name)?.has(key)) this.#uncommitted = true
      const known = this.#cache.get(space, name, key)
      if (known !== undefined) return known
      this.#begin()
      const found = db.query('select value from rows where space = ? and name = ? and key = ?').get(space, name, key)
      return this.#cache.remember(space, name, key, (found as { value: string } | null)?.value ?? null)
    }
    return {
      get: <T>(name: string, key: string): T | undefined => {
        const { text } = row(name, key)
        return text === null ? undefined : (JSON.parse(text) as T)
      },
      look: <T>(name: string, key: string) => row(name, key).value as T | undefined,
      put: (name, key, value) => {
        change(name, key)
        const text = JSON.stringify(value)
        db.query(upsert).run(space, name, key, text)
        this.#cache.change(space, name, key, text)
      },
      delete: (name, key) => {
        change(name, key)
        this.#cache.change(space, name, key, null)
        return db.query('delete from rows where space = ? and name = ? and key = ?').run(space, name, key).changes > 0
      },
      scan: <T>(name: string, range: Range = {}): Row<T>[] => {
        this.#begin()
        if (keysChanged(name)) this.#uncommitted = true
        const { sql, values } = selection('key, value', space, name, range)
        const rows = db.query(sql).all(...values) as Row<string>[]
        return map(rows, ({ key, value }) => ({ key, value: JSON.parse(value) as T }))
      },
      keys: (name, range = {}) => {
        this.#begin()
        if (keysChanged(name)) this.#uncommitted = true
        const { sql, values } = selection('key', space, name, range)
        return map(db.query(sql).all(...values) as Pick<Row, 'key'>[], ({ key }) => key)
      },
      keep: (id) => {
        write()
        this.#blobs.keep(id)
      },
      drop: (id) => {
        write()
        this.#blobs.drop(id)
      },
    }
  }
}

/** Where a row was, only what is new of it is written: `insert or replace` would take it out and put it in. */
const upsert = 'insert into rows values (?, ?, ?, ?) on conflict do update set value = excluded.value'

function selection(
  what: string,
  space: string,
  name: string,
  range: Range,
): { sql: string; values: (string | number)[] } {
  const terms = ['space = ? and name = ?']
  const values: (string | number)[] = [space, name]
  for (const { operator, key } of boundsOf(range)) {
    terms.push(`key ${operator} ?`)
    values.push(key)
  }
  values.push(range.limit ?? -1)
  const order = range.reverse ? ' desc' : ''
  return { sql: `select ${what} from rows where ${terms.join(' and ')} order by key${order} limit ?`, values }
}

interface Bound {
  readonly operator: '>' | '>=' | '<'
  readonly key: string
}

/** One at each end at most: of several, SQLite would begin its search at the first that is named. */
function boundsOf({ prefix, after, from, before }: Range): Bound[] {
  const bound = (operator: Bound['operator'], key: string | undefined): Bound[] =>
    key === undefined ? [] : [{ operator, key }]
  const lower = [...bound('>', after), ...bound('>=', from), ...bound('>=', prefix || undefined)]
  const upper = [...bound('<', before), ...bound('<', prefix ? afterPrefix(prefix) : undefined)]
  // Sorting is stable, so that `after` a key outranks being `from` it.
  return [
    ...lower.sort((a, b) => compareKeys(b.key, a.key)).slice(0, 1),
    ...upper.sort((a, b) => compareKeys(a.key, b.key)).slice(0, 1),
  ]
}
