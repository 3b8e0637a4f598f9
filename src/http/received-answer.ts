// What does a server answer over a socket, and where does the body of its answer end?

import { Failure } from '../lib/errors.ts'
import type { Headers } from './message.ts'
import { brokenOff } from './unreached.ts'

export interface Answer {
  readonly status: number
  /** One header, by its name in lower case. */
  header(name: string): string | undefined
  readonly headers: Headers
  /** What was collected; empty where it went elsewhere. */
  readonly body: Uint8Array
}

/** How a body ends: after so many bytes, with its last chunk, or with the connection. */
export type Framing = { kind: 'length'; left: number } | { kind: 'chunked'; decoder: ChunkDecoder } | { kind: 'close' }

/** The answer whose head this is: everything before the empty line. Throws Failure('Connection') for what is no HTTP/1. */
export class ReceivedAnswer implements Answer {
  readonly status: number
  readonly pieces: Uint8Array[] = []
  readonly #head: string
  #lower: string | undefined
  #headers: Headers | undefined

  constructor(head: string) {
    this.#head = head
    this.status = Number(head.slice(9, 12))
    if (!head.startsWith('HTTP/1.') || !(this.status >= 100)) {
      throw new Failure('Connection', 'The server does not speak HTTP/1.1', { stage: 'closed' })
    }
  }

  get headers(): Headers {
    if (this.#headers) return this.#headers
    const headers: Headers = {}
    for (const line of this.#head.split('\r\n').slice(1)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      headers[name] =
        headers[name] === undefined ? value : `${headers[name]}${name === 'set-cookie' ? '\n' : ', '}${value}`
    }
    return (this.#headers = headers)
  }

  header(name: string): string | undefined {
    this.#lower ??= this.#head.toLowerCase()
    const at = this.#lower.indexOf(`\r\n${name}:`)
    if (at < 0) return undefined
    const end = this.#head.indexOf('\r\n', at + 2)
    return this.#head.slice(at + name.length + 3, end < 0 ? undefined : end).trim()
  }

  get closes(): boolean {
    return /^close/i.test(this.header('connection') ?? '') || this.#head.startsWith('HTTP/1.0')
  }

  /** Bytes of the body, where they are said. */
  get length(): number | undefined {
    const said = this.header('content-length')
    return said !== undefined && /^\d/.test(said) ? Number.parseInt(said, 10) : undefined
  }

  get chunked(): boolean {
    return /^chunked/i.test(this.header('transfer-encoding') ?? '')
  }

  get body(): Uint8Array {
    return this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces)
  }
}

/** `method`: of the request that was answered. */
export function framingOf(answer: ReceivedAnswer, method: string): Framing {
  if (method === 'HEAD' || answer.status === 204 || answer.status === 304) return { kind: 'length', left: 0 }
  if (answer.chunked) return { kind: 'chunked', decoder: new ChunkDecoder() }
  const { length } = answer
  return length === undefined ? { kind: 'close' } : { kind: 'length', left: length }
}

/** Takes the chunked transfer encoding apart. https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
class ChunkDecoder {
  #line = ''
  /** Bytes of the chunk that are still to come; -1 while its length is read, -2 behind its end, -3 among the trailers. */
  #left = -1

  /** True once the body is whole. */
  add(data: Buffer, give: (piece: Uint8Array) => void): boolean {
    for (let at = 0; at < data.length;) {
      if (this.#left > 0) {
        const piece = data.subarray(at, at + this.#left)
        this.#left -= piece.length
        at += piece.length
        give(piece)
        if (this.#left === 0) this.#left = -2
        continue
      }
      const end = data.indexOf(10, at)
      const stop = end < 0 ? data.length : end
      this.#line += data.toString('latin1', at, stop)
      at = stop + 1
      if (end < 0) return false
      const line = this.#line.replace(/\r$/, '')
      this.#line = ''
      if (this.#left === -2) this.#left = -1
      else if (this.#left === -3) {
        if (line === '') return true
      } else {
        const size = parseInt(line, 16)
        if (Number.isNaN(size)) throw brokenOff(new Error('a chunk has no length'))
        this.#left = size === 0 ? -3 : size
      }
    }
    return false
  }
}
