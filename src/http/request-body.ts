// Where does a request's body end? After so many bytes, or with the last of its chunks.
// https://www.rfc-editor.org/rfc/rfc9112#name-chunked-transfer-coding

import { concat } from '../lib/bytes.ts'
import type { Headers } from './message.ts'

/** The framing of a body: takes bytes of the connection, gives those of the body. */
export interface Framing {
  /** Where `data` goes on behind the body; its length while the body is not whole. Throws BadBody. */
  take(data: Buffer, give: (piece: Uint8Array) => void): number
  readonly done: boolean
}

export class BadBody extends Error {}

export class LengthFraming implements Framing {
  #left: number

  constructor(length: number) {
    this.#left = length
  }

  get done(): boolean {
    return this.#left === 0
  }

  take(data: Buffer, give: (piece: Uint8Array) => void): number {
    const taken = Math.min(this.#left, data.length)
    this.#left -= taken
    if (taken > 0) give(taken === data.length ? data : data.subarray(0, taken))
    return taken
  }
}

const longestLine = 4096
const longestTrailer = 16_384

type Expected = 'size' | 'data' | 'end of data' | 'trailer' | 'nothing'

export class ChunkedFraming implements Framing {
  readonly #trailers: Headers
  #expects: Expected = 'size'
  #line = ''
  #left = 0
  #trailerSize = 0

  /** Trailing headers are put into `trailers`. */
  constructor(trailers: Headers) {
    this.#trailers = trailers
  }

  get done(): boolean {
    return this.#expects === 'nothing'
  }

  take(data: Buffer, give: (piece: Uint8Array) => void): number {
    let at = 0
    while (at < data.length && this.#expects !== 'nothing') {
      if (this.#expects === 'data') {
        const piece = data.subarray(at, at + this.#left)
        this.#left -= piece.length
        at += piece.length
        if (this.#left === 0) this.#expects = 'end of data'
        give(piece)
        continue
      }
      const end = data.indexOf(10, at)
      this.#line += data.toString('latin1', at, end < 0 ? data.length : end + 1)
      if (this.#line.length > longestLine) throw new BadBody('A line between the chunks is too long.')
      at = end < 0 ? data.length : end + 1
      if (end >= 0) this.#endOfLine()
    }
    return at
  }

  #endOfLine(): void {
    const line = this.#line
    this.#line = ''
    if (!line.endsWith('\r\n')) throw new BadBody('A line between the chunks does not end in CRLF.')
    const told = line.slice(0, -2)
    if (this.#expects === 'size') {
      const [, digits] = /^([0-9a-fA-F]{1,13})[\t ]*(?:;[^\r\n\0]*)?$/.exec(told) ?? []
      if (digits === undefined) throw new BadBody('The size of a chunk is malformed.')
      this.#left = parseInt(digits, 16)
      this.#expects = this.#left === 0 ? 'trailer' : 'data'
    } else if (this.#expects === 'end of data') {
      if (told !== '') throw new BadBody('A chunk is longer than its size.')
      this.#expects = 'size'
    } else if (told === '') this.#expects = 'nothing'
    else this.#trailer(told)
  }

  #trailer(line: string): void {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([^\0\r\n]*?)[\t ]*$/.exec(line) ?? []
    this.#trailerSize += line.length
    if (name === undefined || this.#trailerSize > longestTrailer) throw new BadBody('A trailing header is malformed.')
    this.#trailers[name.toLowerCase()] = value!
  }
}

/** A body on its way in: collected, or asked for piece by piece. */
export class IncomingBody {
  readonly framing: Framing
  readonly #wanted: () => void
  #pieces: Uint8Array[] = []
  #failed: Error | undefined
  #wake: (() => void) | undefined
  #collect: { most: number; whole: (bytes: Uint8Array) => void; tooLarge: () => void } | undefined
  unread = 0

  /** `wanted` is called when somebody waits for more. */
  constructor(framing: Framing, wanted: () => void) {
    this.framing = framing
    this.#wanted = wanted
  }

  get isAwaited(): boolean {
    return this.#wake !== undefined
  }

  whole(most: number, whole: (bytes: Uint8Array) => void, tooLarge: () => void): void {
    this.#collect = { most, whole, tooLarge }
  }

  add(piece: Uint8Array): void {
    this.unread += piece.length
    if (this.#collect && this.unread > this.#collect.most) {
      const { tooLarge } = this.#collect
      this.#collect = undefined
      this.#pieces = []
      this.#failed = new Error('too large')
      return tooLarge()
    }
    if (this.#failed) return
    this.#pieces.push(piece)
    this.#wake?.()
  }

  finish(): void {
    if (this.#collect) this.#collect.whole(this.#pieces.length === 1 ? this.#pieces[0]! : concat(this.#pieces))
    else this.#wake?.()
  }

  fail(error: Error): void {
    if (!this.framing.done) this.#failed ??= error
    this.#wake?.()
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece !== undefined) {
        this.unread -= piece.length
        yield piece
      } else if (this.framing.done) return
      else if (this.#failed) throw this.#failed
      else {
        const more = new Promise<void>((resolve) => (this.#wake = resolve))
        this.#wanted()
        await more
        this.#wake = undefined
      }
    }
  }
}
