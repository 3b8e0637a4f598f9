// A conversation over HTTP/2, as services hold it that take streams of events: each of our events is signed, and
// answered before we have said the next.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { aws } from '../../dist/npm/virga/lib/index.js'

const folder = mkdtempSync(join(tmpdir(), 'virga-both-ways-'))
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
const certificate = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'
const subject = ['-addext', 'subjectAltName=DNS:localhost']
const made = spawnSync('openssl', [...certificate.split(' '), '-keyout', key, '-out', cert, ...subject])
const skip =
  made.status !== 0 ? 'openssl makes no certificate here' : crc32 === undefined ? 'this Node has no crc32' : false
if (skip) console.log(`skipped: ${skip}`)

let server, polly
const sessions = new Set()
const seen = []
before(async () => {
  if (skip) return
  server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) })
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {}) // the client goes away in the middle
    seen.push(headers)
    if (headers['x-refuse']) {
      stream.respond({ ':status': 400, 'x-amzn-errortype': 'ValidationException' })
      return stream.end('{"message":"no"}')
    }
    stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' })
    let held = Buffer.alloc(0)
    stream.on('data', (piece) => {
      held = Buffer.concat([held, piece])
      while (held.length >= 12 && held.length >= held.readUInt32BE(0)) {
        const frame = held.subarray(0, held.readUInt32BE(0))
        held = held.subarray(frame.length)
        const payload = frame.subarray(12 + frame.readUInt32BE(4), -4)
        if (payload.length === 0) return stream.end() // the signed end
        const inner = JSON.parse(payload.subarray(12 + payload.readUInt32BE(4), -4).toString())
        stream.write(audio(`heard ${inner.Text}`))
      }
    })
  })
  await new Promise((ready) => server.listen(0, 'localhost', ready))
  const endpointUrl = `https://localhost:${server.address().port}`
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  polly = aws.polly({ region: 'eu-west-1', endpointUrl, credentials, caBundle: cert, maxAttempts: 1 })
})
after(() => {
  server?.close()
  for (const session of sessions) session.destroy()
  rmSync(folder, { recursive: true, force: true })
})

/** A frame with a payload of bytes. */
function audio(text) {
  const header = (name, value) =>
    Buffer.concat([
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7, 0, value.length]),
      Buffer.from(value),
    ])
  const headers = Buffer.concat([header(':message-type', 'event'), header(':event-type', 'AudioEvent')])
  const body = Buffer.from(text)
  const frame = Buffer.alloc(16 + headers.length + body.length)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(headers.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  headers.copy(frame, 12)
  body.copy(frame, 12 + headers.length)
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4)
  return frame
}

const voice = { VoiceId: 'Joanna', OutputFormat: 'mp3', Engine: 'generative' }

test('what is said next depends on what was answered', { skip }, async () => {
  const heard = []
  let answered = Promise.withResolvers?.() ?? resolvers()
  async function* said() {
    for (const Text of ['one', 'two', 'three']) {
      yield { TextEvent: { Text } }
      await answered.promise
      answered = resolvers()
    }
  }
  const { EventStream } = await polly.startSpeechSynthesisStream({ ...voice, ActionStream: said() })
  for await (const { AudioEvent } of EventStream) {
    heard.push(Buffer.from(AudioEvent.AudioChunk).toString())
    answered.resolve()
  }
  assert.deepEqual(heard, ['heard one', 'heard two', 'heard three'])
  const headers = seen.at(-1)
  assert.equal(headers[':method'], 'POST')
  assert.equal(headers['x-amz-content-sha256'], 'STREAMING-AWS4-HMAC-SHA256-EVENTS')
  assert.match(headers.authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//)
})

test('an error before the conversation', { skip }, async () => {
  const calling = polly.startSpeechSynthesisStream({ ...voice, ActionStream: [] }, { headers: { 'x-refuse': '1' } })
  await assert.rejects(calling, { code: 'ValidationException', status: 400, message: 'no' })
})

test('an abort in the middle of it', { skip }, async () => {
  const controller = new AbortController()
  async function* said() {
    yield { TextEvent: { Text: 'one' } }
    await new Promise(() => {}) // silence
  }
  const input = { ...voice, ActionStream: said() }
  const { EventStream } = await polly.startSpeechSynthesisStream(input, { signal: controller.signal })
  const reading = (async () => {
    for await (const _ of EventStream) controller.abort()
  })()
  await assert.rejects(reading, { name: 'Failure', kind: 'Interrupted' })
})

test('nobody there', { skip }, async () => {
  const input = { ...voice, ActionStream: [] }
  const calling = polly.startSpeechSynthesisStream(input, { endpointUrl: 'https://localhost:1' })
  await assert.rejects(calling, { name: 'Failure', kind: 'Connection' })
})

function resolvers() {
  const made = {}
  made.promise = new Promise((resolve) => (made.resolve = resolve))
  return made
}
