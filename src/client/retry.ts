// Makes a call's attempts, one after the other, until one succeeds or trying again makes no sense.

import { AwsError, Failure } from '../lib/errors.ts'
import type { Operation } from '../model/model.ts'
import { RateLimiter } from './rate-limiter.ts'
import { backoff, causeOf, isLongPoll, ownMaxAttempts, retryAfter, RetryQuota, rulesFor } from './retry-strategy.ts'
import type { Settings } from './settings.ts'

export interface Attempt {
  /** From 1. */
  readonly number: number
  readonly max: number
}

/** Wraps what must not be tried again, whatever it is: what an attempt needs before it can be made. */
export class Final {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

export interface RetryOptions {
  signal?: AbortSignal
  /** False where a body cannot be sent twice. */
  replayable?: () => boolean
  /** Seconds → a pause; tests hand in their own. */
  pause?: (seconds: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
}

/**
 * What `once` answers, from the first attempt that gives something. Throws the last attempt's error; an AwsError then
 * says in `response` how often it was retried and whether all attempts were used.
 */
export async function withRetries<T>(
  operation: Operation,
  settings: Settings,
  once: (attempt: Attempt) => Promise<T>,
  { signal, replayable = () => true, pause = settings.pause ?? sleep, random = Math.random }: RetryOptions = {},
): Promise<T> {
  const { serviceId } = operation.service.metadata
  const { mode, chosen, sharedState, classic = false } = settings.retry
  const max = (chosen ? undefined : ownMaxAttempts(serviceId, classic)) ?? settings.retry.maxAttempts
  const rules = rulesFor(serviceId, classic)
  const state = stateOf(operation, settings)
  const { quota } = state
  const limited = mode === 'adaptive' || sharedState !== undefined
  const limiter = limited ? await (state.limiter ??= limiterFor(serviceId, settings)) : undefined
  const now = (): number => settings.clock().getTime() / 1000
  let lastCost: number | undefined

  for (let number = 1; ; number++) {
    const turn = (await limiter?.acquire(now())) ?? 0
    if (turn > 0) {
      settings.debug?.(`retry: throttled lately; waiting ${turn.toFixed(3)} s for a turn`)
      await pause(turn, signal)
    }
    try {
      const result = await once({ number, max })
      await limiter?.answered(false, now())
      quota.giveBack(lastCost ?? 1)
      return result
    } catch (error) {
      if (error instanceof Final) throw error.error
      const cause = causeOf(error, operation)
      if (error instanceof AwsError) await limiter?.answered(cause === 'throttling', now())
      if (cause === undefined || signal?.aborted || !replayable()) throw afterRetries(error, number - 1, number >= max)
      if (number >= max) throw afterRetries(error, number - 1, true)

      const wait = backoff(rules, cause, number, random(), classic ? undefined : retryAfter(error))
      const cost = rules.cost[error instanceof Failure && error.kind === 'Timeout' ? 'timeout' : cause]
      if (!quota.take(cost)) {
        settings.debug?.(`retry: ${nameOf(error)} (${cause}), but the retry quota is used up`)
        if (!classic && isLongPoll(operation)) await pause(wait, signal)
        throw afterRetries(error, number - 1, false)
      }
      lastCost = cost
      settings.debug?.(
        `retry: attempt ${number} of ${max} failed: ${nameOf(error)} (${cause}); next in ${wait.toFixed(3)} s`,
      )
      await pause(wait, signal)
    }
  }
}

/** Waits; an abort ends it with Failure('Interrupted'). */
export function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupt = (): void => {
      clearTimeout(timer)
      reject(new Failure('Interrupted', 'Interrupted'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', interrupt)
      resolve()
    }, seconds * 1000)
    if (signal?.aborted) interrupt()
    else signal?.addEventListener('abort', interrupt, { once: true })
  })
}

/** Says when a request may go, and is told how each was answered. Times are seconds. */
export interface Limiter {
  acquire(now: number): number | Promise<number>
  answered(throttled: boolean, now: number): void | Promise<void>
}

interface RetryState {
  readonly quota: RetryQuota
  /** Made where sending is limited. */
  limiter?: Promise<Limiter>
}

// What all calls of one client to one service share.
const states = new WeakMap<Settings['retry'], Map<string, RetryState>>()

function stateOf({ service: { metadata } }: Operation, settings: Settings): RetryState {
  const { serviceId } = metadata
  let services = states.get(settings.retry)
  if (!services) states.set(settings.retry, (services = new Map()))
  let state = services.get(serviceId)
  if (!state) {
    state = { quota: new RetryQuota() }
    services.set(serviceId, state)
  }
  return state
}

async function limiterFor(serviceId: string, { retry, profile, region, clock }: Settings): Promise<Limiter> {
  if (retry.sharedState === undefined) return new RateLimiter(clock().getTime() / 1000)
  const { SharedRateLimiter } = await import('./shared-rate-limiter.ts')
  return new SharedRateLimiter(retry.sharedState, `${profile}-${serviceId}-${region ?? 'aws-global'}`)
}

function afterRetries(error: unknown, retries: number, maxAttemptsReached: boolean): unknown {
  if (error instanceof AwsError) Object.assign(error.response, { retries, maxAttemptsReached })
  return error
}

function nameOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code} (HTTP ${error.status})`
  return error instanceof Failure ? error.kind : String(error)
}
