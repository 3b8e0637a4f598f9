// What is an attribute's value, may it be stored, and how large is it? One walk over what came in answers all three; it
// puts values into the form in which they are stored, compared and given back: numbers in their one spelling, binary
// as base64 (which JSON rows can hold).

import { fromBase64, toBase64, utf8 } from '../../../lib/bytes.ts'
import { invalid, invalidValue } from './errors.ts'
import { normalNumber, numberSize } from './numbers.ts'

/** Exactly one member is set. */
export interface AttributeValue {
  S?: string
  N?: string
  B?: string
  SS?: string[]
  NS?: string[]
  BS?: string[]
  M?: Item
  L?: AttributeValue[]
  NULL?: boolean
  BOOL?: boolean
}

export type Item = Record<string, AttributeValue>
export type Type = keyof AttributeValue

/** As the protocol reads it: B is bytes, and anything may be wrong. */
type Raw = Record<string, any>

export function typeOf(value: AttributeValue): Type {
  for (const type in value) return type as Type
  throw new TypeError('an attribute value without a type')
}

/** The attribute, were it called `constructor`. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined
}

/** Sets the attribute, were it called `__proto__`. */
export function setAttribute(item: Item, name: string, value: AttributeValue): void {
  if (name === '__proto__')
    Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true })
  else item[name] = value
}

/** What a walk found out. */
export interface Measure {
  /** Bytes, by the service's rules. */
  size: number
  /** Whether binary is anywhere in it: then `shown` has work to do. */
  binary: boolean
}

const deepest = 32

/** Checks the attributes, puts them into stored form where they are, and measures them. Throws ValidationException. */
export function take(raw: Raw): Measure {
  const found: Measure = { size: 0, binary: false }
  for (const name in raw) found.size += nameSize(name) + takeValue(raw[name], found, 0)
  return found
}

/** One value; its size. */
export function takeValue(raw: Raw, found: Measure = { size: 0, binary: false }, depth = 0): number {
  let size = -1
  let types = 0
  for (const type in raw) {
    types++
    size = takeTyped(raw, type, found, depth)
  }
  if (types === 1) return size
  throw invalid(
    types === 0
      ? 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'
      : 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  )
}

function takeTyped(raw: Raw, type: string, found: Measure, depth: number): number {
  const value = raw[type]
  switch (type) {
    case 'S':
      return textSize(value)
    case 'N':
      return numberSize((raw['N'] = normalNumber(value)))
    case 'B':
      found.binary = true
      raw['B'] = asBase64(value)
      return base64Size(raw['B'])
    case 'BOOL':
      return 1
    case 'NULL':
      if (value !== true) throw invalidValue('Null attribute value types must have the value of true')
      return 1
    case 'SS':
    case 'NS':
    case 'BS':
      return takeSet(raw, type, found)
    case 'L': {
      checkDepth(depth)
      let size = 3
      for (const each of value) size += 1 + takeValue(each ?? {}, found, depth + 1)
      return size
    }
    default: {
      checkDepth(depth)
      let size = 3
      for (const name in value) size += 1 + nameSize(name) + takeValue(value[name] ?? {}, found, depth + 1)
      return size
    }
  }
}

function checkDepth(depth: number): void {
  if (depth >= deepest)
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    )
}

function takeSet(raw: Raw, type: 'SS' | 'NS' | 'BS', found: Measure): number {
  const members = raw[type] as any[]
  if (members.length === 0)
    throw invalidValue(
      type === 'BS'
        ? 'Binary sets should not be empty'
        : `An ${type === 'SS' ? 'string' : 'number'} set  may not be empty`,
    )
  let size = 0
  for (let i = 0; i < members.length; i++) {
    if (type === 'NS') size += numberSize((members[i] = normalNumber(members[i] ?? '')))
    else {
      if (type === 'BS') members[i] = asBase64(members[i])
      size += type === 'SS' ? textSize(members[i]) : base64Size(members[i])
    }
  }
  if (type === 'BS') found.binary = true
  if (members.length > 1 && new Set(members).size < members.length) {
    if (type === 'NS') throw invalid('Input collection contains duplicates')
    throw invalidValue(
      `Input collection [${members.join(', ')}]${type === 'BS' ? 'of type BS contains' : ' contains'} duplicates.`,
    )
  }
  return size
}

/** Text where the walk has been here before. */
function asBase64(value: unknown): string {
  return value instanceof Uint8Array ? toBase64(value) : (value as string)
}

function nameSize(name: string): number {
  if (name.length > 65535 || textSize(name) > 65535)
    throw invalidValue('Attribute name is too large, must be less than 65536 bytes')
  return textSize(name)
}

/** Bytes of UTF-8. */
export function textSize(text: string): number {
  if (text.length > 64) return isAscii.test(text) ? text.length : utf8(text).length
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return utf8(text).length
  return text.length
}

// oxlint-disable-next-line no-control-regex -- all of ASCII is meant
const isAscii = /^[\0-\x7f]*$/

export function base64Size(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)
}

/** The size of what is in stored form already. */
export function sizeOf(item: Item): number {
  let size = 0
  for (const name in item) size += textSize(name) + takeValue(item[name]!)
  return size
}

/** In the protocol's form: binary as bytes. What has none is given back as it is. */
export function shown(item: Item, binary: boolean): Record<string, any> {
  if (!binary) return item
  const copy: Raw = {}
  for (const name in item) setAttribute(copy, name, shownValue(item[name]!))
  return copy
}

function shownValue(value: AttributeValue): any {
  if (value.B !== undefined) return { B: fromBase64(value.B) }
  if (value.BS) return { BS: value.BS.map(fromBase64) }
  if (value.L) return { L: value.L.map(shownValue) }
  if (value.M) return { M: shown(value.M, true) }
  return value
}
