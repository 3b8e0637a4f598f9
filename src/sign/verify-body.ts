// Is the body that comes the one that was signed? Checked while it is read, so that it need not fit in memory:
// a plain body against its declared hash, signed chunks one by one, trailers at the end.

import type { Headers, HttpRequest } from '../http/message.ts'
import { readChunked } from '../lib/aws-chunked.ts'
import type { ChunkedPart } from '../lib/aws-chunked.ts'
import { AwsError } from '../lib/errors.ts'
import { hasher } from '../lib/hash.ts'
import type { Hasher } from '../lib/hash.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import { chunkToSign, trailerToSign } from './chain.ts'
import type { SignatureClaim } from './types.ts'
import { isBy, scopeOf, SignatureRefusal } from './verify.ts'

export interface VerifiedBody {
  /** The payload itself, without aws-chunked framing. Ends in an error if it is not what was signed: then nothing of it may be kept. */
  body: ReadableStream<Uint8Array>
  /** The payload's length if the request tells it: x-amz-decoded-content-length, or content-length. */
  length: number | undefined
  /** What followed the body in aws-chunked framing, such as x-amz-checksum-crc64nvme. Complete once the body is read. */
  trailers: Headers
}

/**
 * The body of a request whose own signature `verify` has already found right; `claim` undefined for an anonymous one.
 * Errors while reading: SignatureRefusal (Mismatch, PayloadMismatch), AwsError('IncompleteBody' | 'MalformedTrailerError').
 */
export function verifiedBody(request: HttpRequest, claim: SignatureClaim | undefined, secret: string): VerifiedBody {
  const declared = request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
  const raw = request.body instanceof ReadableStream ? request.body : new Blob([request.body as BlobPart]).stream()
  const chunked = declared.startsWith('STREAMING-')
  const length = lengthOf(request.headers[chunked ? 'x-amz-decoded-content-length' : 'content-length'])
  const trailers: Headers = {}

  if (!chunked) {
    const body = declared === 'UNSIGNED-PAYLOAD' ? raw : streamOf(hashedPieces(raw, declared))
    return { body, length, trailers }
  }
  const chain =
    declared.startsWith('STREAMING-AWS4-') && claim !== undefined ? new ChainCheck(claim, secret) : undefined
  return { body: streamOf(chunkPieces(raw, chain, length, trailers)), length, trailers }
}

async function* hashedPieces(raw: ReadableStream<Uint8Array>, declared: string): AsyncGenerator<Uint8Array> {
  const running = hasher('sha256')
  for await (const piece of piecesOf(raw)) {
    running.update(piece)
    yield piece
  }
  const computed = running.hex()
  if (computed === declared.toLowerCase()) return
  throw new SignatureRefusal(
    'PayloadMismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { clientHash: declared, serverHash: computed },
  )
}

async function* chunkPieces(
  raw: ReadableStream<Uint8Array>,
  chain: ChainCheck | undefined,
  length: number | undefined,
  trailers: Headers,
): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const part of readChunked(raw)) {
    chain?.part(part)
    if (part.kind === 'data') {
      read += part.data.length
      yield part.data
    }
    if (part.kind === 'end') Object.assign(trailers, part.trailers)
  }
  if (length !== undefined && read !== length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
    )
  }
}

/** Follows the signatures from chunk to chunk. A chunk is judged when the next begins, for then it is complete. */
class ChainCheck {
  readonly claim: SignatureClaim
  readonly secret: string
  readonly link: { algorithm: string; timestamp: string; scope: string; previous: string }
  open: { signature: string; hash: Hasher } | undefined

  constructor(claim: SignatureClaim, secret: string) {
    this.claim = claim
    this.secret = secret
    this.link = {
      algorithm: claim.algorithm,
      timestamp: claim.timestamp,
      scope: scopeOf(claim),
      previous: claim.signature,
    }
  }

  part(part: ChunkedPart): void {
    if (part.kind === 'data') {
      this.open?.hash.update(part.data)
      return
    }
    this.close()
    if (part.kind === 'chunk') this.open = { signature: part.signature ?? '', hash: hasher('sha256') }
    else if (part.canonical !== '' || part.signature !== undefined) {
      this.require(trailerToSign(this.link, part.canonical), part.signature ?? '')
    }
  }

  close(): void {
    if (this.open === undefined) return
    const { signature, hash } = this.open
    this.require(chunkToSign(this.link, hash.hex()), signature)
    this.link.previous = signature
    this.open = undefined
  }

  require(toSign: string, signature: string): void {
    if (isBy(this.claim, this.secret, toSign, signature)) return
    throw new SignatureRefusal(
      'Mismatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { accessKeyId: this.claim.accessKeyId, stringToSign: toSign, signatureProvided: signature },
    )
  }
}

function lengthOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined
}
