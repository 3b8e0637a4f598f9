// Which services has who tried to use, and when? What the access advisor knows: one row for each user or role (or root)
// and service, written when IAM is asked, whatever it answers.

import type { Caller } from '../service.ts'
import type { Rows } from '../store/store.ts'
import { Identities } from './identities.ts'
import type { Access } from './records.ts'

/** More would be a write for each request, and AWS's own figures are hours old. */
const granularity = 60_000

export function noteAccess(rows: Rows, caller: Caller, action: string, region: string, at: number): void {
  const { principal, accountId } = caller
  if (accountId === '') return
  const [service, name] = action.split(':') as [string, string]
  const { accesses } = new Identities(rows, accountId)
  const entity = principal.userId.split(':')[0]!
  const key = accessKey(entity, service)
  const known = accesses.get(key)
  if (known && name in known.actions && at - known.at < granularity) return
  const arn = principal.principalArn
  accesses.put({ key, arn, at, region, actions: { ...known?.actions, [name]: { at, region } } })
}

export function accessOf(identities: Identities, entity: string, service: string): Access | undefined {
  return identities.accesses.get(accessKey(entity, service))
}

function accessKey(entity: string, service: string): string {
  return `${entity} ${service}`
}
