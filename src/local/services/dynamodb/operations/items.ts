// GetItem, PutItem, UpdateItem, DeleteItem: one item, by its key.

import { consumed, readUnits, startUse, useWrite, type Wish } from '../capacity.ts'
import { project } from '../expressions/projection.ts'
import { expire, readItem, type Entry } from '../items.ts'
import { checkKey, rowKey } from '../keys.ts'
import { charge } from '../limits.ts'
import { collectionMetrics } from '../metrics.ts'
import { checkNested, once } from '../request.ts'
import { readGet } from '../gets.ts'
import type { DynamoContext, DynamoHandler } from '../state.ts'
import { shown, type Item } from '../values.ts'
import { checkMutation, perform, readDelete, readPut, readUpdate, type Outcome, type Write } from '../writes.ts'

export const getItem: DynamoHandler = (input, context) => {
  const { state } = context
  const { key, projection } = once(input, readGet)
  const table = state.open(input.TableName)
  checkKey(table, key)
  checkNested(projection?.nested, table)
  expire(state, table)
  const entry = readItem(state, table, rowKey(table, key))
  const use = startUse(table, 'read')
  use.own = readUnits(entry?.size ?? 0, input.ConsistentRead)
  charge(context, use)
  return {
    Item: entry && shown(projection ? project(projection.paths, entry.item) : entry.item, entry.binary),
    ConsumedCapacity: consumed(use, input.ReturnConsumedCapacity),
  }
}

export const putItem: DynamoHandler = (input, context) => {
  const { before, ...rest } = writeOne(input, once(input, readPut), context)
  return { Attributes: input.ReturnValues === 'ALL_OLD' ? shownEntry(before) : undefined, ...rest.told }
}

export const deleteItem: DynamoHandler = (input, context) => {
  const { before, ...rest } = writeOne(input, once(input, readDelete), context)
  return { Attributes: input.ReturnValues === 'ALL_OLD' ? shownEntry(before) : undefined, ...rest.told }
}

export const updateItem: DynamoHandler = (input, context) => {
  const asked = once(input, readUpdate)
  const { before, after, told } = writeOne(input, asked, context)
  const some = (entry: Entry | undefined): Item | undefined =>
    entry && shown(project(asked.paths, entry.item), entry.binary)
  const attributes: Record<string, () => Item | undefined> = {
    ALL_OLD: () => shownEntry(before),
    ALL_NEW: () => shownEntry(after),
    UPDATED_OLD: () => some(before),
    UPDATED_NEW: () => some(after),
  }
  const found = attributes[input.ReturnValues]?.()
  return { Attributes: found && Object.keys(found).length > 0 ? found : undefined, ...told }
}

function shownEntry(entry: Entry | undefined): Item | undefined {
  return entry && shown(entry.item, entry.binary)
}

interface WriteInput {
  TableName: string
  ReturnConsumedCapacity?: Wish
  ReturnItemCollectionMetrics?: string
}

function writeOne(input: WriteInput, asked: Write, context: DynamoContext): Outcome & { told: object } {
  const { state } = context
  const table = state.open(input.TableName)
  expire(state, table)
  const outcome = perform(state, table, asked)
  if (asked.kind === 'update') checkMutation(asked, outcome.after!)
  const use = startUse(table, 'write')
  useWrite(use, outcome.before?.size, outcome.after?.size, outcome.touched)
  charge(context, use)
  return {
    ...outcome,
    told: {
      ConsumedCapacity: consumed(use, input.ReturnConsumedCapacity),
      ItemCollectionMetrics: collectionMetrics(table, outcome.key, input.ReturnItemCollectionMetrics),
    },
  }
}
