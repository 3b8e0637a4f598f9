// A store that forgets: for tests, and wherever there is no SQLite.

import type { Blobs, Json, Namespace, Range, Row, Rows, Store } from './store.ts'
import { blobGrace } from './store.ts'
import { compareKeys } from './order.ts'

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
    const { prefix = '', after, from, before, limit = Infinity, reverse = false } = range
    let start = this.position(prefix)
    if (from !== undefined) start = Math.max(start, this.position(from))
    if (after !== undefined) start = Math.max(start, this.position(after) + (this.values.has(after) ? 1 : 0))
    let end = before === undefined ? this.keys.length : this.position(before)
    if (reverse) while (end > start && !this.keys[end - 1]!.startsWith(prefix)) end--
    const rows: Row[] = []
    for (let i = 0; i < end - start && rows.length < limit; i++) {
      const key = this.keys[reverse ? end - 1 - i : start + i]!
      if (!key.startsWith(prefix)) break
      rows.push({ key, value: JSON.parse(this.values.get(key)!) as Json })
    }
    return rows
  }
}

interface MemoryBlob {
  bytes: Uint8Array<ArrayBuffer>
  references: number
  /** When it was last without a reference. */
  since: number
}

export function memoryStore(now: () => number = Date.now): Store {
  let spaces = new Map<string, Map<string, Table>>()
  const blobs = new Map<string, MemoryBlob>()
  /** How to take back what the running transaction did; undefined outside one. */
  let undo: (() => void)[] | undefined
  let nextBlob = 1

  function rowsOf(space: string): Rows {
    const tables = spaces.get(space) ?? new Map<string, Table>()
    spaces.set(space, tables)
    const tableNamed = (name: string): Table => {
      let table = tables.get(name)
      if (!table) tables.set(name, (table = new Table()))
      return table
    }
    const change = (table: Table, key: string, text: string | undefined): boolean => {
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
        const text = tableNamed(table).values.get(key)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      put: (table, key, value) => void change(tableNamed(table), key, JSON.stringify(value)),
      delete: (table, key) => change(tableNamed(table), key, undefined),
      scan: <T>(table: string, range: Range = {}) => tableNamed(table).scan(range) as Row<T>[],
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

  const blobRoom: Blobs = {
    create() {
      for (const [id, blob] of blobs) if (blob.references < 1 && now() - blob.since > blobGrace) blobs.delete(id)
      const chunks: Uint8Array<ArrayBuffer>[] = []
      let committed: string | undefined
      return {
        write: (chunk) => void chunks.push(chunk.slice()),
        commit() {
          if (committed !== undefined) return committed
          const id = (committed = String(nextBlob++))
          const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
          let offset = 0
          for (const chunk of chunks) {
            bytes.set(chunk, offset)
            offset += chunk.length
          }
          blobs.set(id, { bytes, references: 0, since: now() })
          return id
        },
        abort: () => void chunks.splice(0),
      }
    },
    open: (id, start = 0, end) => blobs.get(id)?.bytes.subarray(start, end),
  }

  return {
    namespace: (name): Namespace => ({ transaction: (body) => transaction(name, body), blobs: blobRoom }),
    reset() {
      spaces = new Map()
      blobs.clear()
    },
    close() {},
  }
}
