// What a value is, from the command line to the wire and back.
//
// Structures and maps are plain objects, lists are arrays, blobs bytes, timestamps Dates. Two things differ from
// everyday JavaScript, both because the reference's output must be reproduced to the byte:
//   - a 64-bit integer beyond 2^53 is a bigint;
//   - where the reader was asked for wire scalars, a number written with a fraction or exponent is a Float.

/** A number that was, or must be, written as floating point: `1.0` stays `1.0`. Arithmetic sees the number. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
  valueOf(): number {
    return this.value
  }
  toJSON(): number {
    return this.value
  }
}

export type Scalar = null | boolean | number | bigint | string | Float | Uint8Array | Date

/** Streams occur only as a top-level payload member: a request body (bytes, Blob or stream), a response body, or an event stream. */
export type Stream = ReadableStream<Uint8Array> | Blob | AsyncIterable<Value>

export type Value = Scalar | Value[] | Structure | Stream
export interface Structure {
  [member: string]: Value | undefined
}

const order = Symbol('order')

/**
 * Sets the order in which an object's keys arrived. Needed only when some key looks like an array index, because
 * JavaScript lists those first; AWS CLI prints wire order.
 */
export function withKeyOrder<T extends object>(object: T, keys: readonly string[]): T {
  Object.defineProperty(object, order, { value: keys, enumerable: false })
  return object
}

/** A structure of these entries in this order; a key given twice keeps its first place and its last value. */
export function structureOf(entries: Iterable<readonly [string, Value]>): Structure {
  const structure: Structure = {}
  let indexLike = false
  const values = new Map(entries)
  for (const [key, value] of values) {
    if (/^\d/.test(key)) indexLike = true
    if (key === '__proto__')
      Object.defineProperty(structure, key, { value, enumerable: true, configurable: true, writable: true })
    else structure[key] = value
  }
  return indexLike ? withKeyOrder(structure, [...values.keys()]) : structure
}

const ordered = Symbol('ordered')

/** Marks a map whose order is part of its meaning, Python's OrderedDict: YAML output shows it as `!!omap`. */
export function asOrderedMap<T extends object>(object: T): T {
  Object.defineProperty(object, ordered, { value: true, enumerable: false })
  return object
}

export function isOrderedMap(object: object): boolean {
  return (object as { [ordered]?: true })[ordered] === true
}

/** The keys of a map or structure in the order they arrived. */
export function keysOf(object: object): readonly string[] {
  return (object as { [order]?: readonly string[] })[order] ?? Object.keys(object)
}

export function isStructure(value: unknown): value is Structure {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return !(Symbol.asyncIterator in value)
  return (
    !(value instanceof Uint8Array) &&
    !(value instanceof Date) &&
    !(value instanceof Float) &&
    !(value instanceof Blob) &&
    !(value instanceof ReadableStream) &&
    !(Symbol.asyncIterator in value)
  )
}
