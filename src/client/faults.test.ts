// A server that misbehaves, over real sockets: for each fault the exact number of attempts, and between which bounds it
// is waited. Nobody sleeps: the pauses are written down.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { makeSend } from '../http/send.ts'
import type { Operation } from '../model/model.ts'
import { openModels } from '../model/load.ts'
import { fileSource } from '../model/source.ts'
import { call } from './call.ts'
import type { CallOptions } from './call.ts'
import type { Settings } from './settings.ts'
import { client, demo } from './test-client.ts'

const models = await openModels({ source: fileSource('build/models.bin') })

/** What the server does with a request that came whole; it writes raw bytes, or leaves it. */
type Fault = (socket: Socket, request: string) => void

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Fault =>
  (socket) => {
    const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    socket.write(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`)
  }
const well = answer(200, '{"Id":"i"}')
const broken = answer(503, '')
const throttled = answer(400, '{"__type":"ThrottlingException","message":"slow down"}')
const reset: Fault = (socket) => socket.resetAndDestroy()
const silence: Fault = () => {}
const garbage: Fault = (socket) => socket.end('lorem ipsum\r\n\r\n')
const half: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Id"')
  setTimeout(() => socket.destroy(), 10)
}
const slowBytes: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{')
}
/** A good answer, after which the connection is gone without a word. */
const farewell: Fault = (socket, request) => {
  well(socket, request)
  setTimeout(() => socket.destroy(), 5)
}

let server: Server
let port = 0
let script: Fault[] = []
let seen: string[] = []

beforeAll(async () => {
  server = createServer((socket) => {
    let held = ''
    socket.on('error', () => {})
    socket.on('data', (data) => {
      held += data.toString('latin1')
      for (;;) {
        const end = held.indexOf('\r\n\r\n')
        const length = Number(/content-length: *(\d+)/i.exec(held.slice(0, end))?.[1] ?? 0)
        if (end < 0 || held.length < end + 4 + length) return
        const request = held.slice(0, end + 4 + length)
        held = held.slice(request.length)
        seen.push(request)
        script[Math.min(seen.length, script.length) - 1]!(socket, request)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

interface Outcome {
  attempts: number
  pauses: number[]
  requests: string[]
  output?: Structure
  error?: any
}

interface Options extends CallOptions {
  changes?: Partial<Settings> & { keys?: Record<string, string> }
  operation?: Operation
  input?: Structure
}

async function under(
  faults: Fault[],
  { changes, operation = demo('Put'), input = { Name: 'nm' }, ...options }: Options = {},
): Promise<Outcome> {
  script = faults
  seen = []
  const pauses: number[] = []
  const { settings } = client([], {
    models,
    send: makeSend({ env: {} }),
    endpointUrl: () => `http://127.0.0.1:${port}`,
    // Short only where there is nothing to wait for.
    readTimeout: faults.includes(silence) || faults.includes(slowBytes) ? 250 : 10_000,
    retry: { mode: 'standard', maxAttempts: 3, chosen: true },
    pause: async (seconds, signal) => {
      pauses.push(seconds)
      if (signal?.aborted) throw new Failure('Interrupted', 'Interrupted')
    },
    ...changes,
  })
  try {
    const output = await call(operation, input, settings, options)
    return { attempts: seen.length, pauses, requests: seen, output }
  } catch (error) {
    return { attempts: seen.length, pauses, requests: seen, error }
  }
}

/** Upper bounds of the waits; the lower is 0, because of the jitter. */
const transient = [0.05, 0.1]
const throttling = [1, 2]

function within(pauses: readonly number[], bounds: readonly number[]): void {
  expect(pauses).toHaveLength(bounds.length)
  pauses.forEach((pause, index) => {
    expect(pause).toBeGreaterThanOrEqual(0)
    expect(pause).toBeLessThanOrEqual(bounds[index]!)
  })
}

describe('a fault, and then an answer', () => {
  const passing: [string, Fault[], number, readonly number[]][] = [
    ['a reset', [reset, well], 2, [0.05]],
    ['two resets', [reset, reset, well], 3, transient],
    ['no answer, only a closed connection', [(socket) => socket.end(), well], 2, [0.05]],
    ['something that is not HTTP', [garbage, well], 2, [0.05]],
    ['half an answer', [half, well], 2, [0.05]],
    ['silence', [silence, well], 2, [0.05]],
    ['bytes that stop coming', [slowBytes, well], 2, [0.05]],
    ['500', [answer(500, '{}'), well], 2, [0.05]],
    ['a burst of 503', [broken, broken, well], 3, transient],
    ['a throttle', [throttled, well], 2, [1]],
    ['two throttles', [throttled, throttled, well], 3, throttling],
    ['a reset, a throttle', [reset, throttled, well], 3, [0.05, 2]],
    ['an error the model calls throttling', [answer(400, '{"__type":"Busy"}'), well], 2, [1]],
  ]
  test.each(passing)('%s', async (_, faults, attempts, bounds) => {
    const outcome = await under(faults)
    expect(outcome.output).toEqual({ Id: 'i' })
    expect(outcome.attempts).toBe(attempts)
    within(outcome.pauses, bounds)
  })
})

describe('a fault that stays', () => {
  const staying: [string, Fault, number, readonly number[], object][] = [
    ['a reset', reset, 3, transient, { kind: 'Connection' }],
    ['half an answer', half, 3, transient, { kind: 'Connection' }],
    ['silence', silence, 3, transient, { kind: 'Timeout' }],
    ['503', broken, 3, transient, { status: 503 }],
    ['a throttle', throttled, 3, throttling, { code: 'ThrottlingException' }],
    ['400', answer(400, '{"__type":"ValidationException"}'), 1, [], { code: 'ValidationException' }],
    ['403', answer(403, '{"__type":"AccessDeniedException"}'), 1, [], { code: 'AccessDeniedException' }],
    ['404', answer(404, '{"__type":"ResourceNotFoundException"}'), 1, [], { status: 404 }],
    ['501', answer(501, '{"__type":"NotImplemented"}'), 1, [], { status: 501 }],
    ['a page of a proxy', answer(200, '<html>log in</html>'), 1, [], { kind: 'UnreadableResponse' }],
  ]
  test.each(staying)('%s', async (_, fault, attempts, bounds, error) => {
    const outcome = await under([fault])
    expect(outcome.error).toMatchObject(error)
    expect(outcome.attempts).toBe(attempts)
    within(outcome.pauses, bounds)
  })

  test('nobody there at all', async () => {
    const outcome = await under([], { changes: { endpointUrl: () => 'http://127.0.0.1:1' } })
    expect(outcome.error).toMatchObject({ kind: 'Connection' })
    within(outcome.pauses, transient)
  })

  test('says how often it was tried, and that this was the end', async () => {
    const { error } = await under([broken])
    expect(error.response).toMatchObject({ retries: 2, maxAttemptsReached: true })
  })
})

describe('hints', () => {
  const hinted = (milliseconds: string): Fault =>
    answer(400, '{"__type":"ThrottlingException"}', { 'x-amz-retry-after': milliseconds })
  const hints: [string, number, number][] = [
    ['3000', 3, 3],
    ['100', 0.1, 1], // the own wait may be longer
    ['600000', 5, 6], // not for more than five seconds beyond the own wait
    ['soon', 0, 1],
  ]
  test.each(hints)('wait %s ms', async (milliseconds, least, most) => {
    const { pauses } = await under([hinted(milliseconds), well])
    expect(pauses).toHaveLength(1)
    expect(pauses[0]).toBeGreaterThanOrEqual(least)
    expect(pauses[0]).toBeLessThanOrEqual(most)
  })
})

describe('nothing is done twice', () => {
  test('a request whose answer was lost bears the same token again', async () => {
    const { requests } = await under([reset, half, well])
    const tokens = requests.map((request) => /"Token": ?"([^"]+)"/.exec(request)![1])
    expect(tokens).toHaveLength(3)
    expect(new Set(tokens).size).toBe(1)
  })

  test('a body that can be read once is sent once', async () => {
    const Body = new Blob([utf8('once') as Uint8Array<ArrayBuffer>]).stream()
    const operation = await models.operation('s3', 'PutObject')
    const keys = { request_checksum_calculation: 'when_required' }
    const { attempts } = await under([broken], {
      operation,
      input: { Bucket: 'bkt', Key: 'k', Body },
      changes: { keys },
    })
    expect(attempts).toBe(1)
  })

  test('who was told to stop makes no further attempt', async () => {
    const abort = new AbortController()
    const outcome = await under([(socket, request) => (abort.abort(), broken(socket, request)), well], {
      signal: abort.signal,
    })
    expect(outcome.attempts).toBe(1)
    expect(outcome.error).toBeDefined()
  })
})

describe('clocks', () => {
  const skewed = (code: string, date: string): Fault => answer(403, `{"__type":"${code}","message":"m"}`, { date })
  const dates = (requests: readonly string[]): (string | undefined)[] =>
    requests.map((request) => /x-amz-date: *(\S+)/i.exec(request)?.[1])

  test.each(['RequestTimeTooSkewed', 'InvalidSignatureException', 'RequestExpired'])(
    'that are wrong by an hour: %s',
    async (code) => {
      const { requests, output } = await under([skewed(code, 'Fri, 02 Jan 2026 04:04:05 GMT'), well])
      expect(output).toEqual({ Id: 'i' })
      expect(dates(requests)).toEqual(['20260102T030405Z', '20260102T040405Z'])
    },
  )
  test('that are right: the key is wrong, and that is told at once', async () => {
    const { attempts, error } = await under([skewed('InvalidSignatureException', 'Fri, 02 Jan 2026 03:05:05 GMT')])
    expect(attempts).toBe(1)
    expect(error).toMatchObject({ code: 'InvalidSignatureException' })
  })
  test('that stay wrong are corrected once', async () => {
    const { attempts } = await under([
      skewed('RequestTimeTooSkewed', 'Fri, 02 Jan 2026 04:04:05 GMT'),
      skewed('RequestTimeTooSkewed', 'Fri, 02 Jan 2026 06:04:05 GMT'),
    ])
    expect(attempts).toBe(2)
  })
})

describe('redirects', () => {
  test('S3 says where the bucket is: once more, signed for there', async () => {
    const moved = answer(301, '<Error><Code>PermanentRedirect</Code></Error>', { 'x-amz-bucket-region': 'sa-east-1' })
    const operation = await models.operation('s3', 'HeadObject')
    const { requests, pauses } = await under([moved, answer(200, '')], {
      operation,
      input: { Bucket: 'bkt', Key: 'k' },
    })
    expect(requests.map((request) => /Credential=\w+\/\d+\/([\w-]+)/.exec(request)![1])).toEqual([
      'eu-west-1',
      'sa-east-1',
    ])
    expect(pauses).toEqual([])
  })
  test('nobody else’s are followed', async () => {
    const { attempts, error } = await under([answer(302, '', { location: 'http://127.0.0.1:1/' })])
    expect(attempts).toBe(1)
    expect(error).toMatchObject({ status: 302 })
  })
})

test('a kept connection that died is replaced, without a retry', async () => {
  script = [farewell, well]
  seen = []
  const pauses: number[] = []
  const { settings } = client([], {
    send: makeSend({ env: {} }),
    endpointUrl: () => `http://127.0.0.1:${port}`,
    pause: async (seconds) => void pauses.push(seconds),
  })
  await call(demo('List'), {}, settings)
  await new Promise((resolve) => setTimeout(resolve, 30))
  await call(demo('List'), {}, settings)
  expect(seen).toHaveLength(2)
  expect(pauses).toEqual([])
})

test('the quota: when everything fails, retries stop and calls go on', async () => {
  script = [broken]
  seen = []
  const { settings } = client([], {
    send: makeSend({ env: {} }),
    endpointUrl: () => `http://127.0.0.1:${port}`,
    pause: async () => {},
    retry: { mode: 'standard', maxAttempts: 3, chosen: true },
  })
  const calls = 30
  for (let made = 0; made < calls; made++) await call(demo('List'), {}, settings).catch(() => {})
  // 500 tokens, 14 for each retry: 35 retries, however many calls there are.
  expect(seen).toHaveLength(calls + 35)
})

test('long polling pauses before it gives up with an empty quota', async () => {
  script = [answer(500, '{"__type":"InternalFailure"}')]
  seen = []
  const pauses: number[] = []
  const { settings } = client([], {
    models,
    send: makeSend({ env: {} }),
    endpointUrl: () => `http://127.0.0.1:${port}`,
    pause: async (seconds) => void pauses.push(seconds),
    retry: { mode: 'standard', maxAttempts: 3, chosen: true },
  })
  const receive = await models.operation('sqs', 'ReceiveMessage')
  for (let made = 0; made < 30; made++)
    await call(receive, { QueueUrl: `http://127.0.0.1:${port}/q` }, settings).catch(() => {})
  // Every call that may not be retried any more waits once, so that a loop does not spin.
  const retried = 35
  expect(seen).toHaveLength(30 + retried)
  expect(pauses.length).toBeGreaterThan(retried)
})

test('a streamed answer that breaks off fails where it is read, and is not made again', async () => {
  const operation = await models.operation('s3', 'GetObject')
  const { output, attempts } = await under([half], { operation, input: { Bucket: 'bkt', Key: 'k' } })
  expect(attempts).toBe(1)
  const reading = new Response(output!['Body'] as ReadableStream<Uint8Array>).arrayBuffer()
  expect(await reading.catch((error: unknown) => error)).toBeInstanceOf(Error)
})
