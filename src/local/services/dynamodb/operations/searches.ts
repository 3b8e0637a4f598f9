// Query and Scan: many items, a page at a time.

import { consumed } from '../capacity.ts'
import { holds } from '../expressions/evaluate.ts'
import { project } from '../expressions/projection.ts'
import { expire } from '../items.ts'
import { charge } from '../limits.ts'
import { readPage } from '../pages.ts'
import { once } from '../request.ts'
import { planned, readQuery, readScan, type Search } from '../searches.ts'
import type { DynamoContext, DynamoHandler } from '../state.ts'
import { shown } from '../values.ts'

export const query: DynamoHandler = (input, context) => search(input, once(input, readQuery), context)

export const scan: DynamoHandler = (input, context) => search(input, once(input, readScan), context)

function search(input: any, asked: Search, context: DynamoContext): object {
  const { state } = context
  const table = state.open(input.TableName)
  const plan = planned(table, asked, input)
  expire(state, table)
  const { entries, scanned, last, use } = readPage(state, table, {
    ...plan,
    limit: input.Limit,
    consistent: input.ConsistentRead,
  })
  charge(context, use)
  const { filter, projection } = asked
  const found = filter ? entries.filter(({ item }) => holds(filter, item)) : entries
  return {
    Items:
      input.Select === 'COUNT'
        ? undefined
        : found.map(({ item, binary }) => shown(projection ? project(projection.paths, item) : item, binary)),
    Count: found.length,
    ScannedCount: scanned,
    LastEvaluatedKey: last && shown(last, true),
    ConsumedCapacity: consumed(use, input.ReturnConsumedCapacity),
  }
}
