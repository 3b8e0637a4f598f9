// BatchGetItem and BatchWriteItem: many items of several tables. What there was no room or capacity for is handed back.

import { consumed, readUnits, startUse, useWrite, type Use, type Wish } from '../capacity.ts'
import { invalid, keyMismatch } from '../errors.ts'
import { project } from '../expressions/projection.ts'
import { readProjection } from '../gets.ts'
import { expire, readItem } from '../items.ts'
import { checkKey, keyAttributes, rowKey } from '../keys.ts'
import { charge, exhausted, spentOn } from '../limits.ts'
import { collectionMetrics } from '../metrics.ts'
import type { Table } from '../records.ts'
import { checkNested, checkStyle, once } from '../request.ts'
import type { DynamoHandler } from '../state.ts'
import { attributeOf, shown, take, type Item } from '../values.ts'
import { checkSizeOf, keyOfWrite, perform, takeEntry, type Write } from '../writes.ts'

interface KeysAndAttributes {
  Keys: Item[]
  AttributesToGet?: string[]
  ConsistentRead?: boolean
  ProjectionExpression?: string
  ExpressionAttributeNames?: Record<string, string>
}

interface BatchGet {
  RequestItems: Record<string, KeysAndAttributes>
  ReturnConsumedCapacity?: Wish
}

/** Items of 16 MiB, and one more. */
const mostBytes = 16 * 1024 * 1024

/** Throws ValidationException. */
export function readBatchGet({ RequestItems }: BatchGet): Record<string, ReturnType<typeof readProjection>> {
  let count = 0
  const projections: Record<string, ReturnType<typeof readProjection>> = {}
  // One style for all of its tables.
  checkStyle(Object.assign({}, ...Object.values(RequestItems)), ['ProjectionExpression'], ['AttributesToGet'])
  for (const name in RequestItems) {
    const asked = RequestItems[name]!
    checkStyle(asked, ['ProjectionExpression'], ['AttributesToGet'])
    projections[name] = readProjection(asked)
    const seen = new Set<string>()
    for (const key of asked.Keys) {
      take(key)
      const text = JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (seen.has(text)) throw invalid('Provided list of item keys contains duplicates')
      seen.add(text)
      if (++count > 100) throw invalid('Too many items requested for the BatchGetItem call')
    }
  }
  return projections
}

export const batchGetItem: DynamoHandler<BatchGet> = (input, context) => {
  const { state } = context
  const projections = once(input, readBatchGet)
  const responses: Record<string, Item[]> = {}
  const unprocessed: Record<string, KeysAndAttributes> = {}
  const uses: [string, Use][] = []
  let size = 0
  let refused: Error | undefined
  // All keys are right before any item is read.
  const tables = Object.entries(input.RequestItems).map(([name, asked]) => {
    const table = state.open(name)
    for (const key of asked.Keys) checkKey(table, key)
    checkNested(projections[name]?.nested, table)
    return { name, asked, table }
  })
  for (const { name, asked, table } of tables) {
    expire(state, table)
    const use = startUse(table, 'read')
    const found: Item[] = (responses[name] = [])
    const left: Item[] = []
    for (const key of asked.Keys) {
      const entry = readItem(state, table, rowKey(table, key))
      const one = startUse(table, 'read')
      one.own = readUnits(entry?.size ?? 0, asked.ConsistentRead)
      refused = exhausted(context, one)
      if (size + (entry?.size ?? 0) > mostBytes || refused) {
        left.push(key)
        continue
      }
      use.own += one.own
      if (!entry) continue
      size += entry.size
      const paths = projections[name]?.paths
      found.push(shown(paths ? project(paths, entry.item) : entry.item, entry.binary))
    }
    if (left.length > 0) unprocessed[name] = { ...asked, Keys: left.map((key) => shown(key, true) as Item) }
    uses.push([name, use])
  }
  // Only where nothing at all could be done is the request itself refused.
  if (refused && uses.every(([, { own }]) => own === 0)) throw refused
  return { Responses: responses, UnprocessedKeys: unprocessed, ConsumedCapacity: told(uses, input) }
}

interface WriteRequest {
  PutRequest?: { Item: Item }
  DeleteRequest?: { Key: Item }
}

interface BatchWrite {
  RequestItems: Record<string, WriteRequest[]>
  ReturnConsumedCapacity?: Wish
  ReturnItemCollectionMetrics?: string
}

/** Throws ValidationException. */
export function readBatchWrite({ RequestItems }: BatchWrite): Record<string, Write[]> {
  const writes: Record<string, Write[]> = {}
  let count = 0
  for (const name in RequestItems) {
    writes[name] = RequestItems[name]!.map(readWrite)
    count += writes[name].length
  }
  if (count > 25) throw invalid('Too many items requested for the BatchWriteItem call')
  return writes
}

function readWrite({ PutRequest, DeleteRequest }: WriteRequest): Write {
  if (!PutRequest === !DeleteRequest)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  if (DeleteRequest) {
    take(DeleteRequest.Key)
    return { kind: 'delete', key: DeleteRequest.Key }
  }
  const entry = takeEntry(PutRequest!.Item)
  checkSizeOf(entry)
  return { kind: 'put', entry }
}

export const batchWriteItem: DynamoHandler<BatchWrite> = (input, context) => {
  const { state } = context
  const writes = once(input, readBatchWrite)
  const unprocessed: Record<string, WriteRequest[]> = {}
  let refused: Error | undefined
  const metrics: Record<string, object[]> = {}
  const uses: [string, Use][] = []
  const tables = Object.entries(writes).map(([name, list]) => {
    const table = state.open(name)
    const keys = list.map((asked) => rowKey(table, keyOfBatched(table, asked)))
    if (new Set(keys).size < keys.length) throw invalid('Provided list of item keys contains duplicates')
    return { name, list, table }
  })
  for (const { name, list, table } of tables) {
    expire(state, table)
    const use = startUse(table, 'write')
    for (const [i, asked] of list.entries()) {
      // What a write costs is known once it is done; so a table that is in debt takes no more.
      refused = spentOn(context, table)
      if (refused) {
        unprocessed[name] = [...(unprocessed[name] ?? []), handedBack(input.RequestItems[name]![i]!)]
        continue
      }
      const { key, before, after, touched } = perform(state, table, asked)
      const one = startUse(table, 'write')
      useWrite(one, before?.size, after?.size, touched)
      charge(context, one)
      useWrite(use, before?.size, after?.size, touched)
      const told = collectionMetrics(table, key, input.ReturnItemCollectionMetrics)
      if (told) (metrics[name] ??= []).push(told)
    }
    uses.push([name, use])
  }
  if (refused && uses.every(([, { own }]) => own === 0)) throw refused
  return {
    UnprocessedItems: unprocessed,
    ItemCollectionMetrics: input.ReturnItemCollectionMetrics === 'SIZE' ? metrics : undefined,
    ConsumedCapacity: told(uses, input),
  }
}

function told(uses: readonly [string, Use][], { ReturnConsumedCapacity: wish }: { ReturnConsumedCapacity?: Wish }) {
  if (wish !== 'INDEXES' && wish !== 'TOTAL') return undefined
  return uses.map(([name, use]) => consumed(use, wish, name))
}

/** As it came, binary as bytes again. */
function handedBack({ PutRequest, DeleteRequest }: WriteRequest): WriteRequest {
  return PutRequest
    ? { PutRequest: { Item: shown(PutRequest.Item, true) as Item } }
    : { DeleteRequest: { Key: shown(DeleteRequest!.Key, true) as Item } }
}

/** Of a batch, an item without its key, or with one of another type, is a key that does not fit. */
function keyOfBatched(table: Table, asked: Write): Item {
  if (asked.kind === 'put')
    for (const { name, type } of keyAttributes(table))
      if (attributeOf(asked.entry.item, name)?.[type] === undefined) throw keyMismatch()
  return keyOfWrite(table, asked)
}
