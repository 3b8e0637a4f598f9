// How do the events of a stream become values, and back?
//
//   frame { :message-type event, :event-type Records } payload …   ⇄   { Records: { Payload: bytes } }
//
// An exception in the stream is thrown to whoever iterates. The initial response of RPC protocols is passed over: no
// output that has an event stream has anything else in it.

import { AwsError, Failure } from '../lib/errors.ts'
import { text, utf8 } from '../lib/bytes.ts'
import { encodeFrame, FrameError, readFrames } from '../lib/event-stream.ts'
import type { Frame, HeaderValue } from '../lib/event-stream.ts'
import { Float } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { Body } from '../http/message.ts'
import type { Member } from '../model/model.ts'
import { detailOf } from './errors.ts'
import type { Reading, Side } from './scalars.ts'

/** How a protocol writes a structure inside an event. */
export interface EventFormat {
  readonly mime: string
  encode(member: Member, value: Value, side: Side): Uint8Array
  decode(member: Member, body: Uint8Array, reading: Reading): Value
}

/** The events of a body. Iterating throws AwsError for an exception in the stream, Failure for a damaged one. */
export async function* readEventBody(
  member: Member,
  body: Body,
  format: EventFormat,
  reading: Reading,
): AsyncGenerator<Value> {
  try {
    for await (const frame of readFrames(piecesOf(body))) {
      const event = readEvent(member, frame, format, reading)
      if (event) yield event
    }
  } catch (error) {
    if (error instanceof FrameError) throw new Failure('UnreadableResponse', error.message)
    throw error
  }
}

async function* piecesOf(body: Body): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body
    return
  }
  const reader = (body instanceof Blob ? body.stream() : body).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

/** Undefined for an event the model does not know, and for the initial response. */
function readEvent(member: Member, frame: Frame, format: EventFormat, reading: Reading): Structure | undefined {
  const type = textHeader(frame, ':message-type')
  if (type === 'exception') throw exceptionOf(member, frame, format, reading)
  if (type === 'error') {
    throw new AwsError(textHeader(frame, ':error-code') ?? '', textHeader(frame, ':error-message') ?? '')
  }
  const name = textHeader(frame, ':event-type') ?? ''
  const event = member.shape.memberNamed(name)
  return event && { [name]: readEventValue(event, frame, format, reading) }
}

function exceptionOf(member: Member, frame: Frame, format: EventFormat, reading: Reading): AwsError {
  const code = textHeader(frame, ':exception-type') ?? ''
  const known = member.shape.memberNamed(code)
  if (!known) return new AwsError(textHeader(frame, ':error-code') ?? code, textHeader(frame, ':error-message') ?? '')
  const members = (format.decode(known, frame.payload, reading) ?? {}) as Structure
  const message = members['Message'] ?? members['message'] ?? ''
  return new AwsError(code, String(message), {
    status: known.traits.error?.httpStatusCode ?? 400,
    detail: detailOf(members),
  })
}

function readEventValue(event: Member, frame: Frame, format: EventFormat, reading: Reading): Structure {
  const value: Structure = {}
  const payload = event.shape.members.find((known) => known.traits.eventpayload)
  for (const known of event.shape.members) {
    const header = known.traits.eventheader ? frame.headers[known.name] : undefined
    if (header) value[known.name] = headerValue(header, reading)
  }
  if (!payload) {
    const headers = event.shape.members.filter((known) => known.traits.eventheader).length
    if (headers === event.shape.members.length) return value
    return Object.assign(value, format.decode(event, frame.payload, reading))
  }
  if (payload.shape.type === 'blob') value[payload.name] = frame.payload
  else if (payload.shape.type === 'string') value[payload.name] = text(frame.payload)
  else value[payload.name] = format.decode(payload, frame.payload, reading)
  return value
}

function headerValue(header: HeaderValue, reading: Reading): Value {
  switch (header.type) {
    case 'long':
      return Number.isSafeInteger(Number(header.value)) ? Number(header.value) : header.value
    case 'timestamp':
      return reading.wire ? new Float(header.value.getTime() / 1000) : header.value
    default:
      return header.value
  }
}

function textHeader(frame: Frame, name: string): string | undefined {
  const header = frame.headers[name]
  return header?.type === 'string' ? header.value : undefined
}

/** A stream of frames from an iterable of events; an AwsError thrown by it becomes an exception in the stream. */
export function writeEventBody(
  member: Member,
  events: Value | undefined,
  format: EventFormat,
  initialResponse: boolean,
): ReadableStream<Uint8Array> {
  const frames = framesOf(member, events as AsyncIterable<Value> | Iterable<Value> | undefined, format, initialResponse)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await frames.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await frames.return(undefined)
    },
  })
}

async function* framesOf(
  member: Member,
  events: AsyncIterable<Value> | Iterable<Value> | undefined,
  format: EventFormat,
  initial: boolean,
): AsyncGenerator<Uint8Array> {
  if (initial) yield encodeFrame(frameOf('event', 'initial-response', format.mime, utf8('{}')))
  try {
    for await (const event of events ?? []) {
      for (const name of Object.keys(event as Structure)) {
        const known = member.shape.memberNamed(name)
        if (known) yield encodeFrame(eventFrame(known, (event as Structure)[name] as Structure, format))
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    yield encodeFrame(exceptionFrame(member, error, format))
  }
}

function eventFrame(event: Member, value: Structure, format: EventFormat): Frame {
  const payload = event.shape.members.find((known) => known.traits.eventpayload)
  const rest: Structure = {}
  const headers: Record<string, HeaderValue> = {}
  for (const known of event.shape.members) {
    const item = value[known.name]
    if (item === undefined || item === null) continue
    if (known.traits.eventheader) headers[known.name] = eventHeader(known, item)
    else rest[known.name] = item
  }
  const [mime, bytes] = payload ? payloadBytes(payload, rest[payload.name], format) : bodyOf(event, rest, format)
  const frame = frameOf('event', event.name, mime, bytes)
  Object.assign(frame.headers, headers)
  return frame
}

function bodyOf(event: Member, rest: Structure, format: EventFormat): [mime: string, bytes: Uint8Array] {
  const empty = event.shape.members.every((known) => known.traits.eventheader)
  return empty && event.shape.members.length > 0
    ? ['', emptyBody]
    : [format.mime, format.encode(event, rest, 'response')]
}

function payloadBytes(
  payload: Member,
  value: Value | undefined,
  format: EventFormat,
): [mime: string, bytes: Uint8Array] {
  if (payload.shape.type === 'blob') return ['application/octet-stream', (value as Uint8Array | undefined) ?? emptyBody]
  if (payload.shape.type === 'string') return ['text/plain', utf8(String(value ?? ''))]
  return [format.mime, value === undefined ? emptyBody : format.encode(payload, value, 'response')]
}

function frameOf(messageType: string, eventType: string, mime: string, payload: Uint8Array): Frame {
  const headers: Frame['headers'] = { ':event-type': { type: 'string', value: eventType } }
  if (mime) headers[':content-type'] = { type: 'string', value: mime }
  headers[':message-type'] = { type: 'string', value: messageType }
  return { headers, payload }
}

function exceptionFrame(member: Member, error: AwsError, format: EventFormat): Frame {
  const known = member.shape.memberNamed(error.code)
  if (!known) {
    return {
      headers: {
        ':error-code': { type: 'string', value: error.code },
        ':error-message': { type: 'string', value: error.message },
        ':message-type': { type: 'string', value: 'error' },
      },
      payload: emptyBody,
    }
  }
  const name = known.shape.members.find((inner) => /^message$/i.test(inner.name))?.name ?? 'message'
  const payload = format.encode(known, { [name]: error.message, ...error.detail }, 'response')
  return {
    headers: {
      ':exception-type': { type: 'string', value: error.code },
      ':content-type': { type: 'string', value: format.mime },
      ':message-type': { type: 'string', value: 'exception' },
    },
    payload,
  }
}

function eventHeader(member: Member, value: Value): HeaderValue {
  switch (member.shape.type) {
    case 'boolean':
      return { type: 'boolean', value: value === true }
    case 'integer':
      return { type: 'integer', value: Number(value) }
    case 'long':
      return { type: 'long', value: BigInt(value as number | bigint) }
    case 'blob':
      return { type: 'blob', value: value as Uint8Array }
    case 'timestamp':
      return { type: 'timestamp', value: value as Date }
    default:
      return { type: 'string', value: String(value) }
  }
}
