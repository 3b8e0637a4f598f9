// How does a value of a shape become CBOR, and back?

import { toBase64, utf8 } from '../lib/bytes.ts'
import { CborTag, CborWriter, decodeCbor } from '../lib/cbor.ts'
import type { Cbor } from '../lib/cbor.ts'
import { setKey } from '../lib/json.ts'
import { parseTimestamp } from '../lib/time.ts'
import type { Timestamp } from '../lib/time.ts'
import { Float, keysOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member } from '../model/model.ts'
import { inOrder } from './message.ts'
import { parsed, readTimestamp, unknownUnionMember } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'

export function cborBytes(member: Member, value: Value, side: Side): Uint8Array {
  const writer = new CborWriter()
  write(writer, member, value, side)
  return writer.done()
}

function write(out: CborWriter, member: Member, value: unknown, side: Side): void {
  if (value === null || value === undefined) return out.null()
  switch (member.shape.type) {
    case 'structure':
      return member.traits.document ? writeDocument(out, value) : writeStructure(out, member, value as Structure, side)
    case 'list': {
      const items = value as Value[]
      out.list(items.length)
      for (const item of items) write(out, member.shape.member!, item, side)
      return
    }
    case 'map': {
      const map = value as Structure
      const keys = keysOf(map).filter((key) => map[key] !== undefined)
      out.map(keys.length)
      for (const key of keys) {
        out.string(key)
        write(out, member.shape.value!, map[key], side)
      }
      return
    }
    case 'blob':
      return out.blob(value instanceof Uint8Array ? value : utf8(String(value)))
    case 'string':
    case 'character':
      return out.string(String(value))
    case 'boolean':
      return out.boolean(value === true || value === 'true')
    case 'integer':
    case 'long':
    case 'biginteger':
      return out.integer(typeof value === 'bigint' ? value : Math.trunc(Number(value)))
    case 'float':
      return out.float(Number(value), true)
    case 'double':
    case 'bigdecimal':
      return out.float(Number(value))
    case 'timestamp':
      return writeTimestamp(out, value as Timestamp, side)
  }
}

function writeStructure(out: CborWriter, member: Member, value: Structure, side: Side): void {
  const names = keysOf(value).filter((name) => {
    const item = value[name]
    return item !== undefined && item !== null && member.shape.memberNamed(name) !== undefined
  })
  out.map(names.length)
  for (const name of names) {
    const known = member.shape.memberNamed(name)!
    out.string(known.traits.locationName ?? name)
    write(out, known, value[name], side)
  }
}

/** Tag 1 and epoch seconds: whole ones in requests, as botocore sends them. */
function writeTimestamp(out: CborWriter, value: Timestamp, side: Side): void {
  const { seconds, micros } = parseTimestamp(value)
  out.tag(1)
  if (side === 'request' || micros === 0) out.integer(seconds)
  else out.float(seconds + Math.floor(micros / 1000) / 1000)
}

/** Anything, without a shape. */
function writeDocument(out: CborWriter, value: unknown): void {
  if (value === null || value === undefined) out.null()
  else if (typeof value === 'boolean') out.boolean(value)
  else if (typeof value === 'string') out.string(value)
  else if (typeof value === 'bigint' || Number.isInteger(value)) out.integer(value as number | bigint)
  else if (typeof value === 'number' || value instanceof Float) out.float(Number(value))
  else if (value instanceof Uint8Array) out.blob(value)
  else if (Array.isArray(value)) {
    out.list(value.length)
    for (const item of value) writeDocument(out, item)
  } else {
    const map = value as Structure
    const keys = keysOf(map)
    out.map(keys.length)
    for (const key of keys) {
      out.string(key)
      writeDocument(out, map[key])
    }
  }
}

/** A body as CBOR; an empty one is an empty map. */
export function parseCborBody(body: Uint8Array, reading: Reading): Cbor {
  return body.length === 0
    ? {}
    : parsed(() => decodeCbor(body), reading, 'Unable to parse response, invalid CBOR received')
}

export function readCbor(member: Member, cbor: Cbor, reading: Reading): Value {
  if (cbor === null) return null
  switch (member.shape.type) {
    case 'structure':
      return member.traits.document ? readDocument(cbor, reading) : readStructure(member, cbor, reading)
    case 'list':
      if (!Array.isArray(cbor)) return reading.fail(`Expected a list for ${member.shape.name}`)
      return cbor.map((item) => readCbor(member.shape.member!, item, reading))
    case 'map':
      return readMap(member, cbor, reading)
    case 'timestamp':
      return readTimestamp(cbor instanceof CborTag ? cbor.value : cbor, reading)
    case 'integer':
    case 'long':
    case 'biginteger':
      if (reading.strict && typeof cbor !== 'number' && typeof cbor !== 'bigint') {
        return reading.fail(`Expected an integer for ${member.shape.name}`)
      }
      return readDocument(cbor, reading)
    case 'string':
      if (reading.strict && typeof cbor !== 'string') return reading.fail(`Expected a string for ${member.shape.name}`)
      return readDocument(cbor, reading)
    default:
      return readDocument(cbor, reading)
  }
}

export function isCborMap(cbor: Cbor | undefined): cbor is { [key: string]: Cbor } {
  return (
    typeof cbor === 'object' &&
    cbor !== null &&
    !Array.isArray(cbor) &&
    !(cbor instanceof Float) &&
    !(cbor instanceof Uint8Array) &&
    !(cbor instanceof CborTag)
  )
}

function readStructure(member: Member, cbor: Cbor, reading: Reading): Structure {
  const { shape } = member
  if (!isCborMap(cbor)) return reading.fail(`Expected a structure for ${shape.name}`)
  if (shape.traits.union) {
    const tags = Object.keys(cbor).filter((key) => key !== '__type' && cbor[key] !== null)
    if (tags.length !== 1)
      reading.fail(`Invalid service response: ${shape.name} must have one and only one member set.`)
    const [tag] = tags as [string]
    if (!shape.members.some((known) => (known.traits.locationName ?? known.name) === tag)) {
      return reading.strict ? {} : unknownUnionMember(tag)
    }
  }
  const structure: Structure = {}
  for (const known of shape.members) {
    const item = cbor[known.traits.locationName ?? known.name]
    if (item !== undefined && item !== null) structure[known.name] = readCbor(known, item, reading)
  }
  return structure
}

function readMap(member: Member, cbor: Cbor, reading: Reading): Structure {
  if (!isCborMap(cbor)) return reading.fail(`Expected a map for ${member.shape.name}`)
  const map: Structure = {}
  const keys = keysOf(cbor)
  for (const key of keys) setKey(map, key, readCbor(member.shape.value!, cbor[key]!, reading))
  return reading.wire ? inOrder(map, keys) : map
}

function readDocument(cbor: Cbor, reading: Reading): Value {
  if (cbor instanceof Float) return reading.wire ? cbor : cbor.value
  if (cbor instanceof CborTag)
    return cbor.tag === 1n ? readTimestamp(cbor.value, reading) : readDocument(cbor.value, reading)
  if (cbor instanceof Uint8Array) return reading.wire ? toBase64(cbor) : cbor
  if (Array.isArray(cbor)) return cbor.map((item) => readDocument(item, reading))
  if (!isCborMap(cbor)) return cbor
  const map: Structure = {}
  const keys = keysOf(cbor)
  for (const key of keys) setKey(map, key, readDocument(cbor[key]!, reading))
  return reading.wire ? inOrder(map, keys) : map
}
