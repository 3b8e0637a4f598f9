// Why a signature was refused: one kind for every reason AWS tells apart, with the text the Query and JSON services
// give. What code and status a kind becomes differs by protocol and service; whoever writes the answer decides that.

import { AwsError } from '../lib/errors.ts'

export type RefusalKind =
  | 'Malformed' // the Authorization header or the link cannot be read: IncompleteSignature
  | 'MalformedLink' // S3's AuthorizationQueryParametersError
  | 'TwoSignatures' // in the header and in the query
  | 'Version2' // signed in the old way, which no new bucket takes
  | 'Expired' // signed too long ago
  | 'NotYetCurrent' // signed too far in the future
  | 'LinkExpired' // X-Amz-Expires has passed
  | 'WrongScope' // date, region, service or terminator of the credential
  | 'HeadersNotSigned'
  | 'Mismatch' // SignatureDoesNotMatch
  | 'PayloadMismatch' // XAmzContentSHA256Mismatch

/** What S3 and some others say beside the message. All of it is the caller's own; StringToSign may hold a session token. */
export interface RefusalFacts {
  region?: string
  expectedRegion?: string
  service?: string
  expectedService?: string
  headersNotSigned?: string
  stringToSign?: string
  canonicalRequest?: string
  signatureProvided?: string
  accessKeyId?: string
  /** Basic ISO 8601. */
  requestTime?: string
  serverTime?: string
  expiresAt?: string
  expires?: number
  skewSeconds?: number
  clientHash?: string
  serverHash?: string
}

export class SignatureRefusal extends AwsError {
  readonly kind: RefusalKind
  readonly facts: RefusalFacts

  constructor(kind: RefusalKind, message: string, facts: RefusalFacts = {}) {
    const incomplete = ['Malformed', 'MalformedLink', 'TwoSignatures', 'Version2'].includes(kind)
    super(incomplete ? 'IncompleteSignature' : 'SignatureDoesNotMatch', message, { status: incomplete ? 400 : 403 })
    this.kind = kind
    this.facts = facts
  }
}
