// Is this request signed by the one it names, now, for this service? The server's half of the signatures.
// Nothing is decided here about whether the key exists or what it may do.

import type { HttpRequest } from '../http/message.ts'
import { sameSecret } from '../lib/bytes.ts'
import { sha256Hex } from '../lib/hash.ts'
import { map, some } from '../lib/iterate.ts'
import { basicTime, emptySha256, pathRules, payloadWords, stringToSign } from './attach.ts'
import { canonicalRequest, isS3Family, strictPath } from './canonical.ts'
import { scopeSigner } from './key.ts'
import { SignatureRefusal } from './refusal.ts'
import { signatureHolds } from './sigv4a.ts'
import type { SignatureClaim } from './types.ts'

export { claimOf } from './claim.ts'
export { SignatureRefusal } from './refusal.ts'

export interface VerifyOptions {
  now: Date
  /** The region asked, or those that will do; undefined for any. */
  region?: string | readonly string[]
  /** The signing name, or those that will do; the first is named in the refusal. */
  service: string | readonly string[]
  /** Seconds a signature may be away from `now`. Default 900; some services allow 300. */
  skew?: number
  /** The SHA-256 of the body that came, in hex. Needed only where the body is not bytes and x-amz-content-sha256 is not binding. */
  payloadHash?: string
  /** Add the canonical request and the string to sign to the message, as DynamoDB, Lambda and others do. */
  echo?: boolean
  pathAsSent?: boolean
  normalizePath?: boolean
  /** The session token was added after signing (IoT). */
  tokenAfterSigning?: boolean
}

const mismatch =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/**
 * Undefined if all is well, else why not: first the scope and the time, then the signature, then whether the body is the
 * one that was signed. A streamed body is checked as it is read: see `verifiedBody`.
 */
export function verify(
  request: HttpRequest,
  claim: SignatureClaim,
  secret: string,
  options: VerifyOptions,
): SignatureRefusal | undefined {
  return checkScope(claim, options) ?? checkTime(claim, options) ?? checkSignature(request, claim, secret, options)
}

/** Region, service and date of the credential. All that is wrong is said in one sentence after the other. */
export function checkScope(claim: SignatureClaim, options: VerifyOptions): SignatureRefusal | undefined {
  const regions = options.region === undefined ? undefined : listOf(options.region)
  const services = listOf(options.service)
  const wrong: string[] = []
  const facts: SignatureRefusal['facts'] = {}
  if (regions !== undefined && !some(regions, (region) => goodFor(claim, region))) {
    wrong.push('Credential should be scoped to a valid region.')
    facts.region = claim.region || claim.regionSet
    facts.expectedRegion = regions[0]
  }
  if (!services.includes(claim.service)) {
    wrong.push(`Credential should be scoped to correct service: '${services[0]}'.`)
    facts.service = claim.service
    facts.expectedService = services[0]
  }
  const day = claim.timestamp.slice(0, 8)
  if (claim.date !== day) {
    wrong.push(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${claim.date}' != '${day}', from '${claim.timestamp}'.`,
    )
  }
  return wrong.length === 0 ? undefined : new SignatureRefusal('WrongScope', wrong.join(' '), facts)
}

function listOf(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one
}

function goodFor(claim: SignatureClaim, region: string): boolean {
  if (claim.algorithm === 'AWS4-HMAC-SHA256') return claim.region === region
  return (claim.regionSet ?? '').split(',').some((pattern) => {
    const stars = pattern
      .trim()
      .split('*')
      .map((part) => part.replace(/[^A-Za-z0-9-]/g, '\\$&'))
    return new RegExp(`^${stars.join('.*')}$`).test(region)
  })
}

export function checkTime(claim: SignatureClaim, options: VerifyOptions): SignatureRefusal | undefined {
  const skew = options.skew ?? 900
  const now = options.now.getTime()
  const signed = timeOf(claim.timestamp)
  const minutes = (seconds: number): string => `${seconds / 60} min.`
  const lasts = claim.presigned ? (claim.expires ?? skew) : skew
  if (signed <= now + skew * 1000 && signed + lasts * 1000 >= now) return undefined
  const facts = { requestTime: claim.timestamp, serverTime: basicTime(options.now), skewSeconds: skew }
  if (signed > now + skew * 1000) {
    const latest = basicTime(new Date(now + skew * 1000))
    return new SignatureRefusal(
      'NotYetCurrent',
      `Signature not yet current: ${claim.timestamp} is still later than ${latest} (${facts.serverTime} + ${minutes(skew)})`,
      facts,
    )
  }
  const earliest = basicTime(new Date(now - lasts * 1000))
  return new SignatureRefusal(
    claim.presigned ? 'LinkExpired' : 'Expired',
    `Signature expired: ${claim.timestamp} is now earlier than ${earliest} (${facts.serverTime} - ${minutes(lasts)})`,
    { ...facts, ...(claim.presigned && { expires: lasts, expiresAt: basicTime(new Date(signed + lasts * 1000)) }) },
  )
}

export function checkSignature(
  request: HttpRequest,
  claim: SignatureClaim,
  secret: string,
  options: VerifyOptions,
): SignatureRefusal | undefined {
  if (isS3Family(claim.service)) {
    const unsigned = unsignedHeaders(request, claim)
    if (unsigned.length > 0) {
      return new SignatureRefusal(
        'HeadersNotSigned',
        'There were headers present in the request which were not signed',
        {
          headersNotSigned: unsigned.join(', '),
        },
      )
    }
  }
  const received = options.payloadHash ?? (request.body instanceof Uint8Array ? hashOf(request.body) : undefined)
  const payload = claimedPayload(request, claim, received)
  const query = claim.presigned ? withoutSignature(request.query, options.tokenAfterSigning ?? false) : request.query
  const rules = pathRules({ ...options, service: claim.service })
  const scope = scopeOf(claim)

  const canonical = canonicalRequest(request, query, claim.signedHeaders, payload, rules)
  const toSign = stringToSign(claim.algorithm, claim.timestamp, scope, canonical)
  let holds = isBy(claim, secret, toSign)
  const strict = !holds && rules.pathAsSent ? strictPath(request.path) : request.path
  if (strict !== request.path) {
    // Some clients sign an S3 key more strictly encoded than their HTTP library sends it: `a(b)` signed as `a%28b%29`.
    const again = canonicalRequest({ ...request, path: strict }, query, claim.signedHeaders, payload, rules)
    holds = isBy(claim, secret, stringToSign(claim.algorithm, claim.timestamp, scope, again))
  }
  if (!holds) return mismatchOf(claim, canonical, toSign, options.echo ?? false)
  if (received !== undefined && isBinding(payload, request, claim) && payload.toLowerCase() !== received) {
    return new SignatureRefusal(
      'PayloadMismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { clientHash: payload, serverHash: received },
    )
  }
  return undefined
}

/** Whether the payload line is the body's hash. S3 takes any word for one, and looks at no body of what has none. */
function isBinding(payload: string, { method }: HttpRequest, claim: SignatureClaim): boolean {
  if (!isS3Family(claim.service)) return isSha256(payload)
  return method !== 'GET' && method !== 'HEAD' && payload !== payloadWords.unsigned && !payload.startsWith('STREAMING-')
}

function mismatchOf(claim: SignatureClaim, canonical: string, toSign: string, echo: boolean): SignatureRefusal {
  const told = echo
    ? `\n\nThe Canonical String for this request should have been\n'${canonical}'` +
      `\n\nThe String-to-Sign should have been\n'${toSign}'\n`
    : ''
  return new SignatureRefusal('Mismatch', mismatch + told, {
    accessKeyId: claim.accessKeyId,
    stringToSign: toSign,
    canonicalRequest: canonical,
    signatureProvided: claim.signature,
  })
}

/** S3 wants every x-amz- header signed, so that nobody on the way can add one. */
function unsignedHeaders(request: HttpRequest, claim: SignatureClaim): string[] {
  return Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name))
}

/**
 * The payload line that was signed. For S3 it is what x-amz-content-sha256 says, and a link's is open unless it says;
 * every other service computes it from the body that came, unless it is declared unsigned or streamed.
 */
function claimedPayload(request: HttpRequest, claim: SignatureClaim, received: string | undefined): string {
  const declared = request.headers['x-amz-content-sha256'] ?? queryValue(request.query, 'X-Amz-Content-Sha256')
  if (isS3Family(claim.service))
    return declared ?? (claim.presigned ? payloadWords.unsigned : (received ?? emptySha256))
  if (declared !== undefined && (!isSha256(declared) || received === undefined)) return declared
  return received ?? emptySha256
}

export function scopeOf(claim: SignatureClaim): string {
  const region = claim.algorithm === 'AWS4-HMAC-SHA256' ? claim.region + '/' : ''
  return `${claim.date}/${region}${claim.service}/aws4_request`
}

/** Whether a signature over `toSign` is by the claim's key: its own, or another of the same chain. */
export function isBy(claim: SignatureClaim, secret: string, toSign: string, signature = claim.signature): boolean {
  if (claim.algorithm === 'AWS4-ECDSA-P256-SHA256') return signatureHolds(toSign, signature, claim.accessKeyId, secret)
  return sameSecret(scopeSigner(secret, claim.date, claim.region, claim.service)(toSign), signature)
}

function withoutSignature(query: string, tokenToo: boolean): string {
  const left = query.split('&').filter((piece) => {
    const name = piece.split('=', 1)[0]!.toLowerCase()
    return name !== 'x-amz-signature' && !(tokenToo && name === 'x-amz-security-token')
  })
  return left.join('&')
}

function queryValue(query: string, name: string): string | undefined {
  return new RegExp(`(?:^|&)${name}=([^&]*)`, 'i').exec(query)?.[1]
}

function hashOf(body: Uint8Array): string {
  return body.length === 0 ? emptySha256 : sha256Hex(body)
}

function isSha256(payload: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(payload)
}

let lastTimestamp = ''
let lastTime = NaN

/** `20260102T030405Z` → milliseconds. Many requests are signed in the same second. */
function timeOf(timestamp: string): number {
  if (timestamp !== lastTimestamp) lastTime = parsedTime((lastTimestamp = timestamp))
  return lastTime
}

function parsedTime(timestamp: string): number {
  const numbers = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)!
  const [, year, month, day, hour, minute, second] = map(numbers, Number)
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}
