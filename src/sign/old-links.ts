// Links signed in the old way (version 2), which boto3 and others still make for S3 unless told otherwise:
//
//   …/bucket/key?AWSAccessKeyId=AKID&Signature=abc%3D&Expires=1767322800
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth

import type { HttpRequest } from '../http/message.ts'
import { sameSecret, toBase64 } from '../lib/bytes.ts'
import { hmac } from '../lib/hash.ts'
import { percentDecode } from '../lib/percent.ts'

/** What a link of version 2 claims. */
export interface OldLink {
  accessKeyId: string
  signature: string
  /** Seconds since 1970. */
  expires: string
  sessionToken?: string
}

/** Undefined where the request is no such link; parts that are missing are ''. */
export function oldLinkOf(request: HttpRequest): OldLink | undefined {
  const query = parametersOf(request.query)
  if (!query.has('AWSAccessKeyId')) return undefined
  return {
    accessKeyId: query.get('AWSAccessKeyId')!,
    signature: query.get('Signature') ?? '',
    expires: query.get('Expires') ?? '',
    sessionToken: query.get('x-amz-security-token') ?? request.headers['x-amz-security-token'],
  }
}

/** The string that was signed. `path`: as sent, with the bucket before it. */
export function oldStringToSign(request: HttpRequest, path: string, expires: string): string {
  const query = parametersOf(request.query)
  const valueOf = (name: string): string => request.headers[name] ?? query.get(name) ?? ''
  return [
    request.method,
    valueOf('content-md5'),
    valueOf('content-type'),
    expires,
    amazonHeaders(request, query) + path + subresources(query),
  ].join('\n')
}

export function isOldLinkBy(link: OldLink, secret: string, stringToSign: string): boolean {
  return sameSecret(link.signature, toBase64(hmac('sha1', secret, stringToSign)))
}

function parametersOf(query: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    if (name !== '') parameters.set(percentDecode(name), equals < 0 ? '' : percentDecode(pair.slice(equals + 1)))
  }
  return parameters
}

/** `x-amz-…` headers; in a link they stand in the query. */
function amazonHeaders(request: HttpRequest, query: ReadonlyMap<string, string>): string {
  const found = new Map<string, string>()
  for (const [name, value] of [...query, ...Object.entries(request.headers)]) {
    if (/^x-amz-/i.test(name)) found.set(name.toLowerCase(), value.trim())
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
}

const signed =
  /^(accelerate|acl|cors|defaultObjectAcl|delete|lifecycle|location|logging|notification|partNumber|policy|replication|requestPayment|restore|tagging|torrent|uploads?|uploadId|versionId|versioning|versions|website|response-(cache-control|content-(disposition|encoding|language|type)|expires))$/

function subresources(query: ReadonlyMap<string, string>): string {
  const found = [...query].filter(([name]) => signed.test(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return found.length === 0
    ? ''
    : `?${found.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')}`
}
