// What of an item is in an index, and how much does that weigh?

import { isEqual } from './compare.ts'
import { invalid, invalidValue, notValid } from './errors.ts'
import { checkSize, isEmpty, isPartitionKey, keyAttributes } from './keys.ts'
import type { Index, Table } from './records.ts'
import { attributeOf, setAttribute, sizeOf, typeOf, type Item } from './values.ts'

export function findIndex(table: Table, name: string): Index | undefined {
  return table.indexes.find((index) => index.name === name)
}

/** Undefined for all of them. */
function projectedNames(index: Index, table: Table): Set<string> | undefined {
  if (index.projection === 'ALL') return undefined
  const keys = [...keyAttributes(table), ...keyAttributes(index)].map(({ name }) => name)
  return new Set([...keys, ...(index.attributes ?? [])])
}

/** The attributes that the index holds. */
export function projected(index: Index, table: Table, item: Item): Item {
  const names = projectedNames(index, table)
  if (!names) return item
  const some: Item = {}
  for (const name of names) {
    const value = attributeOf(item, name)
    if (value) setAttribute(some, name, value)
  }
  return some
}

/** Whether it would hold the same of both items. */
export function holdSame(index: Index, table: Table, one: Item, other: Item): boolean {
  return isEqual({ M: projected(index, table, one) }, { M: projected(index, table, other) })
}

/** Whether the index holds all attributes that are named. */
export function holdsAll(index: Index, table: Table, names: Iterable<string>): boolean {
  const held = projectedNames(index, table)
  return held === undefined || [...names].every((name) => held.has(name))
}

export function projectedSize(index: Index, table: Table, item: Item, whole: number): number {
  return index.projection === 'ALL' ? whole : sizeOf(projected(index, table, item))
}

/** What an index's key attribute is, if it is there, must be of the type that was defined, and fit. Throws ValidationException. */
export function checkIndexKeys(table: Table, item: Item): void {
  for (const index of table.indexes)
    for (const attribute of keyAttributes(index)) {
      const { name, type } = attribute
      const value = attributeOf(item, name)
      if (!value) continue
      if (value[type] === undefined)
        throw invalidValue(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        )
      if (isEmpty(value))
        throw invalid(
          `${notValid} A value specified for a secondary index key is not supported. ` +
            `The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. ` +
            `IndexName: ${index.name}, IndexKey: ${name}`,
        )
      checkSize(value, isPartitionKey(index, attribute))
    }
}
