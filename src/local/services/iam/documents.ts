// May this policy document be saved? Its grammar is policy/'s to judge; here are the sizes, and whether the principals
// of a trust policy exist.

import type { Entity } from '../../accounts/records.ts'
import { principalsIn, validateIdentityPolicy, validateTrustPolicy } from '../../../policy/validate.ts'
import { limitExceeded, malformedDocument, quotaExceeded } from './errors.ts'
import { quotas } from './quotas.ts'
import type { Holder, Iam } from './state.ts'

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

export function checkedTrust(state: Iam, document: string): string {
  validateTrustPolicy(document)
  for (const { type, value } of principalsIn(document))
    if (!exists(state, type, value))
      throw malformedDocument(`Invalid principal in policy: "${type.toUpperCase()}":"${value}"`)
  if (sizeOf(document) > quotas.AssumeRolePolicySize) throw quotaExceeded('ACLSizePerRole', quotas.AssumeRolePolicySize)
  return document
}

/** White space is not counted. */
function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length
}

/** Accounts that are not in this world count as existing: nobody in them can call. */
function exists(state: Iam, type: string, value: string): boolean {
  if (type === 'Service') return /^[\w-]+(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/.test(value)
  if (type !== 'AWS' || value === '*' || /^\d{12}$/.test(value)) return true
  if (/^A(IDA|ROA)[A-Z0-9]+$/.test(value)) return true
  const match = /^arn:[\w-]+:(iam|sts)::(\d{12}):(root|[\w-]+)(?:\/(.+))?$/.exec(value)
  if (!match) return false
  const [, , account, kind, rest = ''] = match as unknown as [string, string, string, string, string | undefined]
  if (kind === 'root' || !state.accounts.get(account)) return true
  const theirs = account === state.account ? state : undefined
  if (!theirs) return true
  const name = rest.split('/')
  if (kind === 'user') return theirs.users.get(name.at(-1)!) !== undefined
  if (kind === 'role') return theirs.roles.get(name.at(-1)!) !== undefined
  if (kind === 'assumed-role') return theirs.roles.get(name[0]!) !== undefined
  return kind === 'federated-user'
}
