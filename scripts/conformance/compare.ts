// Did two programs do the same? Requests after the canonicalisation that forgives what may differ between two runs of
// one program; everything else byte for byte.

export interface Request {
  method: string
  url: string
  headers: readonly (readonly [string, string])[]
  /** base64 */
  body: string
}

export interface Outcome {
  requests: Request[]
  stdout: string
  stderr: string
  exit: number | string | null
}

export interface Differences {
  requests: boolean
  signature: boolean
  stdout: boolean
  stderr: boolean
  exit: boolean
}

export function differences(reference: Outcome, ours: Outcome): Differences {
  const [theirs, own] = [reference, ours].map(({ requests }) =>
    requests.map((request) => JSON.stringify(canonical(request))).toSorted(),
  )
  return {
    requests: JSON.stringify(theirs) !== JSON.stringify(own),
    signature: !sameSignatures(reference.requests, ours.requests),
    stdout: reference.stdout !== ours.stdout,
    stderr: reference.stderr !== ours.stderr,
    exit: (reference.exit ?? 0) !== ours.exit,
  }
}

/** Framing, and what names the program or the attempt. */
const dropped = new Set([
  'user-agent',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'connection',
  'accept-encoding',
  'content-length',
  'transfer-encoding',
  'accept',
  'host',
  'authorization',
  'x-amz-date',
  'x-amz-user-agent',
  'expect',
])

export function canonical(request: Request): object {
  // Not every address that is asked for is one.
  const [, host = '', rest = ''] = /^\w+:\/\/([^/?]*)([^]*)$/.exec(request.url) ?? []
  const [path, query = ''] = splitOnce(rest, '?')
  const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const scope = /Credential=[^/]+\/\d+\/([^,]+)/.exec(headers.authorization ?? '')?.[1]
  return {
    method: request.method,
    host: host.toLowerCase().replace(request.url.startsWith('https') ? /:443$/ : /:80$/, ''),
    path: path || '/',
    query: query
      .split('&')
      .filter((pair) => !/^X-Amz-(Signature|Date)=/.test(pair))
      .toSorted(),
    scope: scope ?? (headers.authorization ?? '').slice(0, 12),
    headers: Object.entries(headers)
      .filter(([name]) => !dropped.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    body: bodyOf(request, headers),
  }
}

/** How both make names where somebody must: a caller reference of CloudFront. */
const madeUp = /-\d{10}-\d{1,6}\b/g

function bodyOf({ body }: Request, headers: Record<string, string>): unknown {
  const bytes = Buffer.from(body, 'base64')
  if (headers['content-encoding']?.includes('gzip')) return Buffer.from(Bun.gunzipSync(bytes)).toString('latin1')
  const text = bytes.toString('utf8')
  const type = headers['content-type'] ?? ''
  if (type.includes('json') && text !== '') {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return type.includes('x-www-form-urlencoded')
    ? text.split('&').toSorted()
    : bytes.toString('latin1').replaceAll(madeUp, '-<time>-<random>')
}

/** Ours are all made at the moment of the reference's first; a name made up of the time is in what is signed. */
function sameSignatures(theirs: readonly Request[], ours: readonly Request[]): boolean {
  return theirs.every((request, index) => {
    const own = ours[index]
    if (own === undefined || Buffer.from(own.body, 'base64').toString('latin1').search(madeUp) >= 0) return true
    return dateOf(request) !== dateOf(own) || signatureOf(request) === signatureOf(own)
  })
}

function dateOf({ headers }: Request): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'x-amz-date')?.[1]
}

export function signatureOf({ headers }: Request): string {
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? ''
  return /ECDSA/.test(authorization) ? 'ECDSA' : authorization
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
