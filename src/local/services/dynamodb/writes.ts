// What does a request want to write, and what becomes of it? Every way to write (PutItem and its kin, batches,
// transactions, PartiQL) comes down to one of four records, and to `perform`.

import { conditionFailed, invalid, invalidValue, notValid } from './errors.ts'
import { applied } from './expressions/apply.ts'
import { holds } from './expressions/evaluate.ts'
import { attributesIn, type Change, type Condition, type Path } from './expressions/tree.ts'
import { parseUpdate, typeOfNew } from './expressions/update.ts'
import { checkIndexKeys } from './indexes.ts'
import { readItem, write, type Entry, type IndexWrite } from './items.ts'
import { checkItemKey, checkKey, checkSize, isEmpty, isPartitionKey, keyAttributes, keyOf, rowKey } from './keys.ts'
import { expectation, takeUpdates, updated, type AttributeUpdate, type Joint } from './legacy.ts'
import type { Table } from './records.ts'
import { checkNested, checkStyle, Expressions, largestItem } from './request.ts'
import type { Dynamo } from './state.ts'
import { shown, sizeOf, take, typeOf, type Item } from './values.ts'

interface Conditional {
  readonly condition?: Condition
  /** A condition's failure tells what there is instead. */
  readonly tellsOld?: boolean
}

export interface Put extends Conditional {
  readonly kind: 'put'
  readonly entry: Entry
}

export interface Delete extends Conditional {
  readonly kind: 'delete'
  readonly key: Item
}

export interface Update extends Conditional {
  readonly kind: 'update'
  readonly key: Item
  /** What is changed: paths, for UPDATED_OLD and UPDATED_NEW. */
  readonly paths: readonly Path[]
  readonly changes?: readonly Change[]
  readonly legacy?: Record<string, AttributeUpdate>
  readonly nested?: ReadonlySet<string>
}

export interface Check extends Conditional {
  readonly kind: 'check'
  readonly key: Item
}

export type Write = Put | Delete | Update | Check

type Input = Record<string, any>

// --- reading requests ------------------------------------------------------------------------------------------------

/** Throws ValidationException. */
export function readPut(input: Input): Put {
  checkStyle(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator'])
  const entry = takeEntry(input['Item'])
  checkReturnValues(input)
  checkSizeOf(entry)
  return { kind: 'put', entry, ...readCondition(input) }
}

export function readDelete(input: Input): Delete {
  checkStyle(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator'])
  take(input['Key'])
  checkReturnValues(input)
  return { kind: 'delete', key: input['Key'], ...readCondition(input) }
}

export function readCheck(input: Input): Check {
  take(input['Key'])
  return { kind: 'check', key: input['Key'], ...readCondition(input) }
}

export function readUpdate(input: Input): Update {
  checkStyle(
    input,
    ['UpdateExpression', 'ConditionExpression'],
    ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
  )
  const key: Item = input['Key']
  take(key)
  const legacy = input['AttributeUpdates'] as Record<string, AttributeUpdate> | undefined
  if (legacy) takeUpdates(legacy)
  const expected = readExpected(input)
  const expressions = new Expressions(input)
  const text = input['UpdateExpression'] as string | undefined
  const update = text === undefined ? undefined : parseUpdate(text, expressions.placeholders)
  const condition = expected ?? expressions.condition('ConditionExpression')?.condition
  expressions.checkUse()
  return {
    kind: 'update',
    key,
    ...update,
    paths: update?.paths ?? Object.keys(legacy ?? {}).map((name) => [name]),
    legacy,
    ...conditional(input, condition),
  }
}

export function takeEntry(raw: Item): Entry {
  const { size, binary } = take(raw)
  return { item: raw, size, binary }
}

/** Of what is put whole. */
export function checkSizeOf({ size }: Entry): void {
  if (size > largestItem) throw invalid('Item size has exceeded the maximum allowed size')
}

function checkReturnValues({ ReturnValues }: Input): void {
  if (ReturnValues !== undefined && ReturnValues !== 'ALL_OLD' && ReturnValues !== 'NONE')
    throw invalid('ReturnValues can only be ALL_OLD or NONE')
}

function readCondition(input: Input): Conditional {
  const expected = readExpected(input)
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = input
  if (
    ConditionExpression === undefined &&
    ExpressionAttributeNames === undefined &&
    ExpressionAttributeValues === undefined
  )
    return conditional(input, expected)
  const expressions = new Expressions(input)
  const parsed = expressions.condition('ConditionExpression')
  expressions.checkUse()
  return conditional(input, expected ?? parsed?.condition)
}

function readExpected({ Expected, ConditionalOperator }: Input): Condition | undefined {
  if (ConditionalOperator !== undefined) {
    if (!Expected) throw invalidValue('ConditionalOperator cannot be used without Filter or Expected')
    if (Object.keys(Expected).length < 2)
      throw invalidValue('ConditionalOperator can only be used when Filter or Expected has two or more elements')
  }
  return Expected && expectation(Expected, ConditionalOperator as Joint)
}

function conditional(input: Input, condition: Condition | undefined): Conditional {
  return { ...(condition && { condition }), tellsOld: input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' }
}

/** The attributes that are named, for policies: at the top of the item. */
export function attributesOf(asked: Write): string[] {
  const named = asked.kind === 'put' ? Object.keys(asked.entry.item) : Object.keys(asked.key)
  const changed = asked.kind === 'update' ? asked.paths.map(([head]) => head as string) : []
  return [...new Set([...named, ...changed, ...(asked.condition ? attributesIn(asked.condition) : [])])]
}

// --- performing them -------------------------------------------------------------------------------------------------

export interface Outcome {
  readonly key: Item
  readonly before?: Entry
  readonly after?: Entry
  readonly touched: readonly IndexWrite[]
}

/** The key of what a write is about, checked. Throws ValidationException. */
export function keyOfWrite(table: Table, asked: Write): Item {
  if (asked.kind !== 'put') {
    checkKey(table, asked.key)
    return asked.key
  }
  checkItemKey(table, asked.entry.item)
  checkIndexKeys(table, asked.entry.item)
  return keyOf([table], asked.entry.item)
}

/** Throws ConditionalCheckFailedException, ValidationException. */
export function perform(state: Dynamo, table: Table, asked: Write): Outcome {
  const key = keyOfWrite(table, asked)
  if (asked.kind === 'update') checkUpdate(table, asked)
  const row = rowKey(table, key)
  const before = readItem(state, table, row)
  if (asked.condition && !holds(asked.condition, before?.item ?? {}))
    throw conditionFailed(asked.tellsOld && before ? shown(before.item, before.binary) : undefined)
  if (asked.kind === 'check') return { key, before, touched: [] }
  const after = asked.kind === 'put' ? asked.entry : asked.kind === 'update' ? changed(table, asked, before) : undefined
  return { key, before, after, touched: write(state, table, row, { before, after }) }
}

function checkUpdate(table: Table, { paths, changes, legacy, nested }: Update): void {
  for (const { name } of keyAttributes(table))
    if (paths.some(([head]) => head === name))
      throw invalidValue(`Cannot update attribute ${name}. This attribute is part of the key`)
  for (const index of table.indexes)
    for (const { name, type } of keyAttributes(index)) {
      const change = changes?.find(({ path }) => path.length === 1 && path[0] === name)
      const value = legacy && Object.hasOwn(legacy, name) ? legacy[name]!.Value : undefined
      const actual = value
        ? typeOf(value)
        : change?.kind === 'set'
          ? typeOfNew(change.value)
          : change && change.kind !== 'remove'
            ? typeOf(change.value)
            : undefined
      if (actual !== undefined && actual !== type)
        throw invalidValue(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index.name}`,
        )
    }
  checkNested(nested, table)
}

/** What UpdateItem (and nothing else) measures beside the item: what it writes, and some bytes for each change of it. (Recorded.) */
export function checkMutation({ changes = [] }: Update, { item, size }: Entry): void {
  const cost = changes.reduce((sum, change) => sum + costOf(change), 3)
  if (size + cost <= largestItem) return
  const written = new Set(changes.flatMap(({ kind, path }) => (kind === 'set' || kind === 'add' ? [path[0]!] : [])))
  const only = Object.fromEntries(Object.entries(item).filter(([name]) => written.has(name)))
  if (sizeOf(only) + cost > largestItem) throw tooLarge()
}

function costOf({ kind, path }: Change): number {
  if (kind === 'remove' || kind === 'delete') return 2
  return typeof path.at(-1) === 'number' ? 20 : 19
}

const tooLarge = (): Error => invalid('Item size to update has exceeded the maximum allowed size')

function changed(table: Table, { key, changes, legacy }: Update, before: Entry | undefined): Entry {
  const old = before?.item ?? key
  const item = changes ? applied(changes, old) : legacy ? updated(legacy, old) : old
  const entry = takeEntry(item)
  for (const index of table.indexes)
    for (const attribute of keyAttributes(index)) {
      const { name, type } = attribute
      const value = Object.hasOwn(item, name) ? item[name]! : undefined
      if (value && value[type] === undefined)
        throw invalid('The update expression attempted to update the secondary index key to unsupported type')
      if (value && isEmpty(value))
        throw invalid(
          `${notValid} The update expression attempted to update a secondary index key ` +
            `to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value.`,
        )
      if (value) checkSize(value, isPartitionKey(index, attribute))
    }
  if (entry.size > largestItem) throw tooLarge()
  return entry
}
