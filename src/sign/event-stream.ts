// Signs and checks the messages of an event stream that a client sends (Transcribe, Lex, Bedrock): each message is
// wrapped in another that carries a date and a signature, in one chain from the request's own.
// https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html (Event stream encoding)

import type { HttpRequest } from '../http/message.ts'
import { fromHex, toHex } from '../lib/bytes.ts'
import { encodeFrame, readFrames } from '../lib/event-stream.ts'
import { sha256Hex } from '../lib/hash.ts'
import { piecesOf, streamOf } from '../lib/stream.ts'
import { basicTime } from './attach.ts'
import { chunkToSign } from './chain.ts'
import { seedOf } from './chunks.ts'
import { scopeSigner } from './key.ts'
import type { SignatureClaim, SigningOptions } from './types.ts'
import { isBy } from './verify.ts'

/** The two headers of the wrapping message: `:date` (timestamp) and `:chunk-signature` (bytes). */
export interface EventSignature {
  date: Date
  signature: Uint8Array
}

/**
 * Signs message after message. The payload is the whole inner message, framed; the last one is empty.
 * `signed` is the request, signed with `payloadHash` 'STREAMING-AWS4-HMAC-SHA256-EVENTS' in x-amz-content-sha256.
 */
export function eventSigner(
  signed: HttpRequest,
  { credentials, region, service }: SigningOptions,
): (payload: Uint8Array, date: Date) => EventSignature {
  let previous = seedOf(signed)
  return (payload, moment) => {
    const date = new Date(Math.floor(moment.getTime() / 1000) * 1000)
    const day = basicTime(date).slice(0, 8)
    const scope = `${day}/${region}/${service}/aws4_request`
    previous = scopeSigner(
      credentials.secretAccessKey,
      day,
      region,
      service,
    )(eventToSign(previous, scope, payload, date))
    return { date, signature: fromHex(previous)! }
  }
}

/** The header x-amz-content-sha256 of a request whose body is signed message by message. */
export const eventsPayload = 'STREAMING-AWS4-HMAC-SHA256-EVENTS'

/** The request, signed with `payloadHash` eventsPayload, with every message of its body signed; the clock says when each was. */
export function withSignedEvents(signed: HttpRequest, options: SigningOptions, clock: () => Date): HttpRequest {
  const { body } = signed
  const source =
    body instanceof Uint8Array
      ? new Blob([body as Uint8Array<ArrayBuffer>]).stream()
      : body instanceof Blob
        ? body.stream()
        : body
  return { ...signed, body: streamOf(signedFrames(source, eventSigner(signed, options), clock)) }
}

async function* signedFrames(
  source: ReadableStream<Uint8Array>,
  signer: ReturnType<typeof eventSigner>,
  clock: () => Date,
): AsyncGenerator<Uint8Array> {
  const wrapped = (payload: Uint8Array): Uint8Array => {
    const { date, signature } = signer(payload, clock())
    const headers = {
      ':date': { type: 'timestamp', value: date },
      ':chunk-signature': { type: 'blob', value: signature },
    } as const
    return encodeFrame({ headers, payload })
  }
  for await (const frame of readFrames(piecesOf(source))) yield wrapped(encodeFrame(frame))
  yield wrapped(new Uint8Array(0))
}

/** Checks message after message; false once one is not signed by the claim's key. */
export function eventVerifier(
  claim: SignatureClaim,
  secret: string,
): (payload: Uint8Array, signed: EventSignature) => boolean {
  let previous = claim.signature
  return (payload, { date, signature }) => {
    const day = basicTime(date).slice(0, 8)
    const scope = `${day}/${claim.region}/${claim.service}/aws4_request`
    const holds = isBy({ ...claim, date: day }, secret, eventToSign(previous, scope, payload, date), toHex(signature))
    previous = toHex(signature)
    return holds
  }
}

function eventToSign(previous: string, scope: string, payload: Uint8Array, date: Date): string {
  const link = { algorithm: 'AWS4-HMAC-SHA256', timestamp: basicTime(date), scope, previous }
  return chunkToSign(link, sha256Hex(payload), sha256Hex(dateHeader(date)))
}

/** The `:date` header as it is framed: length of name, name, type 8, milliseconds as 64-bit big-endian. */
function dateHeader(date: Date): Uint8Array {
  const bytes = new Uint8Array(15)
  bytes.set([5, 58, 100, 97, 116, 101, 8])
  new DataView(bytes.buffer).setBigInt64(7, BigInt(date.getTime()))
  return bytes
}
