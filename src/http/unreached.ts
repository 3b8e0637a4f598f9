// What is said when no answer came: the reference's texts for each way in which an exchange can fail.

import { Failure } from '../lib/errors.ts'
import type { HttpRequest } from './message.ts'

/** How far it got; retry rules ask. */
export type Stage = 'connect' | 'proxy' | 'tls' | 'closed' | 'read'

export function urlOf(request: HttpRequest): string {
  return `${request.scheme}://${request.host}${request.path}${request.query === '' ? '' : '?' + request.query}`
}

/** `[::1]:8000` → ::1 and 8000. */
export function addressOf(host: string, scheme: HttpRequest['scheme']): { name: string; port: number } {
  const [, name, port] = /^(.*?)(?::(\d+))?$/.exec(host)!
  return { name: name!.replace(/^\[|\]$/g, ''), port: Number(port ?? (scheme === 'https' ? 443 : 80)) }
}

export function couldNotConnect(request: HttpRequest, cause?: unknown): Failure {
  return connection('connect', `Could not connect to the endpoint URL: "${urlOf(request)}"`, cause)
}

export function connectTimeout(request: HttpRequest): Failure {
  return new Failure('Timeout', `Connect timeout on endpoint URL: "${urlOf(request)}"`, { stage: 'connect' })
}

export function readTimeout(request: HttpRequest): Failure {
  return new Failure('Timeout', `Read timeout on endpoint URL: "${urlOf(request)}"`, { stage: 'read' })
}

export function proxyFailed(shown: string, cause?: unknown): Failure {
  return connection('proxy', `Failed to connect to proxy URL: "${shown}"`, cause)
}

/** After the response began: a stream that somebody reads, or, of a `request`, a body that was to be answered whole. */
export function brokenOff(cause: unknown, request?: HttpRequest): Failure {
  if (cause instanceof Failure) return cause
  if (request) return connection('read', closedEarly(request), cause)
  return connection('read', `An error occurred while reading from response stream: ${reasonOf(cause)}`, cause)
}

function closedEarly(request: HttpRequest): string {
  return `Connection was closed before we received a valid response from endpoint URL: "${urlOf(request)}".`
}

/** Without the advice that Bun gives to whoever wrote the program. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return reason.replace(/\.? For more information, pass `verbose.*$/, '')
}

export function tlsFailed(request: HttpRequest, reason: string, cause?: unknown): Failure {
  return connection('tls', `SSL validation failed for ${urlOf(request)} ${reason}`, cause)
}

export function interrupted(cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure('Interrupted', 'Interrupted', {}, cause)
}

/** The failure for an error of fetch or node:http before the response began. */
export function unreached(request: HttpRequest, error: unknown): Failure {
  if (error instanceof Failure) return error
  const code = String((error as { code?: unknown }).code ?? '')
  const message = reasonOf(error)
  if (/^ERR_INVALID_(CHAR|HTTP_TOKEN)$/.test(code) || /^Header '.*' has invalid|^Invalid header name/s.test(message)) {
    return unsendable(message, error)
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return tlsFailed(
      request,
      `hostname '${addressOf(request.host, request.scheme).name}' doesn't match the certificate`,
      error,
    )
  }
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY|CRL|SIGNATURE_FAILURE|HOSTNAME_MISMATCH/.test(code)) {
    const reason = message.replace('self signed', 'self-signed')
    return tlsFailed(request, `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${reason}`, error)
  }
  if (/^ERR_(SSL|TLS)|^EPROTO$|SSL routines|tls_/i.test(code) || /SSL routines|TLS connect/.test(message)) {
    return tlsFailed(request, `[SSL] ${message}`, error)
  }
  if (
    /^(ECONNRESET|EPIPE|ConnectionClosed|UND_ERR_SOCKET|HPE_|Malformed_|Invalid)/.test(code) ||
    /socket hang up|Parse Error/.test(message)
  ) {
    return connection('closed', closedEarly(request), error)
  }
  if (code === 'ETIMEDOUT') return connectTimeout(request)
  return couldNotConnect(request, error)
}

/** A header that HTTP cannot carry, told by its name: its value may be a secret. It is never tried again. */
function unsendable(message: string, cause: unknown): Failure {
  const header = /['"](.+)['"]/s.exec(message)?.[1] ?? ''
  const reason = /name/.test(message) ? 'Header field name contains invalid characters' : 'Invalid header value'
  const text = `An HTTP Client raised an unhandled exception: ${reason}: ${JSON.stringify(header)}`
  return new Failure('Connection', text, { stage: 'connect', retryable: false }, cause)
}

function connection(stage: Stage, message: string, cause: unknown): Failure {
  return new Failure('Connection', message, { stage, code: (cause as { code?: unknown } | undefined)?.code }, cause)
}
