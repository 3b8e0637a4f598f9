// Tar archives, piece by piece: POSIX ustar, regular files only, none longer than 8 GiB.
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06

import { concat, utf8 } from '../../lib/bytes.ts'

const block = 512

/** The block before a file's bytes. */
export function tarHeader(name: string, size: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(block)
  const put = (offset: number, text: string): void => header.set(utf8(text), offset)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  put(0, name)
  put(100, '0000600\0')
  put(108, '0000000\0')
  put(116, '0000000\0')
  put(124, `${octal(size, 11)} `)
  put(136, `${octal(0, 11)} `)
  put(156, '0')
  put(257, 'ustar\x0000')
  put(148, `${octal(sumOf(header), 6)}\0 `)
  return header
}

/** The zeros after a file of that size. */
export function tarPadding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((block - (size % block)) % block)
}

export const tarEnd = (): Uint8Array<ArrayBuffer> => new Uint8Array(2 * block)

/** Of all bytes, those of the sum itself taken as spaces. */
function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)
}

export interface TarEntry {
  readonly name: string
  readonly size: number
  /** To be read before the next entry is asked for; what is not read of it is passed over. */
  readonly pieces: AsyncIterable<Uint8Array>
}

/** Not a tar archive, or one that ends too early. */
export class BadTar extends Error {}

/** `seen` is told every byte of an entry, header and padding included, when it has been read, and the entry's name. Throws BadTar. */
export async function* tarEntries(
  source: AsyncIterable<Uint8Array>,
  seen: (bytes: Uint8Array, name: string) => void,
): AsyncGenerator<TarEntry> {
  const reader = new Reader(source)
  for (;;) {
    const header = await reader.exactly(block)
    if (header.every((byte) => byte === 0)) return
    const size = parseInt(textAt(header, 124, 12), 8)
    const isFile = header[156] === 0x30 || header[156] === 0
    if (textAt(header, 257, 5) !== 'ustar' || parseInt(textAt(header, 148, 8), 8) !== sumOf(header))
      throw new BadTar('has a header that is damaged')
    if (!isFile || !(size >= 0)) throw new BadTar('has an entry that is no file')
    const name = textAt(header, 0, 100)
    seen(header, name)
    const pieces = reader.pieces(size, (bytes) => seen(bytes, name))
    yield { name, size, pieces }
    for await (const _ of pieces);
    seen(await reader.exactly(tarPadding(size).length), name)
  }
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim()
}

/** A source of pieces, read by length. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async *pieces(size: number, seen: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0;) {
      const piece = await this.#some(left)
      seen(piece)
      left -= piece.length
      yield piece
    }
  }

  async exactly(size: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let left = size; left > 0; left -= parts.at(-1)!.length) parts.push(await this.#some(left))
    return concat(parts)
  }

  async #some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next()
      if (next.done) throw new BadTar('ends too early')
      this.#rest = next.value
    }
    const piece = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(piece.length)
    return piece
  }
}
