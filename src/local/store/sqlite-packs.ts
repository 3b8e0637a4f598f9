// Small blobs of a server, packed: one behind the other in a file that only grows. In the database each would be written
// twice (into its log, then into its place), and as a file of its own it would cost ten times as much.
//
//   FOLDER/packs/0192f3a4b5c67d8e9f01       a pack: bytes of blobs, and nothing between them
//   0192f3a4b5c67d8e9f01p0001f000           a blob in it: where it begins, in hex
//
// Who made a pack is the only one to add to it, and only for a while, so that anybody may clear away what is old. What is
// added is there for others before the row that tells of it. Bytes of blobs that are gone stay until little of their
// pack is needed: then that goes into the database, and the pack away.

import type { Database } from 'bun:sqlite'
import { Failure } from '../../lib/errors.ts'
import { fs } from '../../lib/files.ts'
import { join } from '../../lib/path.ts'
import { packName, strayAge } from './blob-id.ts'

/** A pack that has grown to this size is full. */
const full = 4 * 1024 * 1024
/** Less than this is little. */
const little = full / 4

/** So much is written at once, of blobs that are smaller than that. */
const deskSize = 256 * 1024

export interface Place {
  readonly id: string
  /** CRC-32 of the bytes. After a power cut they may not be there though the row is. */
  readonly crc: number
}

/** The pack that grows. */
interface Growing {
  readonly name: string
  readonly descriptor: number
  /** With what is not written yet. */
  size: number
  /** When it has last grown: what has rested too long may be cleared away by others. */
  at: number
}

export class SqlitePacks {
  readonly #db: Database
  readonly #folder: string
  #growing: Growing | undefined
  /** Where what was added waits to be written, and how much of it is used. */
  #desk: Uint8Array | undefined
  #unwritten = 0
  /** Full ones of this process. */
  readonly #own = new Set<string>()

  constructor(db: Database, folder: string) {
    this.#db = db
    this.#folder = join(folder, 'packs')
  }

  /** Others find it there after the next `flush`. */
  add(bytes: Uint8Array): Place {
    const pack = this.#roomy()
    const desk = (this.#desk ??= Buffer.allocUnsafeSlow(deskSize))
    if (this.#unwritten + bytes.length > deskSize) this.flush()
    desk.set(bytes, this.#unwritten)
    this.#unwritten += bytes.length
    const id = `${pack.name}p${pack.size.toString(16).padStart(8, '0')}`
    pack.size += bytes.length
    return { id, crc: Bun.hash.crc32(bytes) }
  }

  /** What was added since the last time is written, all at once: a write of 4 KiB costs as much again as its bytes do. */
  flush(): void {
    const length = this.#unwritten
    if (!this.#growing || length === 0) return
    this.#unwritten = 0
    const { descriptor, size } = this.#growing
    const start = size - length
    for (let done = 0; done < length;)
      done += fs().writeSync(descriptor, this.#desk!, done, length - done, start + done)
  }

  #roomy(): Growing {
    const now = Date.now()
    if (this.#growing && (this.#growing.size >= full || now - this.#growing.at > strayAge / 2)) this.finish()
    if (!this.#growing) {
      const name = packName()
      fs().mkdirSync(this.#folder, { recursive: true })
      this.#growing = {
        name,
        descriptor: fs().openSync(this.#pathOf(name), 'wx+', 0o600),
        size: 0,
        at: now,
      }
    }
    this.#growing.at = now
    return this.#growing
  }

  /** Undefined where the pack has gone. Throws Failure('Local') where it does not hold what it should. */
  read({ id, crc }: Place, size: number): Uint8Array<ArrayBuffer> | undefined {
    const { pack, start } = placeOf(id)
    const bytes = new Uint8Array(size)
    const isGrowing = pack === this.#growing?.name
    if (isGrowing) this.flush()
    let descriptor: number
    try {
      descriptor = isGrowing ? this.#growing!.descriptor : fs().openSync(this.#pathOf(pack), 'r')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    try {
      const read = fs().readSync(descriptor, bytes, 0, size, start)
      if (read === size && Bun.hash.crc32(bytes) === crc) return bytes
    } finally {
      if (!isGrowing) fs().closeSync(descriptor)
    }
    throw new Failure('Local', `the object at ${start} in ${this.#pathOf(pack)} is damaged`)
  }

  /** Nothing is added to the growing pack any more; it is forced to the disk, while nobody waits for it. */
  finish(): void {
    if (!this.#growing) return
    this.flush()
    const { name, descriptor } = this.#growing
    this.#growing = undefined
    this.#own.add(name)
    fs().fdatasync(descriptor, () => fs().close(descriptor))
  }

  /** Of those that blobs were in which have gone: clears away what nobody adds to and little is left of. */
  tidy(blobs: readonly string[]): void {
    for (const name of new Set(blobs.map((id) => placeOf(id).pack))) this.#tidy(name)
  }

  /** As `tidy`, whatever blobs they held. */
  tidyAll(): void {
    for (const name of fs().existsSync(this.#folder) ? fs().readdirSync(this.#folder) : []) this.#tidy(name)
  }

  #tidy(name: string): void {
    if (!this.#isFinished(name) || !this.#isLittleLeft(name)) return
    const done = this.#db.transaction(() => this.#isLittleLeft(name) && this.#moveOut(name))
    if (!done.immediate()) return
    // The system takes a while to let go of so many pages.
    fs().unlink(this.#pathOf(name), () => {})
    this.#own.delete(name)
  }

  /** What is in nobody's use soon is not worth being moved: it is looked at again when it is swept away. */
  #isLittleLeft(name: string): boolean {
    const sql = `select coalesce(sum(size), 0) as used, coalesce(sum(refs < 1), 0) as loose ${within}`
    const { used, loose } = this.#db.query(sql).get(...bounds(name)) as { used: number; loose: number }
    return loose === 0 && used < little
  }

  /** False where it holds something that cannot be read: then it stays. */
  #moveOut(name: string): boolean {
    const left = this.#db.query(`select id, size, crc ${within}`).all(...bounds(name)) as (Place & { size: number })[]
    try {
      for (const blob of left) {
        const bytes = this.read(blob, blob.size)
        if (!bytes) return false
        this.#db.query('update blobs set bytes = ?, crc = null where id = ?').run(bytes, blob.id)
      }
      return true
    } catch (error) {
      if (error instanceof Failure) return false
      throw error
    }
  }

  #isFinished(name: string): boolean {
    if (name === this.#growing?.name) return false
    if (this.#own.has(name)) return true
    const grown = fs().statSync(this.#pathOf(name), { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    return Date.now() - grown > strayAge
  }

  #pathOf(name: string): string {
    return join(this.#folder, name)
  }
}

const within = 'from blobs where id > ? and id < ? and crc is not null'

/** What the ids in a pack stand between. */
function bounds(name: string): [string, string] {
  return [`${name}p`, `${name}q`]
}

function placeOf(id: string): { pack: string; start: number } {
  const at = id.indexOf('p')
  return { pack: id.slice(0, at), start: parseInt(id.slice(at + 1), 16) }
}
