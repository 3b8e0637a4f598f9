// When is a request's body read? Everything but an object's bytes is read at once, for the signature covers it; an
// object is left to its handler, which runs when it is known who sends it and that they may.

import { AwsError } from '../lib/errors.ts'
import { concat } from '../lib/bytes.ts'
import { piecesOf } from '../lib/stream.ts'
import type { Body, HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import type { VerifiedBody } from '../sign/verify-body.ts'

/** Nobody needs to send more than this in a body that is not a stream (bytes): Lambda's largest archive in base64. */
const largest = 72 * 1024 * 1024

/** Whether the operation takes a stream, and the request says what its signature covers without reading it. */
export function payloadStreams(operation: Operation | undefined, request: HttpRequest): boolean {
  const name = operation?.input?.shape.traits.payload
  const member = name === undefined ? undefined : operation!.input!.shape.memberNamed(name)
  if (member?.shape.type !== 'blob' || !member.traits.streaming) return false
  return isS3(operation!) || request.headers['x-amz-content-sha256'] !== undefined
}

/** S3 signs a link without its body. */
function isS3({ service }: Operation): boolean {
  return service.name === 's3'
}

/** aws-chunked: the body comes in signed chunks, or with a trailer. */
export function isFramed(request: HttpRequest): boolean {
  return request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false
}

/** The request with its body in bytes. Throws RequestEntityTooLarge. */
export function readWhole(request: HttpRequest): HttpRequest | Promise<HttpRequest> {
  const { body } = request
  return body instanceof Uint8Array ? request : readAll(request, body)
}

async function readAll(request: HttpRequest, body: Exclude<Body, Uint8Array>): Promise<HttpRequest> {
  if (Number(request.headers['content-length'] ?? 0) > largest) throw tooLarge()
  if (body instanceof Blob) return { ...request, body: new Uint8Array(await body.arrayBuffer()) }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of piecesOf(body)) {
    size += piece.length
    if (size > largest) throw tooLarge()
    pieces.push(piece)
  }
  return { ...request, body: concat(pieces) }
}

/** The request as its protocol reads it: without framing, and with bytes where the payload is none that streams. */
export async function unframed(
  request: HttpRequest,
  payload: VerifiedBody | undefined,
  operation: Operation,
): Promise<HttpRequest> {
  const inner = payload ? { ...request, body: payload.body } : request
  if (payloadStreams(operation, request)) return inner
  const whole = payload ? await readWhole(inner) : inner
  return operation.traits.requestcompression ? inflated(whole) : whole
}

/** The request with its body as it was before it was compressed; one that cannot be read is left as it is. */
export function inflated(request: HttpRequest): HttpRequest | Promise<HttpRequest> {
  const { headers, body } = request
  const isPacked = headers['content-encoding']?.toLowerCase() === 'gzip'
  return isPacked && body instanceof Uint8Array ? unpacked(request, body) : request
}

async function unpacked(request: HttpRequest, body: Uint8Array): Promise<HttpRequest> {
  const { headers } = request
  try {
    const plain = new Blob([new Uint8Array(body)]).stream().pipeThrough(new DecompressionStream('gzip'))
    return await readWhole({ ...request, headers: { ...headers, 'content-encoding': '' }, body: plain })
  } catch (error) {
    if (error instanceof AwsError) throw error
    return request
  }
}

function tooLarge(): AwsError {
  return new AwsError('RequestEntityTooLarge', 'The request body is too large.', { status: 413 })
}
