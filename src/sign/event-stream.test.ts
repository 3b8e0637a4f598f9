import { expect, test } from 'bun:test'
import { utf8 } from '../lib/bytes.ts'
import { encodeFrame, readFrames } from '../lib/event-stream.ts'
import type { Frame } from '../lib/event-stream.ts'
import { piecesOf } from '../lib/stream.ts'
import type { HttpRequest } from '../http/message.ts'
import { claimOf } from './claim.ts'
import { eventsPayload, eventVerifier, withSignedEvents } from './event-stream.ts'
import { sign } from './sigv4.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const options = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret },
  region: 'us-east-1',
  service: 'transcribe',
  date: new Date('2026-01-02T03:04:05Z'),
}
const frame = (text: string): Uint8Array =>
  encodeFrame({ headers: { ':message-type': { type: 'string', value: 'event' } }, payload: utf8(text) })

async function sent(...messages: string[]): Promise<{ request: HttpRequest; wrapped: Frame[] }> {
  const body = new Blob(messages.map((message) => frame(message) as Uint8Array<ArrayBuffer>)).stream()
  const plain: HttpRequest = {
    method: 'POST',
    scheme: 'https',
    host: 'example.com',
    path: '/',
    query: '',
    headers: {},
    body,
  }
  const signed = sign(plain, { ...options, payloadHash: eventsPayload, contentSha256Header: true })
  let seconds = 0
  const request = withSignedEvents(signed, options, () => new Date(options.date.getTime() + 1000 * seconds++ + 7))
  const wrapped: Frame[] = []
  for await (const one of readFrames(piecesOf(request.body as ReadableStream<Uint8Array>))) wrapped.push(one)
  return { request, wrapped }
}

function holds(request: HttpRequest, wrapped: readonly Frame[]): boolean[] {
  const verify = eventVerifier(claimOf(request)!, secret)
  return wrapped.map(({ headers, payload }) =>
    verify(payload, {
      date: headers[':date']!.value as Date,
      signature: headers[':chunk-signature']!.value as Uint8Array,
    }),
  )
}

test('every message is wrapped, signed and followed by an empty one', async () => {
  const { request, wrapped } = await sent('one', 'two')
  expect(request.headers['x-amz-content-sha256']).toBe('STREAMING-AWS4-HMAC-SHA256-EVENTS')
  expect(wrapped.map(({ payload }) => payload)).toEqual([frame('one'), frame('two'), new Uint8Array(0)])
  expect(wrapped.map(({ headers }) => (headers[':date']!.value as Date).getUTCSeconds())).toEqual([5, 6, 7])
  expect(holds(request, wrapped)).toEqual([true, true, true])
})

test('a message that is changed, left out or moved breaks the chain', async () => {
  const { request, wrapped } = await sent('one', 'two', 'three')
  const [one, two, three, end] = wrapped as [Frame, Frame, Frame, Frame]
  expect(holds(request, [one, { ...two, payload: frame('2') }, three, end])[1]).toBe(false)
  expect(holds(request, [one, three, end])[1]).toBe(false)
  expect(holds(request, [two, one])[0]).toBe(false)
})
