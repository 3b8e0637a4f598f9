// The organization itself: made, described, given all features, deleted; its root, and the types of its policies.

import { Identities } from '../../../accounts/identities.ts'
import { newOrganizationsId, type Organization } from '../../../accounts/organizations.ts'
import {
  alreadyIn,
  invalidInput,
  noRoot,
  organizationNotEmpty,
  typeEnabled,
  typeNotAvailable,
  typeNotEnabled,
} from '../errors.ts'
import { arnOf, organizationShape, page } from '../present.ts'
import { managed, ownOrganization, type OrganizationsHandler } from '../state.ts'
import { attachEverywhere, detachEverywhere, fullAccess } from '../attachments.ts'
import { emailOf, servicePrincipal } from '../membership.ts'

export const createOrganization: OrganizationsHandler = (input, { state, account, clock }) => {
  if (state.of(account)) throw alreadyIn()
  const created = clock().getTime()
  const organization: Organization = {
    id: newOrganizationsId('o', 10),
    management: account,
    created,
    features: input.FeatureSet ?? 'ALL',
    root: newOrganizationsId('r', 4),
    rootTags: [],
    policyTypes: [],
    services: {},
    delegates: [],
    rootFeatures: [],
  }
  state.all.put(organization)
  state.members.put({
    id: account,
    organization: organization.id,
    name: new Identities(state.rows, account).settings().alias ?? `account ${account}`,
    email: emailOf(account),
    status: 'ACTIVE',
    joined: 'INVITED',
    since: created,
    parent: organization.root,
    tags: [],
  })
  return { Organization: organizationShape(state, organization) }
}

export const describeOrganization: OrganizationsHandler = (_input, context) => ({
  Organization: organizationShape(context.state, ownOrganization(context)),
})

export const deleteOrganization: OrganizationsHandler = (_input, context) => {
  const { state } = context
  const organization = managed(context)
  const { id } = organization
  if (state.membersOf(organization).length > 1 || state.unitsOf(organization).length > 0) throw organizationNotEmpty()
  for (const policy of state.policiesOf(organization)) state.policies.delete(`${id}/${policy.id}`)
  for (const table of [state.creations, state.handshakes] as const)
    for (const each of table.all()) if (each.organization === id) table.delete(each.id)
  state.members.delete(organization.management)
  state.all.delete(id)
}

export const listRoots: OrganizationsHandler = (input, context) => page([rootShape(managed(context))], input, 'Roots')

function rootShape(organization: Organization): object {
  return {
    Id: organization.root,
    Arn: arnOf(organization, 'root', organization.root),
    Name: 'Root',
    PolicyTypes: organization.policyTypes.map((Type) => ({ Type, Status: 'ENABLED' })),
  }
}

export const enablePolicyType: OrganizationsHandler = (input, context) => {
  const organization = rootOf(input.RootId, managed(context))
  const type: string = input.PolicyType
  if (organization.features !== 'ALL') throw typeNotAvailable()
  if (organization.policyTypes.includes(type)) throw typeEnabled()
  context.state.all.update(organization, { policyTypes: [...organization.policyTypes, type] })
  const full = fullAccess(organization, type)
  if (full) attachEverywhere(context.state, organization, full)
  return { Root: rootShape(organization) }
}

export const disablePolicyType: OrganizationsHandler = (input, context) => {
  const organization = rootOf(input.RootId, managed(context))
  const type: string = input.PolicyType
  if (!organization.policyTypes.includes(type)) throw typeNotEnabled()
  context.state.all.update(organization, { policyTypes: organization.policyTypes.filter((each) => each !== type) })
  detachEverywhere(context.state, organization, type)
  return { Root: rootShape(organization) }
}

function rootOf(id: string, organization: Organization): Organization {
  if (!/^r-[0-9a-z]{4,32}$/.test(id)) throw invalidInput('You specified an invalid value.', 'INVALID_ROOT_ID')
  if (organization.root !== id) throw noRoot()
  return organization
}

/** Services that are let into all accounts: noted, though nothing here uses it but root access management. */
export const enableAWSServiceAccess: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const services = {
    ...organization.services,
    [servicePrincipal(input.ServicePrincipal, context)]: context.clock().getTime(),
  }
  context.state.all.update(organization, { services })
}

export const disableAWSServiceAccess: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const { [servicePrincipal(input.ServicePrincipal, context)]: _, ...services } = organization.services
  context.state.all.update(organization, { services })
}

export const listAWSServiceAccessForOrganization: OrganizationsHandler = (input, context) =>
  page(Object.entries(managed(context).services), input, 'EnabledServicePrincipals', ([ServicePrincipal, at]) => ({
    ServicePrincipal,
    DateEnabled: new Date(at),
  }))
