// A request and a response as plain records: what the wire room makes, the sign room signs, and both ends of the house exchange.

import { wholeOf } from '../lib/stream.ts'

/** Bytes, a Blob (sized and replayable: a file), or a stream (read once). */
export type Body = Uint8Array | Blob | ReadableStream<Uint8Array>

/**
 * Header names in lower case. Repeated headers are joined by ', ' in responses and by ',' in requests, as SigV4 wants
 * them; set-cookie by a line feed. Values are strings of code points ≤ U+00FF, one for each byte on the wire: who
 * expects UTF-8 in one decodes it.
 */
export type Headers = Record<string, string>

export interface HttpRequest {
  method: string
  /** `https`, `http`, or `virga-local` (the account inside this process; never a socket). */
  scheme: 'https' | 'http' | 'virga-local'
  /** Host and, unless it is the scheme's default, port: what the Host header says. */
  host: string
  /** Percent-encoded exactly as it goes on the wire; begins with '/'. */
  path: string
  /** Encoded, without '?'; '' for none. */
  query: string
  headers: Headers
  body: Body
  /** Server side only: the peer's address. */
  sourceIp?: string
  /** Server side only: has the client gone away, so that likely nobody hears the answer? */
  gone?: () => boolean
}

export interface HttpResponse {
  status: number
  headers: Headers
  /** Bytes, unless the caller asked for a stream. */
  body: Body
  /** Trailing headers, where the transport can tell them. */
  trailers?: Headers
}

export interface SendOptions {
  /** Give the body as a stream instead of bytes. */
  stream?: boolean
  /** Milliseconds; 0 for none. */
  connectTimeout?: number
  readTimeout?: number
  signal?: AbortSignal
  /** The body is answered while it is still being sent: over TLS that takes HTTP/2. */
  bothWays?: boolean
}

/** One exchange. Throws Failure('Connection') or Failure('Timeout'). Redirects are not followed, nothing is decompressed. */
export type Send = (request: HttpRequest, options?: SendOptions) => Promise<HttpResponse>

export const emptyBody: Uint8Array = new Uint8Array(0)

/** The whole of a body as bytes. */
export async function readBody(body: Body): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer())
  return wholeOf(body)
}
