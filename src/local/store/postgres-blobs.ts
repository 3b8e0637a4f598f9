// Blobs in PostgreSQL: rows of 256 KiB each, written as the bytes come and read as they are wanted.

import { concat } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { streamOf } from '../../lib/stream.ts'
import { newBlobId, strayAge } from './blob-id.ts'
import type { Database } from './postgres-database.ts'
import { blobGrace } from './store.ts'
import type { Blobs, BlobWriter } from './store.ts'

const chunkSize = 256 * 1024
/** So many chunks are fetched at once. */
const ahead = 4

/** The blob's row is there from the first chunk on; it has a size when it is whole. */
const touch = `insert into virga.blobs (id, refs, since) values ($1, 0, $2) on conflict (id) do update set since = $2`
const addChunk = `with touched as (${touch}) insert into virga.chunks values ($1, $3, $4)`
const finish = `insert into virga.blobs (id, refs, since, size) values ($1, 0, $2, $3)
  on conflict (id) do update set since = $2, size = $3`
const remove = `with gone as (delete from virga.blobs where id = $1 and refs < 1 returning id)
  delete from virga.chunks using gone where blob = gone.id`
const sweep = `with loose as (
    select id from virga.blobs where refs < 1 and since < (case when size is null then $2 else $1 end)::bigint limit 100),
  gone as (delete from virga.blobs using loose where blobs.id = loose.id and refs < 1 returning blobs.id)
  delete from virga.chunks using gone where blob = gone.id`
const read = `select size::float8 as size, bytes from virga.blobs left join virga.chunks on blob = id and number >= $2 and number < $3
  where id = $1 and size is not null order by number`

export class PostgresBlobs implements Blobs {
  readonly #database: Database
  readonly #now: () => number
  /** Committed, and on their way. */
  readonly #finishing = new Map<string, Promise<void>>()
  #swept = 0

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** When the bytes of a committed blob are in the database; undefined where they have been for long. */
  stored = (id: string): Promise<void> | undefined => this.#finishing.get(id)

  create(id = newBlobId()): BlobWriter {
    this.#sweep()
    let chunks: Uint8Array[] = []
    let waiting = 0
    let number = 0
    let size = 0
    let sent: Promise<unknown> = Promise.resolve()
    let committed = false
    const send = (): Promise<unknown> => {
      const bytes = concat(chunks)
      ;[chunks, waiting] = [[], 0]
      const mine = number++
      // One after the other: a sender that is faster than the database waits.
      sent = sent.then(() => this.#database.query(addChunk, id, this.#now(), mine, bytes))
      sent.catch(() => {})
      return sent
    }
    return {
      write: async (chunk) => {
        size += chunk.length
        for (let at = 0; at < chunk.length;) {
          const part = chunk.slice(at, at + chunkSize - waiting)
          chunks.push(part)
          waiting += part.length
          at += part.length
          if (waiting === chunkSize) await send()
        }
      },
      commit: () => {
        if (committed) return id
        committed = true
        if (waiting > 0) void send()
        const finished = sent.then(async () => void (await this.#database.query(finish, id, this.#now(), size)))
        this.#finishing.set(id, finished)
        finished.then(
          () => this.#finishing.delete(id),
          () => {},
        )
        return id
      },
      abort: () => {
        chunks = []
        const gone = sent.then(() => this.#finishing.get(id)).then(() => this.#database.query(remove, id))
        gone.catch(() => {}).finally(() => this.#finishing.delete(id))
      },
    }
  }

  open(id: string, start = 0, end = Infinity): ReadableStream<Uint8Array> {
    return streamOf(this.#pieces(id, start, end))
  }

  async *#pieces(id: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    await this.#finishing.get(id)
    let size = Infinity
    for (let at = start; at < Math.min(end, size);) {
      const number = Math.floor(at / chunkSize)
      const rows = await this.#database.query<{ size: number; bytes: Uint8Array | null }>(
        read,
        id,
        number,
        number + ahead,
      )
      if (rows.length === 0) throw new Failure('Local', `the object ${id} is gone`)
      size = rows[0]!.size
      const whole = Math.min(end, size)
      for (const { bytes } of rows) {
        const offset = at % chunkSize
        if (at >= whole) return
        if (bytes === null || bytes.length <= offset)
          throw new Failure('Local', `the object ${id} is damaged: it lacks its byte ${at} of ${size}`)
        const piece = bytes.subarray(offset, offset + whole - at)
        at += piece.length
        yield piece
      }
    }
  }

  async has(id: string): Promise<boolean> {
    return (await this.#database.query('select 1 from virga.blobs where id = $1 and size is not null', id)).length > 0
  }

  /** Removes what has been without a reference for the grace period, and what was begun and never ended. */
  #sweep(): void {
    const now = this.#now()
    if (Math.abs(now - this.#swept) < 1000) return
    this.#swept = now
    this.#database.query(sweep, now - blobGrace, now - strayAge).catch(() => {})
  }
}
