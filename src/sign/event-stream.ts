// Signs and checks the messages of an event stream that a client sends (Transcribe, Lex, Bedrock): each message is
// wrapped in another that carries a date and a signature, in one chain from the request's own.
// https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html (Event stream encoding)

import type { HttpRequest } from '../http/message.ts'
import { fromHex, toHex } from '../lib/bytes.ts'
import { sha256Hex } from '../lib/hash.ts'
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
