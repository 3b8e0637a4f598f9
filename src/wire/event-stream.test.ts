// Do events go out and come back, with headers, payloads of every kind, errors and things the model does not know?

import { describe, expect, test } from 'bun:test'
import { utf8 } from '../lib/bytes.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import { encodeFrame } from '../lib/event-stream.ts'
import type { Frame } from '../lib/event-stream.ts'
import type { Structure, Value } from '../lib/value.ts'
import { readBody } from '../http/message.ts'
import type { Operation, ProtocolName } from '../model/model.ts'
import { operationDo } from './operation.fixture.ts'
import { protocols } from './protocols.ts'

const shapes = {
  Out: { type: 'structure', members: { Events: { shape: 'Events' } }, payload: 'Events' },
  Events: {
    type: 'structure',
    eventstream: true,
    members: {
      Records: { shape: 'Records' },
      Note: { shape: 'Note' },
      Stats: { shape: 'Stats' },
      End: { shape: 'End' },
      Plain: { shape: 'Plain' },
      Throttled: { shape: 'Throttled' },
    },
  },
  Records: { type: 'structure', event: true, members: { Payload: { shape: 'Data', eventpayload: true } } },
  Note: {
    type: 'structure',
    event: true,
    members: {
      Text: { shape: 'Text', eventpayload: true },
      Kind: { shape: 'Text', eventheader: true },
      Number: { shape: 'Count', eventheader: true },
      At: { shape: 'When', eventheader: true },
      Last: { shape: 'Flag', eventheader: true },
      Key: { shape: 'Data', eventheader: true },
    },
  },
  Stats: { type: 'structure', event: true, members: { Details: { shape: 'Details', eventpayload: true } } },
  Details: { type: 'structure', members: { Bytes: { shape: 'Count' } } },
  End: { type: 'structure', event: true, members: {} },
  Plain: { type: 'structure', event: true, members: { Text: { shape: 'Text' }, Bytes: { shape: 'Count' } } },
  Throttled: {
    type: 'structure',
    exception: true,
    error: { httpStatusCode: 429 },
    members: { message: { shape: 'Text' }, After: { shape: 'Count' } },
  },
  Text: { type: 'string' },
  Count: { type: 'long' },
  Data: { type: 'blob' },
  When: { type: 'timestamp' },
  Flag: { type: 'boolean' },
}

function operationOf(protocol: ProtocolName): Operation {
  return operationDo(protocol, { operation: { output: { shape: 'Out' } }, shapes })
}

async function* these(...events: Structure[]): AsyncGenerator<Value> {
  yield* events
}

async function all(stream: Value | undefined): Promise<Value[]> {
  const events: Value[] = []
  for await (const event of stream as AsyncIterable<Value>) events.push(event)
  return events
}

const events: Structure[] = [
  { Records: { Payload: utf8('a,b\n') } },
  {
    Note: { Kind: 'é', Number: 5, At: new Date('2026-01-02T03:04:05.678Z'), Last: true, Key: utf8('k'), Text: 'hello' },
  },
  { Stats: { Details: { Bytes: 7 } } },
  { Plain: { Text: '<x>', Bytes: 1 } },
  { End: {} },
]

describe.each(['rest-xml', 'rest-json', 'json', 'smithy-rpc-v2-cbor'] as const)('%s', (protocol) => {
  const operation = operationOf(protocol)

  test('events come back as they were sent', async () => {
    const codec = await protocols[protocol]()
    const response = codec.writeResponse(operation, { Events: these(...events) }, 'R')
    expect(response.headers['content-type']).toBe('application/vnd.amazon.eventstream')
    expect(await all(codec.readResponse(operation, response)['Events'])).toEqual(events)
  })

  test('an exception in the stream is thrown after the events before it', async () => {
    const codec = await protocols[protocol]()
    const failing = async function* (): AsyncGenerator<Value> {
      yield { End: {} }
      throw new AwsError('Throttled', 'slower', { detail: { After: 3 } })
    }
    const seen: Value[] = []
    const response = codec.writeResponse(operation, { Events: failing() }, 'R')
    try {
      for await (const event of codec.readResponse(operation, response)['Events'] as AsyncIterable<Value>)
        seen.push(event)
      expect.unreachable()
    } catch (error) {
      const { code, message, status, detail } = error as AwsError
      expect({ code, message, status, detail }).toEqual({
        code: 'Throttled',
        message: 'slower',
        status: 429,
        detail: { After: 3 },
      })
    }
    expect(seen).toEqual([{ End: {} }])
  })

  test('an exception the model does not know is thrown as an error', async () => {
    const codec = await protocols[protocol]()
    const failing = async function* (): AsyncGenerator<Value> {
      yield* []
      throw new AwsError('InternalError', 'oh')
    }
    const response = codec.writeResponse(operation, { Events: failing() }, 'R')
    await expect(all(codec.readResponse(operation, response)['Events'])).rejects.toThrow('oh')
  })
})

function frame(type: string, payload = ''): Frame {
  return {
    headers: { ':message-type': { type: 'string', value: 'event' }, ':event-type': { type: 'string', value: type } },
    payload: utf8(payload),
  }
}

test('events the model does not know are passed over', async () => {
  const operation = operationOf('rest-json')
  const body = new Uint8Array(
    await new Blob(
      [frame('New', '{}'), frame('initial-response', '{}'), frame('Plain', '{"Text":"t"}')].map(
        (one) => encodeFrame(one) as Uint8Array<ArrayBuffer>,
      ),
    ).arrayBuffer(),
  )
  const output = (await protocols['rest-json']()).readResponse(operation, { status: 200, headers: {}, body })
  expect(await all(output['Events'])).toEqual([{ Plain: { Text: 't' } }])
})

test('a damaged stream is a failure to read', async () => {
  const operation = operationOf('rest-json')
  const body = encodeFrame(frame('Plain', '{}'))
  body[20]! ^= 1
  const output = (await protocols['rest-json']()).readResponse(operation, { status: 200, headers: {}, body })
  await expect(all(output['Events'])).rejects.toThrow(Failure)
})

test('who stops listening closes the connection', async () => {
  const operation = operationOf('rest-json')
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(encodeFrame(frame('End'))),
    cancel: () => {
      cancelled = true
    },
  })
  const output = (await protocols['rest-json']()).readResponse(operation, { status: 200, headers: {}, body })
  for await (const event of output['Events'] as AsyncIterable<Value>) {
    expect(event).toEqual({ End: {} })
    break
  }
  expect(cancelled).toBe(true)
})

test('the server stops its events when the client goes away', async () => {
  const operation = operationOf('rest-json')
  let ended = false
  const endless = async function* (): AsyncGenerator<Value> {
    try {
      for (;;) yield { End: {} }
    } finally {
      ended = true
    }
  }
  const { body } = (await protocols['rest-json']()).writeResponse(operation, { Events: endless() }, 'R')
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  await reader.read()
  await reader.cancel()
  expect(ended).toBe(true)
})

test('a body of bytes and a stream of them are the same', async () => {
  const operation = operationOf('rest-json')
  const codec = await protocols['rest-json']()
  const { body } = codec.writeResponse(operation, { Events: these(...events) }, 'R')
  const bytes = await readBody(body)
  expect(await all(codec.readResponse(operation, { status: 200, headers: {}, body: bytes })['Events'])).toEqual(events)
})
