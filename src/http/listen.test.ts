// The server on the wire: raw sockets write what no client library would.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text, utf8 } from '../lib/bytes.ts'
import { listen as listenHere, listenByNode } from './listen.ts'
import type { Handler, Listening, ListenOptions } from './listen.ts'
import { readBody } from './message.ts'
import type { HttpRequest, HttpResponse } from './message.ts'
import { makeSend } from './send.ts'

const open: Listening[] = []

afterAll(() => Promise.all(open.map((server) => server.close(0))))

describe.each([
  ['sockets', listenHere],
  ['node:http', listenByNode],
])('over %s', (_engine, listen) => {
  async function serving(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
    const server = await listen(handler, { onError: () => {}, ...options })
    open.push(server)
    return server
  }

  const answer = (body = 'ok', changes: Partial<HttpResponse> = {}): HttpResponse => ({
    status: 200,
    headers: {},
    body: utf8(body),
    ...changes,
  })

  /**
   * Writes pieces one after the other, each when `goOn` is heard if that is given, and gives all that comes back until the server
   * hangs up or `end` is seen.
   */
  function talk(server: Listening, pieces: string[], end?: RegExp, goOn?: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(server.port, '127.0.0.1')
      let heard = ''
      socket.on('data', (data) => {
        heard += data.toString('latin1')
        if (end?.test(heard)) socket.destroy()
      })
      socket.on('close', () => resolve(heard))
      socket.on('error', reject)
      void (async () => {
        for (const piece of pieces) {
          socket.write(Buffer.from(piece, 'latin1'))
          if (goOn) await until(() => goOn.test(heard))
          else await Bun.sleep(5)
        }
      })()
    })
  }

  /** Waits for what is bound to happen; gives up after a second, and leaves the judgement to what follows. */
  async function until(holds: () => boolean): Promise<void> {
    for (let i = 0; i < 200 && !holds(); i++) await Bun.sleep(5)
  }

  async function heard(raw: string, options: ListenOptions = {}): Promise<HttpRequest> {
    let got: HttpRequest | undefined
    const server = await serving(async (request) => {
      got = { ...request, body: await readBody(request.body) }
      return answer()
    }, options)
    await talk(server, [raw], /ok$/)
    if (got === undefined) throw new Error('The handler was not asked')
    return got
  }

  describe('what came', () => {
    test.each([
      ['/', '/', ''],
      ['/a/../b/./c', '/a/../b/./c', ''],
      ['//a//b/', '//a//b/', ''],
      ['/%2e%2E/%2f', '/%2e%2E/%2f', ''],
      ["/it's?q='x'&a=%27", "/it's", "q='x'&a=%27"],
      ['/a?b?c=d', '/a', 'b?c=d'],
      ['/?', '/', ''],
      ['/a+b?c+d', '/a+b', 'c+d'],
      ['http://other.example/x/../y?z', '/x/../y', 'z'],
      ['/a\\b^{}|`"<>', '/a\\b^{}|`"<>', ''],
    ])('%s', async (target, path, query) => {
      const request = await heard(`GET ${target} HTTP/1.1\r\nHost: h.example:4566\r\n\r\n`)
      expect(request).toMatchObject({
        method: 'GET',
        scheme: 'http',
        host: 'h.example:4566',
        path,
        query,
        sourceIp: '127.0.0.1',
      })
    })

    test('header names are lower-cased, repeated values joined, bytes kept', async () => {
      const request = await heard(
        'GET / HTTP/1.1\r\nHost: h\r\nX-Amz-Meta-A: 1\r\nx-amz-meta-a: 2\r\nX-U: \xc3\xa9\r\n\r\n',
      )
      expect(request.headers).toEqual({ 'x-amz-meta-a': '1,2', 'x-u': '\xc3\xa9' })
    })

    test('a body of a known length', async () => {
      expect(
        text(await readBody((await heard('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello')).body)),
      ).toBe('hello')
    })

    for (const stream of [false, true]) {
      test(`a body of megabytes that comes in pieces, ${stream ? 'streamed' : 'whole'}`, async () => {
        let size = 0
        const server = await serving(
          async (request) => {
            size = (await readBody(request.body)).length
            return answer()
          },
          { wantsStream: () => stream },
        )
        const head = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${2 << 20}\r\n\r\n`
        await talk(server, [head, ...Array.from({ length: 8 }, () => 'x'.repeat(1 << 18))], /ok$/)
        expect(size).toBe(2 << 20)
      })

      test(`a body in chunks with trailers, ${stream ? 'streamed' : 'whole'}`, async () => {
        let trailers = {}
        const server = await serving(
          async (request, meta) => {
            expect(request.body instanceof ReadableStream).toBe(stream)
            const body = await readBody(request.body)
            trailers = meta.trailers
            return answer(text(body).toUpperCase())
          },
          { wantsStream: () => stream },
        )
        const said = await talk(
          server,
          [
            'PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n3\r\nabc\r\n',
            '2;x=y\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n',
          ],
          /ABCDE$/,
        )
        expect(said).toEndWith('ABCDE')
        expect(trailers).toEqual({ 'x-sum': '7' })
      })

      test(`100 Continue is said, ${stream ? 'streamed' : 'whole'}`, async () => {
        const server = await serving(async (request) => answer(text(await readBody(request.body))), {
          wantsStream: () => stream,
        })
        const said = await talk(
          server,
          ['PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n', 'hi'],
          /hi$/,
          /100 Continue/,
        )
        expect(said).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
      })
    }

    test('100 Continue is said even before no body, as botocore wants it', async () => {
      const server = await serving(async () => answer('none'))
      const head = 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n'
      expect(await talk(server, [head], /none$/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    })

    test('a handler that refuses spares the client its body', async () => {
      const server = await serving(async () => answer('no', { status: 403 }), { wantsStream: () => true })
      const said = await talk(
        server,
        ['PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'],
        /no$/,
      )
      expect(said).toStartWith('HTTP/1.1 403 Forbidden\r\n')
      expect(said.toLowerCase()).toContain('connection: close')
    })

    test('requests on one connection, written at once', async () => {
      let count = 0
      const server = await serving(async () => answer(`<${++count}>`))
      const said = await talk(server, ['GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n'], /<2>$/)
      expect(said.match(/<\d>/g)).toEqual(['<1>', '<2>'])
    })

    test('a request that comes byte by byte', async () => {
      const server = await serving(async (request) => answer(request.path + text(await readBody(request.body))))
      const raw = 'POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi'
      expect(await talk(server, raw.match(/[^]{1,7}/g)!, /\/slowhi$/)).toEndWith('/slowhi')
    })

    test('two lengths are refused, so that no request hides in another', async () => {
      let asked = false
      const server = await serving(async () => {
        asked = true
        return answer()
      })
      const said = await talk(
        server,
        [
          'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n',
        ],
        /400/,
      )
      expect(said).toStartWith('HTTP/1.1 400 ')
      expect(asked).toBe(false)
    })
  })

  describe('limits', () => {
    const long = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world'
    const chunked = 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n'
    test.each([
      ['of a known length', long],
      ['in chunks', chunked],
    ])('a body %s that is too long', async (_name, raw) => {
      const tooLarge = (): HttpResponse => answer('<Code>EntityTooLarge</Code>', { status: 413 })
      const server = await serving(async () => answer(), { maxBody: 10, tooLarge })
      expect(await talk(server, [raw], /<\/Code>$/)).toMatch(/^HTTP\/1\.1 413 [^]*EntityTooLarge/)
      const lax = await serving(async () => answer(), { maxBody: 11 })
      expect(await talk(lax, [raw], /ok$/)).toStartWith('HTTP/1.1 200 OK')
    })

    test('headers may be long, to a point', async () => {
      const server = await serving(async () => answer())
      const head = (length: number): string => `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(length)}\r\n\r\n`
      expect(await talk(server, [head(40_000)], /ok$/)).toStartWith('HTTP/1.1 200 OK')
      expect(await talk(server, [head(80_000)], /431/)).toStartWith('HTTP/1.1 431 ')
    })

    test('a silent connection is closed', async () => {
      const server = await serving(async () => answer(), { idleTimeout: 30 })
      expect(await talk(server, [])).toBe('')
      expect(await talk(server, ['GET / HTTP/1.1\r\nHost: h\r\n\r\n'])).toEndWith('ok')
    })
  })

  describe('what goes back', () => {
    const request = (method = 'GET'): string => `${method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`
    const folder = mkdtempSync(join(tmpdir(), 'virga-listen-'))
    const file = join(folder, 'x.json')
    writeFileSync(file, 'from a file')

    const cases: [string, string, () => HttpResponse, RegExp, string][] = [
      [
        'bytes',
        'GET',
        () => answer('abc', { headers: { 'x-amz-request-id': '1' } }),
        /^HTTP\/1\.1 200 OK\r\n(?=[^]*x-amz-request-id: 1\r\n)(?=[^]*content-length: 3\r\n)/,
        'abc',
      ],
      [
        'HEAD with its length',
        'HEAD',
        () => answer('', { headers: { 'content-length': '5368709120' } }),
        /content-length: 5368709120\r\n/,
        '',
      ],
      ['HEAD of bytes', 'HEAD', () => answer('abc'), /content-length: 3\r\n/, ''],
      [
        'HEAD of a stream',
        'HEAD',
        () => answer('', { headers: { 'content-length': '9' }, body: new Blob(['from a st']).stream() }),
        /content-length: 9\r\n/,
        '',
      ],
      ['204', 'DELETE', () => answer('', { status: 204 }), /^HTTP\/1\.1 204 No Content\r\n(?![^]*content-length)/, ''],
      [
        '304',
        'GET',
        () => answer('', { status: 304, headers: { etag: '"a"' } }),
        /^HTTP\/1\.1 304 Not Modified\r\n/,
        '',
      ],
      [
        'a stream',
        'GET',
        () => answer('', { body: new Blob(['streamed']).stream() }),
        /transfer-encoding: chunked\r\n/,
        '8\r\nstreamed\r\n0\r\n\r\n',
      ],
      [
        'a stream of known length',
        'GET',
        () => answer('', { headers: { 'content-length': '8' }, body: new Blob(['streamed']).stream() }),
        /content-length: 8\r\n/,
        'streamed',
      ],
      [
        'a file',
        'GET',
        () => answer('', { body: Bun.file(file) }),
        /^HTTP\/1\.1 200 OK\r\n(?=[^]*content-length: 11\r\n)(?![^]*content-type)/,
        'from a file',
      ],
      [
        'part of a file',
        'GET',
        () => answer('', { status: 206, body: Bun.file(file).slice(5, 6) }),
        /^HTTP\/1\.1 206 Partial Content\r\n(?=[^]*content-length: 1\r\n)(?![^]*content-disposition)/,
        'a',
      ],
      ['UTF-8 in a header', 'GET', () => answer('', { headers: { 'x-a': 'ሴ' } }), /x-a: \xe1\x88\xb4\r\n/, ''],
      [
        'two cookies',
        'GET',
        () => answer('', { headers: { 'set-cookie': 'a\nb' } }),
        /set-cookie: a\r\nset-cookie: b\r\n/i,
        '',
      ],
    ]
    test.each(cases)('%s', async (_name, method, response, head, body) => {
      const server = await serving(async () => response())
      const said = await talk(server, [request(method)])
      const end = said.indexOf('\r\n\r\n') + 4
      expect(said.slice(0, end).replace(/^[\w-]+(?=:)/gm, (name) => name.toLowerCase())).toMatch(head)
      expect(said.slice(end)).toBe(body)
    })

    test('a handler that throws is answered for with 500', async () => {
      const errors: unknown[] = []
      const server = await serving(
        async () => {
          throw new Error('broken')
        },
        { onError: (error) => errors.push(error) },
      )
      expect(await talk(server, [request()])).toStartWith('HTTP/1.1 500 ')
      expect(String(errors[0])).toContain('broken')
    })

    test('a body that breaks breaks the connection, so that the client sees it', async () => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(utf8('half'))
          controller.error(new Error('disk'))
        },
      })
      const server = await serving(async () => answer('', { body, headers: { 'content-length': '8' } }))
      expect(await talk(server, [request()])).not.toContain('halfhalf')
    })

    test('a client that reads slowly holds the body back', async () => {
      let made = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          made++
          controller.enqueue(new Uint8Array(1 << 20))
          if (made === 200) controller.close()
        },
      })
      const server = await serving(async () => answer('', { body, headers: { 'content-length': String(200 << 20) } }))
      const socket = net.connect(server.port, '127.0.0.1')
      socket.write(request())
      await new Promise((resolve) => socket.once('data', resolve))
      socket.pause()
      await Bun.sleep(100)
      expect(made).toBeLessThan(150)
      let length = 0
      socket.on('data', (data) => (length += data.length))
      socket.resume()
      await new Promise((resolve) => socket.once('close', resolve))
      expect(length).toBeGreaterThan(199 << 20)
    }, 20_000)

    test('a client that goes away is noticed', async () => {
      let cancelled = false
      let aborted = false
      const server = await serving(async (_request, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return answer('', {
          body: new ReadableStream<Uint8Array>({
            async pull(controller) {
              await Bun.sleep(2)
              controller.enqueue(new Uint8Array(1 << 16))
            },
            cancel() {
              cancelled = true
            },
          }),
        })
      })
      await talk(server, [request()], /chunked/i)
      await until(() => cancelled && aborted)
      expect({ cancelled, aborted }).toEqual({ cancelled: true, aborted: true })
    })

    test('an upload that breaks off reaches the handler as an error', async () => {
      let failed = false
      const server = await serving(
        async (incoming) => {
          await readBody(incoming.body).catch(() => (failed = true))
          return answer()
        },
        { wantsStream: () => true },
      )
      const socket = net.connect(server.port, '127.0.0.1')
      socket.write('PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf')
      await Bun.sleep(20)
      socket.destroy()
      await until(() => failed)
      expect(failed).toBe(true)
    })

    test('an early answer to a long upload arrives', async () => {
      const server = await serving(async () => answer('no', { status: 403 }), { wantsStream: () => true })
      const send = makeSend({ env: {} })
      for (const path of ['/', '/..']) {
        const response = await send({
          method: 'PUT',
          scheme: 'http',
          host: `127.0.0.1:${server.port}`,
          path,
          query: '',
          headers: { 'user-agent': 'ua' },
          body: new Uint8Array(8 << 20),
        })
        expect(response.status).toBe(403)
      }
    })
  })

  describe('the end', () => {
    test('what runs is finished, then nobody is there', async () => {
      const asked = Promise.withResolvers<void>()
      const server = await serving(async () => {
        asked.resolve()
        await Bun.sleep(50)
        return answer('finished')
      })
      const said = talk(server, ['GET / HTTP/1.1\r\nHost: h\r\n\r\n'])
      await asked.promise
      await server.close()
      expect(await said).toEndWith('finished')
      await expect(talk(server, [])).rejects.toThrow()
    })

    test('a socket file instead of a port', async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'virga-listen-')), 's')
      const server = await serving(async (request) => answer(request.path), { unix: path })
      expect(server.url).toBe(path)
      const response = await fetch('http://h/over/unix', { unix: path } as RequestInit)
      expect(await response.text()).toBe('/over/unix')
    })

    test('an address that is taken', async () => {
      const server = await serving(async () => answer())
      await expect(listen(async () => answer(), { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    })
  })

  test('what send sends, listen hears: the two are one format', async () => {
    const seen: HttpRequest[] = []
    const server = await serving(async (request) => {
      seen.push({ ...request, body: await readBody(request.body) })
      return answer('', { headers: { 'x-u': '\xc3\xa9' } })
    })
    const send = makeSend({ env: {} })
    for (const path of ['/plain', '/dot/../ted']) {
      const request: HttpRequest = {
        method: 'PUT',
        scheme: 'http',
        host: `127.0.0.1:${server.port}`,
        path,
        query: 'a=%20',
        body: utf8('body'),
        headers: { 'user-agent': 'ua', 'x-amz-meta-a': '\xc3\xa9' },
      }
      const response = await send(request)
      expect(response.headers['x-u']).toBe('\xc3\xa9')
      expect(seen.at(-1)).toMatchObject({ ...request, headers: { 'x-amz-meta-a': '\xc3\xa9' } })
    }
  })
})
