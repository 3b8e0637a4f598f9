// What is published: a message, the same or another for each protocol, with its attributes.

import { toBase64, utf8 } from '../../../lib/bytes.ts'
import { AwsError } from '../../../lib/errors.ts'
import { invalid, invalidAttribute } from './errors.ts'
import type { Attribute } from './filter-policy.ts'

/** What Publish, and an entry of PublishBatch, say. */
export interface PublishInput {
  readonly Message: string
  readonly Subject?: string
  readonly MessageStructure?: string
  readonly MessageAttributes?: Readonly<
    Record<string, { DataType?: string; StringValue?: string; BinaryValue?: Uint8Array }>
  >
  readonly MessageDeduplicationId?: string
  readonly MessageGroupId?: string
}

export interface Message {
  readonly id: string
  readonly subject?: string
  /** By protocol; `default` for the others. */
  readonly texts: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly group?: string
  readonly dedup?: string
  /** The X-Ray header that the request came with. */
  readonly trace?: string
  /** Milliseconds. */
  readonly time: number
}

export const mostBytes = 262_144

/** Throws InvalidParameter, ParameterValueInvalid. `at`: where in a batch, from 1. */
export function messageOf(input: PublishInput, time: number, at?: number): Message {
  const { Subject: subject, Message: text } = input
  if (text === '') throw invalid('Empty message')
  // oxlint-disable-next-line no-control-regex
  if (
    subject !== undefined &&
    (subject === '' || subject.length > 100 || /[\0-\x1f]/.test(subject) || /^\s/.test(subject))
  )
    throw invalid('Subject')
  const attributes = attributesOf(input, at)
  return {
    id: crypto.randomUUID(),
    subject,
    texts: textsOf(input),
    attributes,
    group: input.MessageGroupId,
    dedup: input.MessageDeduplicationId,
    time,
  }
}

function textsOf({ Message: text, MessageStructure: structure }: PublishInput): Record<string, string> {
  if (structure === undefined || structure === '') return { default: text }
  if (structure !== 'json') throw invalid('MessageStructure')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  const texts = Object.entries(Object(parsed) as object).filter(([, value]) => typeof value === 'string')
  const byProtocol = Object.fromEntries(texts) as Record<string, string>
  if (byProtocol['default'] === undefined) throw invalid('Message Structure - No default entry in JSON message body')
  return byProtocol
}

export function sizeOf({ Message: text, MessageAttributes: attributes = {} }: PublishInput): number {
  let size = utf8(text).length
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes))
    size += utf8(name + DataType + (StringValue ?? '')).length + (BinaryValue?.length ?? 0)
  return size
}

function attributesOf({ MessageAttributes: given = {} }: PublishInput, at: number | undefined): Message['attributes'] {
  const attributes: Record<string, Attribute> = {}
  for (const [name, { DataType: type, StringValue: text, BinaryValue: bytes }] of Object.entries(given)) {
    checkName(name)
    if (type === undefined) {
      const place = at === undefined ? '' : `publishBatchRequestEntries.${at}.member.`
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value null at '${place}messageAttributes.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
      )
    }
    if (!/^(String|Number|Binary)(\..+)?$/.test(type))
      throw invalidAttribute(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      )
    const empty = `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`
    if (text === undefined && bytes === undefined) throw invalidAttribute(empty)
    const isBinary = type.startsWith('Binary')
    if ((isBinary ? bytes : text) === undefined)
      throw invalidAttribute(
        `The message attribute '${name}' with type '${type}' must use field '${isBinary ? 'Binary' : 'String'}'.`,
      )
    if (isBinary ? bytes!.length === 0 : text === '') throw invalidAttribute(empty)
    if (type.startsWith('Number') && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text!.trim()))
      throw invalidAttribute(`Could not cast message attribute '${name}' value to number.`)
    attributes[name] = { type, value: isBinary ? toBase64(bytes!) : text! }
  }
  return attributes
}

function checkName(name: string): void {
  if (name.length > 256) throw invalidAttribute('Length of message attribute name must be less than 256 bytes.')
  if (name.startsWith('.'))
    throw invalidAttribute("Invalid message attribute name starting with character '.' was found.")
  if (name.endsWith('.')) throw invalidAttribute("Invalid message attribute name ending with character '.' was found.")
  const stray = /[^\w.-]/u.exec(name)?.[0]
  if (stray !== undefined)
    throw invalidAttribute(
      `Invalid non-alphanumeric character '#x${stray.codePointAt(0)!.toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    )
  if (name.includes('..')) throw invalidAttribute("Message attribute name can not have successive '.' character.")
}
