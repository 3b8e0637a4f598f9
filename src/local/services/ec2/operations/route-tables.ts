// Route tables: where packets go that leave a subnet.

import { AwsError } from '../../../../lib/errors.ts'
import { formatBlock, parseBlock } from '../cidr.ts'
import { localRoutes } from '../defaults.ts'
import { describe } from '../describe.ts'
import {
  badCombination,
  dependencyViolation,
  invalidParameter,
  invalidValue,
  missingParameter,
  need,
} from '../errors.ts'
import type { Route, RouteAssociation, RouteTable } from '../records.ts'
import { newId } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { isThere } from '../transit.ts'

export const createRouteTable: Ec2Handler = (input, { state }) => {
  const vpc = state.vpcs.named(input)
  const table = state.routeTables.add({
    VpcId: vpc.VpcId,
    OwnerId: state.account,
    Associations: [],
    PropagatingVgws: [],
    Routes: localRoutes(vpc),
    Tags: tagsFor(input, 'route-table'),
  })
  return { RouteTable: table, ClientToken: input.ClientToken }
}

export const deleteRouteTable: Ec2Handler = (input, { state }) => {
  const table = state.routeTables.named(input)
  if (table.Associations.length > 0) throw dependencyViolation('routeTable', table.RouteTableId)
  state.routeTables.delete(table)
}

const filters = {
  'association.gateway-id': 'Associations.GatewayId',
  'association.main': 'Associations.Main',
  'association.route-table-association-id': 'Associations.RouteTableAssociationId',
  'association.route-table-id': 'Associations.RouteTableId',
  'association.subnet-id': 'Associations.SubnetId',
  'owner-id': 'OwnerId',
  'route-table-id': 'RouteTableId',
  'route.destination-cidr-block': 'Routes.DestinationCidrBlock',
  'route.destination-ipv6-cidr-block': 'Routes.DestinationIpv6CidrBlock',
  'route.destination-prefix-list-id': 'Routes.DestinationPrefixListId',
  'route.egress-only-internet-gateway-id': 'Routes.EgressOnlyInternetGatewayId',
  'route.gateway-id': 'Routes.GatewayId',
  'route.instance-id': 'Routes.InstanceId',
  'route.nat-gateway-id': 'Routes.NatGatewayId',
  'route.origin': 'Routes.Origin',
  'route.state': 'Routes.State',
  'route.transit-gateway-id': 'Routes.TransitGatewayId',
  'route.vpc-peering-connection-id': 'Routes.VpcPeeringConnectionId',
  'vpc-id': 'VpcId',
}

export const describeRouteTables: Ec2Handler = (input, { state }) =>
  describe(state.routeTables, input, {
    ids: 'RouteTableIds',
    list: 'RouteTables',
    filters,
    pages: [5, 100],
    shown: (table) => ({
      ...table,
      Routes: [...table.Routes, ...propagated(state, table)].map((route) => ({
        ...route,
        State: isGone(state, route) ? 'blackhole' : 'active',
      })),
    }),
  })

/** What VPN connections tell their gateway, and it this table. */
function propagated(state: Ec2, { PropagatingVgws }: RouteTable): Route[] {
  return PropagatingVgws.flatMap(({ GatewayId }) =>
    state.vpnConnections
      .all()
      .filter((each) => each.VpnGatewayId === GatewayId && isThere(each))
      .flatMap(({ Routes }) => Routes)
      .map(({ DestinationCidrBlock }) => ({
        DestinationCidrBlock,
        GatewayId,
        Origin: 'EnableVgwRoutePropagation',
        State: 'active',
      })),
  )
}

function isGone(state: Ec2, route: Route): boolean {
  const { GatewayId, InstanceId, NatGatewayId, NetworkInterfaceId, TransitGatewayId, VpcPeeringConnectionId } = route
  return (
    (GatewayId?.startsWith('igw-') && !state.internetGateways.get(GatewayId)?.Attachments.length) ||
    (NetworkInterfaceId !== undefined && !state.interfaces.get(NetworkInterfaceId)) ||
    (NatGatewayId !== undefined &&
      !['available', 'pending'].includes(state.natGateways.get(NatGatewayId)?.State ?? '')) ||
    (InstanceId !== undefined && state.instances.get(InstanceId)?.State.Name !== 'running') ||
    (TransitGatewayId !== undefined && !isThere(state.transitGateways.get(TransitGatewayId) ?? { State: 'deleted' })) ||
    (VpcPeeringConnectionId !== undefined && state.peerings.get(VpcPeeringConnectionId)?.Status.Code === 'deleted')
  )
}

// --- associations ----------------------------------------------------------------------------------------------------

export const associateRouteTable: Ec2Handler = (input, { state }) => {
  const table = state.routeTables.named(input)
  const { SubnetId, GatewayId } = input
  if (SubnetId === undefined && GatewayId === undefined) throw missingParameter('subnetId or gatewayId')
  if (SubnetId !== undefined && state.subnets.find(SubnetId).VpcId !== table.VpcId)
    throw invalidValue(`Route table ${table.RouteTableId} and subnet ${SubnetId} belong to different networks`)
  if (GatewayId !== undefined) state.internetGateways.find(GatewayId)
  const same = (each: RouteAssociation): boolean =>
    SubnetId === undefined ? each.GatewayId === GatewayId : each.SubnetId === SubnetId
  const before = table.Associations.find(same)
  if (before) return associated(before)
  if (state.routeTables.all().some((each) => each.Associations.some(same)))
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    )
  const association: RouteAssociation = {
    Main: false,
    RouteTableAssociationId: newId('rtbassoc'),
    RouteTableId: table.RouteTableId,
    ...(SubnetId === undefined ? { GatewayId } : { SubnetId }),
    AssociationState: { State: 'associated' },
  }
  state.routeTables.update(table, { Associations: [...table.Associations, association] })
  return associated(association)
}

function associated({ RouteTableAssociationId, AssociationState }: RouteAssociation): object {
  return { AssociationId: RouteTableAssociationId, AssociationState }
}

function associationOf(state: Ec2, id: string): { table: RouteTable; association: RouteAssociation } {
  for (const table of state.routeTables.all()) {
    const association = table.Associations.find((each) => each.RouteTableAssociationId === id)
    if (association) return { table, association }
  }
  throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`)
}

export const disassociateRouteTable: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId')
  const { table, association } = associationOf(state, input.AssociationId)
  if (association.Main)
    throw invalidValue(`cannot disassociate the main route table association ${input.AssociationId}`)
  state.routeTables.update(table, { Associations: table.Associations.filter((each) => each !== association) })
}

export const replaceRouteTableAssociation: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId', 'RouteTableId')
  const { table: old, association } = associationOf(state, input.AssociationId)
  const table = state.routeTables.named(input)
  if (table.VpcId !== old.VpcId)
    throw invalidValue(`Route table ${table.RouteTableId} and network ${old.VpcId} belong to different networks`)
  if (table.RouteTableId === old.RouteTableId)
    return { NewAssociationId: association.RouteTableAssociationId, AssociationState: association.AssociationState }
  const moved: RouteAssociation = {
    ...association,
    RouteTableAssociationId: newId('rtbassoc'),
    RouteTableId: table.RouteTableId,
  }
  state.routeTables.update(old, { Associations: old.Associations.filter((each) => each !== association) })
  const target = state.routeTables.find(table.RouteTableId)
  state.routeTables.update(target, { Associations: [...target.Associations, moved] })
  return { NewAssociationId: moved.RouteTableAssociationId, AssociationState: moved.AssociationState }
}

// --- routes ----------------------------------------------------------------------------------------------------------

type Destination = Pick<Route, 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId'>

function destinationIn(input: any, state: Ec2): Destination {
  const { DestinationCidrBlock: v4, DestinationIpv6CidrBlock: v6, DestinationPrefixListId: list } = input
  if ([v4, v6, list].filter((each) => each !== undefined).length > 1)
    throw badCombination(
      'Only one of destinationCidrBlock, destinationIpv6CidrBlock and destinationPrefixListId can be specified.',
    )
  const block = (text: string, version: 4 | 6, name: string): string => {
    const parsed = parseBlock(text)
    if (parsed?.version !== version) throw invalidParameter(name, text, 'This is not a valid CIDR block.')
    return formatBlock(parsed)
  }
  if (v4 !== undefined) return { DestinationCidrBlock: block(v4, 4, 'destinationCidrBlock') }
  if (v6 !== undefined) return { DestinationIpv6CidrBlock: block(v6, 6, 'destinationIpv6CidrBlock') }
  if (list === undefined) throw missingParameter('destinationCidrBlock')
  state.prefixLists.find(list)
  return { DestinationPrefixListId: list }
}

function nameOf(destination: Destination): string {
  return (destination.DestinationCidrBlock ??
    destination.DestinationIpv6CidrBlock ??
    destination.DestinationPrefixListId)!
}

const targets = [
  'GatewayId',
  'InstanceId',
  'NatGatewayId',
  'TransitGatewayId',
  'NetworkInterfaceId',
  'VpcPeeringConnectionId',
  'EgressOnlyInternetGatewayId',
  'CarrierGatewayId',
  'LocalGatewayId',
  'CoreNetworkArn',
  'VpcEndpointId',
] as const

function targetIn(input: any, table: RouteTable, state: Ec2): Partial<Route> {
  const given = targets.filter((name) => input[name] !== undefined)
  if (input.LocalTarget) return { GatewayId: 'local' }
  if (given.length !== 1)
    throw given.length === 0
      ? missingParameter('gatewayId')
      : badCombination(`The parameters ${given.join(', ')} cannot be used together.`)
  const name = given[0]!
  const id: string = input[name]
  const different = (what: string): AwsError =>
    invalidValue(`route table ${table.RouteTableId} and ${what} ${id} belong to different networks`)
  switch (name) {
    case 'GatewayId': {
      if (!id.startsWith('igw-')) break
      const gateway = state.internetGateways.find(id)
      if (!gateway.Attachments.some(({ VpcId }) => VpcId === table.VpcId)) throw different('network gateway')
      break
    }
    case 'InstanceId': {
      const instance = state.instances.find(id)
      if (instance.VpcId !== table.VpcId) throw different('instance')
      if (instance.interfaces.length > 1)
        throw new AwsError(
          'InvalidInstanceID',
          `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`,
        )
      return { InstanceId: id, InstanceOwnerId: state.account, NetworkInterfaceId: instance.interfaces[0]! }
    }
    case 'NetworkInterfaceId': {
      const interfaceFound = state.interfaces.find(id)
      if (interfaceFound.VpcId !== table.VpcId) throw different('interface')
      const InstanceId = interfaceFound.Attachment?.InstanceId
      return {
        NetworkInterfaceId: id,
        ...(InstanceId !== undefined && { InstanceId, InstanceOwnerId: state.account }),
      }
    }
    case 'NatGatewayId':
      if (state.natGateways.find(id).VpcId !== table.VpcId) throw different('NAT gateway')
      break
    case 'EgressOnlyInternetGatewayId':
      state.egressGateways.find(id)
      break
    case 'VpcPeeringConnectionId':
      state.peerings.find(id)
      break
    case 'TransitGatewayId':
      checkAttached(state, id, table.VpcId)
      break
    case 'CarrierGatewayId':
      if (state.carrierGateways.find(id).VpcId !== table.VpcId) throw different('carrier gateway')
      break
    case 'VpcEndpointId':
      state.endpoints.find(id)
      return { GatewayId: id }
  }
  return { [name]: id }
}

/** To a transit gateway leads only what is in a VPC that is attached to it. */
function checkAttached(state: Ec2, gateway: string, vpc: string): void {
  const { TransitGatewayId } = state.transitGateways.find(gateway)
  const attached = state.transitAttachments
    .all()
    .some((each) => each.TransitGatewayId === TransitGatewayId && each.ResourceId === vpc && isThere(each))
  if (!attached) throw state.transitGateways.kind.missing([gateway])
}

export const createRoute: Ec2Handler = (input, { state }) => {
  const table = state.routeTables.named(input)
  const destination = destinationIn(input, state)
  const target = targetIn(input, table, state)
  const name = nameOf(destination)
  const before = table.Routes.find((route) => nameOf(route) === name)
  // The same route again is no error.
  if (before && sameTarget(before, target)) return { Return: true }
  if (before) throw new AwsError('RouteAlreadyExists', `The route identified by ${name} already exists.`)
  table.Routes.push({ ...destination, ...target, Origin: 'CreateRoute', State: 'active' })
  state.routeTables.put(table)
  return { Return: true }
}

function sameTarget(route: Route, target: Partial<Route>): boolean {
  return Object.entries(target).every(([name, value]) => route[name as keyof Route] === value)
}

export const replaceRoute: Ec2Handler = (input, { state }) => {
  const table = state.routeTables.named(input)
  const destination = destinationIn(input, state)
  const at = indexOf(table, destination)
  const target = targetIn(input, table, state)
  table.Routes[at] = { ...destination, ...target, Origin: table.Routes[at]!.Origin, State: 'active' }
  state.routeTables.put(table)
}

export const deleteRoute: Ec2Handler = (input, { state }) => {
  const table = state.routeTables.named(input)
  const destination = destinationIn(input, state)
  const at = indexOf(table, destination)
  if (table.Routes[at]!.GatewayId === 'local')
    throw invalidValue(`cannot remove local route ${nameOf(destination)} in route table ${table.RouteTableId}`)
  table.Routes.splice(at, 1)
  state.routeTables.put(table)
}

function indexOf(table: RouteTable, destination: Destination): number {
  const name = nameOf(destination)
  const at = table.Routes.findIndex((route) => nameOf(route) === name)
  if (at >= 0) return at
  const what =
    destination.DestinationCidrBlock !== undefined
      ? 'destination-cidr-block'
      : destination.DestinationIpv6CidrBlock !== undefined
        ? 'destination-ipv6-cidr-block'
        : 'destination-prefix-list-id'
  throw new AwsError('InvalidRoute.NotFound', `no route with ${what} ${name} in route table ${table.RouteTableId}`)
}
