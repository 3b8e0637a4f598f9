// How many capacity units does a request consume, and how is it told?
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

import type { IndexWrite } from './items.ts'
import type { Index, Table } from './records.ts'

/** What was consumed of one table and of its indexes by name. */
export interface Use {
  readonly table: Table
  own: number
  readonly indexes: Map<Index, number>
  readonly kind: 'read' | 'write'
}

export function startUse(table: Table, kind: Use['kind']): Use {
  return { table, own: 0, indexes: new Map(), kind }
}

/** Reading: 4 KiB a unit, half of that where the newest is not asked for, twice in a transaction. */
export function readUnits(size: number, consistent: boolean | undefined, inTransaction = false): number {
  return Math.max(1, Math.ceil(size / 4096)) * (inTransaction ? 2 : consistent ? 1 : 0.5)
}

/** Writing: 1 KiB a unit, by the larger of the old item and the new. */
export function useWrite(
  use: Use,
  before: number | undefined,
  after: number | undefined,
  touched: readonly IndexWrite[],
  times = 1,
): void {
  use.own += kibibytes(Math.max(before ?? 0, after ?? 0)) * times
  for (const { index, removed, put, stays } of touched) {
    if (stays === 'same') continue
    // An entry that moves is removed and put: two writes.
    const units = stays
      ? kibibytes(Math.max(removed!, put!))
      : (removed === undefined ? 0 : kibibytes(removed)) + (put === undefined ? 0 : kibibytes(put))
    use.indexes.set(index, (use.indexes.get(index) ?? 0) + units * times)
  }
}

function kibibytes(size: number): number {
  return Math.max(1, Math.ceil(size / 1024))
}

export type Wish = 'INDEXES' | 'TOTAL' | 'NONE' | undefined

/** As ReturnConsumedCapacity wishes; undefined for not at all. `split`: a transaction tells reads and writes apart. */
export function consumed(use: Use, wish: Wish, name = use.table.name, split = false): object | undefined {
  if (wish !== 'INDEXES' && wish !== 'TOTAL') return undefined
  const unit = split ? (use.kind === 'read' ? 'ReadCapacityUnits' : 'WriteCapacityUnits') : undefined
  const told = (units: number): object => ({ CapacityUnits: units, ...(unit && { [unit]: units }) })
  const all = [...use.indexes.values()].reduce((total, units) => total + units, use.own)
  if (wish === 'TOTAL') return { TableName: name, ...told(all) }
  const some = (isGlobal: boolean): object | undefined => {
    const entries = [...use.indexes].filter(([index]) => index.isGlobal === isGlobal)
    return entries.length === 0
      ? undefined
      : Object.fromEntries(entries.map(([index, units]) => [index.name, told(units)]))
  }
  return {
    TableName: name,
    ...told(all),
    Table: told(use.own),
    LocalSecondaryIndexes: some(false),
    GlobalSecondaryIndexes: some(true),
  }
}
