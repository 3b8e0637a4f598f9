// Does a condition hold for an item? And what stands where a path points?

import { beginsWith, contains, isEqual, order } from '../compare.ts'
import { attributeOf, base64Size, typeOf, type AttributeValue, type Item } from '../values.ts'
import type { Comparator, Condition, Operand, Path } from './tree.ts'

export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item)
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item)
    case 'not':
      return !holds(condition.inner, item)
    case 'compare':
      return compare(condition.by, resolve(condition.left, item), resolve(condition.right, item))
    case 'between': {
      const value = resolve(condition.of, item)
      return compare('>=', value, resolve(condition.low, item)) && compare('<=', value, resolve(condition.high, item))
    }
    case 'in': {
      const value = resolve(condition.of, item)
      return condition.list.some((each) => compare('=', value, resolve(each, item)))
    }
    case 'exists':
      return at(condition.path, item) !== undefined
    case 'missing':
      return at(condition.path, item) === undefined
    case 'type': {
      const value = resolve(condition.of, item)
      return value !== undefined && typeOf(value) === condition.type
    }
    case 'begins':
    case 'contains': {
      const [value, other] = [resolve(condition.of, item), resolve(condition.with, item)]
      if (!value || !other) return false
      return condition.kind === 'begins' ? beginsWith(value, other) : contains(value, other)
    }
  }
}

/** What is not there equals nothing, and differs from all that is. */
function compare(by: Comparator, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (by === '=') return a !== undefined && b !== undefined && isEqual(a, b)
  if (by === '<>') return a === undefined || b === undefined ? a !== b : !isEqual(a, b)
  const difference = a && b && order(a, b)
  if (difference === undefined) return false
  switch (by) {
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
  }
}

function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value
  if (operand.kind === 'path') return at(operand.path, item)
  const value = resolve(operand.of, item)
  const size = value && lengthOf(value)
  return size === undefined ? undefined : { N: String(size) }
}

function lengthOf({ S, B, SS, NS, BS, L, M }: AttributeValue): number | undefined {
  if (S !== undefined) return S.length
  if (B !== undefined) return base64Size(B)
  return (SS ?? NS ?? BS ?? L)?.length ?? (M && Object.keys(M).length)
}

/** What stands there; undefined for nothing. */
export function at(path: Path, item: Item): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string)
  for (let i = 1; value !== undefined && i < path.length; i++) {
    const step = path[i]!
    value = typeof step === 'number' ? value.L?.[step] : value.M && attributeOf(value.M, step)
  }
  return value
}
