// The exact road: node:http(s) puts on the wire what it is given. On Bun it is loaded only when needed (20 ms).

import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import { concat } from '../lib/bytes.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import type { Body, Headers, HttpRequest, HttpResponse } from './message.ts'
import type { Proxy } from './proxies.ts'
import type { Exchange } from './send.ts'
import {
  addressOf,
  brokenOff,
  connectTimeout,
  interrupted,
  proxyFailed,
  readTimeout,
  unreached,
  urlOf,
} from './unreached.ts'

type Http = typeof import('node:http')

/** How long a server may take to say 100 Continue before the body is sent regardless, as in the reference. */
const continueWait = 1000

/** Bytes are handed over in pieces of this length, so that progress can be seen. */
const pieceSize = 1 << 20

export function makeSocketSend(): (exchange: Exchange, proxy: Proxy | undefined) => Promise<HttpResponse> {
  const agents = new Map<string, Agent>()

  return async (exchange, proxy) => {
    const road = await roadTo(exchange, proxy)
    let agent = agents.get(road.name)
    if (agent === undefined) agents.set(road.name, (agent = road.newAgent(true)))
    try {
      return await attempt(exchange, road, agent)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      // The server had closed an idle connection before this request reached it. A new one cannot be stale.
      const fresh = road.newAgent(false)
      return await attempt(exchange, road, fresh).finally(() => fresh.destroy())
    }
  }
}

/** A kept connection broke before anything was answered: nothing was done, and the request may be sent again. */
class StaleConnection extends Error {}

interface Road {
  /** Requests of one name share connections. */
  name: string
  request: Http['request']
  /** Where to connect, and what the request line says. */
  target: { host: string; port: number; path: string }
  /** What the first server on the road wants to see. */
  headers: Headers
  newAgent(keepAlive: boolean): Agent
  /** The failure for an error before the response began. */
  failure(error: unknown): Error
}

async function roadTo(exchange: Exchange, proxy: Proxy | undefined): Promise<Road> {
  const { request, trust } = exchange
  const http = await import('node:http')
  const address = addressOf(request.host, request.scheme)
  const path = request.path + (request.query === '' ? '' : '?' + request.query)
  const direct = { host: address.name, port: address.port, path }
  const plain = { headers: {}, failure: (error: unknown) => unreached(request, error) }

  if (request.scheme === 'http' && proxy === undefined) {
    return {
      ...plain,
      name: 'http',
      request: http.request,
      target: direct,
      newAgent: (keepAlive) => new http.Agent({ keepAlive }),
    }
  }
  if (request.scheme === 'http' && proxy !== undefined) {
    const module = proxy.secure ? await import('node:https') : http
    return {
      name: `http by ${proxy.host}:${proxy.port}`,
      request: module.request,
      target: { host: proxy.host, port: proxy.port, path: urlOf(request) },
      headers: proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization },
      newAgent: (keepAlive) => new module.Agent({ keepAlive }),
      failure: (error) => failureByProxy(proxy, request, error),
    }
  }
  const name = `https ${trust === undefined ? '' : trust.rejectUnauthorized === false ? 'unverified' : 'own ca'}`
  if (proxy === undefined) {
    const https = await import('node:https')
    return {
      ...plain,
      name,
      request: https.request,
      target: direct,
      newAgent: (keepAlive) => new https.Agent({ keepAlive, ...trust }),
    }
  }
  const tunnelTo = await tunneller(exchange, proxy)
  return {
    // The tunnel's end is a TLS connection, over which plain HTTP is spoken.
    headers: {},
    name: `${name} by ${proxy.host}:${proxy.port}`,
    request: http.request,
    target: direct,
    newAgent: (keepAlive) => {
      const agent = new http.Agent({ keepAlive })
      Object.assign(agent, { createConnection: tunnelTo })
      return agent
    },
    failure: (error) =>
      error instanceof ProxyError ? proxyFailed(proxy.shown, error.cause) : unreached(request, error),
  }
}

class ProxyError extends Error {}

function failureByProxy(proxy: Proxy, request: HttpRequest, error: unknown): Error {
  const code = (error as { code?: string }).code ?? ''
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
    ? proxyFailed(proxy.shown, error)
    : unreached(request, error)
}

type Connected = (error: Error | null, socket?: Socket) => void

/** Opens connections through a proxy: CONNECT, then TLS inside (RFC 9110 §9.3.6). */
async function tunneller(
  { trust }: Exchange,
  proxy: Proxy,
): Promise<(options: { host?: string; port?: number }, done: Connected) => undefined> {
  const [http, tls] = await Promise.all([import('node:http'), import('node:tls')])
  const module = proxy.secure ? await import('node:https') : http
  return ({ host = '', port = 443 }, done) => {
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
    const call = module.request({
      host: proxy.host,
      port: proxy.port,
      method: 'CONNECT',
      path: authority,
      agent: false,
      headers: { host: authority, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) },
    })
    const fail = (cause: unknown): void => done(new ProxyError('No tunnel', { cause }))
    call.once('error', fail)
    call.once('response', (response) => {
      response.resume()
      fail(new Error(`Tunnel connection failed: ${response.statusCode} ${response.statusMessage}`))
    })
    call.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        return fail(new Error(`Tunnel connection failed: ${response.statusCode} ${response.statusMessage}`))
      }
      const isAddress = /^[\d.]+$|:/.test(host)
      const secured = tls.connect({ socket, host, ...(isAddress ? {} : { servername: host }), ...trust })
      secured.once('secureConnect', () => done(null, secured))
      secured.once('error', (error: Error) => done(error))
    })
    call.end()
    return undefined
  }
}

function attempt(exchange: Exchange, road: Road, agent: Agent): Promise<HttpResponse> {
  const { request, signal } = exchange
  if (signal?.aborted) return Promise.reject(interrupted(signal.reason))
  const { 'content-length': _, ...headers } = request.headers
  const options: RequestOptions = {
    ...road.target,
    method: request.method,
    agent,
    setHost: false,
    headers: { host: request.host, ...headers, ...lengthOf(request), ...road.headers },
  }
  const { name } = addressOf(request.host, request.scheme)
  if (road.name.startsWith('https') && !/^[\d.]+$|:/.test(name)) Object.assign(options, { servername: name })

  return new Promise<HttpResponse>((resolve, reject) => {
    const call = begun(road, options, request)
    const watch = new Watch(exchange, call)
    let answered = false
    call.on('error', (error) => {
      watch.done()
      if (answered) return
      const again =
        call.reusedSocket &&
        !(request.body instanceof ReadableStream) &&
        /^(ECONNRESET|EPIPE)$/.test((error as { code?: string }).code ?? '')
      reject(again ? new StaleConnection() : road.failure(error))
    })
    call.on('response', (response) => {
      answered = true
      watch.rest()
      receive(response, call, watch, exchange.stream).then(resolve, reject)
    })
    sendBody(call, request, watch).catch((error: unknown) => call.destroy(error as Error))
  })
}

/** What the body's length makes the head say; a GET without a body says nothing. */
function lengthOf({ body, method, headers }: HttpRequest): Headers {
  const given = headers['content-length']
  // Bytes first: the mere names of web streams and Blobs cost Node milliseconds.
  const length = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : given
  if (length === undefined) return { 'transfer-encoding': 'chunked' }
  if (length === 0 && given === undefined && /^(GET|HEAD|OPTIONS)$/.test(method)) return {}
  return { 'content-length': String(length) }
}

/** Bytes, though there are none, make it go out a byte a character; flushHeaders would encode it once more. */
function writeHead(call: ClientRequest): void {
  call.write(new Uint8Array(0))
}

async function sendBody(call: ClientRequest, { body, headers }: HttpRequest, watch: Watch): Promise<void> {
  // Once it knows the length, node:http writes a Content-Disposition in another encoding: so the head goes ahead, where the
  // length stands last. https://github.com/nodejs/node/pull/46528
  if (/[\x80-\xff]/.test(headers['content-disposition'] ?? '')) writeHead(call)
  if (headers['expect'] !== undefined) {
    writeHead(call)
    await new Promise<void>((resolve) => {
      call.once('continue', resolve)
      watch.afterConnect(() => setTimeout(resolve, continueWait).unref())
      call.once('response', () => call.once('close', resolve))
    })
    if (call.destroyed) return
  }
  if (body instanceof Uint8Array && body.length <= pieceSize) {
    call.end(body)
    return
  }
  // One pair of listeners for the whole body: a listener a piece would be a listener a megabyte.
  let wake = (): void => {}
  for (const event of ['drain', 'close']) call.on(event, () => wake())
  for await (const piece of piecesToSend(body)) {
    if (call.destroyed) return
    if (call.write(piece)) continue
    if (watch.connected) watch.reading() // a server that takes nothing is as bad as one that says nothing
    await new Promise<void>((resolve) => (wake = resolve))
    if (watch.connected) watch.rest()
  }
  call.end()
}

function piecesToSend(body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (!(body instanceof Uint8Array)) return piecesOf(body instanceof Blob ? body.stream() : body)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < body.length; at += pieceSize) pieces.push(body.subarray(at, at + pieceSize))
  return pieces
}

/** Throws at once where the request is none that HTTP knows. */
function begun(road: Road, options: RequestOptions, request: HttpRequest): ClientRequest {
  try {
    return road.request(options)
  } catch (error) {
    throw unreached(request, error)
  }
}

async function receive(
  response: IncomingMessage,
  call: ClientRequest,
  watch: Watch,
  stream: boolean,
): Promise<HttpResponse> {
  const trailers: Headers = {}
  const head = { status: response.statusCode ?? 0, headers: joined(response.rawHeaders), trailers }
  const pieces = receivedPieces(response, call, watch, trailers)
  if (stream) return { ...head, body: streamOf(pieces) }
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return { ...head, body: concat(parts) }
}

async function* receivedPieces(
  response: IncomingMessage,
  call: ClientRequest,
  watch: Watch,
  trailers: Headers,
): AsyncGenerator<Uint8Array> {
  try {
    watch.reading()
    for await (const piece of response as AsyncIterable<Buffer>) {
      watch.rest() // the clock stands still while the reader thinks
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
      watch.reading()
    }
    Object.assign(trailers, joined(response.rawTrailers))
  } catch (error) {
    throw watch.stopped ?? brokenOff(error, watch.exchange.stream ? undefined : watch.exchange.request)
  } finally {
    watch.done()
    if (!call.writableEnded) call.destroy() // answered before all was sent: the connection is of no more use
  }
}

/** Names in lower case, repeated values joined as message.ts says. */
function joined(raw: readonly string[]): Headers {
  const headers: Headers = {}
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const value = raw[i + 1]!
    const before = headers[name]
    headers[name] = before === undefined ? value : before + (name === 'set-cookie' ? '\n' : ', ') + value
  }
  return headers
}

/** The timeouts and the caller's signal: each ends the call with its own failure. */
class Watch {
  readonly exchange: Exchange
  readonly call: ClientRequest
  stopped: Error | undefined
  timer: ReturnType<typeof setTimeout> | undefined
  connected = false
  sent = false
  waiting: (() => void)[] = []

  constructor(exchange: Exchange, call: ClientRequest) {
    this.exchange = exchange
    this.call = call
    const { request, connectTimeout: connecting } = exchange
    this.arm(connecting, () => connectTimeout(request))
    call.once('socket', (socket) => {
      const secure = (socket as { encrypted?: boolean }).encrypted === true
      const ready = secure
        ? (socket as { authorized?: boolean; secureConnecting?: boolean }).secureConnecting === false
        : !socket.connecting
      if (ready || call.reusedSocket) this.onConnect()
      else socket.once(secure ? 'secureConnect' : 'connect', () => this.onConnect())
    })
    call.once('finish', () => {
      this.sent = true
      if (this.connected) this.reading()
    })
    exchange.signal?.addEventListener('abort', this.onAbort)
  }

  onConnect(): void {
    this.connected = true
    this.rest()
    if (this.sent) this.reading()
    for (const then of this.waiting) then()
  }

  afterConnect(then: () => void): void {
    if (this.connected) then()
    else this.waiting.push(then)
  }

  /** What comes next has readTimeout to come. */
  reading(): void {
    this.arm(this.exchange.readTimeout, () => readTimeout(this.exchange.request))
  }

  rest(): void {
    clearTimeout(this.timer)
  }

  done(): void {
    this.rest()
    this.exchange.signal?.removeEventListener('abort', this.onAbort)
  }

  readonly onAbort = (): void => this.stop(interrupted(this.exchange.signal?.reason))

  arm(milliseconds: number, failure: () => Error): void {
    clearTimeout(this.timer)
    if (milliseconds > 0) this.timer = setTimeout(() => this.stop(failure()), milliseconds)
  }

  stop(failure: Error): void {
    this.stopped ??= failure
    this.call.destroy(failure)
  }
}
