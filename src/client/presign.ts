// A link with which anybody may make one call for a while: the request of any operation, signed in its query.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html

import { text } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { protocolOf } from '../wire/protocols.ts'
import { addressed } from './address.ts'
import { credentialsFor, schemeFor } from './auth.ts'
import { withCorrectedClock } from './clock.ts'
import { endpointFor } from './endpoint/resolve.ts'
import { prepare } from './prepare.ts'
import { quirksOf } from './quirks/index.ts'
import type { Exchange } from './quirks/index.ts'
import type { Settings } from './settings.ts'

export interface LinkOptions {
  /** Seconds, 1 to 604800; default 3600. */
  expires?: number
  /** Instead of the operation's own: `GET` for a POST whose input fits into a query. */
  method?: string
  /** Headers to sign; whoever uses the link must send them. */
  headers?: Readonly<Record<string, string>>
}

/** The link, and the headers beside `host` that must go with it. Throws what `call` throws before it sends. */
export async function link(
  operation: Operation,
  input: Structure,
  settings: Settings,
  options: LinkOptions = {},
): Promise<{ url: string; headers: Record<string, string> }> {
  const request = await linkRequest(operation, input, settings, options)
  const query = request.query === '' ? '' : `?${request.query}`
  return { url: `${request.scheme}://${request.host}${request.path}${query}`, headers: request.headers }
}

/** The same as a request, for callers that must change it. */
export async function linkRequest(
  operation: Operation,
  input: Structure,
  given: Settings,
  { expires = 3600, method, headers = {} }: LinkOptions = {},
): Promise<HttpRequest> {
  // Whoever opens a link sends no checksum and expects none.
  const settings = withCorrectedClock({
    ...given,
    key: (name) => (CHECKSUMS.includes(name) ? 'when_required' : given.key(name)),
  })
  const quirks = await quirksOf(operation.service.name)
  const exchange: Exchange = { operation, given: input, settings }
  const ready = await prepare(operation, input, exchange, quirks)
  const written = (await protocolOf(operation)).writeRequest(operation, ready)
  const message = (await quirks?.request?.(written, { ...exchange, input: ready })) ?? written
  const endpoint = await endpointFor(ready, exchange, quirks)
  const plain = inQuery(addressed(operation, ready, message, endpoint, settings))
  delete plain.headers['user-agent']
  const request: HttpRequest = { ...plain, method: method ?? plain.method, headers: { ...plain.headers, ...headers } }

  const scheme = schemeFor(operation, endpoint, settings)
  if (scheme === 'none') return request
  if (scheme === 'bearer') throw new Failure('InvalidConfig', 'A bearer token cannot be put into a link')
  const { auth } = endpoint
  const signing = {
    credentials: (await credentialsFor(operation, scheme, endpoint, settings))!,
    region: auth.signingRegion,
    service: auth.signingName,
    date: settings.clock(),
    expires,
    pathAsSent: auth.disableDoubleEncoding,
    tokenHeader: scheme === 'sigv4-s3express' ? ('x-amz-s3session-token' as const) : undefined,
  }
  if (scheme === 'sigv4a') {
    const { presign } = await import('../sign/sigv4a.ts')
    return presign(request, { ...signing, region: (auth.signingRegionSet ?? [auth.signingRegion]).join(',') })
  }
  const { presign } = await import('../sign/sigv4.ts')
  return presign(request, signing)
}

const CHECKSUMS = ['request_checksum_calculation', 'response_checksum_validation']

/** A form goes into the query: `Action=GetCallerIdentity&Version=2011-06-15`. */
function inQuery(request: HttpRequest): HttpRequest {
  const { body, headers } = request
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded') || !(body instanceof Uint8Array))
    return request
  const { 'content-type': _, ...kept } = headers
  const form = text(body)
  return { ...request, headers: kept, body: emptyBody, query: request.query === '' ? form : `${request.query}&${form}` }
}
