// Blobs of the SQLite store: small ones in the database or, where many are written, in packs (sqlite-packs.ts); big ones
// as files beside it.
//
// A file is written under another name and renamed when it is whole; the row that tells of it comes after. A killed
// process so leaves a file that no row knows, which is collected, and never a row without its file.

import type { Database } from 'bun:sqlite'
import { concat } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { fileBlob } from '../../lib/file-blob.ts'
import { fs } from '../../lib/files.ts'
import { join } from '../../lib/path.ts'
import { newBlobId, strayAge } from './blob-id.ts'
import { guarded } from './sqlite-file.ts'
import { blobGrace } from './store.ts'
import { BlobCache } from './blob-cache.ts'
import { SqlitePacks } from './sqlite-packs.ts'
import type { Blobs, BlobWriter } from './store.ts'

/** Blobs up to this size live in the database: one commit instead of a file. */
const inline = 16 * 1024
/** Blobs up to this size go into packs, where there are packs. */
const packed = 64 * 1024
/** So many are swept away at once; where there are more, soon again. */
const broom = 200
/** Blobs up to this size are handed out as bytes. */
const eager = 64 * 1024

interface Stored<Bytes extends Uint8Array = Uint8Array> {
  readonly size: number
  /** Null: in a pack or a file. */
  readonly bytes: Bytes | null
  /** Null: not in a pack. */
  readonly crc: number | null
}

export class SqliteBlobs implements Blobs {
  readonly #db: Database
  readonly #objects: string
  readonly #file: string
  readonly #now: () => number
  readonly #cache = new BlobCache()
  readonly #packs: SqlitePacks
  readonly #many: boolean
  /** When to look for what can be swept away. */
  #sweepAt = 0
  #collecting = false
  #closed = false
  #inTransaction = false
  /** What the transaction has committed and not kept yet. Kept at once, a blob is written once. */
  #loose: Map<string, Stored> | undefined

  /** `many`: they come so thick that packs are worth their while. */
  constructor(db: Database, folder: string, file: string, now: () => number, many: boolean) {
    this.#db = db
    this.#packs = new SqlitePacks(db, folder)
    this.#many = many
    this.#objects = join(folder, 'objects')
    this.#file = file
    this.#now = now
  }

  #pathOf(id: string): string {
    return join(this.#objects, id.slice(-2), id)
  }

  /** `named`: for a blob that comes with an id. */
  create(named?: string): BlobWriter {
    guarded(this.#file, () => this.#sweep())
    const isPacked = named === undefined && this.#many
    let id = named
    const ownId = (): string => (id ??= newBlobId())
    const path = (): string => this.#pathOf(ownId())
    const partial = (): string => `${path()}.partial`
    let blob: Stored | undefined
    let chunks: Uint8Array[] = []
    let size = 0
    let descriptor = -1
    let outside = false
    const close = (): void => {
      if (descriptor >= 0) fs().closeSync(descriptor)
      descriptor = -1
    }
    const spill = (bytes: Uint8Array): void => {
      for (let done = 0; done < bytes.length;) done += fs().writeSync(descriptor, bytes, done)
    }
    const goOutside = (): void => {
      fs().mkdirSync(join(this.#objects, ownId().slice(-2)), { recursive: true })
      descriptor = fs().openSync(partial(), 'w', 0o600)
      outside = true
      this.#collectStrays()
      chunks.forEach(spill)
      chunks = []
    }
    const settled = (): Stored => {
      if (isPacked && !outside) this.#collectStrays()
      if (outside) {
        close()
        fs().renameSync(partial(), path())
        return { size, bytes: null, crc: null }
      }
      const bytes = chunks.length === 1 ? chunks[0]! : concat(chunks)
      // Of nothing, two would have the same place.
      if (!isPacked || size === 0) return { size, bytes, crc: null }
      const place = this.#packs.add(bytes)
      id = place.id
      return { size, bytes: null, crc: place.crc }
    }
    return {
      write: (chunk) => {
        size += chunk.length
        if (!outside && size <= (isPacked ? packed : inline)) return void chunks.push(chunk)
        guarded(this.#file, () => {
          if (!outside) goOutside()
          spill(chunk)
        })
      },
      commit: () => {
        guarded(this.#file, () => {
          blob ??= settled()
          if (this.#inTransaction) return void (this.#loose ??= new Map()).set(ownId(), blob)
          this.flush()
          this.#insert(ownId(), blob, 0)
        })
        return ownId()
      },
      abort: () => {
        chunks = []
        if (!outside) return
        close()
        for (const each of [partial(), path()]) fs().rmSync(each, { force: true })
      },
    }
  }

  open(id: string, start = 0, end?: number): Uint8Array<ArrayBuffer> | Blob | undefined {
    const known = this.#cache.get(id)
    if (known) return known.subarray(start, end)
    return guarded(this.#file, () => {
      const found = this.#find(id)
      if (!found) return undefined
      const inside = found.bytes ?? (found.crc === null ? undefined : this.#unpacked(id, found))
      if (inside) {
        this.#cache.remember(id, inside)
        return inside.subarray(start, end)
      }
      const path = this.#pathOf(id)
      const bytes = found.size <= eager ? new Uint8Array(fs().readFileSync(path)) : undefined
      const size = bytes ? bytes.length : fs().statSync(path).size
      if (size !== found.size)
        throw new Failure('Local', `the object in ${path} is damaged: ${size} of ${found.size} bytes`)
      return bytes?.subarray(start, end) ?? fileBlob({ path, start, end: Math.min(end ?? size, size) })
    })
  }

  #find(id: string): Stored<Uint8Array<ArrayBuffer>> | null {
    return this.#db.query('select size, bytes, crc from blobs where id = ?').get(id) as Stored<
      Uint8Array<ArrayBuffer>
    > | null
  }

  /** A pack that has gone meanwhile has left its bytes in the database. */
  #unpacked(id: string, { size, crc }: Stored): Uint8Array<ArrayBuffer> | undefined {
    return this.#packs.read({ id, crc: crc! }, size) ?? this.#find(id)?.bytes ?? undefined
  }

  rest(): void {
    this.#cache.clear()
  }

  close(): void {
    this.#closed = true
    this.#packs.finish()
  }

  /** Forgets what no row and no snapshot refers to, at once. */
  clear(): void {
    this.#cache.clear()
    const loose = 'from blobs where refs < 1'
    const ids = this.#db.query(`select id ${loose} and bytes is null and crc is null`).all() as { id: string }[]
    this.#db.run(`delete ${loose}`)
    for (const { id } of ids) fs().rmSync(this.#pathOf(id), { force: true })
    this.#packs.finish()
    this.#packs.tidyAll()
  }

  /** What was added is there for others: before rows that tell of it are committed. */
  flush(): void {
    this.#packs.flush()
  }

  /** A transaction begins. */
  begin(): void {
    this.#inTransaction = true
  }

  /** It ends: well, or so that nothing of it stays. */
  end(well: boolean): void {
    const loose = this.#loose
    this.#inTransaction = false
    this.#loose = undefined
    if (!well || !loose || loose.size === 0) return
    this.flush()
    for (const [id, blob] of loose) this.#insert(id, blob, 0)
  }

  keep(id: string): void {
    const blob = this.#loose?.get(id)
    if (blob) this.#insert(id, blob, 1)
    else this.#db.query('update blobs set refs = refs + 1 where id = ?').run(id)
    this.#loose?.delete(id)
  }

  drop(id: string): void {
    this.#db.query('update blobs set refs = refs - 1, since = ? where id = ?').run(this.#now(), id)
  }

  #insert(id: string, { size, bytes, crc }: Stored, references: number): void {
    this.#db
      .query(
        'insert into blobs (id, refs, since, size, bytes, crc) values (?, ?, ?, ?, ?, ?) ' +
          'on conflict (id) do update set refs = refs + excluded.refs',
      )
      .run(id, references, this.#now(), size, bytes, crc)
  }

  /** Removes blobs that have been without a reference for the grace period. */
  #sweep(): void {
    const now = this.#now()
    if ((now < this.#sweepAt && this.#sweepAt - now <= 1000) || this.#db.inTransaction) return
    const sql = `select id, bytes is null and crc is null as outside, crc from blobs where refs < 1 and since < ? limit ${broom}`
    const found = this.#db.query(sql).all(now - blobGrace) as { id: string; outside: number; crc: number | null }[]
    this.#sweepAt = now + (found.length < broom ? 1000 : 20)
    if (found.length === 0) return
    // Whoever keeps one in this moment comes first: a file goes only when its row has gone.
    const gone = this.#db.transaction(() =>
      found.filter(({ id }) => this.#db.query('delete from blobs where id = ? and refs < 1').run(id).changes > 0),
    )
    const packed: string[] = []
    for (const { id, outside, crc } of gone.immediate()) {
      this.#cache.forget(id)
      if (outside) fs().rmSync(this.#pathOf(id), { force: true })
      if (crc !== null) packed.push(id)
    }
    this.#packs.tidy(packed)
  }

  /** Removes files that a killed process left: half-written, or whole but never told of. Once, a folder at a time. */
  #collectStrays(): void {
    if (this.#collecting) return
    this.#collecting = true
    const folders = filesIn(this.#objects)
    const next = (): void => {
      const name = folders.pop()
      if (this.#closed) return
      if (name === undefined) return guarded(this.#file, () => this.#packs.tidyAll())
      for (const file of filesIn(join(this.#objects, name))) {
        if (!file.endsWith('.partial') && this.#db.query('select 1 from blobs where id = ?').get(file)) continue
        const path = join(this.#objects, name, file)
        const modified = fs().statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
        if (Date.now() - modified > strayAge) fs().rmSync(path, { force: true })
      }
      setTimeout(next, 10).unref()
    }
    setTimeout(next, 1000).unref()
  }
}

/** None where the folder is gone: somebody threw the account away. */
function filesIn(folder: string): string[] {
  return fs().existsSync(folder) ? fs().readdirSync(folder) : []
}
