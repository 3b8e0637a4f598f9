// Which keys are taken that no account knows? None, unless the server was started so: `--accept-any-key` takes every
// key that is unknown, unproved, and `--access-key` with `--secret-key` one more, proved as any other. Whoever comes with
// one acts as the account's root; an access key of 12 digits names the account, as with LocalStack.
//
// They live as long as the process: nothing of them is stored.

import type { Caller } from '../service.ts'
import { rootCaller } from './callers.ts'

export interface LentKeys {
  /** Whose root they stand for, where a key does not name an account. */
  readonly account: string
  /** Secret by access key. */
  readonly secrets: ReadonlyMap<string, string>
  /** Any other key too, whatever it is signed with. */
  readonly any: boolean
}

/** The caller of a key that no account knows; without a secret where nothing is to be proved. */
export function lentCaller(
  accessKeyId: string,
  lent: LentKeys | undefined,
): { caller: Caller; secret: string | undefined } | undefined {
  const secret = lent?.secrets.get(accessKeyId)
  if (lent === undefined || (secret === undefined && !lent.any)) return undefined
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : lent.account
  return { caller: { ...rootCaller(account, accessKeyId), lent: true }, secret }
}
