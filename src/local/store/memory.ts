// A store that forgets: for tests, and wherever there is no SQLite.

import { concat } from '../../lib/bytes.ts'
import type {
  Blobs,
  BlobWriter,
  Json,
  Namespace,
  Range,
  Row,
  Rows,
  SnapshotBlob,
  SnapshotNote,
  SnapshotRow,
  Snapshots,
  Store,
} from './store.ts'
import { blobGrace, snapshotPage } from './store.ts'
import { compareKeys } from './order.ts'
import { sameBytes } from './same-bytes.ts'

/** So many rows that are looked at again and again: a bucket, a table, the object of the hour. */
const MOST_LOOKED_AT = 1000

/** Rows as their JSON text, so that no reader can change what another reads; keys kept in order. */
class Table {
  readonly values = new Map<string, string>()
  readonly keys: string[] = []
  /** What was looked at, read and frozen. */
  readonly #looked = new Map<string, unknown>()

  set(key: string, text: string): void {
    if (!this.values.has(key)) this.keys.splice(this.position(key), 0, key)
    this.values.set(key, text)
    this.#looked.delete(key)
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.position(key), 1)
    this.#looked.delete(key)
  }

  look(key: string): unknown {
    const known = this.#looked.get(key)
    if (known !== undefined) return known
    const text = this.values.get(key)
    if (text === undefined) return undefined
    const value: unknown = JSON.parse(text, (_, part) => Object.freeze(part))
    if (this.#looked.size >= MOST_LOOKED_AT) this.#looked.clear()
    this.#looked.set(key, value)
    return value
  }

  /** Where `key` stands, or would stand. */
  position(key: string): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareKeys(this.keys[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  scan(range: Range): Row[] {
    return this.within(range).map((key) => ({ key, value: JSON.parse(this.values.get(key)!) as Json }))
  }

  within(range: Range): string[] {
    const { prefix = '', after, from, before, limit = Infinity, reverse = false } = range
    let start = this.position(prefix)
    if (from !== undefined) start = Math.max(start, this.position(from))
    if (after !== undefined) start = Math.max(start, this.position(after) + (this.values.has(after) ? 1 : 0))
    let end = before === undefined ? this.keys.length : this.position(before)
    if (reverse) while (end > start && !this.keys[end - 1]!.startsWith(prefix)) end--
    const found: string[] = []
    for (let i = 0; i < end - start && found.length < limit; i++) {
      const key = this.keys[reverse ? end - 1 - i : start + i]!
      if (!key.startsWith(prefix)) break
      found.push(key)
    }
    return found
  }
}

/** Every namespace's tables, and what the running transaction did to them. */
class Tables {
  /** Goes up with every change. */
  version = 0
  readonly #blobs: MemoryBlobs
  #spaces = new Map<string, Map<string, Table>>()
  /** How to take back what the running transaction did; undefined outside one. */
  #undo: (() => void)[] | undefined

  constructor(blobs: MemoryBlobs) {
    this.#blobs = blobs
  }

  transaction<T>(space: string, body: (rows: Rows) => T): T {
    const outer = this.#undo
    const mine: (() => void)[] = []
    this.#undo = mine
    try {
      const result = body(this.#rowsOf(space))
      outer?.push(...mine)
      return result
    } catch (error) {
      for (const step of mine.reverse()) step()
      throw error
    } finally {
      this.#undo = outer
    }
  }

  /** Every row as it is, in order. */
  *all(): Generator<SnapshotRow> {
    const inOrder = <T>(map: Map<string, T>): [string, T][] => [...map].sort(([a], [b]) => compareKeys(a, b))
    for (const [space, tables] of inOrder(this.#spaces))
      for (const [table, { values, keys }] of inOrder(tables))
        for (const key of keys) yield { space, table, key, value: values.get(key)! }
  }

  /** These rows and no others. */
  replace(rows: readonly SnapshotRow[]): void {
    this.#spaces = new Map()
    this.version++
    for (const { space, table, key, value } of rows) this.#named(space, table).set(key, value)
  }

  #named(space: string, name: string): Table {
    let tables = this.#spaces.get(space)
    if (!tables) this.#spaces.set(space, (tables = new Map()))
    let table = tables.get(name)
    if (!table) tables.set(name, (table = new Table()))
    return table
  }

  #rowsOf(space: string): Rows {
    const refer = (id: string, difference: number): void => {
      const back = this.#blobs.refer(id, difference)
      if (back) this.#undo!.push(back)
    }
    return {
      get: <T>(table: string, key: string) => {
        const text = this.#named(space, table).values.get(key)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      look: <T>(table: string, key: string) => this.#named(space, table).look(key) as T | undefined,
      put: (table, key, value) => void this.#change(this.#named(space, table), key, JSON.stringify(value)),
      delete: (table, key) => this.#change(this.#named(space, table), key, undefined),
      scan: <T>(table: string, range: Range = {}) => this.#named(space, table).scan(range) as Row<T>[],
      keys: (table, range = {}) => this.#named(space, table).within(range),
      keep: (id) => refer(id, 1),
      drop: (id) => refer(id, -1),
    }
  }

  /** Whether there was a row. */
  #change(table: Table, key: string, text: string | undefined): boolean {
    this.version++
    const old = table.values.get(key)
    this.#undo!.push(() => (old === undefined ? table.delete(key) : table.set(key, old)))
    if (text === undefined) table.delete(key)
    else table.set(key, text)
    return old !== undefined
  }
}

interface MemoryBlob {
  bytes: Uint8Array<ArrayBuffer>
  references: number
  /** When it was last without a reference. */
  since: number
}

class MemoryBlobs implements Blobs {
  readonly all = new Map<string, MemoryBlob>()
  readonly #now: () => number
  /** Whether a snapshot has it. */
  readonly #isHeld: (id: string) => boolean
  #next = 1
  #sweptAt = -Infinity

  constructor(now: () => number, isHeld: (id: string) => boolean) {
    this.#now = now
    this.#isHeld = isHeld
  }

  create(id = String(this.#next++)): BlobWriter {
    this.#sweep()
    const chunks: Uint8Array<ArrayBuffer>[] = []
    return {
      write: (chunk) => void chunks.push(chunk.slice()),
      commit: () => {
        const since = this.#now()
        if (!this.all.has(id)) this.all.set(id, { bytes: new Uint8Array(concat(chunks)), references: 0, since })
        return id
      },
      abort: () => void chunks.splice(0),
    }
  }

  open(id: string, start = 0, end?: number): Uint8Array<ArrayBuffer> | undefined {
    return this.all.get(id)?.bytes.subarray(start, end)
  }

  sizeOf(id: string): number {
    return this.all.get(id)!.bytes.length
  }

  /** Counts references; what takes it back, or undefined where there is no such blob. */
  refer(id: string, difference: number): (() => void) | undefined {
    const blob = this.all.get(id)
    if (!blob) return undefined
    const { references, since } = blob
    blob.references += difference
    blob.since = this.#now()
    return () => Object.assign(blob, { references, since })
  }

  /** As many references as these, and none to any other blob. */
  refersTo(counts: ReadonlyMap<string, number>): void {
    for (const [id, blob] of this.all) Object.assign(blob, { references: counts.get(id) ?? 0, since: this.#now() })
  }

  /** Forgets all but what snapshots have. */
  clear(): void {
    for (const [id, blob] of this.all)
      if (this.#isHeld(id)) blob.references = 0
      else this.all.delete(id)
  }

  /** About once a second: looking at all of them takes its time. */
  #sweep(): void {
    const now = this.#now()
    if (Math.abs(now - this.#sweptAt) < 1000) return
    this.#sweptAt = now
    for (const [id, { references, since }] of this.all)
      if (references < 1 && !this.#isHeld(id) && now - since > blobGrace) this.all.delete(id)
  }
}

interface MemorySnapshot {
  made: number
  rows: SnapshotRow[]
  /** How many rows refer to each. */
  blobs: Map<string, number>
}

class MemorySnapshots implements Snapshots {
  readonly #kept: Map<string, MemorySnapshot>
  readonly #tables: Tables
  readonly #blobs: MemoryBlobs
  readonly #now: () => number

  constructor(kept: Map<string, MemorySnapshot>, tables: Tables, blobs: MemoryBlobs, now: () => number) {
    this.#kept = kept
    this.#tables = tables
    this.#blobs = blobs
    this.#now = now
  }

  list(): SnapshotNote[] {
    return [...this.#kept].map(([name, { made, rows, blobs }]) => ({
      name,
      made,
      rows: rows.length,
      blobs: blobs.size,
      bytes: [...blobs.keys()].reduce((sum, id) => sum + this.#blobs.sizeOf(id), 0),
    }))
  }

  take(name: string): boolean {
    if (this.#kept.has(name)) return false
    const referred = [...this.#blobs.all].filter(([, { references }]) => references > 0)
    const blobs = new Map(referred.map(([id, { references }]) => [id, references]))
    this.#kept.set(name, { made: this.#now(), rows: [...this.#tables.all()], blobs })
    return true
  }

  restore(name: string): boolean {
    const snapshot = this.#kept.get(name)
    if (!snapshot) return false
    this.#tables.replace(snapshot.rows)
    this.#blobs.refersTo(snapshot.blobs)
    return true
  }

  forget(name: string): boolean {
    return this.#kept.delete(name)
  }

  rows(name: string, after?: SnapshotRow): SnapshotRow[] {
    const rows = this.#kept.get(name)?.rows ?? []
    const start =
      1 + rows.findIndex((row) => row.space === after?.space && row.table === after.table && row.key === after.key)
    return rows.slice(start, start + snapshotPage)
  }

  blobs(name: string): SnapshotBlob[] {
    const blobs = [...(this.#kept.get(name)?.blobs ?? [])]
    return blobs.map(([id, references]) => ({ id, references, size: this.#blobs.sizeOf(id) }))
  }

  create(name: string): void {
    this.#kept.set(name, { made: this.#now(), rows: [], blobs: new Map() })
  }

  addRows(name: string, rows: readonly SnapshotRow[]): void {
    this.#kept.get(name)!.rows.push(...rows)
  }

  async addBlob(
    name: string,
    { id, references, size }: SnapshotBlob,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<boolean> {
    const there = this.#blobs.open(id)
    if (there) {
      if (!(await sameBytes(there, pieces))) return false
    } else {
      const writer = this.#blobs.create(id)
      for await (const piece of pieces) void writer.write(piece)
      writer.commit()
    }
    if (this.#blobs.sizeOf(id) !== size) return false
    this.#kept.get(name)!.blobs.set(id, references)
    return true
  }
}

export function memoryStore(now: () => number = Date.now): Store {
  const kept = new Map<string, MemorySnapshot>()
  const blobs = new MemoryBlobs(now, (id) => [...kept.values()].some((snapshot) => snapshot.blobs.has(id)))
  const tables = new Tables(blobs)
  return {
    namespace: (name): Namespace => ({
      transaction: (body) => tables.transaction(name, body),
      version: () => tables.version,
      blobs,
    }),
    reset() {
      tables.replace([])
      blobs.clear()
    },
    close() {},
    snapshots: new MemorySnapshots(kept, tables, blobs, now),
  }
}
