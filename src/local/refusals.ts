// With which code, status and text is a caller turned away? It differs by protocol and service; here is the table.
// Recorded from AWS, or documented by it. Texts of S3: LocalStack's recordings.

import { AwsError } from '../lib/errors.ts'
import type { Service } from '../model/model.ts'
import type { SignatureRefusal } from '../sign/verify.ts'
import type { Target } from './identify.ts'

/** What can be wrong with a caller before anybody asks what it may do; the signature's own faults are SignatureRefusals. */
export type Refusal = 'unsigned' | 'unknown key' | 'bad token' | 'expired token'

interface Words {
  readonly unsigned: readonly [code: string, status: number, text: string]
  readonly key: readonly [code: string, status: number, text: string]
  readonly expired: readonly [code: string, status: number, text: string]
  readonly signature: readonly [code: string, status: number]
  readonly denied: readonly [code: string, status: number]
}

const invalid = 'The security token included in the request is invalid.'
const expired = 'The security token included in the request is expired'

const words: Record<string, Words> = {
  query: {
    unsigned: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    key: ['InvalidClientTokenId', 403, invalid],
    expired: ['ExpiredToken', 403, expired],
    signature: ['SignatureDoesNotMatch', 403],
    denied: ['AccessDenied', 403],
  },
  ec2: {
    unsigned: ['MissingParameter', 400, 'The request must contain the parameter AWSAccessKeyId'],
    key: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
    expired: ['RequestExpired', 400, 'Request has expired.'],
    signature: ['AuthFailure', 401],
    denied: ['UnauthorizedOperation', 403],
  },
  json: {
    unsigned: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
    key: ['UnrecognizedClientException', 400, invalid],
    expired: ['ExpiredTokenException', 400, expired],
    signature: ['InvalidSignatureException', 400],
    denied: ['AccessDeniedException', 400],
  },
  dynamodb: {
    unsigned: ['MissingAuthenticationTokenException', 400, 'Request is missing Authentication Token'],
    key: ['UnrecognizedClientException', 400, invalid],
    expired: ['ExpiredTokenException', 400, expired],
    signature: ['InvalidSignatureException', 400],
    denied: ['AccessDeniedException', 400],
  },
  'rest-json': {
    unsigned: ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'],
    key: ['UnrecognizedClientException', 403, invalid],
    expired: ['ExpiredTokenException', 403, expired],
    signature: ['InvalidSignatureException', 403],
    denied: ['AccessDeniedException', 403],
  },
  s3: {
    unsigned: ['AccessDenied', 403, 'Access Denied'],
    key: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
    expired: ['ExpiredToken', 400, 'The provided token has expired.'],
    signature: ['SignatureDoesNotMatch', 403],
    denied: ['AccessDenied', 403],
  },
}

function wordsOf({ service }: Target): Words {
  if (isS3(service)) return words['s3']!
  if (service.name.startsWith('dynamodb')) return words['dynamodb']!
  // Query-compatible services (SQS) kept query's codes when they went to JSON.
  if (service.metadata.awsQueryCompatible !== undefined || service.protocol === 'rest-xml') return words['query']!
  return words[service.protocol === 'smithy-rpc-v2-cbor' ? 'rest-json' : service.protocol]!
}

function isS3(service: Service): boolean {
  return service.name === 's3' || service.name === 's3control'
}

export function refuse(
  refusal: Refusal,
  target: Target,
  facts: { accessKeyId?: string; token?: string } = {},
): AwsError {
  const { unsigned, key, expired } = wordsOf(target)
  if (refusal === 'bad token' && isS3(target.service)) {
    const response = { headers: {}, elements: { 'Token-0': facts.token ?? '' } }
    return new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', { response })
  }
  const [code, status, text] = refusal === 'unsigned' ? unsigned : refusal === 'expired token' ? expired : key
  const elements =
    isS3(target.service) && refusal === 'unknown key' ? { AWSAccessKeyId: facts.accessKeyId ?? '' } : undefined
  return new AwsError(code, text, { status, response: { headers: {}, ...(elements && { elements }) } })
}

/** A denial's code and status. */
export function deniedAs(target: Target): readonly [code: string, status: number] {
  return wordsOf(target).denied
}

/** A signature's fault as the service tells it. */
export function signatureError(refusal: SignatureRefusal, target: Target): AwsError {
  if (isS3(target.service)) return s3SignatureError(refusal)
  const { signature, key } = wordsOf(target)
  if (refusal.code === 'IncompleteSignature') {
    const isJson = signature[0] === 'InvalidSignatureException'
    return new AwsError(isJson ? 'IncompleteSignatureException' : 'IncompleteSignature', refusal.message, {
      status: 400,
    })
  }
  const [code, status] = signature
  return new AwsError(code, code === 'AuthFailure' ? key[2] : refusal.message, { status })
}

// Texts and elements: LocalStack's recordings of S3 (2026-02).
function s3SignatureError({ kind, message, facts }: SignatureRefusal): AwsError {
  const error = (
    code: string,
    status: number,
    text: string,
    elements: Record<string, string | number | undefined>,
  ): AwsError => {
    const told = Object.entries(elements)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)])
    return new AwsError(code, text, { status, detail: Object.fromEntries(told) })
  }
  switch (kind) {
    case 'Malformed':
      return error('AuthorizationHeaderMalformed', 400, `The authorization header is malformed; ${message}`, {})
    case 'MalformedLink':
      return error('AuthorizationQueryParametersError', 400, message, {})
    case 'TwoSignatures':
      return error('InvalidArgument', 400, message, {})
    case 'Version2':
      return error('InvalidRequest', 400, message, {})
    case 'WrongScope':
      return error(
        'AuthorizationHeaderMalformed',
        400,
        `The authorization header is malformed; ${scopeFault(message, facts)}`,
        {
          Region: facts.expectedRegion,
        },
      )
    case 'Expired':
    case 'NotYetCurrent':
      return error(
        'RequestTimeTooSkewed',
        403,
        'The difference between the request time and the current time is too large.',
        {
          RequestTime: facts.requestTime,
          ServerTime: extendedTime(facts.serverTime),
          MaxAllowedSkewMilliseconds: (facts.skewSeconds ?? 900) * 1000,
        },
      )
    case 'LinkExpired':
      return error('AccessDenied', 403, 'Request has expired', {
        'X-Amz-Expires': facts.expires,
        Expires: extendedTime(facts.expiresAt),
        ServerTime: extendedTime(facts.serverTime),
      })
    case 'HeadersNotSigned':
      return error('AccessDenied', 403, message, { HeadersNotSigned: facts.headersNotSigned })
    case 'PayloadMismatch':
      return error('XAmzContentSHA256Mismatch', 400, message, {
        ClientComputedContentSHA256: facts.clientHash,
        S3ComputedContentSHA256: facts.serverHash,
      })
    case 'Mismatch':
      return error(
        'SignatureDoesNotMatch',
        403,
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        {
          AWSAccessKeyId: facts.accessKeyId,
          StringToSign: facts.stringToSign,
          SignatureProvided: facts.signatureProvided,
          StringToSignBytes: spacedHex(facts.stringToSign),
          CanonicalRequest: facts.canonicalRequest,
          CanonicalRequestBytes: spacedHex(facts.canonicalRequest),
        },
      )
  }
}

function scopeFault(message: string, facts: SignatureRefusal['facts']): string {
  if (facts.expectedRegion !== undefined)
    return `the region '${facts.region}' is wrong; expecting '${facts.expectedRegion}'`
  if (facts.expectedService !== undefined)
    return `incorrect service "${facts.service}". This endpoint belongs to "${facts.expectedService}".`
  return message
}

/** `20260102T030405Z` → `2026-01-02T03:04:05Z`. */
function extendedTime(basic: string | undefined): string | undefined {
  return basic?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
}

function spacedHex(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
