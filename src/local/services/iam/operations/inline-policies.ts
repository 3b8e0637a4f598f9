// Inline policies: the same four operations for users, groups and roles.

import { checkedInline } from '../documents.ts'
import { noSuchEntity } from '../errors.ts'
import { page } from '../paging.ts'
import { encodedDocument } from '../present.ts'
import { findHolder, findOwnHolder, putHolder, type Holder, type IamHandler } from '../state.ts'

export function inlinePolicies(kind: Holder): Record<string, IamHandler> {
  const member = `${kind}Name`
  const missing = (name: string): Error =>
    noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`)

  const put: IamHandler = (input, { state }) => {
    const holder = findOwnHolder(state, kind, input[member])
    checkedInline(kind, holder, input.PolicyName, input.PolicyDocument)
    holder.inline[input.PolicyName] = input.PolicyDocument
    putHolder(state, kind, holder)
  }

  const get: IamHandler = (input, { state }) => {
    const holder = findHolder(state, kind, input[member])
    const document = holder.inline[input.PolicyName]
    if (document === undefined) throw missing(input.PolicyName)
    return { [member]: holder.name, PolicyName: input.PolicyName, PolicyDocument: encodedDocument(document) }
  }

  const list: IamHandler = (input, { state }) =>
    page(Object.keys(findHolder(state, kind, input[member]).inline).sort(), input, 'PolicyNames')

  const remove: IamHandler = (input, { state }) => {
    const holder = findOwnHolder(state, kind, input[member])
    if (holder.inline[input.PolicyName] === undefined) throw missing(input.PolicyName)
    delete holder.inline[input.PolicyName]
    putHolder(state, kind, holder)
  }

  return {
    [`Put${kind}Policy`]: put,
    [`Get${kind}Policy`]: get,
    [`List${kind}Policies`]: list,
    [`Delete${kind}Policy`]: remove,
  }
}
