// How do the bytes of an object go over a socket, with their checksum? And do those that came fit theirs?

import { encodedLength } from '../lib/aws-chunked.ts'
import { toBase64 } from '../lib/bytes.ts'
import { canCompute, checksum } from '../lib/checksum.ts'
import type { Checksum, ChecksumName } from '../lib/checksum.ts'
import { digestLength } from '../lib/digest-length.ts'
import { Failure } from '../lib/errors.ts'
import { hasher, sha256Hex } from '../lib/hash.ts'
import type { Structure } from '../lib/value.ts'
import { lentSize } from '../http/connections.ts'
import type { Outgoing } from '../http/connections.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Answer } from '../http/received-answer.ts'
import { emptySha256, payloadWords } from '../sign/attach.ts'
import type { Source } from './store.ts'

const blockSize = 256 * 1024

/** Bodies up to this size are read at once, and go out with their head. */
const smallSize = lentSize - 1024

let lent: Uint8Array | undefined

/** In the reference's order of preference. */
const checksums = ['crc64nvme', 'crc32c', 'crc32', 'sha1', 'sha256', 'sha512'] as const

/** Whether objects go out with a checksum of this name here. */
export function isCarried(name: string): name is ChecksumName {
  return (checksums as readonly string[]).includes(name) && canCompute(name)
}

/** Writes a request's head: the values of its varying headers, the payload's hash, and lines that no signature covers. */
export type WriteHead = (values: readonly string[], payload: string, more: string) => string

export const bare = (head: WriteHead): Outgoing => ({ head: head([], emptySha256, '') })

export const withoutBody = (head: WriteHead): Outgoing => ({ head: head([], emptySha256, 'content-length: 0\r\n') })

/** What goes out for a source: its head, with the checksum, or the trailer that promises it where TLS protects the way. */
export function objectOut(
  algorithm: ChecksumName,
  scheme: HttpRequest['scheme'],
  source: Source,
  head: WriteHead,
  tell: (bytes: number) => void,
): Outgoing {
  const name = `x-amz-checksum-${algorithm}`
  const running = checksum(algorithm)
  if (scheme === 'https') {
    const trailer = [name, Math.ceil(digestLength[algorithm] / 3) * 4] as const
    const length = encodedLength(source.size, { chunkSize: blockSize, trailers: [trailer] })
    const text = head([String(source.size)], payloadWords['unsigned-trailer'], `content-length: ${length}\r\n`)
    return {
      head: text,
      body: source.size <= smallSize ? smallChunk(source, running, name) : chunks(source, running, name, tell),
    }
  }
  const more = `content-length: ${source.size}\r\n`
  if (source.size <= smallSize) {
    const bytes = source.bytes ?? readInLent(source)
    return { head: head([toBase64(running.update(bytes).digest())], payloadHash(bytes), more), body: bytes }
  }
  const [digest, payload] = digestsOf(source, running)
  return { head: head([digest], payload, more), body: blocks(source, tell) }
}

function readInLent(source: Source): Uint8Array {
  const bytes = (lent ??= new Uint8Array(lentSize)).subarray(0, source.size)
  source.read(0, bytes)
  return bytes
}

function payloadHash(bytes: Uint8Array): string {
  return bytes.length === 0 ? emptySha256 : sha256Hex(bytes)
}

/** Read once before it is sent, because what is known of it goes first. */
function digestsOf(source: Source, running: Checksum): [digest: string, payload: string] {
  const block = new Uint8Array(blockSize)
  const hash = hasher('sha256')
  for (let at = 0; at < source.size;) {
    const bytes = block.subarray(0, source.read(at, block))
    running.update(bytes)
    hash.update(bytes)
    at += bytes.length
  }
  return [toBase64(running.digest()), hash.hex()]
}

function blocks(source: Source, tell: (bytes: number) => void): () => Uint8Array | undefined {
  const block = new Uint8Array(blockSize)
  let at = 0
  let last = 0
  return () => {
    if (last > 0) tell(last)
    if (at >= source.size) return undefined
    last = source.read(at, block)
    at += last
    return block.subarray(0, last)
  }
}

/** The same in the aws-chunked encoding: a chunk a block, with its length before it, and the checksum at the end. */
function chunks(
  source: Source,
  running: Checksum,
  name: string,
  tell: (bytes: number) => void,
): () => Uint8Array | undefined {
  const room = 16
  const block = Buffer.allocUnsafe(room + blockSize + 2)
  let at = 0
  let last = 0
  let ended = false
  return () => {
    if (last > 0) tell(last)
    last = 0
    if (ended) return undefined
    if (at >= source.size) {
      ended = true
      return Buffer.from(`0\r\n${name}:${toBase64(running.digest())}\r\n\r\n`, 'latin1')
    }
    last = source.read(at, block.subarray(room, room + blockSize))
    at += last
    running.update(block.subarray(room, room + last))
    const head = `${last.toString(16)}\r\n`
    block.write(head, room - head.length, 'latin1')
    block.write('\r\n', room + last, 'latin1')
    return block.subarray(room - head.length, room + last + 2)
  }
}

function smallChunk(source: Source, running: Checksum, name: string): Uint8Array {
  lent ??= new Uint8Array(lentSize)
  const buffer = Buffer.from(lent.buffer)
  const head = source.size === 0 ? '' : `${source.size.toString(16)}\r\n`
  buffer.write(head, 0, 'latin1')
  const bytes = buffer.subarray(head.length, head.length + source.size)
  source.read(0, bytes)
  running.update(bytes)
  const end = `${source.size === 0 ? '' : '\r\n'}0\r\n${name}:${toBase64(running.digest())}\r\n\r\n`
  buffer.write(end, head.length + source.size, 'latin1')
  return buffer.subarray(0, head.length + source.size + end.length)
}

/** The members of GetObject's output that tell which bytes came. */
export function rangeOf(answer: Answer): Structure {
  const output: Structure = { ContentLength: Number(answer.header('content-length') ?? 0) }
  const range = answer.header('content-range')
  if (range !== undefined) output.ContentRange = range
  return output
}

/** A checksum on its way. */
export interface Checking {
  readonly checksum: Checksum
  /** Throws Failure('UnreadableResponse'). */
  require(): void
}

/** Of the bytes that an answer brings, where it says one; a checksum of parts' checksums says nothing of these bytes. */
export function checkingOf(answer: Answer): Checking | undefined {
  for (const name of checksums) {
    const expected = answer.header(`x-amz-checksum-${name}`)
    if (expected === undefined || expected.includes('-')) continue
    const running = checksum(name)
    return {
      checksum: running,
      require() {
        const got = toBase64(running.digest())
        if (got === expected) return
        throw new Failure(
          'UnreadableResponse',
          `Expected checksum ${expected} did not match calculated checksum: ${got}`,
        )
      },
    }
  }
  return undefined
}
