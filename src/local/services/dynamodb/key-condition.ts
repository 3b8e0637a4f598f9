// Which part of one partition does a query want? A KeyConditionExpression comes down to the same as KeyConditions: an
// operator and values for the partition key, and perhaps for the sort key.

import { compareKeys } from '../../store/order.ts'
import { invalid, invalidValue } from './errors.ts'
import type { Comparator, Condition, Operand, Path } from './expressions/tree.ts'
import {
  afterEnd,
  ended,
  hashAttributes,
  isEmpty,
  keyAttributes,
  partition,
  rangeAttributes,
  sortable,
  type KeyAttribute,
  type Schema,
} from './keys.ts'
import type { LegacyCondition } from './legacy.ts'
import type { Range } from '../../store/store.ts'
import type { AttributeValue } from './values.ts'

export type KeyConditions = Record<string, LegacyCondition>

/** Throws ValidationException for what no index can find. */
export function keyConditionsOf(condition: Condition): KeyConditions {
  const found: KeyConditions = Object.create(null)
  collect(condition, found)
  return found
}

const mirrored: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}
const names: Readonly<Record<string, string>> = { '=': 'EQ', '<': 'LT', '<=': 'LE', '>': 'GT', '>=': 'GE' }

function collect(condition: Condition, found: KeyConditions): void {
  const unfit = (operator: string): Error => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`)
  switch (condition.kind) {
    case 'and':
      collect(condition.left, found)
      collect(condition.right, found)
      return
    case 'or':
    case 'not':
    case 'in':
      throw unfit(condition.kind.toUpperCase())
    case 'exists':
      throw unfit('attribute_exists')
    case 'missing':
      throw unfit('attribute_not_exists')
    case 'type':
      throw unfit('attribute_type')
    case 'contains':
      throw unfit('contains')
    case 'begins':
      firstIsKey(condition.of, 'begins_with')
      return add(found, condition.of, 'BEGINS_WITH', [condition.with])
    case 'between':
      firstIsKey(condition.of, 'BETWEEN')
      return add(found, condition.of, 'BETWEEN', [condition.low, condition.high])
    case 'compare': {
      const { by, left, right } = condition
      if (by === '<>') throw unfit('<>')
      if (left.kind === 'path') return add(found, left, names[by]!, [right])
      return add(found, right, names[mirrored[by]]!, [left])
    }
  }
}

function firstIsKey(operand: Operand, operator: string): void {
  if (operand.kind === 'size') throw nested()
  if (operand.kind !== 'path')
    throw invalid(
      `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
    )
}

const nested = (): Error => invalid('KeyConditionExpressions cannot contain nested operations')

function add(found: KeyConditions, key: Operand, operator: string, operands: readonly Operand[]): void {
  if ([key, ...operands].some(({ kind }) => kind === 'size')) throw nested()
  if (operands.some(({ kind }) => kind === 'path'))
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition')
  if (key.kind !== 'path') throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified')
  const { path }: { path: Path } = key
  if (path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes')
  const name = path[0] as string
  if (name in found) throw invalid('KeyConditionExpressions must only contain one condition per key')
  found[name] = {
    ComparisonOperator: operator,
    AttributeValueList: operands.map((operand) => (operand as { value: AttributeValue }).value),
  }
}

/** Checks that the schema can find what is asked for; `checkFirst` what else must be right of an attribute. */
export function checkKeyConditions(
  conditions: KeyConditions,
  schema: Schema,
  checkFirst: (attribute: KeyAttribute) => void,
): void {
  const count = Object.keys(conditions).length
  const [hashes, all] = [hashAttributes(schema), keyAttributes(schema)]
  for (const [at, attribute] of all.entries()) {
    const { name, type } = attribute
    const isHash = at < hashes.length
    checkFirst(attribute)
    if (count > all.length) throw invalid('Query key condition not supported')
    const condition = conditions[name]
    if (!condition) {
      // Sort keys are asked for from the left on.
      if (isHash || count > at) throw invalid(`Query condition missed key schema element: ${name}`)
      return
    }
    const { ComparisonOperator: operator, AttributeValueList: values = [] } = condition
    if (['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN'].includes(operator))
      throw invalid('Attempted conditional constraint is not an indexable operation')
    if (values.some((value) => value[type] === undefined))
      throw invalidValue('Condition parameter type does not match schema type')
    if (operator !== 'EQ' && (isHash || at < count - 1)) throw invalid('Query key condition not supported')
    if (values.some(isEmpty) && operator !== 'BEGINS_WITH')
      throw invalid(
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
          `${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
      )
  }
}

/** What every row of the partition begins with that is asked for. */
export function partitionOf(conditions: KeyConditions, schema: Schema): string {
  return partition(...hashAttributes(schema).map(({ name }) => conditions[name]!.AttributeValueList![0]!))
}

/** Where the rows stand that are asked for. */
export function rangeOf(conditions: KeyConditions, schema: Schema): Range & { prefix: string } {
  const asked = rangeAttributes(schema).flatMap(({ name }) => conditions[name] ?? [])
  const condition = asked.pop()
  const equal = asked.map(({ AttributeValueList }) => ended(AttributeValueList![0]!))
  const whole = partitionOf(conditions, schema) + equal.join('')
  if (!condition) return { prefix: whole }
  const [first, second] = condition.AttributeValueList as [AttributeValue, AttributeValue]
  const before = (value: AttributeValue): string => whole + ended(value)
  const beyond = (value: AttributeValue): string => whole + sortable(value) + afterEnd
  switch (condition.ComparisonOperator) {
    case 'EQ':
      return { prefix: before(first) }
    case 'LT':
      return { prefix: whole, before: before(first) }
    case 'LE':
      return { prefix: whole, before: beyond(first) }
    case 'GT':
      return { prefix: whole, from: beyond(first) }
    case 'GE':
      return { prefix: whole, from: before(first) }
    case 'BETWEEN':
      return { prefix: whole, from: before(first), before: beyond(second) }
    default:
      return { prefix: whole + sortable(first) }
  }
}

/** Whether a row's key is among those that are asked for. */
export function isInRange(key: string, { prefix, from, before }: Range & { prefix: string }): boolean {
  return (
    key.startsWith(prefix) &&
    (from === undefined || compareKeys(key, from) >= 0) &&
    (before === undefined || compareKeys(key, before) < 0)
  )
}
