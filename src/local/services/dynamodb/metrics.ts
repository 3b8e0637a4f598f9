// How large are item collections? Nobody here has one of a gigabyte, which is the unit.

import type { Table } from './records.ts'
import { shown, type Item } from './values.ts'

/** Undefined where it was not asked for, or the table has no local index, and so no item collections. */
export function collectionMetrics(table: Table, key: Item, wish: string | undefined): object | undefined {
  if (wish !== 'SIZE' || !table.indexes.some(({ isGlobal }) => !isGlobal)) return undefined
  const { name } = table.hash
  return { ItemCollectionKey: shown({ [name]: key[name]! }, true), SizeEstimateRangeGB: [0, 1] }
}
