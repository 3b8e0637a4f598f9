// Virtual private gateways and customer gateways: the two ends of a VPN.

import { AwsError } from '../../../../lib/errors.ts'
import { describe, untagged } from '../describe.ts'
import { dependencyViolation, invalidValue, missingParameter, need, oneOf } from '../errors.ts'
import type { RouteTable, VpnGateway } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

export const createVpnGateway: Ec2Handler = (input, { state }) => {
  if (oneOf('type', input.Type, ['ipsec.1']) === undefined) throw missingParameter('Type')
  const gateway = state.vpnGateways.add({
    Type: input.Type,
    AmazonSideAsn: input.AmazonSideAsn ?? 64_512,
    State: 'available',
    VpcAttachments: [],
    Tags: tagsFor(input, 'vpn-gateway'),
  })
  return { VpnGateway: untagged(gateway) }
}

export const describeVpnGateways: Ec2Handler = (input, { state }) =>
  describe(state.vpnGateways, input, {
    ids: 'VpnGatewayIds',
    list: 'VpnGateways',
    filters: {
      'amazon-side-asn': 'AmazonSideAsn',
      'attachment.state': 'VpcAttachments.State',
      'attachment.vpc-id': 'VpcAttachments.VpcId',
      'availability-zone': 'AvailabilityZone',
      state: 'State',
      type: 'Type',
      'vpn-gateway-id': 'VpnGatewayId',
    },
  })

/** To that VPC, or to any: what was detached is told of until it is attached again. */
function isAttached({ VpcAttachments }: VpnGateway, vpc?: string): boolean {
  return VpcAttachments.some(({ State, VpcId }) => State === 'attached' && (vpc === undefined || VpcId === vpc))
}

export const attachVpnGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.vpnGateways.named(input)
  const { VpcId } = state.vpcs.named(input)
  if (isAttached(gateway))
    throw new AwsError(
      'VpnGatewayAttachmentLimitExceeded',
      'The maximum number of virtual private gateway attachments has been reached.',
    )
  if (state.vpnGateways.all().some((each) => isAttached(each, VpcId)))
    throw invalidValue(`VPC ${VpcId} already has a virtual private gateway attached`)
  state.vpnGateways.update(gateway, { VpcAttachments: [{ State: 'attached', VpcId }] })
  return { VpcAttachment: { State: 'attaching', VpcId } }
}

export const detachVpnGateway: Ec2Handler = (input, { state }) => {
  need(input, 'VpcId')
  const gateway = state.vpnGateways.named(input)
  if (!isAttached(gateway, input.VpcId))
    throw new AwsError(
      'InvalidVpnGatewayAttachment.NotFound',
      `The attachment with vpn gateway ID '${gateway.VpnGatewayId}' and vpc ID '${input.VpcId}' does not exist`,
    )
  const { VpcId } = input
  state.vpnGateways.update(gateway, { VpcAttachments: [{ State: 'detached', VpcId }] })
}

/** Told of for a while after it is gone, as AWS does. */
export const deleteVpnGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.vpnGateways.named(input)
  if (isAttached(gateway)) throw dependencyViolation('vpnGateway', gateway.VpnGatewayId)
  state.vpnGateways.update(gateway, {
    State: 'deleted',
    later: [{ at: state.now + 3_600_000, change: {}, gone: true }],
  })
}

// --- routes that it tells of -----------------------------------------------------------------------------------------

function propagated(state: Ec2, input: any): { table: RouteTable; gateway: VpnGateway } {
  need(input, 'GatewayId')
  return { table: state.routeTables.named(input), gateway: state.vpnGateways.named(input, 'GatewayId') }
}

export const enableVgwRoutePropagation: Ec2Handler = (input, { state }) => {
  const { table, gateway } = propagated(state, input)
  const { VpnGatewayId: GatewayId } = gateway
  if (!isAttached(gateway, table.VpcId))
    throw new AwsError('Gateway.NotAttached', `${GatewayId} is not attached to ${table.VpcId}`)
  if (!table.PropagatingVgws.some((each) => each.GatewayId === GatewayId))
    state.routeTables.update(table, { PropagatingVgws: [...table.PropagatingVgws, { GatewayId }] })
}

export const disableVgwRoutePropagation: Ec2Handler = (input, { state }) => {
  const { table, gateway } = propagated(state, input)
  state.routeTables.update(table, {
    PropagatingVgws: table.PropagatingVgws.filter(({ GatewayId }) => GatewayId !== gateway.VpnGatewayId),
  })
}

// --- the customer's end ----------------------------------------------------------------------------------------------

export const createCustomerGateway: Ec2Handler = (input, { state }) => {
  if (oneOf('type', input.Type, ['ipsec.1']) === undefined) throw missingParameter('Type')
  const IpAddress: string | undefined = input.IpAddress ?? input.PublicIp
  if (IpAddress === undefined && input.CertificateArn === undefined) throw missingParameter('IpAddress')
  const BgpAsn = String(input.BgpAsn ?? input.BgpAsnExtended ?? 65_000)
  const same = state.customerGateways
    .all()
    .find((each) => each.State === 'available' && each.IpAddress === IpAddress && each.BgpAsn === BgpAsn)
  // The same device again is the same gateway.
  if (same) return { CustomerGateway: same }
  const gateway = state.customerGateways.add({
    Type: input.Type,
    BgpAsn,
    ...(IpAddress !== undefined && { IpAddress }),
    ...(input.CertificateArn !== undefined && { CertificateArn: input.CertificateArn }),
    ...(input.DeviceName !== undefined && { DeviceName: input.DeviceName }),
    State: 'available',
    Tags: tagsFor(input, 'customer-gateway'),
  })
  return { CustomerGateway: gateway }
}

export const describeCustomerGateways: Ec2Handler = (input, { state }) =>
  describe(state.customerGateways, input, {
    ids: 'CustomerGatewayIds',
    list: 'CustomerGateways',
    filters: {
      'bgp-asn': 'BgpAsn',
      'customer-gateway-id': 'CustomerGatewayId',
      'ip-address': 'IpAddress',
      state: 'State',
      type: 'Type',
    },
  })

export const deleteCustomerGateway: Ec2Handler = (input, { state }) => {
  state.customerGateways.update(state.customerGateways.named(input), {
    State: 'deleted',
    later: [{ at: state.now + 3_600_000, change: {}, gone: true }],
  })
}
