// Records as the output shapes of Organizations.

import {
  policyArn,
  type CreationStatus,
  type Handshake,
  type Member,
  type Organization,
  type OrganizationPolicy,
  type Organizations,
  type Unit,
} from '../../accounts/organizations.ts'
import { fromBase64, text, toBase64, utf8 } from '../../../lib/bytes.ts'
import { invalidInput } from './errors.ts'
import type { Target } from './state.ts'

export function organizationShape(state: Organizations, organization: Organization): object {
  const { id, management, features } = organization
  return {
    Id: id,
    Arn: arnOf(organization, 'organization'),
    FeatureSet: features,
    MasterAccountArn: arnOf(organization, 'account', management),
    MasterAccountId: management,
    MasterAccountEmail: state.members.get(management)!.email,
    // Misleading, says AWS itself: whether a type is on is told by ListRoots.
    AvailablePolicyTypes: features === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
  }
}

/** `arn:aws:organizations::123456789012:account/o-…/210987654321` */
export function arnOf({ id, management }: Organization, kind: string, what?: string): string {
  return `arn:aws:organizations::${management}:${kind}/${id}${what === undefined ? '' : `/${what}`}`
}

export function targetArn(organization: Organization, { type, id }: Pick<Target, 'type' | 'id'>): string {
  const kind = type === 'ROOT' ? 'root' : type === 'ACCOUNT' ? 'account' : 'ou'
  return arnOf(organization, kind, id)
}

export function accountShape(state: Organizations, organization: Organization, member: Member): object {
  return {
    Id: member.id,
    Arn: arnOf(organization, 'account', member.id),
    Email: member.email,
    Name: member.name,
    Status: member.status,
    State: member.status,
    Paths: [state.pathOf(organization, member.id)],
    JoinedMethod: member.joined,
    JoinedTimestamp: new Date(member.since),
  }
}

export function unitShape(state: Organizations, organization: Organization, { id, name }: Unit): object {
  return { Id: id, Arn: arnOf(organization, 'ou', id), Name: name, Path: state.pathOf(organization, id) }
}

export function policySummary(organization: Organization, policy: OrganizationPolicy): object {
  return {
    Id: policy.id,
    Arn: policyArn(organization, policy),
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.managed,
  }
}

export function policyShape(organization: Organization, policy: OrganizationPolicy): object {
  return { Policy: { PolicySummary: policySummary(organization, policy), Content: policy.content } }
}

export function creationShape({ id, name, requested, state, account, reason }: CreationStatus): object {
  return {
    Id: id,
    AccountName: name,
    State: state,
    RequestedTimestamp: new Date(requested),
    CompletedTimestamp: new Date(requested),
    AccountId: account,
    FailureReason: reason,
  }
}

export function handshakeShape(
  state: Organizations,
  organization: Organization,
  handshake: Handshake,
  now: number,
): object {
  const { id, action, target, requested, expires, notes } = handshake
  const manager = state.members.get(organization.management)
  const kind = action.toLowerCase()
  return {
    Id: id,
    Arn: arnOf(organization, 'handshake', `${kind}/${id}`),
    Parties: [
      { Id: organization.id.slice(2), Type: 'ORGANIZATION' },
      ...(target.Type === 'ORGANIZATION' ? [] : [target]),
    ],
    State: isOpen(handshake) && expires <= now ? 'EXPIRED' : handshake.state,
    RequestedTimestamp: new Date(requested),
    ExpirationTimestamp: new Date(expires),
    Action: action,
    Resources: [
      {
        Type: 'ORGANIZATION',
        Value: organization.id,
        Resources: [
          { Type: 'MASTER_EMAIL', Value: manager?.email },
          { Type: 'MASTER_NAME', Value: manager?.name },
          { Type: 'ORGANIZATION_FEATURE_SET', Value: organization.features },
        ],
      },
      ...(target.Type === 'ORGANIZATION' ? [] : [{ Type: target.Type, Value: target.Id }]),
      ...(notes === undefined ? [] : [{ Type: 'NOTES', Value: notes }]),
    ],
  }
}

export function isOpen({ state }: Handshake): boolean {
  return state === 'REQUESTED' || state === 'OPEN'
}

/** One page under `member`; the token is the number of items already given. */
export function page<T>(
  items: readonly T[],
  { NextToken, MaxResults = 20 }: { NextToken?: string; MaxResults?: number },
  member: string,
  present: (item: T) => unknown = (item) => item,
): object {
  const start = NextToken === undefined ? 0 : positionOf(NextToken)
  const end = start + MaxResults
  return {
    [member]: items.slice(start, end).map(present),
    NextToken: end < items.length ? toBase64(utf8(`virga:${end}`)) : undefined,
  }
}

function positionOf(token: string): number {
  const match = /^virga:(\d+)$/.exec(text(fromBase64(token)))
  if (!match) throw invalidInput('You provided an invalid NextToken.', 'INVALID_NEXT_TOKEN')
  return Number(match[1])
}
