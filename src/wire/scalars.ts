// How is one string, number, boolean, blob or timestamp written as text, and read back?
//
// XML, forms, headers, labels and query strings all hold scalars as text; JSON shares the timestamps and the blobs.

import { AwsError, Failure } from '../lib/errors.ts'
import { fromBase64, isBase64, toBase64, utf8 } from '../lib/bytes.ts'
import { numberText } from '../lib/json.ts'
import { parseFloatingPoint, parseInteger } from '../lib/python.ts'
import { dateOf, formatHttpDate, formatIso8601, formatIso8601Millis, parseTimestamp } from '../lib/time.ts'
import type { Timestamp } from '../lib/time.ts'
import { Float } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member, Traits } from '../model/model.ts'
import type { ReadOptions } from './protocol.ts'

/** How a message is read: for whom, and what to do when it cannot be. */
export interface Reading {
  /** Keep scalars as AWS CLI prints them (ReadOptions). */
  readonly wire: boolean
  /** The reader is the server: input that does not fit its shape is the caller's error. */
  readonly strict: boolean
  /** The package of the shapes' Java classes, where the service tells them (java-words.ts). */
  readonly javaPackage?: string
  readonly fail: (message: string) => never
}

export function clientReading(options: ReadOptions | undefined): Reading {
  return { wire: options?.scalars === 'wire', strict: false, fail: unreadable }
}

function unreadable(message: string): never {
  throw new Failure('UnreadableResponse', message)
}

/** Reading of a request: what does not fit is answered with this error code and status 400. */
export function serverReading(code: string, fixedMessage?: string, javaPackage?: string): Reading {
  return {
    wire: false,
    strict: true,
    javaPackage,
    fail: (message) => {
      throw new AwsError(code, fixedMessage ?? message)
    },
  }
}

/** What a body says. JSON's `null` is no answer to a client, which the reference cannot read either; a request may be it. */
export function structureRead(value: Value, reading: Reading): Structure {
  if (value === null && !reading.strict) reading.fail('Invalid service response: expected Structure, got null')
  return (value ?? {}) as Structure
}

/**
 * Who writes. Requests carry what botocore puts there: microseconds in ISO 8601, whole seconds in epoch time.
 * Responses carry milliseconds in both, as the services do.
 */
export type Side = 'request' | 'response'

export type TimestampFormat = NonNullable<Traits['timestampFormat']>

/** A timestamp as the wire has it; epoch seconds come as a number's text. */
export function timestampText(value: unknown, format: TimestampFormat, side: Side): string {
  const moment = parseTimestamp(value as Timestamp)
  switch (format) {
    case 'unixTimestamp': {
      const fraction = side === 'response' ? Math.floor(moment.micros / 1000) / 1000 : 0
      return numberText(moment.seconds + fraction)
    }
    case 'rfc822':
      return formatHttpDate(moment)
    case 'iso8601':
      return side === 'request' ? formatIso8601(moment) : formatIso8601Millis(moment)
  }
}

export function readTimestamp(value: unknown, reading: Reading): Value {
  if (reading.wire) return value as Value
  try {
    return dateOf(parseTimestamp(value as Timestamp))
  } catch {
    return reading.fail(`Invalid timestamp "${String(value)}"`)
  }
}

/** Base64 of bytes, or of text in UTF-8. */
export function blobText(value: unknown): string {
  return toBase64(value instanceof Uint8Array ? value : utf8(String(value)))
}

export function readBlob(text: string, reading: Reading): Value {
  if (reading.wire) return text
  if (reading.strict && !isBase64(text)) reading.fail('Invalid base64 in a blob')
  return fromBase64(text)
}

/** A number, boolean or string as text: `true`, `1.0`, `NaN`. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return numberText(value)
  return String(value)
}

/** A scalar as XML, forms, headers and URIs write it. */
export function scalarText(member: Member, value: unknown, format: TimestampFormat, side: Side): string {
  switch (member.shape.type) {
    case 'timestamp':
      return timestampText(value, member.traits.timestampFormat ?? format, side)
    case 'blob':
      return blobText(value)
    case 'boolean':
      return value === true || value === 'true' ? 'true' : 'false'
    case 'float':
    case 'double':
      // Services write doubles with a point: 5050.0.
      return side === 'response' && typeof value === 'number' ? plainText(new Float(value)) : plainText(value)
    default:
      return plainText(value)
  }
}

/** Reads a scalar from text. */
export function readScalar(member: Member, text: string, reading: Reading): Value {
  switch (member.shape.type) {
    case 'string':
    case 'character':
      return text
    case 'boolean':
      if (reading.strict && text !== 'true' && text !== 'false') reading.fail(`${text} is not a boolean`)
      return text === 'true'
    case 'integer':
    case 'long':
    case 'biginteger':
      return parseInteger(text) ?? reading.fail(`invalid literal for int() with base 10: '${text}'`)
    case 'float':
    case 'double':
    case 'bigdecimal': {
      const number = parseFloatingPoint(text)
      if (number === undefined) return reading.fail(`could not convert string to float: '${text}'`)
      return reading.wire ? new Float(number) : number
    }
    case 'timestamp':
      return readTimestamp(text, reading)
    case 'blob':
      return readBlob(text, reading)
    default:
      return reading.fail(`${member.name} cannot be read from text`)
  }
}

/** A union whose one member the model does not know becomes what botocore makes of it. */
export function unknownUnionMember(tag: string): Structure {
  return { SDK_UNKNOWN_MEMBER: { name: tag } }
}

/** Runs `read`, turning a parser's own error into the reading's. */
export function parsed<T>(read: () => T, reading: Reading, what: string): T {
  try {
    return read()
  } catch (error) {
    return reading.fail(`${what} (${(error as Error).message})`)
  }
}
