// What the program knows of AWS: services, operations and shapes, as botocore describes them.
// Names, traits and metadata keep botocore's spelling. `compiled.ts` and `raw.ts` both make these.

import type { Actions } from './actions.ts'

export type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'character'
  | 'integer'
  | 'long'
  | 'biginteger'
  | 'float'
  | 'double'
  | 'bigdecimal'
  | 'boolean'
  | 'timestamp'
  | 'blob'

/** botocore's traits (everything in a shape or a member reference that is not its type or its members). */
export interface Traits {
  readonly location?: 'header' | 'headers' | 'uri' | 'querystring' | 'statusCode'
  readonly locationName?: string
  readonly queryName?: string
  readonly flattened?: boolean
  readonly xmlAttribute?: boolean
  readonly xmlNamespace?: { uri: string; prefix?: string } | string
  readonly xmlOrder?: readonly string[]
  readonly timestampFormat?: 'iso8601' | 'rfc822' | 'unixTimestamp'
  readonly payload?: string
  readonly streaming?: boolean
  readonly requiresLength?: boolean
  readonly eventstream?: boolean
  readonly event?: boolean
  readonly eventpayload?: boolean
  readonly eventheader?: boolean
  readonly exception?: boolean
  readonly fault?: boolean
  readonly error?: { code?: string; httpStatusCode?: number; senderFault?: boolean; fault?: boolean }
  readonly retryable?: { throttling?: boolean }
  readonly document?: boolean
  readonly union?: boolean
  readonly enum?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly sensitive?: boolean
  readonly box?: boolean
  readonly jsonvalue?: boolean
  readonly idempotencyToken?: boolean
  readonly hostLabel?: boolean
  readonly contextParam?: { name: string }
  readonly endpointdiscoveryid?: boolean
  readonly deprecated?: boolean
  readonly [trait: string]: unknown
}

export interface Shape {
  readonly name: string
  readonly type: ShapeType
  readonly traits: Traits
  /** Members of a structure in model order; empty for other types. */
  readonly members: readonly Member[]
  /** The element of a list. */
  readonly member?: Member
  /** The key and value of a map. */
  readonly key?: Member
  readonly value?: Member
  /** A structure's member by its model name. */
  memberNamed(name: string): Member | undefined
}

/** A reference to a shape: a structure's member, a list's element, a map's key or value, an operation's input. */
export interface Member {
  /** The model name: `Bucket`; '' where the model gives none. */
  readonly name: string
  readonly required: boolean
  readonly shape: Shape
  /** The shape's traits overlaid by the reference's own. The same object as `shape.traits` where there are no own ones. */
  readonly traits: Traits
  /** The reference's own traits only (XML naming depends on the difference). */
  readonly ownTraits: Traits
}

export type ProtocolName = 'json' | 'rest-json' | 'rest-xml' | 'smithy-rpc-v2-cbor' | 'query' | 'ec2'

export interface ServiceMetadata {
  readonly apiVersion: string
  readonly endpointPrefix: string
  readonly serviceId: string
  readonly serviceFullName: string
  readonly signatureVersion?: string
  readonly signingName?: string
  readonly targetPrefix?: string
  readonly jsonVersion?: string
  readonly protocol?: string
  readonly protocols?: readonly string[]
  readonly auth?: readonly string[]
  readonly xmlNamespace?: string | { uri: string }
  readonly globalEndpoint?: string
  readonly uid?: string
  readonly awsQueryCompatible?: unknown
  readonly [key: string]: unknown
}

export interface Service {
  /** The name of its model folder, which is its name at the command line before renames: `ec2`, `s3`, `stepfunctions`. */
  readonly name: string
  readonly metadata: ServiceMetadata
  /** The protocol AWS CLI picks: the first of json, rest-json, rest-xml, rpc-v2-cbor, query, ec2 that the model lists. */
  readonly protocol: ProtocolName
  readonly operationNames: readonly string[]
  /** The operations as they are called on the command line, in the same order: `get-caller-identity`. */
  readonly commandNames: readonly string[]
  /** botocore's clientContextParams. */
  readonly clientContextParams: Readonly<Record<string, { type: string; documentation?: string }>>
  hasOperation(name: string): boolean
  /** Throws Failure('UnknownOperation'). */
  operation(name: string): Operation
  paginator(operation: string): Paginator | undefined
  /** Waiters by model name: `InstanceRunning`. */
  readonly waiters: Readonly<Record<string, WaiterModel>>
  /** The endpoint ruleset (endpoint-rule-set-1.json), parsed; undefined for a raw model without one. */
  endpointRuleset(): Promise<EndpointRuleset | undefined>
}

export interface Operation {
  readonly name: string
  /** What it is called on the wire, where that differs: CloudFront's `CreateDistribution2020_05_31`. */
  readonly wireName?: string
  readonly service: Service
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  /** Undefined when the operation takes or gives nothing. A Member, since the reference itself may bear a locationName and xmlNamespace. */
  readonly input?: Member
  readonly output?: Member
  readonly errors: readonly Shape[]
  /** Everything else botocore says of the operation: authtype, auth, endpoint.hostPrefix, httpChecksum, requestcompression, staticContextParams, operationContextParams, endpointdiscovery, deprecated, unsignedPayload, httpChecksumRequired … */
  readonly traits: OperationTraits
}

export interface OperationTraits {
  readonly authtype?: 'none' | 'v4' | 'v4-unsigned-body' | 'bearer' | 'custom' | string
  readonly auth?: readonly string[]
  readonly unsignedPayload?: boolean
  readonly endpoint?: { hostPrefix?: string }
  readonly httpChecksumRequired?: boolean
  readonly httpChecksum?: {
    requestChecksumRequired?: boolean
    requestAlgorithmMember?: string
    requestValidationModeMember?: string
    responseAlgorithms?: readonly string[]
  }
  readonly requestcompression?: { encodings: readonly string[] }
  readonly staticContextParams?: Readonly<Record<string, { value: unknown }>>
  readonly operationContextParams?: Readonly<Record<string, { path: string }>>
  readonly endpointdiscovery?: { required?: boolean }
  readonly endpointoperation?: boolean
  readonly deprecated?: boolean
  readonly [trait: string]: unknown
}

export interface Paginator {
  readonly input_token: string | readonly string[]
  readonly output_token: string | readonly string[]
  readonly result_key: string | readonly string[]
  readonly limit_key?: string
  readonly more_results?: string
  readonly non_aggregate_keys?: readonly string[]
}

export interface WaiterModel {
  readonly operation: string
  readonly delay: number
  readonly maxAttempts: number
  readonly acceptors: readonly {
    readonly state: 'success' | 'failure' | 'retry'
    readonly matcher: 'path' | 'pathAll' | 'pathAny' | 'status' | 'error'
    readonly argument?: string
    readonly expected: unknown
  }[]
}

/** endpoint-rule-set-1.json, as AWS publishes it. */
export interface EndpointRuleset {
  readonly version: string
  readonly parameters: Readonly<
    Record<string, { builtIn?: string; default?: unknown; required: boolean; type: string; documentation?: string }>
  >
  readonly rules: readonly unknown[]
}

export interface CommandNames {
  readonly names: readonly string[]
  readonly waits: boolean
}

/** All the services there are: the embedded set, overlaid by the user's own models. */
export interface Models {
  readonly serviceNames: readonly string[]
  has(service: string): boolean
  /** Throws Failure('UnknownService') or Failure('Model'). */
  service(name: string): Promise<Service>
  /** What its operations are called on the command line, and whether it has waiters: the cheap way to these. */
  commandNames(service: string): Promise<CommandNames>
  /** A service with at least this operation's input and output shapes loaded: the cheap way when one operation is wanted. */
  operation(service: string, operation: string): Promise<Operation>
  /** The services that may be meant by a signing name, a target's prefix, a form's version. */
  wireNames(): Promise<Readonly<Record<string, readonly string[]>>>
  /** partitions.json. */
  partitions(): Promise<unknown>
  /**
   * What AWS says of a service, in HTML; undefined if not carried. With `operation`, of the shapes only those of its
   * input and output need be there, with '' none: the cheap way.
   */
  documentation(service: string, operation?: string): Promise<ServiceDocumentation | undefined>
  /** What IAM knows of every service's actions. Throws Failure('Model') where it was not handed in. */
  actions(): Promise<Actions>
}

export interface ServiceDocumentation {
  readonly service: string
  readonly operations: Readonly<Record<string, string>>
  /** Per shape: its own text and its members' by member name. */
  readonly shapes: Readonly<
    Record<string, { readonly text?: string; readonly members?: Readonly<Record<string, string>> }>
  >
}
