// What hangs at a transit gateway: VPCs, VPN connections (vpn-connections.ts makes those), other transit gateways.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { incorrectState, invalidValue, need, oneOf } from '../errors.ts'
import { moment, newId } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { attach, attachmentOf, attachmentsOf, detach, isThere, tableFor, usableGateway } from '../transit.ts'
import type { TransitAttachment } from '../transit-records.ts'

/** All that is attached, whatever it is. */
export const describeTransitGatewayAttachments: Ec2Handler = (input, { state }) =>
  describe(state.transitAttachments, input, {
    ids: 'TransitGatewayAttachmentIds',
    list: 'TransitGatewayAttachments',
    pages: [5, 1000],
    shown: (attachment) => {
      const table = tableFor(state, attachment.TransitGatewayAttachmentId)?.TransitGatewayRouteTableId
      return {
        ...attachment,
        ...(table !== undefined && { Association: { TransitGatewayRouteTableId: table, State: 'associated' } }),
      }
    },
    filters: {
      'association.state': 'Association.State',
      'association.transit-gateway-route-table-id': 'Association.TransitGatewayRouteTableId',
      'resource-id': 'ResourceId',
      'resource-owner-id': 'ResourceOwnerId',
      'resource-type': 'ResourceType',
      state: 'State',
      'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
      'transit-gateway-id': 'TransitGatewayId',
      'transit-gateway-owner-id': 'TransitGatewayOwnerId',
    },
  })

function invalidState({ TransitGatewayAttachmentId }: TransitAttachment): AwsError {
  return incorrectState(`${TransitGatewayAttachmentId} is in invalid state`)
}

// --- VPCs ------------------------------------------------------------------------------------------------------------

const vpcShown = (attachment: TransitAttachment): object => ({
  ...attachment,
  VpcId: attachment.ResourceId,
  VpcOwnerId: attachment.ResourceOwnerId,
})

const vpcSwitches = ['DnsSupport', 'SecurityGroupReferencingSupport', 'Ipv6Support', 'ApplianceModeSupport']

function switched(given: Record<string, unknown> = {}): Record<string, string> {
  const chosen = vpcSwitches.map((name) => [name, oneOf(name, given[name], ['enable', 'disable'])] as const)
  return Object.fromEntries(chosen.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** One of each zone. */
function subnetsOf(state: Ec2, vpc: string, ids: readonly string[]): string[] {
  const subnets = state.subnets.findAll(ids)
  for (const { VpcId, SubnetId } of subnets)
    if (VpcId !== vpc) throw invalidValue(`Subnet ${SubnetId} and VPC ${vpc} belong to different networks`)
  if (new Set(subnets.map((each) => each.AvailabilityZone)).size < subnets.length)
    throw new AwsError('DuplicateSubnetsInSameZone', 'Duplicate Subnets for same AZ')
  return subnets.map(({ SubnetId }) => SubnetId)
}

export const createTransitGatewayVpcAttachment: Ec2Handler = (input, { state }) => {
  need(input, 'TransitGatewayId', 'VpcId', 'SubnetIds')
  const gateway = usableGateway(state, input.TransitGatewayId)
  const { VpcId, OwnerId } = state.vpcs.named(input)
  const SubnetIds = subnetsOf(state, VpcId, input.SubnetIds)
  const { TransitGatewayId } = gateway
  const twice = attachmentsOf(state, 'vpc')
    .all()
    .some((each) => each.TransitGatewayId === TransitGatewayId && each.ResourceId === VpcId && isThere(each))
  if (twice)
    throw new AwsError(
      'DuplicateTransitGatewayAttachment',
      `${TransitGatewayId} has non-deleted Transit Gateway Attachments with same VPC ID.`,
    )
  const attachment = attach(state, gateway, {
    ResourceType: 'vpc',
    ResourceId: VpcId,
    ResourceOwnerId: OwnerId,
    SubnetIds,
    Options: {
      DnsSupport: 'enable',
      SecurityGroupReferencingSupport: 'enable',
      Ipv6Support: 'disable',
      ApplianceModeSupport: 'disable',
      ...switched(input.Options),
    },
    Tags: tagsFor(input, 'transit-gateway-attachment'),
  })
  return { TransitGatewayVpcAttachment: vpcShown(attachment) }
}

export const describeTransitGatewayVpcAttachments: Ec2Handler = (input, { state }) =>
  describe(attachmentsOf(state, 'vpc'), input, {
    ids: 'TransitGatewayAttachmentIds',
    list: 'TransitGatewayVpcAttachments',
    pages: [5, 1000],
    shown: vpcShown,
    filters: {
      state: 'State',
      'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
      'transit-gateway-id': 'TransitGatewayId',
      'vpc-id': 'VpcId',
    },
  })

export const modifyTransitGatewayVpcAttachment: Ec2Handler = (input, { state }) => {
  const attachment = attachmentOf(state, 'vpc', input)
  if (attachment.State !== 'available') throw invalidState(attachment)
  const removed: string[] = input.RemoveSubnetIds ?? []
  const kept = [...(attachment.SubnetIds ?? []), ...(input.AddSubnetIds ?? [])].filter((id) => !removed.includes(id))
  if (kept.length === 0) throw invalidValue('The transit gateway VPC attachment must have at least one subnet.')
  state.transitAttachments.update(attachment, {
    SubnetIds: subnetsOf(state, attachment.ResourceId, [...new Set(kept)]),
    Options: { ...attachment.Options, ...switched(input.Options) },
  })
  return { TransitGatewayVpcAttachment: { ...vpcShown(attachment), State: 'modifying' } }
}

export const deleteTransitGatewayVpcAttachment: Ec2Handler = (input, { state }) => {
  const attachment = attachmentOf(state, 'vpc', input)
  if (!isThere(attachment)) throw invalidState(attachment)
  const { TransitGatewayAttachmentId: id } = attachment
  if (
    attachmentsOf(state, 'connect')
      .all()
      .some((each) => each.ResourceId === id && isThere(each))
  )
    throw incorrectState(`${id} has non-deleted Connect attachments.`)
  return { TransitGatewayVpcAttachment: vpcShown(detach(state, attachment)) }
}

/** Nothing is shared with other accounts, so that none waits to be accepted. */
const notPending =
  (type: TransitAttachment['ResourceType']): Ec2Handler =>
  (input, { state }) => {
    throw invalidState(attachmentOf(state, type, input))
  }

export const acceptTransitGatewayVpcAttachment: Ec2Handler = notPending('vpc')
export const rejectTransitGatewayVpcAttachment: Ec2Handler = notPending('vpc')

// --- other transit gateways: each side keeps its own copy, as with VPCs that are peers ---------------------------------

export const createTransitGatewayPeeringAttachment: Ec2Handler = (input, { state }) => {
  need(input, 'TransitGatewayId', 'PeerTransitGatewayId', 'PeerAccountId', 'PeerRegion')
  const gateway = usableGateway(state, input.TransitGatewayId)
  const there = state.at(input.PeerAccountId, input.PeerRegion)
  const peer = there.transitGateways.find(input.PeerTransitGatewayId)
  const id = newId('tgw-attach')
  const sides = {
    TransitGatewayAttachmentId: id,
    ResourceType: 'peering' as const,
    State: 'initiatingRequest',
    later: [{ at: state.after(30), change: { State: 'pendingAcceptance', Status: { Code: 'pendingAcceptance' } } }],
    CreationTime: moment(state.now),
    RequesterTgwInfo: { TransitGatewayId: gateway.TransitGatewayId, OwnerId: state.account, Region: state.region },
    AccepterTgwInfo: { TransitGatewayId: peer.TransitGatewayId, OwnerId: there.account, Region: there.region },
    Options: { DynamicRouting: input.Options?.DynamicRouting ?? 'disable' },
    Status: { Code: 'initiatingRequest', Message: '' },
  }
  const attachment = attach(state, gateway, {
    ...sides,
    ResourceId: peer.TransitGatewayId,
    ResourceOwnerId: there.account,
    Tags: tagsFor(input, 'transit-gateway-attachment'),
  })
  if (there !== state)
    attach(there, peer, { ...sides, ResourceId: gateway.TransitGatewayId, ResourceOwnerId: state.account })
  return { TransitGatewayPeeringAttachment: attachment }
}

export const describeTransitGatewayPeeringAttachments: Ec2Handler = (input, { state }) =>
  describe(attachmentsOf(state, 'peering'), input, {
    ids: 'TransitGatewayAttachmentIds',
    list: 'TransitGatewayPeeringAttachments',
    pages: [5, 1000],
    filters: {
      'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
      'local-owner-id': 'TransitGatewayOwnerId',
      'remote-owner-id': 'ResourceOwnerId',
      state: 'State',
      'transit-gateway-id': (each: TransitAttachment) => [
        each.RequesterTgwInfo!.TransitGatewayId,
        each.AccepterTgwInfo!.TransitGatewayId,
      ],
    },
  })

/** Both sides' copies become what this one has become. */
function mirror(state: Ec2, attachment: TransitAttachment, change: Partial<TransitAttachment>): void {
  for (const side of [attachment.RequesterTgwInfo!, attachment.AccepterTgwInfo!]) {
    const there = state.at(side.OwnerId, side.Region)
    const copy = there.transitAttachments.get(attachment.TransitGatewayAttachmentId)
    if (copy) there.transitAttachments.update(copy, change)
  }
  Object.assign(attachment, change)
}

/** The pending request, for its accepter. */
function pending(state: Ec2, input: any, verb: string): TransitAttachment {
  const attachment = attachmentOf(state, 'peering', input)
  const { RequesterTgwInfo, AccepterTgwInfo } = attachment
  const isRequester = RequesterTgwInfo!.OwnerId === state.account && RequesterTgwInfo!.Region === state.region
  const isAccepter = AccepterTgwInfo!.OwnerId === state.account && AccepterTgwInfo!.Region === state.region
  if (isRequester && !isAccepter)
    throw invalidValue(`Cannot ${verb} ${attachment.TransitGatewayAttachmentId} as the source of the peering request.`)
  if (attachment.State !== 'pendingAcceptance') throw invalidState(attachment)
  return attachment
}

export const acceptTransitGatewayPeeringAttachment: Ec2Handler = (input, { state }) => {
  const attachment = pending(state, input, 'accept')
  mirror(state, attachment, {
    State: 'pending',
    Status: { Code: 'pending', Message: '' },
    later: [
      { at: state.after(60), change: { State: 'available', Status: { Code: 'available', Message: 'Available' } } },
    ],
  })
  return { TransitGatewayPeeringAttachment: attachment }
}

export const rejectTransitGatewayPeeringAttachment: Ec2Handler = (input, { state }) => {
  const attachment = pending(state, input, 'reject')
  mirror(state, attachment, {
    State: 'rejected',
    Status: { Code: 'rejected', Message: '' },
    later: [{ at: state.now + 3_600_000, change: {}, gone: true }],
  })
  return { TransitGatewayPeeringAttachment: attachment }
}

export const deleteTransitGatewayPeeringAttachment: Ec2Handler = (input, { state }) => {
  const attachment = attachmentOf(state, 'peering', input)
  if (!isThere(attachment)) throw invalidState(attachment)
  const { State, later = [] } = detach(state, attachment)
  mirror(state, attachment, { State, later, Status: { Code: 'deleting', Message: '' } })
  return { TransitGatewayPeeringAttachment: attachment }
}
