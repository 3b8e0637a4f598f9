// How is an item read and written? One function changes one item and with it everything that follows from it: index
// rows, the row of its expiry, the counts, the stream.

import { isEqual } from './compare.ts'
import { holdSame, projectedSize } from './indexes.ts'
import { indexKey, keyOf } from './keys.ts'
import type { Counts, Index, Stored, Table } from './records.ts'
import { replicasOf } from './replicas.ts'
import { expiryRows, indexRows, itemRows, type Dynamo } from './state.ts'
import { record } from './streams/records.ts'
import type { Item } from './values.ts'

export interface Entry {
  readonly item: Item
  readonly size: number
  readonly binary: boolean
}

export function entryOf([size, binary, item]: Stored<Item>): Entry {
  return { item, size, binary: binary === 1 }
}

export function readItem(state: Dynamo, table: Table, key: string): Entry | undefined {
  const stored = state.rows.get<any>(itemRows(table), key) as Stored<Item> | undefined
  return stored && entryOf(stored)
}

/** How a write touched one index, for capacity: sizes of the entry that went and of the one that came. */
export interface IndexWrite {
  readonly index: Index
  readonly removed?: number
  readonly put?: number
  /** Of an entry that keeps its place: whether it holds other than before. */
  readonly stays?: 'same' | 'changed'
}

/** What an item was and what it becomes; undefined: nothing. */
export interface Replacement {
  readonly before: Entry | undefined
  readonly after: Entry | undefined
  /** Time to live did it. */
  readonly byService?: boolean
}

/** Puts what comes after where the other was: in the table, its indexes and its streams. */
export function write(state: Dynamo, table: Table, key: string, replacement: Replacement): IndexWrite[] {
  const { before, after } = replacement
  if (after) state.rows.put(itemRows(table), key, [after.size, after.binary ? 1 : 0, after.item])
  else if (before) state.rows.delete(itemRows(table), key)
  else return []
  const touched = table.indexes.length === 0 ? [] : writeIndexes(state, table, key, before, after)
  if (table.timeToLive?.enabled) moveExpiry(state, table, key, before, after)
  if (table.stream && !(before && after && isEqual({ M: before.item }, { M: after.item })))
    for (const each of table.replicas ? [table, ...replicasOf(state, table)] : [table])
      if (each.stream) record(state, each, keyOf([table], (after ?? before)!.item), replacement)
  count(state, table, before, after, touched)
  return touched
}

function writeIndexes(
  state: Dynamo,
  table: Table,
  key: string,
  before: Entry | undefined,
  after: Entry | undefined,
): IndexWrite[] {
  return table.indexes.flatMap((index): IndexWrite[] => {
    const old = before && indexKey(index, table, before.item, key)
    const now = after && indexKey(index, table, after.item, key)
    if (old === undefined && now === undefined) return []
    if (old !== undefined && old !== now) state.rows.delete(indexRows(table, index), old)
    if (now !== undefined && old !== now) state.rows.put(indexRows(table, index), now, key)
    return [
      {
        index,
        ...(old !== undefined && { removed: projectedSize(index, table, before!.item, before!.size) }),
        ...(now !== undefined && { put: projectedSize(index, table, after!.item, after!.size) }),
        ...(old === now && { stays: holdSame(index, table, before!.item, after!.item) ? 'same' : 'changed' }),
      },
    ]
  })
}

function count(
  state: Dynamo,
  table: Table,
  before: Entry | undefined,
  after: Entry | undefined,
  touched: readonly IndexWrite[],
): void {
  const items = (after ? 1 : 0) - (before ? 1 : 0)
  const bytes = (after?.size ?? 0) - (before?.size ?? 0)
  if (items === 0 && bytes === 0 && touched.every(({ removed, put }) => removed === put)) return
  const counts: Counts = state.counts(table)
  counts.items += items
  counts.bytes += bytes
  for (const { index, removed, put } of touched) {
    const [some, size] = counts.indexes[index.id] ?? [0, 0]
    counts.indexes[index.id] = [
      some + (put === undefined ? 0 : 1) - (removed === undefined ? 0 : 1),
      size + (put ?? 0) - (removed ?? 0),
    ]
  }
  state.keepCounts(table, counts)
}

/** Walks over all items of a table, some at a time. */
export function* allItems(state: Dynamo, table: Table): Generator<{ key: string; entry: Entry }> {
  let after: string | undefined
  for (;;) {
    const rows = state.rows.scan<any>(itemRows(table), { limit: 500, ...(after !== undefined && { after }) })
    for (const { key, value } of rows) yield { key, entry: entryOf(value as Stored<Item>) }
    if (rows.length < 500) return
    after = rows.at(-1)!.key
  }
}

/** Fills an index that is new from what is in the table. */
export function backfill(state: Dynamo, table: Table, index: Index): void {
  const counts = state.counts(table)
  let [some, size] = [0, 0]
  for (const { key, entry } of allItems(state, table)) {
    const place = indexKey(index, table, entry.item, key)
    if (place === undefined) continue
    state.rows.put(indexRows(table, index), place, key)
    some++
    size += projectedSize(index, table, entry.item, entry.size)
  }
  counts.indexes[index.id] = [some, size]
  state.keepCounts(table, counts)
}

// --- time to live ----------------------------------------------------------------------------------------------------

const fiveYears = 5 * 365.25 * 86_400

/** The second from which on an item is to go; undefined for never. */
function expiryOf(table: Table, { item }: Entry): number | undefined {
  const { attribute } = table.timeToLive!
  const value = Object.hasOwn(item, attribute) ? item[attribute]!.N : undefined
  const second = Math.floor(Number(value ?? NaN))
  return second > 0 && second < 1e12 ? second : undefined
}

function moveExpiry(
  state: Dynamo,
  table: Table,
  key: string,
  before: Entry | undefined,
  after: Entry | undefined,
): void {
  const place = (second: number): string => String(second).padStart(12, '0') + key
  const [old, now] = [before && expiryOf(table, before), after && expiryOf(table, after)]
  if (old === now) return
  if (old !== undefined) state.rows.delete(expiryRows(table), place(old))
  if (now !== undefined) state.rows.put(expiryRows(table), place(now), key)
}

/** Notes when each item is to go, for a table that did not keep track. */
export function trackExpiry(state: Dynamo, table: Table): void {
  state.clear(expiryRows(table))
  for (const { key, entry } of allItems(state, table)) moveExpiry(state, table, key, undefined, entry)
}

/** Removes what is past its time; what is past it by five years was not meant. */
export function expire(state: Dynamo, table: Table): void {
  if (!table.timeToLive?.enabled) return
  const second = Math.floor(state.now / 1000)
  const place = (at: number): string => String(Math.max(0, Math.floor(at))).padStart(12, '0')
  for (;;) {
    const due = state.rows.scan<string>(expiryRows(table), {
      from: place(second - fiveYears),
      before: place(second),
      limit: 200,
    })
    for (const { key: row, value: key } of due) {
      const entry = readItem(state, table, key)
      if (entry) write(state, table, key, { before: entry, after: undefined, byService: true })
      else state.rows.delete(expiryRows(table), row)
    }
    if (due.length < 200) return
  }
}
