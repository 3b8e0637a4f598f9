// What time is it at the service, and what does it say when our clock is wrong?
//
// A signature is good for some minutes around its moment. When a service refuses one for that, the Date of its answer
// tells by how much our clock is off; the call is made once more in the service's time, and later calls at once.

import type { AwsError } from '../lib/errors.ts'
import type { Settings } from './settings.ts'

const codes =
  ' RequestTimeTooSkewed RequestExpired RequestInTheFuture InvalidSignatureException SignatureDoesNotMatch AuthFailure '

/** Less than this is no reason for a refusal. */
const leastSkew = 4 * 60_000

// Milliseconds the services' clock is ahead of ours, by client.
const skews = new WeakMap<Settings['retry'], number>()

export function withCorrectedClock(settings: Settings): Settings {
  const skew = skews.get(settings.retry)
  return skew === undefined ? settings : { ...settings, clock: () => new Date(settings.clock().getTime() + skew) }
}

/** Settings with the service's time, where an error shows that ours is to blame. */
export function noteClock(error: AwsError, settings: Settings): Settings | undefined {
  if (!codes.includes(` ${error.code} `)) return undefined
  const theirs = Date.parse(error.response.headers['date'] ?? '')
  const skew = theirs - settings.clock().getTime()
  if (Number.isNaN(skew) || Math.abs(skew) < leastSkew) return undefined
  skews.set(settings.retry, (skews.get(settings.retry) ?? 0) + skew)
  settings.debug?.(`clock: this machine's clock is ${Math.round(-skew / 1000)} s ahead of the service's`)
  return { ...settings, clock: () => new Date(settings.clock().getTime() + skew) }
}

/** What tells a service which attempt of which call this is. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
export function attemptHeaders(invocationId: string, attempt: number, max: number): Record<string, string> {
  return { 'amz-sdk-invocation-id': invocationId, 'amz-sdk-request': `attempt=${attempt}; max=${max}` }
}
