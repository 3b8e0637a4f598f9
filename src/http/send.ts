// Sends one request and gives its response: by which road, through which proxy, trusting whom?
//
// On Bun the road is fetch where fetch provably sends the request as it is written, because its first use costs 1 ms
// and node:http's 20. fetch is a browser's: it resolves dot segments, re-encodes quotes, folds hosts, sends the body
// before a 100-continue. Whatever it would touch, and everything on Node, goes by node:http, which sends what it is given.

import { text } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { readFile } from '../lib/files.ts'
import type { HttpRequest, HttpResponse, Send, SendOptions } from './message.ts'
import { proxiesOf, proxyFor } from './proxies.ts'
import type { Environment, Proxies } from './proxies.ts'
import { sendByFetch } from './send-fetch.ts'
import { tlsFailed } from './unreached.ts'

export interface Sending {
  /** Where proxies are looked for. Default: the process's environment. */
  env?: Environment
  /** Instead of what the environment says. */
  proxies?: Proxies
  /** A PEM file of those to trust instead of the runtime's own list. Blank: every https request fails. */
  caBundle?: string
  /** Default true. */
  verifySsl?: boolean
  /** Milliseconds; 0 for none; where a call does not say. Default 60,000 each. */
  connectTimeout?: number
  readTimeout?: number
  /** Ways to send that are not sockets, by scheme. */
  doors?: Readonly<Record<string, Send>>
}

/** Whom to trust, as fetch and node:tls want it. */
export interface Trust {
  ca?: string
  rejectUnauthorized?: boolean
}

/** A request ready for either road: options settled, nothing to look up any more. */
export interface Exchange {
  request: HttpRequest
  stream: boolean
  connectTimeout: number
  readTimeout: number
  signal?: AbortSignal
  /** Undefined for the runtime's own trust, and for plain HTTP. */
  trust: Trust | undefined
}

/**
 * A way to send requests, which keeps connections open between them. It throws
 *   Failure('Connection'), detail.stage telling how far it got: connect, proxy, tls, closed, read;
 *   Failure('Timeout'), stage connect or read; Failure('Interrupted') when the signal says so;
 *   Failure('Configuration') for a CA bundle whose path is blank.
 * Header values of the response are Latin-1, as they came: UTF-8 in them must be decoded by whoever expects it.
 */
export function makeSend(sending: Sending = {}): Send {
  const proxies = sending.proxies ?? proxiesOf(sending.env ?? process.env)
  const trustOf = rememberedTrust(sending)
  let sockets: ReturnType<typeof import('./send-sockets.ts').makeSocketSend> | undefined
  let both: ReturnType<typeof import('./send-http2.ts').makeHttp2Send> | undefined

  return async (request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> => {
    const door = sending.doors?.[request.scheme]
    if (door) return door(request, options)
    if (request.scheme === 'virga-local') throw new Failure('Connection', 'There is no local AWS in this process')

    const exchange: Exchange = {
      request: withPlainEncoding(request),
      stream: options.stream ?? false,
      connectTimeout: options.connectTimeout ?? sending.connectTimeout ?? 60_000,
      readTimeout: options.readTimeout ?? sending.readTimeout ?? 60_000,
      signal: options.signal,
      trust: request.scheme === 'https' ? trustOf(request) : undefined,
    }
    const proxy = proxyFor(request.scheme, request.host, proxies)
    if (options.bothWays && request.scheme === 'https' && proxy === undefined) {
      both ??= (await import('./send-http2.ts')).makeHttp2Send()
      return both(exchange)
    }
    if (proxy === undefined && sentAsItIs(request) && noProxyOfBunsOwn()) return sendByFetch(exchange)
    sockets ??= (await import('./send-sockets.ts')).makeSocketSend()
    return sockets(exchange, proxy)
  }
}

/** The reference asks for no compression, in so many words; without it fetch would ask for four kinds. */
function withPlainEncoding(request: HttpRequest): HttpRequest {
  if (request.headers['accept-encoding'] !== undefined) return request
  return { ...request, headers: { ...request.headers, 'accept-encoding': 'identity' } }
}

/** Whether fetch would put exactly this on the wire. Anything doubtful is a no. */
function sentAsItIs(request: HttpRequest): boolean {
  if (typeof Bun === 'undefined') return false
  const { method, headers, body } = request
  const hasBody = !(body instanceof Uint8Array) || body.length > 0
  return (
    plainPath(request.path) &&
    (request.query === '' || /^[A-Za-z0-9\-._~%!$&()*+,;=:@/?]*$/.test(request.query)) &&
    plainHost(request) &&
    ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'].includes(method) &&
    !(hasBody && (method === 'GET' || method === 'HEAD')) &&
    headers['expect'] === undefined &&
    headers['user-agent'] !== undefined && // else the runtime would name itself
    !(body instanceof Blob && headers['content-type'] === undefined) // else one would be guessed
  )
}

function plainPath(path: string): boolean {
  if (path === '/') return true
  return /^\/(?!\/)[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*$/.test(path) && !/\/(\.|%2e){1,2}(\/|$)/i.test(path)
}

/** Lower-case names, dotted quads and bracketed IPv6 in its shortest form, with a port that is not the scheme's own. */
function plainHost({ host, scheme }: HttpRequest): boolean {
  const port = /:(\d+)$/.exec(host)?.[1]
  if (port !== undefined && (port === (scheme === 'https' ? '443' : '80') || port.startsWith('0'))) return false
  const name = port === undefined ? host : host.slice(0, -port.length - 1)
  if (name === '[::1]') return true
  const last = name.charAt(name.lastIndexOf('.') + 1)
  return last >= 'a' && last <= 'z'
    ? /^[a-z0-9]([a-z0-9\-.]*[a-z0-9])?$/.test(name)
    : /^(\d{1,3}\.){3}\d{1,3}$/.test(name)
}

/** Bun's fetch follows the environment's proxies by rules of its own, and cannot be told not to. */
function noProxyOfBunsOwn(): boolean {
  const { env } = process
  return (
    !env['http_proxy'] &&
    !env['HTTP_PROXY'] &&
    !env['https_proxy'] &&
    !env['HTTPS_PROXY'] &&
    !env['all_proxy'] &&
    !env['ALL_PROXY']
  )
}

/** How one would get to a host without `send`: through a proxy or not, trusting whom. */
export function roadOf(sending: Sending, request: HttpRequest): { proxied: boolean; trust: Trust | undefined } {
  const { env = process.env, proxies = proxiesOf(env) } = sending
  return {
    proxied: request.scheme === 'virga-local' || proxyFor(request.scheme, request.host, proxies) !== undefined,
    trust: request.scheme === 'https' ? rememberedTrust(sending)(request) : undefined,
  }
}

/** The bundle is read when first needed: plain HTTP never asks. */
function rememberedTrust({ caBundle, verifySsl = true }: Sending): (request: HttpRequest) => Trust | undefined {
  let trust: Trust | undefined
  return (request) => {
    if (!verifySsl) return (trust ??= { rejectUnauthorized: false })
    if (caBundle === undefined) return undefined
    return (trust ??= { ca: readBundle(caBundle, request) })
  }
}

function readBundle(path: string, request: HttpRequest): string {
  if (path.trim() === '') {
    throw new Failure(
      'Configuration',
      'Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) resolved to an ' +
        'empty or whitespace-only string. Provide a valid path to a CA bundle file.',
    )
  }
  let pem: string
  try {
    pem = text(readFile(path))
  } catch (error) {
    const known: Record<string, string> = {
      ENOENT: '[Errno 2] No such file or directory',
      EISDIR: '[Errno 21] Is a directory',
      EACCES: '[Errno 13] Permission denied',
    }
    throw tlsFailed(request, known[(error as { code?: string }).code ?? ''] ?? (error as Error).message, error)
  }
  if (!pem.includes('-----BEGIN ')) {
    throw tlsFailed(request, '[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found')
  }
  return pem
}
