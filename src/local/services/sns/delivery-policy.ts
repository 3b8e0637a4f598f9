// How often, and when, is a delivery by HTTP tried again?
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html

export interface RetryPolicy {
  minDelayTarget: number
  maxDelayTarget: number
  numRetries: number
  numNoDelayRetries: number
  numMinDelayRetries: number
  numMaxDelayRetries: number
  backoffFunction: string
}

const usual: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
}

const plainText = 'text/plain; charset=UTF-8'

/** Kept and told; deliveries are not slowed down by it. */
interface ThrottlePolicy {
  maxReceivesPerSecond?: number
}

interface Policy {
  http?: {
    defaultHealthyRetryPolicy?: Partial<RetryPolicy>
    disableSubscriptionOverrides?: boolean
    defaultThrottlePolicy?: ThrottlePolicy
    defaultRequestPolicy?: { headerContentType?: string }
  }
  healthyRetryPolicy?: Partial<RetryPolicy>
  throttlePolicy?: ThrottlePolicy
  requestPolicy?: { headerContentType?: string }
}

/** A topic's policy in effect, as GetTopicAttributes tells it. */
export function effectivePolicy(topic: string | undefined): object {
  const { http = {} } = read(topic)
  return {
    http: {
      defaultHealthyRetryPolicy: { ...usual, ...http.defaultHealthyRetryPolicy },
      disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false,
      ...(http.defaultThrottlePolicy && { defaultThrottlePolicy: http.defaultThrottlePolicy }),
      defaultRequestPolicy: { headerContentType: plainText, ...http.defaultRequestPolicy },
    },
  }
}

/** A topic's policy as AWS tells what was set: without what is null, with what it always says. */
export function keptPolicy(text: string): string {
  const { http = {} } = read(text)
  return JSON.stringify({
    http: {
      ...(http.defaultHealthyRetryPolicy && { defaultHealthyRetryPolicy: http.defaultHealthyRetryPolicy }),
      disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false,
      ...(http.defaultThrottlePolicy && { defaultThrottlePolicy: http.defaultThrottlePolicy }),
      ...(http.defaultRequestPolicy && { defaultRequestPolicy: http.defaultRequestPolicy }),
    },
  })
}

/** The same of a subscription's. */
export function keptOwnPolicy(text: string): string {
  const { healthyRetryPolicy = null, throttlePolicy = null, requestPolicy = null } = read(text)
  return JSON.stringify(ownPolicy(healthyRetryPolicy, throttlePolicy, requestPolicy))
}

/** A subscription's policy in effect. */
export function effectiveOwnPolicy(topic: string | undefined, own: string | undefined): object {
  return ownPolicy(retriesOf(topic, own), throttleOf(topic, own), { headerContentType: contentTypeOf(topic, own) })
}

function ownPolicy(retries: object | null, throttlePolicy: object | null, requestPolicy: object | null): object {
  return { healthyRetryPolicy: retries, sicklyRetryPolicy: null, throttlePolicy, requestPolicy, guaranteed: false }
}

function throttleOf(topic: string | undefined, subscription: string | undefined): ThrottlePolicy | null {
  const { http = {} } = read(topic)
  const own = http.disableSubscriptionOverrides ? undefined : read(subscription).throttlePolicy
  return own ?? http.defaultThrottlePolicy ?? null
}

/** What is in effect for a subscription. */
export function retriesOf(topic: string | undefined, subscription: string | undefined): RetryPolicy {
  const { http = {} } = read(topic)
  const own = http.disableSubscriptionOverrides ? undefined : read(subscription).healthyRetryPolicy
  return { ...usual, ...http.defaultHealthyRetryPolicy, ...own }
}

export function contentTypeOf(topic: string | undefined, subscription: string | undefined): string {
  return (
    read(subscription).requestPolicy?.headerContentType ??
    read(topic).http?.defaultRequestPolicy?.headerContentType ??
    plainText
  )
}

function read(text: string | undefined): Policy {
  return text === undefined || text === '' ? {} : (JSON.parse(text) as Policy)
}

/** Seconds to wait after so many attempts; undefined: no more. */
export function delayAfter(tried: number, policy: RetryPolicy): number | undefined {
  if (tried > policy.numRetries) return undefined
  const { numNoDelayRetries: none, numMinDelayRetries: least, numMaxDelayRetries: most } = policy
  if (tried <= none) return 0
  if (tried <= none + least) return policy.minDelayTarget
  if (tried > policy.numRetries - most) return policy.maxDelayTarget
  const between = policy.numRetries - none - least - most
  const step = between <= 1 ? 1 : (tried - none - least - 1) / (between - 1)
  const growth = policy.backoffFunction === 'exponential' ? step ** 2 : step
  return Math.round(policy.minDelayTarget + (policy.maxDelayTarget - policy.minDelayTarget) * growth)
}
