// Who has tried to use which services, and when? What the access advisor knows: one row for each user or role (or root)
// and service, written when IAM is asked, whatever it answers.

import type { CallContext, Caller } from '../service.ts'
import type { World } from '../world.ts'
import { Identities } from './identities.ts'
import type { Access } from './records.ts'

/** More would be a write for each request, and AWS's own figures are hours old. */
const granularity = 60_000

/** By caller and action: when it was last noted. */
const noted = new WeakMap<Caller, Map<string, number>>()

export function noteAccess(
  caller: Caller,
  action: string,
  { region, clock }: Pick<CallContext, 'region' | 'clock'>,
  { identities }: World,
): void | Promise<void> {
  const { principal, accountId } = caller
  if (accountId === '') return
  const at = clock().getTime()
  let mine = noted.get(caller)
  if (!mine) noted.set(caller, (mine = new Map()))
  const last = mine.get(action)
  if (last !== undefined && at - last < granularity) return
  mine.set(action, at)
  const [service, name] = action.split(':') as [string, string]
  return identities.transaction((rows) => {
    const { accesses } = new Identities(rows, accountId)
    const key = accessKey(principal.userId.split(':')[0]!, service)
    const known = accesses.get(key)
    if (known && name in known.actions && at - known.at < granularity) return
    const arn = principal.principalArn
    accesses.put({ key, arn, at, region, actions: { ...known?.actions, [name]: { at, region } } })
  })
}

export function accessOf(identities: Identities, entity: string, service: string): Access | undefined {
  return identities.accesses.get(accessKey(entity, service))
}

function accessKey(entity: string, service: string): string {
  return `${entity} ${service}`
}
