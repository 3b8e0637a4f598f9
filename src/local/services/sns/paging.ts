// How does SNS list? A hundred at a time; the token is the last ARN that was told.

import { invalid } from './errors.ts'

export const page = 100

/** After which ARN to go on. Throws InvalidParameter. */
export function readToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined
  try {
    return atob(token)
  } catch {
    throw invalid('NextToken Reason: Token is not valid')
  }
}

/** `found`: one more than a page where there is more. */
export function pageOf<T extends { arn: string }>(
  member: string,
  found: readonly T[],
  shown: (one: T) => object,
): object {
  const here = found.slice(0, page)
  return { [member]: here.map(shown), ...(found.length > page && { NextToken: btoa(here.at(-1)!.arn) }) }
}
