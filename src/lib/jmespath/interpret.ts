// What is the value of a JMESPath tree on a given value? Python's equality, truth and ordering, as jmespath.py has them.

import { keysOf, structureOf, type Value } from '../value.ts'
import { JmesPathError } from './errors.ts'
import { call } from './functions.ts'
import type { Comparator, Integer, Node } from './parser.ts'
import { equal, isMap, isNumber, order, type Result } from './values.ts'

export function interpret(node: Node, value: Result): Result {
  switch (node.type) {
    case 'current':
      return value
    case 'literal':
      return node.value
    case 'field':
      return isMap(value) && Object.hasOwn(value, node.name) ? (value[node.name] ?? null) : null
    case 'index':
      return Array.isArray(value) ? elementAt(value, node.at) : null
    case 'slice':
      return Array.isArray(value) ? sliced(value, node) : null
    case 'path':
    case 'indexed':
    case 'pipe':
      return node.steps.reduce<Result>((result, step) => interpret(step, result), value)
    case 'or': {
      const left = interpret(node.left, value)
      return isFalse(left) ? interpret(node.right, value) : left
    }
    case 'and': {
      const left = interpret(node.left, value)
      return isFalse(left) ? left : interpret(node.right, value)
    }
    case 'not': {
      // Zero counts as true here, as everywhere in JMESPath; else Python's truth.
      const operand = interpret(node.expression, value)
      return !isNumber(operand) && isFalse(operand)
    }
    case 'comparison':
      return compare(node.operator, interpret(node.left, value), interpret(node.right, value))
    case 'expref':
      return (element) => interpret(node.expression, element) as Value
    case 'call':
      return call(
        node.name,
        node.args.map((argument) => interpret(argument, value)),
      )
    case 'flatten': {
      const base = interpret(node.expression, value)
      return Array.isArray(base) ? base.flat() : null
    }
    case 'projection': {
      const base = interpret(node.base, value)
      return Array.isArray(base) ? projected(base, node.each) : null
    }
    case 'values': {
      const base = interpret(node.base, value)
      return isMap(base)
        ? projected(
            keysOf(base).map((key) => base[key] ?? null),
            node.each,
          )
        : null
    }
    case 'filter': {
      const base = interpret(node.base, value)
      if (!Array.isArray(base)) return null
      return projected(
        base.filter((element) => !isFalse(interpret(node.condition, element))),
        node.each,
      )
    }
    case 'list':
      return value === null ? null : node.items.map((item) => interpret(item, value) as Value)
    case 'hash':
      return value === null ? null : structureOf(node.entries.map(([key, of]) => [key, interpret(of, value) as Value]))
  }
}

function projected(elements: readonly Value[], each: Node): Value[] {
  const collected: Value[] = []
  for (const element of elements) {
    const result = interpret(each, element)
    if (result !== null) collected.push(result as Value)
  }
  return collected
}

function elementAt(list: readonly Value[], at: Integer): Value {
  const index = Number(at)
  return list[index < 0 ? list.length + index : index] ?? null
}

/** Python's `list[start:stop:step]`. */
function sliced(list: readonly Value[], slice: { start?: Integer; stop?: Integer; step?: Integer }): Value[] {
  const step = Number(slice.step ?? 1)
  if (step === 0) throw new JmesPathError('slice step cannot be zero')
  const lowest = step > 0 ? 0 : -1
  const highest = step > 0 ? list.length : list.length - 1
  const bound = (part: Integer | undefined, otherwise: number) => {
    if (part === undefined) return otherwise
    const index = Number(part)
    return Math.min(Math.max(index < 0 ? index + list.length : index, lowest), highest)
  }
  const start = bound(slice.start, step > 0 ? lowest : highest)
  const stop = bound(slice.stop, step > 0 ? highest : lowest)
  const result: Value[] = []
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) result.push(list[at] as Value)
  return result
}

/** JMESPath's false: null, false, and what is empty. */
function isFalse(value: Result): boolean {
  if (value === null || value === false || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isMap(value) && keysOf(value).length === 0
}

const symbols = { lt: '<', lte: '<=', gt: '>', gte: '>=' }

function compare(operator: Comparator, a: Result, b: Result): boolean | null {
  if (operator === 'eq') return equalInJmesPath(a, b)
  if (operator === 'ne') return !equalInJmesPath(a, b)
  if (!isOrdered(a) || !isOrdered(b)) return null
  const sign = order(a, b, symbols[operator])
  switch (operator) {
    case 'lt':
      return sign < 0
    case 'lte':
      return sign <= 0
    case 'gt':
      return sign > 0
    case 'gte':
      return sign >= 0
  }
}

/** At the top, unlike inside lists and maps, a boolean never equals a number. */
function equalInJmesPath(a: Result, b: Result): boolean {
  const booleans = Number(typeof a === 'boolean') + Number(typeof b === 'boolean')
  return booleans !== 1 && equal(a, b)
}

function isOrdered(value: Result): boolean {
  return typeof value === 'string' || isNumber(value)
}
