// Blobs of the SQLite store: small ones in the database, big ones as files beside it.
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
import type { Blobs, BlobWriter } from './store.ts'

/** Blobs up to this size live in the database: one commit instead of a file. */
const inline = 16 * 1024
/** So many are swept away at once; where there are more, soon again. */
const broom = 200
/** Blobs up to this size are handed out as bytes. */
const eager = 64 * 1024

interface Loose {
  size: number
  /** Null: in a file. */
  bytes: Uint8Array | null
}

export class SqliteBlobs implements Blobs {
  readonly #db: Database
  readonly #objects: string
  readonly #file: string
  readonly #now: () => number
  readonly #cache = new BlobCache()
  /** When to look for what can be swept away. */
  #sweepAt = 0
  #collecting = false
  closed = false
  /** Inside a transaction: what it has committed and not kept yet. Kept at once, a blob is written once. */
  #loose: Map<string, Loose> | undefined

  constructor(db: Database, folder: string, file: string, now: () => number) {
    this.#db = db
    this.#objects = join(folder, 'objects')
    this.#file = file
    this.#now = now
  }

  #pathOf(id: string): string {
    return join(this.#objects, id.slice(-2), id)
  }

  /** `id`: for a blob that comes with one. */
  create(id = newBlobId()): BlobWriter {
    guarded(this.#file, () => this.#sweep())
    const path = this.#pathOf(id)
    const partial = `${path}.partial`
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
      fs().mkdirSync(join(this.#objects, id.slice(-2)), { recursive: true })
      descriptor = fs().openSync(partial, 'w', 0o600)
      outside = true
      this.#collectStrays()
      chunks.forEach(spill)
      chunks = []
    }
    return {
      write: (chunk) => {
        size += chunk.length
        if (!outside && size <= inline) return void chunks.push(chunk.slice())
        guarded(this.#file, () => {
          if (!outside) goOutside()
          spill(chunk)
        })
      },
      commit: () => {
        guarded(this.#file, () => {
          if (descriptor >= 0) {
            close()
            fs().renameSync(partial, path)
          }
          const blob = { size, bytes: outside ? null : chunks.length === 1 ? chunks[0]! : concat(chunks) }
          if (this.#loose) this.#loose.set(id, blob)
          else this.#insert(id, blob, 0)
        })
        return id
      },
      abort: () => {
        chunks = []
        if (!outside) return
        close()
        for (const each of [partial, path]) fs().rmSync(each, { force: true })
      },
    }
  }

  open(id: string, start = 0, end?: number): Uint8Array<ArrayBuffer> | Blob | undefined {
    const known = this.#cache.get(id)
    if (known) return known.subarray(start, end)
    return guarded(this.#file, () => {
      const found = this.#db.query('select size, bytes from blobs where id = ?').get(id) as {
        size: number
        bytes: Uint8Array<ArrayBuffer> | null
      } | null
      if (!found) return undefined
      if (found.bytes) this.#cache.remember(id, found.bytes)
      if (found.bytes) return found.bytes.subarray(start, end)
      const path = this.#pathOf(id)
      const bytes = found.size <= eager ? new Uint8Array(fs().readFileSync(path)) : undefined
      const size = bytes ? bytes.length : fs().statSync(path).size
      if (size !== found.size)
        throw new Failure('Local', `the object in ${path} is damaged: ${size} of ${found.size} bytes`)
      return bytes?.subarray(start, end) ?? fileBlob({ path, start, end: Math.min(end ?? size, size) })
    })
  }

  /** Forgets what no row and no snapshot refers to, at once. */
  clear(): void {
    this.#cache.clear()
    const loose = 'from blobs where refs < 1'
    const ids = this.#db.query(`select id ${loose} and bytes is null`).all() as { id: string }[]
    this.#db.run(`delete ${loose}`)
    for (const { id } of ids) fs().rmSync(this.#pathOf(id), { force: true })
  }

  /** A transaction begins. */
  begin(): void {
    this.#loose = new Map()
  }

  /** It ends: well, or so that nothing of it stays. */
  end(well: boolean): void {
    const loose = this.#loose
    this.#loose = undefined
    if (well && loose) for (const [id, blob] of loose) this.#insert(id, blob, 0)
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

  #insert(id: string, { size, bytes }: Loose, references: number): void {
    this.#db
      .query('insert into blobs values (?, ?, ?, ?, ?) on conflict (id) do update set refs = refs + excluded.refs')
      .run(id, references, this.#now(), size, bytes)
  }

  /** Removes blobs that have been without a reference for the grace period. */
  #sweep(): void {
    const now = this.#now()
    if ((now < this.#sweepAt && this.#sweepAt - now <= 1000) || this.#db.inTransaction) return
    const sql = `select id, bytes is null as outside from blobs where refs < 1 and since < ? limit ${broom}`
    const found = this.#db.query(sql).all(now - blobGrace) as { id: string; outside: number }[]
    this.#sweepAt = now + (found.length < broom ? 1000 : 20)
    if (found.length === 0) return
    // Whoever keeps one in this moment comes first: a file goes only when its row has gone.
    const gone = this.#db.transaction(() =>
      found.filter(({ id }) => this.#db.query('delete from blobs where id = ? and refs < 1').run(id).changes > 0),
    )
    for (const { id, outside } of gone.immediate()) {
      this.#cache.forget(id)
      if (outside) fs().rmSync(this.#pathOf(id), { force: true })
    }
  }

  /** Removes files that a killed process left: half-written, or whole but never told of. Once, a folder at a time. */
  #collectStrays(): void {
    if (this.#collecting) return
    this.#collecting = true
    const folders = filesIn(this.#objects)
    const next = (): void => {
      const name = folders.pop()
      if (name === undefined || this.closed) return
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
