// How does a value of a shape become JSON text, and back?
//
//   { CreationTime: Date, Data: bytes, Tags: { a: 'b' } }  ⇄  {"creationTime": 1767322800, "data": "AAE=", "tags": {"a": "b"}}

import { utf8 } from '../lib/bytes.ts'
import { map } from '../lib/iterate.ts'
import {
  compactStyle,
  numberText,
  parseJson,
  pythonStyle,
  setKey,
  stringifyCompact,
  stringifyPython,
} from '../lib/json.ts'
import type { Json, JsonStyle } from '../lib/json.ts'
import { Float, keysOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member } from '../model/model.ts'
import { javaBase64Fault, javaBoolean, javaMismatch } from './java-words.ts'
import { bodyText, inOrder } from './message.ts'
import { blobText, parsed, readBlob, readTimestamp, timestampText, unknownUnionMember } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'

/** JSON text of a value, as Python writes it in a request and as services write it in a response. */
export function jsonText(member: Member, value: unknown, side: Side): string {
  return new Writer(side).write(member, value)
}

export function jsonBytes(member: Member, value: unknown, side: Side): Uint8Array {
  return utf8(jsonText(member, value, side))
}

class Writer {
  private readonly side: Side
  private readonly style: JsonStyle

  constructor(side: Side) {
    this.side = side
    this.style = side === 'request' ? pythonStyle : compactStyle
  }

  write(member: Member, value: unknown): string {
    if (value === null || value === undefined) return 'null'
    const { type } = member.shape
    switch (type) {
      case 'structure':
        return member.traits.document ? this.document(value) : this.structure(member, value as Structure)
      case 'list':
        return this.list(member, value as Value[])
      case 'map':
        return this.map(member, value as Structure)
      case 'string':
      case 'character':
        return typeof value === 'string' ? this.style.string(value) : this.document(value)
      case 'blob':
        return `"${blobText(value)}"`
      case 'timestamp': {
        const format = member.traits.timestampFormat ?? 'unixTimestamp'
        const text = timestampText(value, format, this.side)
        return format === 'unixTimestamp' ? text : this.style.string(text)
      }
      case 'float':
      case 'double':
      case 'bigdecimal': {
        if (typeof value !== 'number' && !(value instanceof Float)) return this.document(value)
        // Services write doubles with a point: 5050.0.
        const text = numberText(this.side === 'response' ? new Float(Number(value)) : value)
        return Number.isFinite(Number(value)) ? text : `"${text}"`
      }
      default:
        return this.document(value)
    }
  }

  /** Any JSON, without a shape. */
  private document(value: unknown): string {
    return this.side === 'request' ? stringifyPython(value) : stringifyCompact(value)
  }

  /** Members stand in the order given, as the reference sends them. */
  private structure(member: Member, value: Structure): string {
    const { comma, colon, string } = this.style
    let text = ''
    for (const name of keysOf(value)) {
      const item = value[name]
      if (item === undefined || item === null) continue
      const known = member.shape.memberNamed(name)
      if (known === undefined) continue
      if (text !== '') text += comma
      text += string(known.traits.locationName ?? name) + colon + this.write(known, item)
    }
    return `{${text}}`
  }

  private list(member: Member, value: Value[]): string {
    const element = member.shape.member!
    return `[${value.map((item) => this.write(element, item)).join(this.style.comma)}]`
  }

  private map(member: Member, value: Structure): string {
    const { comma, colon, string } = this.style
    const element = member.shape.value!
    let text = ''
    for (const key of keysOf(value)) {
      if (value[key] === undefined) continue
      if (text !== '') text += comma
      text += string(key) + colon + this.write(element, value[key])
    }
    return `{${text}}`
  }
}

/** A body as JSON; an empty one is `{}`. */
export function parseJsonBody(body: Uint8Array, reading: Reading): Json {
  if (body.length === 0) return {}
  const text = bodyText(body)
  return parsed(() => parseJson(text, reading), reading, 'Unable to parse response, invalid JSON received')
}

/** The value of a shape from parsed JSON. With `convert`, numbers and booleans are converted as rest-json does. */
export function readJson(member: Member, json: Json, reading: Reading, convert = false, inner = false): Value {
  if (json === null) return null
  if (reading.javaPackage !== undefined && !isFitting(member, json, reading))
    return reading.fail(javaMismatch(member, json, reading.javaPackage, inner))
  const { type } = member.shape
  switch (type) {
    case 'structure':
      return member.traits.document ? (json as Value) : readStructure(member, json, reading, convert)
    case 'list':
      return readList(member, json, reading, convert)
    case 'map':
      return readMap(member, json, reading, convert)
    case 'blob':
      if (typeof json !== 'string') return mismatch(json, 'Blob', reading)
      return readBlob(json, reading)
    case 'timestamp':
      if (typeof json === 'object' && !(json instanceof Float)) return mismatch(json, 'Timestamp', reading)
      return readTimestamp(json, reading)
    case 'float':
    case 'double':
    case 'bigdecimal':
      return readFloat(json, reading, convert)
    case 'integer':
    case 'long':
    case 'biginteger':
      if (reading.strict && typeof json !== 'number' && typeof json !== 'bigint') {
        return mismatch(json, type === 'long' ? 'Long' : 'Integer', reading)
      }
      return convert ? wholeNumber(json) : (json as Value)
    case 'boolean':
      if (reading.javaPackage !== undefined && typeof json === 'string') return javaBoolean(json) ?? false
      if (reading.strict && typeof json !== 'boolean') return mismatch(json, 'Boolean', reading)
      return convert && typeof json === 'string' ? json.toLowerCase() === 'true' : (json as Value)
    case 'string':
    case 'character':
      if (reading.strict && typeof json !== 'string') return mismatch(json, 'String', reading)
      return json as Value
  }
}

function readStructure(member: Member, json: Json, reading: Reading, convert: boolean): Value {
  const { shape } = member
  if (!isObject(json)) return mismatch(json, 'Structure', reading)
  if (shape.traits.union) {
    const tag = unionTag(json, shape.name, reading)
    if (!shape.members.some((known) => (known.traits.locationName ?? known.name) === tag)) {
      return reading.strict ? {} : unknownUnionMember(tag)
    }
  }
  const structure: Structure = {}
  for (const known of shape.members) {
    const item = json[known.traits.locationName ?? known.name]
    if (item !== undefined && item !== null) structure[known.name] = readJson(known, item, reading, convert)
  }
  return structure
}

/** The one member a union's JSON has. */
function unionTag(json: { [key: string]: Json }, name: string, reading: Reading): string {
  const tags = Object.keys(json).filter((key) => key !== '__type' && json[key] !== null)
  if (tags.length !== 1) {
    reading.fail(
      reading.strict
        ? `${name} must have exactly one member set`
        : `Invalid service response: ${name} must have one and only one member set.`,
    )
  }
  return tags[0]!
}

function readList(member: Member, json: Json, reading: Reading, convert: boolean): Value {
  if (!Array.isArray(json)) return mismatch(json, 'List', reading)
  const element = member.shape.member!
  return map(json, (item) => readJson(element, item, reading, convert, true))
}

function readMap(member: Member, json: Json, reading: Reading, convert: boolean): Value {
  if (!isObject(json)) return mismatch(json, 'Map', reading)
  const element = member.shape.value!
  const map: Structure = {}
  const keys = keysOf(json)
  for (const key of keys) setKey(map, key, readJson(element, json[key]!, reading, convert, true))
  return reading.wire ? inOrder(map, keys) : map
}

function readFloat(json: Json, reading: Reading, convert: boolean): Value {
  if (typeof json === 'string' && (convert || !reading.wire)) {
    const number = { NaN, Infinity, '-Infinity': -Infinity }[json] ?? (reading.strict ? undefined : Number(json))
    if (number === undefined) return mismatch(json, 'Double', reading)
    return reading.wire ? new Float(number) : number
  }
  if (reading.strict && typeof json !== 'number' && typeof json !== 'bigint') return mismatch(json, 'Double', reading)
  if (typeof json === 'bigint' && !reading.wire) return Number(json)
  if (convert && reading.wire && (typeof json === 'number' || typeof json === 'bigint')) return new Float(Number(json))
  return json as Value
}

/** Python's int(): cuts a fraction off, reads digits from text. */
function wholeNumber(json: Json): Value {
  if (json instanceof Float) return Math.trunc(json.value)
  if (typeof json === 'number') return Math.trunc(json)
  if (typeof json === 'string' && /^\s*[+-]?\d+\s*$/.test(json)) return Number(json)
  return json as Value
}

export function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof Float)
}

/** Whether a value may be read from it at all, where the service tells its Java types if not. */
function isFitting({ shape }: Member, json: Json, reading: Reading): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map':
      return isObject(json)
    case 'list':
      return Array.isArray(json)
    case 'blob': {
      const fault = typeof json === 'string' ? javaBase64Fault(json) : undefined
      return fault === undefined ? typeof json === 'string' : reading.fail(fault)
    }
    case 'string':
    case 'character':
      return typeof json === 'string'
    case 'boolean':
      return typeof json === 'boolean' || (typeof json === 'string' && javaBoolean(json) !== undefined)
    default:
      return typeof json === 'number' || typeof json === 'bigint' || json instanceof Float
  }
}

/** The services' own words for JSON of the wrong kind. */
function mismatch(json: Json, wanted: string, reading: Reading): never {
  if (!reading.strict) return reading.fail(`Invalid service response: expected ${wanted}, got ${kindOf(json)}`)
  if (Array.isArray(json)) return reading.fail('Start of list found where not expected')
  if (isObject(json)) return reading.fail('Start of structure or map found where not expected.')
  if (wanted === 'Structure' || wanted === 'Map') return reading.fail('Unexpected value type in payload')
  if (wanted === 'List') return reading.fail('Expected list or null')
  return reading.fail(`${kindOf(json)} cannot be converted to ${wanted}`)
}

function kindOf(json: Json): string {
  if (typeof json === 'string') return 'STRING_VALUE'
  if (typeof json === 'boolean') return json ? 'TRUE_VALUE' : 'FALSE_VALUE'
  if (Array.isArray(json)) return 'a list'
  if (isObject(json)) return 'a structure'
  return typeof json === 'number' && !Number.isInteger(json) ? 'DECIMAL_VALUE' : 'NUMBER_VALUE'
}
