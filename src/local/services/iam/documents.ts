// May this policy document be saved? Its grammar is policy/'s to judge; here are the sizes, and whether the principals
// of a trust policy exist.

import { entityNamed, idsIn, mapPrincipals } from '../../accounts/principals.ts'
import type { Entity, Role } from '../../accounts/records.ts'
import { principalsIn, validateIdentityPolicy, validateTrustPolicy } from '../../../policy/validate.ts'
import { limitExceeded, malformedDocument, quotaExceeded } from './errors.ts'
import { quotaOf, quotas } from './quotas.ts'
import type { Holder, Iam, IamContext } from './state.ts'

export function checkedManaged(document: string): void {
  validateIdentityPolicy(document)
  if (sizeOf(document) > quotas.PolicySize) throw quotaExceeded('PolicySize', quotas.PolicySize)
}

/** All inline policies of one entity share one quota. */
export function checkedInline(kind: Holder, holder: Entity, name: string, document: string): void {
  validateIdentityPolicy(document)
  const quota = quotas[`${kind}PolicySize`]
  const others = Object.entries(holder.inline).filter(([other]) => other !== name)
  const size = others.reduce((sum, [, text]) => sum + sizeOf(text), sizeOf(document))
  if (size > quota)
    throw limitExceeded(`Maximum policy size of ${quota} bytes exceeded for ${kind.toLowerCase()} ${holder.name}`)
}

/** A trust policy and the ids of whom it names. Unique ids in it become the ARNs they stand for, as IAM shows them. */
export function checkedTrust(context: IamContext, document: string): Required<Pick<Role, 'trust' | 'trusted'>> {
  const { state } = context
  const most = quotaOf(context, 'AssumeRolePolicySize')
  validateTrustPolicy(document)
  for (const { type, value } of principalsIn(document))
    if (!exists(state, type, value))
      throw malformedDocument(`Invalid principal in policy: "${type.toUpperCase()}":"${value}"`)
  if (sizeOf(document) > most) throw quotaExceeded('ACLSizePerRole', most)
  const trust = mapPrincipals(document, (name) => (isId(name) ? entityNamed(state, name)!.arn : name))
  return { trust, trusted: idsIn(state, trust) }
}

/** White space is not counted. */
function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length
}

/** Accounts that are not in this world count as existing: nobody in them can call. */
function exists(state: Iam, type: string, value: string): boolean {
  if (type === 'Service') return /^[\w-]+(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/.test(value)
  if (type !== 'AWS' || value === '*' || /^\d{12}$/.test(value)) return true
  if (isId(value)) return entityNamed(state, value) !== undefined
  const match = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(root|[\w-]+)(?:\/([^/]+)(?:\/.+)?)?$/.exec(value)
  if (!match) return false
  const [, account, kind, first] = match as unknown as [string, string, string, string | undefined]
  if (kind === 'root' || !state.accounts.get(account)) return true
  if (kind === 'assumed-role') return first !== undefined && state.of(account).roles.get(first) !== undefined
  return kind === 'federated-user' || entityNamed(state, value) !== undefined
}

function isId(name: string): boolean {
  return /^A(IDA|ROA)[A-Z0-9]+$/.test(name)
}
