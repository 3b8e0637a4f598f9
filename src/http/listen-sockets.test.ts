// What is written to the server by those who mean no good, or do not know better: always refused in a word, never
// understood in two ways, and never waited for without end.

import { afterAll, describe, expect, test } from 'bun:test'
import net from 'node:net'
import { text, utf8 } from '../lib/bytes.ts'
import type { Listening, ListenOptions } from './listen.ts'
import { listenOnSockets } from './listen-sockets.ts'
import { readBody, type HttpRequest } from './message.ts'

const open: Listening[] = []
afterAll(() => Promise.all(open.map((server) => server.close(0))))

/** A server that says what it was asked: method, path, and the body's length. */
function serving(options: ListenOptions = {}): { server: Listening; seen: HttpRequest[] } {
  const seen: HttpRequest[] = []
  const server = listenOnSockets(
    async (request) => {
      const body = await readBody(request.body)
      seen.push({ ...request, body })
      return { status: 200, headers: {}, body: utf8(`<${request.method} ${request.path} ${body.length}>`) }
    },
    { onError: () => {}, ...options },
  )
  open.push(server)
  return { server, seen }
}

/** All that comes back until the server hangs up. `pause`: milliseconds between pieces. */
function talk({ port }: Listening, pieces: readonly string[], pause = 2): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (data) => (heard += data.toString('latin1')))
    socket.on('close', () => resolve(heard))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(heard) : reject(error),
    )
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return
        socket.write(Buffer.from(piece, 'latin1'))
        await Bun.sleep(pause)
      }
    })()
  })
}

const statuses = (heard: string): number[] =>
  Array.from(heard.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, code]) => Number(code))
const close = 'Connection: close\r\n'

describe('what is no request is refused, and the connection ends', () => {
  test.each<[string, string, number]>([
    ['a word', 'HELO\r\n\r\n', 400],
    ['no version', 'GET /\r\nHost: h\r\n\r\n', 400],
    ['another version', 'GET / HTTP/2.0\r\nHost: h\r\n\r\n', 505],
    ["HTTP/2's preface", 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a space in the path', 'GET /a b HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['a control character in the path', 'GET /a\x01b HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['a zero byte in the path', 'GET /a\x00b HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['a method of symbols', 'G(T / HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n', 400],
    ['a space before the colon', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello', 400],
    ['a header that goes on in the next line', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n', 400],
    ['a zero byte in a header', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n', 400],
    ['a lone carriage return in a header', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\rY: b\r\n\r\n', 400],
    ['a lone line feed in a header', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\nY: b\r\n\r\n', 400],
    ['a length of letters', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: five\r\n\r\n', 400],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n', 400],
    ['a length with a sign', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello', 400],
    ['an endless length', `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${'9'.repeat(40)}\r\n\r\n`, 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!', 400],
    ['two lengths in one', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 6\r\n\r\nhello!', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['another coding', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501],
    ['a coding that hides', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n', 501],
    ['chunks in the old protocol', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 501],
    ['too many headers', `GET / HTTP/1.1\r\nHost: h\r\n${'X: y\r\n'.repeat(600)}\r\n`, 431],
    ['headers without end', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(100_000)}`, 431],
    ['a path without end', `GET /${'x'.repeat(100_000)}`, 431],
  ])('%s', async (_name, raw, status) => {
    const { server, seen } = serving()
    const heard = await talk(server, [raw])
    expect(statuses(heard)).toEqual([status])
    expect(heard).toContain('connection: close')
    expect(seen).toEqual([])
  })

  test('in the words that were asked for', async () => {
    const { server } = serving({
      malformed: (status, message) => ({ status, headers: {}, body: utf8(JSON.stringify({ status, message })) }),
    })
    expect(await talk(server, ['HELO\r\n\r\n'])).toEndWith('{"status":400,"message":"The request line is malformed."}')
  })
})

describe('chunks', () => {
  const head = `PUT / HTTP/1.1\r\nHost: h\r\n${close}Transfer-Encoding: chunked\r\n\r\n`
  test.each<[string, string]>([
    ['a size of letters', 'zz\r\n'],
    ['a negative size', '-1\r\nx\r\n'],
    ['a size with a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size beyond all', `${'f'.repeat(20)}\r\n`],
    ['more than the size', '2\r\nhello\r\n0\r\n\r\n'],
    ['a line feed alone', '5\nhello\n0\n\n'],
    ['an extension without end', `5;${'x'.repeat(10_000)}`],
    ['trailing headers without end', `0\r\n${'x-a: b\r\n'.repeat(5000)}`],
    ['a trailing header that is none', '0\r\nx a\r\n\r\n'],
  ])('%s: refused', async (_name, body) => {
    for (const stream of [false, true]) {
      const { server, seen } = serving({ wantsStream: () => stream })
      expect(statuses(await talk(server, [head, body])).filter((status) => status < 400)).toEqual([])
      expect(seen).toEqual([])
    }
  })

  test.each<[string, string, number]>([
    ['one', '5\r\nhello\r\n0\r\n\r\n', 5],
    ['with an extension', '5;a="b"\r\nhello\r\n0\r\n\r\n', 5],
    ['with capitals and zeros', '00A\r\n0123456789\r\n000\r\n\r\n', 10],
    ['with trailing headers', '5\r\nhello\r\n0\r\nx-a: b\r\n\r\n', 5],
  ])('%s: read', async (_name, body, length) => {
    expect(await talk(serving().server, [head + body])).toEndWith(`<PUT / ${length}>`)
    expect(await talk(serving().server, (head + body).split(''), 0)).toEndWith(`<PUT / ${length}>`)
  })
})

describe('what is odd but allowed', () => {
  test.each<[string, string, string]>([
    ['the old protocol', 'GET /old HTTP/1.0\r\n\r\n', '<GET /old 0>'],
    ['the form for proxies', `GET http://other.example/x?y HTTP/1.1\r\nHost: h\r\n${close}\r\n`, '<GET /x 0>'],
    ['a wish for another protocol', `GET /u HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n${close}\r\n`, '<GET /u 0>'],
    ['empty lines before', `\r\n\r\nGET /e HTTP/1.1\r\nHost: h\r\n${close}\r\n`, '<GET /e 0>'],
    ['a method of its own', `PROPFIND /p HTTP/1.1\r\nHost: h\r\n${close}\r\n`, '<PROPFIND /p 0>'],
    ['an empty header', `GET /h HTTP/1.1\r\nHost: h\r\nX:\r\n${close}\r\n`, '<GET /h 0>'],
  ])('%s', async (_name, raw, said) => {
    expect(await talk(serving().server, [raw])).toEndWith(said)
  })

  test('what follows on a connection that was to be closed is not read', async () => {
    const { server, seen } = serving()
    await talk(server, [`GET /1 HTTP/1.1\r\nHost: h\r\n${close}\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n`])
    expect(seen.map(({ path }) => path)).toEqual(['/1'])
  })

  test('a hundred requests at once are answered in their order', async () => {
    const { server, seen } = serving()
    const many = Array.from({ length: 100 }, (_, i) => `PUT /${i} HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc`)
    const heard = await talk(server, [many.join(''), `GET /end HTTP/1.1\r\nHost: h\r\n${close}\r\n`])
    expect(seen.map(({ path }) => path)).toEqual([...many.map((_, i) => `/${i}`), '/end'])
    expect(Array.from(heard.matchAll(/<PUT \/(\d+) 3>/g), ([, i]) => Number(i))).toEqual(many.map((_, i) => i))
  })

  test('a header of an answer cannot hold another', async () => {
    const server = listenOnSockets(
      async () => ({ status: 200, headers: { 'x-a': 'b\r\nx-c: d\n\0' }, body: utf8('ok') }),
      {},
    )
    open.push(server)
    expect(await talk(server, [`GET / HTTP/1.1\r\nHost: h\r\n${close}\r\n`])).toMatch(/\r\nx-a: b {2}x-c: d {2}\r\n/)
  })
})

describe('who takes too long is not waited for', () => {
  test('with headers', async () => {
    const { server } = serving({ headTimeout: 60 })
    const trickle = 'GET / HTTP/1.1\r\nHost: h\r\nX-Slow: and-so-on-and-on'.split('')
    const heard = await talk(server, trickle, 20)
    expect(statuses(heard)).toEqual([408])
  })

  test('with a body that is wanted whole', async () => {
    const { server } = serving({ bodyTimeout: 60 })
    expect(statuses(await talk(server, ['PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf']))).toEqual([408])
  })

  test('with a body that trickles', async () => {
    const { server } = serving({ bodyTimeout: 30 })
    const trickle = ['PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n', ...'x'.repeat(200).split('')]
    expect(statuses(await talk(server, trickle, 10))).toEqual([408])
  })

  test('with a body that is streamed', async () => {
    const { server, seen } = serving({ bodyTimeout: 60, wantsStream: () => true })
    expect(await talk(server, ['PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf'])).not.toContain('200')
    expect(seen).toEqual([])
  })

  test('but a client that reads slowly gets all of a last answer', async () => {
    const size = 6 << 20
    const server = listenOnSockets(async () => ({ status: 200, headers: {}, body: new Uint8Array(size) }), {})
    open.push(server)
    const socket = net.connect(server.port, '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\nHost: h\r\n${close}\r\n`)
    await new Promise((resolve) => socket.once('readable', resolve))
    await Bun.sleep(1300)
    let length = 0
    socket.on('data', (data) => (length += data.length))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(length).toBeGreaterThan(size)
  })

  test('but a handler may take its time', async () => {
    const server = listenOnSockets(
      async ({ body }) => {
        await Bun.sleep(150)
        return { status: 200, headers: {}, body: utf8(text(await readBody(body))) }
      },
      { headTimeout: 20, bodyTimeout: 20, idleTimeout: 20, wantsStream: () => true },
    )
    open.push(server)
    expect(await talk(server, [`PUT / HTTP/1.1\r\nHost: h\r\n${close}Content-Length: 5\r\n\r\nhello`])).toEndWith(
      'hello',
    )
  })
})

test('after many requests, when none comes any more, the house is told, once', async () => {
  let told = 0
  const rest = Promise.withResolvers<void>()
  const onRest = (): void => {
    told++
    rest.resolve()
  }
  const { server, seen } = serving({ idleTimeout: 50, onRest })
  const many = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(1100)
  await talk(server, [`${many}GET /last HTTP/1.1\r\nHost: h\r\n${close}\r\n`])
  expect([seen.length, seen.at(-1)!.path]).toEqual([1101, '/last'])
  await rest.promise
  await talk(server, [`GET / HTTP/1.1\r\nHost: h\r\n${close}\r\n`])
  await Bun.sleep(200)
  expect(told).toBe(1)
})
