// The frames of application/vnd.amazon.eventstream.
// https://smithy.io/2.0/aws/amazon-eventstream.html
//
//   total length u32 | headers length u32 | CRC-32 of these eight bytes | headers | payload | CRC-32 of all before
//   a header: name length u8 | name | type u8 | value

import { concat, text, utf8 } from './bytes.ts'

export type HeaderValue =
  | { type: 'boolean'; value: boolean }
  | { type: 'byte' | 'short' | 'integer'; value: number }
  | { type: 'long'; value: bigint }
  | { type: 'blob'; value: Uint8Array }
  | { type: 'string'; value: string }
  | { type: 'timestamp'; value: Date }
  /** Sixteen bytes. */
  | { type: 'uuid'; value: Uint8Array }

export interface Frame {
  headers: Record<string, HeaderValue>
  payload: Uint8Array
}

export class FrameError extends Error {}

const OVERHEAD = 16
/** The protocol's own limits are 128 KiB of headers and 24 MiB of payload. */
const MAX_HEADERS = 128 * 1024
const MAX_LENGTH = 24 * 1024 * 1024 + MAX_HEADERS + OVERHEAD

export function encodeFrame(frame: Frame): Uint8Array {
  const headers = concat(Object.entries(frame.headers).map(([name, header]) => encodeHeader(name, header)))
  const total = OVERHEAD + headers.length + frame.payload.length
  if (headers.length > MAX_HEADERS || total > MAX_LENGTH) throw new FrameError('Message is too long')
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, total)
  view.setUint32(4, headers.length)
  view.setUint32(8, crc32(bytes.subarray(0, 8)))
  bytes.set(headers, 12)
  bytes.set(frame.payload, 12 + headers.length)
  view.setUint32(total - 4, crc32(bytes.subarray(0, total - 4)))
  return bytes
}

/** Reads one whole frame. Throws FrameError where a length or a checksum is wrong. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const total = frameLength(bytes)
  if (total === undefined || total !== bytes.length) throw new FrameError('Message length mismatch')
  const view = viewOf(bytes)
  if (view.getUint32(total - 4) !== crc32(bytes.subarray(0, total - 4)))
    throw new FrameError('Message checksum mismatch')
  const end = 12 + view.getUint32(4)
  return { headers: decodeHeaders(bytes.subarray(12, end)), payload: bytes.slice(end, total - 4) }
}

/** The length of the frame that begins here; undefined until its prelude has come. Throws FrameError. */
function frameLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < 12) return undefined
  const view = viewOf(bytes)
  if (view.getUint32(8) !== crc32(bytes.subarray(0, 8))) throw new FrameError('Prelude checksum mismatch')
  const total = view.getUint32(0)
  const headers = view.getUint32(4)
  if (total > MAX_LENGTH || headers > MAX_HEADERS || total < OVERHEAD + headers) {
    throw new FrameError('Message length mismatch')
  }
  return total
}

/** Frames out of pieces of any size. Throws FrameError, also where the stream ends inside a frame. */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let waiting: Uint8Array[] = []
  let have = 0
  let need = 12
  for await (const piece of pieces) {
    waiting.push(piece)
    have += piece.length
    if (have < need) continue
    let bytes = concat(waiting)
    for (;;) {
      const length = frameLength(bytes)
      need = length ?? 12
      if (length === undefined || bytes.length < length) break
      yield decodeFrame(bytes.subarray(0, length))
      bytes = bytes.subarray(length)
    }
    waiting = [bytes]
    have = bytes.length
  }
  if (have > 0) throw new FrameError('The stream ended inside a message')
}

function encodeHeader(name: string, header: HeaderValue): Uint8Array {
  const nameBytes = utf8(name)
  if (nameBytes.length === 0 || nameBytes.length > 255) throw new FrameError(`Header name ${name} has a wrong length`)
  const [type, value] = encodeValue(header)
  return concat([Uint8Array.of(nameBytes.length), nameBytes, Uint8Array.of(type), value])
}

function encodeValue(header: HeaderValue): [type: number, value: Uint8Array] {
  switch (header.type) {
    case 'boolean':
      return [header.value ? 0 : 1, new Uint8Array(0)]
    case 'byte':
      return [2, numberBytes(1, (view) => view.setInt8(0, header.value))]
    case 'short':
      return [3, numberBytes(2, (view) => view.setInt16(0, header.value))]
    case 'integer':
      return [4, numberBytes(4, (view) => view.setInt32(0, header.value))]
    case 'long':
      return [5, numberBytes(8, (view) => view.setBigInt64(0, header.value))]
    case 'blob':
      return [6, withLength(header.value)]
    case 'string':
      return [7, withLength(utf8(header.value))]
    case 'timestamp':
      return [8, numberBytes(8, (view) => view.setBigInt64(0, BigInt(header.value.getTime())))]
    case 'uuid':
      return [9, header.value]
  }
}

function numberBytes(length: number, set: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length)
  set(new DataView(bytes.buffer))
  return bytes
}

function withLength(value: Uint8Array): Uint8Array {
  if (value.length > 0x7fff) throw new FrameError('A header value is too long')
  return concat([numberBytes(2, (view) => view.setUint16(0, value.length)), value])
}

function decodeHeaders(bytes: Uint8Array): Record<string, HeaderValue> {
  const headers: Record<string, HeaderValue> = Object.create(null)
  const view = viewOf(bytes)
  let at = 0
  const take = (length: number): number => {
    const from = at
    at += length
    if (at > bytes.length) throw new FrameError('Header length mismatch')
    return from
  }
  const takeCounted = (): Uint8Array => {
    const length = view.getUint16(take(2))
    const from = take(length)
    return bytes.slice(from, from + length)
  }
  while (at < bytes.length) {
    const nameLength = view.getUint8(take(1))
    const from = take(nameLength)
    const name = text(bytes.subarray(from, from + nameLength))
    if (name in headers) throw new FrameError(`Duplicate header: ${name}`)
    const type = view.getUint8(take(1))
    switch (type) {
      case 0:
        headers[name] = { type: 'boolean', value: true }
        break
      case 1:
        headers[name] = { type: 'boolean', value: false }
        break
      case 2:
        headers[name] = { type: 'byte', value: view.getInt8(take(1)) }
        break
      case 3:
        headers[name] = { type: 'short', value: view.getInt16(take(2)) }
        break
      case 4:
        headers[name] = { type: 'integer', value: view.getInt32(take(4)) }
        break
      case 5:
        headers[name] = { type: 'long', value: view.getBigInt64(take(8)) }
        break
      case 6:
        headers[name] = { type: 'blob', value: takeCounted() }
        break
      case 7:
        headers[name] = { type: 'string', value: text(takeCounted()) }
        break
      case 8:
        headers[name] = { type: 'timestamp', value: new Date(Number(view.getBigInt64(take(8)))) }
        break
      case 9: {
        const start = take(16)
        headers[name] = { type: 'uuid', value: bytes.slice(start, start + 16) }
        break
      }
      default:
        throw new FrameError(`Header type ${type} is not known`)
    }
  }
  return headers
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function crc32(bytes: Uint8Array): number {
  if (typeof Bun !== 'undefined') return Bun.hash.crc32(bytes as Uint8Array<ArrayBuffer>)
  return (process.getBuiltinModule('node:zlib') as { crc32(data: Uint8Array): number }).crc32(bytes)
}
