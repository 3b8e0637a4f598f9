// Which items are on a page? Rows in order, from where the last page ended, until there are as many as were asked for,
// or a mebibyte of them.

import type { Range } from '../../store/store.ts'
import { readUnits, startUse, type Use } from './capacity.ts'
import { projected } from './indexes.ts'
import { entryOf, readItem, type Entry } from './items.ts'
import { keyOf } from './keys.ts'
import type { Index, Stored, Table } from './records.ts'
import { indexRows, itemRows, type Dynamo } from './state.ts'
import { sizeOf, type Item } from './values.ts'

export interface PageWish {
  readonly index?: Index
  readonly range: Range
  readonly limit?: number
  readonly consistent?: boolean
  /** Attributes that the index lacks are fetched from the table. */
  readonly fetches: boolean
}

export interface Page {
  readonly entries: readonly Entry[]
  readonly scanned: number
  /** Where the next page begins; undefined at the end. */
  readonly last?: Item
  /** That place as a row's key. */
  readonly lastRow?: string
  readonly use: Use
}

const mebibyte = 1024 * 1024
const chunk = 100

export function readPage(state: Dynamo, table: Table, wish: PageWish): Page {
  const { index, limit = Infinity, fetches } = wish
  const entries: Entry[] = []
  let [size, tableBytes, indexBytes] = [0, 0, 0]
  let last: Item | undefined
  let lastRow: string | undefined
  for (const { row, entry: whole } of rowsOf(state, table, wish)) {
    const seen = index ? seenThrough(index, table, whole) : whole
    entries.push(fetches ? whole : seen)
    size += seen.size
    if (index) indexBytes += seen.size
    if (!index || fetches) tableBytes += whole.size
    if (entries.length >= limit || size >= mebibyte) {
      last = keyOf(index ? [table, index] : [table], whole.item)
      lastRow = row
      break
    }
  }
  const use = startUse(table, 'read')
  if (!index || fetches) use.own = readUnits(tableBytes, wish.consistent)
  if (index) use.indexes.set(index, readUnits(indexBytes, wish.consistent))
  return { entries, scanned: entries.length, ...(last && { last, lastRow }), use }
}

function* rowsOf(
  state: Dynamo,
  table: Table,
  { index, range, limit = Infinity }: PageWish,
): Generator<{ row: string; entry: Entry }> {
  let part: Range = range
  for (;;) {
    const wanted = Math.min(limit, chunk)
    const rows = state.rows.scan<any>(index ? indexRows(table, index) : itemRows(table), { ...part, limit: wanted })
    for (const { key, value } of rows) {
      const entry = index ? readItem(state, table, value as string) : entryOf(value as Stored<Item>)
      if (entry) yield { row: key, entry }
    }
    if (rows.length < wanted) return
    part = startAfter(range, rows.at(-1)!.key)
  }
}

/** The rest of the range. */
export function startAfter(range: Range, key: string): Range {
  return range.reverse ? { ...range, before: key } : { ...range, after: key }
}

function seenThrough(index: Index, table: Table, whole: Entry): Entry {
  if (index.projection === 'ALL') return whole
  const item = projected(index, table, whole.item)
  return { item, size: sizeOf(item), binary: whole.binary }
}
