// The two kinds of error there are: what a service answered, and what never reached one.

import type { Structure } from './value.ts'

/** An error of a service: thrown by the local AWS, written and read by a protocol, thrown again by the client. */
export class AwsError extends Error {
  /** The code as AWS spells it, without namespace: `NoSuchBucket`. */
  readonly code: string
  readonly status: number
  readonly fault: 'client' | 'server'
  /** Modelled members of the error shape beside Code and Message. */
  readonly detail: Structure
  /** What the response said about itself: request ids, headers that steer retries. */
  readonly response: ErrorResponse

  constructor(
    code: string,
    message: string,
    options: { status?: number; fault?: 'client' | 'server'; detail?: Structure; response?: ErrorResponse } = {},
  ) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = options.status ?? 400
    this.fault = options.fault ?? (this.status >= 500 ? 'server' : 'client')
    this.detail = options.detail ?? {}
    this.response = options.response ?? { headers: {} }
  }
}

export interface ErrorResponse {
  requestId?: string
  headers: Record<string, string>
  /** Scalar elements of an XML error that no model need name: S3's Region, Endpoint, BucketName. */
  elements?: Record<string, string>
  /** Only the status spoke: code and message are made of it. */
  bare?: true
  /** The operation that was called, by its model name; what the error is called by on the command line. */
  operation?: string
  /** Retries done before this error was given up on; set by the retry loop. */
  retries?: number
  /** True when the retry loop ended because all attempts were used. */
  maxAttemptsReached?: boolean
}

/** What went wrong before, beside or instead of a service's answer. `cli/exit-codes.ts` maps each kind to an exit code. */
export type FailureKind =
  | 'ParamValidation' // the input does not fit the model, or the command line cannot be understood
  | 'UnknownService'
  | 'UnknownOperation'
  | 'Configuration' // a config file, variable or setting cannot be used
  | 'ProfileNotFound'
  | 'NoCredentials'
  | 'PartialCredentials'
  | 'InvalidConfig'
  | 'CredentialRetrieval'
  | 'NoRegion'
  | 'Endpoint' // no endpoint for these parameters
  | 'Connection' // refused, reset, DNS, TLS
  | 'Timeout'
  | 'UnreadableResponse'
  | 'Waiter'
  | 'Pagination'
  | 'Pager' // the program that is to show the output cannot be started
  | 'Model' // a model file is missing or damaged
  | 'ReadOnly' // the operation changes things, and only looking is allowed
  | 'DryRun' // it cannot be told whether a call would be allowed
  | 'Local' // the local AWS cannot open its store
  | 'NotImplemented'
  | 'InvalidValue' // what the reference dies of with 255: bad base64, int('abc')
  | 'Interrupted'

export class Failure extends Error {
  readonly kind: FailureKind
  readonly detail: Record<string, unknown>
  constructor(kind: FailureKind, message: string, detail: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Failure'
    this.kind = kind
    this.detail = detail
  }
}
