// What a signature is made for, and what a verified one proves.

import type { Credentials } from '../lib/credentials.ts'

export interface SigningScope {
  region: string
  /** The signing name: `s3`, `execute-api`. */
  service: string
}

export interface SigningOptions extends SigningScope {
  credentials: Credentials
  /** The moment of signing. */
  date: Date
  /**
   * How the payload enters the signature. Default 'hash'.
   * 'unsigned': UNSIGNED-PAYLOAD. 'chunks': STREAMING-AWS4-HMAC-SHA256-PAYLOAD (aws-chunked, each chunk signed).
   * 'chunks-trailer': the same with signed trailers. 'unsigned-trailer': STREAMING-UNSIGNED-PAYLOAD-TRAILER.
   */
  payload?: 'hash' | 'unsigned' | 'chunks' | 'chunks-trailer' | 'unsigned-trailer'
  /** The SHA-256 of the body in hex, where the caller already has it. */
  payloadHash?: string
  /** Send and sign x-amz-content-sha256 (S3 family; implied by any payload other than 'hash'). */
  contentSha256Header?: boolean
  /** S3 signs the path as it is; every other service encodes it once more and removes dot segments. Default: by `service`. */
  pathAsSent?: boolean
  /** Remove dot segments and doubled slashes before signing the path; nothing to say where pathAsSent. Default true. */
  normalizePath?: boolean
  /** Omit the session token from what is signed and add it after (IoT). Default false. */
  tokenAfterSigning?: boolean
  /** Where the session token goes; S3 Express sessions have a place of their own. Default 'x-amz-security-token'. */
  tokenHeader?: 'x-amz-security-token' | 'x-amz-s3session-token'
}

export interface PresignOptions extends SigningOptions {
  /** Seconds, 1 to 604800. */
  expires: number
}

/** What the Authorization header or query of a request claims, before anything is checked. */
export interface SignatureClaim {
  algorithm: 'AWS4-HMAC-SHA256' | 'AWS4-ECDSA-P256-SHA256'
  accessKeyId: string
  /** `20260102`, region, service, from the credential scope; region is '*'-less for v4a ('' there). */
  date: string
  region: string
  service: string
  signedHeaders: string[]
  signature: string
  sessionToken?: string
  /** The moment of signing in basic ISO 8601, as sent. */
  timestamp: string
  presigned: boolean
  expires?: number
  /** Version 4A: the regions it is good for, as sent: `*`, or names and wildcards joined by commas. */
  regionSet?: string
}
