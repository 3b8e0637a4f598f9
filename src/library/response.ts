// What did a response say beside the output of a call? Kept apart from the output, which is what the model says it is.

import type { ResponseFacts } from './types.ts'

const responses = new WeakMap<object, ResponseFacts>()

export function keepFacts(output: object, facts: ResponseFacts): void {
  responses.set(output, facts)
}

/** Request id, status, headers, retries; undefined for what no call has answered. */
export function responseOf(output: object): ResponseFacts | undefined {
  return responses.get(output)
}
