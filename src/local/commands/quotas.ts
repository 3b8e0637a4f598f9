// What became of requests for higher quotas, and a verdict on one that waits.

import { Failure } from '../../lib/errors.ts'
import { putQuotas, quotasIn, type AccountQuotas } from '../quotas/applied.ts'
import { atItsTime, settingsIn } from '../settings.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const quotas: Command = async ({ words: [verb, id, ...rest] }, place, outside) => {
  const isVerdict = verb === 'approve' || verb === 'deny'
  if (rest.length > 0 || (verb !== undefined && !isVerdict) || (isVerdict && id === undefined))
    throw new Failure('ParamValidation', 'quotas takes: approve ID, deny ID, or nothing to list the requests')
  return inServedWorld(place, outside, async (world) => {
    const account = world.seed.accounts[0]!.id
    const known = await world.identities.transaction((rows): AccountQuotas => {
      const settings = settingsIn(rows)
      const now = atItsTime(world, settings).clock().getTime()
      const found = quotasIn(rows, account, now, settings.quotas)
      if (!isVerdict) return found
      const request = found.requests.find((each) => each.id === id)
      if (!request) throw new Failure('Local', `there is no request ${id}; virga local quotas lists them`)
      if (request.status !== 'PENDING' && request.status !== 'CASE_OPENED')
        throw new Failure('Local', `the request is ${request.status} already`)
      request.verdict = verb
      putQuotas(rows, account, found)
      return quotasIn(rows, account, now, settings.quotas)
    })
    for (const { id: each, service, code, region, desired, status } of known.requests)
      outside.stdout.write(`${each}  ${service} ${code}  ${region || 'all regions'}  ${desired}  ${status}\n`)
    return 0
  })
}
