// Was this asked before? A request that brings the token of an earlier one gets the earlier answer, if it asks the same.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html

import { AwsError } from '../../../lib/errors.ts'
import { sha256Hex } from '../../../lib/hash.ts'
import type { Ec2Context } from './state.ts'

interface Answered {
  asked: string
  answer: object
}

/** Runs `make` unless its token was used before in this region. */
export function once<T extends object>(
  { state, operation }: Pick<Ec2Context, 'state' | 'operation'>,
  input: { ClientToken?: string },
  make: () => T,
): T {
  const { ClientToken } = input
  if (ClientToken === undefined || ClientToken === '') return make()
  const table = `tokens/${state.account}/${state.region}`
  const key = `${operation}/${ClientToken}`
  const asked = sha256Hex(JSON.stringify(input))
  const before = state.rows.get<Answered & Record<string, never>>(table, key)
  if (before && before.asked !== asked)
    throw new AwsError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    )
  if (before) return before.answer as T
  const answer = make()
  state.rows.put(table, key, { asked, answer })
  return answer
}
