// Event streams through a whole call: what a service streams is iterated, what a caller streams is signed.

import { expect, test } from 'bun:test'
import { concat, utf8 } from '../lib/bytes.ts'
import { encodeFrame, readFrames } from '../lib/event-stream.ts'
import { piecesOf } from '../lib/stream.ts'
import type { Structure, Value } from '../lib/value.ts'
import { openModels } from '../model/load.ts'
import { fileSource } from '../model/source.ts'
import { call } from './call.ts'
import { client } from './test-client.ts'

const models = await openModels({ source: fileSource('build/models.bin') })

const text = (value: string) => ({ type: 'string', value }) as const
const frame = (kind: string, type: string, payload: string): Uint8Array =>
  encodeFrame({
    headers: { ':message-type': text(kind), [`:${kind}-type`]: text(type), ':content-type': text('application/json') },
    payload: utf8(payload),
  })

async function collected(events: Value | undefined): Promise<{ seen: Value[]; error?: unknown }> {
  const seen: Value[] = []
  try {
    for await (const event of events as AsyncIterable<Value>) seen.push(event)
    return { seen }
  } catch (error) {
    return { seen, error }
  }
}

test('rest-json: bedrock-runtime ConverseStream', async () => {
  const body = concat([
    frame('event', 'messageStart', '{"role":"assistant"}'),
    frame('event', 'contentBlockDelta', '{"contentBlockIndex":0,"delta":{"text":"hi"}}'),
    frame('event', 'somethingNew', '{}'),
    frame('event', 'messageStop', '{"stopReason":"end_turn"}'),
  ])
  const { settings } = client([{ body }], { models })
  const output = await call(await models.operation('bedrock-runtime', 'ConverseStream'), { modelId: 'm' }, settings)
  expect((await collected(output['stream'])).seen).toEqual([
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'hi' } } },
    { messageStop: { stopReason: 'end_turn' } },
  ])
})

test('json: logs StartLiveTail, an initial response and an exception in the stream', async () => {
  const body = concat([
    frame('event', 'initial-response', '{}'),
    frame('event', 'sessionStart', '{"requestId":"r"}'),
    frame('exception', 'SessionTimeoutException', '{"message":"too long"}'),
  ])
  const { settings } = client([{ body }], { models })
  const input = { logGroupIdentifiers: ['arn:aws:logs:us-east-1:123456789012:log-group:g'] }
  const output = await call(await models.operation('logs', 'StartLiveTail'), input, settings)
  const { seen, error } = await collected(output['responseStream'])
  expect(seen).toEqual([{ sessionStart: { requestId: 'r' } }])
  expect(error).toMatchObject({ code: 'SessionTimeoutException', message: 'too long' })
})

test('a stream that breaks off is no end', async () => {
  const whole = concat([
    frame('event', 'messageStart', '{"role":"assistant"}'),
    frame('event', 'messageStop', '{"stopReason":"x"}'),
  ])
  const { settings } = client([{ body: whole.slice(0, -5) }], { models })
  const output = await call(await models.operation('bedrock-runtime', 'ConverseStream'), { modelId: 'm' }, settings)
  const { seen, error } = await collected(output['stream'])
  expect(seen).toHaveLength(1)
  expect(error).toMatchObject({ kind: 'UnreadableResponse' })
})

test('what the caller streams goes out message by message, each signed', async () => {
  const { settings, requests } = client([{ body: new Uint8Array(0) }], { models })
  async function* words(): AsyncGenerator<Structure> {
    yield { TextEvent: { Text: 'hello' } }
  }
  const input = { VoiceId: 'Joanna', OutputFormat: 'mp3', Engine: 'generative', ActionStream: words() }
  await call(await models.operation('polly', 'StartSpeechSynthesisStream'), input, settings)
  const { headers, body } = requests[0]!
  expect(headers['x-amz-content-sha256']).toBe('STREAMING-AWS4-HMAC-SHA256-EVENTS')
  expect(headers['content-type']).toBe('application/vnd.amazon.eventstream')
  const frames = []
  for await (const one of readFrames(piecesOf(body as ReadableStream<Uint8Array>))) frames.push(one)
  expect(frames.map((one) => Object.keys(one.headers))).toEqual([
    [':date', ':chunk-signature'],
    [':date', ':chunk-signature'],
  ])
  expect(frames[1]!.payload).toHaveLength(0)
})
