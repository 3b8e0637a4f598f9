// An operation that somebody known asks for, from permission to output: for requests that came in (serve.ts), for what one
// service asks of another on the caller's behalf, and for what services of AWS do on their own.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { verifiedBody, type VerifiedBody } from '../sign/verify-body.ts'
import { serviceCaller } from './accounts/service-callers.ts'
import type { Proof } from './authenticate.ts'
import { denial, judge, neededByReference } from './authorize.ts'
import { isFramed } from './bodies.ts'
import { checkConstraints } from './constraints.ts'
import type { Target } from './identify.ts'
import { inState } from './in-state.ts'
import { launch } from './launched.ts'
import { measure } from './measured.ts'
import { quotasOf, valueOf } from './quotas/applied.ts'
import { quotaNamed } from './quotas/registry.ts'
import type { CallContext, Ended, ServiceDefinition } from './service.ts'
import { generationOf, settingsOf } from './settings.ts'
import type { Story } from './trail/entry.ts'
import { keep } from './trail/keep.ts'
import { definitionOf, type World } from './world.ts'

/** A request whose caller is known, on its way to its handler. */
export interface Job {
  readonly target: Target
  readonly operation: Operation
  readonly definition: ServiceDefinition<any> | undefined
  readonly payload: VerifiedBody | undefined
  readonly context: CallContext
  readonly story: Story
  readonly world: World
  /** What is to be done once the handler has, before the caller hears of it. */
  readonly after: (() => Promise<unknown>)[]
  /** What is to be done once it is known how it ends. */
  readonly ends: ((ended: Ended) => Promise<unknown>)[]
}

/** Checks an input, by the model's constraints or the service's own; the input as it is then. */
export function checked({ operation, definition, context }: Job, input: Structure): Structure {
  if (definition?.checked) return definition.checked(operation, input, context.request)
  checkConstraints(operation, input)
  return input
}

/** Asks IAM for every permission the operation needs; throws the first denial, once the trail knows of all. */
export async function authorize(
  { operation, definition, context, world, after, ends }: Job,
  input: Structure,
): Promise<void> {
  const learning = definition?.learn?.(context.operation, input, context, world)
  if (learning) context.learned = await learning
  const mapped =
    definition &&
    (await inState(definition, context, world, (state) => {
      after.length = 0
      ends.length = 0
      return definition.permissions(context.operation, input, { ...context, state })
    }))
  // What has come about by looking (S3's lifecycle) is told, whatever becomes of the request.
  for (const work of after.splice(0)) await work()
  const asked = mapped ?? [
    ...(await neededByReference(operation, input, context, world)),
    ...(definition?.beside?.(context.operation, input, context) ?? []),
  ]
  let refused: unknown
  for (const permission of asked) {
    if (refused === undefined) await context.authorize(permission).catch((error: unknown) => (refused = error))
    else await context.decide(permission)
  }
  if (refused !== undefined) throw refused
}

/** Runs the handler; what is not built says so, but only to those who would be allowed to call it. */
export async function handle(job: Job, input: Structure): Promise<Structure> {
  const { target, definition, context, world, after } = job
  // A body may be run again: what it said the first time is forgotten.
  const transaction = async <T>(body: (state: any) => T): Promise<T> => {
    const before = after.length
    return inState(definition!, context, world, (state) => {
      after.length = before
      return body(state)
    })
  }
  const quick = definition?.operations[context.operation]
  const slow = definition?.slow?.[context.operation]
  if (!quick && !slow)
    throw new AwsError('NotImplemented', `The local AWS has no ${target.service.name} ${context.operation} yet.`, {
      status: 501,
    })
  const told: CallContext['measure'] = (...what) => context.afterwards(async () => context.measure(...what))
  const output = quick
    ? await transaction((state) => quick(input, { ...context, state, measure: told }))
    : await slow!(input, { ...context, transaction })
  for (const work of after) await work()
  return (output ?? {}) as Structure
}

/** What is known of a request before its job begins. */
interface Arrival extends Pick<CallContext, 'requestId' | 'answer'> {
  readonly target: Target & { operation: Operation }
  readonly definition: ServiceDefinition<any> | undefined
  readonly proof: Proof
  /** Whose part of the world it is about, where not the caller's. */
  readonly account?: string
  readonly story: Story
}

/** The job of a request whose caller is known: from here on permissions can be asked, and its handler run. */
export function begin(request: HttpRequest, arrival: Arrival, world: World): Job {
  const { target, definition, proof, requestId, answer, story } = arrival
  const { operation } = target
  const { caller, region } = proof
  const { account = caller.accountId } = arrival
  // Bytes have been checked with the signature; a stream is checked while it is read.
  const payload =
    isFramed(request) || !(request.body instanceof Uint8Array)
      ? verifiedBody(request, proof.claim, proof.secret)
      : undefined
  const after: Job['after'] = []
  const ends: Job['ends'] = []
  // Users of a server that takes any key know no queue policies: what is not denied reaches its own account's queues.
  const letsServicesIn =
    world.lent?.any === true && caller.principal.type === 'Service' && caller.context['aws:sourceaccount'] === account
  const context: CallContext = {
    account,
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
    throttles: story.settings.throttle === 'aws',
    pace: story.settings.pace,
    buckets: story.settings.buckets,
    quota: (service, code) => valueOf(story.quotas!, quotaNamed(service, code)!, region),
    async decide(permission) {
      const policies =
        permission.policies ??
        (definition?.policiesOf
          ? await inState(definition, context, world, (state) =>
              definition.policiesOf!(permission, { ...context, state }),
            )
          : [])
      const keys = definition?.keysOf
        ? await inState(definition, context, world, (state) => definition.keysOf!(permission, { ...context, state }))
        : {}
      const asked = { ...permission, context: { ...keys, ...permission.context } }
      const decision = await judge(asked, policies, context, world)
      story.decisions.push(decision)
      return decision
    },
    async authorize(permission) {
      const decision = await context.decide(permission)
      if (decision.allowed || (decision.effect === 'IMPLICIT_DENY' && letsServicesIn)) return
      throw (
        definition?.denial?.(decision, permission, context) ??
        (await denial(decision, permission, target, story, world))
      )
    },
    async call(service, name, given) {
      const inner = await world.models.operation(service, name)
      const part = {
        target: targetOf(inner),
        definition: await definitionOf(world, service),
        answer: { headers: {} },
      }
      const job = begin(withBody(request, inner, given), { ...part, proof, requestId, story }, world)
      const whole = checked(job, given)
      await authorize(job, whole)
      return handle(job, whole)
    },
    callAs: callAs(world),
    afterwards: (work) => void after.push(work),
    atEnd: (work) => void ends.push(work),
    launch: (work) => launch(work, world),
    measure: (subject, measurements) => measure(subject, measurements, { service: target.service.name, world }),
  }
  return { target, operation, definition, payload, context, story, world, after, ends }
}

/** The caller's request as if it were the inner one: of what it carried nothing is left but a streaming member's bytes. */
function withBody(request: HttpRequest, { input }: Operation, given: Structure): HttpRequest {
  const member = input?.shape.traits.payload
  const body = member === undefined ? undefined : given[member]
  if (!(body instanceof Uint8Array)) return { ...request, body: emptyBody }
  const headers = Object.entries(request.headers).filter(([name]) => !/^(content-|x-amz-|transfer-)/.test(name))
  return { ...request, headers: Object.fromEntries(headers), body }
}

function targetOf(operation: Operation): Target & { operation: Operation } {
  return { service: operation.service, operation, asked: operation.name, protocol: operation.service.protocol }
}

/**
 * Calls operations of built services as another service of AWS: the resource's policy must allow it, and the trail
 * tells of it. `world` goes by the account's clock. The calls throw the operation's AwsError, AccessDenied among them.
 */
export function callAs(world: World): CallContext['callAs'] {
  return async (by, service, name, input, where) => {
    const [operation, definition, settings] = await Promise.all([
      world.models.operation(service, name),
      definitionOf(world, service),
      settingsOf(world),
    ])
    const caller = await world.identities.transaction((rows) => serviceCaller(rows, by, world.clock().getTime()))
    const quotas = await quotasOf(world, where.account, settings.quotas)
    const requestId = definition?.newRequestId?.() ?? crypto.randomUUID()
    const from = { sourceIp: by.service, userAgent: by.service }
    const story: Story = {
      began: performance.now(),
      requestId,
      settings,
      ...from,
      decisions: [],
      region: where.region,
      caller,
      quotas,
      invokedBy: by.service,
    }
    const target = targetOf(operation)
    const answer: CallContext['answer'] = { headers: {} }
    const request: HttpRequest = {
      method: 'POST',
      scheme: 'virga-local',
      host: by.service,
      path: '/',
      query: '',
      headers: { 'user-agent': by.service },
      body: emptyBody,
      sourceIp: by.service,
    }
    const proof = { caller, secret: '', region: where.region }
    const carrying = withBody(request, operation, input)
    const arrival = { target, definition, proof, account: where.account, requestId, answer, story }
    const job = begin(carrying, arrival, world)
    try {
      const whole = checked(job, input)
      await authorize(job, whole)
      return await handle(job, whole)
    } catch (error) {
      story.error = error instanceof AwsError ? error : new AwsError('InternalFailure', '', { status: 500 })
      throw error
    } finally {
      keep(story, target, story.error?.status ?? answer.status ?? 200, world)
    }
  }
}
