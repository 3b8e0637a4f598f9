// How does an account become part of an organization, and how is it found in one?

import type { Member, Organization, Organizations } from '../../accounts/organizations.ts'
import type { CallContext } from '../../service.ts'
import { attachFullAccess } from './attachments.ts'
import { invalidInput, noAccount } from './errors.ts'

/** A member comes in at the root, under the policies that everything has at first. */
export function join(state: Organizations, organization: Organization, member: Member): void {
  state.members.put({ ...member, made: state.nextIn(organization) })
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

/** Parts of the names of AWS's services that no model is called by. */
const otherServices = [
  'access-analyzer',
  'aws-artifact-account-sync',
  'bcm',
  'config-multiaccountsetup',
  'ipam',
  'macie',
  'marketplace',
  'networkinsights',
  'servicequotas',
  'tag',
  'user-subscriptions',
]

/** The name of a service of AWS: `ssm.amazonaws.com`, `member.org.stacksets.cloudformation.amazonaws.com`. */
export function servicePrincipal(principal: string, { models }: Pick<CallContext, 'models'>): string {
  const labels = /^([\w-]+(?:\.[\w-]+)*)\.amazonaws\.com$/.exec(principal)?.[1]!.split('.') ?? []
  if (!labels.some((label) => models.has(label) || otherServices.includes(label)))
    throw invalidInput('You specified an unrecognized service principal.', 'UNRECOGNIZED_SERVICE_PRINCIPAL')
  return principal
}
