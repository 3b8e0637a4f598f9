// What does a program see of the library? Only types, and none of another room but the errors: this file is published as
// it stands, beside the declarations that scripts/types.ts generates for each service.

import type { AwsError } from '../lib/errors.ts'

export type Time = Date
/** Bytes. Text is encoded as UTF-8 where it is sent. */
export type Bytes = Uint8Array
/** A 64-bit integer beyond 2^53 is a bigint at run time, exact; it is declared as what it nearly always is. */
export type Long = number
/** What JSON can say: where AWS takes a document of any form. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json | undefined }
export type Dictionary<T> = { [key: string]: T }

/** Exactly one of the members: AWS's tagged unions. */
export type OneOf<T> = {
  [K in keyof T]: { [P in K]: T[P] } & { [P in Exclude<keyof T, K>]?: undefined }
}[keyof T]

/** A body as it comes: a web stream, and three ways to have the whole of it. It can be read once. */
export interface Body extends ReadableStream<Uint8Array> {
  bytes(): Promise<Uint8Array>
  /** As UTF-8. */
  text(): Promise<string>
  json(): Promise<unknown>
}

/** A body to send. Of bytes, text and Blobs the length is known, and they can be sent again when a try fails. */
export type BodySource =
  | ArrayBuffer
  | ArrayBufferView
  | string
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

/** Events to send. */
export type EventSource<T> = AsyncIterable<T> | Iterable<T>

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** When the session ends; absent for long-term keys. */
  readonly expiration?: Date
  readonly accountId?: string
  /** The rung of the chain they came from: `env`, `shared-credentials-file`, `assume-role` … */
  readonly source?: string
}

/** Gives credentials each time they are needed; keeps and renews them by itself. */
export type CredentialsProvider = () => Promise<Credentials>

/** What may be said for a client or for one call. Everything else comes from the environment and `~/.aws`, as for the CLI. */
export interface CallSettings {
  region?: string
  /** Another place than AWS's own: `http://localhost:8474`. */
  endpointUrl?: string
  credentials?: Credentials | CredentialsProvider
  /** Sign nothing. */
  anonymous?: boolean
  /** The first try included. */
  maxAttempts?: number
  retryMode?: 'standard' | 'adaptive'
  /** Seconds; 0 for none. */
  connectTimeout?: number
  readTimeout?: number
  /** Told of every call; what it answers is told of its end. */
  observe?: Observe
  /** A line for each step of each call, without secrets. */
  debug?: (line: string) => void
}

export interface ClientSettings extends CallSettings {
  /** A profile of `~/.aws/config`; default: AWS_PROFILE, then `default`. */
  profile?: string
  /** Which order of the credential chain: AWS CLI's, or the Java SDK's. */
  chain?: 'aws-cli' | 'java'
  verifySsl?: boolean
  /** A PEM file of those to trust. */
  caBundle?: string
  useFips?: boolean
  useDualstack?: boolean
  /** Put before the name of this library in the header `user-agent`. */
  userAgent?: string
}

export interface CallOptions extends CallSettings {
  /** Ends the call with Failure('Interrupted'). */
  signal?: AbortSignal
  /** More headers, signed like all others. */
  headers?: Readonly<Record<string, string>>
}

/** A call as an observer sees it. `input` is the caller's own: it may hold secrets. */
export interface ObservedCall {
  readonly service: string
  /** `S3`, as AWS names it. */
  readonly serviceId: string
  readonly operation: string
  readonly input: unknown
  readonly region: string | undefined
}

export interface Outcome {
  readonly output?: unknown
  readonly error?: unknown
  readonly response?: ResponseFacts
  readonly milliseconds: number
}

/** What a response says beside its output. */
export interface ResponseFacts {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: string | undefined
  /** Tries that failed before. */
  readonly retries: number
}

export type Observe = (call: ObservedCall) => Observation | ((outcome: Outcome) => void) | void

export interface Observation {
  /** Runs the call inside something of the observer's: a trace's context. */
  within?<T>(work: () => T): T
  ended?(outcome: Outcome): void
}

export interface Link {
  readonly url: string
  readonly method: string
  /** Whoever uses the link must send these. */
  readonly headers: Readonly<Record<string, string>>
}

export interface LinkOptions extends CallSettings {
  /** Seconds, 1 to 604800; default 3600. */
  expires?: number
  headers?: Readonly<Record<string, string>>
}

/** An operation with members that must be given. */
export interface Call<I, O> {
  (input: I, options?: CallOptions): Promise<O>
  /** A link with which anybody may make this call for a while. */
  presign(input: I, options?: LinkOptions): Promise<Link>
}

/** An operation that can be called without any. */
export interface FreeCall<I, O> {
  (input?: I, options?: CallOptions): Promise<O>
  presign(input?: I, options?: LinkOptions): Promise<Link>
}

export interface PageOptions extends CallOptions {
  /** Items a request. */
  pageSize?: number
}

/** A listing: one answer, page by page, or item by item. */
export interface Listing<I, O, Item> extends Call<I, O> {
  pages(input: I, options?: PageOptions): AsyncIterable<O>
  items(input: I, options?: PageOptions): AsyncIterable<Item>
}

export interface FreeListing<I, O, Item> extends FreeCall<I, O> {
  pages(input?: I, options?: PageOptions): AsyncIterable<O>
  items(input?: I, options?: PageOptions): AsyncIterable<Item>
}

export interface WaitOptions extends CallOptions {
  /** Seconds between two tries, instead of the waiter's own. */
  delay?: number
  /** How often to ask. */
  attempts?: number
}

/** Asks until it is so. Throws Failure('Waiter') for a state from which it cannot become so, or too many tries. */
export type Wait<I> = (input: I, options?: WaitOptions) => Promise<void>

/** An error of a service whose code is known: `detail` holds what its shape has beside code and message. */
export type ServiceError<Code, Detail> = Omit<AwsError, 'code' | 'detail'> & {
  readonly code: Code
  readonly detail: Detail
}

/** Stands for every code that the model does not name, `ExpiredToken` say: a `switch` over the codes has a default. */
export type OtherCode = '(another code)'

export type ErrorsOf<E> =
  | { [Code in keyof E]: ServiceError<Code, E[Code]> }[keyof E]
  | ServiceError<OtherCode, Readonly<Record<string, unknown>>>

/** What every client has beside its operations. `E` names the details of its errors by their codes. */
export interface Client<E, W = {}> {
  /** Whether an error came from AWS; with a code, whether it is that one. */
  isError(error: unknown): error is ErrorsOf<E>
  isError<Code extends keyof E>(error: unknown, code: Code): error is ServiceError<Code, E[Code]>
  isError(error: unknown, code: string): error is AwsError
  /** By the names of the service's waiters: `s3.wait.bucketExists({ Bucket })`. */
  readonly wait: W
}

export type Factory<C> = (settings?: ClientSettings) => C

/** The services there are: how `aws` calls them, and the names of their modules. `virga/names` fills it. */
export interface ServiceNames {}

/** The services whose declarations are loaded: each `virga/<service>` adds its own. */
export interface Services {}

/** In place of a service whose declarations are not loaded. */
export type NotLoaded<Name> = (missing: Name extends string ? `add: import 'virga/${Name}'` : never) => never

/** Every service by its name, `s3`, `cognitoIdp`; and the same again with other settings. */
export type Aws = {
  readonly [Name in keyof ServiceNames]: Name extends keyof Services ? Services[Name] : NotLoaded<ServiceNames[Name]>
} & {
  /** All clients of it share credentials and connections, and have these settings unless they say otherwise. */
  with(settings: ClientSettings): Aws
}
