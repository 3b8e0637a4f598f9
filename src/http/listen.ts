// Serves requests as plain records: what came, byte for byte, and what goes back. It knows nothing of AWS.
//
// On Bun over its own sockets (listen-sockets.ts), on Node by node:http, below. Bun.serve will not do: it normalises paths
// and folds headers, which breaks signatures and S3 keys. Idle connections are closed here and not by keepAliveTimeout,
// which on Bun also cuts off a response that is still draining (https://github.com/anomalyco/opencode/issues/50505).

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { asByteString, concat } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import { emptyBody } from './message.ts'
import type { Body, Headers, HttpRequest, HttpResponse } from './message.ts'

export interface ListenOptions {
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any that is free. */
  port?: number
  /** A socket file instead of an address. */
  unix?: string
  /** PEM. */
  tls?: { key: string; cert: string }
  /** Whether the handler reads the body of this request (which is still empty) as a stream. Default: never. */
  wantsStream?: (head: HttpRequest) => boolean
  /** The longest body that is read into memory, in bytes. Default 64 MiB. */
  maxBody?: number
  /** The answer to a longer one. Default: 413 with nothing more. */
  tooLarge?: (head: HttpRequest) => HttpResponse
  /** Bytes of request line and headers; more is answered with 431. Default 64 KiB. */
  maxHeaderSize?: number
  /** Milliseconds a connection may be silent between requests. Default 65,000. */
  idleTimeout?: number
  /** Milliseconds in which a request's headers must come. Default 30,000. */
  headTimeout?: number
  /** Milliseconds a body that is being read may be silent. Default 60,000. */
  bodyTimeout?: number
  /** The answer to what is no request: 400, 408, 431, 501, 505. Default: the status with one line of text. */
  malformed?: (status: number, message: string) => HttpResponse
  /** Told when many requests have come and none comes any more, before memory is given back. On Bun. */
  onRest?: () => void
  /** Told of what the handler threw or its body stream ended in; the caller has got 500 or a broken connection. */
  onError?: (error: unknown) => void
}

/** What a handler may know beside the request. */
export interface Meta {
  /** Aborted when the client has gone away before the answer was finished. */
  signal: AbortSignal
  /** The client has nothing more to say: most who do that before their answer have gone, though some still listen. */
  isEnded?: boolean
  /** Trailing headers of a chunked request; complete when its body is read. */
  trailers: Headers
}

/** Throws Failure('Connection') to hang up without an answer. */
export type Handler = (request: HttpRequest, meta: Meta) => HttpResponse | Promise<HttpResponse>

export interface Listening {
  /** `http://127.0.0.1:4566`, or the socket file's path. */
  url: string
  port: number
  /** Takes no more requests, lets those that run finish, for at most `within` milliseconds (default 5,000), then ends all. */
  close(within?: number): Promise<void>
}

/** Throws what node:net does when the address is taken: an error with code EADDRINUSE. */
export async function listen(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  if (typeof Bun === 'undefined') return listenByNode(handler, options)
  const { listenOnSockets } = await import('./listen-sockets.ts')
  return listenOnSockets(handler, options)
}

/** On Node: node:http, which has its own limits and its own words for what is malformed. */
export async function listenByNode(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const settings = { maxHeaderSize: options.maxHeaderSize ?? 65_536, keepAliveTimeout: 0, requestTimeout: 0 }
  const server: Server = options.tls
    ? ((await import('node:https')).createServer({ ...settings, ...options.tls }) as unknown as Server)
    : (await import('node:http')).createServer(settings)
  server.keepAliveTimeout = 0
  const connections = new Connections(options.idleTimeout ?? 65_000)
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => connections.add(socket))

  const serve = (incoming: IncomingMessage, outgoing: ServerResponse, awaitsContinue: boolean): void => {
    const leave = connections.enter(incoming.socket)
    const exchange = new Exchange(incoming, outgoing, options, awaitsContinue)
    exchange
      .run(handler, () => connections.closing)
      .catch((error: unknown) => {
        options.onError?.(error)
        outgoing.destroy()
      })
      .finally(leave)
  }
  server.on('request', (incoming, outgoing) => serve(incoming, outgoing, false))
  server.on('checkContinue', (incoming, outgoing) => {
    // Said at once where no body can be spared: listen-sockets.ts tells for whom.
    const isEmpty = incoming.headers['content-length'] === '0'
    if (isEmpty) outgoing.writeContinue()
    serve(incoming, outgoing, !isEmpty)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (options.unix === undefined) server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
    else server.listen(options.unix, resolve)
  })
  return {
    url: options.unix ?? urlOf(server.address() as AddressInfo, options.tls !== undefined),
    port: options.unix === undefined ? (server.address() as AddressInfo).port : 0,
    close: (within = 5000) => connections.end(server, within),
  }
}

function urlOf({ address, port }: AddressInfo, secure: boolean): string {
  return `${secure ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** The open connections, when each was last of use, and how they end. */
class Connections {
  readonly idleTimeout: number
  /** Since when a connection is idle; undefined while it serves. */
  readonly open = new Map<Socket, number | undefined>()
  closing = false
  sweeper: ReturnType<typeof setInterval> | undefined
  whenIdle: (() => void) | undefined

  constructor(idleTimeout: number) {
    this.idleTimeout = idleTimeout
  }

  add(socket: Socket): void {
    this.open.set(socket, Date.now())
    socket.once('close', () => {
      this.open.delete(socket)
      this.check()
    })
    if (this.sweeper !== undefined || this.idleTimeout === 0) return
    this.sweeper = setInterval(() => this.sweep(Date.now() - this.idleTimeout), Math.min(5000, this.idleTimeout))
    this.sweeper.unref()
  }

  /** A request begins; call what is given back when it is over. */
  enter(socket: Socket): () => void {
    this.open.set(socket, undefined)
    return () => {
      if (!this.open.has(socket)) return
      if (this.closing) socket.end()
      else this.open.set(socket, Date.now())
    }
  }

  sweep(before: number): void {
    for (const [socket, since] of this.open) if (since !== undefined && since <= before) socket.destroy()
  }

  check(): void {
    if (this.open.size === 0) this.whenIdle?.()
  }

  async end(server: Server, within: number): Promise<void> {
    this.closing = true
    clearInterval(this.sweeper)
    server.close()
    this.sweep(Infinity)
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      this.whenIdle = resolve
      timer = setTimeout(resolve, within)
      this.check()
    })
    clearTimeout(timer)
    for (const socket of this.open.keys()) socket.destroy()
  }
}

/** One request and its answer. */
class Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly options: ListenOptions
  readonly trailers: Headers = {}
  awaitsContinue: boolean
  bodyRead = false

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, options: ListenOptions, awaitsContinue: boolean) {
    this.incoming = incoming
    this.outgoing = outgoing
    this.options = options
    this.awaitsContinue = awaitsContinue
  }

  async run(handler: Handler, closing: () => boolean): Promise<void> {
    const head = headOf(this.incoming, this.options.tls !== undefined)
    const gone = new AbortController()
    this.outgoing.once('close', () => {
      if (!this.outgoing.writableFinished) gone.abort()
    })
    let response: HttpResponse
    const request = await this.withBody(head)
    if (request === 'gone') return
    if (request === 'too large')
      response = this.options.tooLarge?.(head) ?? { status: 413, headers: {}, body: emptyBody }
    else {
      try {
        response = await handler(request, { signal: gone.signal, trailers: this.trailers })
      } catch (error) {
        if (error instanceof Failure && error.kind === 'Connection') return void this.outgoing.destroy()
        this.options.onError?.(error)
        response = { status: 500, headers: {}, body: emptyBody }
      }
    }
    if (gone.signal.aborted) return
    await this.answer(response, closing())
  }

  async withBody(head: HttpRequest): Promise<HttpRequest | 'too large' | 'gone'> {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = head.headers
    if (Number(length) === 0 && encoding === undefined) {
      this.bodyRead = true
      return head
    }
    if (this.options.wantsStream?.(head)) return { ...head, body: streamOf(this.pieces()) }
    const most = this.options.maxBody ?? 64 << 20
    if (Number(length) > most) return 'too large'
    const parts: Uint8Array[] = []
    let read = 0
    try {
      for await (const piece of this.pieces()) {
        read += piece.length
        if (read > most) return 'too large'
        parts.push(piece)
      }
    } catch {
      return 'gone' // nobody is left to be told
    }
    return { ...head, body: concat(parts) }
  }

  /** The body as it comes. The client that waits for 100 Continue gets it when somebody begins to read. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    if (this.awaitsContinue) {
      this.awaitsContinue = false
      this.outgoing.writeContinue()
    }
    const { incoming } = this
    const queue = new Pieces(incoming)
    for (let piece = await queue.next(); piece !== undefined; piece = await queue.next()) yield piece
    Object.assign(this.trailers, joined(incoming.rawTrailers))
    this.bodyRead = true
  }

  async answer({ status, headers, body, trailers }: HttpResponse, last: boolean): Promise<void> {
    const { incoming, outgoing } = this
    const bodiless = incoming.method === 'HEAD' || status === 204 || status === 304
    const written: Record<string, string | string[]> = {}
    for (const [name, value] of Object.entries(headers)) {
      written[name] = name === 'set-cookie' ? value.split('\n') : asByteString(value)
    }
    const length = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : undefined
    if (status === 204) delete written['content-length']
    else if (length !== undefined && (!bodiless || (length > 0 && written['content-length'] === undefined))) {
      written['content-length'] = String(length)
    }
    // What is left of an unread body would be taken for the next request.
    if (last || !this.bodyRead) written['connection'] = 'close'
    if (trailers && Object.keys(trailers).length > 0 && length === undefined)
      written['trailer'] = Object.keys(trailers).join(', ')
    outgoing.writeHead(status, written)

    if (bodiless) {
      if (body instanceof ReadableStream) void body.cancel().catch(() => {})
      outgoing.end()
    } else if (body instanceof Uint8Array) {
      outgoing.end(body)
    } else {
      await this.pour(body)
      if (trailers && length === undefined) outgoing.addTrailers(trailers)
      outgoing.end()
    }
    await new Promise<void>((resolve) => {
      if (outgoing.writableFinished || outgoing.destroyed) return resolve()
      outgoing.once('finish', resolve)
      outgoing.once('close', resolve)
    })
    if (!this.bodyRead) discardRest(incoming)
  }

  /** Sends a body no faster than the client takes it. */
  async pour(body: Exclude<Body, Uint8Array>): Promise<void> {
    const { outgoing } = this
    for await (const piece of piecesOf(body instanceof Blob ? body.stream() : body)) {
      if (outgoing.destroyed) return
      if (outgoing.write(piece)) continue
      await new Promise<void>((resolve) => {
        const go = (): void => {
          outgoing.off('drain', go)
          outgoing.off('close', go)
          resolve()
        }
        outgoing.once('drain', go)
        outgoing.once('close', go)
      })
    }
  }
}

/** The pieces of a request's body, asked for one by one; the connection is held back while nobody asks. */
class Pieces {
  readonly incoming: IncomingMessage
  waiting: { resolve: (piece: Uint8Array | undefined) => void; reject: (error: Error) => void } | undefined
  held: Uint8Array[] = []
  ended = false
  failed: Error | undefined

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming
    incoming.on('data', (data: Buffer) => {
      this.held.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      incoming.pause()
      this.settle()
    })
    incoming.on('end', () => {
      this.ended = true
      this.settle()
    })
    const broken = (error?: Error): void => {
      this.failed = error ?? new Failure('Connection', 'the client went away before its request was complete')
      this.settle()
    }
    incoming.on('error', broken)
    incoming.on('aborted', () => broken())
    incoming.on('close', () => {
      if (!this.ended) broken()
    })
  }

  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.settle()
      if (this.waiting !== undefined) this.incoming.resume()
    })
  }

  settle(): void {
    const { waiting } = this
    if (waiting === undefined) return
    const piece = this.held.shift()
    if (piece === undefined && !this.ended && this.failed === undefined) return
    this.waiting = undefined
    if (piece !== undefined || this.ended) waiting.resolve(piece)
    else waiting.reject(this.failed!)
  }
}

function headOf(incoming: IncomingMessage, secure: boolean): HttpRequest {
  const headers = joined(incoming.rawHeaders)
  const host = headers['host'] ?? ''
  delete headers['host']
  let target = incoming.url ?? '/'
  if (!target.startsWith('/')) target = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1] || '/' // as sent to a proxy
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  return {
    method: incoming.method ?? 'GET',
    scheme: secure ? 'https' : 'http',
    host,
    path: path || '/',
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    body: emptyBody,
    sourceIp: (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  }
}

function joined(raw: readonly string[]): Headers {
  const headers: Headers = {}
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    headers[name] = headers[name] === undefined ? raw[i + 1]! : `${headers[name]},${raw[i + 1]!}`
  }
  return headers
}

/** Reads on for a little, so that the client sees the answer and not a reset, then hangs up. */
function discardRest(incoming: IncomingMessage): void {
  let left = 1 << 20
  incoming.on('data', (data: Buffer) => {
    left -= data.length
    if (left < 0) incoming.socket.destroy()
  })
  incoming.resume()
  setTimeout(() => incoming.socket.destroy(), 1000).unref()
}
