// The aws-chunked content encoding: a body in chunks, each with its length and perhaps a signature, and trailing headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and …/sigv4-streaming-trailers.html
//
//   5;chunk-signature=ad80c730…\r\n
//   hello\r\n
//   0;chunk-signature=b6c6ea8a…\r\n
//   x-amz-checksum-crc32:NhCmhg==\r\n
//   x-amz-trailer-signature:63bddb24…\r\n
//   \r\n

import { concat, text, utf8 } from './bytes.ts'
import { AwsError } from './errors.ts'
import { piecesOf, streamOf } from './stream.ts'

export interface ChunkSigner {
  /** The signature of the next chunk; the last is empty. */
  chunk(data: Uint8Array): string
  /** The signature of the trailing headers, each written `name:value\n`. */
  trailer(canonical: string): string
}

export interface ChunkedOptions {
  /** Bytes of payload in every chunk but the last. Default 1 MiB, as the reference; S3 wants 8 KiB at least. */
  chunkSize?: number
  signer?: ChunkSigner
  /** Sees every byte of the payload, in order, before `trailers` is asked. */
  observe?: (data: Uint8Array) => void
  /** The trailing headers, known when all is sent. */
  trailers?: () => Readonly<Record<string, string>>
}

const mebibyte = 1 << 20

/** Bytes in one piece; a Blob or stream as a stream. */
export function encodeChunked(
  body: Uint8Array | Blob | ReadableStream<Uint8Array>,
  options: ChunkedOptions = {},
): Uint8Array | ReadableStream<Uint8Array> {
  if (body instanceof Uint8Array) {
    const parts: Uint8Array[] = []
    const size = options.chunkSize ?? mebibyte
    for (let at = 0; at < body.length; at += size) parts.push(...chunkParts(body.subarray(at, at + size), options))
    return concat([...parts, ending(options)])
  }
  const source = body instanceof Blob ? body.stream() : body
  return streamOf(encodePieces(source, options))
}

async function* encodePieces(source: ReadableStream<Uint8Array>, options: ChunkedOptions): AsyncGenerator<Uint8Array> {
  const size = options.chunkSize ?? mebibyte
  let held: Uint8Array[] = []
  let length = 0
  for await (const piece of piecesOf(source)) {
    let rest = piece
    while (length + rest.length >= size) {
      const chunk = concat([...held, rest.subarray(0, size - length)])
      rest = rest.subarray(size - length)
      held = []
      length = 0
      yield* chunkParts(chunk, options)
    }
    if (rest.length > 0) {
      held.push(rest)
      length += rest.length
    }
  }
  if (length > 0) yield* chunkParts(concat(held), options)
  yield ending(options)
}

function chunkParts(data: Uint8Array, options: ChunkedOptions): Uint8Array[] {
  options.observe?.(data)
  return [utf8(chunkHead(data, options)), data, utf8('\r\n')]
}

function chunkHead(data: Uint8Array, { signer }: ChunkedOptions): string {
  return data.length.toString(16) + (signer ? ';chunk-signature=' + signer.chunk(data) : '') + '\r\n'
}

function ending(options: ChunkedOptions): Uint8Array {
  let end = chunkHead(new Uint8Array(0), options)
  if (options.trailers) {
    const trailers = Object.entries(options.trailers())
    for (const [name, value] of trailers) end += `${name}:${value}\r\n`
    if (options.signer) {
      const canonical = trailers.map(([name, value]) => `${name}:${value}\n`).join('')
      end += `x-amz-trailer-signature:${options.signer.trailer(canonical)}\r\n`
    }
  }
  return utf8(end + '\r\n')
}

/**
 * The length of the encoded body, before it is made: what content-length says.
 * @param trailers name and length of value of each trailing header
 * @param signed the length of a signature, 64 for version 4; undefined for unsigned chunks
 */
export function encodedLength(
  decodedLength: number,
  {
    chunkSize = mebibyte,
    signed,
    trailers,
  }: {
    chunkSize?: number
    signed?: number
    trailers?: readonly (readonly [name: string, valueLength: number])[]
  } = {},
): number {
  const around = 4 + (signed === undefined ? 0 : ';chunk-signature='.length + signed)
  const head = (length: number): number => length.toString(16).length + around
  const whole = Math.floor(decodedLength / chunkSize)
  const rest = decodedLength % chunkSize
  let length = whole * (head(chunkSize) + chunkSize) + (rest > 0 ? head(rest) + rest : 0) + head(0)
  for (const [name, valueLength] of trailers ?? []) length += name.length + 1 + valueLength + 2
  if (trailers && signed !== undefined) length += 'x-amz-trailer-signature:'.length + signed + 2
  return length
}

/** What is found in an aws-chunked body, in its order. Data of one chunk may come in several pieces. */
export type ChunkedPart =
  | { kind: 'chunk'; length: number; signature?: string }
  | { kind: 'data'; data: Uint8Array }
  /** All chunks were read. `signature` is x-amz-trailer-signature, which is not among the headers. */
  | { kind: 'end'; trailers: Record<string, string>; canonical: string; signature?: string }

/** Takes the encoding apart. Throws AwsError('IncompleteBody') where it ends too soon or is not of this form. */
export async function* readChunked(source: ReadableStream<Uint8Array>): AsyncGenerator<ChunkedPart> {
  const reader = new LineReader(source)
  for (;;) {
    const head = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-fA-F*]+))?$/.exec(await reader.line())
    if (head === null) throw malformed()
    const length = parseInt(head[1]!, 16)
    yield { kind: 'chunk', length, signature: head[2]?.replaceAll('*', '') }
    if (length === 0) break
    for (let left = length; left > 0;) {
      const data = await reader.some(left)
      left -= data.length
      yield { kind: 'data', data }
    }
    if ((await reader.line()) !== '') throw malformed()
  }
  yield await trailersOf(reader)
}

async function trailersOf(reader: LineReader): Promise<ChunkedPart> {
  const trailers: Record<string, string> = {}
  let canonical = ''
  let signature: string | undefined
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw badTrailer()
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (name === 'x-amz-trailer-signature') {
      signature = value
      continue
    }
    trailers[name] = value
    canonical += `${name}:${value}\n`
  }
  return { kind: 'end', trailers, canonical, signature }
}

/** Reads lines and bytes off a stream. */
class LineReader {
  readonly pieces: AsyncIterator<Uint8Array>
  held: Uint8Array = new Uint8Array(0)
  constructor(source: ReadableStream<Uint8Array>) {
    this.pieces = piecesOf(source)
  }

  async more(): Promise<boolean> {
    const next = await this.pieces.next()
    if (next.done) return false
    this.held = this.held.length === 0 ? next.value : concat([this.held, next.value])
    return true
  }

  /** The next line without its CRLF. At the end of the stream: an error, or where that is `allowed`, an empty line. */
  async line(endAllowed = false): Promise<string> {
    for (;;) {
      const end = this.held.indexOf(10)
      if (end >= 0) {
        const line = text(this.held.subarray(0, end > 0 && this.held[end - 1] === 13 ? end - 1 : end))
        this.held = this.held.subarray(end + 1)
        return line
      }
      if (this.held.length > 16_384) throw malformed()
      if (!(await this.more())) {
        if (endAllowed && this.held.length === 0) return ''
        throw malformed()
      }
    }
  }

  /** At least one byte, at most `most`. */
  async some(most: number): Promise<Uint8Array> {
    while (this.held.length === 0) if (!(await this.more())) throw malformed()
    const data = this.held.subarray(0, most)
    this.held = this.held.subarray(data.length)
    return data
  }
}

function malformed(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
}

function badTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
}
