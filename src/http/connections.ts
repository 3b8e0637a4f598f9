// Many small exchanges with one server: HTTP/1.1 over Bun's own sockets, as little as can be done for each.
//
// For the data path of S3, where fetch would touch the path and cost twice the CPU. A connection carries one exchange at
// a time and is kept for the next. Bodies go out as the socket takes them, and come in as they arrive, without a copy.

import type { HttpRequest } from './message.ts'
import { framingOf, ReceivedAnswer } from './received-answer.ts'
import type { Answer, Framing } from './received-answer.ts'
import type { Trust } from './send.ts'
import {
  addressOf,
  brokenOff,
  connectTimeout,
  couldNotConnect,
  interrupted,
  readTimeout,
  tlsFailed,
  unreached,
} from './unreached.ts'

/** The next bytes of a body; undefined at its end. What was given must stay as it is until the next are asked for. */
export type BodyReader = () => Uint8Array | undefined

export interface Exchange {
  /** What is asked, for errors to name it; its headers and body are not looked at. */
  readonly request: HttpRequest
  /** Where that is another than the request's. */
  readonly path?: string
  /**
   * What goes out, asked for when a connection is free, and again for another one: so signatures are fresh, and bytes
   * need not be held while there is none.
   */
  readonly write: () => Outgoing
  /** Where a response's body goes, by its status; undefined: it is collected. */
  readonly receive?: (answer: Answer) => ((data: Uint8Array) => void) | undefined
  readonly signal?: AbortSignal
}

export interface Outgoing {
  /** Request line and headers with the empty line behind them, a character a byte. */
  readonly head: string
  /** Bytes may be another's as soon as they were handed over, where they are no more than `lentSize`. */
  readonly body?: Uint8Array | BodyReader
}

export interface ConnectionOptions {
  readonly trust: Trust | undefined
  /** Milliseconds; 0 for none. */
  readonly connectTimeout: number
  readonly readTimeout: number
}

const nothing = new Uint8Array(0)

/** So much of a body is put into one buffer with the head: one write, one packet where it is small. */
const joinedSize = 64 * 1024

/** Bodies up to this length are copied when they are handed over. */
export const lentSize = 48 * 1024

/** What arrives at once and is less is left to the collector. */
const freedSize = 4096

let joined: Buffer | undefined

/** The connections to one server. */
export class Connections {
  readonly #scheme: 'http' | 'https'
  readonly #host: string
  readonly #options: ConnectionOptions
  readonly #idle: Connection[] = []
  readonly #all = new Set<Connection>()
  readonly #heeded = new WeakSet<AbortSignal>()
  readonly #home: Home = {
    free: (connection) => void this.#idle.push(connection),
    gone: (connection) => this.#forget(connection),
    again: (exchange) => this.#onNew(exchange),
  }
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(scheme: 'http' | 'https', host: string, options: ConnectionOptions) {
    this.#scheme = scheme
    this.#host = host
    this.#options = options
  }

  /**
   * One exchange. Throws Failure('Connection' | 'Timeout' | 'Interrupted'), and what the receiver throws. A kept
   * connection that turns out to be closed is replaced by a new one, once.
   */
  exchange(exchange: Exchange): Promise<Answer> {
    if (exchange.signal) this.#heed(exchange.signal)
    const kept = this.#idle.pop()
    return kept === undefined ? this.#onNew(exchange) : kept.exchange(exchange)
  }

  async #onNew(exchange: Exchange): Promise<Answer> {
    const { request, path, signal } = exchange
    if (signal?.aborted) throw interrupted(signal.reason)
    const connection = new Connection(path === undefined ? request : { ...request, path }, this.#options, this.#home)
    this.#all.add(connection)
    this.#watch ??= setInterval(() => this.#look(), 500)
    await connection.open(this.#scheme, this.#host, signal)
    return connection.exchange(exchange)
  }

  /** One listener for all exchanges under a signal: adding one to each would cost as much as signing it. */
  #heed(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return
    this.#heeded.add(signal)
    const interrupt = (): void => {
      for (const connection of this.#all) connection.interrupt(signal)
    }
    signal.addEventListener('abort', interrupt, { once: true })
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    if (this.#all.size === 0) this.#unwatch()
  }

  /** One clock for all of them. */
  #look(): void {
    const now = Date.now()
    for (const connection of this.#all) connection.look(now)
  }

  #unwatch(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
  }

  close(): void {
    for (const connection of this.#all) connection.close()
    this.#all.clear()
    this.#idle.length = 0
    this.#unwatch()
  }
}

/** What a connection tells those it belongs to. */
interface Home {
  /** It can take another exchange. */
  free(connection: Connection): void
  gone(connection: Connection): void
  /** The server had closed it before it saw this request: another one must take it. */
  again(exchange: Exchange): Promise<Answer>
}

type Socket = import('bun').Socket<undefined>

interface Pending {
  readonly exchange: Exchange
  resolve(answer: Answer): void
  reject(error: unknown): void
}

class Connection {
  readonly #options: ConnectionOptions
  readonly #home: Home
  #request: HttpRequest
  #path: string | undefined
  #socket: Socket | undefined
  #opened: { resolve(): void; reject(error: unknown): void; signal: AbortSignal | undefined } | undefined
  #pending: Pending | undefined
  #used = false
  #closed = false
  #broken = false
  #since = Date.now()
  // What goes out.
  #out: Uint8Array = nothing
  #reader: BodyReader | undefined
  // What comes in.
  #head: Buffer | undefined
  #answer: ReceivedAnswer | undefined
  #framing: Framing | undefined
  #to: ((data: Uint8Array) => void) | undefined

  constructor(request: HttpRequest, options: ConnectionOptions, home: Home) {
    this.#request = request
    this.#options = options
    this.#home = home
  }

  get #named(): HttpRequest {
    return this.#path === undefined ? this.#request : { ...this.#request, path: this.#path }
  }

  open(scheme: 'http' | 'https', host: string, signal: AbortSignal | undefined): Promise<void> {
    const { name, port } = addressOf(host, scheme)
    const { trust } = this.#options
    return new Promise<void>((resolve, reject) => {
      this.#opened = { resolve, reject, signal }
      const secure = scheme === 'https'
      Bun.connect({
        hostname: name,
        port,
        ...(secure
          ? {
              tls: {
                serverName: name,
                ...(trust?.ca === undefined ? {} : { ca: trust.ca }),
                rejectUnauthorized: trust?.rejectUnauthorized !== false,
              },
            }
          : {}),
        socket: {
          binaryType: 'buffer',
          open: (socket) => {
            this.#socket = socket as unknown as Socket
            socket.setNoDelay(true)
            if (!secure) this.#ready()
          },
          handshake: (socket, success, problem) => {
            if (trust?.rejectUnauthorized === false || (success && !problem)) return this.#ready()
            const reason = problem?.message ?? 'the handshake failed'
            this.#fail(
              tlsFailed(this.#named, `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${reason}`, problem),
            )
            socket.end()
          },
          data: (_, data) => this.#received(data),
          drain: () => this.#flush(),
          end: () => this.#ended(),
          close: () => this.#ended(),
          error: (_, error) => this.#fail(this.#opened ? unreached(this.#named, error) : brokenOff(error)),
          connectError: (_, error) => this.#fail(couldNotConnect(this.#named, error)),
        },
      }).catch((error: unknown) => this.#fail(couldNotConnect(this.#named, error)))
    })
  }

  #ready(): void {
    this.#opened?.resolve()
    this.#opened = undefined
  }

  exchange(exchange: Exchange): Promise<Answer> {
    this.#request = exchange.request
    this.#path = exchange.path
    const { signal } = exchange
    if (signal?.aborted) {
      this.#broken = true
      return Promise.reject(interrupted(signal.reason))
    }
    return new Promise<Answer>((resolve, reject) => {
      this.#pending = { exchange, resolve, reject }
      this.#since = Date.now()
      try {
        this.#begin(exchange)
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  interrupt(signal: AbortSignal): void {
    const heeds = this.#pending?.exchange.signal === signal || this.#opened?.signal === signal
    if (heeds) this.#fail(interrupted(signal.reason))
  }

  #begin({ write }: Exchange): void {
    const { head, body } = write()
    this.#reader = typeof body === 'function' ? body : undefined
    const bytes = typeof body === 'function' || body === undefined ? nothing : body
    const length = head.length + bytes.length
    if (length <= joinedSize) {
      joined ??= Buffer.allocUnsafe(joinedSize)
      joined.write(head, 0, 'latin1')
      joined.set(bytes, head.length)
      const sent = this.#write(joined.subarray(0, length))
      if (sent < length) this.#out = Buffer.from(joined.subarray(sent, length))
    } else {
      this.#out = Buffer.from(head, 'latin1')
      let rest: Uint8Array | undefined = bytes.length <= lentSize ? bytes.slice() : bytes
      this.#reader ??= () => {
        const next = rest
        rest = undefined
        return next
      }
    }
    this.#flush()
  }

  #write(bytes: Uint8Array): number {
    const sent = this.#socket!.write(bytes as Uint8Array<ArrayBuffer>)
    if (sent > 0) this.#since = Date.now()
    return Math.max(sent, 0)
  }

  #flush(): void {
    try {
      for (;;) {
        if (this.#out.length > 0) {
          const sent = this.#write(this.#out)
          this.#out = sent === this.#out.length ? nothing : this.#out.subarray(sent)
          if (this.#out.length > 0) return
        }
        const next = this.#pending && this.#reader?.()
        if (next === undefined) {
          this.#reader = undefined
          return
        }
        this.#out = next
      }
    } catch (error) {
      this.#fail(error) // the body cannot be read
    }
  }

  #received(data: Buffer): void {
    if (!this.#pending) {
      this.#broken = true // nobody asked for this
      return this.close()
    }
    this.#since = Date.now()
    try {
      const body = this.#framing ? data : this.#headers(data)
      if (body !== undefined) this.#bodyBytes(body)
    } catch (error) {
      this.#fail(error)
    }
    letGo(data)
  }

  /** Reads the head; answers what came behind it, once it is whole. */
  #headers(data: Buffer): Buffer | undefined {
    let all = this.#head === undefined ? data : Buffer.concat([this.#head, data])
    for (;;) {
      const end = all.indexOf('\r\n\r\n')
      if (end < 0) {
        if (all.length > 1 << 18) throw brokenOff(new Error('the response has no end of its headers'))
        this.#head = this.#head === undefined ? Buffer.from(all) : all
        return undefined
      }
      const answer = new ReceivedAnswer(all.toString('latin1', 0, end))
      all = all.subarray(end + 4)
      this.#head = undefined
      if (answer.status >= 200) {
        this.#answer = answer
        this.#framing = framingOf(answer, this.#request.method)
        this.#to = this.#pending!.exchange.receive?.(answer)
        return all
      }
      // 100 Continue and its kin are not the answer.
    }
  }

  #bodyBytes(data: Buffer): void {
    const framing = this.#framing!
    if (framing.kind === 'length') {
      if (data.length > framing.left) {
        this.#broken = true // more than was announced
        this.#give(data.subarray(0, framing.left))
        framing.left = 0
      } else {
        framing.left -= data.length
        this.#give(data)
      }
      if (framing.left === 0) this.#finish()
    } else if (framing.kind === 'close') this.#give(data)
    else if (framing.decoder.add(data, (piece) => this.#give(piece))) this.#finish()
  }

  #give(data: Uint8Array): void {
    if (data.length === 0) return
    if (this.#to) this.#to(data)
    else this.#answer!.pieces.push(Buffer.from(data))
  }

  #finish(): void {
    const { resolve } = this.#pending!
    const answer = this.#answer!
    // An answer before the whole body is out: the rest is not wanted, and may not be taken for another request.
    if (this.#out.length > 0 || this.#reader || answer.closes) this.#broken = true
    this.#clear()
    this.#used = true
    if (this.#broken) this.close()
    else this.#home.free(this)
    resolve(answer)
  }

  #ended(): void {
    if (this.#closed) return
    if (this.#pending && this.#framing?.kind === 'close') {
      this.#broken = true
      this.#finish()
    }
    const pending = this.#pending
    if (pending && this.#used && !this.#answer && this.#head === undefined) {
      this.#broken = true
      this.#clear()
      this.close()
      return void this.#home.again(pending.exchange).then(pending.resolve, pending.reject)
    }
    this.#fail(
      this.#answer
        ? brokenOff(new Error('Connection broken: the response ended too soon'))
        : unreached(this.#named, Object.assign(new Error('closed'), { code: 'ECONNRESET' })),
    )
  }

  #fail(error: unknown): void {
    this.#broken = true
    const pending = this.#pending
    const opened = this.#opened
    this.#clear()
    this.#opened = undefined
    this.close()
    opened?.reject(error)
    pending?.reject(error)
  }

  #clear(): void {
    this.#pending = undefined
    this.#reader = undefined
    this.#out = nothing
    this.#head = undefined
    this.#answer = undefined
    this.#framing = undefined
    this.#to = undefined
  }

  /** Gives up what takes too long. */
  look(now: number): void {
    const { connectTimeout: connecting, readTimeout: reading } = this.#options
    const waited = now - this.#since
    if (this.#opened) {
      if (connecting > 0 && waited > connecting) this.#fail(connectTimeout(this.#named))
    } else if (this.#pending && reading > 0 && waited > reading) this.#fail(readTimeout(this.#named))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#broken) this.#socket?.terminate()
    else this.#socket?.end()
    this.#home.gone(this)
  }
}

/**
 * Frees bytes of which nobody holds any. The collector sees only how little an object of them is, so that tens of megabytes
 * would lie about, and each next one be of memory that no cache has seen.
 */
function letGo({ buffer, length }: Buffer): void {
  if (length >= freedSize && length === buffer.byteLength)
    (buffer as ArrayBuffer & { transfer(length: number): void }).transfer(0)
}
