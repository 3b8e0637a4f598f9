// Which checksum goes with a request, and does a response fit the one it came with?
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
//
// A request's checksum is a header. Where the body streams and the way is TLS, it is a trailer behind the body, which
// then goes in the aws-chunked encoding, so that the body is read only once:
//   x-amz-sdk-checksum-algorithm: CRC64NVME
//   x-amz-trailer: x-amz-checksum-crc64nvme
//   content-encoding: aws-chunked

import { encodeChunked, encodedLength } from '../lib/aws-chunked.ts'
import { toBase64 } from '../lib/bytes.ts'
import type { Checksum, ChecksumName } from '../lib/checksum.ts'
import { digestLength } from '../lib/digest-length.ts'
import { Failure } from '../lib/errors.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import type { Structure } from '../lib/value.ts'
import type { Body, HttpResponse } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import type { RequestMessage } from '../wire/protocol.ts'
import type { Settings } from './settings.ts'

/** AWS CLI's choice where nobody made one. */
const defaultAlgorithm = 'crc64nvme'

/** Algorithms of a response in the order in which the reference prefers them; only one is checked. */
const verifiable: readonly ChecksumName[] = [
  'xxhash128',
  'xxhash3',
  'crc64nvme',
  'xxhash64',
  'crc32c',
  'crc32',
  'sha1',
  'sha256',
  'sha512',
]

export interface ChecksummedMessage extends RequestMessage {
  /** The body goes out aws-chunked with an unsigned trailer, and is signed as such: made anew for each attempt. */
  trailed?: {
    body(): Body
    /** Bytes on the wire, where they are known. */
    length?: number
  }
}

/**
 * The message with its checksum, where the operation has one. A body that streams is wrapped, not read; without TLS
 * the checksum is a header, and the body is read twice.
 */
export async function withChecksum(
  operation: Operation,
  input: Structure,
  message: RequestMessage,
  settings: Settings,
  secure: boolean,
): Promise<ChecksummedMessage> {
  const algorithm = requestAlgorithm(operation, input, message, settings)
  if (algorithm === undefined) return message
  const { checksum } = await import('../lib/checksum.ts')
  const headers = { ...message.headers }
  const { body } = message
  const name = `x-amz-checksum-${algorithm}`
  const member = operation.traits.httpChecksum?.requestAlgorithmMember
  const header = member && operation.input!.shape.memberNamed(member)?.traits.locationName?.toLowerCase()
  if (header) headers[header] ??= algorithm.toUpperCase()

  const streams = streamsIn(operation)
  if (!(streams && secure) && !(body instanceof ReadableStream)) {
    headers[name] = toBase64(await digestOf(body, checksum(algorithm)))
    return { ...message, headers }
  }

  headers['content-encoding'] = headers['content-encoding']
    ? `${headers['content-encoding']},aws-chunked`
    : 'aws-chunked'
  headers['x-amz-trailer'] = name
  const size = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : undefined
  const decodedLength =
    size ?? (headers['content-length'] === undefined ? undefined : Number(headers['content-length']))
  delete headers['content-length']
  let length: number | undefined
  if (decodedLength !== undefined) {
    headers['x-amz-decoded-content-length'] = String(decodedLength)
    const trailer = [name, Math.ceil(digestLength[algorithm] / 3) * 4] as const
    length = encodedLength(decodedLength, { trailers: [trailer] })
  }
  return { ...message, headers, trailed: { body: () => inChunks(body, name, checksum(algorithm)), length } }
}

function requestAlgorithm(
  operation: Operation,
  input: Structure,
  message: RequestMessage,
  settings: Settings,
): ChecksumName | undefined {
  const { httpChecksum, httpChecksumRequired } = operation.traits
  if (!httpChecksum && !httpChecksumRequired) return undefined
  if (Object.keys(message.headers).some((name) => name.startsWith('x-amz-checksum-') && isDigestHeader(name)))
    return undefined
  const member = httpChecksum?.requestAlgorithmMember
  const chosen = member === undefined ? undefined : input[member]
  if (typeof chosen === 'string') {
    const name = chosen.toLowerCase()
    if (Object.hasOwn(digestLength, name)) return name as ChecksumName
    throw new Failure('InvalidConfig', `Unsupported checksum algorithm: ${name}`)
  }
  const required = httpChecksumRequired || httpChecksum?.requestChecksumRequired
  if (required || (member !== undefined && settings.key('request_checksum_calculation') !== 'when_required')) {
    return defaultAlgorithm
  }
  return undefined
}

/** `x-amz-checksum-crc32` holds a checksum; `x-amz-checksum-algorithm`, -mode and -type only speak of one. */
function isDigestHeader(name: string): boolean {
  return Object.hasOwn(digestLength, name.slice('x-amz-checksum-'.length))
}

function inChunks(body: Body, name: string, running: Checksum): Body {
  return encodeChunked(body, {
    observe: (data) => void running.update(data),
    trailers: () => ({ [name]: toBase64(running.digest()) }),
  })
}

async function digestOf(body: Uint8Array | Blob, running: Checksum): Promise<Uint8Array> {
  if (body instanceof Uint8Array) running.update(body)
  else for await (const piece of piecesOf(body.stream())) running.update(piece)
  return running.digest()
}

/** Whether the input's payload is a blob that streams. */
export function streamsIn(operation: Operation): boolean {
  return payloadStreams(operation.input)
}

export function streamsOut(operation: Operation): boolean {
  return payloadStreams(operation.output)
}

function payloadStreams(side: Operation['input']): boolean {
  const payload = side?.shape.traits.payload
  const member = payload === undefined ? undefined : side!.shape.memberNamed(payload)
  return member !== undefined && (member.traits.streaming === true || member.shape.traits.eventstream === true)
}

/** The member that asks for a checksum in the response, set unless the user wants none: `ChecksumMode`. */
export function askForChecksum(operation: Operation, input: Structure, settings: Settings): void {
  const member = operation.traits.httpChecksum?.requestValidationModeMember
  if (member === undefined || settings.key('response_checksum_validation') === 'when_required') return
  input[member] ??= 'ENABLED'
}

/**
 * The response, once its body was found to fit its checksum; a stream is checked as it is read, and fails at its end.
 * Throws Failure('UnreadableResponse').
 */
export async function verified(operation: Operation, input: Structure, response: HttpResponse): Promise<HttpResponse> {
  const httpChecksum = operation.traits.httpChecksum
  const member = httpChecksum?.requestValidationModeMember
  if (!httpChecksum?.responseAlgorithms || member === undefined || input[member] === undefined) return response
  const offered = httpChecksum.responseAlgorithms.map((name) => name.toLowerCase())
  const told = verifiable.filter((each) => {
    const value = response.headers[`x-amz-checksum-${each}`]
    // `-3` at the end: a checksum of the parts' checksums, which says nothing of these bytes.
    return value !== undefined && offered.includes(each) && !value.includes('-')
  })
  if (told.length === 0) return response
  const { canCompute, checksum } = await import('../lib/checksum.ts')
  const name = told.find(canCompute)
  if (name === undefined) return response
  const expected = response.headers[`x-amz-checksum-${name}`]!
  const running = checksum(name)
  const { body } = response
  if (body instanceof Uint8Array) {
    running.update(body)
    compare(expected, running.digest())
    return response
  }
  const source = body instanceof Blob ? body.stream() : body
  return { ...response, body: streamOf(checking(source, running, expected)) }
}

async function* checking(
  source: ReadableStream<Uint8Array>,
  running: Checksum,
  expected: string,
): AsyncGenerator<Uint8Array> {
  for await (const piece of piecesOf(source)) {
    running.update(piece)
    yield piece
  }
  compare(expected, running.digest())
}

function compare(expected: string, digest: Uint8Array): void {
  const calculated = toBase64(digest)
  if (calculated === expected) return
  throw new Failure(
    'UnreadableResponse',
    `Expected checksum ${expected} did not match calculated checksum: ${calculated}`,
  )
}
