// Serves over Bun's own sockets: a third of the work of node:http, which makes two streams for every request.
//
// A connection reads one request after the other. A body that is wanted whole is collected; one that is wanted as a
// stream is read no faster than its reader asks, and an answer is sent no faster than the client takes it.

import type { Socket } from 'bun'
import { utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { partOf, type FilePart } from '../lib/file-blob.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import type { Handler, Listening, ListenOptions, Meta } from './listen.ts'
import { HeldBytes } from './held-bytes.ts'
import { emptyBody } from './message.ts'
import type { Body, Headers, HttpRequest, HttpResponse } from './message.ts'
import { OutgoingFile } from './outgoing-file.ts'
import { BadBody, ChunkedFraming, IncomingBody, LengthFraming } from './request-body.ts'
import { BadHead, readHead, type RequestHead } from './request-head.ts'
import { headText, wireValue } from './response-head.ts'

/** Throws an error with code EADDRINUSE where the address is taken. */
export function listenOnSockets(handler: Handler, options: ListenOptions): Listening {
  const house = new House(handler, options)
  const { host = '127.0.0.1', port = 0, unix, tls } = options
  const socket = {
    open: (socket: Socket<Connection>) => house.welcome(socket),
    data: (socket: Socket<Connection>, data: Buffer) => socket.data.received(data),
    drain: (socket: Socket<Connection>) => socket.data.drained(),
    end: (socket: Socket<Connection>) => socket.data.ended(),
    close: (socket: Socket<Connection>) => house.farewell(socket.data),
    error: () => {},
  }
  const secure = tls === undefined ? {} : { tls: { key: tls.key, cert: tls.cert } }
  const common = { socket, allowHalfOpen: true, ...secure }
  if (unix !== undefined) {
    const listener = Bun.listen<Connection>({ unix, ...common } as never)
    return { url: unix, port: 0, close: (within = 5000) => house.close(() => listener.stop(), within) }
  }
  const listener = Bun.listen<Connection>({
    hostname: host,
    port,
    ...common,
  } as never) as unknown as Bun.TCPSocketListener
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${listener.port}`,
    port: listener.port,
    close: (within = 5000) => house.close(() => listener.stop(), within),
  }
}

/** All the connections, what they serve, and how they end. */
class House {
  readonly handler: Handler
  readonly options: ListenOptions
  readonly connections = new Set<Connection>()
  closing = false
  /** Requests answered: now, when it was last looked, and when it was last tidied. */
  served = 0
  #servedBefore = 0
  #tidiedAt = 0
  #passed = 0
  #collected = 0
  #sweeper: ReturnType<typeof setInterval> | undefined
  #whenEmpty: (() => void) | undefined

  constructor(handler: Handler, options: ListenOptions) {
    this.handler = handler
    this.options = options
  }

  welcome(socket: Socket<Connection>): void {
    socket.setNoDelay(true)
    socket.data = new Connection(socket, this)
    this.connections.add(socket.data)
    if (this.#sweeper !== undefined) return
    const { idleTimeout = 65_000, headTimeout = 30_000, bodyTimeout = 60_000 } = this.options
    const often = Math.min(5000, ...[idleTimeout, headTimeout, bodyTimeout].filter((each) => each > 0))
    this.#sweeper = setInterval(() => this.#sweep(), often)
    this.#sweeper.unref()
  }

  farewell(connection: Connection): void {
    this.connections.delete(connection)
    connection.closed()
    if (this.connections.size === 0) this.#whenEmpty?.()
  }

  #sweep(): void {
    const now = Date.now()
    for (const connection of this.connections) connection.look(now)
    this.#tidy()
  }

  /** After many requests, when none comes any more: what they have left goes. */
  #tidy(): void {
    if (this.served === this.#servedBefore && this.served - this.#tidiedAt > 1000) {
      this.#tidiedAt = this.served
      this.options.onRest?.()
      giveBack()
      // What the first round frees, and compiled code that it has let go, the second gives to the system.
      setTimeout(() => this.served === this.#tidiedAt && giveBack(), 1000).unref()
    }
    this.#servedBefore = this.served
  }

  /**
   * Told of the bytes of large uploads. They lie outside the collector's heap, which knows of them too late: without a
   * word now and then an upload would leave a hundred MiB behind it. Not too often, for a collection takes milliseconds.
   */
  passed(bytes: number): void {
    this.#passed += bytes
    const now = performance.now()
    if (this.#passed < 4 << 20 || now - this.#collected < 30) return
    this.#passed = 0
    this.#collected = now
    Bun.gc(true)
  }

  async close(stop: () => void, within: number): Promise<void> {
    this.closing = true
    clearInterval(this.#sweeper)
    stop()
    for (const connection of this.connections) connection.leave()
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve
      timer = setTimeout(resolve, within)
      if (this.connections.size === 0) resolve()
    })
    clearTimeout(timer)
    for (const connection of this.connections) connection.break()
  }
}

function giveBack(): void {
  Bun.gc(true)
  Bun.shrink()
}

/** Bytes of requests that wait behind the one that is served; the client is held back from there. */
const mostWaiting = 64 * 1024
/** Bytes of a streamed body that wait for their reader. */
const mostUnread = 512 * 1024
/** So much of a large body is read and sent at a time. */
const window = 512 * 1024

/** Shorter bodies go out in one write with their head. */
const joinedSize = 64 * 1024
const desk = Buffer.allocUnsafe(2 * joinedSize)

type Phase = 'head' | 'collect' | 'serve' | 'discard'

class Connection {
  readonly #socket: Socket<Connection>
  readonly #house: House
  readonly #sourceIp: string
  #phase: Phase = 'head'
  #isClosed = false
  #isPaused = false
  /** Since when nothing has come or gone, and since when the present head or body is on its way. */
  #quietSince = Date.now()
  #phaseSince = this.#quietSince
  /** What has come and is not understood yet. */
  #held = new HeldBytes()
  #exchange: Exchange | undefined
  /** What the socket has not taken yet. */
  #out: Uint8Array[] = []
  #whenOut: (() => void) | undefined

  constructor(socket: Socket<Connection>, house: House) {
    this.#socket = socket
    this.#house = house
    this.#sourceIp = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  }

  // --- what comes ----------------------------------------------------------------------------------------------------

  received(data: Buffer): void {
    this.#quietSince = Date.now()
    const { body } = this.#exchange ?? {}
    if (this.#phase === 'discard') return
    if (body && !body.framing.done) this.#bodyBytes(body, data)
    else {
      this.#held.add(data)
      if (this.#phase === 'head') this.#next()
      else if (this.#held.length > mostWaiting) this.#pause()
    }
  }

  #bodyBytes(body: IncomingBody, data: Buffer): void {
    if (data.length >= 16_384) this.#house.passed(data.length)
    try {
      const end = body.framing.take(data, (piece) => body.add(piece))
      if (end < data.length) this.#held.add(data.subarray(end))
      if (body.framing.done) body.finish()
      // One that is collected is held back by nothing but the most there may be of it.
      else if (body.unread > mostUnread && this.#phase !== 'collect') this.#pause()
    } catch (error) {
      this.#malformed(error)
    }
  }

  /** Reads the next request, if all of its head is there. */
  #next(): void {
    const { maxHeaderSize = 65_536 } = this.#house.options
    this.#held.skipEmptyLines()
    const end = this.#held.headEnd()
    if (end < 0 && this.#held.length <= maxHeaderSize) {
      // A client that speaks TLS, say, would wait for an answer to what is no text.
      return this.#held.isText() ? undefined : this.#refuse(400, 'This is no HTTP.')
    }
    if (end < 0 || end > maxHeaderSize) return this.#refuse(431, 'The headers are too long.')
    try {
      const head = readHead(this.#held.takeText(end))
      this.#held.take(4)
      this.#begin(head)
    } catch (error) {
      this.#malformed(error)
    }
  }

  #begin(head: RequestHead): void {
    const { wantsStream, maxBody = 64 << 20 } = this.#house.options
    const request: HttpRequest = {
      method: head.method,
      scheme: this.#house.options.tls ? 'https' : 'http',
      host: head.host,
      path: head.path,
      query: head.query,
      headers: head.headers,
      body: emptyBody,
      sourceIp: this.#sourceIp,
    }
    const exchange = (this.#exchange = new Exchange(head))
    this.#phaseSince = Date.now()
    if (head.length === 0) {
      // botocore asks before an empty body, too, and takes the answer to its next request for garbage without this one.
      this.#wanted(exchange)
      return this.#serve(exchange, request)
    }
    const framing = head.length === 'chunked' ? new ChunkedFraming(exchange.trailers) : new LengthFraming(head.length)
    const body = (exchange.body = new IncomingBody(framing, () => this.#wanted(exchange)))
    if (wantsStream?.(request)) {
      this.#feedHeld(body)
      return this.#serve(exchange, { ...request, body: streamOf(body.pieces()) })
    }
    if (typeof head.length === 'number' && head.length > maxBody) return this.#tooLarge(request)
    this.#phase = 'collect'
    this.#wanted(exchange)
    body.whole(
      maxBody,
      (bytes) => this.#serve(exchange, { ...request, body: bytes }),
      () => this.#tooLarge(request),
    )
    this.#feedHeld(body)
  }

  #feedHeld(body: IncomingBody): void {
    const data = this.#held.takeAll()
    if (data.length > 0) this.#bodyBytes(body, data)
  }

  /** Somebody reads the body: the client that asks for it is told to go on, and is held back no longer. */
  #wanted(exchange: Exchange): void {
    if (exchange.awaitsContinue) {
      exchange.awaitsContinue = false
      this.#write(utf8('HTTP/1.1 100 Continue\r\n\r\n'))
    }
    this.#resume()
  }

  #malformed(error: unknown): void {
    if (error instanceof BadHead) this.#refuse(error.status, error.message)
    else if (error instanceof BadBody && this.#phase === 'collect') this.#refuse(400, error.message)
    else {
      if (!(error instanceof BadBody)) this.#house.options.onError?.(error)
      this.break()
    }
  }

  #pause(): void {
    if (!this.#isPaused) this.#socket.pause()
    this.#isPaused = true
  }

  #resume(): void {
    if (this.#isPaused) this.#socket.resume()
    this.#isPaused = false
  }

  // --- what is done with it ------------------------------------------------------------------------------------------

  #serve(exchange: Exchange, request: HttpRequest): void {
    this.#phase = 'serve'
    void this.#answered(exchange, request)
  }

  async #answered(exchange: Exchange, request: HttpRequest): Promise<void> {
    const { handler, options } = this.#house
    let response: HttpResponse
    try {
      response = await handler(request, exchange)
    } catch (error) {
      if (error instanceof Failure && error.kind === 'Connection') return this.break()
      options.onError?.(error)
      response = { status: 500, headers: {}, body: emptyBody }
    }
    if (this.#isClosed) return void cancel(response.body)
    try {
      await this.#answer(exchange, response)
    } catch (error) {
      options.onError?.(error)
      this.break()
    }
  }

  #tooLarge(request: HttpRequest): void {
    this.#phase = 'serve'
    const response = this.#house.options.tooLarge?.(request) ?? { status: 413, headers: {}, body: emptyBody }
    void this.#answer(this.#exchange!, response).catch(() => this.break())
  }

  /** Answers what was no request. */
  #refuse(status: number, message: string): void {
    const response = this.#house.options.malformed?.(status, message) ?? { status, headers: {}, body: utf8(message) }
    this.#phase = 'serve'
    this.#exchange = new Exchange(undefined)
    void this.#answer(this.#exchange, response).catch(() => this.break())
  }

  async #answer(exchange: Exchange, response: HttpResponse): Promise<void> {
    const { head, body: asked } = exchange
    const { body } = response
    const isRead = asked === undefined || asked.framing.done
    const last = this.#house.closing || !isRead || !(head?.keepAlive ?? false)
    const { status } = response
    const isBodiless = head?.method === 'HEAD' || status === 204 || status === 304
    const length = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : undefined
    const chunked = length === undefined && !isBodiless && response.headers['content-length'] === undefined
    const inChunks = chunked && !(head?.oldProtocol ?? false)
    const text = headText(response, { length, isBodiless, inChunks, last: last || (chunked && !inChunks) })
    if (isBodiless) {
      this.#write(latin1(text))
      cancel(body)
    } else if (body instanceof Uint8Array && body.length <= joinedSize) this.#writeJoined(text, body)
    else if (body instanceof Uint8Array) {
      this.#write(latin1(text))
      this.#write(body)
    } else {
      this.#write(latin1(text))
      const part = body instanceof Blob ? partOf(body) : undefined
      await (part ? this.#pourFile(part) : this.#pour(body, inChunks, response.trailers))
    }
    if (this.#out.length > 0) await this.#room()
    if (this.#isClosed) return
    this.#house.served++
    this.#exchange = undefined
    if (last || (chunked && !inChunks)) return this.#hangUp(isRead)
    this.#phase = 'head'
    this.#quietSince = this.#phaseSince = Date.now()
    this.#resume()
    if (this.#held.length > 0) this.#next()
  }

  async #pour(body: Exclude<Body, Uint8Array>, inChunks: boolean, trailers: Headers = {}): Promise<void> {
    for await (const piece of body instanceof Blob ? windowsOf(body) : piecesOf(body)) {
      if (this.#isClosed) return
      if (inChunks) this.#write(latin1(`${piece.length.toString(16)}\r\n`))
      this.#write(piece)
      if (inChunks) this.#write(latin1('\r\n'))
      if (this.#out.length > 0) await this.#room()
    }
    if (this.#isClosed || !inChunks) return
    const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${wireValue(value)}\r\n`)
    this.#write(latin1(`0\r\n${lines.join('')}\r\n`))
  }

  async #pourFile(part: FilePart): Promise<void> {
    if (this.#out.length > 0) await this.#room()
    const file = new OutgoingFile(part, this.#house.options.tls === undefined)
    try {
      while (!this.#isClosed && !file.sendTo(this.#socket)) await this.#room()
    } finally {
      file.close()
    }
  }

  // --- what goes -----------------------------------------------------------------------------------------------------

  #write(bytes: Uint8Array): void {
    if (this.#isClosed || bytes.length === 0) return
    if (this.#out.length > 0) return void this.#out.push(bytes)
    const sent = Math.max(0, this.#socket.write(bytes as Uint8Array<ArrayBuffer>))
    if (sent < bytes.length) this.#out.push(bytes.subarray(sent))
  }

  /** Head and body in one write, from a buffer that all share: what the socket takes, it copies. */
  #writeJoined(head: string, body: Uint8Array): void {
    const length = head.length + body.length
    if (this.#out.length > 0 || length > desk.length) {
      this.#write(latin1(head))
      return this.#write(body)
    }
    desk.write(head, 0, 'latin1')
    desk.set(body, head.length)
    const sent = Math.max(0, this.#isClosed ? length : this.#socket.write(desk, 0, length))
    if (sent < length) this.#out.push(Buffer.from(desk.subarray(sent, length)))
  }

  drained(): void {
    this.#quietSince = Date.now()
    while (this.#out.length > 0) {
      const bytes = this.#out[0]!
      const sent = Math.max(0, this.#socket.write(bytes as Uint8Array<ArrayBuffer>))
      if (sent < bytes.length) {
        this.#out[0] = bytes.subarray(sent)
        return
      }
      this.#out.shift()
    }
    this.#whenOut?.()
  }

  /** Resolves when the system has what we gave it and takes more, or nobody is there to take it. */
  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#whenOut = resolve
      if (this.#isClosed) resolve()
    })
    this.#whenOut = undefined
  }

  // --- the end -------------------------------------------------------------------------------------------------------

  /** Reads on for a little where the client is still sending, so that it sees the answer and not a reset. */
  #hangUp(isRead: boolean): void {
    this.#phase = 'discard'
    this.#quietSince = Date.now()
    // The client may take its time with what the system holds for it.
    if (isRead) return void this.#socket.end()
    this.#socket.shutdown()
    this.#resume()
    setTimeout(() => this.break(), 1000).unref()
  }

  /** The client has nothing more to say; it may still listen. */
  ended(): void {
    if (this.#exchange) this.#exchange.isEnded = true
    if (this.#phase === 'serve' && (this.#exchange?.body === undefined || this.#exchange.body.framing.done)) return
    this.break()
  }

  closed(): void {
    this.#isClosed = true
    this.#out = []
    this.#whenOut?.()
    this.#exchange?.abandon()
  }

  /** The server closes: what is not serving goes. */
  leave(): void {
    if (this.#phase === 'head') this.break()
  }

  break(): void {
    if (this.#isClosed) return
    this.#out = []
    this.#phase = 'discard'
    this.#socket.end()
    // One that does not close its end is not waited for.
    setTimeout(() => this.#isClosed || this.#socket.terminate(), 1000).unref()
  }

  /** Looks whether the client takes too long. */
  look(now: number): void {
    const { idleTimeout = 65_000, headTimeout = 30_000, bodyTimeout = 60_000 } = this.#house.options
    const isOver = (since: number, limit: number): boolean => limit > 0 && now - since > limit
    if (this.#phase === 'head') {
      if (this.#held.length === 0) {
        if (isOver(this.#quietSince, idleTimeout)) this.break()
      } else if (isOver(this.#held.since, headTimeout)) this.#refuse(408, 'The headers did not come in time.')
    } else if (this.#phase === 'collect') {
      // A trickle is no better than silence.
      if (isOver(this.#quietSince, bodyTimeout) || isOver(this.#phaseSince, 10 * bodyTimeout))
        this.#refuse(408, 'The body did not come in time.')
    } else if (this.#exchange?.body?.isAwaited && isOver(this.#quietSince, bodyTimeout)) this.break()
    else if ((this.#whenOut !== undefined || this.#phase === 'discard') && isOver(this.#quietSince, 5 * bodyTimeout))
      this.break()
  }
}

/** One request and what belongs to it. */
class Exchange implements Meta {
  /** Undefined for what was no request. */
  readonly head: RequestHead | undefined
  readonly trailers: Headers = {}
  awaitsContinue: boolean
  body: IncomingBody | undefined
  isEnded = false
  #gone: AbortController | undefined
  #isAbandoned = false

  constructor(head: RequestHead | undefined) {
    this.head = head
    this.awaitsContinue = head?.awaitsContinue ?? false
  }

  get signal(): AbortSignal {
    this.#gone ??= new AbortController()
    if (this.#isAbandoned) this.#gone.abort()
    return this.#gone.signal
  }

  abandon(): void {
    this.#isAbandoned = true
    this.#gone?.abort()
    this.body?.fail(new Failure('Connection', 'the client went away before its request was complete'))
  }
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

async function* windowsOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += window) yield new Uint8Array(await blob.slice(at, at + window).arrayBuffer())
}

function cancel(body: Body): void {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
}
