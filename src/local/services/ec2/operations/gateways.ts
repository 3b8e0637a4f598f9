// Ways out of a VPC: internet gateways, egress-only ones for IPv6, carrier gateways, NAT gateways.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { dependencyViolation, invalidValue, limitExceeded, missingParameter, need, oneOf } from '../errors.ts'
import { associate, FreeAddresses, makeInterface, removeInterface } from '../interfaces.ts'
import type { NatGateway } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

export const createInternetGateway: Ec2Handler = (input, context) => {
  const { state } = context
  if (state.internetGateways.all().length >= context.quota('vpc', 'L-A4707A72'))
    throw limitExceeded('InternetGatewayLimitExceeded', 'The maximum number of internet gateways has been reached.')
  const gateway = state.internetGateways.add({
    OwnerId: state.account,
    Attachments: [],
    Tags: tagsFor(input, 'internet-gateway'),
  })
  return { InternetGateway: gateway }
}

export const describeInternetGateways: Ec2Handler = (input, { state }) =>
  describe(state.internetGateways, input, {
    ids: 'InternetGatewayIds',
    list: 'InternetGateways',
    pages: [5, 1000],
    filters: {
      'attachment.state': 'Attachments.State',
      'attachment.vpc-id': 'Attachments.VpcId',
      'internet-gateway-id': 'InternetGatewayId',
      'owner-id': 'OwnerId',
    },
  })

export const attachInternetGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.internetGateways.named(input)
  const { VpcId } = state.vpcs.named(input)
  const already = gateway.Attachments[0]?.VpcId
  if (already !== undefined)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.InternetGatewayId} is already attached to network ${already}`,
    )
  if (state.internetGateways.all().some((each) => each.Attachments.some((one) => one.VpcId === VpcId)))
    throw invalidValue(`Network ${VpcId} already has an internet gateway attached`)
  state.internetGateways.update(gateway, { Attachments: [{ State: 'available', VpcId }] })
}

export const detachInternetGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.internetGateways.named(input)
  const { VpcId } = input
  if (!gateway.Attachments.some((each) => each.VpcId === VpcId))
    throw new AwsError(
      'Gateway.NotAttached',
      `resource ${gateway.InternetGatewayId} is not attached to network ${VpcId}`,
    )
  if (state.interfaces.all().some((each) => each.VpcId === VpcId && each.Association))
    throw new AwsError(
      'DependencyViolation',
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    )
  state.internetGateways.update(gateway, { Attachments: [] })
}

export const deleteInternetGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.internetGateways.named(input)
  if (gateway.Attachments.length > 0) throw dependencyViolation('internetGateway', gateway.InternetGatewayId)
  state.internetGateways.delete(gateway)
}

// --- egress only -----------------------------------------------------------------------------------------------------

export const createEgressOnlyInternetGateway: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const { VpcId } = state.vpcs.named(input)
    const gateway = state.egressGateways.add({
      Attachments: [{ State: 'attached', VpcId }],
      Tags: tagsFor(input, 'egress-only-internet-gateway'),
    })
    return { EgressOnlyInternetGateway: gateway, ClientToken: input.ClientToken }
  })

/** Those that are not there are passed over, where others are refused. */
export const describeEgressOnlyInternetGateways: Ec2Handler = (input, { state: { egressGateways } }) => {
  const findAll = (ids: readonly string[]) => ids.flatMap((id) => egressGateways.get(id) ?? [])
  return describe({ all: () => egressGateways.all(), findAll }, input, {
    ids: 'EgressOnlyInternetGatewayIds',
    list: 'EgressOnlyInternetGateways',
    pages: [5, 255],
    filters: {},
  })
}

export const deleteEgressOnlyInternetGateway: Ec2Handler = (input, { state }) => {
  state.egressGateways.delete(state.egressGateways.named(input))
  return { ReturnCode: true }
}

// --- carriers' ---------------------------------------------------------------------------------------------------------

export const createCarrierGateway: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const { VpcId } = state.vpcs.named(input)
    const gateway = state.carrierGateways.add({
      VpcId,
      OwnerId: state.account,
      State: 'pending',
      later: [{ at: state.after(10), change: { State: 'available' } }],
      Tags: tagsFor(input, 'carrier-gateway'),
    })
    return { CarrierGateway: gateway }
  })

export const describeCarrierGateways: Ec2Handler = (input, { state }) =>
  describe(state.carrierGateways, input, {
    ids: 'CarrierGatewayIds',
    list: 'CarrierGateways',
    pages: [5, 1000],
    filters: { 'carrier-gateway-id': 'CarrierGatewayId', state: 'State', 'owner-id': 'OwnerId', 'vpc-id': 'VpcId' },
  })

export const deleteCarrierGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.carrierGateways.named(input)
  state.carrierGateways.delete(gateway)
  return { CarrierGateway: { ...gateway, State: 'deleted' } }
}

// --- NAT -------------------------------------------------------------------------------------------------------------

export const createNatGateway: Ec2Handler = (input, context) =>
  once(context, input, () => {
    need(input, 'SubnetId')
    const { state } = context
    const ConnectivityType = oneOf('connectivityType', input.ConnectivityType, ['public', 'private']) ?? 'public'
    const subnet = state.subnets.named(input)
    const isPublic = ConnectivityType === 'public'
    if (isPublic && input.AllocationId === undefined) throw missingParameter('AllocationId')
    if (!isPublic && input.AllocationId !== undefined)
      throw new AwsError('InvalidParameter', 'AllocationId cannot be specified when ConnectivityType is private.')
    const address = isPublic ? state.addresses.named(input) : undefined
    if (address?.AssociationId !== undefined)
      throw new AwsError(
        'Resource.AlreadyAssociated',
        `Elastic IP address [${address.AllocationId}] is already associated`,
      )
    const here = state.natGateways
      .all()
      .filter((each) => ['pending', 'available'].includes(each.State))
      .filter((each) => state.subnets.get(each.SubnetId)?.AvailabilityZone === subnet.AvailabilityZone)
    if (here.length >= context.quota('vpc', 'L-FE5A380F'))
      throw limitExceeded(
        'NatGatewayLimitExceeded',
        `Performing this operation would exceed the limit of ${here.length} NAT gateways`,
      )
    const Tags = tagsFor(input, 'natgateway')
    const gateway: NatGateway = state.natGateways.add({
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      State: 'pending',
      later: [{ at: state.after(60), change: { State: 'available' } }],
      ConnectivityType,
      CreateTime: moment(state.now),
      NatGatewayAddresses: [],
      Tags,
    })
    const { PrivateIpAddress } = input
    const made = makeInterface(state, {
      subnet,
      free: new FreeAddresses(state, subnet),
      groups: [],
      ...(PrivateIpAddress !== undefined && { PrivateIpAddress }),
      Description: `Interface for NAT Gateway ${gateway.NatGatewayId}`,
      InterfaceType: 'nat_gateway',
      RequesterId: state.account,
    })
    state.interfaces.update(made, {
      Status: 'in-use',
      Attachment: {
        AttachmentId: `ela-attach-${gateway.NatGatewayId.slice(4)}`,
        AttachTime: moment(state.now),
        DeleteOnTermination: false,
        DeviceIndex: 1,
        NetworkCardIndex: 0,
        InstanceOwnerId: 'amazon-aws',
        Status: 'attached',
      },
    })
    state.natGateways.update(gateway, {
      NatGatewayAddresses: [
        {
          ...(address && {
            AllocationId: address.AllocationId,
            PublicIp: address.PublicIp,
            AssociationId: associate(state, address, made, made.PrivateIpAddress),
          }),
          NetworkInterfaceId: made.NetworkInterfaceId,
          PrivateIp: made.PrivateIpAddress,
          IsPrimary: true,
          Status: 'succeeded',
        },
      ],
    })
    return { ClientToken: input.ClientToken, NatGateway: gateway }
  })

export const describeNatGateways: Ec2Handler = (input, { state }) =>
  describe(
    state.natGateways,
    { ...input, Filters: [...(input.Filters ?? []), ...(input.Filter ?? [])] },
    {
      ids: 'NatGatewayIds',
      list: 'NatGateways',
      pages: [5, 1000],
      filters: { 'nat-gateway-id': 'NatGatewayId', state: 'State', 'subnet-id': 'SubnetId', 'vpc-id': 'VpcId' },
    },
  )

export const deleteNatGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.natGateways.named(input)
  if (!['deleting', 'deleted'].includes(gateway.State)) {
    for (const { NetworkInterfaceId } of gateway.NatGatewayAddresses) {
      const found = state.interfaces.get(NetworkInterfaceId)
      if (found) removeInterface(state, found)
    }
    state.natGateways.update(gateway, {
      State: 'deleting',
      DeleteTime: moment(state.now),
      later: [
        { at: state.after(30), change: { State: 'deleted' } },
        { at: state.now + 3_600_000, change: {}, gone: true },
      ],
    })
  }
  return { NatGatewayId: gateway.NatGatewayId }
}
