// Should a failed attempt be made again, and after how long? Pure decisions; the loop that acts on them is retry.ts.
//
// Standard retries as all SDKs do them since 10 November 2026, and with `classic` as they did before:
//   wait = random(0..1) × min(base × 2^(attempt-1), 20 s)   base 50 ms, 1 s for throttling (classic: 1 s for both)
//   each retry costs tokens of a bucket of 500: 14, or 5 for throttling (classic: 5, and 10 after a timeout);
//   a call that succeeds gives back what its last retry cost, or 1
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

import { AwsError, Failure } from '../lib/errors.ts'
import type { Operation } from '../model/model.ts'

/** Why an error may pass by itself. */
export type Cause = 'throttling' | 'transient'

const throttlingCodes =
  'Throttling ThrottlingException ThrottledException RequestThrottledException RequestThrottled TooManyRequestsException ' +
  'ProvisionedThroughputExceededException TransactionInProgressException RequestLimitExceeded BandwidthLimitExceeded ' +
  'LimitExceededException SlowDown PriorRequestNotComplete EC2ThrottledException'

const transientCodes = 'RequestTimeout RequestTimeoutException'

/** Undefined: trying again will not help. */
export function causeOf(error: unknown, operation: Operation): Cause | undefined {
  if (error instanceof Failure) {
    if (error.detail['retryable'] === false) return undefined
    return error.kind === 'Connection' || error.kind === 'Timeout' ? 'transient' : undefined
  }
  if (!(error instanceof AwsError)) return undefined
  const { code, status } = error
  if (isAmong(throttlingCodes, code)) return 'throttling'
  const modelled = operation.errors.find((shape) => (shape.traits.error?.code ?? shape.name) === code)?.traits.retryable
  if (modelled) return modelled.throttling ? 'throttling' : 'transient'
  if (isAmong(transientCodes, code)) return 'transient'
  if (status === 500 || status === 502 || status === 503 || status === 504) return 'transient'
  // STS could not reach the identity provider: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
  if (code === 'IDPCommunicationError' && operation.service.name === 'sts') return 'transient'
  return undefined
}

function isAmong(words: string, word: string): boolean {
  return word !== '' && ` ${words} `.includes(` ${word} `)
}

/** What differs between kinds of retries. Times are in seconds. */
export interface Rules {
  base: Record<Cause, number>
  cost: Record<Cause | 'timeout', number>
  maxBackoff: number
}

export function rulesFor(serviceId: string, classic: boolean): Rules {
  if (classic)
    return { base: { transient: 1, throttling: 1 }, cost: { transient: 5, throttling: 5, timeout: 10 }, maxBackoff: 20 }
  const transient = isDynamoDb(serviceId) ? 0.025 : 0.05
  return { base: { transient, throttling: 1 }, cost: { transient: 14, throttling: 5, timeout: 14 }, maxBackoff: 20 }
}

/** DynamoDB's own number of attempts where nobody chose one; undefined for every other service. */
export function ownMaxAttempts(serviceId: string, classic: boolean): number | undefined {
  return !classic && isDynamoDb(serviceId) ? 4 : undefined
}

function isDynamoDb(serviceId: string): boolean {
  return serviceId === 'DynamoDB' || serviceId === 'DynamoDB Streams'
}

/**
 * Seconds to wait before the next attempt.
 * @param attempt the number of the attempt that failed, from 1
 * @param hint what the service asked for in x-amz-retry-after: obeyed up to 5 s beyond the own wait
 */
export function backoff(rules: Rules, cause: Cause, attempt: number, random: number, hint?: number): number {
  const own = random * Math.min(rules.base[cause] * 2 ** (attempt - 1), rules.maxBackoff)
  return hint === undefined ? own : Math.max(own, Math.min(hint, own + 5))
}

/** x-amz-retry-after is in milliseconds; what is not a number ≥ 0 is passed over. Answers seconds. */
export function retryAfter(error: unknown): number | undefined {
  const header = error instanceof AwsError ? error.response.headers['x-amz-retry-after'] : undefined
  return header !== undefined && /^\s*\+?\d+\s*$/.test(header) ? Number(header) / 1000 : undefined
}

/** The tokens retries are paid with: they run out when most calls fail, so that a service in trouble is left alone. */
export class RetryQuota {
  available: number
  readonly capacity: number
  constructor(capacity = 500) {
    this.capacity = capacity
    this.available = capacity
  }

  /** False where there is not enough left; then nothing is taken. */
  take(amount: number): boolean {
    if (amount > this.available) return false
    this.available -= amount
    return true
  }

  giveBack(amount: number): void {
    this.available = Math.min(this.available + amount, this.capacity)
  }
}

/** Operations that wait for work on purpose: with the quota empty they pause before they give up, so as not to spin. */
export function isLongPoll(operation: Operation): boolean {
  const polls: Record<string, string> = {
    SQS: 'ReceiveMessage',
    SFN: 'GetActivityTask',
    SWF: 'PollForActivityTask PollForDecisionTask',
  }
  return isAmong(polls[operation.service.metadata.serviceId] ?? '', operation.name)
}
