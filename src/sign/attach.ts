// Puts a signature on a request: what Signature Version 4 and 4A do alike, in headers and in the query.
// The two differ in a name, in what the scope holds, in the key; a `Method` is that difference.

import type { Headers, HttpRequest } from '../http/message.ts'
import { Failure } from '../lib/errors.ts'
import { hasher, sha256Hex } from '../lib/hash.ts'
import { percentEncode } from '../lib/percent.ts'
import { filter } from '../lib/iterate.ts'
import { canonicalRequest, isS3Family } from './canonical.ts'
import type { PathRules } from './canonical.ts'
import type { PresignOptions, SignatureClaim, SigningOptions } from './types.ts'

export interface Method {
  algorithm: SignatureClaim['algorithm']
  /** `20260102/us-east-1/s3/aws4_request`. */
  scope(day: string, options: SigningOptions): string
  signature(toSign: string, day: string, options: SigningOptions): string
  /** Version 4A says in the request for which regions it is good; version 4 says it in the scope. */
  regionSet?(options: SigningOptions): string
  /** A link's parameters in the order in which the reference writes them. */
  linkOrder: 'expires-first' | 'headers-first'
}

export const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const payloadWords = {
  unsigned: 'UNSIGNED-PAYLOAD',
  chunks: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'chunks-trailer': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'unsigned-trailer': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
} as const

/** Headers that HTTP or a proxy may change on the way, and those the reference leaves out. */
const neverSigned = new Set([
  'authorization',
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
])

export function signHeaders(request: HttpRequest, options: SigningOptions, method: Method): HttpRequest {
  const timestamp = basicTime(options.date)
  const day = timestamp.slice(0, 8)
  const scope = method.scope(day, options)
  const payload = payloadOf(request, options)
  const token = options.credentials.sessionToken
  const tokenHeader = options.tokenHeader ?? 'x-amz-security-token'

  const headers = withoutSignature(request.headers)
  headers['x-amz-date'] = timestamp
  if (method.regionSet) headers['x-amz-region-set'] = method.regionSet(options)
  if (token !== undefined && !options.tokenAfterSigning) headers[tokenHeader] = token
  if (declaresPayload(options)) headers['x-amz-content-sha256'] = payload

  const signed = { ...request, headers }
  const names = signedHeaderNames(headers)
  const canonical = canonicalRequest(signed, request.query, names, payload, pathRules(options))
  const signature = method.signature(stringToSign(method.algorithm, timestamp, scope, canonical), day, options)
  headers['authorization'] =
    `${method.algorithm} Credential=${options.credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature}`
  if (token !== undefined && options.tokenAfterSigning) headers[tokenHeader] = token
  return signed
}

export function signQuery(request: HttpRequest, options: PresignOptions, method: Method): HttpRequest {
  const timestamp = basicTime(options.date)
  const day = timestamp.slice(0, 8)
  const scope = method.scope(day, options)
  const headers = withoutSignature(request.headers)
  const names = signedHeaderNames(headers)

  const expires = `&X-Amz-Expires=${options.expires}`
  const signedHeaders = `&X-Amz-SignedHeaders=${percentEncode(names.join(';'))}`
  const token = tokenParameter(options)
  let query = withoutBareNames(request.query)
  if (query !== '') query += '&'
  query +=
    `X-Amz-Algorithm=${method.algorithm}` +
    `&X-Amz-Credential=${percentEncode(`${options.credentials.accessKeyId}/${scope}`)}&X-Amz-Date=${timestamp}` +
    (method.linkOrder === 'expires-first' ? expires + signedHeaders : signedHeaders + expires)
  if (!options.tokenAfterSigning) query += token
  if (method.regionSet) query += `&X-Amz-Region-Set=${percentEncode(method.regionSet(options))}`

  const canonical = canonicalRequest(
    { ...request, headers },
    query,
    names,
    linkPayload(request, options),
    pathRules(options),
  )
  const signature = method.signature(stringToSign(method.algorithm, timestamp, scope, canonical), day, options)
  if (options.tokenAfterSigning) query += token
  return { ...request, headers, query: `${query}&X-Amz-Signature=${signature}` }
}

/** `20260102T030405Z`. */
export function basicTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '')}Z`
}

export function stringToSign(algorithm: string, timestamp: string, scope: string, canonical: string): string {
  return `${algorithm}\n${timestamp}\n${scope}\n${sha256Hex(canonical)}`
}

/** The SHA-256 of a body in hex. A stream cannot be read twice, so only bytes and Blobs have one before they are sent. */
export async function payloadHashOf(body: Uint8Array | Blob): Promise<string> {
  if (body instanceof Uint8Array) return body.length === 0 ? emptySha256 : sha256Hex(body)
  const running = hasher('sha256')
  const reader = body.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) running.update(next.value)
  return running.hex()
}

export function pathRules(options: { service: string } & PathRules): PathRules {
  return { pathAsSent: options.pathAsSent ?? isS3Family(options.service), normalizePath: options.normalizePath }
}

/** The last line of the canonical request of a request signed in its headers. */
function payloadOf(request: HttpRequest, options: SigningOptions): string {
  const how = options.payload ?? 'hash'
  if (how !== 'hash') return payloadWords[how]
  if (options.payloadHash !== undefined) return options.payloadHash
  const given = hashGiven(request, options.service)
  if (given !== undefined) return given
  const body = request.body
  if (body instanceof Uint8Array) return body.length === 0 ? emptySha256 : sha256Hex(body)
  throw new Failure(
    'InvalidValue',
    'A body that is not held in memory needs its SHA-256, or an unsigned payload, to be signed',
  )
}

/** The hash of the body where it is part of the input: Glacier's, CodeArtifact's. */
export function hashGiven(request: HttpRequest, service: string): string | undefined {
  return isS3Family(service) ? undefined : request.headers['x-amz-content-sha256']
}

/** S3's links leave the payload open; other services' sign it, which is nothing as a rule. */
function linkPayload(request: HttpRequest, options: SigningOptions): string {
  const open = options.payload === undefined && options.payloadHash === undefined && isS3Family(options.service)
  return open ? payloadWords.unsigned : payloadOf(request, options)
}

function declaresPayload(options: SigningOptions): boolean {
  return options.contentSha256Header ?? (isS3Family(options.service) || (options.payload ?? 'hash') !== 'hash')
}

function signedHeaderNames(headers: Headers): string[] {
  const names = filter(Object.keys(headers), (name) => !neverSigned.has(name))
  if (!names.includes('host')) names.push('host')
  return names.sort()
}

function withoutSignature(headers: Headers): Headers {
  const kept = { ...headers }
  delete kept['authorization']
  delete kept['x-amz-date']
  delete kept['x-amz-security-token']
  return kept
}

function tokenParameter(options: SigningOptions): string {
  const token = options.credentials.sessionToken
  if (token === undefined) return ''
  const name = options.tokenHeader === 'x-amz-s3session-token' ? 'X-Amz-S3session-Token' : 'X-Amz-Security-Token'
  return `&${name}=${percentEncode(token)}`
}

/** `uploads&partNumber=1` → `uploads=&partNumber=1`, as the reference writes links. */
function withoutBareNames(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .map((piece) => (piece === '' || piece.includes('=') ? piece : piece + '='))
    .join('&')
}
