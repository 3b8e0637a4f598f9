// One request, from bytes to bytes. The order of the checks is AWS's. Read this file first.

import { AwsError, Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest, HttpResponse } from '../http/message.ts'
import type { Operation, ProtocolName } from '../model/model.ts'
import { SignatureRefusal } from '../sign/refusal.ts'
import type { Protocol } from '../wire/protocol.ts'
import { protocols } from '../wire/protocols.ts'
import { authenticate } from './authenticate.ts'
import { catchUp } from './background.ts'
import { inflated, payloadStreams, readWhole, unframed } from './bodies.ts'
import { lostConnection, strike } from './faults/strike.ts'
import { identify, isRpc, type Target } from './identify.ts'
import { inState } from './in-state.ts'
import { authorize, begin, checked, handle, type Job } from './job.ts'
import { handOver } from './measured.ts'
import { quotasOf } from './quotas/applied.ts'
import { signatureError } from './refusals.ts'
import type { CallContext, ServiceDefinition } from './service.ts'
import { atItsTime, defaults, settingsOf, type LocalSettings } from './settings.ts'
import { admit } from './throttle/admit.ts'
import type { Story } from './trail/entry.ts'
import { keep } from './trail/keep.ts'
import { definitionOf, type World } from './world.ts'

export async function serve(incoming: HttpRequest, everyday: World): Promise<HttpResponse> {
  let request = incoming
  let world = everyday
  let target: Target
  let settings: LocalSettings = defaults
  // A store that cannot be read is told in the words of the service, once it is known which.
  let unreadable: AwsError | undefined
  try {
    settings = await settingsOf(everyday)
    world = atItsTime(everyday, settings)
  } catch (error) {
    unreadable = asAwsError(error, world)
  }
  try {
    if (isRpc(request)) request = await readWhole(request)
    target = await identify(isRpc(request) ? await inflated(request) : request, world.models, world.services)
  } catch (error) {
    return unidentified(asAwsError(error, world))
  }
  const definition = await definitionOf(world, target.service.name)
  const intercepted = unreadable
    ? undefined
    : await definition?.intercept?.(request, world, (inner) => serve(inner, everyday))
  if (intercepted) return intercepted

  const requestId = definition?.newRequestId?.() ?? crypto.randomUUID()
  const protocol = target.inJson ? await inJson() : (spoken.get(target.protocol) ?? (await learn(target.protocol)))
  const spokenAs = (operation: Operation): Operation => definition?.spoken?.(operation, target.protocol) ?? operation
  const answer: CallContext['answer'] = { headers: {} }
  const story = begun(request, requestId, settings, world)
  let response: HttpResponse
  let job: Job | undefined
  try {
    if (unreadable) throw unreadable
    if (!payloadStreams(target.operation, request)) request = await readWhole(request)
    const proof = await authenticate(request, target, world, isOpen(target, definition))
    story.caller = proof.caller
    story.region = proof.region
    story.quotas = await quotasOf(world, proof.caller.accountId, settings.quotas)
    job = begin(request, { target: known(target, definition), definition, proof, requestId, answer, story }, world)
    const operation = spokenAs(job.operation)
    const body = await unframed(addressed(request, definition), job.payload, operation)
    const input = checked(job, protocol.readRequest(operation, body))
    if (settings.throttle !== 'off') await admit(target.service, input, job.context, settings.throttle, world)
    if (settings.faults.length > 0) await strike(target.service, job.operation.name, story, world)
    await authorize(job, input)
    if (definition?.due) await catchUp(world)
    if (definition?.hear) await handOver(world)
    if (isRehearsal(job, input)) throw rehearsed()
    const output = await handle(job, input)
    response = protocol.writeResponse(operation, output, requestId)
    response.status = answer.status ?? response.status
  } catch (error) {
    // A body's signature is found wrong while it is read.
    const told = error instanceof SignatureRefusal ? signatureError(error, target) : error
    story.error = asAwsError(told, world)
    const operation = target.operation && spokenAs(target.operation)
    response = protocol.writeError(operation?.service ?? target.service, operation, story.error, requestId)
  }
  if (job && job.ends.length > 0) await end(job, response)
  keep(story, target, response.status, world)
  world.watch?.({ story, target, status: response.status })
  if (story.lost) throw lostConnection()
  Object.assign(response.headers, answer.headers, definition?.responseHeaders?.(request, requestId, response))
  return isBodiless(request, response) ? { ...response, body: emptyBody } : response
}

async function end({ ends, definition, context, story, world }: Job, response: HttpResponse): Promise<void> {
  const transaction = (body: (state: any) => void): Promise<void> | void => inState(definition!, context, world, body)
  for (const work of ends) await work({ response, error: story.error, transaction }).catch(world.trouble)
}

function begun({ headers, sourceIp }: HttpRequest, requestId: string, settings: LocalSettings, world: World): Story {
  return {
    began: performance.now(),
    requestId,
    settings,
    sourceIp: sourceIp ?? '127.0.0.1',
    userAgent: headers['user-agent'],
    decisions: [],
    region: world.region,
  }
}

/** Such an answer has no body, not even that of an error. */
function isBodiless({ method }: HttpRequest, { status }: HttpResponse): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}

const spoken = new Map<ProtocolName, Protocol>()

async function learn(name: ProtocolName): Promise<Protocol> {
  const protocol = await protocols[name]()
  spoken.set(name, protocol)
  return protocol
}

async function inJson(): Promise<Protocol> {
  return (await import('../wire/query-json.ts')).queryInJson
}

/** Only to be judged, not done: EC2's DryRun, and this program's own header for every other operation. */
function isRehearsal({ target, context, story }: Job, input: Structure): boolean {
  story.dryRun =
    (target.service.protocol === 'ec2' && input['DryRun'] === true) ||
    context.request.headers['x-virga-dry-run'] === 'true'
  return story.dryRun
}

function rehearsed(): AwsError {
  return new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 })
}

function isOpen({ operation, asked }: Target, definition: ServiceDefinition<any> | undefined): boolean {
  return operation?.traits.authtype === 'none' || (definition?.anonymous?.(asked) ?? false)
}

function addressed(request: HttpRequest, definition: ServiceDefinition<any> | undefined): HttpRequest {
  return definition?.addressed?.(request) ?? request
}

function hasOperation(target: Target): target is Target & { operation: Operation } {
  return target.operation !== undefined
}

/** An operation the model does not have is refused only now, when it is known who asks. */
function known(target: Target, definition: ServiceDefinition<any> | undefined): Target & { operation: Operation } {
  if (hasOperation(target)) return target
  const { asked, service, protocol } = target
  const own = definition?.unknownAction?.(asked)
  if (own) throw own
  if (protocol === 'query' || protocol === 'ec2')
    throw new AwsError('InvalidAction', `Could not find operation ${asked} for version ${service.metadata.apiVersion}`)
  if (protocol === 'rest-xml')
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      status: 405,
    })
  throw new AwsError('UnknownOperationException', '', { status: protocol === 'rest-json' ? 404 : 400 })
}

/** The answer where there is no service whose protocol could be spoken. */
function unidentified(error: AwsError): HttpResponse {
  const body = new TextEncoder().encode(JSON.stringify({ __type: error.code, message: error.message }))
  return { status: error.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body }
}

/** What is no service's error (a locked store, a fault of our own) is AWS's InternalFailure. */
function asAwsError(error: unknown, world: World): AwsError {
  if (error instanceof AwsError) return error
  const isGone = error instanceof Failure && error.kind === 'Connection'
  // A client that goes away in the middle of its request is no trouble of ours.
  if (!isGone) world.trouble(error)
  const message = error instanceof Failure ? error.message : 'The local AWS failed at this request.'
  return new AwsError('InternalFailure', message, { status: 500 })
}
