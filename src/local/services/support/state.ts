// What a handler of Support works on: the rows of the namespace `iam`, where quotas and their requests are too.

import { AwsError } from '../../../lib/errors.ts'
import type { CallContext, Handler, SlowHandler } from '../../service.ts'
import { settingsIn } from '../../settings.ts'
import type { Rows } from '../../store/store.ts'

export interface SupportState {
  readonly rows: Rows
  readonly account: string
}

export type SupportHandler = Handler<SupportState>
export type SlowSupportHandler = SlowHandler<SupportState>
export type SlowSupportContext = Parameters<SlowSupportHandler>[1]
export type SupportContext = CallContext & { readonly state: SupportState }

/** The API is there for those who pay for it. */
export function subscribed(handlers: Readonly<Record<string, SupportHandler>>): Record<string, SupportHandler> {
  const guarded =
    (handler: SupportHandler): SupportHandler =>
    (input, context) => {
      checkPlan(context.state)
      return handler(input, context)
    }
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, guarded(handler)]))
}

/** The same for one that calls other services. */
export function subscribedSlowly(handler: SlowSupportHandler): SlowSupportHandler {
  return async (input, context) => {
    await context.transaction(checkPlan)
    return handler(input, context)
  }
}

function checkPlan({ rows }: SupportState): void {
  const { support } = settingsIn(rows)
  if (support === 'basic' || support === 'developer')
    throw new AwsError(
      'SubscriptionRequiredException',
      'Amazon Web Services Premium Support Subscription is required to use this service.',
    )
}

/** A page of a list; the token is the place to go on from. */
export function pageOf<T>(
  all: readonly T[],
  { nextToken, maxResults }: { nextToken?: string; maxResults?: number },
): { here: readonly T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(nextToken)
  if (!Number.isInteger(start) || start < 0 || start > all.length) throw invalid('nextToken is not valid.')
  const end = start + (maxResults ?? 100)
  return { here: all.slice(start, end), ...(end < all.length && { nextToken: String(end) }) }
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message)
}

/** A time as it is given: ISO 8601. Milliseconds. */
export function momentOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  const moment = Date.parse(text)
  if (Number.isNaN(moment)) throw invalid(`${name} must be a time in ISO 8601 format.`)
  return moment
}
