// The chain of signatures through a body: the request's signature is the seed, each chunk's is made over the one before.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// The same chain signs event streams: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html

import { sha256Hex } from '../lib/hash.ts'
import { emptySha256 } from './attach.ts'

export interface Link {
  algorithm: string
  /** Of the request; of the message in an event stream. */
  timestamp: string
  scope: string
  previous: string
}

/** @param dataHash the SHA-256 of the chunk, in hex */
export function chunkToSign(link: Link, dataHash: string, headersHash = emptySha256): string {
  return [`${link.algorithm}-PAYLOAD`, link.timestamp, link.scope, link.previous, headersHash, dataHash].join('\n')
}

/** @param canonical the trailing headers, each `name:value\n`, in the order sent */
export function trailerToSign(link: Link, canonical: string): string {
  return [`${link.algorithm}-TRAILER`, link.timestamp, link.scope, link.previous, sha256Hex(canonical)].join('\n')
}
