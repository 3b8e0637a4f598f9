// Does an input fit its operation? Complaints are botocore's ParamValidator, to the letter: scripts and people read
// them, so they speak of Python's types.
//
// Checked: required members, unknown members, types, minimum lengths and values, tagged unions. Not checked, as there:
// maxima, patterns, enums, which change on the server's side.

import { Failure } from '../lib/errors.ts'
import { parseFloatingPoint, str, typeName } from '../lib/python.ts'
import { parseTimestamp } from '../lib/time.ts'
import { Float, isOrderedMap } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { filter, some } from '../lib/iterate.ts'
import type { Member, Operation } from '../model/model.ts'

/** Throws Failure('ParamValidation') that lists everything wrong. */
export function validate(operation: Operation, input: Structure): void {
  if (!operation.input) return
  // Nothing was given and nothing is needed: most commands that only look.
  if (Object.keys(input).length === 0 && !some(operation.input.shape.members, (member) => member.required)) return
  const complaints: string[] = []
  check(input, operation.input, '', complaints)
  if (complaints.length > 0) throw invalid(complaints.join('\n'))
}

/** The same for a value that is no operation's: an argument of a command of our own. */
export function validateValue(member: Member, value: Value): void {
  const complaints: string[] = []
  check(value, member, '', complaints)
  if (complaints.length > 0) throw invalid(complaints.join('\n'))
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

export function invalid(report: string): Failure {
  return new Failure('ParamValidation', `Parameter validation failed:\n${report}`, { report })
}

function check(value: unknown, member: Member, path: string, complaints: string[]): void {
  const { shape, traits } = member
  const name = path === '' ? 'input' : path.startsWith('.') ? path.slice(1) : path
  const wrongType = (...valid: string[]): void => {
    complaints.push(
      `Invalid type for parameter ${name}, value: ${str(value)}, type: ${pythonType(value)}, valid types: ${valid.join(', ')}`,
    )
  }
  const atLeast = (size: number | bigint, what: 'length' | 'value'): void => {
    const least = traits.min ?? (traits.hostLabel ? 1 : undefined)
    if (least === undefined || !(size < least)) return
    complaints.push(
      `Invalid ${what} for parameter ${name}, value: ${what === 'value' ? str(value) : size}, valid min ${what}: ${least}`,
    )
  }

  if (traits.jsonvalue && traits.location === 'header') return
  // Events are checked when they are written: they may not be there yet.
  if (shape.traits.eventstream && isIterable(value)) return
  if (shape.type === 'structure' && shape.traits.document) {
    checkDocument(value, name, complaints)
    return
  }
  switch (shape.type) {
    case 'structure':
      if (!isMapping(value)) return wrongType(DICT)
      checkMembers(value, member, path, name, complaints)
      return
    case 'map':
      if (!isMapping(value)) return wrongType(DICT)
      for (const key of Object.keys(value)) {
        check(key, shape.key!, `${path} (key: ${key})`, complaints)
        check(value[key], shape.value!, `${path}.${key}`, complaints)
      }
      return
    case 'list':
      if (!Array.isArray(value)) return wrongType(LIST, TUPLE)
      atLeast(value.length, 'length')
      for (let index = 0; index < value.length; index++)
        check(value[index], shape.member!, `${path}[${index}]`, complaints)
      return
    case 'string':
    case 'character':
      if (typeof value !== 'string') return wrongType(STR)
      atLeast(lengthOf(value), 'length')
      return
    case 'boolean':
      if (typeof value !== 'boolean') wrongType(BOOL)
      return
    case 'integer':
    case 'long':
    case 'biginteger':
      // Python's bool is an int.
      if (typeof value === 'boolean') return atLeast(Number(value), 'value')
      if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) return wrongType(INT)
      return atLeast(value, 'value')
    case 'float':
    case 'double':
    case 'bigdecimal':
      if (typeof value === 'boolean') return atLeast(Number(value), 'value')
      if (value instanceof Float) return atLeast(value.value, 'value')
      if (typeof value !== 'number' && typeof value !== 'bigint') return wrongType(FLOAT, DECIMAL, INT)
      return atLeast(value, 'value')
    case 'timestamp':
      if (!isTimestamp(value)) wrongType(DATETIME, 'timestamp-string')
      return
    case 'blob':
      if (!isBlob(value)) wrongType(BYTES, BYTEARRAY, 'file-like object')
  }
}

function checkMembers(
  value: Record<string, unknown>,
  { shape }: Member,
  path: string,
  name: string,
  complaints: string[],
): void {
  const keys = filter(Object.keys(value), (key) => value[key] !== undefined)
  if (shape.traits.union) {
    const members = shape.members.map((member) => member.name).join('. ')
    if (keys.length === 0) {
      complaints.push(`Must set one of the following keys for tagged unionstructure ${name}: ${members}.`)
    } else if (keys.length > 1) {
      complaints.push(
        `Invalid number of parameters set for tagged union structure ${name}. Can only set one of the following keys: ${members}.`,
      )
    }
  }
  for (const member of shape.members) {
    if (member.required && value[member.name] === undefined) {
      complaints.push(`Missing required parameter in ${name}: "${member.name}"`)
    }
  }
  const known: Member[] = []
  for (const key of keys) {
    const member = shape.memberNamed(key)
    if (member) known.push(member)
    else {
      const names = shape.members.map((each) => each.name).join(', ')
      complaints.push(`Unknown parameter in ${name}: "${key}", must be one of: ${names}`)
    }
  }
  for (const member of known) check(value[member.name], member, `${path}.${member.name}`, complaints)
}

/** A document is JSON of any form. */
function checkDocument(value: unknown, name: string, complaints: string[]): void {
  if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Float)
    return
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkDocument(item, `${name}[${index}]`, complaints))
  } else if (isMapping(value)) {
    for (const key of Object.keys(value)) checkDocument(value[key], key, complaints)
  } else {
    complaints.push(
      `Invalid type for document parameter ${name}, value: ${str(value)}, type: ${pythonType(value)}, ` +
        `valid types: ${[STR, INT, BOOL, FLOAT, "<class 'list'>", DICT].join(', ')}`,
    )
  }
}

const STR = "<class 'str'>"
const INT = "<class 'int'>"
const BOOL = "<class 'bool'>"
const FLOAT = "<class 'float'>"
const DECIMAL = "<class 'decimal.Decimal'>"
const DICT = "<class 'dict'>"
const ORDERED = "<class 'collections.OrderedDict'>"
const LIST = "<class 'list'>"
const TUPLE = "<class 'tuple'>"
const BYTES = "<class 'bytes'>"
const BYTEARRAY = "<class 'bytearray'>"
const DATETIME = "<class 'datetime.datetime'>"

function pythonType(value: unknown): string {
  if (value instanceof Date) return DATETIME
  return isMapping(value) && isOrderedMap(value) ? ORDERED : `<class '${typeName(value)}'>`
}

function isMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (Object.getPrototypeOf(value) === Object.prototype) return !(Symbol.asyncIterator in value)
  return !(value instanceof Uint8Array || value instanceof Date || value instanceof Float || isStream(value))
}

function isBlob(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array || isStream(value)
}

function isStream(value: unknown): boolean {
  return (
    value instanceof Blob ||
    value instanceof ReadableStream ||
    (typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
  )
}

function isTimestamp(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  if (value instanceof Float) return inYears(value.value)
  if (typeof value === 'number' || typeof value === 'bigint') return inYears(Number(value))
  if (typeof value !== 'string') return false
  const seconds = parseFloatingPoint(value)
  // So many digits are no seconds but a date without marks between, and none that there is.
  if (seconds !== undefined && !inYears(seconds) && !Number.isNaN(seconds) && !/^(\d{12}|\d{14})$/.test(value)) {
    throw new Failure('InvalidValue', `Unable to calculate correct timezone offset for "${value}"`)
  }
  try {
    return inYears(parseTimestamp(value).seconds)
  } catch {
    return false
  }
}

/** Whether seconds are within the years 1 to 9999, in which Python's time is. */
function inYears(seconds: number): boolean {
  return seconds >= -62_135_596_800 && seconds < 253_402_300_800
}

/** Python counts code points. */
function lengthOf(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) length--
  }
  return length
}
