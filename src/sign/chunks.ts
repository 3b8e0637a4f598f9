// Signs the chunks of a body after its request was signed: STREAMING-AWS4-HMAC-SHA256-PAYLOAD and its -TRAILER.

import type { HttpRequest } from '../http/message.ts'
import { encodeChunked } from '../lib/aws-chunked.ts'
import type { ChunkedOptions, ChunkSigner } from '../lib/aws-chunked.ts'
import { sha256Hex } from '../lib/hash.ts'
import { chunkToSign, trailerToSign } from './chain.ts'
import { scopeSigner } from './key.ts'
import type { SigningOptions } from './types.ts'

/**
 * The signed request with its body in signed chunks. `signed` comes from `sign` with payload 'chunks' or
 * 'chunks-trailer' and carried `content-encoding: aws-chunked`, `x-amz-decoded-content-length` and, with trailers,
 * `x-amz-trailer` when it was signed. The length to declare is `encodedLength(…, { signed: 64 })`.
 */
export function withSignedChunks(
  signed: HttpRequest,
  options: SigningOptions,
  chunked: Omit<ChunkedOptions, 'signer'> = {},
): HttpRequest {
  return { ...signed, body: encodeChunked(signed.body, { ...chunked, signer: chunkSigner(signed, options) }) }
}

export function chunkSigner(signed: HttpRequest, { credentials, region, service }: SigningOptions): ChunkSigner {
  const timestamp = signed.headers['x-amz-date']!
  const day = timestamp.slice(0, 8)
  const signer = scopeSigner(credentials.secretAccessKey, day, region, service)
  const link = {
    algorithm: 'AWS4-HMAC-SHA256',
    timestamp,
    scope: `${day}/${region}/${service}/aws4_request`,
    previous: seedOf(signed),
  }
  return {
    chunk: (data) => (link.previous = signer(chunkToSign(link, sha256Hex(data)))),
    trailer: (canonical) => signer(trailerToSign(link, canonical)),
  }
}

/** The signature the request itself carries. */
export function seedOf(signed: HttpRequest): string {
  return /Signature=([0-9a-f]+)/.exec(signed.headers['authorization'] ?? signed.query)?.[1] ?? ''
}
