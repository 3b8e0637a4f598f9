// Against a server that answers what a test tells it to, byte by byte.

import { afterEach, describe, expect, test } from 'bun:test'
import type { Socket, TCPSocketListener } from 'bun'
import { Connections } from './connections.ts'
import type { Exchange } from './connections.ts'
import type { Answer } from './received-answer.ts'
import type { HttpRequest } from './message.ts'

interface State {
  received: string
}

/** Called with all that a connection received since it last answered; answers when it has enough. */
type Respond = (received: string, socket: Socket<State>, connection: number) => boolean | undefined

let server: TCPSocketListener<State> | undefined
let connections: Connections | undefined
afterEach(() => {
  connections?.close()
  server?.stop(true)
})

function serving(respond: Respond, options: { readTimeout?: number } = {}): { opened: () => number } {
  let count = 0
  const numbers = new Map<Socket<State>, number>()
  server = Bun.listen<State>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open(socket) {
        socket.data = { received: '' }
        numbers.set(socket, ++count)
      },
      data(socket, data) {
        socket.data.received += data.toString('latin1')
        if (respond(socket.data.received, socket, numbers.get(socket)!)) socket.data.received = ''
      },
    },
  })
  connections = new Connections('http', `127.0.0.1:${server.port}`, {
    trust: undefined,
    connectTimeout: 2000,
    readTimeout: options.readTimeout ?? 2000,
  })
  return { opened: () => count }
}

const request: HttpRequest = {
  method: 'GET',
  scheme: 'http',
  host: '127.0.0.1',
  path: '/a/../b',
  query: '',
  headers: {},
  body: new Uint8Array(0),
}
const head = 'GET /a/../b HTTP/1.1\r\nhost: x\r\n\r\n'
const ask = (more: Partial<Exchange> = {}): Promise<Answer> =>
  connections!.exchange({ request, write: () => ({ head }), ...more })
const whole = (received: string): boolean => received.endsWith('\r\n\r\n')
const text = (answer: Answer): string => new TextDecoder().decode(answer.body)

describe('answers', () => {
  const cases: [string, string, string][] = [
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
    ['no body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', ''],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\ntrailer: x\r\n\r\n',
      'hello',
    ],
    ['one after 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  ]
  for (const [name, answer, body] of cases) {
    for (const step of [answer.length, 1, 7]) {
      test(`${name}, ${step} bytes at a time, twice on one connection`, async () => {
        const { opened } = serving((received, socket) => {
          if (!whole(received)) return false
          void (async () => {
            for (let at = 0; at < answer.length; at += step) {
              socket.write(answer.slice(at, at + step))
              socket.flush()
              if (step < answer.length) await Bun.sleep(0)
            }
          })()
          return true
        })
        expect(text(await ask())).toBe(body)
        expect(text(await ask())).toBe(body)
        expect(opened()).toBe(1)
      })
    }
  }

  test('one that ends with the connection', async () => {
    const { opened } = serving((received, socket) => {
      if (whole(received)) socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')
      return true
    })
    expect(text(await ask())).toBe('all of it')
    expect(text(await ask())).toBe('all of it')
    expect(opened()).toBe(2)
  })

  test('headers, each by its name', async () => {
    serving((received, socket) => {
      if (whole(received))
        socket.write('HTTP/1.1 206 Partial\r\nETag: "x"\r\nContent-Length: 0\r\nX-A: 1\r\nx-a:  2 \r\n\r\n')
      return true
    })
    const answer = await ask()
    expect([answer.status, answer.header('etag'), answer.header('x-none'), answer.headers['x-a']]).toEqual([
      206,
      '"x"',
      undefined,
      '1, 2',
    ])
  })

  test('the path goes out as it is', async () => {
    let seen = ''
    serving((received, socket) => {
      seen = received
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      return true
    })
    await ask()
    expect(seen).toBe(head)
  })
})

describe('bodies', () => {
  const put = (size: number): string => `PUT /k HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`
  const echo: Respond = (received, socket) => {
    const [, length] = /content-length: (\d+)/.exec(received) ?? []
    const body = received.slice(received.indexOf('\r\n\r\n') + 4)
    if (body.length < Number(length)) return false
    const digest = Bun.hash.crc32(Buffer.from(body, 'latin1')).toString()
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${digest.length}\r\n\r\n${digest}`)
    return true
  }
  for (const size of [0, 10, 48 * 1024, 64 * 1024, 3_000_000]) {
    test(`${size} bytes at once, and block by block`, async () => {
      serving(echo)
      const bytes = new Uint8Array(size).map((_, index) => index * 7)
      const expected = Bun.hash.crc32(bytes).toString()
      expect(text(await ask({ write: () => ({ head: put(size), body: bytes }) }))).toBe(expected)
      const block = new Uint8Array(10_000)
      const blocks = (): (() => Uint8Array | undefined) => {
        let at = 0
        return () => {
          if (at >= size) return undefined
          const stretch = bytes.subarray(at, at + block.length)
          block.set(stretch)
          at += stretch.length
          return block.subarray(0, stretch.length)
        }
      }
      expect(text(await ask({ write: () => ({ head: put(size), body: blocks() }) }))).toBe(expected)
    })
  }

  test('a body that cannot be read ends the exchange with its own error', async () => {
    serving(echo)
    const body = (): Uint8Array => {
      throw new Error('changed')
    }
    expect(ask({ write: () => ({ head: put(5), body }) })).rejects.toThrow('changed')
  })

  test('an answer before the whole body is an answer, and the connection is not used again', async () => {
    const { opened } = serving((received, socket) => {
      if (!received.includes('\r\n\r\n')) return false
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
      return true
    })
    const body = (): Uint8Array => new Uint8Array(1 << 20)
    const answer = await ask({ write: () => ({ head: put(1 << 30), body }) })
    expect([answer.status, text(answer)]).toEqual([403, 'no'])
    await ask({ write: () => ({ head: put(0) }) })
    expect(opened()).toBe(2)
  })
})

describe('what goes wrong', () => {
  test('a kept connection that the server closed is replaced', async () => {
    let closed = 0
    const { opened } = serving((received, socket, connection) => {
      if (!whole(received)) return false
      if (connection === 1 && closed++ > 0) socket.end()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')
      return true
    })
    await ask()
    expect(text(await ask())).toBe('x')
    expect(opened()).toBe(2)
  })

  test('a new connection that breaks is told, and so is a body that stops', async () => {
    serving((_, socket) => {
      socket.end()
      return true
    })
    expect(ask()).rejects.toMatchObject({ kind: 'Connection', detail: { stage: 'closed' } })
    connections!.close()
    server!.stop(true)
    serving((_, socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
      return true
    })
    await expect(ask()).rejects.toMatchObject({ kind: 'Connection', detail: { stage: 'read' } })
  })

  test('nobody listens', async () => {
    serving(() => true)
    server!.stop(true)
    await expect(ask()).rejects.toMatchObject({ kind: 'Connection', detail: { stage: 'connect' } })
  })

  test('no answer in time', async () => {
    serving(() => true, { readTimeout: 100 })
    await expect(ask()).rejects.toMatchObject({ kind: 'Timeout', detail: { stage: 'read' } })
  })

  test('an interruption, of what runs and of what has not begun', async () => {
    serving(() => true)
    const stopping = new AbortController()
    const running = ask({ signal: stopping.signal })
    setTimeout(() => stopping.abort(), 20)
    await expect(running).rejects.toMatchObject({ kind: 'Interrupted' })
    await expect(ask({ signal: stopping.signal })).rejects.toMatchObject({ kind: 'Interrupted' })
  })

  test('an error of the receiver is the error', async () => {
    serving((received, socket) => {
      if (whole(received)) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
      return true
    })
    const receive = () => () => {
      throw new Error('disk full')
    }
    await expect(ask({ receive })).rejects.toThrow('disk full')
  })

  test('something that is no HTTP', async () => {
    serving((_, socket) => {
      socket.write('SSH-2.0-x\r\n\r\n')
      return true
    })
    await expect(ask()).rejects.toMatchObject({ kind: 'Connection' })
  })
})
