// Snapshots in the SQLite store: copies of the rows in tables of their own, and one more reference to each blob. Each
// step is one transaction, so a kill leaves the old state or the new.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { sameBytes } from './same-bytes.ts'
import type { SqliteBlobs } from './sqlite-blobs.ts'
import type { Transactions } from './sqlite.ts'
import { guarded } from './sqlite-file.ts'
import { snapshotPage } from './store.ts'
import type { SnapshotBlob, SnapshotNote, SnapshotRow, Snapshots } from './store.ts'

/** How many snapshots hold a blob, each as one reference. */
const holders = '(select count(*) from snapshot_blobs where snapshot_blobs.id = blobs.id)'

export class SqliteSnapshots implements Snapshots {
  readonly #db: Database
  readonly #file: string
  readonly #blobs: SqliteBlobs
  readonly #now: () => number
  readonly #transactions: Pick<Transactions, 'finish' | 'forget'>

  constructor(
    db: Database,
    file: string,
    blobs: SqliteBlobs,
    now: () => number,
    transactions: Pick<Transactions, 'finish' | 'forget'>,
  ) {
    this.#db = db
    this.#file = file
    this.#blobs = blobs
    this.#now = now
    this.#transactions = transactions
  }

  list(): SnapshotNote[] {
    const sizes = 'from snapshot_blobs join blobs using (id) where snapshot = snapshots.name'
    return this.#all(
      `select name, made, (select count(*) from snapshot_rows where snapshot = snapshots.name) as rows,
         (select count(*) ${sizes}) as blobs, (select coalesce(sum(size), 0) ${sizes}) as bytes
       from snapshots order by made, name`,
    ) as SnapshotNote[]
  }

  take(name: string): boolean {
    return this.#together(() => {
      if (this.#has(name)) return false
      this.#run('insert into snapshots values (?, ?)', name, this.#now())
      this.#run('insert into snapshot_rows select ?, space, name, key, value from rows', name)
      this.#run(`insert into snapshot_blobs select ?, id, refs - ${holders} from blobs where refs > ${holders}`, name)
      this.#run('update blobs set refs = refs + 1 where id in (select id from snapshot_blobs where snapshot = ?)', name)
      return true
    })
  }

  restore(name: string): boolean {
    const done = this.#together(() => {
      if (!this.#has(name)) return false
      const held = 'select refs from snapshot_blobs where snapshot = ? and snapshot_blobs.id = blobs.id'
      this.#run('delete from rows')
      this.#run('insert into rows select space, name, key, value from snapshot_rows where snapshot = ?', name)
      const refs = `${holders} + coalesce((${held}), 0)`
      this.#run(`update blobs set refs = ${refs}, since = ? where refs <> ${refs}`, name, this.#now(), name)
      return true
    })
    this.#transactions.forget()
    return done
  }

  forget(name: string): boolean {
    return this.#together(() => {
      const held = 'select id from snapshot_blobs where snapshot = ?'
      this.#run(`update blobs set refs = refs - 1, since = ? where id in (${held})`, this.#now(), name)
      this.#run('delete from snapshot_blobs where snapshot = ?', name)
      this.#run('delete from snapshot_rows where snapshot = ?', name)
      return this.#run('delete from snapshots where name = ?', name) > 0
    })
  }

  rows(name: string, after?: SnapshotRow): SnapshotRow[] {
    return this.#all(
      `select space, name as "table", key, value from snapshot_rows
       where snapshot = ? and (space, name, key) > (?, ?, ?) order by space, name, key limit ${snapshotPage}`,
      name,
      after?.space ?? '',
      after?.table ?? '',
      after?.key ?? '',
    ) as SnapshotRow[]
  }

  blobs(name: string): SnapshotBlob[] {
    return this.#all(
      `select id, size, snapshot_blobs.refs as "references" from snapshot_blobs join blobs using (id)
       where snapshot = ? order by id`,
      name,
    ) as SnapshotBlob[]
  }

  create(name: string): void {
    this.#together(() => this.#run('insert into snapshots values (?, ?)', name, this.#now()))
  }

  addRows(name: string, rows: readonly SnapshotRow[]): void {
    this.#together(() => {
      for (const { space, table, key, value } of rows)
        this.#run('insert or replace into snapshot_rows values (?, ?, ?, ?, ?)', name, space, table, key, value)
    })
  }

  async addBlob(
    name: string,
    { id, size, references }: SnapshotBlob,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<boolean> {
    const there = this.#blobs.open(id)
    if (there !== undefined) {
      if (!(await sameBytes(there, pieces))) return false
    } else {
      const writer = this.#blobs.create(id)
      for await (const piece of pieces) void writer.write(piece)
      writer.commit()
    }
    return this.#together(() => {
      if (this.#run('update blobs set refs = refs + 1 where id = ? and size = ?', id, size) !== 1) return false
      this.#run('insert into snapshot_blobs values (?, ?, ?)', name, id, references)
      return true
    })
  }

  /** Forgets all rows, and the blobs that no snapshot holds. */
  clear(): void {
    this.#together(() => {
      this.#run('delete from rows')
      this.#run(`update blobs set refs = ${holders}, since = ? where refs > 0`, this.#now())
    })
    this.#transactions.forget()
    this.#blobs.clear()
  }

  #has(name: string): boolean {
    return this.#all('select 1 from snapshots where name = ?', name).length > 0
  }

  #together<T>(work: () => T): T {
    this.#transactions.finish()
    return guarded(this.#file, () => this.#db.transaction(work).immediate())
  }

  #run(sql: string, ...values: SQLQueryBindings[]): number {
    return this.#db.query(sql).run(...values).changes
  }

  #all(sql: string, ...values: SQLQueryBindings[]): unknown[] {
    return guarded(this.#file, () => this.#db.query(sql).all(...values))
  }
}
