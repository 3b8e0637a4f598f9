// What may a message say beside its body, and which digest proves that it arrived?
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
//
// The digest: for each name in order, the lengths (4 bytes, big-endian) and bytes of name and type, a byte for the kind
// of value (1 text, 2 bytes), the value's length and bytes; all of it through MD5.

import { concat, fromBase64, toBase64, utf8 } from '../../../lib/bytes.ts'
import { md5Hex } from '../../../lib/hash.ts'
import { invalidParameter } from './errors.ts'

export interface AttributeValue {
  readonly DataType?: string
  readonly StringValue?: string
  readonly BinaryValue?: Uint8Array
  readonly StringListValues?: unknown[]
  readonly BinaryListValues?: unknown[]
}

/** As it is stored: bytes in base64. */
export interface StoredAttribute {
  type: string
  text?: string
  bytes?: string
}

export type Attributes = Record<string, StoredAttribute>

/** Undefined where there are none. */
export function digestOf(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const parts = names.flatMap((name) => {
    const { type, text, bytes } = attributes[name]!
    const value = text === undefined ? fromBase64(bytes!) : utf8(text)
    return [sized(utf8(name)), sized(utf8(type)), Uint8Array.of(text === undefined ? 2 : 1), sized(value)]
  })
  return md5Hex(concat(parts))
}

function sized(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return concat([length, bytes])
}

/** How much of a message's size its attributes take. */
export function sizeOf(attributes: Attributes): number {
  let size = 0
  for (const [name, { type, text, bytes }] of Object.entries(attributes))
    size += utf8(name).length + utf8(type).length + (text === undefined ? fromBase64(bytes!) : utf8(text)).length
  return size
}

/** Throws InvalidParameterValue. `kind`: `user` or `system`, as the texts call them. */
export function checked(given: Record<string, AttributeValue> | undefined, kind: 'user' | 'system'): Attributes {
  const names = Object.keys(given ?? {})
  if (names.length > 10)
    throw invalidParameter(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`)
  const attributes: Attributes = {}
  for (const name of names) attributes[name] = one(name, given![name]!, kind)
  return attributes
}

function one(name: string, value: AttributeValue, kind: string): StoredAttribute {
  const called = `Message (${kind}) attribute '${name}'`
  if (kind === 'user') checkName(name)
  const { DataType: type = '', StringValue: text, BinaryValue: bytes } = value
  if (type === '') throw invalidParameter(`${called} must contain a non-empty message attribute type.`)
  const [base] = type.split('.', 1) as [string]
  if (!['String', 'Number', 'Binary'].includes(base))
    throw invalidParameter(
      `The type of message (${kind}) attribute '${name}' is invalid. ` +
        'You must use only the following supported type prefixes: Binary, Number, String.',
    )
  if (type.length > 256) throw invalidParameter('Message (user) attribute types must be shorter than 256 Bytes')
  if (base === 'Binary') {
    if (bytes === undefined || bytes.length === 0)
      throw invalidParameter(`${called} must contain a non-empty value of type 'Binary'.`)
    return { type, bytes: toBase64(bytes) }
  }
  if (text === undefined || text === '')
    throw invalidParameter(`${called} must contain a non-empty value of type 'String'.`)
  if (base === 'Number' && !isNumber(text))
    throw invalidParameter(`Can't cast the value of message (${kind}) attribute '${name}' to a number.`)
  const stray = strayCharacter(text)
  if (stray !== undefined) throw invalidParameter(`${called} contains the invalid character ${stray}.`)
  return { type, text }
}

function checkName(name: string): void {
  if (name === '') throw invalidParameter('The request must contain non-empty message (user) attribute names.')
  if (utf8(name).length > 256) throw invalidParameter('Message (user) attribute names must be shorter than 256 Bytes')
  // AWS's words, and the space at the end.
  if (!/^[\p{L}\p{N}_.-]+$/u.test(name))
    throw invalidParameter(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    )
  if (/^\.|\.$|\.\.|^(aws|amazon)\./i.test(name))
    throw invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. " +
        "These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    )
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim())
}

/** The first character that XML 1.0 cannot hold, as `#x1`. */
export function strayCharacter(text: string): string | undefined {
  // oxlint-disable-next-line no-control-regex
  const stray = /[\0-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF\uD800-\uDFFF]/u.exec(text)?.[0]
  return stray === undefined ? undefined : `#x${stray.codePointAt(0)!.toString(16).toUpperCase()}`
}
