// Multicast domains of transit gateways: which subnets take part, and which interfaces listen and speak. No packet flows, so
// that nobody joins by IGMP: members and sources are the registered ones.
// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-multicast-overview.html

import { AwsError } from '../../../../lib/errors.ts'
import { contains, parseBlock } from '../cidr.ts'
import { describe, listed } from '../describe.ts'
import { incorrectState, invalidParameter, invalidValue, missingParameter, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { attachmentOf, isThere, usableGateway } from '../transit.ts'
import type { MulticastDomain, TransitAttachment } from '../transit-records.ts'

const hour = 3_600_000

export const createTransitGatewayMulticastDomain: Ec2Handler = (input, { state }) => {
  const gateway = usableGateway(state, state.transitGateways.named(input).TransitGatewayId)
  const { TransitGatewayId, Options: given } = gateway
  if (given.MulticastSupport !== 'enable')
    throw new AwsError('UnsupportedOperation', `Multicast is not enabled for ${TransitGatewayId}.`)
  const chosen = (name: string): string => oneOf(name, input.Options?.[name], ['enable', 'disable']) ?? 'disable'
  const domain = state.multicastDomains.add({
    TransitGatewayId,
    TransitGatewayMulticastDomainArn: '',
    OwnerId: state.account,
    Options: {
      Igmpv2Support: chosen('Igmpv2Support'),
      StaticSourcesSupport: chosen('StaticSourcesSupport'),
      AutoAcceptSharedAssociations: chosen('AutoAcceptSharedAssociations'),
    },
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    CreationTime: moment(state.now),
    associations: [],
    groups: [],
    Tags: tagsFor(input, 'transit-gateway-multicast-domain'),
  })
  domain.TransitGatewayMulticastDomainArn = `arn:aws:ec2:${state.region}:${state.account}:transit-gateway-multicast-domain/${domain.TransitGatewayMulticastDomainId}`
  state.multicastDomains.put(domain)
  return { TransitGatewayMulticastDomain: domain }
}

export const describeTransitGatewayMulticastDomains: Ec2Handler = (input, { state }) =>
  describe(state.multicastDomains, input, {
    ids: 'TransitGatewayMulticastDomainIds',
    list: 'TransitGatewayMulticastDomains',
    pages: [5, 1000],
    filters: {
      state: 'State',
      'transit-gateway-id': 'TransitGatewayId',
      'transit-gateway-multicast-domain-id': 'TransitGatewayMulticastDomainId',
    },
  })

/** Told of for a while after it is gone, as AWS does. */
export const deleteTransitGatewayMulticastDomain: Ec2Handler = (input, { state }) => {
  const domain = usable(state, input)
  if (domain.associations.length > 0)
    throw incorrectState(`${domain.TransitGatewayMulticastDomainId} has non-deleted associations.`)
  state.multicastDomains.update(domain, {
    State: 'deleting',
    later: [
      { at: state.after(60), change: { State: 'deleted' } },
      { at: state.now + hour, change: {}, gone: true },
    ],
  })
  return { TransitGatewayMulticastDomain: domain }
}

function usable(state: Ec2, input: any): MulticastDomain {
  const domain = state.multicastDomains.named(input)
  if (!isThere(domain)) throw state.multicastDomains.kind.missing([domain.TransitGatewayMulticastDomainId])
  if (domain.State === 'available') return domain
  throw incorrectState(`${domain.TransitGatewayMulticastDomainId} is in invalid state`)
}

// --- subnets -----------------------------------------------------------------------------------------------------------

function told(domain: MulticastDomain, attachment: TransitAttachment, subnets: readonly string[], State: string) {
  const { TransitGatewayMulticastDomainId } = domain
  const { TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId } = attachment
  return {
    Associations: {
      TransitGatewayMulticastDomainId,
      TransitGatewayAttachmentId,
      ResourceId,
      ResourceType,
      ResourceOwnerId,
      Subnets: subnets.map((SubnetId) => ({ SubnetId, State })),
    },
  }
}

export const associateTransitGatewayMulticastDomain: Ec2Handler = (input, { state }) => {
  const domain = usable(state, input)
  const attachment = attachmentOf(state, 'vpc', input)
  const { TransitGatewayAttachmentId, TransitGatewayId, ResourceId } = attachment
  if (!input.SubnetIds?.length) throw missingParameter('SubnetIds')
  if (TransitGatewayId !== domain.TransitGatewayId)
    throw invalidParameter('transitGatewayAttachmentId', TransitGatewayAttachmentId, 'It is at another gateway.')
  const subnets = state.subnets.findAll(input.SubnetIds)
  for (const { SubnetId, VpcId } of subnets)
    if (VpcId !== ResourceId)
      throw invalidValue(`Subnet ${SubnetId} and VPC ${ResourceId} belong to different networks`)
  const taken = state.multicastDomains
    .all()
    .filter(isThere)
    .flatMap(({ associations }) => associations)
  const twice = subnets.find(({ SubnetId }) => taken.some((each) => each.subnet === SubnetId))
  if (twice)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `The subnet ${twice.SubnetId} is already associated with a multicast domain.`,
    )
  const associations = subnets.map(({ SubnetId }) => ({ attachment: TransitGatewayAttachmentId, subnet: SubnetId }))
  state.multicastDomains.update(domain, { associations: [...domain.associations, ...associations] })
  return told(domain, attachment, input.SubnetIds, 'associating')
}

export const disassociateTransitGatewayMulticastDomain: Ec2Handler = (input, { state }) => {
  const domain = usable(state, input)
  const attachment = attachmentOf(state, 'vpc', input)
  if (!input.SubnetIds?.length) throw missingParameter('SubnetIds')
  const ids: string[] = input.SubnetIds
  const isGone = (subnet: string): boolean => ids.includes(subnet)
  for (const id of ids)
    if (!domain.associations.some(({ subnet }) => subnet === id))
      throw new AwsError(
        'InvalidTransitGatewayMulticastDomainAssociation.NotFound',
        `The subnet ${id} is not associated with ${domain.TransitGatewayMulticastDomainId}.`,
      )
  state.multicastDomains.update(domain, {
    associations: domain.associations.filter(({ subnet }) => !isGone(subnet)),
    groups: domain.groups.filter(({ SubnetId }) => !isGone(SubnetId)),
  })
  return told(domain, attachment, ids, 'disassociating')
}

export const getTransitGatewayMulticastDomainAssociations: Ec2Handler = (input, { state }) => {
  const domain = state.multicastDomains.named(input)
  const all = domain.associations.flatMap(({ attachment, subnet }, order) => {
    const found = state.transitAttachments.get(attachment)
    if (!found) return []
    const { TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId } = found
    const Subnet = { SubnetId: subnet, State: 'associated' }
    return [{ order, TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId, Subnet }]
  })
  const filters = {
    'resource-id': 'ResourceId',
    'resource-type': 'ResourceType',
    state: 'Subnet.State',
    'subnet-id': 'Subnet.SubnetId',
    'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
  }
  return listed(all, input, { list: 'MulticastDomainAssociations', filters, pages: [5, 1000] })
}

/** Nothing is shared with other accounts, so that none waits to be accepted. */
const notPending: Ec2Handler = (input, { state }) => {
  const { TransitGatewayMulticastDomainId } = usable(state, input)
  throw incorrectState(`${TransitGatewayMulticastDomainId} has no pending associations.`)
}

export const acceptTransitGatewayMulticastDomainAssociations: Ec2Handler = notPending
export const rejectTransitGatewayMulticastDomainAssociations: Ec2Handler = notPending

// --- groups ------------------------------------------------------------------------------------------------------------

type Part = 'GroupMember' | 'GroupSource'

const multicast = [parseBlock('224.0.0.0/4')!, parseBlock('ff00::/8')!]

function groupAddress({ GroupIpAddress: address }: { GroupIpAddress?: string }): string {
  if (address === undefined) throw missingParameter('GroupIpAddress')
  const block = parseBlock(`${address}/${address.includes(':') ? 128 : 32}`)
  if (!block || !multicast.some((each) => contains(each, block)))
    throw invalidParameter('groupIpAddress', address, 'This is not a multicast address.')
  return address
}

/** Interfaces of subnets that take part become members or sources of a group. */
function register(state: Ec2, input: any, part: Part): { domain: MulticastDomain; answer: object } {
  const domain = usable(state, input)
  const GroupIpAddress = groupAddress(input)
  if (!input.NetworkInterfaceIds?.length) throw missingParameter('NetworkInterfaceIds')
  const groups = [...domain.groups]
  for (const { NetworkInterfaceId, SubnetId, VpcId } of state.interfaces.findAll(input.NetworkInterfaceIds)) {
    const association = domain.associations.find(({ subnet }) => subnet === SubnetId)
    if (!association)
      throw invalidParameter('networkInterfaceId', NetworkInterfaceId, `Its subnet takes no part in the domain.`)
    const at = groups.findIndex(
      (each) => each.GroupIpAddress === GroupIpAddress && each.NetworkInterfaceId === NetworkInterfaceId,
    )
    const known = groups[at] ?? { GroupMember: false, GroupSource: false }
    groups.splice(at < 0 ? groups.length : at, at < 0 ? 0 : 1, {
      ...known,
      GroupIpAddress,
      TransitGatewayAttachmentId: association.attachment,
      SubnetId,
      ResourceId: VpcId,
      ResourceType: 'vpc',
      ResourceOwnerId: state.account,
      NetworkInterfaceId,
      [part]: true,
    })
  }
  state.multicastDomains.update(domain, { groups })
  const { TransitGatewayMulticastDomainId } = domain
  const RegisteredNetworkInterfaceIds = input.NetworkInterfaceIds
  return { domain, answer: { TransitGatewayMulticastDomainId, RegisteredNetworkInterfaceIds, GroupIpAddress } }
}

export const registerTransitGatewayMulticastGroupMembers: Ec2Handler = (input, { state }) => ({
  RegisteredMulticastGroupMembers: register(state, input, 'GroupMember').answer,
})

export const registerTransitGatewayMulticastGroupSources: Ec2Handler = (input, { state }) => {
  const { domain, answer } = register(state, input, 'GroupSource')
  if (domain.Options.StaticSourcesSupport !== 'enable')
    throw new AwsError(
      'UnsupportedOperation',
      `Static sources are not enabled for ${domain.TransitGatewayMulticastDomainId}.`,
    )
  return { RegisteredMulticastGroupSources: answer }
}

function deregister(state: Ec2, input: any, part: Part): object {
  const domain = usable(state, input)
  const { GroupIpAddress: address, NetworkInterfaceIds: ids } = input
  const isMeant = (each: MulticastDomain['groups'][number]): boolean =>
    each[part] &&
    (address === undefined || each.GroupIpAddress === address) &&
    (!ids?.length || ids.includes(each.NetworkInterfaceId))
  const meant = domain.groups.filter(isMeant)
  if (meant.length === 0)
    throw new AwsError(
      part === 'GroupMember'
        ? 'TransitGatewayMulticastGroupMember.NotFound'
        : 'TransitGatewayMulticastGroupSource.NotFound',
      `Nothing of the kind is registered with ${domain.TransitGatewayMulticastDomainId}.`,
    )
  state.multicastDomains.update(domain, {
    groups: domain.groups
      .map((each) => (isMeant(each) ? { ...each, [part]: false } : each))
      .filter(({ GroupMember, GroupSource }) => GroupMember || GroupSource),
  })
  return {
    TransitGatewayMulticastDomainId: domain.TransitGatewayMulticastDomainId,
    DeregisteredNetworkInterfaceIds: meant.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ...(address !== undefined && { GroupIpAddress: address }),
  }
}

export const deregisterTransitGatewayMulticastGroupMembers: Ec2Handler = (input, { state }) => ({
  DeregisteredMulticastGroupMembers: deregister(state, input, 'GroupMember'),
})

export const deregisterTransitGatewayMulticastGroupSources: Ec2Handler = (input, { state }) => ({
  DeregisteredMulticastGroupSources: deregister(state, input, 'GroupSource'),
})

export const searchTransitGatewayMulticastGroups: Ec2Handler = (input, { state }) => {
  const domain = state.multicastDomains.named(input)
  const filters = {
    'group-ip-address': 'GroupIpAddress',
    'is-group-member': 'GroupMember',
    'is-group-source': 'GroupSource',
    'member-type': 'MemberType',
    'resource-id': 'ResourceId',
    'resource-type': 'ResourceType',
    'source-type': 'SourceType',
    'subnet-id': 'SubnetId',
    'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
  }
  const all = domain.groups.map((each) => ({
    ...each,
    ...(each.GroupMember && { MemberType: 'static' }),
    ...(each.GroupSource && { SourceType: 'static' }),
  }))
  return listed(all, input, { list: 'MulticastGroups', filters, pages: [5, 1000] })
}
