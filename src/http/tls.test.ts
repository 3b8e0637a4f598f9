// TLS on both roads, straight and through a proxy's tunnel. The certificate is made for the run, by openssl.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { text, utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { fileBlob } from '../lib/file-blob.ts'
import { sha256Hex } from '../lib/hash.ts'
import { listen } from './listen.ts'
import { emptyBody, readBody } from './message.ts'
import type { HttpRequest } from './message.ts'
import { makeSend } from './send.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-tls-'))
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
const made =
  Bun.which('openssl') !== null &&
  Bun.spawnSync([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '2',
    '-subj',
    '/CN=virga test',
    '-addext',
    'subjectAltName=DNS:localhost,DNS:service.test',
  ]).success
if (!made) console.log('skipped: TLS, because openssl is not there to make a certificate')

const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true })]
afterAll(() => Promise.all(closers.map((close) => close())))

async function secureServer(): Promise<number> {
  const server = await listen(
    async (request) => ({
      status: 200,
      headers: {},
      body: utf8(`${request.scheme} ${request.host} ${request.path} ${text(await readBody(request.body))}`),
    }),
    { tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } },
  )
  closers.push(() => server.close(0))
  return server.port
}

/** A proxy that tunnels to `port`, whatever it is asked for. */
async function tunnel(port: number): Promise<{ host: string; seen: string[] }> {
  const seen: string[] = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => {
      seen.push(data.toString())
      const end = net.connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(end).pipe(socket)
      })
      end.on('error', () => socket.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  return { host: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, seen }
}

function to(host: string, path: string): HttpRequest {
  return { method: 'GET', scheme: 'https', host, path, query: '', headers: { 'user-agent': 'ua' }, body: emptyBody }
}

async function messageOf(sending: Promise<unknown>): Promise<string> {
  try {
    await sending
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
  return 'it succeeded'
}

describe.skipIf(!made)('TLS', () => {
  for (const path of ['/plain', '/dot/../ted']) {
    test(`a bundle that knows the server, ${path}`, async () => {
      const host = `localhost:${await secureServer()}`
      const send = makeSend({ env: {}, caBundle: cert })
      for (let i = 0; i < 2; i++)
        expect(text(await readBody((await send(to(host, path))).body))).toBe(`https ${host} ${path} `)
    })

    test(`a server nobody knows, ${path}`, async () => {
      const host = `localhost:${await secureServer()}`
      expect(await messageOf(makeSend({ env: {} })(to(host, path)))).toBe(
        `SSL validation failed for https://${host}${path} [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate`,
      )
      expect((await makeSend({ env: {}, verifySsl: false })(to(host, path))).status).toBe(200)
    })

    test(`a server by another name, ${path}`, async () => {
      const host = `127.0.0.1:${await secureServer()}`
      expect(await messageOf(makeSend({ env: {}, caBundle: cert })(to(host, path)))).toBe(
        `SSL validation failed for https://${host}${path} hostname '127.0.0.1' doesn't match the certificate`,
      )
    })
  }

  test('a server that speaks no TLS', async () => {
    const server = await listen(async () => ({ status: 200, headers: {}, body: emptyBody }))
    closers.push(() => server.close(0))
    for (const path of ['/', '/..']) {
      expect(await messageOf(makeSend({ env: {} })(to(`localhost:${server.port}`, path)))).toMatch(
        /^(SSL validation failed for|Could not connect to the endpoint URL:|Connection was closed before)/,
      )
    }
  })

  test('a file, to readers who are slow, at once', async () => {
    const path = join(folder, 'large')
    const content = crypto.getRandomValues(new Uint8Array(60_000))
    writeFileSync(path, Buffer.concat(Array.from({ length: 50 }, () => content)))
    const options = { tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } }
    const server = await listen(
      async () => ({ status: 200, headers: {}, body: fileBlob({ path, start: 7, end: 2_900_000 }) }),
      options,
    )
    closers.push(() => server.close(0))
    const readers = Array.from({ length: 3 }, async () => {
      const socket = tls.connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false })
      socket.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
      const pieces: Buffer[] = []
      for await (const piece of socket) if (pieces.push(piece) % 16 === 0) await Bun.sleep(1)
      const heard = Buffer.concat(pieces)
      return sha256Hex(heard.subarray(heard.indexOf('\r\n\r\n') + 4))
    })
    const sent = sha256Hex(readFileSync(path).subarray(7, 2_900_000))
    expect(await Promise.all(readers)).toEqual([sent, sent, sent])
  })

  test('a tunnel, used again', async () => {
    const proxy = await tunnel(await secureServer())
    const send = makeSend({ env: { HTTPS_PROXY: `http://user:pass@${proxy.host}` }, caBundle: cert })
    for (let i = 0; i < 2; i++) {
      const response = await send({ ...to('service.test', '/a/../b'), method: 'POST', body: utf8('body') })
      expect(text(await readBody(response.body))).toBe('https service.test /a/../b body')
    }
    expect(proxy.seen.length).toBe(1)
    expect(proxy.seen[0]).toStartWith('CONNECT service.test:443 HTTP/1.1\r\nhost: service.test:443\r\n')
    expect(proxy.seen[0]).toContain(`proxy-authorization: Basic ${btoa('user:pass')}\r\n`)
  })

  test('what is at the end of a tunnel is checked too', async () => {
    const proxy = await tunnel(await secureServer())
    const sendTo = (host: string, caBundle?: string): Promise<string> =>
      messageOf(makeSend({ env: { HTTPS_PROXY: proxy.host }, caBundle })(to(host, '/')))
    expect(await sendTo('service.test', cert)).toBe('it succeeded')
    expect(await sendTo('service.test')).toContain('certificate verify failed')
    expect(await sendTo('other.test', cert)).toContain("hostname 'other.test' doesn't match the certificate")
  })
})
