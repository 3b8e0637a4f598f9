// What does a PartiQL statement do? A SELECT is a query, a scan or a look-up, as its conditions allow; the others write
// one item, which their conditions must name.

import { AwsError } from '../../../../lib/errors.ts'
import { startUse, useWrite, type Use } from '../capacity.ts'
import { conditionFailed, invalid, invalidValue } from '../errors.ts'
import { at, holds } from '../expressions/evaluate.ts'
import { project } from '../expressions/projection.ts'
import { attributesIn, type Condition, type Path } from '../expressions/tree.ts'
import { findIndex, holdsAll } from '../indexes.ts'
import { expire, type Entry } from '../items.ts'
import { rangeOf, type KeyConditions } from '../key-condition.ts'
import { keyAttributes, type Schema } from '../keys.ts'
import { charge } from '../limits.ts'
import { readPage, startAfter } from '../pages.ts'
import type { Index, Table } from '../records.ts'
import type { Range } from '../../../store/store.ts'
import type { DynamoContext } from '../state.ts'
import { setAttribute, shown, type AttributeValue, type Item } from '../values.ts'
import { checkSizeOf, perform, takeEntry, type Outcome, type Write } from '../writes.ts'
import type { DeleteStatement, Insert, Select, Statement, UpdateStatement } from './statement.ts'

/** Conditions that must all hold. */
function conjuncts(condition: Condition | undefined): Condition[] {
  if (!condition) return []
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition]
}

function joined(conditions: readonly Condition[]): Condition | undefined {
  return conditions.length === 0 ? undefined : conditions.reduce((left, right) => ({ kind: 'and', left, right }))
}

/** What an attribute must equal: one value or one of some; undefined where that is not said. */
function equals(condition: Condition, name: string): AttributeValue[] | undefined {
  if (condition.kind === 'compare' && condition.by === '=') {
    const { left, right } = condition
    const [path, value] = left.kind === 'path' ? [left, right] : [right, left]
    return path.kind === 'path' && path.path.length === 1 && path.path[0] === name && value.kind === 'value'
      ? [value.value]
      : undefined
  }
  if (condition.kind === 'in' && condition.of.kind === 'path') {
    const { path } = condition.of
    const values = condition.list.flatMap((each) => (each.kind === 'value' ? [each.value] : []))
    return path.length === 1 && path[0] === name && values.length === condition.list.length ? values : undefined
  }
  return undefined
}

/** Which rows a WHERE points at: partitions, and a part of each; undefined for the whole table. */
export function partitionsOf(where: Condition | undefined, schema: Schema): KeyConditions[] | undefined {
  const all = conjuncts(where)
  const hash = all.map((each) => equals(each, schema.hash.name)).find((values) => values)
  // Of a partition key of several attributes only the whole points anywhere.
  if (!hash || schema.moreHash || hash.some((value) => value[schema.hash.type] === undefined)) return undefined
  const range = schema.range && all.map((each) => rangeCondition(each, schema)).find((each) => each)
  return hash.map((value) => ({
    [schema.hash.name]: { ComparisonOperator: 'EQ', AttributeValueList: [value] },
    ...(range && { [schema.range!.name]: range }),
  }))
}

const operators: Readonly<Record<string, string>> = { '=': 'EQ', '<': 'LT', '<=': 'LE', '>': 'GT', '>=': 'GE' }

function rangeCondition(condition: Condition, { range }: Schema): KeyConditions[string] | undefined {
  const { name, type } = range!
  const isKey = (operand: { kind: string; path?: readonly unknown[] }): boolean =>
    operand.kind === 'path' && operand.path!.length === 1 && operand.path![0] === name
  const of = (operator: string, ...operands: readonly { kind: string; value?: AttributeValue }[]) =>
    operands.every(({ value }) => value?.[type] !== undefined)
      ? { ComparisonOperator: operator, AttributeValueList: operands.map(({ value }) => value!) }
      : undefined
  if (condition.kind === 'compare' && operators[condition.by] !== undefined && isKey(condition.left))
    return of(operators[condition.by]!, condition.right)
  if (condition.kind === 'between' && isKey(condition.of)) return of('BETWEEN', condition.low, condition.high)
  if (condition.kind === 'begins' && isKey(condition.of) && type !== 'N') return of('BEGINS_WITH', condition.with)
  return undefined
}

// --- reading ---------------------------------------------------------------------------------------------------------

export interface Found {
  readonly items: readonly Item[]
  readonly next?: Place
  readonly last?: Item
  readonly use: Use
}

/** Where the next page begins: in which partition, after which row. */
export interface Place {
  readonly partition: number
  readonly after: string
}

interface Reading {
  readonly limit?: number
  readonly consistent?: boolean
  readonly start?: Place
}

export function select(statement: Select, { state }: DynamoContext, reading: Reading): Found {
  const table = state.open(statement.table)
  const index = indexOf(table, statement, reading.consistent)
  const schema = index ?? table
  expire(state, table)
  const partitions = partitionsOf(statement.where, schema)
  const ranges: Range[] = partitions ? partitions.map((keys) => rangeOf(keys, schema)) : [{}]
  const fetches = index !== undefined && fetchesWhole(statement, index, table, partitions !== undefined)
  const { start } = reading
  const items: Item[] = []
  const use = startUse(table, 'read')
  for (let i = start?.partition ?? 0; i < ranges.length; i++) {
    let range: Range = { ...ranges[i]!, ...(statement.descending && { reverse: true }) }
    if (start && i === start.partition) range = startAfter(range, start.after)
    const left = reading.limit === undefined ? undefined : reading.limit - items.length
    const page = readPage(state, table, { index, range, fetches, limit: left, consistent: reading.consistent })
    addUse(use, page.use)
    const found = statement.where ? page.entries.filter(({ item }) => holds(statement.where!, item)) : page.entries
    items.push(...found.map((entry) => shownColumns(statement, entry)))
    if (page.lastRow !== undefined)
      return { items, next: { partition: i, after: page.lastRow }, ...(page.last && { last: page.last }), use }
  }
  return { items, use }
}

function indexOf(table: Table, { index: name }: Select, consistent = false): Index | undefined {
  if (name === undefined) return undefined
  const index = findIndex(table, name)
  if (!index) throw invalid('The table does not have the specified index')
  if (index.isGlobal && consistent)
    throw invalid('Strongly consistent read is not supported on Global Secondary Indexes')
  return index
}

/** Whether columns are wanted that the index lacks, and can be had: only of a local index. Throws ValidationException. */
function fetchesWhole({ columns, where }: Select, index: Index, table: Table, isKeyed: boolean): boolean {
  const lacking = (names: readonly string[]): string[] => names.filter((name) => !holdsAll(index, table, [name]))
  const filters = isKeyed && where ? lacking(attributesIn(where)) : []
  if (filters.length > 0)
    throw invalidValue(
      `Secondary index ${index.name} does not project one or more filter attributes: [${filters.join(', ')}]`,
    )
  const wanted = lacking((columns ?? []).map(([head]) => head as string))
  if (wanted.length > 0 && index.isGlobal)
    throw invalidValue(`Global secondary index ${index.name} does not project [${wanted.join(', ')}]`)
  return wanted.length > 0
}

function addUse(use: Use, more: Use): void {
  use.own += more.own
  for (const [index, units] of more.indexes) use.indexes.set(index, (use.indexes.get(index) ?? 0) + units)
}

/** A column goes by the end of its path: `a.b[0]` is `b[0]`. */
export function shownColumns({ columns }: Select, { item, binary }: Entry): Item {
  if (!columns) return shown(item, binary) as Item
  const row: Item = {}
  for (const path of columns) {
    const value = at(path, item)
    if (value) setAttribute(row, columnName(path), value)
  }
  return shown(row, binary) as Item
}

function columnName(path: Path): string {
  const last = path.findLastIndex((step) => typeof step === 'string')
  return (
    path[last]! +
    path
      .slice(last + 1)
      .map((place) => `[${place}]`)
      .join('')
  )
}

/** Of a statement that reads one item. Throws ValidationException. */
export function keyOfSelect({ where, index }: Select, table: Table): Item {
  const complaint = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.'
  if (index !== undefined) throw invalid(complaint)
  return fixedKey(where, table, complaint)
}

// --- writing ---------------------------------------------------------------------------------------------------------

/** The item's key, as the WHERE fixes it. */
function fixedKey(where: Condition | undefined, table: Schema, complaint: string): Item {
  const all = conjuncts(where)
  const key: Item = {}
  for (const { name, type } of keyAttributes(table)) {
    const value = all.map((each) => equals(each, name)).find((values) => values?.length === 1)?.[0]
    if (!value) throw invalid(complaint)
    if (value[type] === undefined) throw invalid('The provided key element does not match the schema')
    key[name] = value
  }
  return key
}

/** What else the WHERE says. */
function besides(where: Condition | undefined, table: Schema): Condition[] {
  const names = keyAttributes(table).map(({ name }) => name)
  return conjuncts(where).filter((each) => !names.some((name) => equals(each, name)?.length === 1))
}

const noKey = 'Where clause does not contain a mandatory equality on all key attributes'

/** The write that a statement asks for. Throws ValidationException. */
export function writeOf(statement: Insert | UpdateStatement | DeleteStatement, table: Table, tellsOld = false): Write {
  const { hash } = table
  const exists: Condition = { kind: 'exists', path: [hash.name] }
  switch (statement.kind) {
    case 'insert': {
      const entry = takeEntry(statement.item)
      checkSizeOf(entry)
      return { kind: 'put', entry, condition: { kind: 'missing', path: [hash.name] } }
    }
    case 'update': {
      const key = fixedKey(statement.where, table, noKey)
      // There must be an item: an UPDATE makes none.
      const condition = joined([exists, ...besides(statement.where, table)])
      const paths = statement.changes.map(({ path }) => path)
      return { kind: 'update', key, changes: statement.changes, paths, condition, tellsOld }
    }
    case 'delete': {
      const key = fixedKey(statement.where, table, noKey)
      const condition = joined(besides(statement.where, table))
      return { kind: 'delete', key, ...(condition && { condition }), tellsOld }
    }
  }
}

/** The check that EXISTS in a transaction is. */
export function checkOf({ where }: Select, table: Table): Write {
  const key = fixedKey(where, table, noKey)
  const condition = joined([{ kind: 'exists', path: [table.hash.name] }, ...besides(where, table)])
  return { kind: 'check', key, condition }
}

export const duplicate = (): AwsError => new AwsError('DuplicateItemException', 'Duplicate primary key exists in table')

/** Performs one statement that writes; the attributes that it returns. */
export function write(
  statement: Exclude<Statement, Select>,
  context: DynamoContext,
  tellsOld: boolean,
): { item?: Item; use: Use; table: Table } {
  if (statement.kind === 'exists') throw invalid('EXISTS can only be used in a transaction')
  const { state } = context
  const table = state.open(statement.table)
  expire(state, table)
  const asked = writeOf(statement, table, tellsOld)
  let outcome: Outcome
  try {
    outcome = perform(state, table, asked)
  } catch (error) {
    throw statement.kind === 'insert' && (error as AwsError).code === conditionFailed().code ? duplicate() : error
  }
  const use = startUse(table, 'write')
  useWrite(use, outcome.before?.size, outcome.after?.size, outcome.touched)
  charge(context, use)
  const item = statement.kind === 'insert' ? undefined : returned(statement.returning, asked, outcome)
  return { ...(item && { item }), use, table }
}

function returned(which: string | undefined, asked: Write, { before, after }: Outcome): Item | undefined {
  const entry = which?.endsWith('OLD') ? before : which?.endsWith('NEW') ? after : undefined
  if (!entry) return undefined
  const item = which!.startsWith('ALL') || asked.kind !== 'update' ? entry.item : project(asked.paths, entry.item)
  // Where nothing is left of what changed, nothing comes back.
  return Object.keys(item).length === 0 ? undefined : (shown(item, entry.binary) as Item)
}
