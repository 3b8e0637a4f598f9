// DynamoDB in plain values: an item is an object, and nobody writes {S: …}. Numbers stay exact: a number where a number
// holds it, a bigint for greater integers, a Decimal with the text of all others.
//
//   const db = documents(aws.dynamodb())
//   await db.putItem({ TableName, Item: { id: 1, tags: new Set(['a']), total: new Decimal('0.12345678901234567890123') } })

import { Failure } from '../lib/errors.ts'
import { isStructure, structureOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member, Operation } from '../model/model.ts'
import { insideOf, isNoOperation } from './client.ts'
import type { AnyClient } from './client.ts'
import { keepFacts, responseOf } from './response.ts'
import type { Call, CallOptions, Listing, PageOptions } from './types.ts'

/** A number as DynamoDB has it: up to 38 digits, as text. */
export class Decimal {
  readonly text: string
  /** Throws Failure('ParamValidation') for what is no decimal number. */
  constructor(text: string | number | bigint) {
    this.text = String(text)
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(this.text))
      throw new Failure('ParamValidation', `${JSON.stringify(this.text)} is not a decimal number`)
  }
  toString(): string {
    return this.text
  }
  toJSON(): string {
    return this.text
  }
}

/** How a number of an item is read; any of them can be written. */
export type Numeric = number | bigint | Decimal

/** An attribute as the wire has it, one of its members set. */
interface Attribute {
  S?: string | undefined
  N?: string | undefined
  B?: Uint8Array | undefined
  SS?: string[] | undefined
  NS?: string[] | undefined
  BS?: Uint8Array[] | undefined
  M?: Record<string, Attribute> | undefined
  L?: Attribute[] | undefined
  NULL?: boolean | undefined
  BOOL?: boolean | undefined
}

/** The same types, with plain values in the place of attributes. */
export type Plain<T> = [T] extends [Attribute | undefined]
  ? [keyof Attribute] extends [KeysOf<NonNullable<T>>]
    ? any
    : PlainMembers<T>
  : PlainMembers<T>

type KeysOf<T> = T extends unknown ? keyof T : never

type PlainMembers<T> = T extends Date | Uint8Array | string | number | boolean | undefined | null
  ? T
  : T extends readonly (infer E)[]
    ? Plain<E>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T

interface PlainPages<I, O, Item, P> {
  pages(input: Plain<I>, options?: P): AsyncIterable<Plain<O>>
  items(input: Plain<I>, options?: P): AsyncIterable<Plain<Item>>
}

/** A client whose operations take and give plain values. */
export type Documents<C> = {
  [K in keyof C]: C[K] extends Listing<infer I, infer O, infer Item>
    ? ((input: Plain<I>, options?: CallOptions) => Promise<Plain<O>>) & PlainPages<I, O, Item, PageOptions>
    : C[K] extends Call<infer I, infer O>
      ? (input: Plain<I>, options?: CallOptions) => Promise<Plain<O>>
      : C[K]
}

/** `client` is one of DynamoDB or of its streams. */
export function documents<C extends object>(client: C): Documents<C> {
  const { operation } = insideOf(client)
  const wrapped = new Map<string, unknown>()
  const one = (method: string): unknown => {
    const made = (client as AnyClient)[method]
    const there = async (input: Structure): Promise<Structure> =>
      written((await operation(method)).input, input) as Structure
    const back = async (output: Structure): Promise<Structure> => {
      const plain = read((await operation(method)).output, output) as Structure
      const facts = responseOf(output)
      if (facts) keepFacts(plain, facts)
      return plain
    }
    const call = async (input: Structure = {}, options?: CallOptions): Promise<Structure> =>
      back(await made(await there(input), options))
    async function* pages(input: Structure = {}, options?: PageOptions): AsyncGenerator<Structure> {
      for await (const page of made.pages(await there(input), options)) yield back(page)
    }
    async function* items(input: Structure = {}, options?: PageOptions): AsyncGenerator<Value> {
      const member = itemOf(await operation(method))
      for await (const item of made.items(await there(input), options)) yield read(member, item)
    }
    return Object.assign(call, { pages, items })
  }
  return new Proxy({} as Documents<C>, {
    get(target, name) {
      if (isNoOperation(target, name)) return Reflect.get(target, name)
      if (name === 'wait' || name === 'isError') return (client as AnyClient)[name]
      if (!wrapped.has(name)) wrapped.set(name, one(name))
      return wrapped.get(name)
    },
  })
}

function itemOf(operation: Operation): Member | undefined {
  const [key] = [operation.service.paginator(operation.name)?.result_key ?? ''].flat()
  return operation.output?.shape.memberNamed(key!)?.shape.member
}

const isAttribute = ({ shape }: Member): boolean => shape.name === 'AttributeValue'

/** Plain values become attributes where the model says so. */
function written(member: Member | undefined, value: Value | undefined): Value | undefined {
  return mapped(member, value, (plain) => attributeOf(plain) as Structure)
}

function read(member: Member | undefined, value: Value): Value {
  return mapped(member, value, (attribute) => valueOf(attribute as Attribute) as Value)!
}

function mapped(
  member: Member | undefined,
  value: Value | undefined,
  change: (value: Value) => Value,
): Value | undefined {
  if (!member || value === undefined || value === null)
    return value === null && member && isAttribute(member) ? change(value) : value
  if (isAttribute(member)) return change(value)
  const { shape } = member
  if (shape.type === 'list' && Array.isArray(value))
    return value.map((each) => mapped(shape.member, each, change) as Value)
  if (!isStructure(value)) return value
  const inside = (name: string): Member | undefined => (shape.type === 'map' ? shape.value : shape.memberNamed(name))
  return structureOf(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, mapped(inside(name), each, change) as Value]),
  )
}

/** Throws Failure('ParamValidation') for what DynamoDB has no type for. */
function attributeOf(value: unknown): Attribute {
  if (value === null) return { NULL: true }
  switch (typeof value) {
    case 'string':
      return { S: value }
    case 'boolean':
      return { BOOL: value }
    case 'number':
    case 'bigint':
      return { N: numberText(value) }
    case 'object':
      break
    default:
      throw unfit(`a ${typeof value}`)
  }
  if (value instanceof Decimal) return { N: value.text }
  if (value instanceof Uint8Array) return { B: value }
  if (value instanceof Set) return setOf([...value])
  if (Array.isArray(value)) return { L: value.map(attributeOf) }
  if (value instanceof Date) throw unfit('a Date: store its toISOString() or getTime()')
  if (value instanceof Map) return mapOf(value.entries())
  return mapOf(Object.entries(value as object))
}

function mapOf(entries: Iterable<[string, unknown]>): Attribute {
  const attributes: Record<string, Attribute> = {}
  for (const [name, value] of entries) {
    if (value === undefined) continue
    const attribute = attributeOf(value)
    if (name === '__proto__') Object.defineProperty(attributes, name, { value: attribute, enumerable: true })
    else attributes[name] = attribute
  }
  return { M: attributes }
}

function setOf(values: unknown[]): Attribute {
  if (values.length === 0) throw unfit('an empty Set: leave the attribute out')
  if (values.every((value) => typeof value === 'string')) return { SS: values }
  if (values.every((value) => value instanceof Uint8Array)) return { BS: values }
  const numeric = (value: unknown): value is Numeric =>
    typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal
  if (values.every(numeric)) return { NS: values.map(numberText) }
  throw unfit('a Set of several types')
}

function numberText(value: Numeric): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw unfit(String(value))
  return String(value)
}

function unfit(what: string): Failure {
  return new Failure('ParamValidation', `DynamoDB cannot hold ${what}`)
}

function valueOf(attribute: Attribute): unknown {
  const { S, N, B, SS, NS, BS, M, L, BOOL } = attribute
  if (S !== undefined) return S
  if (N !== undefined) return numberOf(N)
  if (BOOL !== undefined) return BOOL
  if (M !== undefined) return plainMap(M)
  if (L !== undefined) return L.map(valueOf)
  if (B !== undefined) return B
  if (SS !== undefined) return new Set(SS)
  if (NS !== undefined) return new Set(NS.map(numberOf))
  return BS === undefined ? null : new Set(BS)
}

function plainMap(attributes: Record<string, Attribute>): Structure {
  return structureOf(Object.entries(attributes).map(([name, each]) => [name, valueOf(each) as Value]))
}

/** The first of number, bigint and Decimal that holds it exactly. */
function numberOf(text: string): Numeric {
  const number = Number(text)
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(number) ? number : BigInt(text)
  return Number.isFinite(number) && sameDecimal(text, String(number)) ? number : new Decimal(text)
}

function sameDecimal(a: string, b: string): boolean {
  const [x, y] = [canonical(a), canonical(b)]
  return x.digits === y.digits && x.exponent === y.exponent && x.negative === y.negative
}

/** `-0.0120` → 12, 10^-3, negative. */
function canonical(text: string): { negative: boolean; digits: string; exponent: number } {
  const [, sign, whole = '', fraction = '', power = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  if (digits === '') return { negative: false, digits: '', exponent: 0 }
  return { negative: sign === '-', digits, exponent: Number(power) - fraction.length + (all.length - digits.length) }
}
