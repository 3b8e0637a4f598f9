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
  SnapshotRow,
  Snapshots,
  Store,
} from './store.ts'
import { blobGrace, snapshotPage } from './store.ts'
import { compareKeys } from './order.ts'
import { sameBytes } from './same-bytes.ts'

/** Rows as their JSON text, so that no reader can change what another reads; keys kept in order. */
class Table {
  readonly values = new Map<string, string>()
  readonly keys: string[] = []

  set(key: string, text: string): void {
    if (!this.values.has(key)) this.keys.splice(this.position(key), 0, key)
    this.values.set(key, text)
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.position(key), 1)
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

interface MemoryBlob {
  bytes: Uint8Array<ArrayBuffer>
  references: number
  /** When it was last without a reference. */
  since: number
}

interface MemorySnapshot {
  made: number
  rows: SnapshotRow[]
  /** How many rows refer to each. */
  blobs: Map<string, number>
}

export function memoryStore(now: () => number = Date.now): Store {
  let spaces = new Map<string, Map<string, Table>>()
  const blobs = new Map<string, MemoryBlob>()
  /** How to take back what the running transaction did; undefined outside one. */
  let undo: (() => void)[] | undefined
  let changes = 0
  let nextBlob = 1

  function tableNamed(space: string, name: string): Table {
    let tables = spaces.get(space)
    if (!tables) spaces.set(space, (tables = new Map()))
    let table = tables.get(name)
    if (!table) tables.set(name, (table = new Table()))
    return table
  }

  function rowsOf(space: string): Rows {
    const change = (table: Table, key: string, text: string | undefined): boolean => {
      changes++
      const old = table.values.get(key)
      undo!.push(() => (old === undefined ? table.delete(key) : table.set(key, old)))
      if (text === undefined) table.delete(key)
      else table.set(key, text)
      return old !== undefined
    }
    const refer = (id: string, difference: number): void => {
      const blob = blobs.get(id)
      if (!blob) return
      const { references, since } = blob
      undo!.push(() => Object.assign(blob, { references, since }))
      blob.references += difference
      blob.since = now()
    }
    return {
      get: <T>(table: string, key: string) => {
        const text = tableNamed(space, table).values.get(key)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      look: <T>(table: string, key: string) => {
        const text = tableNamed(space, table).values.get(key)
        return text === undefined ? undefined : (JSON.parse(text, (_, value) => Object.freeze(value)) as T)
      },
      put: (table, key, value) => void change(tableNamed(space, table), key, JSON.stringify(value)),
      delete: (table, key) => change(tableNamed(space, table), key, undefined),
      scan: <T>(table: string, range: Range = {}) => tableNamed(space, table).scan(range) as Row<T>[],
      keys: (table, range = {}) => tableNamed(space, table).within(range),
      keep: (id) => refer(id, 1),
      drop: (id) => refer(id, -1),
    }
  }

  function transaction<T>(space: string, body: (rows: Rows) => T): T {
    const outer = undo
    const mine: (() => void)[] = []
    undo = mine
    try {
      const result = body(rowsOf(space))
      outer?.push(...mine)
      return result
    } catch (error) {
      for (const step of mine.reverse()) step()
      throw error
    } finally {
      undo = outer
    }
  }

  let sweptAt = -Infinity
  /** About once a second: looking at all of them takes its time. */
  const sweep = (): void => {
    if (Math.abs(now() - sweptAt) < 1000) return
    sweptAt = now()
    for (const [id, { references, since }] of blobs)
      if (references < 1 && !isHeld(id) && sweptAt - since > blobGrace) blobs.delete(id)
  }

  const create = (id = String(nextBlob++)): BlobWriter => {
    sweep()
    const chunks: Uint8Array<ArrayBuffer>[] = []
    return {
      write: (chunk) => void chunks.push(chunk.slice()),
      commit() {
        if (!blobs.has(id)) blobs.set(id, { bytes: new Uint8Array(concat(chunks)), references: 0, since: now() })
        return id
      },
      abort: () => void chunks.splice(0),
    }
  }
  const blobRoom: Blobs = {
    create: () => create(),
    open: (id, start = 0, end) => blobs.get(id)?.bytes.subarray(start, end),
  }

  const kept = new Map<string, MemorySnapshot>()
  const isHeld = (id: string): boolean => [...kept.values()].some((snapshot) => snapshot.blobs.has(id))

  /** Every row as it is, in order. */
  function* everything(): Generator<SnapshotRow> {
    const inOrder = <T>(map: Map<string, T>): [string, T][] => [...map].sort(([a], [b]) => compareKeys(a, b))
    for (const [space, tables] of inOrder(spaces))
      for (const [table, { values, keys }] of inOrder(tables))
        for (const key of keys) yield { space, table, key, value: values.get(key)! }
  }

  const snapshots: Snapshots = {
    list: () =>
      [...kept].map(([name, { made, rows, blobs: held }]) => ({
        name,
        made,
        rows: rows.length,
        blobs: held.size,
        bytes: [...held.keys()].reduce((sum, id) => sum + blobs.get(id)!.bytes.length, 0),
      })),
    take(name) {
      if (kept.has(name)) return false
      const held = new Map(
        [...blobs].filter(([, { references }]) => references > 0).map(([id, b]) => [id, b.references]),
      )
      kept.set(name, { made: now(), rows: [...everything()], blobs: held })
      return true
    },
    restore(name) {
      const snapshot = kept.get(name)
      if (!snapshot) return false
      spaces = new Map()
      changes++
      for (const { space, table, key, value } of snapshot.rows) tableNamed(space, table).set(key, value)
      for (const [id, blob] of blobs) Object.assign(blob, { references: snapshot.blobs.get(id) ?? 0, since: now() })
      return true
    },
    forget: (name) => kept.delete(name),
    rows(name, after) {
      const rows = kept.get(name)?.rows ?? []
      const start =
        1 + rows.findIndex((row) => row.space === after?.space && row.table === after.table && row.key === after.key)
      return rows.slice(start, start + snapshotPage)
    },
    blobs: (name) =>
      [...(kept.get(name)?.blobs ?? [])].map(([id, references]) => ({
        id,
        references,
        size: blobs.get(id)!.bytes.length,
      })),
    create: (name) => void kept.set(name, { made: now(), rows: [], blobs: new Map() }),
    addRows: (name, rows) => void kept.get(name)!.rows.push(...rows),
    async addBlob(name, { id, references, size }: SnapshotBlob, pieces) {
      const there = blobs.get(id)
      if (there) {
        if (!(await sameBytes(there.bytes, pieces))) return false
      } else {
        const writer = create(id)
        for await (const piece of pieces) void writer.write(piece)
        writer.commit()
      }
      if (blobs.get(id)!.bytes.length !== size) return false
      kept.get(name)!.blobs.set(id, references)
      return true
    },
  }

  return {
    namespace: (name): Namespace => ({
      transaction: (body) => transaction(name, body),
      version: () => changes,
      blobs: blobRoom,
    }),
    reset() {
      spaces = new Map()
      changes++
      for (const [id, blob] of blobs)
        if (isHeld(id)) blob.references = 0
        else blobs.delete(id)
    },
    close() {},
    snapshots,
  }
}
