// How does a service that tells its own Java types word a body of the wrong kinds? DynamoDB does, and the tests of its
// doubles compare every word.
//
//   {"TableName": []}        Unrecognized collection type class java.lang.String
//   {"Key": {"a": "x"}}      Unexpected value type in payload

import { isBase64 } from '../lib/bytes.ts'
import type { Json } from '../lib/json.ts'
import { Float } from '../lib/value.ts'
import type { Member } from '../model/model.ts'

const scalarNames: Readonly<Record<string, string>> = {
  string: 'String',
  character: 'String',
  boolean: 'Boolean',
  integer: 'Integer',
  long: 'Long',
  float: 'Double',
  double: 'Double',
  timestamp: 'Date',
}

/** What is wrong with `json` as a value of the member, whose shapes are classes of `javaPackage`. `inner`: in a list or map. */
export function javaMismatch(member: Member, json: Json, javaPackage: string, inner: boolean): string {
  const { type, name } = member.shape
  const isList = Array.isArray(json)
  const isScalar = typeof json !== 'object' || json instanceof Float
  switch (type) {
    case 'blob':
      if (isScalar) return 'only base-64-encoded strings are convertible to bytes'
      return isList ? 'Unrecognized collection type class java.nio.ByteBuffer' : struct
    case 'list':
      return isScalar ? (inner ? cast : 'Unexpected field type') : struct
    case 'map':
      if (isScalar) return inner ? cast : 'Unexpected field type'
      return `Unrecognized collection type ${javaName(member, javaPackage)}`
    case 'structure':
      if (isScalar) return inner ? 'Unexpected value type in payload' : 'Unexpected field type'
      return `Unrecognized collection type class ${javaPackage}.${name}`
    default: {
      const wanted = scalarNames[type] ?? type
      if (isList) return `Unrecognized collection type class java.lang.${wanted}`
      if (!isScalar) return struct
      if (typeof json === 'string' && type === 'boolean') return 'Unexpected token received from parser'
      return `${kindOf(json)} cannot be converted to ${wanted}`
    }
  }
}

const struct = 'Start of structure or map found where not expected'
const cast =
  'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ' +
  '(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of ' +
  "loader 'bootstrap')"

function javaName({ shape }: Member, javaPackage: string): string {
  if (shape.type === 'map') return `java.util.Map<java.lang.String, ${javaName(shape.value!, javaPackage)}>`
  if (shape.type === 'list') return `java.util.List<${javaName(shape.member!, javaPackage)}>`
  return shape.type === 'structure'
    ? `${javaPackage}.${shape.name}`
    : `java.lang.${scalarNames[shape.type] ?? shape.type}`
}

function kindOf(json: Json): string {
  if (typeof json === 'string') return 'STRING_VALUE'
  if (typeof json === 'boolean') return json ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return Number.isInteger(Number(json)) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'
}

/** What is wrong with the base64; undefined for nothing. Bits that no byte uses must be zero. */
export function javaBase64Fault(text: string): string | undefined {
  if (text.length % 4 !== 0) return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`
  const last = text.replace(/=+$/, '').at(-1) ?? 'A'
  const unused = text.endsWith('==') ? 15 : text.endsWith('=') ? 3 : 0
  const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(last)
  return isBase64(text) && (value & unused) === 0 ? undefined : 'Invalid last non-pad Base64 character dectected'
}

/** It also takes words for booleans. */
export function javaBoolean(text: string): boolean | undefined {
  const word = text.toUpperCase()
  if (['TRUE', '1', 'YES'].includes(word)) return true
  return ['FALSE', '0', 'NO'].includes(word) ? false : undefined
}
