// What goes over the wire, byte for byte, on both roads; and what is said when nothing comes back.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text, utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { emptyBody, readBody } from './message.ts'
import type { HttpRequest } from './message.ts'
import { proxyFor, proxiesOf } from './proxies.ts'
import { makeSend } from './send.ts'

const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

/** A server of raw sockets: `answer` is asked with every complete request and writes what it likes. */
async function raw(
  answer: (request: string, socket: net.Socket, count: number) => void,
): Promise<{ host: string; seen: string[]; connections: () => number }> {
  const seen: string[] = []
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    let held = ''
    socket.on('error', () => {})
    socket.on('data', (data) => {
      held += data.toString('latin1')
      for (;;) {
        const end = held.indexOf('\r\n\r\n') + 4
        if (end < 4) return
        const length = Number(/content-length: *(\d+)/i.exec(held.slice(0, end))?.[1] ?? 0)
        const chunked = /transfer-encoding: *chunked/i.test(held.slice(0, end))
        const expects = /expect: *100-continue/i.test(held.slice(0, end)) && held.length === end
        const bodyEnd = expects ? end : chunked ? held.indexOf('0\r\n\r\n', end) + 5 : end + length
        if (bodyEnd < end + (chunked && !expects ? 5 : 0) || held.length < bodyEnd) return
        const request = held.slice(0, bodyEnd)
        held = held.slice(bodyEnd)
        seen.push(request)
        answer(request, socket, seen.length)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  return { host: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, seen, connections: () => connections }
}

const ok = (body = 'ok'): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

function to(host: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    scheme: 'http',
    host,
    path: '/',
    query: '',
    body: emptyBody,
    ...changes,
    headers: { 'user-agent': 'ua', ...changes.headers },
  }
}

async function failureOf(sending: Promise<unknown>): Promise<Failure> {
  try {
    await sending
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('It succeeded')
}

/** A stream of which nobody can know the length. */
function pieces(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(utf8('hello'))
      controller.close()
    },
  })
}

const send = makeSend({ env: {} })

describe('what goes over the wire', () => {
  const targets: [path: string, query: string][] = [
    ['/', ''],
    ['/a/../b', ''],
    ['/a/./b', ''],
    ['/.', ''],
    ['/a/%2e%2E/b', ''],
    ['//a//b', ''],
    ['/a//b', 'x=1'],
    ["/it's", "q='x'"],
    ['/%20%7E%2F', 'a=%2B&b=~'],
    ['/a+b', 'a+b'],
    ['/a:b@c', 'x=a/b?c'],
    ['/\\a', ''],
    ['/^`{}|"<>', 'a={}|^`"'],
    ['/a', 'uploads'],
  ]
  test.each(targets)('%s ? %s', async (path, query) => {
    const server = await raw((_request, socket) => socket.write(ok()))
    const response = await send(to(server.host, { path, query }))
    expect(response.status).toBe(200)
    expect(server.seen[0]!.split('\r\n')[0]).toBe(`GET ${path}${query === '' ? '' : '?' + query} HTTP/1.1`)
  })

  // Accept: */* is fetch's own and means nothing; Connection is HTTP's.
  const ownHeaders = /^(connection|accept): /i
  const bodies: [string, Partial<HttpRequest>, string[], string][] = [
    ['GET', {}, ['accept-encoding: identity', 'user-agent: ua'], ''],
    ['POST of nothing', { method: 'POST' }, ['accept-encoding: identity', 'content-length: 0', 'user-agent: ua'], ''],
    [
      'PUT of bytes',
      { method: 'PUT', body: utf8('hé'), headers: { 'x-a': 'b' } },
      ['accept-encoding: identity', 'content-length: 3', 'user-agent: ua', 'x-a: b'],
      'h\xc3\xa9',
    ],
    [
      'PUT of a blob',
      { method: 'PUT', body: new Blob(['hello']), headers: { 'content-type': 'a/b' } },
      ['accept-encoding: identity', 'content-length: 5', 'content-type: a/b', 'user-agent: ua'],
      'hello',
    ],
    [
      'PUT of a blob without type',
      { method: 'PUT', body: new Blob(['hello'], { type: 'c/d' }) },
      ['accept-encoding: identity', 'content-length: 5', 'user-agent: ua'],
      'hello',
    ],
    [
      'PUT of a stream',
      { method: 'PUT', body: pieces() },
      ['accept-encoding: identity', 'transfer-encoding: chunked', 'user-agent: ua'],
      '5\r\nhello\r\n0\r\n\r\n',
    ],
    [
      'PUT of a stream with length',
      { method: 'PUT', body: pieces(), headers: { 'content-length': '5' } },
      ['accept-encoding: identity', 'content-length: 5', 'user-agent: ua'],
      'hello',
    ],
    [
      'bytes of Latin-1 in a header',
      {
        method: 'PUT',
        body: utf8('hi'),
        headers: { 'x-a': '\xc3\xa9', 'content-length': '2', 'content-disposition': '\xc3\xa9' },
      },
      [
        'accept-encoding: identity',
        'content-disposition: \xc3\xa9',
        'content-length: 2',
        'user-agent: ua',
        'x-a: \xc3\xa9',
      ],
      'hi',
    ],
    [
      'GET with a body',
      { body: utf8('{}') },
      ['accept-encoding: identity', 'content-length: 2', 'user-agent: ua'],
      '{}',
    ],
    ['HEAD', { method: 'HEAD' }, ['accept-encoding: identity', 'user-agent: ua'], ''],
    ['DELETE', { method: 'DELETE' }, ['accept-encoding: identity', 'content-length: 0', 'user-agent: ua'], ''],
  ]
  for (const road of ['quick', 'exact']) {
    test.each(bodies)(`%s, the ${road} road`, async (_name, changes, headers, body) => {
      const server = await raw((request, socket) =>
        socket.write(request.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n' : ok()),
      )
      const once = changes.body instanceof ReadableStream ? pieces() : (changes.body ?? emptyBody)
      const response = await send(to(server.host, { ...changes, body: once, path: road === 'quick' ? '/' : '/..' }))
      const end = server.seen[0]!.indexOf('\r\n\r\n')
      const sent = server.seen[0]!.slice(0, end).split('\r\n').slice(1)
      const expected = [`host: ${server.host}`, ...headers].sort()
      const colon = (line: string): string =>
        line.slice(0, line.indexOf(':')).toLowerCase() + line.slice(line.indexOf(':'))
      expect(
        sent
          .filter((line) => !ownHeaders.test(line))
          .map(colon)
          .sort(),
      ).toEqual(expected)
      expect(server.seen[0]!.slice(end + 4)).toBe(body)
      expect(text(await readBody(response.body))).toBe(changes.method === 'HEAD' ? '' : 'ok')
    })
  }

  test('without a user agent none is sent', async () => {
    const server = await raw((_request, socket) => socket.write(ok()))
    await send({ ...to(server.host), headers: {} })
    expect(server.seen[0]).not.toMatch(/user-agent/i)
  })
})

describe('what comes back', () => {
  for (const path of ['/', '/..']) {
    test(`headers, repeated and not, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) =>
        socket.write(
          Buffer.from(
            'HTTP/1.1 404 Not Found\r\nX-B: 1\r\nx-b: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nX-U: \xc3\xa9\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b',
            'latin1',
          ),
        ),
      )
      const response = await send(to(server.host, { path }))
      expect(response.status).toBe(404)
      expect(response.headers).toMatchObject({
        'x-b': '1, 2',
        'set-cookie': 'a\nb',
        'x-u': '\xc3\xa9',
        'content-encoding': 'gzip',
      })
      expect(response.body).toEqual(Uint8Array.of(0x1f, 0x8b))
    })

    test(`a redirect is only reported, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) =>
        socket.write('HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
      )
      expect((await send(to(server.host, { path }))).headers['location']).toBe('http://127.0.0.1:1/')
    })

    test(`a stream, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
        setTimeout(() => socket.write('2\r\nde\r\n0\r\n\r\n'), 20)
      })
      const response = await send(to(server.host, { path }), { stream: true })
      expect(response.body).toBeInstanceOf(ReadableStream)
      expect(text(await readBody(response.body))).toBe('abcde')
    })

    test(`a connection is used again, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => socket.write(ok()))
      for (let i = 0; i < 3; i++) await send(to(server.host, { path }))
      expect(server.connections()).toBe(1)
    })

    test(`a kept connection that was closed is replaced, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => socket.end(ok()))
      const post = to(server.host, { path, method: 'POST', body: utf8('x') })
      for (let i = 0; i < 3; i++) expect((await send(post)).status).toBe(200)
    })

    test(`a new connection that dies is a failure, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => socket.destroy())
      const failure = await failureOf(send(to(server.host, { path })))
      expect(failure.message).toBe(
        `Connection was closed before we received a valid response from endpoint URL: "http://${server.host}${path}".`,
      )
      expect(failure.detail['stage']).toBe('closed')
    })

    test(`a body cut short is a failure, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
        setTimeout(() => socket.destroy(), 20)
      })
      const failure = await failureOf(send(to(server.host, { path })))
      expect(failure.message).toBe(
        `Connection was closed before we received a valid response from endpoint URL: "http://${server.host}${path}".`,
      )
      expect(failure.detail['stage']).toBe('read')
      const { body } = await send(to(server.host, { path }), { stream: true })
      const whileRead = await failureOf(readBody(body))
      expect(whileRead.message).toMatch(/^An error occurred while reading from response stream: (?!.*verbose)/)
      expect(whileRead.detail['stage']).toBe('read')
    })

    test(`silence is a read timeout, on the road of ${path}`, async () => {
      const server = await raw(() => {})
      const failure = await failureOf(send(to(server.host, { path }), { readTimeout: 60, connectTimeout: 40 }))
      expect(failure.kind).toBe('Timeout')
      expect(failure.message).toBe(`Read timeout on endpoint URL: "http://${server.host}${path}"`)
    })

    test(`a stall in the body is a read timeout, on the road of ${path}`, async () => {
      const server = await raw((_request, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'))
      expect((await failureOf(send(to(server.host, { path }), { readTimeout: 60 }))).kind).toBe('Timeout')
      const { body } = await send(to(server.host, { path }), { readTimeout: 60, stream: true })
      expect((await failureOf(readBody(body))).kind).toBe('Timeout')
    })

    test(`the caller can stop it, on the road of ${path}`, async () => {
      const server = await raw(() => stop.abort())
      const stop = new AbortController()
      expect((await failureOf(send(to(server.host, { path }), { signal: stop.signal }))).kind).toBe('Interrupted')
      expect((await failureOf(send(to(server.host, { path }), { signal: stop.signal }))).kind).toBe('Interrupted')
    })

    test(`an answer that is no HTTP is a failure, on the road of ${path}`, async () => {
      const wrong = ['HTTP/1.1 abc OK\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', 'hello\r\n\r\n']
      const server = await raw((_request, socket, count) => void socket.end(wrong[count - 1]!))
      for (const _ of wrong) {
        expect((await failureOf(send(to(server.host, { path })))).message).toStartWith('Connection was closed before')
      }
    })

    test(`headers that cannot be sent are named, their values are not, on the road of ${path}`, async () => {
      const refused = async (headers: Record<string, string>): Promise<Failure> =>
        failureOf(send(to('127.0.0.1:1', { path, headers })))
      const value = await refused({ 'x-token': 'SECRET\nx-more: 1' })
      expect(value.message).toBe('An HTTP Client raised an unhandled exception: Invalid header value: "x-token"')
      expect(value.detail['retryable']).toBe(false)
      expect((await refused({ 'x-a\nb': 'c' })).message).toEndWith('name contains invalid characters: "x-a\\nb"')
    })

    test(`nobody there, on the road of ${path}`, async () => {
      expect((await failureOf(send(to('127.0.0.1:1', { path, query: 'a=1' })))).message).toBe(
        `Could not connect to the endpoint URL: "http://127.0.0.1:1${path}?a=1"`,
      )
      expect((await failureOf(send(to('nowhere.invalid', { path })))).message).toBe(
        `Could not connect to the endpoint URL: "http://nowhere.invalid${path}"`,
      )
    })
  }
})

test('a kept connection that dies under a request is replaced once, on the exact road', async () => {
  const server = await raw((_request, socket, count) => {
    if (count === 2) return socket.destroy()
    socket.write(ok())
  })
  const post = to(server.host, { path: '/..', method: 'POST', body: utf8('x') })
  await send(post)
  expect((await send(post)).status).toBe(200)
  expect(server.seen.length).toBe(3)
})

test('a connection that does not come about is a connect timeout', async () => {
  const mute = await raw(() => {})
  for (const path of ['/..', '/']) {
    const sending = send(to(mute.host, { scheme: 'https', path }), { connectTimeout: 40, readTimeout: 60 })
    const failure = await failureOf(sending)
    expect(failure.kind).toBe('Timeout')
    if (path === '/..') expect(failure.message).toBe(`Connect timeout on endpoint URL: "https://${mute.host}/.."`)
  }
})

describe('Expect: 100-continue', () => {
  const put = (host: string): HttpRequest =>
    to(host, { method: 'PUT', body: utf8('hello'), headers: { expect: '100-continue' } })

  test('the body waits for the word', async () => {
    const order: string[] = []
    const server = net.createServer((socket) => {
      socket.on('data', (data) => {
        order.push(data.toString().split('\r\n')[0]!)
        socket.write(order.length === 1 ? 'HTTP/1.1 100 Continue\r\n\r\n' : ok())
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const response = await send(put(`127.0.0.1:${(server.address() as net.AddressInfo).port}`))
    expect(response.status).toBe(200)
    expect(order).toEqual(['PUT / HTTP/1.1', 'hello'])
  })

  test('a refusal spares the body', async () => {
    const server = await raw((_request, socket) =>
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'),
    )
    const response = await send(put(server.host))
    expect(response.status).toBe(403)
    expect(server.seen.join('')).not.toContain('hello')
  })

  test('a server that knows no 100 gets the body all the same', async () => {
    let body = ''
    const server = createHttpServer((request, response) => {
      request.on('data', (data: Buffer) => (body += data.toString()))
      request.on('end', () => response.end('ok'))
    })
    server.on('checkContinue', (request, response) => server.emit('request', request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const response = await send(put(`127.0.0.1:${(server.address() as net.AddressInfo).port}`))
    expect(response.status).toBe(200)
    expect(body).toBe('hello')
  })
})

describe('proxies', () => {
  test('plain HTTP goes to the proxy whole', async () => {
    const proxy = await raw((_request, socket) => socket.write(ok('by proxy')))
    const through = makeSend({ env: { HTTP_PROXY: `http://us%65r:p@ss@${proxy.host}`.replace('p@ss', 'p%40ss') } })
    const response = await through(to('service.invalid', { path: '/a/../b', query: 'c=d' }))
    expect(text(await readBody(response.body))).toBe('by proxy')
    expect(proxy.seen[0]).toStartWith('GET http://service.invalid/a/../b?c=d HTTP/1.1\r\nhost: service.invalid\r\n')
    expect(proxy.seen[0]).toContain(`proxy-authorization: Basic ${btoa('user:p@ss')}\r\n`)
  })

  test('HTTPS asks the proxy for a tunnel; a refusal is the proxy’s', async () => {
    const proxy = await raw((_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
    )
    const through = makeSend({ env: { https_proxy: `user:secret@${proxy.host}` } })
    const failure = await failureOf(through(to('service.invalid', { scheme: 'https' })))
    expect(proxy.seen[0]).toStartWith('CONNECT service.invalid:443 HTTP/1.1\r\n')
    expect(failure.message).toBe(`Failed to connect to proxy URL: "http://***:***@${proxy.host}"`)
  })

  test('a proxy that is not there', async () => {
    const through = makeSend({ env: { HTTP_PROXY: '127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' } })
    for (const scheme of ['http', 'https'] as const) {
      const failure = await failureOf(through(to('service.invalid', { scheme })))
      expect(failure.message).toBe('Failed to connect to proxy URL: "http://127.0.0.1:1"')
    }
  })

  const rules: [env: Record<string, string>, scheme: 'http' | 'https', host: string, proxied: string | undefined][] = [
    [{}, 'http', 'a.b', undefined],
    [{ http_proxy: 'http://low', HTTP_PROXY: 'http://high' }, 'http', 'a.b', 'low'],
    [{ http_proxy: '', HTTP_PROXY: 'http://high' }, 'http', 'a.b', undefined],
    [{ HTTP_PROXY: 'http://high', REQUEST_METHOD: 'GET' }, 'http', 'a.b', undefined],
    [{ HTTP_PROXY: 'http://high' }, 'https', 'a.b', undefined],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: '*' }, 'https', 'a.b', undefined],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: 'b, c' }, 'https', 'a.b', undefined],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: '.b' }, 'https', 'A.B', undefined],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: 'a.b:444' }, 'https', 'a.b:444', undefined],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: 'a.b:444' }, 'https', 'a.b', 'p'],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: 'xa.b,aa.b' }, 'https', 'a.b', 'p'],
    [{ HTTPS_PROXY: 'p:3128', NO_PROXY: '10.0.0.0/8' }, 'https', '10.1.2.3', 'p'],
    [{ HTTPS_PROXY: 'https://[::1]:3128/' }, 'https', 'a.b', '::1'],
  ]
  test.each(rules)('%j: %s://%s by %s', (env, scheme, host, proxied) => {
    expect(proxyFor(scheme, host, proxiesOf(env))?.host).toBe(proxied)
  })
})

describe('trust', () => {
  const folder = mkdtempSync(join(tmpdir(), 'virga-send-'))
  const garbage = join(folder, 'garbage.pem')
  writeFileSync(garbage, 'garbage')
  const bundles: [string, string, string][] = [
    [
      '',
      'Configuration',
      'Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file.',
    ],
    ['/nowhere', 'Connection', 'SSL validation failed for https://127.0.0.1:1/ [Errno 2] No such file or directory'],
    [folder, 'Connection', 'SSL validation failed for https://127.0.0.1:1/ [Errno 21] Is a directory'],
    [
      garbage,
      'Connection',
      'SSL validation failed for https://127.0.0.1:1/ [X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found',
    ],
  ]
  test.each(bundles)('the bundle %j', async (caBundle, kind, message) => {
    const failure = await failureOf(makeSend({ env: {}, caBundle })(to('127.0.0.1:1', { scheme: 'https' })))
    expect(failure.kind).toBe(kind as never)
    expect(failure.message).toBe(message)
  })
})
