// Attached managed policies: the same three operations for users, groups and roles.

import { noSuchEntity, quotaExceeded } from '../errors.ts'
import { page } from '../paging.ts'
import { attachedShape } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { findAttachable, findHolder, findOwnHolder, putHolder, type Holder, type IamHandler } from '../state.ts'

export function attachedPolicies(kind: Holder): Record<string, IamHandler> {
  const member = `${kind}Name`

  const attach: IamHandler = (input, context) => {
    const { state } = context
    const quota = quotaOf(context, `AttachedPoliciesPer${kind}`)
    const holder = findOwnHolder(state, kind, input[member])
    const { arn } = findAttachable(state, input.PolicyArn)
    if (holder.attached.includes(arn)) return
    if (holder.attached.length >= quota) throw quotaExceeded(`PoliciesPer${kind}`, quota)
    holder.attached.push(arn)
    putHolder(state, kind, holder)
  }

  const detach: IamHandler = (input, { state }) => {
    const holder = findOwnHolder(state, kind, input[member])
    if (!holder.attached.includes(input.PolicyArn)) throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`)
    holder.attached = holder.attached.filter((arn) => arn !== input.PolicyArn)
    putHolder(state, kind, holder)
  }

  const list: IamHandler = (input, { state }) => {
    const holder = findHolder(state, kind, input[member])
    const prefix: string = input.PathPrefix ?? '/'
    const under = attachedShape(state, holder).filter((each) => each.PolicyArn.split(':policy')[1]!.startsWith(prefix))
    return page(under, input, 'AttachedPolicies')
  }

  return {
    [`Attach${kind}Policy`]: attach,
    [`Detach${kind}Policy`]: detach,
    [`ListAttached${kind}Policies`]: list,
  }
}
