// Whom does a policy name? IAM keeps users and roles in policies by their unique ids: whoever takes the name of one that
// is gone is somebody else, and the policy then shows the id. Here the text stays as it was given, with the ids beside it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

import type { Identities } from './identities.ts'
import { accountOf } from './ids.ts'
import type { Role, User } from './records.ts'

export interface Named {
  readonly arn: string
  readonly id: string
}

/** The user or role of this ARN or unique id, in any account of this world. */
export function entityNamed(identities: Identities, name: string): Named | undefined {
  if (/^A(IDA|ROA)[A-Z2-7]+$/.test(name)) return entityOfId(identities, name)
  const match = /^arn:[\w-]+:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(name)
  if (!match) return undefined
  const [, account, kind, last] = match as unknown as [string, string, 'user' | 'role', string]
  const theirs = identities.of(account)
  const entity = kind === 'user' ? theirs.users.get(last) : theirs.roles.get(last)
  const arn = entity && theirs.arn(kind, entity)
  return arn === name ? { arn, id: entity!.id } : undefined
}

function entityOfId(identities: Identities, id: string): Named | undefined {
  const account = accountOf(id)
  if (account === undefined) return undefined
  const theirs = identities.of(account)
  const kind = id.startsWith('AIDA') ? 'user' : 'role'
  const all: (User | Role)[] = kind === 'user' ? theirs.users.all() : theirs.roles.all()
  const entity = all.find((each) => each.id === id)
  return entity && { arn: theirs.arn(kind, entity), id }
}

/** The unique ids of the users and roles that a document names, by ARN. */
export function idsIn(identities: Identities, document: string): Record<string, string> {
  const ids: Record<string, string> = {}
  mapPrincipals(document, (name) => {
    const named = entityNamed(identities, name)
    if (named) ids[named.arn] = named.id
    return name
  })
  return ids
}

/** A role's trust policy as it now reads: with the new ARN of a principal that was renamed, and the id of one that is gone. */
export function trustOf(identities: Identities, { trust, trusted = {} }: Pick<Role, 'trust' | 'trusted'>): string {
  const moved = new Map<string, string>()
  for (const [arn, id] of Object.entries(trusted))
    if (entityNamed(identities, arn)?.id !== id) moved.set(arn, entityNamed(identities, id)?.arn ?? id)
  return moved.size === 0 ? trust : mapPrincipals(trust, (name) => moved.get(name) ?? name)
}

/** The document with each name under "AWS" in a Principal or NotPrincipal replaced. */
export function mapPrincipals(document: string, change: (name: string) => string): string {
  const policy = JSON.parse(document) as { Statement?: unknown }
  let changed = false
  const names = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(names)
    if (typeof value !== 'string') return value
    const other = change(value)
    if (other !== value) changed = true
    return other
  }
  for (const statement of [policy.Statement].flat() as Record<string, unknown>[])
    for (const element of ['Principal', 'NotPrincipal']) {
      const principal = statement[element]
      if (typeof principal === 'object' && principal !== null && 'AWS' in principal)
        principal.AWS = names(principal.AWS)
    }
  return changed ? JSON.stringify(policy) : document
}
