// What do JMESPath's built-in functions answer? Their argument checks and error texts are jmespath.py's, their numbers
// Python's: integers of any size, floats that stay floats.

import { asciiString, numberText } from '../json.ts'
import { parseFloatingPoint, parseInteger, repr, str, typeName } from '../python.ts'
import { Float, keysOf, structureOf, type Structure, type Value } from '../value.ts'
import { JmesPathError } from './errors.ts'
import { equal, isMap, isNumber, order, type Expref, type Result } from './values.ts'

type Type = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'null' | 'expref' | 'array-number' | 'array-string'

interface BuiltIn {
  /** The types allowed for each parameter; none for any. */
  readonly parameters: readonly (readonly Type[])[]
  readonly variadic?: boolean
  readonly run: (...args: never[]) => Result
}

type Numeric = number | bigint | Float

const builtIns: Readonly<Record<string, BuiltIn>> = {
  abs: { parameters: [['number']], run: absolute },
  avg: { parameters: [['array-number']], run: average },
  ceil: { parameters: [['number']], run: (value: Numeric) => rounded(value, Math.ceil) },
  contains: { parameters: [['array', 'string'], []], run: contains },
  ends_with: { parameters: [['string'], ['string']], run: (text: string, end: string) => text.endsWith(end) },
  floor: { parameters: [['number']], run: (value: Numeric) => rounded(value, Math.floor) },
  join: { parameters: [['string'], ['array-string']], run: (glue: string, list: string[]) => list.join(glue) },
  keys: { parameters: [['object']], run: (map: Structure) => [...keysOf(map)] },
  length: { parameters: [['string', 'array', 'object']], run: length },
  map: { parameters: [['expref'], ['array']], run: (of: Expref, list: Value[]) => list.map(of) },
  max: { parameters: [['array-number', 'array-string']], run: (list: Value[]) => extreme(list, list, '>') },
  max_by: {
    parameters: [['array'], ['expref']],
    run: (list: Value[], of: Expref) => extreme(list, keyed(list, of, 'max_by', ['number', 'string']), '>'),
  },
  merge: { parameters: [['object']], variadic: true, run: (...maps: Value[]) => structureOf(maps.flatMap(entries)) },
  min: { parameters: [['array-number', 'array-string']], run: (list: Value[]) => extreme(list, list, '<') },
  min_by: {
    parameters: [['array'], ['expref']],
    run: (list: Value[], of: Expref) => extreme(list, keyed(list, of, 'min_by', ['number', 'string']), '<'),
  },
  not_null: {
    parameters: [[]],
    variadic: true,
    run: (...values: Value[]) => values.find((value) => value !== null) ?? null,
  },
  reverse: { parameters: [['array', 'string']], run: reverse },
  sort: { parameters: [['array-string', 'array-number']], run: (list: Value[]) => sorted(list, list) },
  sort_by: { parameters: [['array'], ['expref']], run: sortBy },
  starts_with: { parameters: [['string'], ['string']], run: (text: string, start: string) => text.startsWith(start) },
  sum: { parameters: [['array-number']], run: sum },
  to_array: { parameters: [[]], run: (value: Value) => (Array.isArray(value) ? value : [value]) },
  to_number: { parameters: [[]], run: toNumber },
  to_string: { parameters: [[]], run: (value: Result) => (typeof value === 'string' ? value : compactJson(value)) },
  type: { parameters: [[]], run: (value: Result) => (typeOf(value) === 'expref' ? null : (typeOf(value) ?? null)) },
  values: { parameters: [['object']], run: (map: Structure) => keysOf(map).map((key) => map[key] ?? null) },
}

export function call(name: string, args: readonly Result[]): Result {
  if (!Object.hasOwn(builtIns, name)) throw new JmesPathError(`Unknown function: ${name}()`)
  const { parameters, variadic, run } = builtIns[name] as BuiltIn
  const expected = parameters.length
  if (variadic ? args.length < expected : args.length !== expected) {
    throw new JmesPathError(
      `Expected ${variadic ? 'at least ' : ''}${expected} argument${expected === 1 ? '' : 's'} ` +
        `for function ${name}(), received ${args.length}`,
    )
  }
  parameters.forEach((types, index) => check(name, args[index] as Result, types))
  return (run as (...args: readonly Result[]) => Result)(...args)
}

/** JMESPath's name for a value's type; undefined for what JSON has not (bytes, dates). */
function typeOf(value: Result): Type | undefined {
  if (typeof value === 'function') return 'expref'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (isNumber(value)) return 'number'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return isMap(value) ? 'object' : undefined
}

function check(name: string, value: Result, types: readonly Type[]): void {
  if (types.length === 0) return
  const actual = typeOf(value)
  if (!types.some((type) => type.split('-', 1)[0] === actual)) throw wrongType(name, value, types, actual ?? 'unknown')
  const elementTypes = types.filter((type) => type.startsWith('array-')).map((type) => type.slice('array-'.length))
  const list = value as Value[]
  // Where a list of either numbers or strings will do, the first element decides which.
  const first = list[0]
  const allowed =
    elementTypes.length > 1 && first !== undefined
      ? elementTypes.filter((type) => type === typeOf(first))
      : elementTypes
  if (elementTypes.length === 0 || first === undefined) return
  for (const element of list) {
    if (!allowed.includes(typeOf(element) ?? '')) throw wrongType(name, element, types, typeName(element))
  }
}

function wrongType(name: string, value: Result, expected: readonly string[], actual: string): JmesPathError {
  return new JmesPathError(
    `In function ${name}(), invalid type for value: ${str(value)}, expected one of: ${repr(expected)}, received: "${actual}"`,
  )
}

function entries(map: Value): [string, Value][] {
  // Only the first argument of a variadic function has its type checked; Python stumbles over the others.
  if (!isMap(map)) throw new JmesPathError(`'${typeName(map)}' object is not iterable`)
  return keysOf(map).map((key) => [key, map[key] ?? null])
}

function absolute(value: Numeric): Numeric {
  if (value instanceof Float) return new Float(Math.abs(value.value))
  if (typeof value === 'number' && !Number.isInteger(value)) return new Float(Math.abs(value))
  return value < 0 ? -value : value
}

function rounded(value: Numeric, round: (number: number) => number): number | bigint {
  if (typeof value === 'bigint') return value
  const number = Number(value)
  if (Number.isNaN(number)) throw new JmesPathError('cannot convert float NaN to integer')
  if (!Number.isFinite(number)) throw new JmesPathError('cannot convert float infinity to integer')
  return integer(BigInt(round(number)))
}

/** A number where it holds the integer exactly. */
function integer(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function isFloat(value: Numeric): boolean {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
}

/**
 * Python's `sum`: exact while all are integers; from the first float on, floats with the rounding errors summed apart
 * (Neumaier), as Python does since 3.12.
 */
function sum(list: readonly Numeric[]): Numeric {
  let whole = 0n
  let at = 0
  while (at < list.length && !isFloat(list[at] as Numeric)) whole += BigInt(list[at++] as number | bigint)
  if (at === list.length) return integer(whole)
  let high = Number(whole) + Number(list[at++])
  let low = 0
  for (; at < list.length; at++) {
    const value = Number(list[at])
    const total = high + value
    low += Math.abs(high) >= Math.abs(value) ? high - total + value : value - total + high
    high = total
  }
  return new Float(low && Number.isFinite(low) ? high + low : high)
}

function average(list: readonly Numeric[]): Float | null {
  if (list.length === 0) return null
  const total = sum(list)
  if (typeof total !== 'bigint') return new Float(Number(total) / list.length)
  // An integer too large for a float is divided before it is rounded: 64 more bits, and a last one for what is left over.
  const divisor = BigInt(list.length)
  const scaled = total << 64n
  const sticky = scaled % divisor === 0n ? 0n : 1n
  return new Float(Number((scaled / divisor) | sticky) / 2 ** 64)
}

function contains(subject: Value[] | string, wanted: Result): boolean {
  if (Array.isArray(subject)) return subject.some((element) => equal(element, wanted))
  if (typeof wanted === 'string') return subject.includes(wanted)
  throw new JmesPathError(`'in <string>' requires string as left operand, not ${typeName(wanted)}`)
}

function length(value: string | Value[] | Structure): number {
  if (typeof value === 'string') return [...value].length
  return Array.isArray(value) ? value.length : keysOf(value).length
}

function reverse(value: string | Value[]): Value {
  return typeof value === 'string' ? [...value].reverse().join('') : value.toReversed()
}

/** The first of the greatest (`>`) or least (`<`) elements by their keys. */
function extreme(list: readonly Value[], keys: readonly Value[], operator: '<' | '>'): Value {
  let best = 0
  for (let at = 1; at < keys.length; at++) {
    const sign = order(keys[at] as Value, keys[best] as Value, operator)
    if (operator === '>' ? sign > 0 : sign < 0) best = at
  }
  return list[best] ?? null
}

function keyed(list: readonly Value[], of: Expref, name: string, types: readonly Type[]): Value[] {
  return list.map((element) => {
    const key = of(element)
    const type = typeOf(key)
    if (type === undefined || !types.includes(type)) throw wrongType(name, key, types, type ?? 'unknown')
    return key
  })
}

function sortBy(list: readonly Value[], of: Expref): Value[] {
  const [first] = list
  if (first === undefined) return []
  const type = typeOf(of(first))
  if (type !== 'number' && type !== 'string') {
    throw wrongType('sort_by', first, ['string', 'number'], type ?? 'unknown')
  }
  return sorted(list, keyed(list, of, 'sort_by', [type]))
}

function sorted(list: readonly Value[], keys: readonly Value[]): Value[] {
  const places = list.map((_, index) => index)
  places.sort((a, b) => order(keys[a] as Value, keys[b] as Value, '<') || a - b)
  return places.map((place) => list[place] as Value)
}

function toNumber(value: Value): Value {
  if (isNumber(value)) return value
  if (typeof value !== 'string') return null
  const whole = parseInteger(value)
  if (whole !== undefined) return whole
  const number = parseFloatingPoint(value)
  return number === undefined ? null : new Float(number)
}

/** `json.dumps(value, separators=(',', ':'), default=str)`: ASCII only. */
function compactJson(value: Result): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (isNumber(value)) return numberText(value)
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`
  if (isMap(value))
    return `{${entries(value)
      .map(([key, of]) => `${asciiString(key)}:${compactJson(of)}`)
      .join(',')}}`
  return asciiString(str(value))
}
