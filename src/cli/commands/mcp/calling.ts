// One call for a program: only what looks, unless changes are allowed; secrets left out; no more of the answer than was
// agreed. What AWS says stays what it is, data.

import { text } from '../../../lib/bytes.ts'
import { compile } from '../../../lib/jmespath/jmespath.ts'
import { parseJson } from '../../../lib/json.ts'
import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { call } from '../../../client/call.ts'
import { paginate } from '../../../client/paginate.ts'
import type { Operation } from '../../../model/model.ts'
import { decodeBlobs } from '../../input/blobs.ts'
import { jsonText } from '../../output/json.ts'
import { present } from '../../output/present.ts'
import { refusesChanges } from '../../read-only.ts'
import { withoutSecrets } from '../../secrets.ts'
import { named } from '../../error-operation.ts'
import type { Session } from '../../session.ts'

export interface Wanted {
  readonly input: Structure
  /** JMESPath. */
  readonly query?: string
  readonly maxItems: number
  readonly startingToken?: string
}

/** Characters of a result that are handed on at most. */
export interface Limits {
  readonly output: number
}

/** Throws AwsError, Failure('ReadOnly') for what would change something and may not. */
export async function called(
  operation: Operation,
  wanted: Wanted,
  { session, mayChange, limits, signal }: { session: Session; mayChange: boolean; limits: Limits; signal: AbortSignal },
): Promise<Value> {
  const query = wanted.query === undefined ? undefined : queryOf(wanted.query)
  const own = await session.settings()
  const settings = mayChange ? own : { ...own, refuse: refusesChanges(session.outside.models) }
  const { input } = wanted
  if (operation.input !== undefined) decodeBlobs(input, operation.input.shape, 'base64')
  const paginator = operation.service.paginator(operation.name)
  const { maxItems, startingToken } = wanted
  const output = await named(operation, async () =>
    paginator === undefined
      ? call(operation, input, settings, { signal })
      : paginate(operation, paginator, input, settings, { maxItems, startingToken, signal }).whole(),
  )
  const read = await withoutStreams(operation, output, limits.output)
  const shown = withoutSecrets(operation.output, present(operation, read, { timestampFormat: 'iso8601' }))
  return query === undefined ? shown : query(shown)
}

/** An input as it came in JSON: numbers as the command line reads them. */
export function inputOf(given: unknown): Structure {
  return parseJson(JSON.stringify(given ?? {}), { wire: true }) as Structure
}

function queryOf(expression: string): (value: Value) => Value {
  try {
    return compile(expression)
  } catch (error) {
    throw new Failure('ParamValidation', `Bad value for query: ${(error as Error).message}`)
  }
}

/** A payload that streams is read as far as it would be shown, and told as text where it is text. */
async function withoutStreams(operation: Operation, output: Structure, limit: number): Promise<Structure> {
  const payload = operation.output?.shape.traits.payload
  const streamed = Object.entries(output).find(([name, value]) => name === payload || isStream(value))
  if (streamed === undefined) return output
  const [name, value] = streamed
  if (value instanceof ReadableStream) return { ...output, [name]: shownBytes(...(await firstBytes(value, limit))) }
  if (value instanceof Uint8Array) return { ...output, [name]: shownBytes(value, false) }
  if (!isStream(value)) return output
  const events: Value[] = []
  for await (const event of value as AsyncIterable<Value>) {
    events.push(event)
    if (events.length >= EVENTS) break
  }
  return { ...output, [name]: events }
}

const EVENTS = 1000

function isStream(value: unknown): boolean {
  return (
    value instanceof ReadableStream || (typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
  )
}

async function firstBytes(stream: ReadableStream<Uint8Array>, limit: number): Promise<[Uint8Array, boolean]> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return [Buffer.concat(parts), false]
    parts.push(value)
    length += value.length
    if (length <= limit) continue
    await reader.cancel()
    return [Buffer.concat(parts).subarray(0, limit), true]
  }
}

function shownBytes(bytes: Uint8Array, cut: boolean): string {
  // The last character may be cut in the middle.
  const whole = cut ? bytes.subarray(0, bytes.length - 4) : bytes
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(whole, { stream: true })
  } catch {
    return `<${cut ? 'more than ' : ''}${bytes.length} bytes that are no text>`
  }
  return cut ? `${text(whole)}\n<cut after ${whole.length} bytes>` : text(whole)
}

/**
 * As it is handed on: JSON on one line. Characters that nobody sees, which may hide words from whoever looks on, are
 * written as escapes; a text that is too long is cut, and says so.
 */
export function resultText(value: Value, { output: limit }: Limits): string {
  const whole = jsonText(value)
    .replaceAll(/\n */g, '')
    .replace(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f]/gu, escaped)
  if (whole.length <= limit) return whole
  return (
    `${whole.slice(0, limit)}\n\n` +
    `[Cut: ${limit} of ${whole.length} characters. Ask for less: a query (JMESPath), fewer max_items, a narrower input.]`
  )
}

function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => {
    return `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`
  }).join('')
}
