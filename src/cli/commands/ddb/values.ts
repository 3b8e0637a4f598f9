// DynamoDB's values as people write them, and back: `{S: a}` is `a`, `{SS: [a, b]}` a set.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html

import { Failure } from '../../../lib/errors.ts'
import { repr } from '../../../lib/python.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { YamlMoment } from '../../input/yaml-scalar.ts'
import { Decimal } from './decimal.ts'

export class Binary {
  readonly base64: string
  constructor(base64: string) {
    this.base64 = base64
  }
}

/** Of one kind of thing; order is of no meaning, but kept. */
export class Members {
  readonly items: readonly (string | Decimal | Binary)[]
  constructor(items: readonly (string | Decimal | Binary)[]) {
    this.items = items
  }
}

export type Attribute =
  | null
  | boolean
  | string
  | Decimal
  | Binary
  | Members
  | YamlMoment
  | Attribute[]
  | { [name: string]: Attribute }

/** Throws Failure('InvalidValue') for what DynamoDB has no kind for. */
export function attributeValue(value: Attribute): Structure {
  if (value === null) return { NULL: true }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'string') return { S: value }
  if (value instanceof Decimal) return { N: value.text }
  if (value instanceof Binary) return { B: bytesOf(value) }
  if (value instanceof Members) return setValue(value)
  if (Array.isArray(value)) return { L: value.map(attributeValue) }
  if (value instanceof YamlMoment) {
    const type = value.kind === 'date' ? 'datetime.date' : 'datetime.datetime'
    throw new Failure('InvalidValue', `Unsupported type "<class '${type}'>" for value "${value.text}"`)
  }
  return { M: attributeMap(value) }
}

export function attributeMap(map: { [name: string]: Attribute }): Structure {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, attributeValue(value)]))
}

function setValue({ items }: Members): Structure {
  if (items.every((item) => item instanceof Decimal)) return { NS: items.map((item) => (item as Decimal).text) }
  if (items.every((item) => typeof item === 'string')) return { SS: items as string[] }
  if (items.every((item) => item instanceof Binary)) return { BS: items.map((item) => bytesOf(item as Binary)) }
  throw new Failure('InvalidValue', `Unsupported type "<class 'set'>" for value "${repr(items.map(String))}"`)
}

function bytesOf({ base64 }: Binary): Uint8Array {
  return Buffer.from(base64, 'base64')
}

/** `{S: a}` → `a`. */
export function plainValue(value: Structure): Attribute {
  const [[kind, content] = ['', null]] = Object.entries(value) as [string, Value][]
  switch (kind) {
    case 'NULL':
      return null
    case 'BOOL':
      return content as boolean
    case 'S':
      return content as string
    case 'N':
      return new Decimal(content as string)
    case 'B':
      return new Binary(base64Of(content))
    case 'NS':
      return new Members((content as string[]).map((each) => new Decimal(each)))
    case 'SS':
      return new Members(content as string[])
    case 'BS':
      return new Members((content as Value[]).map((each) => new Binary(base64Of(each))))
    case 'L':
      return (content as Structure[]).map(plainValue)
    case 'M':
      return plainMap(content as Structure)
  }
  throw new Failure('InvalidValue', `Dynamodb type ${kind} is not supported`)
}

export function plainMap(map: Structure): { [name: string]: Attribute } {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, plainValue(value as Structure)]))
}

function base64Of(value: Value): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)
}

/** All items, keys and capacities of a response with their values plain. */
export function plainResponse(value: Value | undefined, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => plainResponse(each, name))
  if (!isStructure(value)) return value
  if (['Items', 'Item', 'LastEvaluatedKey', 'Attributes', 'Key'].includes(name)) return plainMap(value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainResponse(each, key)]))
}
