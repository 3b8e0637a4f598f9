// A file's part goes out as it lies there, to readers who are quick, slow, or gone.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileBlob } from '../lib/file-blob.ts'
import { sha256Hex } from '../lib/hash.ts'
import type { Listening, ListenOptions } from './listen.ts'
import { listenOnSockets } from './listen-sockets.ts'
import { OutgoingFile } from './outgoing-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-outgoing-'))
const file = join(folder, 'file')
const content = new Uint8Array(5_000_001).map((_, index) => (index * 7919) >> 5)
writeFileSync(file, content)

const open: Listening[] = []
afterAll(async () => {
  await Promise.all(open.map((server) => server.close(0)))
  rmSync(folder, { recursive: true })
})

/** Answers `/START-END` with that part of the file. */
function serving(options: ListenOptions = {}, troubles: unknown[] = []): Listening {
  const server = listenOnSockets(
    async ({ path }) => {
      const [start, end] = path.slice(1).split('-').map(Number) as [number, number]
      return { status: 200, headers: {}, body: fileBlob({ path: file, start, end }) }
    },
    { onError: (error) => troubles.push(error), ...options },
  )
  open.push(server)
  return server
}

const parts: [number, number][] = [
  [0, content.length],
  [0, 1],
  [4_000_000, 4_000_000],
  [123_457, 4_999_999],
]

describe('every byte arrives', () => {
  test.each(parts)('%d to %d', async (start, end) => {
    const server = serving()
    const answered = await fetch(`${server.url}/${start}-${end}`)
    expect(answered.headers.get('content-length')).toBe(String(end - start))
    expect(sha256Hex(new Uint8Array(await answered.arrayBuffer()))).toBe(sha256Hex(content.subarray(start, end)))
  })

  test('at a socket file', async () => {
    const server = serving({ unix: join(folder, 'socket') })
    const answered = await fetch('http://localhost/1-5000000', { unix: server.url })
    expect(sha256Hex(new Uint8Array(await answered.arrayBuffer()))).toBe(sha256Hex(content.subarray(1, 5_000_000)))
  })

  test('to several at once who read slowly, one request after the other', async () => {
    const server = serving()
    const heads = parts.map(([start, end]) => `GET /${start}-${end} HTTP/1.1\r\nHost: h\r\n\r\n`).join('')
    const readers = Array.from({ length: 3 }, async () => {
      const socket = net.connect({ port: server.port, host: '127.0.0.1' })
      socket.write(`${heads}GET /0-3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
      const pieces: Buffer[] = []
      for await (const piece of socket) {
        pieces.push(piece)
        if (pieces.length % 8 === 0) await Bun.sleep(1)
      }
      return Buffer.concat(pieces).toString('latin1')
    })
    for (const heard of await Promise.all(readers)) {
      const bodies = heard.split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/).slice(1)
      const wanted = [...parts, [0, 3]].map(([start, end]) => Buffer.from(content.subarray(start, end)))
      expect(bodies.map((body) => sha256Hex(Buffer.from(body, 'latin1')))).toEqual(wanted.map(sha256Hex))
    }
  })
})

test('where the system does not do it, it is read into what all share', () => {
  const taken: number[] = []
  const outgoing = new OutgoingFile({ path: file, start: 5, end: 1_000_000 }, false)
  const most = [100_000, -1, 70_001]
  const socket = {
    write(bytes: Uint8Array) {
      const some = bytes.subarray(0, Math.max(0, most.shift() ?? bytes.length))
      taken.push(...some)
      return some.length
    },
  }
  expect([1, 2, 3, 4].map(() => outgoing.sendTo(socket))).toEqual([false, false, false, true])
  outgoing.close()
  expect(sha256Hex(new Uint8Array(taken))).toBe(sha256Hex(content.subarray(5, 1_000_000)))
})

test('a file that has become shorter breaks the connection, and is told', async () => {
  const short = join(folder, 'short')
  writeFileSync(short, content)
  const troubles: unknown[] = []
  const server = listenOnSockets(
    async () => {
      const body = fileBlob({ path: short, start: 0, end: content.length })
      truncateSync(short, 4_000_000)
      return { status: 200, headers: {}, body }
    },
    { onError: (error) => troubles.push(error) },
  )
  open.push(server)
  const answered = await fetch(server.url)
  await expect(answered.arrayBuffer()).rejects.toThrow()
  expect(String(troubles[0])).toContain('became shorter')
})
