// Snapshots in PostgreSQL: copies of the rows in tables of their own, and one more reference to each blob. Each step is
// one transaction that lets no other writer in.

import type { PostgresBlobs } from './postgres-blobs.ts'
import type { Database, Session } from './postgres-database.ts'
import { lockOut } from './postgres-schema.ts'
import { sameBytes } from './same-bytes.ts'
import { snapshotPage } from './store.ts'
import type { SnapshotBlob, SnapshotNote, SnapshotRow, Snapshots } from './store.ts'

/** How many snapshots hold a blob, each as one reference. */
const holders = '(select count(*) from virga.snapshot_blobs where snapshot_blobs.id = blobs.id)'

export class PostgresSnapshots implements Snapshots {
  readonly #database: Database
  readonly #blobs: PostgresBlobs
  readonly #now: () => number

  constructor(database: Database, blobs: PostgresBlobs, now: () => number) {
    this.#database = database
    this.#blobs = blobs
    this.#now = now
  }

  async list(): Promise<SnapshotNote[]> {
    const sizes = 'from virga.snapshot_blobs join virga.blobs using (id) where snapshot = snapshots.name'
    const notes = await this.#database.query<SnapshotNote>(
      `select name, made::float8 as made,
         (select count(*) from virga.snapshot_rows where snapshot = snapshots.name)::float8 as rows,
         (select count(*) ${sizes})::float8 as blobs, (select coalesce(sum(size), 0) ${sizes})::float8 as bytes
       from virga.snapshots order by made, name`,
    )
    return [...notes]
  }

  async take(name: string): Promise<boolean> {
    return this.#alone(async ({ query }) => {
      if (await has(query, name)) return false
      await query('insert into virga.snapshots values ($1, $2)', name, this.#now())
      await query('insert into virga.snapshot_rows select $1, space, name, key, value from virga.rows', name)
      await query(
        `insert into virga.snapshot_blobs select $1, id, refs - ${holders} from virga.blobs where refs > ${holders}`,
        name,
      )
      await query(
        'update virga.blobs set refs = refs + 1 where id in (select id from virga.snapshot_blobs where snapshot = $1)',
        name,
      )
      return true
    })
  }

  async restore(name: string): Promise<boolean> {
    return this.#alone(async ({ query }) => {
      if (!(await has(query, name))) return false
      const held = 'select refs from virga.snapshot_blobs where snapshot = $1 and snapshot_blobs.id = blobs.id'
      await query('delete from virga.rows')
      await query(
        `insert into virga.rows (space, name, key, value)
         select space, name, key, value from virga.snapshot_rows where snapshot = $1`,
        name,
      )
      const refs = `${holders} + coalesce((${held}), 0)`
      await query(`update virga.blobs set refs = ${refs}, since = $2 where refs <> ${refs}`, name, this.#now())
      return true
    })
  }

  async forget(name: string): Promise<boolean> {
    return this.#alone(async ({ query }) => {
      const held = 'select id from virga.snapshot_blobs where snapshot = $1'
      await query(`update virga.blobs set refs = refs - 1, since = $2 where id in (${held})`, name, this.#now())
      await query('delete from virga.snapshot_blobs where snapshot = $1', name)
      await query('delete from virga.snapshot_rows where snapshot = $1', name)
      return (await query('delete from virga.snapshots where name = $1 returning name', name)).length > 0
    })
  }

  async rows(name: string, after?: SnapshotRow): Promise<SnapshotRow[]> {
    const rows = await this.#database.query<Omit<SnapshotRow, 'key'> & { key: Uint8Array }>(
      `select space, name as "table", key, value from virga.snapshot_rows
       where snapshot = $1 and (space, name, key) > ($2, $3, $4) order by space, name, key limit ${snapshotPage}`,
      name,
      after?.space ?? '',
      after?.table ?? '',
      Buffer.from(after?.key ?? ''),
    )
    return rows.map((row) => ({ ...row, key: new TextDecoder().decode(row.key) }))
  }

  async blobs(name: string): Promise<SnapshotBlob[]> {
    return this.#database.query<SnapshotBlob>(
      `select id, size::float8 as size, snapshot_blobs.refs as "references"
       from virga.snapshot_blobs join virga.blobs using (id) where snapshot = $1 order by id`,
      name,
    )
  }

  async create(name: string): Promise<void> {
    await this.#database.query('insert into virga.snapshots values ($1, $2)', name, this.#now())
  }

  async addRows(name: string, rows: readonly SnapshotRow[]): Promise<void> {
    const told = rows.map(({ space, table, key, value }) => [space, table, Buffer.from(key).toString('hex'), value])
    await this.#database.query(
      `insert into virga.snapshot_rows select $1, e->>0, e->>1, decode(e->>2, 'hex'), e->>3
       from json_array_elements($2::text::json) e on conflict do nothing`,
      name,
      JSON.stringify(told),
    )
  }

  async addBlob(
    name: string,
    { id, size, references }: SnapshotBlob,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<boolean> {
    if (await this.#blobs.has(id)) {
      if (!(await sameBytes(this.#blobs.open(id), pieces))) return false
    } else {
      const writer = this.#blobs.create(id)
      for await (const piece of pieces) await writer.write(piece)
      await this.#blobs.stored(writer.commit())
    }
    return this.#alone(async ({ query }) => {
      const kept = await query(
        'update virga.blobs set refs = refs + 1 where id = $1 and size = $2 returning id',
        id,
        size,
      )
      if (kept.length !== 1) return false
      await query('insert into virga.snapshot_blobs values ($1, $2, $3)', name, id, references)
      return true
    })
  }

  /** Forgets all rows, and the blobs that no snapshot holds. */
  async clear(): Promise<void> {
    await this.#alone(async ({ query }) => {
      await query('delete from virga.rows')
      await query(`update virga.blobs set refs = ${holders}, since = $1 where refs > 0`, this.#now())
      await query(`with gone as (delete from virga.blobs where refs < 1 and size is not null returning id)
        delete from virga.chunks using gone where blob = gone.id`)
    })
  }

  #alone<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (session) => {
      await session.query(lockOut)
      return work(session)
    })
  }
}

async function has(query: Session['query'], name: string): Promise<boolean> {
  return (await query('select 1 from virga.snapshots where name = $1', name)).length > 0
}
