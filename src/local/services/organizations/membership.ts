// How does an account become part of an organization, and how is it found in one?

import type { Member, Organization, Organizations } from '../../accounts/organizations.ts'
import { attachFullAccess } from './attachments.ts'
import { invalidInput, noAccount } from './errors.ts'

/** A member comes in at the root, under the policies that everything has at first. */
export function join(state: Organizations, organization: Organization, member: Member): void {
  state.members.put(member)
  attachFullAccess(state, organization, member.id)
}

export function memberOf(state: Organizations, organization: Organization, account: string): Member {
  const member = state.members.get(account)
  if (member?.organization !== organization.id) throw noAccount()
  return member
}

/** Accounts of a seed have no address; this one leads nowhere. */
export function emailOf(account: string): string {
  return `account-${account}@example.com`
}

export function servicePrincipal({ ServicePrincipal: principal }: { ServicePrincipal: string }): string {
  if (!/^[\w-]+(\.[\w-]+)*\.amazonaws\.com$/.test(principal))
    throw invalidInput('You specified an unrecognized service principal.', 'UNRECOGNIZED_SERVICE_PRINCIPAL')
  return principal
}
