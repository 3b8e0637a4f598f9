// What exactly is signed: the canonical form of a request, the same for the one who signs and the one who checks.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
//
//   GET                                     method
//   /my%20object                            path
//   list-type=2&prefix=a%2F                 query, sorted
//   host:bucket.s3.amazonaws.com            signed headers, sorted, each on its line
//   x-amz-date:20260102T030405Z
//                                           an empty line
//   host;x-amz-date                         their names
//   e3b0c44298fc1c149afbf4c8996fb924…       the payload: its SHA-256, or a word that says why not

import type { HttpRequest } from '../http/message.ts'
import { fromByteString } from '../lib/bytes.ts'
import { percentEncode, percentEncodePath } from '../lib/percent.ts'

/** How the path is written into the canonical request. */
export interface PathRules {
  pathAsSent?: boolean
  normalizePath?: boolean
}

/** The services that speak S3: they sign the path as sent, and always say how the payload was signed. */
export function isS3Family(service: string): boolean {
  return service === 's3' || service === 's3express' || service === 's3-outposts' || service === 's3-object-lambda'
}

export function canonicalRequest(
  request: HttpRequest,
  query: string,
  signedHeaders: readonly string[],
  payload: string,
  rules: PathRules,
): string {
  let headers = ''
  for (const name of signedHeaders) {
    headers += name + ':' + canonicalValue(name === 'host' ? hostOf(request) : valueOf(request, name)) + '\n'
  }
  return [
    request.method.toUpperCase(),
    canonicalPath(request.path, rules),
    canonicalQuery(query),
    headers,
    signedHeaders.join(';'),
    payload,
  ].join('\n')
}

/** Whoever signs names the headers, and may name `constructor`. */
function valueOf({ headers }: HttpRequest, name: string): string {
  return (Object.hasOwn(headers, name) && headers[name]) || ''
}

export function hostOf(request: HttpRequest): string {
  return request.headers['host'] ?? request.host
}

export function canonicalPath(path: string, rules: PathRules): string {
  if (rules.pathAsSent) return path || '/'
  return percentEncodePath(rules.normalizePath === false ? path || '/' : normalized(path))
}

/** The path with every character encoded that may be, once: `/a(b)` and `/a%28b%29` are the same. */
export function strictPath(path: string): string {
  return path
    .split('/')
    .map((segment) => reEncoded(segment, '%2B'))
    .join('/')
}

/** Without dot segments (RFC 3986 §5.2.4) and, as AWS adds, without empty segments. */
function normalized(path: string): string {
  if (!path.includes('/.') && !path.includes('//')) return path || '/'
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return '/' + kept.join('/') + (path.endsWith('/') && kept.length > 0 ? '/' : '')
}

/** Each name and value percent-encoded the one right way, then sorted by name and value. A '+' is a space, as AWS reads it. */
export function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs: [string, string][] = []
  for (const piece of query.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    pairs.push(
      equals < 0 ? [reEncoded(piece), ''] : [reEncoded(piece.slice(0, equals)), reEncoded(piece.slice(equals + 1))],
    )
  }
  if (pairs.length > 1) pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
  return pairs.map(([name, value]) => name + '=' + value).join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A piece of a query, encoded wholly, in part or not at all, as it would be encoded from scratch; any bytes survive. */
function reEncoded(piece: string, plus = '%20'): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(piece)) return piece
  return piece.replace(/%[0-9a-fA-F]{2}|\+|[^A-Za-z0-9\-._~%+]+|%/g, (part) => {
    if (part === '+') return plus
    if (part.length !== 3 || part[0] !== '%') return percentEncode(part)
    const character = String.fromCharCode(parseInt(part.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : part.toUpperCase()
  })
}

/** The text that the bytes of a value are: trimmed, runs of white space made one space. */
function canonicalValue(value: string): string {
  const text = fromByteString(value)
  const hasSpace = text.includes('  ') || text.includes('\t') || text.includes('\r') || text.includes('\n')
  return hasSpace || text.trim() !== text ? text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '') : text
}
