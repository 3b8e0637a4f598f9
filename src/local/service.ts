// What is a service of the local AWS? A value: its handlers, how its operations map to IAM actions, and where its
// rows are kept. `services/<name>/service.ts` exports one; `serve.ts` does the rest.

import type { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Models, Operation, ProtocolName } from '../model/model.ts'
import type { Headers, HttpRequest, HttpResponse } from '../http/message.ts'
import type { Generation } from '../policy/messages.ts'
import type { Context, Decision, PolicySource, Principal } from '../policy/types.ts'
import type { VerifiedBody } from '../sign/verify-body.ts'
import type { Measured, Measurement, Subject } from './measured.ts'
import type { LocalSettings } from './settings.ts'
import type { Blobs, Rows } from './store/store.ts'
import type { World } from './world.ts'

/** Who calls: proved by a signature, or nobody. */
export interface Caller {
  readonly principal: Principal
  /** The account of the principal; '' for nobody. */
  readonly accountId: string
  readonly accessKeyId?: string
  /** The key is none of an account's: the server was started to take it (accounts/lent-keys.ts). */
  readonly lent?: boolean
  /** Temporary credentials only. */
  readonly session?: Session
  /** Condition keys that come with the caller: aws:username, aws:PrincipalTag/…, aws:MultiFactorAuthPresent … */
  readonly context: Context
}

/** What temporary credentials stand for; sealed into the session token (accounts/sessions.ts). */
export interface Session {
  readonly kind: 'AssumeRole' | 'AssumeRoot' | 'GetSessionToken' | 'GetFederationToken'
  readonly accountId: string
  /** The unique id of the user or role behind it (the account id for root): a re-created namesake is somebody else. */
  readonly principalId: string
  /** The role's or user's name; '' for root. */
  readonly principalName: string
  readonly sessionName?: string
  /** Milliseconds. */
  readonly issued: number
  readonly expires: number
  /** When MFA was given, milliseconds. */
  readonly mfa?: number
  /** Session policies: one inline, and ARNs of managed ones. */
  readonly policy?: string
  readonly policyArns?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /** Whoever came with the token of an identity provider: the condition keys that stay with the session. */
  readonly provider?: { readonly keys: Readonly<Record<string, string | readonly string[]>> }
  /** Made by S3's CreateSession: good for this directory bucket of this account alone. */
  readonly bucket?: { readonly name: string; readonly owner: string; readonly mode: 'ReadOnly' | 'ReadWrite' }
  /** Made by a role session: the chain is limited to an hour. */
  readonly chained?: boolean
}

/** One question to IAM. Every permission an operation names must be allowed. */
export interface Permission {
  /** `s3:GetObject`, in AWS's spelling. */
  readonly action: string
  /** An ARN, or '*' for an action that has no resource. */
  readonly resource: string
  /** How messages call the resource, where not by its ARN (`user ana`); '' leaves the "on resource" part out. */
  readonly resourceInMessage?: string
  /** The account that owns the resource. Default: the caller's. */
  readonly resourceAccountId?: string
  /** Condition keys of this request and resource beside the global ones, names in lower case. */
  readonly context?: Context
  /** The resource's policies, where the service has come across them already; else it is asked for them (`policiesOf`). */
  readonly policies?: readonly PolicySource[]
  /** Who asks, where it is not the one who signed: the bearer of an identity provider's token. */
  readonly caller?: Caller
}

/** Which part of the world a request is about. */
export interface Where {
  /** The caller's account ('' for nobody). */
  readonly account: string
  readonly region: string
}

/** What handlers, and the functions that name actions and resources, are told about a request. */
export interface CallContext extends Where {
  readonly operation: string
  readonly caller: Caller
  readonly requestId: string
  readonly clock: () => Date
  readonly sourceIp: string
  /** Whether the request came in by TLS, or did not leave the process. */
  readonly secure: boolean
  /** The request as it came in: S3 reads headers that no model knows. */
  readonly request: HttpRequest
  /** A body that is checked while it is read: its length, and its trailers once it is. Undefined where the body came as bytes. */
  readonly payload?: VerifiedBody
  readonly blobs: Blobs
  readonly models: Models
  /** What the answer says, error or not, that no model knows: another status (S3's 206), more headers. */
  readonly answer: { status?: number; readonly headers: Headers }
  /** How much of a thing the caller's account may have here: by the registry's service and code (quotas/registry.ts). */
  quota(service: string, code: string): number
  /** How much a denial tells. */
  readonly generation: Generation
  /** What the service learned of the rest of the world before permissions were asked (ServiceDefinition.learn). */
  learned?: unknown
  /** Whether AWS's own rates hold here (`virga local settings throttle aws`), for what is metered by use, not by request. */
  readonly throttles: boolean
  /** Whether states that take AWS time take it here; undefined: they do not. */
  readonly pace?: LocalSettings['pace']
  /** What new buckets are like; undefined: as today. */
  readonly buckets?: LocalSettings['buckets']
  /** Decides without refusing: for operations that judge part by part (DeleteObjects) or answer by what one may know. */
  decide(permission: Permission): Promise<Decision>
  /** Throws the denial as the protocol words it. */
  authorize(permission: Permission): Promise<void>
  /** Calls an operation of another service (by model name) as the caller, permissions checked; throws its AwsError. */
  call(service: string, operation: string, input: Structure): Promise<Structure>
  /**
   * Calls an operation of another service as this service of AWS, in the account and region of `where`: what the
   * resource's policy allows it; throws its AwsError.
   */
  callAs(by: ServiceCaller, service: string, operation: string, input: Structure, where: Where): Promise<Structure>
  /** To be done once the handler has succeeded, before its caller is answered: events that others are to hear of. */
  afterwards(work: () => Promise<unknown>): void
  /** To be done once it is known how the request ends, refused or not: what is written of it. Not for calls by services. */
  atEnd(work: (ended: Ended) => Promise<unknown>): void
  /** Goes on after the caller was answered; a program that ends waits for it. */
  launch(work: Promise<unknown>): void
  /** Tells CloudWatch of what was done; in a handler that is one transaction, once it has succeeded. */
  measure(subject: Subject, measurements: readonly Measurement[]): void
}

/** How a request ended. */
export interface Ended {
  readonly response: HttpResponse
  readonly error?: AwsError
  /** In the service's namespace. */
  transaction(body: (state: any) => void): Promise<void> | void
}

/** A service of AWS that acts on its own. */
export interface ServiceCaller {
  /** `sns.amazonaws.com` */
  readonly service: string
  /** The resource on whose behalf: the topic, the bucket, the alarm. */
  readonly sourceArn: string
  readonly sourceAccount: string
  /** The ARN of a role of that account which the service takes on: identity policies decide, not the resource's alone. */
  readonly role?: string
}

/** What a service's work that nobody asks for at the moment has to hand; a slow handler's context has it all, too. */
export interface Background<S> {
  readonly clock: () => Date
  readonly models: Models
  transaction<T>(body: (state: S) => T, where?: Where): Promise<T>
  callAs: CallContext['callAs']
  launch: CallContext['launch']
  measure: CallContext['measure']
}

/**
 * Runs whole in one transaction: synchronous, touches nothing but `state`, and bears being run twice.
 * The model's constraints hold for `input`, so its type may be written as the model says.
 */
export type Handler<S, Input = any> = (input: Input, context: CallContext & { readonly state: S }) => object | void

/** Takes time (streams a body, calls other services), and so opens its transactions itself. */
export type SlowHandler<S, Input = any> = (
  input: Input,
  context: CallContext & { transaction<T>(body: (state: S) => T): Promise<T> },
) => Promise<object | void>

export interface ServiceDefinition<S = unknown> {
  /** The service's model name: `s3`, `iam`. */
  readonly name: string
  /** Whose rows its namespace holds: everybody's (S3's bucket names are), an account's, or a region's of an account. */
  readonly scope: 'global' | 'account' | 'region'
  /** The namespace's name where it is not the service's: STS works on IAM's. */
  readonly namespace?: string
  /** The service's tables over the rows of its namespace; cheap, made anew for each transaction. */
  state(rows: Rows, where: Where & Pick<CallContext, 'clock' | 'pace'>): S
  readonly operations: Readonly<Record<string, Handler<S>>>
  readonly slow?: Readonly<Record<string, SlowHandler<S>>>
  /**
   * The questions to ask before `operation` runs (built or not); none for what needs no permission. Undefined: the
   * operation is not mapped here; the pipeline asks for what AWS's service authorization data says of it, and `beside`.
   */
  permissions(
    operation: string,
    input: any,
    context: CallContext & { readonly state: S },
  ): readonly Permission[] | undefined
  /**
   * What it must know of other namespaces, before permissions are asked: `context.learned` from then on. It may put what
   * `input` names in the place of how it is named there.
   */
  learn?(operation: string, input: any, context: CallContext, world: World): Promise<unknown> | undefined
  /** The questions to ask beside those of the reference, where `permissions` leaves an operation to it. */
  beside?(operation: string, input: any, context: CallContext): readonly Permission[]
  /** What conditions are told of the resource that a permission is about: its tags. Names in lower case. */
  keysOf?(permission: Permission, context: CallContext & { readonly state: S }): Context
  /** The resource-based policies that apply to a permission. */
  policiesOf?(permission: Permission, context: CallContext & { readonly state: S }): readonly PolicySource[]
  /**
   * Does what has become due by the account's clock: retries, alarms, moves. Called about every second by a server that
   * runs, and before an operation of any service that has such work; so it is quick, finds soon that there is nothing
   * to do, and launches what takes time. Several processes may call it at once. Its services stand in background.ts.
   */
  due?(background: Background<S>): Promise<void>
  /** What is to be measured each minute of a subject that was measured lately (measured.ts); undefined for what is gone. */
  gauges?(subject: Subject, state: S): readonly Measurement[] | undefined
  /** Takes in what services tell of themselves, of one account and region: CloudWatch. */
  hear?(measured: readonly Measured[], state: S): void
  /** The operation as it is spoken in a protocol that the model no longer describes: SQS's query. */
  spoken?(operation: Operation, protocol: ProtocolName): Operation
  /** Completes and checks an input in place of the model's constraints, where the service has its own words. */
  checked?(operation: Operation, input: Structure, request: HttpRequest): Structure
  /** How an action is refused that a form names and the service has not, where the protocol's own way is not AWS's. */
  unknownAction?(name: string): AwsError
  /** Operations that nobody need sign: true lets an unsigned request through to IAM as the anonymous principal. */
  anonymous?(operation: string): boolean
  /** How the service words a denial, where the protocol's own way (authorize.ts) is not AWS's; undefined where it is. */
  denial?(decision: Decision, permission: Permission, context: CallContext): AwsError | undefined
  /**
   * The request as the model's URIs have it, where hosts say more: S3's `bucket.s3.localhost/key` → `/bucket/key`.
   * Routes and protocols see this one; signatures are checked on what came.
   */
  addressed?(request: HttpRequest): HttpRequest
  /**
   * Answers what is not an operation (S3: CORS preflight, POST forms, web sites); undefined lets the pipeline go on.
   * `serve` is the pipeline, for the operation that is behind it.
   */
  intercept?(
    request: HttpRequest,
    world: World,
    serve: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpResponse | undefined>
  /** In the form the service gives them; default a UUID. */
  newRequestId?(): string
  /** Headers for every answer of the service, errors too. */
  responseHeaders?(request: HttpRequest, requestId: string, response: HttpResponse): Headers
}

/** Says that a value is a service, and checks that it is a whole one. */
export function defineService<S>(definition: ServiceDefinition<S>): ServiceDefinition<S> {
  return definition
}
