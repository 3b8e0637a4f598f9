// One request, from bytes to bytes. The order of the checks is AWS's. Read this file first.

import { AwsError, Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest, HttpResponse } from '../http/message.ts'
import type { Operation, ProtocolName } from '../model/model.ts'
import { verifiedBody, type VerifiedBody } from '../sign/verify-body.ts'
import type { Protocol } from '../wire/protocol.ts'
import { protocols } from '../wire/protocols.ts'
import { authenticate, type Proof } from './authenticate.ts'
import { denial, judge, neededByReference } from './authorize.ts'
import { isFramed, payloadStreams, readWhole, unframed } from './bodies.ts'
import { checkConstraints } from './constraints.ts'
import { identify, isRpc, type Target } from './identify.ts'
import { quotasIn, valueOf, type AccountQuotas } from './quotas/applied.ts'
import { quotaNamed } from './quotas/registry.ts'
import type { CallContext, ServiceDefinition } from './service.ts'
import { atItsTime, generationOf, settingsOf, type LocalSettings } from './settings.ts'
import { admit } from './throttle/admit.ts'
import type { Story } from './trail/entry.ts'
import { keep } from './trail/keep.ts'
import { definitionOf, type World } from './world.ts'

export async function serve(incoming: HttpRequest, everyday: World): Promise<HttpResponse> {
  let request = incoming
  let world = everyday
  let target: Target
  let settings: LocalSettings
  try {
    settings = await settingsOf(everyday)
    world = atItsTime(everyday, settings)
    if (isRpc(request)) request = await readWhole(request)
    target = await identify(request, world.models, world.services)
  } catch (error) {
    return unidentified(asAwsError(error, world))
  }
  const definition = await definitionOf(world, target.service.name)
  const intercepted = await definition?.intercept?.(request, world, (inner) => serve(inner, everyday))
  if (intercepted) return intercepted

  const requestId = definition?.newRequestId?.() ?? crypto.randomUUID()
  const protocol = spoken.get(target.protocol) ?? (await learn(target.protocol))
  const answer: CallContext['answer'] = { headers: {} }
  const story = begun(request, requestId, settings, world)
  let response: HttpResponse
  try {
    if (!payloadStreams(target.operation, request)) request = await readWhole(request)
    const proof = await authenticate(request, target, world, isOpen(target, definition))
    Object.assign(story, {
      caller: proof.caller,
      region: proof.region,
      quotas: await quotasFor(proof.caller, story, world),
    })
    const job = begin(request, known(target), definition, proof, { requestId, answer, story }, world)
    const input = protocol.readRequest(
      job.operation,
      await unframed(addressed(request, definition), job.payload, job.operation),
    )
    checkConstraints(job.operation, input)
    await admit(target.service, input, job.context, story.settings.throttle, world)
    await authorize(job, input)
    if (isRehearsal(job, input)) throw rehearsed()
    const output = await handle(job, input)
    response = protocol.writeResponse(job.operation, output, requestId)
    response.status = answer.status ?? response.status
  } catch (error) {
    story.error = asAwsError(error, world)
    response = protocol.writeError(target.service, target.operation, story.error, requestId)
  }
  await keep(story, target, response.status, world)
  Object.assign(response.headers, answer.headers, definition?.responseHeaders?.(request, requestId))
  return isBodiless(request, response) ? { ...response, body: emptyBody } : response
}

async function quotasFor({ accountId }: Proof['caller'], { settings }: Story, world: World): Promise<AccountQuotas> {
  return world.identities.transaction((rows) => quotasIn(rows, accountId, world.clock().getTime(), settings.quotas))
}

function begun({ headers, sourceIp }: HttpRequest, requestId: string, settings: LocalSettings, world: World): Story {
  const from = { sourceIp: sourceIp ?? '127.0.0.1', userAgent: headers['user-agent'] }
  return { requestId, settings, ...from, decisions: [], region: world.region }
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

/** A request whose caller is known, on its way to its handler. */
interface Job {
  readonly target: Target
  readonly operation: Operation
  readonly definition: ServiceDefinition<any> | undefined
  readonly payload: VerifiedBody | undefined
  readonly context: CallContext
  readonly story: Story
  readonly world: World
}

/** Asks IAM for every permission the operation needs; throws the first denial, once the trail knows of all. */
async function authorize({ operation, definition, context, world }: Job, input: Structure): Promise<void> {
  const mapped =
    definition &&
    (await inState(definition, context, world, (state) =>
      definition.permissions(context.operation, input, { ...context, state }),
    ))
  let refused: unknown
  for (const permission of mapped ?? (await neededByReference(operation, input, context, world))) {
    if (refused === undefined) await context.authorize(permission).catch((error: unknown) => (refused = error))
    else await context.decide(permission)
  }
  if (refused !== undefined) throw refused
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

/** Runs the handler; what is not built says so, but only to those who would be allowed to call it. */
async function handle({ target, definition, context, world }: Job, input: Structure): Promise<Structure> {
  const quick = definition?.operations[context.operation]
  if (definition && quick) {
    const output = await inState(definition, context, world, (state) => quick(input, { ...context, state }))
    return (output ?? {}) as Structure
  }
  const slow = definition?.slow?.[context.operation]
  if (definition && slow) {
    const transaction = <T>(body: (state: any) => T): Promise<T> => inState(definition, context, world, body)
    return ((await slow(input, { ...context, transaction })) ?? {}) as Structure
  }
  throw new AwsError('NotImplemented', `The local AWS has no ${target.service.name} ${context.operation} yet.`, {
    status: 501,
  })
}

/** Runs `body` in one transaction of the service's namespace. */
async function inState<T>(
  definition: ServiceDefinition<any>,
  where: CallContext,
  world: World,
  body: (state: any) => T,
): Promise<T> {
  const { scope, namespace: name = definition.name } = definition
  const space =
    scope === 'global'
      ? name
      : scope === 'account'
        ? `${name}/${where.account}`
        : `${name}/${where.account}/${where.region}`
  return world.store.namespace(space).transaction((rows) => body(definition.state(rows, where)))
}

function begin(
  request: HttpRequest,
  target: Target & { operation: Operation },
  definition: ServiceDefinition<any> | undefined,
  proof: Proof,
  { requestId, answer, story }: Pick<CallContext, 'requestId' | 'answer'> & { story: Story },
  world: World,
): Job {
  const { operation } = target
  const { caller, region } = proof
  // Bytes have been checked with the signature; a stream is checked while it is read.
  const payload =
    isFramed(request) || !(request.body instanceof Uint8Array)
      ? verifiedBody(request, proof.claim, proof.secret)
      : undefined
  const context: CallContext = {
    account: caller.accountId,
    region,
    operation: operation.name,
    caller,
    requestId,
    clock: world.clock,
    sourceIp: request.sourceIp ?? '127.0.0.1',
    secure: request.scheme !== 'http',
    request,
    payload,
    blobs: world.store.namespace(target.service.name).blobs,
    models: world.models,
    answer,
    generation: generationOf(story.settings),
    quota: (service, code) => valueOf(story.quotas!, quotaNamed(service, code)!, region),
    async decide(permission) {
      const policies = definition?.policiesOf
        ? await inState(definition, context, world, (state) =>
            definition.policiesOf!(permission, { ...context, state }),
          )
        : []
      const decision = await judge(permission, policies, context, world)
      story.decisions.push(decision)
      return decision
    },
    async authorize(permission) {
      const decision = await context.decide(permission)
      if (decision.allowed) return
      throw (
        definition?.denial?.(decision, permission, context) ??
        (await denial(decision, permission, target, story, world))
      )
    },
    async call(service, name, given) {
      const inner = await world.models.operation(service, name)
      const asked = { service: inner.service, operation: inner, asked: name, protocol: inner.service.protocol }
      const job = begin(
        { ...request, body: new Uint8Array(0) },
        asked,
        await definitionOf(world, service),
        proof,
        { requestId, answer: { headers: {} }, story },
        world,
      )
      checkConstraints(inner, given)
      await authorize(job, given)
      return handle(job, given)
    },
  }
  return { target, operation, definition, payload, context, story, world }
}

function isOpen({ operation, asked }: Target, definition: ServiceDefinition<any> | undefined): boolean {
  return operation?.traits.authtype === 'none' || (definition?.anonymous?.(asked) ?? false)
}

function addressed(request: HttpRequest, definition: ServiceDefinition<any> | undefined): HttpRequest {
  return definition?.addressed?.(request) ?? request
}

/** An operation the model does not have is refused only now, when it is known who asks. */
function known(target: Target): Target & { operation: Operation } {
  const { operation, asked, service, protocol } = target
  if (operation) return { ...target, operation }
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
  world.trouble(error)
  const message = error instanceof Failure ? error.message : 'The local AWS failed at this request.'
  return new AwsError('InternalFailure', message, { status: 500 })
}
