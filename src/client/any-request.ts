// How is a request signed that no model describes: somebody's own API behind API Gateway, a function's URL, a search?
// Which service and region it is for stands in the host, as a rule.

import { Failure } from '../lib/errors.ts'
import { emptyBody } from '../http/message.ts'
import type { Headers, HttpRequest } from '../http/message.ts'
import { payloadHashOf } from '../sign/attach.ts'
import type { SigningOptions, SigningScope } from '../sign/types.ts'
import type { Settings } from './settings.ts'

export interface Wish {
  url: string
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array | Blob
  /** The signing name, `execute-api`. Where it is absent the host says it. */
  service?: string
  /** For version 4A: regions or wildcards, joined by commas. */
  region?: string
  scheme?: 'sigv4' | 'sigv4a'
  /** Where the proof goes. Default 'headers'. */
  form?: 'headers' | 'query'
  /** Seconds, for a proof in the query. Default 3600. */
  expires?: number
}

/** The request with its proof. Throws Failure('ParamValidation' | 'NoRegion' | 'NoCredentials'). */
export async function signedRequest(wish: Wish, settings: Settings): Promise<HttpRequest> {
  const request = requestOf(wish)
  const scope = await scopeFor(request.host, wish, settings)
  const credentials = await settings.credentials(undefined as never)
  if (!credentials) throw new Failure('NoCredentials', 'Unable to locate credentials')
  const options: SigningOptions = {
    ...scope,
    credentials,
    date: settings.clock(),
    tokenHeader: tokenHeaderOf(scope.service),
  }
  const { sign, presign } =
    wish.scheme === 'sigv4a' ? await import('../sign/sigv4a.ts') : await import('../sign/sigv4.ts')
  if (wish.form === 'query') return presign(request, { ...options, expires: wish.expires ?? 3600 })
  return sign(request, { ...options, payloadHash: await payloadHashOf(request.body as Uint8Array | Blob) })
}

function requestOf({ url, method, headers = {}, body = emptyBody }: Wish): HttpRequest {
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?/i.exec(url)
  if (!parts) throw new Failure('ParamValidation', `Not a URL: ${url}`)
  const [, scheme, host, path, query = ''] = parts as unknown as [string, string, string, string, string?]
  const size = body instanceof Uint8Array ? body.length : body.size
  const lower: Headers = {}
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value.trim()
  return {
    method: (method ?? (size > 0 ? 'POST' : 'GET')).toUpperCase(),
    scheme: scheme.toLowerCase() as 'http' | 'https',
    host: host.replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, ''),
    path: path === '' ? '/' : wireText(path),
    query: wireText(query),
    headers: lower,
    body,
  }
}

/** What was typed as people see it, `/a b/ü`, becomes what may go on the wire; what is encoded already stays. */
function wireText(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, encodeURIComponent)
}

async function scopeFor(host: string, wish: Wish, settings: Settings): Promise<SigningScope> {
  const found = scopeOfHost(host)
  const service = wish.service ?? found.service ?? (found.prefix && (await signingName(found.prefix, settings)))
  if (service === undefined || service === '') {
    throw new Failure(
      'ParamValidation',
      `The host ${host} does not say which service the request is for: say it with --service`,
    )
  }
  const region = wish.region ?? found.region ?? settings.region ?? (wish.scheme === 'sigv4a' ? '*' : undefined)
  if (region === undefined) throw new Failure('NoRegion', 'You must specify a region.')
  return { service, region }
}

function tokenHeaderOf(service: string): SigningOptions['tokenHeader'] {
  return service === 's3express' ? 'x-amz-s3session-token' : undefined
}

/** Hosts of AWS: what names the service, the region, or the endpoint prefix from which the models know the service. */
const hosts: readonly [
  RegExp,
  (parts: Record<string, string>) => { service?: string; region?: string; prefix?: string },
][] = [
  [/\.execute-api(?:-fips)?\.(?<region>[\w-]+)\.amazonaws\./, ({ region }) => ({ service: 'execute-api', region })],
  [/\.lambda-url\.(?<region>[\w-]+)\.on\.aws$/, ({ region }) => ({ service: 'lambda', region })],
  [/\.(?<region>[\w-]+)\.es\.amazonaws\./, ({ region }) => ({ service: 'es', region })],
  [/\.(?<region>[\w-]+)\.aoss(?:-fips)?\.amazonaws\./, ({ region }) => ({ service: 'aoss', region })],
  [/\.iot(?:-fips)?\.(?<region>[\w-]+)\.amazonaws\./, ({ region }) => ({ service: 'iotdata', region })],
  [
    /(?:^|\.)s3express-(?:control|[\w-]+)(?:-fips)?\.(?:dualstack\.)?(?<region>[\w-]+)\.amazonaws\./,
    ({ region }) => ({ service: 's3express', region }),
  ],
  [
    /(?:^|\.)s3-object-lambda(?:-fips)?\.(?<region>[\w-]+)\.amazonaws\./,
    ({ region }) => ({ service: 's3-object-lambda', region }),
  ],
  [
    /(?:^|\.)s3-outposts(?:-fips)?\.(?<region>[\w-]+)\.amazonaws\./,
    ({ region }) => ({ service: 's3-outposts', region }),
  ],
  [
    /(?:^|\.)s3(?:-accesspoint|-control)?(?:-fips)?\.(?:dualstack\.)?(?<region>[\w-]+)\.amazonaws\./,
    ({ region }) => ({ service: 's3', region }),
  ],
  [/(?:^|\.)s3(?:-accelerate(?:\.dualstack)?)?\.amazonaws\.com$/, () => ({ service: 's3', region: 'us-east-1' })],
  [
    /^(?<prefix>[\w.-]+?)(?:-fips)?\.(?<region>[a-z]{2,5}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.|api\.aws$)/,
    ({ prefix, region }) => ({ prefix, region }),
  ],
  [/^(?<prefix>[\w-]+)\.amazonaws\.com$/, ({ prefix }) => ({ prefix, region: 'us-east-1' })],
]

/** `abc.execute-api.eu-west-1.amazonaws.com` → { service: 'execute-api', region: 'eu-west-1' } */
export function scopeOfHost(host: string): { service?: string; region?: string; prefix?: string } {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  for (const [pattern, scope] of hosts) {
    const found = pattern.exec(name)
    if (found) return scope(found.groups ?? {})
  }
  return {}
}

/** Most services sign with the prefix of their endpoint; of those that do not, the models know. `email` → `ses` */
async function signingName(prefix: string, { models }: Settings): Promise<string> {
  for (const name of models.serviceNames) {
    const { metadata } = await models.service(name)
    if (metadata.endpointPrefix === prefix && metadata.signingName !== undefined) return metadata.signingName
  }
  return prefix
}
