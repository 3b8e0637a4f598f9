import { connect } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { Failure } from '../../../lib/errors.ts'
import { text, utf8 } from '../../../lib/bytes.ts'
import { listen } from './listener.ts'
import { inOpenSsh, newKeyPair } from './ssh-key.ts'
import { tunnel } from './tunnel.ts'

/** Says back what it hears; `bye` ends it as asked in the address. */
const endpoint = Bun.serve({
  port: 0,
  fetch(request, server) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/denied') return new Response('AccessDenied', { status: 403 })
    agents.push(request.headers.get('user-agent'))
    const data = { code: Number(searchParams.get('code') ?? 1000), reason: searchParams.get('reason') ?? '' }
    return server.upgrade(request, { data }) ? undefined : new Response('')
  },
  websocket: {
    data: {} as { code: number; reason: string },
    maxPayloadLength: 65_000,
    message(socket, message) {
      if (String(message) === 'bye') socket.close(socket.data.code, socket.data.reason)
      else if (String(message) === 'cut') socket.terminate()
      else if (String(message) === 'words') socket.send('words')
      else socket.send(message)
    },
  },
})
const address = `ws://127.0.0.1:${endpoint.port}`
let agents: (string | null)[] = []
beforeEach(() => void (agents = []))
afterAll(() => endpoint.stop(true))

async function* saying(...words: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const word of words) yield typeof word === 'string' ? utf8(word) : word
}

async function heard(query: string, ...words: (string | Uint8Array)[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  await tunnel(
    `${address}${query}`,
    { from: saying(...words), to: (bytes) => (parts.push(bytes), true) },
    { userAgent: 'me' },
  )
  return Buffer.concat(parts)
}

describe('a tunnel', () => {
  test('carries both ways until the other side is done', async () => {
    expect(text(await heard('/', 'a', 'b', 'bye'))).toBe('ab')
    expect(agents).toEqual(['me'])
  })

  test('cuts what is large into messages', async () => {
    const large = new Uint8Array(1_000_000).map((_, at) => at % 251)
    expect(Buffer.compare(await heard('/', large, 'bye'), large)).toBe(0)
  })

  test.each([
    ['/?code=4001&reason=time+is+over', 'bye', 'Websocket Closure Reason: time is over'],
    ['/', 'cut', 'The tunnel was cut'],
    ['/', 'words', 'Received invalid data from server, closing websocket connection.'],
    ['/denied?X-Amz-Signature=abc', '', /^The tunnel failed: (?!.*abc).*403/],
  ])('that ends badly says why: %s', async (query, word, message) => {
    const failure = await heard(query, word).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Failure)
    expect((failure as Failure).kind).toBe('Connection')
    expect((failure as Failure).message).toMatch(message)
  })

  test('ends when nobody takes what comes', async () => {
    await tunnel(`${address}/`, { from: saying('a'), to: () => false }, { userAgent: 'me' })
  })
})

test('every connection to the port gets a tunnel of its own, so many at a time', async () => {
  const stop = new AbortController()
  const said: string[] = []
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  let wanted: { line: string; heard: () => void } | undefined
  const note = (line: string): void => {
    said.push(line)
    if (wanted !== undefined && line.startsWith(wanted.line)) wanted.heard()
  }
  const until = (line: string): Promise<void> => new Promise((heard) => (wanted = { line, heard }))
  const ready = until('Listening')
  const done = listen({
    port,
    most: 1,
    signal: stop.signal,
    context: { write: note, warn: note },
    dig: (ends, signal) => tunnel(`${address}/?code=4000&reason=enough`, ends, { userAgent: 'me', signal }),
  })
  await ready
  const talk = (words: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let back = ''
      const socket = connect(port, 'localhost', () => socket.write(words))
      socket.on('error', reject).on('close', () => resolve(back))
      socket.on('data', (bytes) => {
        back += text(bytes)
        if (back === words) socket.end()
      })
    })
  let closed = until('[1] Closing')
  expect(await talk('hello')).toBe('hello')
  await closed
  closed = until('[2] Closing')
  expect(await talk('bye')).toBe('')
  await closed
  const first = connect(port, 'localhost', () => first.write('x'))
  await new Promise((resolve) => first.once('data', resolve))
  expect(await talk('refused')).toBe('')
  first.destroy()
  stop.abort()
  await done
  expect(said.slice(0, 9)).toEqual([
    `Listening for connections on port ${port}.\n`,
    '[1] Accepted new tcp connection, opening websocket tunnel.\n',
    '[1] Closing tcp connection.\n',
    '[2] Accepted new tcp connection, opening websocket tunnel.\n',
    '[2] Encountered error with websocket: Websocket Closure Reason: enough',
    '[2] Closing tcp connection.\n',
    '[3] Accepted new tcp connection, opening websocket tunnel.\n',
    'Max websocket connections 1 have been reached, closing incoming connection.\n',
    '[3] Closing tcp connection.\n',
  ])
})

describe('a key pair for OpenSSH', () => {
  // Written by Python's cryptography 42 for this seed, but for the check, which it draws, and for the
  // length of its lines, which is ssh-keygen's here.
  const seed = Uint8Array.from({ length: 32 }, (_, at) => at)

  test('is written as others write it', () => {
    const point = Buffer.from('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8', 'hex')
    const { publicKey, privateKey } = inOpenSsh(seed, point, Uint8Array.of(1, 2, 3, 4))
    expect(publicKey).toBe('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4')
    expect(privateKey).toBe(
      '-----BEGIN OPENSSH PRIVATE KEY-----\n' +
        'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n' +
        'QyNTUxOQAAACADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAIgBAgMEAQID\n' +
        'BAAAAAtzc2gtZWQyNTUxOQAAACADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA\n' +
        'AAAEAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHwOhB7/zzhC+HXDdGOdLwJln\n' +
        '5NYwm6UNXx3chmQSVTG4AAAAAAECAwQF\n' +
        '-----END OPENSSH PRIVATE KEY-----\n',
    )
  })

  test('is another every time', async () => {
    const [one, two] = [await newKeyPair(), await newKeyPair()]
    expect(one.publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/)
    expect(one.privateKey).not.toBe(two.privateKey)
  })
})
