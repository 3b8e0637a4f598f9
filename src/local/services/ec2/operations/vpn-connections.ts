// VPN connections: two tunnels between a customer's gateway and a virtual private or a transit gateway. Nothing is at the
// other end, so that the tunnels stay down.

import { AwsError } from '../../../../lib/errors.ts'
import { toHex } from '../../../../lib/bytes.ts'
import { formatBlock, parseBlock } from '../cidr.ts'
import { describe } from '../describe.ts'
import { badCombination, incorrectState, invalidParameter, limitExceeded, missingParameter, need } from '../errors.ts'
import { moment } from '../ids.ts'
import { newPublicIp } from '../interfaces.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { attach, detach, isThere, usableGateway } from '../transit.ts'
import type { VpnConnection, VpnTunnel } from '../transit-records.ts'
import { customerGatewayConfiguration } from '../vpn-configuration.ts'

export const createVpnConnection: Ec2Handler = (input, context) => {
  need(input, 'CustomerGatewayId', 'Type')
  if (input.Type !== 'ipsec.1') throw invalidParameter('type', input.Type)
  const { state, quota } = context
  const { VpnGatewayId, TransitGatewayId } = input
  if (VpnGatewayId !== undefined && TransitGatewayId !== undefined)
    throw badCombination('The request must not contain both parameter vpnGatewayId and transitGatewayId')
  const customer = state.customerGateways.named(input)
  if (!isThere(customer)) throw state.customerGateways.kind.missing([customer.CustomerGatewayId])
  if (VpnGatewayId !== undefined) state.vpnGateways.find(VpnGatewayId)
  const hub = TransitGatewayId === undefined ? undefined : usableGateway(state, TransitGatewayId)
  if (state.vpnConnections.all().filter(isThere).length >= quota('ec2', 'L-3E6EC3A3'))
    throw limitExceeded('VpnConnectionLimitExceeded', 'The maximum number of VPN connections has been reached.')
  const given = input.Options ?? {}
  const tunnels = newTunnels(given.TunnelOptions ?? [])
  const connection = state.vpnConnections.add({
    State: 'pending',
    later: [{ at: state.after(300), change: { State: 'available' } }],
    Type: input.Type,
    Category: 'VPN',
    CustomerGatewayId: customer.CustomerGatewayId,
    ...(VpnGatewayId !== undefined && { VpnGatewayId }),
    ...(hub && { TransitGatewayId: hub.TransitGatewayId }),
    GatewayAssociationState: VpnGatewayId === undefined && !hub ? 'not-associated' : 'associated',
    Options: {
      StaticRoutesOnly: given.StaticRoutesOnly ?? false,
      EnableAcceleration: given.EnableAcceleration ?? false,
      LocalIpv4NetworkCidr: given.LocalIpv4NetworkCidr ?? '0.0.0.0/0',
      RemoteIpv4NetworkCidr: given.RemoteIpv4NetworkCidr ?? '0.0.0.0/0',
      OutsideIpAddressType: given.OutsideIpAddressType ?? 'PublicIpv4',
      TunnelInsideIpVersion: given.TunnelInsideIpVersion ?? 'ipv4',
      TunnelOptions: tunnels,
    },
    Routes: [],
    VgwTelemetry: tunnels.map(({ OutsideIpAddress }) => ({
      AcceptedRouteCount: 0,
      LastStatusChange: moment(state.now),
      OutsideIpAddress,
      Status: 'DOWN',
      StatusMessage: '',
    })),
    Tags: tagsFor(input, 'vpn-connection'),
  })
  if (hub)
    attach(state, hub, {
      ResourceType: 'vpn',
      ResourceId: connection.VpnConnectionId,
      ResourceOwnerId: state.account,
    })
  return { VpnConnection: shown(state)(connection) }
}

/** Two; what is not given is chosen. */
function newTunnels(given: readonly Record<string, any>[]): VpnTunnel[] {
  if (given.length > 2) throw badCombination('A VPN connection has two tunnels.')
  return [0, 1].map((at) => tunnel(given[at] ?? {}))
}

const renamed: Readonly<Record<string, string>> = {
  DPDTimeoutSeconds: 'DpdTimeoutSeconds',
  DPDTimeoutAction: 'DpdTimeoutAction',
  IKEVersions: 'IkeVersions',
}

function tunnelOptions(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [renamed[name] ?? name, value]))
}

function tunnel(given: Record<string, any>): VpnTunnel {
  const [third, fourth] = crypto.getRandomValues(new Uint8Array(2)) as unknown as [number, number]
  const inside: string = given.TunnelInsideCidr ?? `169.254.${Math.max(6, third)}.${fourth & 0b1111_1100}/30`
  const block = parseBlock(inside)
  if (block?.version !== 4 || block.length !== 30 || !inside.startsWith('169.254.'))
    throw invalidParameter('tunnelInsideCidr', inside, 'The CIDR must be a /30 block of 169.254.0.0/16.')
  return {
    ...tunnelOptions(given),
    OutsideIpAddress: newPublicIp(),
    TunnelInsideCidr: formatBlock(block),
    PreSharedKey: given.PreSharedKey ?? newKey(),
  }
}

/** Letters and digits; it may not begin with zero. */
function newKey(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16))).replace(/^0/, 'k')
}

/** With what the customer's device is told. */
function shown(state: Ec2): (connection: VpnConnection) => object {
  return (connection) => {
    const customer = state.customerGateways.get(connection.CustomerGatewayId)
    const gateway = state.vpnGateways.get(connection.VpnGatewayId ?? '')
    const hub = state.transitGateways.get(connection.TransitGatewayId ?? '')
    const ends = {
      customerAddress: customer?.IpAddress ?? '',
      customerAsn: customer?.BgpAsn ?? '65000',
      amazonAsn: gateway?.AmazonSideAsn ?? hub?.Options.AmazonSideAsn ?? 64_512,
    }
    return {
      ...connection,
      ...(isThere(connection) && { CustomerGatewayConfiguration: customerGatewayConfiguration(connection, ends) }),
    }
  }
}

export const describeVpnConnections: Ec2Handler = (input, { state }) =>
  describe(state.vpnConnections, input, {
    ids: 'VpnConnectionIds',
    list: 'VpnConnections',
    shown: shown(state),
    filters: {
      'bgp-asn': (each: VpnConnection) => state.customerGateways.get(each.CustomerGatewayId)?.BgpAsn,
      'customer-gateway-configuration': 'CustomerGatewayConfiguration',
      'customer-gateway-id': 'CustomerGatewayId',
      'option.static-routes-only': 'Options.StaticRoutesOnly',
      'route.destination-cidr-block': 'Routes.DestinationCidrBlock',
      state: 'State',
      'transit-gateway-id': 'TransitGatewayId',
      type: 'Type',
      'vpn-connection-id': 'VpnConnectionId',
      'vpn-gateway-id': 'VpnGatewayId',
    },
  })

function connectionIn(state: Ec2, input: any): VpnConnection {
  const connection = state.vpnConnections.named(input)
  if (!isThere(connection)) throw state.vpnConnections.kind.missing([connection.VpnConnectionId])
  return connection
}

function leaveHub(state: Ec2, { VpnConnectionId }: VpnConnection): void {
  for (const attachment of state.transitAttachments.all())
    if (attachment.ResourceId === VpnConnectionId && isThere(attachment)) detach(state, attachment)
}

export const deleteVpnConnection: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  leaveHub(state, connection)
  state.vpnConnections.update(connection, {
    State: 'deleting',
    later: [
      { at: state.after(120), change: { State: 'deleted', Routes: [], VgwTelemetry: [] } },
      { at: state.now + 3_600_000, change: {}, gone: true },
    ],
  })
}

/** It moves to another gateway of Amazon's, or gets another device at the customer's end. */
export const modifyVpnConnection: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  const { VpnGatewayId, TransitGatewayId, CustomerGatewayId } = input
  if ([VpnGatewayId, TransitGatewayId, CustomerGatewayId].every((each) => each === undefined))
    throw missingParameter('vpnGatewayId')
  if (VpnGatewayId !== undefined && TransitGatewayId !== undefined)
    throw badCombination('The request must not contain both parameter vpnGatewayId and transitGatewayId')
  if (connection.State !== 'available') throw incorrectState(`${connection.VpnConnectionId} is in invalid state`)
  if (CustomerGatewayId !== undefined)
    connection.CustomerGatewayId = state.customerGateways.find(CustomerGatewayId).CustomerGatewayId
  if (VpnGatewayId !== undefined) {
    connection.VpnGatewayId = state.vpnGateways.find(VpnGatewayId).VpnGatewayId
    delete connection.TransitGatewayId
    leaveHub(state, connection)
  }
  if (TransitGatewayId !== undefined) {
    const hub = usableGateway(state, TransitGatewayId)
    leaveHub(state, connection)
    attach(state, hub, {
      ResourceType: 'vpn',
      ResourceId: connection.VpnConnectionId,
      ResourceOwnerId: state.account,
    })
    connection.TransitGatewayId = hub.TransitGatewayId
    delete connection.VpnGatewayId
  }
  connection.GatewayAssociationState = 'associated'
  state.vpnConnections.put(connection)
  return { VpnConnection: { ...shown(state)(connection), State: 'modifying' } }
}

export const modifyVpnConnectionOptions: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  for (const member of ['LocalIpv4NetworkCidr', 'RemoteIpv4NetworkCidr'] as const) {
    if (input[member] === undefined) continue
    if (parseBlock(input[member])?.version !== 4)
      throw invalidParameter(member, input[member], 'This is not a valid CIDR block.')
    connection.Options[member] = input[member]
  }
  state.vpnConnections.put(connection)
  return { VpnConnection: { ...shown(state)(connection), State: 'modifying' } }
}

export const modifyVpnTunnelOptions: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  need(input, 'VpnTunnelOutsideIpAddress')
  const { TunnelOptions } = connection.Options
  const found = TunnelOptions.find((each) => each.OutsideIpAddress === input.VpnTunnelOutsideIpAddress)
  if (!found)
    throw invalidParameter(
      'vpnTunnelOutsideIpAddress',
      input.VpnTunnelOutsideIpAddress,
      `It is no tunnel of ${connection.VpnConnectionId}.`,
    )
  Object.assign(found, tunnelOptions(tunnel({ ...found, ...input.TunnelOptions })), {
    OutsideIpAddress: found.OutsideIpAddress,
  })
  state.vpnConnections.put(connection)
  return { VpnConnection: { ...shown(state)(connection), State: 'modifying' } }
}

// --- static routes ---------------------------------------------------------------------------------------------------

function destination(input: any): string {
  need(input, 'DestinationCidrBlock')
  const block = parseBlock(input.DestinationCidrBlock)
  if (block?.version === 4) return formatBlock(block)
  throw invalidParameter('destinationCidrBlock', input.DestinationCidrBlock, 'This is not a valid CIDR block.')
}

export const createVpnConnectionRoute: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  const DestinationCidrBlock = destination(input)
  if (!connection.Options.StaticRoutesOnly)
    throw new AwsError(
      'InvalidParameterCombination',
      `Static routes are not supported on the VPN connection ${connection.VpnConnectionId}, which uses BGP.`,
    )
  // The same route again is no error.
  const others = connection.Routes.filter((each) => each.DestinationCidrBlock !== DestinationCidrBlock)
  const route = { DestinationCidrBlock, Source: 'Static' as const, State: 'available' }
  state.vpnConnections.update(connection, { Routes: [...others, route] })
}

export const deleteVpnConnectionRoute: Ec2Handler = (input, { state }) => {
  const connection = connectionIn(state, input)
  const block = destination(input)
  const Routes = connection.Routes.filter((each) => each.DestinationCidrBlock !== block)
  if (Routes.length === connection.Routes.length)
    throw new AwsError(
      'InvalidRoute.NotFound',
      `The route ${block} does not exist in VPN connection ${connection.VpnConnectionId}.`,
    )
  state.vpnConnections.update(connection, { Routes })
}
