// What kind of error is it, for programs? `VIRGA_ERRORS=json` prints one line for each error: a kind out of a short list
// that stays as it is, what AWS said, and which command tells more. The kinds are part of the interface: they may be
// added to, never renamed. docs/reference/errors.md is made of this table.

import { AwsError, Failure } from '../lib/errors.ts'
import type { FailureKind } from '../lib/errors.ts'
import { serviceOfCommand } from './services.ts'

/** Every kind, and what it means. */
export const errorKinds = {
  usage: 'The command line or the input cannot be understood; nothing was sent.',
  configuration: 'A setting, a profile or a file cannot be used; nothing was sent.',
  'no-credentials': 'There are no credentials, or they cannot be had; nothing was sent.',
  'credentials-refused': 'The service does not accept the credentials: unknown key, wrong signature, wrong clock.',
  'credentials-expired': 'The session is over: log in again.',
  'no-region': 'The call needs a region and none is set; nothing was sent.',
  'access-denied': 'The credentials are good, and IAM does not allow it.',
  'read-only': 'It would change something, and only looking is allowed (--read-only); nothing was sent.',
  'dry-run': 'It was only asked whether the call would be allowed: it would be.',
  'not-known': 'It cannot be told whether the call would be allowed; nothing was changed.',
  'not-found': 'What was named is not there.',
  conflict: 'It is there already, in use, or was changed meanwhile.',
  invalid: 'The service refuses the input.',
  limit: 'A quota is reached.',
  throttled: 'Too many requests; it was tried again and gave up.',
  unavailable: 'The service failed; it was tried again and gave up.',
  connection: 'The service was not reached, or did not answer in time.',
  'not-built': 'Virga has not built it.',
  waiting: 'What was waited for did not come.',
  interrupted: 'Somebody ended it.',
  service: 'Another error of a service; its code tells more.',
  other: 'Another error of this program.',
} as const

export type ErrorKind = keyof typeof errorKinds

const ofFailure: Partial<Record<FailureKind, ErrorKind>> = {
  ParamValidation: 'usage',
  UnknownService: 'usage',
  UnknownOperation: 'usage',
  InvalidValue: 'usage',
  Configuration: 'configuration',
  InvalidConfig: 'configuration',
  ProfileNotFound: 'configuration',
  NoCredentials: 'no-credentials',
  PartialCredentials: 'no-credentials',
  CredentialRetrieval: 'no-credentials',
  NoRegion: 'no-region',
  Endpoint: 'connection',
  Connection: 'connection',
  Timeout: 'connection',
  ReadOnly: 'read-only',
  DryRun: 'not-known',
  NotImplemented: 'not-built',
  Waiter: 'waiting',
  Interrupted: 'interrupted',
}

/** By code; the first that fits. AWS names the same thing in many ways. */
const ofCode: readonly [RegExp, ErrorKind][] = [
  [/^DryRunOperation$/, 'dry-run'],
  [/Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|ThroughputExceeded|BandwidthLimitExceeded/, 'throttled'],
  [/^(ExpiredToken\w*|RequestExpired|TokenRefreshRequired|ExpiredTokenException)$/, 'credentials-expired'],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature\w*|MissingAuthenticationToken\w*|AuthFailure|InvalidToken|RequestTimeTooSkewed|NotAuthorized)$/,
    'credentials-refused',
  ],
  [/AccessDenied|AccessDeniedException|Unauthorized|AuthorizationError|^Forbidden|^ExplicitDeny/, 'access-denied'],
  [/LimitExceeded|QuotaExceeded|^TooMany(?!Requests)|LimitReached/, 'limit'],
  [
    /AlreadyExists|Conflict|ConditionalCheck|TransactionCanceled|InUse|AlreadyOwned|DependencyViolation|Precondition|Duplicate|AlreadyAssociated|^BucketNotEmpty$/,
    'conflict',
  ],
  [/NotFound|NoSuch|DoesNotExist|NonExistent|Unknown(?:Resource|Volume|Snapshot)/, 'not-found'],
  [/NotImplemented/, 'not-built'],
  [/Validation|Invalid|Malformed|Missing|Unsupported|Illegal|OutOfRange/, 'invalid'],
]

export function kindOf(error: unknown): ErrorKind {
  if (error instanceof Failure) return ofFailure[error.kind] ?? 'other'
  if (!(error instanceof AwsError)) return 'other'
  const named = ofCode.find(([code]) => code.test(error.code))?.[1]
  if (named !== undefined) return named
  if (error.status === 404) return 'not-found'
  if (error.status === 403) return 'access-denied'
  if (error.status === 429) return 'throttled'
  if (error.status === 409 || error.status === 412) return 'conflict'
  return error.status >= 500 ? 'unavailable' : 'service'
}

/** Whether the same call may go well in a while, with nothing changed. */
export function mayPass(kind: ErrorKind): boolean {
  return kind === 'throttled' || kind === 'unavailable' || kind === 'connection'
}

export interface Circumstances {
  /** The command that was typed, as far as it names one: ['iam', 'list-users']. */
  readonly command: readonly string[]
  /** The account inside this program answered. */
  readonly local: boolean
}

/** The command that tells more. Made of our own words and names of commands only: what AWS said is never part of it. */
export function nextCommand(kind: ErrorKind, { command, local }: Circumstances): string | undefined {
  const [service] = command
  switch (kind) {
    case 'usage':
    case 'invalid':
    case 'read-only':
      if (service === 'local') return 'virga local help'
      return service === undefined ? 'virga describe' : `virga describe ${command.join(' ')}`
    case 'no-credentials':
    case 'credentials-refused':
    case 'credentials-expired':
      return 'virga explain credentials'
    case 'configuration':
    case 'no-region':
      return 'virga explain config'
    case 'access-denied':
      return local ? 'virga local why' : 'virga explain denied'
    case 'connection':
      return service === undefined ? 'virga explain config' : `virga explain endpoint ${service}`
    case 'limit':
      return 'virga service-quotas list-service-quotas help'
    case 'not-built':
      return local && service !== undefined ? `virga local coverage ${serviceOfCommand(service) ?? service}` : undefined
    default:
      return undefined
  }
}
