// The accounts of an organization: created (and at once usable, by a role that trusts the management account), moved,
// closed, removed.

import { Identities } from '../../../accounts/identities.ts'
import { newId } from '../../../accounts/ids.ts'
import {
  newOrganizationsId,
  type CreationStatus,
  type Member,
  type Organization,
  type Organizations,
} from '../../../accounts/organizations.ts'
import { applyTemplate } from '../../../quotas/templates.ts'
import {
  alreadyClosed,
  constraint,
  duplicateAccount,
  managementStays,
  noCreation,
  noDestinationParent,
  noParent,
  noSourceParent,
} from '../errors.ts'
import { accountShape, creationShape, page } from '../present.ts'
import { quotas } from '../quotas.ts'
import { isParent, managed, ownOrganization, type OrganizationsHandler } from '../state.ts'
import { forgetTarget } from '../attachments.ts'
import { join, memberOf } from '../membership.ts'
import { checkedTags } from '../tags.ts'

export const createAccount: OrganizationsHandler = (input, context) => {
  const { state, clock } = context
  const organization = managed(context)
  const requested = clock().getTime()
  const tags = checkedTags(input.Tags ?? [])
  if (state.membersOf(organization).length >= quotas.Accounts)
    throw constraint('You have exceeded the allowed number of AWS Accounts.', 'ACCOUNT_NUMBER_LIMIT_EXCEEDED')
  const status: CreationStatus = {
    id: newOrganizationsId('car', 32),
    organization: organization.id,
    name: input.AccountName,
    requested,
    state: 'SUCCEEDED',
  }
  if (state.members.all().some((member) => member.email.toLowerCase() === input.Email.toLowerCase())) {
    Object.assign(status, { state: 'FAILED', reason: 'EMAIL_ALREADY_EXISTS' })
  } else {
    status.account = settle(state, organization, input, requested)
    const { id } = organization
    join(state, organization, {
      id: status.account,
      organization: id,
      name: input.AccountName,
      email: input.Email,
      status: 'ACTIVE',
      joined: 'CREATED',
      since: requested,
      parent: organization.root,
      tags,
    })
    applyTemplate(state.rows, organization.management, status.account, requested)
  }
  state.creations.put({ ...status, made: state.nextIn(organization) })
  // The account is there already; but AWS takes its time, and so clients must ask again.
  const {
    CompletedTimestamp: _,
    AccountId: __,
    FailureReason: ___,
    ...asked
  } = creationShape(status) as Record<string, unknown>
  return { CreateAccountStatus: { ...asked, State: 'IN_PROGRESS' } }
}

/** A new account, whose administrator is whoever the management account lets assume the role. */
function settle(
  state: Organizations,
  organization: Organization,
  { RoleName = 'OrganizationAccountAccessRole' }: { RoleName?: string },
  created: number,
): string {
  let id = randomAccount()
  while (new Identities(state.rows, id).accounts.get(id)) id = randomAccount()
  const identities = new Identities(state.rows, id)
  identities.accounts.put({ id, created, accessKeys: [], mfaDevices: [], rootPassword: false })
  const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })
  identities.roles.put({
    name: RoleName,
    path: '/',
    id: newId('AROA', id),
    created,
    tags: [],
    attached: [],
    inline: { AdministratorAccess: document({ Effect: 'Allow', Action: '*', Resource: '*' }) },
    trust: document({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${organization.management}:root` },
      Action: 'sts:AssumeRole',
    }),
    maxSession: 3600,
  })
  return id
}

function randomAccount(): string {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2))
  return String((BigInt(high!) * 4294967296n + BigInt(low!)) % 1_000_000_000_000n).padStart(12, '0')
}

export const describeCreateAccountStatus: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const status = context.state.creations.get(input.CreateAccountRequestId)
  if (status?.organization !== organization.id) throw noCreation()
  return { CreateAccountStatus: creationShape(status) }
}

export const listCreateAccountStatus: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const wanted = context.state
    .creationsOf(organization)
    .filter(({ state }) => !input.States?.length || input.States.includes(state))
  return page(wanted, input, 'CreateAccountStatuses', creationShape)
}

export const describeAccount: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  return { Account: accountShape(context.state, organization, memberOf(context.state, organization, input.AccountId)) }
}

export const listAccounts: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  return page(context.state.membersOf(organization), input, 'Accounts', (member) =>
    accountShape(context.state, organization, member),
  )
}

export const listAccountsForParent: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  if (!isParent(state, organization, input.ParentId)) throw noParent()
  const members = state.membersOf(organization).filter((member) => member.parent === input.ParentId)
  return page(members, input, 'Accounts', (member) => accountShape(state, organization, member))
}

export const moveAccount: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const member = memberOf(state, organization, input.AccountId)
  if (member.parent !== input.SourceParentId) throw noSourceParent()
  if (!isParent(state, organization, input.DestinationParentId)) throw noDestinationParent()
  if (input.SourceParentId === input.DestinationParentId) throw duplicateAccount()
  state.members.update(member, { parent: input.DestinationParentId })
}

export const closeAccount: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const member = memberOf(state, organization, input.AccountId)
  if (member.id === organization.management)
    throw constraint('You cannot close the management account of an organization.', 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT')
  if (member.status === 'SUSPENDED') throw alreadyClosed()
  state.members.update(member, { status: 'SUSPENDED' })
}

export const removeAccountFromOrganization: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  leave(context.state, organization, memberOf(context.state, organization, input.AccountId))
}

export const leaveOrganization: OrganizationsHandler = (_input, context) => {
  const organization = ownOrganization(context)
  leave(context.state, organization, context.state.members.get(context.account)!)
}

function leave(state: Organizations, organization: Organization, member: Member): void {
  if (member.id === organization.management) throw managementStays()
  if (organization.delegates.some((delegate) => delegate.account === member.id))
    throw constraint(
      'You cannot remove an account that is a delegated administrator of a service.',
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
    )
  forgetTarget(state, organization, member.id)
  state.members.delete(member.id)
}
