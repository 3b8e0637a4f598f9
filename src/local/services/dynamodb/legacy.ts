// What did conditions and updates look like before there were expressions? Parameters of structures, which are turned
// into what expressions are turned into: Expected, QueryFilter, ScanFilter, KeyConditions, AttributeUpdates.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html

import { order } from './compare.ts'
import { invalid, invalidValue } from './errors.ts'
import { added, without } from './expressions/apply.ts'
import type { Condition, Operand } from './expressions/tree.ts'
import { setAttribute, takeValue, typeOf, type AttributeValue, type Item, type Type } from './values.ts'

export interface LegacyCondition {
  ComparisonOperator: string
  AttributeValueList?: AttributeValue[]
}

export interface ExpectedValue {
  Value?: AttributeValue
  Exists?: boolean
  ComparisonOperator?: string
  AttributeValueList?: AttributeValue[]
}

export interface AttributeUpdate {
  Value?: AttributeValue
  Action?: string
}

export type Joint = 'AND' | 'OR' | undefined

const scalars = ['S', 'N', 'B']

/** How many values an operator takes, and of which types. */
const operators: Readonly<Record<string, readonly [least: number, most: number, types?: readonly string[]]>> = {
  NULL: [0, 0],
  NOT_NULL: [0, 0],
  EQ: [1, 1],
  NE: [1, 1],
  LE: [1, 1, scalars],
  LT: [1, 1, scalars],
  GE: [1, 1, scalars],
  GT: [1, 1, scalars],
  CONTAINS: [1, 1, scalars],
  NOT_CONTAINS: [1, 1, scalars],
  BEGINS_WITH: [1, 1, ['S', 'B']],
  IN: [1, Infinity, scalars],
  BETWEEN: [2, 2, scalars],
}

function checkValues(operator: string, values: readonly AttributeValue[]): void {
  const [least, most, types] = operators[operator]!
  if (values.length < least || values.length > most)
    throw invalidValue(`Invalid number of argument(s) for the ${operator} ComparisonOperator`)
  if (values.some((value) => typeOf(value) !== typeOf(values[0]!)))
    throw invalidValue('AttributeValues inside AttributeValueList must be of same type')
  const odd = values.find((value) => types && !types.includes(typeOf(value)))
  if (odd) throw invalidValue(`ComparisonOperator ${operator} is not valid for ${typeOf(odd)} AttributeValue type`)
  if (operator === 'BETWEEN' && (order(values[0]!, values[1]!) ?? 0) > 0)
    throw invalid('The BETWEEN condition was provided a range where the lower bound is greater than the upper bound')
}

/** Checks conditions and puts their values into stored form. Throws ValidationException. */
export function takeConditions(conditions: Record<string, LegacyCondition> | undefined): void {
  for (const name in conditions) {
    const { ComparisonOperator, AttributeValueList = [] } = conditions[name]!
    for (const value of AttributeValueList) takeValue(value)
    checkValues(ComparisonOperator, AttributeValueList)
  }
}

export function conditionOf(conditions: Record<string, LegacyCondition>, joint: Joint): Condition | undefined {
  return joined(
    Object.entries(conditions).map(([name, { ComparisonOperator, AttributeValueList = [] }]) =>
      comparison(name, ComparisonOperator, AttributeValueList),
    ),
    joint,
  )
}

/** Checks and turns Expected. Throws ValidationException. */
export function expectation(expected: Record<string, ExpectedValue>, joint: Joint): Condition | undefined {
  for (const name in expected) checkExpected(name, expected[name]!)
  return joined(
    Object.entries(expected).map(([name, { Value, Exists, ComparisonOperator, AttributeValueList }]) => {
      const operator = ComparisonOperator ?? (Exists === false ? 'NULL' : 'EQ')
      return comparison(name, operator, AttributeValueList ?? (Value ? [Value] : []))
    }),
    joint,
  )
}

function checkExpected(name: string, given: ExpectedValue): void {
  const { Value, Exists, ComparisonOperator, AttributeValueList } = given
  for (const value of [...(AttributeValueList ?? []), ...(Value ? [Value] : [])]) takeValue(value)
  if (AttributeValueList && Value)
    throw invalidValue(`Value and AttributeValueList cannot be used together for Attribute: ${name}`)
  if (ComparisonOperator !== undefined) {
    if (Exists !== undefined)
      throw invalidValue(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`)
    if (!ComparisonOperator.endsWith('NULL') && !AttributeValueList && !Value)
      throw invalidValue(
        `Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator} for Attribute: ${name}`,
      )
    return checkValues(ComparisonOperator, AttributeValueList ?? (Value ? [Value] : []))
  }
  if (AttributeValueList)
    throw invalidValue(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`)
  if (Exists !== false && !Value)
    throw invalidValue(`Value must be provided when Exists is ${Exists ?? 'null'} for Attribute: ${name}`)
  if (Exists === false && Value) throw invalidValue(`Value cannot be used when Exists is false for Attribute: ${name}`)
}

function joined(conditions: readonly Condition[], joint: Joint): Condition | undefined {
  const kind = joint === 'OR' ? 'or' : 'and'
  return conditions.length === 0 ? undefined : conditions.reduce((left, right) => ({ kind, left, right }))
}

const comparators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const

function comparison(name: string, operator: string, values: readonly AttributeValue[]): Condition {
  const of: Operand = { kind: 'path', path: [name] }
  const [first, second] = values.map((value): Operand => ({ kind: 'value', value })) as [Operand, Operand]
  switch (operator) {
    case 'NULL':
      return { kind: 'missing', path: [name] }
    case 'NOT_NULL':
      return { kind: 'exists', path: [name] }
    case 'CONTAINS':
      return { kind: 'contains', of, with: first }
    case 'NOT_CONTAINS':
      return { kind: 'not', inner: { kind: 'contains', of, with: first } }
    case 'BEGINS_WITH':
      return { kind: 'begins', of, with: first }
    case 'BETWEEN':
      return { kind: 'between', of, low: first, high: second }
    case 'IN':
      return { kind: 'in', of, list: values.map((value) => ({ kind: 'value', value })) }
    default:
      return { kind: 'compare', by: comparators[operator as keyof typeof comparators], left: of, right: first }
  }
}

/** Checks AttributeUpdates and puts their values into stored form. Throws ValidationException. */
export function takeUpdates(updates: Record<string, AttributeUpdate>): void {
  const sets: readonly Type[] = ['SS', 'NS', 'BS']
  for (const name in updates) {
    const { Value, Action } = updates[name]!
    if (Value) takeValue(Value)
    else if (Action !== 'DELETE')
      throw invalidValue('Only DELETE action is allowed when no attribute value is specified')
    const type = Value && typeOf(Value)
    if (type && Action === 'DELETE' && !sets.includes(type))
      throw invalidValue(`DELETE action with value is not supported for the type ${type}`)
    if (type && Action === 'ADD' && !sets.includes(type) && type !== 'N' && type !== 'L')
      throw invalidValue(`ADD action is not supported for the type ${type}`)
  }
}

const mismatch = (): Error => invalid('Type mismatch for attribute to update')

/** The item after AttributeUpdates. */
export function updated(updates: Record<string, AttributeUpdate>, old: Item): Item {
  const item = { ...old }
  for (const name in updates) {
    const { Value, Action } = updates[name]!
    const before = Object.hasOwn(old, name) ? old[name] : undefined
    const after =
      Action === 'ADD'
        ? added(before, Value!, mismatch)
        : Action !== 'DELETE'
          ? Value
          : Value
            ? without(before, Value, mismatch)
            : undefined
    if (after) setAttribute(item, name, after)
    else delete item[name]
  }
  return item
}
