// Request line and headers, read strictly: what two readers could understand differently is refused, so that no request
// hides in another. https://www.rfc-editor.org/rfc/rfc9112
//
//   PUT /bucket/key?x=y HTTP/1.1
//   Host: s3.amazonaws.com
//   Content-Length: 5

import type { Headers } from './message.ts'

export interface RequestHead {
  readonly method: string
  /** As it came, but that the form for proxies (`http://host/path`) has lost its origin. */
  readonly path: string
  readonly query: string
  readonly host: string
  /** Without `host`. */
  readonly headers: Headers
  /** Bytes of the body, or that it comes in chunks. */
  readonly length: number | 'chunked'
  /** Whether another request may follow on the connection. */
  readonly keepAlive: boolean
  readonly oldProtocol: boolean
  readonly awaitsContinue: boolean
}

/** Why a head is refused. */
export class BadHead extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) ([^\0-\x20\x7f]+) HTTP\/(\d)\.(\d)$/
const name = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// eslint-disable-next-line no-control-regex
const forbidden = /[\0-\x08\x0a-\x1f\x7f]/
const mostHeaders = 500

/** `text`: what stands before the empty line, a character a byte. Throws BadHead. */
export function readHead(text: string): RequestHead {
  const lines = text.split('\r\n')
  const [, method, target, major, minor] = requestLine.exec(lines[0]!) ?? []
  if (method === undefined) throw new BadHead(400, 'The request line is malformed.')
  if (major !== '1') throw new BadHead(505, 'Only HTTP/1.1 and HTTP/1.0 are spoken here.')
  if (lines.length > mostHeaders) throw new BadHead(431, 'There are too many headers.')
  const headers: Headers = {}
  // Never among the headers: an object that something is taken out of costs more than one that it was never in.
  const hosts: string[] = []
  for (let i = 1; i < lines.length; i++) addHeader(headers, hosts, lines[i]!)
  const oldProtocol = minor === '0'
  const host = hosts.length === 0 ? undefined : hosts.join(',')
  if (host === undefined && !oldProtocol) throw new BadHead(400, 'The Host header is missing.')
  if (host?.includes(',')) throw new BadHead(400, 'There is more than one Host header.')
  const { path, query } = placeOf(target!)
  return {
    method,
    path,
    query,
    host: host ?? '',
    headers,
    length: lengthOf(headers, oldProtocol),
    keepAlive: keepsAlive(headers['connection'], oldProtocol),
    oldProtocol,
    awaitsContinue: !oldProtocol && headers['expect']?.toLowerCase() === '100-continue',
  }
}

function addHeader(headers: Headers, hosts: string[], line: string): void {
  const colon = line.indexOf(':')
  const given = line.slice(0, Math.max(0, colon))
  const key = keyOf(given)
  const value = line.slice(colon + 1).trim()
  if (forbidden.test(value)) throw new BadHead(400, `The header ${given} holds a control character.`)
  if (key === 'host') return void hosts.push(value)
  const before = Object.hasOwn(headers, key) ? headers[key]! : undefined
  headers[key] = before === undefined ? value : `${before},${value}`
}

const keys = new Map<string, string>()
const mostKeys = 256

/** The name in lower case. Clients say the same ones again and again: those are remembered. */
function keyOf(given: string): string {
  const known = keys.get(given)
  if (known !== undefined) return known
  // A line that begins with a space once went on with the one before.
  if (!name.test(given)) throw new BadHead(400, 'A header is malformed.')
  const key = given.toLowerCase()
  if (keys.size < mostKeys && given.length <= 64) keys.set(given, key)
  return key
}

function placeOf(target: string): { path: string; query: string } {
  const place = target.startsWith('/') ? target : /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1] || '/'
  const question = place.indexOf('?')
  if (question < 0) return { path: place, query: '' }
  return { path: place.slice(0, question) || '/', query: place.slice(question + 1) }
}

function lengthOf(headers: Headers, oldProtocol: boolean): number | 'chunked' {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  if (encoding !== undefined) {
    if (length !== undefined) throw new BadHead(400, 'Content-Length and Transfer-Encoding exclude each other.')
    if (encoding.toLowerCase() !== 'chunked' || oldProtocol)
      throw new BadHead(501, 'The only transfer coding that is read here is chunked.')
    return 'chunked'
  }
  if (length === undefined) return 0
  if (!/^\d{1,15}$/.test(length)) throw new BadHead(400, 'The Content-Length header is malformed.')
  return Number(length)
}

function keepsAlive(connection: string | undefined, oldProtocol: boolean): boolean {
  if (connection === undefined) return !oldProtocol
  const words = connection.toLowerCase()
  return oldProtocol ? words.includes('keep-alive') : !words.includes('close')
}
