// What does a request ask for? The service, by the credential's scope, the target header, the form's version or the
// host; then the operation, by the target, the form's action or the path. Nothing is proved here: authenticate does that.

import { AwsError } from '../lib/errors.ts'
import { text } from '../lib/bytes.ts'
import { formDecode, percentDecode } from '../lib/percent.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Models, Operation, ProtocolName, Service } from '../model/model.ts'
import { routes } from './routes.ts'
import { definitionOf, type World } from './world.ts'

export interface Target {
  readonly service: Service
  /** Undefined where the model has none such: answered after authentication, as AWS does. */
  readonly operation: Operation | undefined
  /** The name that was asked for. */
  readonly asked: string
  /** The protocol the caller speaks, of those the model lists. */
  readonly protocol: ProtocolName
  /** Whether a query service is to answer in JSON. */
  readonly inJson?: boolean
}

/** Throws AwsError('UnknownOperationException') where not even the service can be told. */
export async function identify(
  request: HttpRequest,
  models: Models,
  services: World['services'] = {},
): Promise<Target> {
  const call = callOf(request)
  const name = signingNameOf(request) ?? unsignedName(request, call, models)
  // Nearly every request ends here, without a look at others.
  const usual = ofName.get(models)?.get(name)
  if (usual) {
    const definition = await definitionOf({ services }, usual.name)
    const target = targetOf(usual, call, definition?.addressed?.(request) ?? request)
    if (target.operation && speaks(usual, call, request)) return target
  }
  let nearest: Target | undefined
  for await (const service of candidates(models, name)) {
    const target = targetOf(service, call, await addressed(request, service, services))
    if (target.operation && speaks(service, call, request)) return target
    nearest ??= target
  }
  if (nearest) return nearest
  throw new AwsError('UnknownOperationException', `There is no service that signs as '${name}' and has this operation.`)
}

/** The request as the service's routes have it. */
async function addressed(request: HttpRequest, service: Service, services: World['services']): Promise<HttpRequest> {
  return (await definitionOf({ services }, service.name))?.addressed?.(request) ?? request
}

/** Whether the body must be read to know what is asked, or is small by its kind. */
export function isRpc(request: HttpRequest): boolean {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return form || request.headers['x-amz-target'] !== undefined
}

/** The ways in which a request can name its operation; 'rest' is by method and path. */
type Call =
  | { by: 'target'; prefix: string; action: string }
  | { by: 'path'; action: string }
  | { by: 'form'; action: string; version: string | undefined; inJson: boolean }
  | { by: 'rest' }

function callOf(request: HttpRequest): Call {
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const dot = target.lastIndexOf('.')
    return { by: 'target', prefix: target.slice(0, dot), action: target.slice(dot + 1) }
  }
  const rpc = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(request.path)
  if (rpc) return { by: 'path', action: rpc[1]! }
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const body = isForm && request.body instanceof Uint8Array ? text(request.body) : ''
  // A POST may say in its query what its body leaves out.
  const form = formValue(body, 'Action') === undefined ? request.query : body
  const action = formValue(form, 'Action')
  if (action === undefined) return { by: 'rest' }
  return { by: 'form', action, version: formValue(form, 'Version'), inJson: wantsJson(request, form) }
}

function formValue(form: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|&)${name}=([^&]*)`).exec(form)?.[1]
  return found === undefined ? undefined : formDecode(found)
}

function wantsJson({ headers }: HttpRequest, form: string): boolean {
  return (headers['accept'] ?? '').startsWith('application/json') || /(?:^|&)ContentType=JSON(?:&|$)/.test(form)
}

/** `…/20260102/us-east-1/sts/aws4_request`, in the header or the query. */
function signingNameOf(request: HttpRequest): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1] ??
    (request.query === '' ? undefined : /(?:^|&)X-Amz-Credential=([^&]+)/.exec(request.query)?.[1])
  const parts = credential === undefined ? [] : percentDecode(credential).split('/')
  const name = parts[parts.length - 2]
  return name === 's3express' ? 's3' : name
}

/** The target, the form's version or the host tells; what nobody signs is S3's. */
function unsignedName(request: HttpRequest, call: Call, models: Models): string {
  if (call.by === 'target') return call.prefix
  if (call.by === 'form' && linked.has(call.action) && call.version === undefined) return 'sns'
  if (call.by === 'form' && call.version !== undefined) return call.version === stsVersion ? 'sts' : call.version
  const labels = request.host.replace(/:\d+$/, '').split('.')
  if (labels.includes('s3')) return 's3'
  return labels.find((label) => models.has(label)) ?? 's3'
}

/** The links in SNS's messages name no version. */
const linked: ReadonlySet<string> = new Set(['ConfirmSubscription', 'Unsubscribe'])

/** Web identities come unsigned: the one form that is worth knowing without the index. */
const stsVersion = '2011-06-15'

/** Services that are called what they sign as, once seen. */
const ofName = new WeakMap<Models, Map<string, Service>>()

/** Most services are called what they sign as. Several may sign alike (RDS, Neptune): then all are looked through. */
async function* candidates(models: Models, name: string): AsyncGenerator<Service> {
  const known = ofName.get(models)?.get(name)
  if (known) yield known
  else if (models.has(name)) {
    const service = await models.service(name)
    if (signsAs(service) === name) {
      ofName.set(models, (ofName.get(models) ?? new Map<string, Service>()).set(name, service))
      yield service
    }
  }
  const names = await models.wireNames()
  for (const other of Object.hasOwn(names, name) ? names[name]! : []) yield models.service(other)
}

function signsAs(service: Service): string {
  return service.metadata.signingName ?? service.metadata.endpointPrefix
}

function speaks(service: Service, call: Call, request: HttpRequest): boolean {
  const { targetPrefix, apiVersion } = service.metadata
  if (call.by === 'target') return targetPrefix === call.prefix
  if (call.by === 'form' && !isRest(service)) return call.version === undefined || call.version === apiVersion
  // S3 Control signs as S3 and its paths could be keys; every operation of it names the account.
  if (service.name === 's3') return request.headers['x-amz-account-id'] === undefined
  return true
}

function targetOf(service: Service, call: Call, request: HttpRequest): Target {
  if (call.by === 'rest' || isRest(service)) {
    const operation = isRest(service) ? routes(service)(request) : undefined
    return {
      service,
      operation,
      asked: operation?.name ?? `${request.method} ${request.path}`,
      protocol: service.protocol,
    }
  }
  const form: ProtocolName = service.protocol === 'ec2' ? 'ec2' : 'query'
  const protocol = call.by === 'target' ? 'json' : call.by === 'path' ? 'smithy-rpc-v2-cbor' : form
  const operation = service.hasOperation(call.action) ? service.operation(call.action) : undefined
  const inJson = protocol === 'query' && call.by === 'form' && call.inJson
  return { service, operation, asked: call.action, protocol, inJson }
}

function isRest(service: Service): boolean {
  return service.protocol === 'rest-json' || service.protocol === 'rest-xml'
}
