// What does a request claim about who signed it? Read, not checked: that is verify.ts.

import type { HttpRequest } from '../http/message.ts'
import { percentDecode } from '../lib/percent.ts'
import { basicTime } from './attach.ts'
import { SignatureRefusal } from './refusal.ts'
import type { SignatureClaim } from './types.ts'

/**
 * The claim of a request; undefined when it is not signed in this way (anonymous, or a bearer token).
 * Throws SignatureRefusal of kind Malformed, MalformedLink, TwoSignatures or Version2.
 */
export function claimOf(request: HttpRequest): SignatureClaim | undefined {
  const header = request.headers['authorization']
  const signedHeader = header !== undefined && !/^(Bearer|Basic)\b/i.test(header)
  if (/(^|&)X-Amz-(Algorithm|Signature|Credential)=/.test(request.query)) {
    if (signedHeader) {
      throw new SignatureRefusal(
        'TwoSignatures',
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter ' +
          'or the Authorization header should be specified',
      )
    }
    return linkClaim(request)
  }
  if ((signedHeader && /^AWS [^ ]+:/.test(header)) || /(^|&)AWSAccessKeyId=/.test(request.query)) {
    throw new SignatureRefusal(
      'Version2',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    )
  }
  return signedHeader ? headerClaim(request, header) : undefined
}

// AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=5d67…
const usualForm =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d+)\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([^,\s]+)$/

function headerClaim(request: HttpRequest, header: string): SignatureClaim {
  const usual = usualForm.exec(header)
  const timestamp = request.headers['x-amz-date']
  if (usual && timestamp !== undefined) {
    const [, accessKeyId, date, region, service, names, signature] = usual as unknown as string[]
    return {
      algorithm: 'AWS4-HMAC-SHA256',
      accessKeyId: accessKeyId!,
      date: date!,
      region: region!,
      service: service!,
      signedHeaders: bindingSigned(names!.toLowerCase().split(';'), request),
      signature: signature!,
      sessionToken: request.headers['x-amz-security-token'] ?? request.headers['x-amz-s3session-token'],
      timestamp: timestampOf(timestamp),
      presigned: false,
      regionSet: request.headers['x-amz-region-set'],
    }
  }
  const space = header.indexOf(' ')
  const algorithm = algorithmOf(space < 0 ? header : header.slice(0, space))
  const given = parametersOf(space < 0 ? '' : header.slice(space + 1), header)

  const missing: string[] = []
  for (const name of ['Credential', 'Signature', 'SignedHeaders']) {
    if (!given[name]) missing.push(`Authorization header requires '${name}' parameter.`)
  }
  const date = request.headers['x-amz-date'] ?? request.headers['date']
  if (date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  if (missing.length > 0) throw malformed(`${missing.join(' ')} Authorization=${header}`)

  return {
    algorithm,
    ...credentialOf(given['Credential']!, algorithm),
    signedHeaders: bindingSigned(given['SignedHeaders']!.toLowerCase().split(';'), request),
    signature: given['Signature']!,
    sessionToken: request.headers['x-amz-security-token'] ?? request.headers['x-amz-s3session-token'],
    timestamp: timestampOf(date!),
    presigned: false,
    regionSet: request.headers['x-amz-region-set'],
  }
}

function parametersOf(list: string, header: string): Record<string, string> {
  const given: Record<string, string> = {}
  for (const piece of list.split(',').map((part) => part.trim())) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    if (equals < 0) {
      throw malformed(
        `'${piece}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
      )
    }
    given[piece.slice(0, equals)] = piece.slice(equals + 1)
  }
  return given
}

function linkClaim(request: HttpRequest): SignatureClaim {
  const given = new Map<string, string>()
  for (const piece of request.query.split('&')) {
    const equals = piece.indexOf('=')
    if (equals > 0)
      given.set(percentDecode(piece.slice(0, equals)).toLowerCase(), percentDecode(piece.slice(equals + 1)))
  }
  const need = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
  const missing = need.filter((name) => !given.get(name.toLowerCase()))
  if (missing.length > 0) {
    const each = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
    throw malformed(`${each.join(' ')} Re-examine the query-string parameters.`)
  }
  const algorithm = algorithmOf(given.get('x-amz-algorithm')!)
  return {
    algorithm,
    ...credentialOf(given.get('x-amz-credential')!, algorithm),
    signedHeaders: bindingSigned(given.get('x-amz-signedheaders')!.toLowerCase().split(';'), request),
    signature: given.get('x-amz-signature')!,
    sessionToken:
      given.get('x-amz-security-token') ??
      given.get('x-amz-s3session-token') ??
      request.headers['x-amz-security-token'],
    timestamp: timestampOf(given.get('x-amz-date')!),
    presigned: true,
    expires: expiresOf(given.get('x-amz-expires')),
    regionSet: given.get('x-amz-region-set'),
  }
}

function algorithmOf(name: string): SignatureClaim['algorithm'] {
  if (name === 'AWS4-HMAC-SHA256' || name === 'AWS4-ECDSA-P256-SHA256') return name
  throw malformed(`Unsupported AWS 'algorithm': '${name}'`)
}

type Scope = Pick<SignatureClaim, 'accessKeyId' | 'date' | 'region' | 'service'>

function credentialOf(credential: string, algorithm: SignatureClaim['algorithm']): Scope {
  const parts = credential.split('/')
  const regional = algorithm === 'AWS4-HMAC-SHA256'
  if (parts.length !== (regional ? 5 : 4)) {
    throw malformed(
      `Credential must have exactly ${regional ? 5 : 4} slash-delimited elements, ` +
        `e.g. keyid/date/${regional ? 'region/' : ''}service/term, got '${credential}'`,
    )
  }
  const [accessKeyId, date] = parts as [string, string]
  const term = parts.pop()!
  if (term !== 'aws4_request') {
    throw new SignatureRefusal(
      'WrongScope',
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${term}'.`,
    )
  }
  return { accessKeyId, date, region: regional ? parts[2]! : '', service: parts.at(-1)! }
}

/** The headers that say what is asked for must be signed: the host, and the target, by which a form would become another call. */
function bindingSigned(names: string[], { headers }: HttpRequest): string[] {
  if (!names.includes('host') && !names.includes(':authority'))
    throw malformed("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
  if (headers['x-amz-target'] !== undefined && !names.includes('x-amz-target'))
    throw malformed("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.")
  return names
}

/** Basic ISO 8601 as it is; an HTTP date is rewritten. */
function timestampOf(date: string): string {
  if (/^\d{8}T\d{6}Z$/.test(date)) return date
  const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)
    ? new Date(date)
    : undefined
  if (httpDate !== undefined && !Number.isNaN(httpDate.getTime())) return basicTime(httpDate)
  throw malformed(`Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`)
}

/** Without X-Amz-Expires a link is good for as long as a signed request is. */
function expiresOf(given: string | undefined): number {
  if (given === undefined) return 900
  if (!/^-?\d+$/.test(given)) throw new SignatureRefusal('MalformedLink', 'X-Amz-Expires should be a number')
  const seconds = Number(given)
  if (seconds < 0) throw new SignatureRefusal('MalformedLink', 'X-Amz-Expires must be non-negative')
  if (seconds > 604_800) {
    throw new SignatureRefusal('MalformedLink', 'X-Amz-Expires must be less than a week (in seconds) that is 604800')
  }
  return seconds
}

function malformed(message: string): SignatureRefusal {
  return new SignatureRefusal('Malformed', message)
}
