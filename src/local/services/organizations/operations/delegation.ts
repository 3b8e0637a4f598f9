// Whom the management account lets in: delegated administrators of services, and the organization's resource policy.

import { resourcePolicyProblem } from '../../../../policy/validate.ts'
import { newOrganizationsId, type Organization } from '../../../accounts/organizations.ts'
import { alreadyRegistered, constraint, invalidInput, noResourcePolicy, notRegistered } from '../errors.ts'
import { accountShape, arnOf, page } from '../present.ts'
import { managed, type OrganizationsHandler } from '../state.ts'
import { memberOf, servicePrincipal } from '../membership.ts'
import { checkedTags } from '../tags.ts'

function notItself(organization: Organization, account: string): void {
  if (account !== organization.management) return
  throw constraint(
    'You cannot register master account/yourself as delegated administrator for your organization.',
    'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
  )
}

export const registerDelegatedAdministrator: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const service = servicePrincipal(input.ServicePrincipal, context)
  notItself(organization, input.AccountId)
  const { id: account } = memberOf(state, organization, input.AccountId)
  const { delegates } = organization
  if (delegates.some((each) => each.account === account && each.service === service)) throw alreadyRegistered()
  state.all.update(organization, { delegates: [...delegates, { account, service, since: context.clock().getTime() }] })
}

export const deregisterDelegatedAdministrator: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  notItself(organization, input.AccountId)
  const { id: account } = memberOf(state, organization, input.AccountId)
  const kept = organization.delegates.filter(
    (each) => each.account !== account || each.service !== input.ServicePrincipal,
  )
  if (kept.length === organization.delegates.length) throw notRegistered()
  state.all.update(organization, { delegates: kept })
}

export const listDelegatedAdministrators: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const { ServicePrincipal } = input
  if (ServicePrincipal !== undefined) servicePrincipal(ServicePrincipal, context)
  const wanted = organization.delegates.filter(({ service }) => (ServicePrincipal ?? service) === service)
  // An account is told once, with the day of its first delegation.
  const first = new Map(wanted.toReversed().map((each) => [each.account, each.since]))
  return page([...first], input, 'DelegatedAdministrators', ([account, since]) => ({
    ...accountShape(state, organization, state.members.get(account)!),
    Paths: undefined,
    DelegationEnabledDate: new Date(since),
  }))
}

export const listDelegatedServicesForAccount: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const { id: account } = memberOf(context.state, organization, input.AccountId)
  const services = organization.delegates.filter((each) => each.account === account)
  if (services.length === 0) throw notRegistered()
  return page(services, input, 'DelegatedServices', ({ service, since }) => ({
    ServicePrincipal: service,
    DelegationEnabledDate: new Date(since),
  }))
}

export const putResourcePolicy: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const problem = resourcePolicyProblem(input.Content)
  if (problem !== undefined) throw invalidInput(problem, 'INVALID_RESOURCE_POLICY_JSON')
  const resourcePolicy = {
    id: organization.resourcePolicy?.id ?? newOrganizationsId('rp', 8),
    content: input.Content as string,
    tags: input.Tags ? checkedTags(input.Tags) : (organization.resourcePolicy?.tags ?? []),
  }
  context.state.all.update(organization, { resourcePolicy })
  return describeResourcePolicy(input, context)
}

export const describeResourcePolicy: OrganizationsHandler = (_input, context) => {
  const organization = managed(context)
  const policy = organization.resourcePolicy
  if (!policy) throw noResourcePolicy()
  const ResourcePolicySummary = { Id: policy.id, Arn: arnOf(organization, 'resourcepolicy', policy.id) }
  return { ResourcePolicy: { ResourcePolicySummary, Content: policy.content } }
}

export const deleteResourcePolicy: OrganizationsHandler = (_input, context) => {
  const organization = managed(context)
  if (!organization.resourcePolicy) throw noResourcePolicy()
  context.state.all.update(organization, { resourcePolicy: undefined })
}
