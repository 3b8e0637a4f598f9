// Which permissions does a PartiQL statement need? Actions of its own, on the table or the index that it names.

import type { Permission } from '../../../service.ts'
import { attributesIn, type Condition } from '../expressions/tree.ts'
import { findIndex } from '../indexes.ts'
import { readable, readBatch, readStatement, readTransaction } from '../operations/statements.ts'
import { attributes, keyText, permissionOn, type Keys } from '../permission-keys.ts'
import { once } from '../request.ts'
import type { DynamoContext } from '../state.ts'
import { partitionsOf } from './run.ts'
import type { Statement } from './statement.ts'

export function partiqlPermissions(operation: string, input: any, context: DynamoContext): readonly Permission[] {
  const statements =
    operation === 'ExecuteStatement'
      ? [once(input, readStatement)]
      : operation === 'ExecuteTransaction'
        ? once(input, readTransaction)
        : readable(once(input, readBatch))
  const enclosing: Keys = operation === 'ExecuteTransaction' ? { 'dynamodb:enclosingoperation': operation } : {}
  return statements.map((statement) => permissionOf(statement, enclosing, context))
}

const actions = {
  select: 'PartiQLSelect',
  exists: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
} as const

function permissionOf(statement: Statement, enclosing: Keys, context: DynamoContext): Permission {
  const { table, index } = statement.kind === 'exists' ? statement.select : { index: undefined, ...statement }
  const keys: Keys = { ...enclosing, ...leading(statement, context), ...attributes(namedIn(statement)) }
  return permissionOn(context, actions[statement.kind], table, keys, index)
}

function whereOf(statement: Statement): Condition | undefined {
  if (statement.kind === 'insert') return undefined
  return statement.kind === 'exists' ? statement.select.where : statement.where
}

function leading(statement: Statement, { state }: DynamoContext): Keys {
  const select = statement.kind === 'exists' ? statement.select : statement
  const table = state.find(select.table)
  if (!table) return {}
  if (select.kind === 'insert') {
    const value = Object.hasOwn(select.item, table.hash.name) ? select.item[table.hash.name]! : undefined
    return value ? { 'dynamodb:leadingkeys': [keyText(value)] } : {}
  }
  const schema = (select.kind === 'select' && select.index !== undefined && findIndex(table, select.index)) || table
  const partitions = partitionsOf(select.where, schema)
  if (!partitions) return statement.kind === 'select' ? { 'dynamodb:fulltablescan': 'true' } : {}
  const values = partitions.map((keys) => keys[schema.hash.name]!.AttributeValueList![0]!)
  return {
    'dynamodb:leadingkeys': values.map(keyText),
    ...(statement.kind === 'select' && { 'dynamodb:fulltablescan': 'false' }),
  }
}

function namedIn(statement: Statement): string[] {
  const where = whereOf(statement)
  const named = where ? attributesIn(where) : []
  if (statement.kind === 'insert') return Object.keys(statement.item)
  const select = statement.kind === 'exists' ? statement.select : statement
  if (select.kind === 'select') named.push(...(select.columns ?? []).map(([head]) => head as string))
  if (select.kind === 'update') named.push(...select.changes.map(({ path }) => path[0] as string))
  return named
}
