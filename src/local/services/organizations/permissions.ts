// Which action on which resource does an operation of Organizations need? The action is the operation's name; the
// resource goes by the members that name one, and belongs to the management account.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html

import type { Context, PolicySource } from '../../../policy/types.ts'
import { policyArn, type Organization, type Organizations } from '../../accounts/organizations.ts'
import type { Tag } from '../../accounts/records.ts'
import type { Permission } from '../../service.ts'
import { arnOf } from './present.ts'
import { isDelegate, isReading, type OrganizationsContext } from './state.ts'

type Input = Record<string, any>

/** What a member may do of its own accord. */
const ofMembers = new Set([
  'CreateOrganization',
  'DescribeOrganization',
  'LeaveOrganization',
  'ListHandshakesForAccount',
  'AcceptHandshake',
  'DeclineHandshake',
  'DescribeHandshake',
])

export function permissions(operation: string, input: Input, context: OrganizationsContext): readonly Permission[] {
  const { state, account } = context
  const organization = state.of(account)
  const resources = organization ? resourcesOf(state, organization, input) : ['*']
  // As across accounts: a caller that nothing else lets in must be let in by the organization's resource policy.
  const foreign =
    organization?.resourcePolicy !== undefined &&
    organization.management !== account &&
    !ofMembers.has(operation) &&
    !(operation === 'DescribeEffectivePolicy' && (input['TargetId'] ?? account) === account) &&
    !(isDelegate(organization, account) && isReading(operation))
  return resources.map((resource) => ({
    action: `organizations:${operation}`,
    resource,
    context: keysOf(state, organization, input),
    ...(foreign && { resourceAccountId: organization.management }),
  }))
}

/** The organization's own policy, for those of its members whom it lets in. */
export function policiesOf({ resourceAccountId }: Permission, { state }: OrganizationsContext): PolicySource[] {
  const organization = resourceAccountId === undefined ? undefined : state.of(resourceAccountId)
  const document = organization?.resourcePolicy?.content
  return document === undefined ? [] : [{ kind: 'resource', attachedTo: organization!.id, document }]
}

const namedBy = [
  'AccountId',
  'OrganizationalUnitId',
  'ParentId',
  'ChildId',
  'RootId',
  'TargetId',
  'PolicyId',
  'HandshakeId',
  'ResourceId',
  'SourceParentId',
  'DestinationParentId',
]

function resourcesOf(state: Organizations, organization: Organization, input: Input): string[] {
  const named = namedBy.flatMap((member) =>
    typeof input[member] === 'string' ? [resourceOf(state, organization, input[member])] : [],
  )
  if (input['Target']?.Type === 'ACCOUNT') named.push(arnOf(organization, 'account', input['Target'].Id))
  return named.length > 0 ? named : ['*']
}

function resourceOf(state: Organizations, organization: Organization, id: string): string {
  if (id.startsWith('r-')) return arnOf(organization, 'root', id)
  if (id.startsWith('ou-')) return arnOf(organization, 'ou', id)
  if (id.startsWith('rp-')) return arnOf(organization, 'resourcepolicy', id)
  if (id.startsWith('h-')) {
    const handshake = state.handshakes.get(id)
    const issuer = (handshake && state.all.get(handshake.organization)) ?? organization
    return arnOf(issuer, 'handshake', `${handshake?.action.toLowerCase() ?? '*'}/${id}`)
  }
  if (id.startsWith('p-')) {
    const policy = state.policy(organization, id)
    return policy ? policyArn(organization, policy) : arnOf(organization, 'policy', `*/${id}`)
  }
  return arnOf(organization, 'account', id)
}

function keysOf(state: Organizations, organization: Organization | undefined, input: Input): Context {
  const keys: Record<string, string | string[]> = {}
  const tags = (input['Tags'] ?? []) as Tag[]
  for (const { Key, Value } of tags) keys[`aws:requesttag/${Key}`] = Value
  const tagKeys = tags.length > 0 ? tags.map((tag) => tag.Key) : (input['TagKeys'] as string[] | undefined)
  if (tagKeys) keys['aws:tagkeys'] = tagKeys
  if (input['ServicePrincipal'] !== undefined) keys['organizations:serviceprincipal'] = input['ServicePrincipal']
  const type =
    input['PolicyType'] ??
    input['Filter'] ??
    (input['Content'] !== undefined ? input['Type'] : undefined) ??
    (input['PolicyId'] !== undefined && organization ? state.policy(organization, input['PolicyId'])?.type : undefined)
  if (typeof type === 'string') keys['organizations:policytype'] = type
  return keys
}
