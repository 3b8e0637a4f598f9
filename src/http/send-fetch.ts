// The quick road on Bun. send.ts decides who may take it.

import { piecesOf, streamOf } from '../lib/stream.ts'
import { filter } from '../lib/iterate.ts'
import { emptyBody } from './message.ts'
import type { Headers, HttpRequest, HttpResponse } from './message.ts'
import type { Exchange } from './send.ts'
import { addressOf, brokenOff, connectTimeout, interrupted, readTimeout, unreached, urlOf } from './unreached.ts'

/** Bodies up to this length are read at once; longer ones piece by piece, so that a stall is noticed. */
const readAtOnce = 1 << 20

/** The slowest upload that is not called a stall, in bytes per millisecond. */
const slowestUpload = 16

export async function sendByFetch(exchange: Exchange): Promise<HttpResponse> {
  const { request } = exchange
  const watch = new Watch(exchange)
  let response: Response
  try {
    response = await fetch(urlOf(request), {
      method: request.method,
      headers: fetchHeaders(request),
      body: bodyOf(request),
      redirect: 'manual',
      decompress: false,
      timeout: false,
      signal: watch.signal,
      tls: exchange.trust,
    } as BunFetchRequestInit)
  } catch (error) {
    throw watch.reason() ?? unreached(request, error)
  } finally {
    watch.rest()
  }
  const head = { status: response.status, headers: headersOf(response) }
  if (response.body === null) {
    watch.done()
    return { ...head, body: exchange.stream ? streamOf(nothing()) : emptyBody }
  }
  if (exchange.stream) return { ...head, body: streamOf(watchedPieces(response.body, watch)) }
  return { ...head, body: await wholeBody(response, watch) }
}

/** Lengths and framing are fetch's own business, except for a stream whose length only the caller knows. */
function fetchHeaders(request: HttpRequest): [string, string][] {
  const streamed = request.body instanceof ReadableStream
  return filter(
    Object.entries(request.headers),
    ([name]) => name !== 'transfer-encoding' && (streamed || name !== 'content-length'),
  )
}

function bodyOf({ method, body }: HttpRequest): BodyInit | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  return body as BodyInit
}

function headersOf(response: Response): Headers {
  const cookies = response.headers.getSetCookie()
  const headers: Headers = response.headers.toJSON()
  return cookies.length === 0 ? headers : { ...headers, 'set-cookie': cookies.join('\n') }
}

async function wholeBody(response: Response, watch: Watch): Promise<Uint8Array> {
  try {
    const length = Number(response.headers.get('content-length') ?? Infinity)
    if (length <= readAtOnce) {
      watch.reading()
      return new Uint8Array(await response.arrayBuffer())
    }
    return new Uint8Array(await new Response(streamOf(watchedPieces(response.body!, watch))).arrayBuffer())
  } catch (error) {
    throw watch.reason() ?? brokenOff(error, watch.exchange.request)
  } finally {
    watch.done()
  }
}

async function* watchedPieces(body: ReadableStream<Uint8Array>, watch: Watch): AsyncGenerator<Uint8Array> {
  try {
    watch.reading()
    for await (const piece of piecesOf(body)) {
      watch.rest() // the clock stands still while the reader thinks
      yield piece
      watch.reading()
    }
  } catch (error) {
    throw watch.reason() ?? brokenOff(error, watch.exchange.stream ? undefined : watch.exchange.request)
  } finally {
    watch.done()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The two timeouts and the caller's signal, as one signal for fetch. */
class Watch {
  readonly exchange: Exchange
  readonly controller = new AbortController()
  readonly started = Date.now()
  /** How long the first byte of the answer may take, the upload included. */
  readonly patience: number
  waiting = true
  stopped: Error | undefined
  timers: ReturnType<typeof setTimeout>[] = []

  constructor(exchange: Exchange) {
    this.exchange = exchange
    const {
      signal,
      connectTimeout: connecting,
      readTimeout: reading,
      request: { body },
    } = exchange
    const upload = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : Infinity
    this.patience = reading === 0 ? Infinity : reading + upload / slowestUpload
    for (const limit of new Set([connecting || Infinity, this.patience])) {
      if (limit < Infinity) this.after(limit, () => void this.overdue())
    }
    if (signal?.aborted) this.onAbort()
    signal?.addEventListener('abort', this.onAbort)
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Why fetch was stopped, if it was. */
  reason(): Error | undefined {
    return this.stopped
  }

  /** The next piece has readTimeout to come. */
  reading(): void {
    const { readTimeout: limit, request } = this.exchange
    if (limit > 0) this.after(limit, () => this.stop(readTimeout(request)))
  }

  rest(): void {
    this.waiting = false
    for (const timer of this.timers) clearTimeout(timer)
    this.timers = []
  }

  done(): void {
    this.rest()
    this.exchange.signal?.removeEventListener('abort', this.onAbort)
  }

  readonly onAbort = (): void => this.stop(interrupted(this.exchange.signal?.reason))

  stop(reason: Error): void {
    this.stopped ??= reason
    this.controller.abort(reason)
  }

  after(milliseconds: number, then: () => void): void {
    this.timers.push(setTimeout(then, milliseconds))
  }

  /** fetch does not tell whether it is connected. Once it matters, another connection shows whether it can be. */
  async overdue(): Promise<void> {
    const { request, connectTimeout: connecting } = this.exchange
    const connected = await this.reachable()
    if (!this.waiting) return
    const elapsed = Date.now() - this.started + 1 // timers may be a millisecond early
    if (!connected && connecting > 0 && elapsed >= connecting) this.stop(connectTimeout(request))
    if (connected && elapsed >= this.patience) this.stop(readTimeout(request))
  }

  reachable(): Promise<boolean> {
    const { host, scheme } = this.exchange.request
    const { name, port } = addressOf(host, scheme)
    const late = new Promise<boolean>((resolve) => this.after(500, () => resolve(false)))
    const connected = Bun.connect({
      hostname: name,
      port,
      socket: { open: (socket) => void socket.end(), data() {} },
    }).then(
      () => true,
      () => false,
    )
    return Promise.race([connected, late])
  }
}
