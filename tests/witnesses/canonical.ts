// When are two programs' requests the same? What may differ is left out: the time, random ids, who asks, and the framing
// of the body. JSON, forms and links are compared by what they say.

import type { Recorded } from './recording-proxy.ts'

/** Differ by nature, or say how the body is framed. */
const left = new Set([
  'user-agent',
  'x-amz-user-agent',
  'amz-sdk-invocation-id',
  'connection',
  'keep-alive',
  'proxy-connection',
  'accept-encoding',
  'content-length',
  'transfer-encoding',
  'host',
  'authorization',
  'x-amz-date',
  'date',
  'expect',
  'x-amz-security-token',
])

export interface Canonical {
  readonly method: string
  readonly url: string
  readonly query: readonly string[]
  readonly authorization: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export function canonical(request: Recorded): Canonical {
  const [path = '', query = ''] = request.target.split(/\?(.*)/s)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (!left.has(name)) headers[name] = name === 'amz-sdk-request' ? /attempt=\d+/.exec(value)![0] : timeless(value)
  }
  return {
    method: request.method,
    url: `${request.scheme}://${request.host}${path}`,
    query: query === '' ? [] : query.split('&').map(timeless).sort(),
    authorization: proof(request.headers['authorization'] ?? ''),
    headers: Object.fromEntries(Object.entries(headers).sort()),
    body: bodyOf(request),
  }
}

/** `AWS4-HMAC-SHA256 us-east-1/s3 host;x-amz-date`: what is proved to whom, without the proof. */
function proof(authorization: string): string {
  const [, algorithm, scope, signed] =
    /^(\S+) Credential=[^/]+\/\d+\/(\S+)\/aws4_request, ?SignedHeaders=([^,]+)/.exec(authorization) ?? []
  return algorithm === undefined ? authorization : `${algorithm} ${scope} ${signed}`
}

function bodyOf({ headers, body }: Recorded): unknown {
  const bytes = headers['content-encoding'] === 'gzip' ? Bun.gunzipSync(new Uint8Array(body)) : body
  const type = headers['content-type'] ?? ''
  const text = new TextDecoder('latin1').decode(bytes)
  if (text.length > 8192 && !type.includes('json')) {
    return `${text.length} bytes, SHA-256 ${new Bun.CryptoHasher('sha256').update(bytes).digest('hex')}, ending in ${text.slice(-80)}`
  }
  if (type.includes('cbor')) return Buffer.from(bytes).toString('hex')
  if (type.includes('json') && text !== '') {
    try {
      return JSON.parse(timeless(new TextDecoder().decode(bytes)))
    } catch {
      return timeless(text)
    }
  }
  if (type.includes('x-www-form-urlencoded')) {
    return text
      .split('&')
      .map((pair) => timeless(decodeURIComponent(pair.replaceAll('+', ' '))))
      .sort()
  }
  return timeless(text)
}

function timeless(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/gi, 'UUID')
    .replace(/\b\d{8}T\d{6}Z\b/g, 'TIME')
    .replace(/(X-Amz-Credential=[^&]*?(?:%2F|\/))\d{8}/g, '$1DAY')
    .replace(/(X-Amz-Signature=)[0-9a-f]+/g, '$1PROOF')
}
