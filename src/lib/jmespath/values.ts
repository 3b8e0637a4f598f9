// What kinds of values does JMESPath tell apart, and when is one equal to, less or greater than another? As in Python.

import { compareText, typeName } from '../python.ts'
import { Float, isStructure, keysOf, type Value } from '../value.ts'
import { JmesPathError } from './errors.ts'

/** What `&expression` evaluates to; functions apply it. It is a value only inside an expression. */
export type Expref = (value: Value) => Value
export type Result = Value | Expref

/** A Python dict. */
export function isMap(value: Result): value is { [key: string]: Value } {
  return typeof value !== 'function' && isStructure(value)
}

/** A Python int or float; a boolean is none. */
export function isNumber(value: Result): value is number | bigint | Float {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float
}

/** The number a scalar counts as in Python, where True is 1. */
function numeric(value: Result): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return Number(value)
  return value instanceof Float ? value.value : undefined
}

/** Python's `==`, in which 1, 1.0 and True are the same. */
export function equal(a: Result, b: Result): boolean {
  const left = numeric(a)
  const right = numeric(b)
  // A bigint and a number compare by value with `==`, as Python's int and float do.
  // oxlint-disable-next-line eqeqeq
  if (left !== undefined || right !== undefined) return left !== undefined && right !== undefined && left == right
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => equal(element, b[index] as Value))
  }
  if (isMap(a)) {
    if (!isMap(b)) return false
    const keys = keysOf(a)
    return (
      keys.length === keysOf(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key] as Value, b[key] as Value))
    )
  }
  if (a instanceof Uint8Array) return b instanceof Uint8Array && String(a) === String(b)
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime()
  return a === b
}

/** Negative, zero or positive; NaN where either is NaN. Throws Python's TypeError for a number against text. */
export function order(a: Result, b: Result, operator: string): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const left = isNumber(a) ? numeric(a) : undefined
  const right = isNumber(b) ? numeric(b) : undefined
  if (left === undefined || right === undefined) {
    throw new JmesPathError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
  }
  // oxlint-disable-next-line eqeqeq
  return left < right ? -1 : left > right ? 1 : left == right ? 0 : NaN
}
