// Invitations: an account joins when it accepts; and all features come when every invited account has agreed.

import { Identities } from '../../../accounts/identities.ts'
import {
  newOrganizationsId,
  type Handshake,
  type Organization,
  type Organizations,
} from '../../../accounts/organizations.ts'
import {
  accessDenied,
  duplicateHandshake,
  handshakeConstraint,
  handshakeState,
  noAccount,
  noHandshake,
} from '../errors.ts'
import { handshakeShape, isOpen, page } from '../present.ts'
import { managed, type OrganizationsContext, type OrganizationsHandler } from '../state.ts'
import { emailOf, join } from '../membership.ts'
import { checkedTags } from '../tags.ts'

const DAY = 86_400_000

export const inviteAccountToOrganization: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const account = accountMeant(state, input.Target)
  if (state.members.get(account)?.organization === organization.id)
    throw handshakeConstraint(
      'The provided account is already a member of your organization.',
      'ALREADY_IN_AN_ORGANIZATION',
    )
  const { id } = organization
  const open = state.handshakes.all().filter((each) => each.organization === id && each.account === account)
  if (open.some((each) => isOpen(each) && each.expires > context.clock().getTime())) throw duplicateHandshake()
  const tags = checkedTags(input.Tags ?? [])
  return asked(context, organization, { action: 'INVITE', account, target: input.Target, notes: input.Notes, tags })
}

/** An account of this world, by its number or its address. */
function accountMeant(state: Organizations, { Id, Type }: { Id: string; Type: string }): string {
  const { accounts } = new Identities(state.rows, '')
  const known = accounts.all().map(({ id }) => id)
  const account = Type === 'EMAIL' ? known.find((id) => emailOf(id) === Id) : known.find((id) => id === Id)
  if (account === undefined) throw noAccount()
  return account
}

export const enableAllFeatures: OrganizationsHandler = (_input, context) => {
  const { state } = context
  const organization = managed(context)
  if (organization.features === 'ALL')
    throw handshakeConstraint(
      'The organization already has all features enabled.',
      'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
    )
  const { management, id } = organization
  if (ofOrganization(state, id).some((each) => each.action === 'ENABLE_ALL_FEATURES' && isOpen(each)))
    throw duplicateHandshake()
  for (const member of state.membersOf(organization))
    if (member.joined === 'INVITED' && member.id !== management)
      asked(context, organization, {
        action: 'APPROVE_ALL_FEATURES',
        account: member.id,
        target: { Id: member.id, Type: 'ACCOUNT' },
      })
  const target = { Id: id, Type: 'ORGANIZATION' } as const
  return asked(context, organization, { action: 'ENABLE_ALL_FEATURES', account: management, target })
}

function asked(
  { state, clock }: OrganizationsContext,
  organization: Organization,
  wish: Pick<Handshake, 'action' | 'account' | 'target'> & Partial<Handshake>,
): object {
  const requested = clock().getTime()
  const handshake: Handshake = {
    id: newOrganizationsId('h', 32),
    organization: organization.id,
    state: wish.action === 'INVITE' ? 'OPEN' : 'REQUESTED',
    requested,
    expires: requested + (wish.action === 'INVITE' ? 15 : 90) * DAY,
    tags: [],
    made: state.nextIn(organization),
    ...wish,
  }
  state.handshakes.put(handshake)
  return { Handshake: handshakeShape(state, organization, handshake, requested) }
}

export const acceptHandshake: OrganizationsHandler = (input, context) => {
  const { state, account, clock } = context
  const { handshake, organization } = pending(context, input.HandshakeId)
  if (handshake.account !== account) throw accessDenied()
  const now = clock().getTime()
  if (handshake.action === 'INVITE') {
    if (state.members.get(account))
      throw handshakeConstraint('The account is already a member of an organization.', 'ALREADY_IN_AN_ORGANIZATION')
    const name = new Identities(state.rows, account).settings().alias ?? `account ${account}`
    join(state, organization, {
      id: account,
      organization: organization.id,
      name,
      email: emailOf(account),
      status: 'ACTIVE',
      joined: 'INVITED',
      since: now,
      parent: organization.root,
      tags: handshake.tags,
    })
  }
  if (handshake.action === 'ENABLE_ALL_FEATURES') {
    const waiting = ofOrganization(state, organization.id).some(
      (each) => each.action === 'APPROVE_ALL_FEATURES' && each.state !== 'ACCEPTED',
    )
    if (waiting) throw handshakeState()
    state.all.update(organization, { features: 'ALL' })
  }
  return ended(context, organization, handshake, 'ACCEPTED')
}

export const declineHandshake: OrganizationsHandler = (input, context) => {
  const { handshake, organization } = pending(context, input.HandshakeId)
  if (handshake.account !== context.account) throw accessDenied()
  return ended(context, organization, handshake, 'DECLINED')
}

export const cancelHandshake: OrganizationsHandler = (input, context) => {
  const { handshake, organization } = pending(context, input.HandshakeId)
  if (organization.management !== context.account) throw accessDenied()
  return ended(context, organization, handshake, 'CANCELED')
}

export const describeHandshake: OrganizationsHandler = (input, context) => {
  const { handshake, organization } = found(context, input.HandshakeId)
  return { Handshake: handshakeShape(context.state, organization, handshake, context.clock().getTime()) }
}

export const listHandshakesForAccount: OrganizationsHandler = (input, context) =>
  listed(context, input, (handshake) => handshake.account === context.account)

export const listHandshakesForOrganization: OrganizationsHandler = (input, context) => {
  const { id } = managed(context)
  return listed(context, input, (handshake) => handshake.organization === id)
}

function listed(
  context: OrganizationsContext,
  input: { Filter?: { ActionType?: string }; NextToken?: string; MaxResults?: number },
  wanted: (handshake: Handshake) => boolean,
): object {
  const { state } = context
  const type = input.Filter?.ActionType
  const some = state.handshakes.all().filter((each) => wanted(each) && (type ?? each.action) === each.action)
  some.sort((a, b) => a.requested - b.requested || (a.made ?? 0) - (b.made ?? 0))
  return page(some, input, 'Handshakes', (each) =>
    handshakeShape(state, state.all.get(each.organization)!, each, context.clock().getTime()),
  )
}

function ofOrganization(state: Organizations, id: string): Handshake[] {
  return state.handshakes.all().filter((each) => each.organization === id)
}

/** Only its two sides know of a handshake. */
function found(
  { state, account }: OrganizationsContext,
  id: string,
): { handshake: Handshake; organization: Organization } {
  const handshake = state.handshakes.get(id)
  const organization = handshake && state.all.get(handshake.organization)
  if (!organization || (handshake.account !== account && organization.management !== account)) throw noHandshake()
  return { handshake, organization }
}

function pending(context: OrganizationsContext, id: string): ReturnType<typeof found> {
  const both = found(context, id)
  if (!isOpen(both.handshake) || both.handshake.expires <= context.clock().getTime()) throw handshakeState()
  return both
}

function ended(
  { state, clock }: OrganizationsContext,
  organization: Organization,
  handshake: Handshake,
  how: Handshake['state'],
): object {
  state.handshakes.update(handshake, { state: how })
  return { Handshake: handshakeShape(state, organization, handshake, clock().getTime()) }
}
