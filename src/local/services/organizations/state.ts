// Who may see and change an organization: its management account; for reading, delegated administrators; and whom its
// resource policy lets.

import type { Member, Organization, Organizations, Unit } from '../../accounts/organizations.ts'
import type { CallContext, Handler } from '../../service.ts'
import { accessDenied, noTarget, notInUse } from './errors.ts'

export type OrganizationsHandler = Handler<Organizations>
export type OrganizationsContext = CallContext & { readonly state: Organizations }

/** The caller's organization, whoever the caller is in it. */
export function ownOrganization({ state, account }: OrganizationsContext): Organization {
  const organization = state.of(account)
  if (!organization) throw notInUse()
  return organization
}

/** The caller's organization, for what only its management account may do, and who has been given leave. */
export function managed(context: OrganizationsContext): Organization {
  const organization = ownOrganization(context)
  const { account, operation } = context
  if (organization.management === account) return organization
  if (isDelegate(organization, account) && isReading(operation)) return organization
  // The resource policy has been asked already (permissions.ts).
  if (organization.resourcePolicy && !isDelegate(organization, account)) return organization
  throw accessDenied()
}

export function isDelegate({ delegates }: Organization, account: string): boolean {
  return delegates.some((delegate) => delegate.account === account)
}

export function isReading(operation: string): boolean {
  return /^(Describe|List)/.test(operation)
}

/** A root, a unit or an account of an organization. */
export type Target =
  | { readonly type: 'ROOT'; readonly id: string; readonly name: string }
  | { readonly type: 'ORGANIZATIONAL_UNIT'; readonly id: string; readonly name: string; readonly unit: Unit }
  | { readonly type: 'ACCOUNT'; readonly id: string; readonly name: string; readonly member: Member }

export function findTarget(state: Organizations, organization: Organization, id: string): Target {
  if (id === organization.root) return { type: 'ROOT', id, name: 'Root' }
  const unit = state.units.get(id)
  if (unit?.organization === organization.id) return { type: 'ORGANIZATIONAL_UNIT', id, name: unit.name, unit }
  const member = state.members.get(id)
  if (member?.organization === organization.id) return { type: 'ACCOUNT', id, name: member.name, member }
  throw noTarget()
}

/** Whether accounts and units can be in it. */
export function isParent(state: Organizations, organization: Organization, id: string): boolean {
  return id === organization.root || state.units.get(id)?.organization === organization.id
}
