// Where a Client VPN endpoint leads, and who may go there: its subnets, routes and authorization rules.

import { AwsError } from '../../../../lib/errors.ts'
import { canonical, overlaps, parseBlock } from '../cidr.ts'
import type { ClientVpnEndpoint, ClientVpnNetwork } from '../client-vpn-records.ts'
import { listed } from '../describe.ts'
import { badCombination, invalidParameter, missingParameter, need } from '../errors.ts'
import type { Filters } from '../filters.ts'
import { newId } from '../ids.ts'
import { FreeAddresses, groupsIn, makeInterface, removeInterface } from '../interfaces.ts'
import type { Ec2Handler } from '../state.ts'
import { once } from '../tokens.ts'

/** One page of what an endpoint has, each with the endpoint's id. */
function part(list: string, endpoint: ClientVpnEndpoint, all: readonly object[], input: any, filters: Filters) {
  const { ClientVpnEndpointId } = endpoint
  const shown = all.map((each) => ({ ClientVpnEndpointId, ...each }))
  return listed(shown, input, { list, filters, pages: [5, 1000] })
}

function blockIn(name: string, text: string): string {
  const block = canonical(text)
  if (block === undefined) throw invalidParameter(name, text, 'This is not a valid CIDR block.')
  return block
}

// --- subnets -----------------------------------------------------------------------------------------------------------

/** One a zone, all of one VPC; a route to the VPC comes with it. */
export const associateClientVpnTargetNetwork: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const endpoint = state.clientVpnEndpoints.named(input)
    need(input, 'SubnetId')
    const subnet = state.subnets.get(input.SubnetId)
    if (!subnet) throw new AwsError('InvalidClientVpnSubnetId.NotFound', `The subnet ${input.SubnetId} does not exist`)
    const vpc = state.vpcs.find(subnet.VpcId)
    if (endpoint.VpcId !== undefined && endpoint.VpcId !== vpc.VpcId)
      throw invalidParameter('subnetId', subnet.SubnetId, `It is not in the VPC ${endpoint.VpcId} of the endpoint.`)
    if (endpoint.networks.some(({ TargetNetworkId }) => TargetNetworkId === subnet.SubnetId))
      throw new AwsError(
        'InvalidClientVpnDuplicateAssociationException',
        `The subnet ${subnet.SubnetId} is already associated with ${endpoint.ClientVpnEndpointId}`,
      )
    if (endpoint.networks.some(({ zone }) => zone === subnet.AvailabilityZone))
      throw new AwsError(
        'InvalidClientVpnSubnetId.DuplicateAz',
        `A subnet of ${subnet.AvailabilityZone} is already associated with ${endpoint.ClientVpnEndpointId}`,
      )
    const clients = parseBlock(endpoint.ClientCidrBlock)!
    if (vpc.CidrBlockAssociationSet.some(({ CidrBlock }) => overlaps(clients, parseBlock(CidrBlock)!)))
      throw new AwsError(
        'InvalidClientVpnSubnetId.OverlappingCidr',
        `The CIDR block of ${vpc.VpcId} overlaps with the client CIDR block ${endpoint.ClientCidrBlock}`,
      )
    const groups = groupsIn(state, vpc.VpcId, endpoint.SecurityGroupIds)
    const made = makeInterface(state, {
      subnet,
      free: new FreeAddresses(state, subnet),
      groups,
      Description: `ClientVPN Endpoint resource for ${endpoint.ClientVpnEndpointId}`,
      InterfaceType: 'interface',
      RequesterId: state.account,
    })
    state.interfaces.update(made, { Status: 'in-use' })
    const network: ClientVpnNetwork = {
      AssociationId: newId('cvpn-assoc'),
      VpcId: vpc.VpcId,
      TargetNetworkId: subnet.SubnetId,
      interface: made.NetworkInterfaceId,
      zone: subnet.AvailabilityZone,
    }
    state.clientVpnEndpoints.update(endpoint, {
      Status: { Code: 'available' },
      VpcId: vpc.VpcId,
      SecurityGroupIds: groups.map(({ GroupId }) => GroupId),
      networks: [...endpoint.networks, network],
      routes: [
        ...endpoint.routes,
        ...vpc.CidrBlockAssociationSet.map(({ CidrBlock }) => ({
          DestinationCidr: CidrBlock,
          TargetSubnet: subnet.SubnetId,
          Type: 'Nat',
          Origin: 'associate' as const,
          Description: 'Default Route',
        })),
      ],
    })
    return { AssociationId: network.AssociationId, Status: { Code: 'associating' } }
  })

function networkNamed({ networks }: ClientVpnEndpoint, id: string): ClientVpnNetwork {
  const found = networks.find(({ AssociationId }) => AssociationId === id)
  if (found) return found
  throw new AwsError('InvalidClientVpnAssociationIdNotFound', `The association ${id} does not exist`)
}

export const describeClientVpnTargetNetworks: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  const ids: string[] = input.AssociationIds ?? []
  const networks = ids.length > 0 ? ids.map((id) => networkNamed(endpoint, id)) : endpoint.networks
  const shown = networks.map(({ AssociationId, VpcId, TargetNetworkId }) => ({
    AssociationId,
    VpcId,
    TargetNetworkId,
    Status: { Code: 'associated' },
    SecurityGroups: endpoint.SecurityGroupIds ?? [],
  }))
  return part('ClientVpnTargetNetworks', endpoint, shown, input, {
    'association-id': 'AssociationId',
    'target-network-id': 'TargetNetworkId',
    'vpc-id': 'VpcId',
  })
}

/** With its routes; an endpoint that leads nowhere any more waits again. */
export const disassociateClientVpnTargetNetwork: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  need(input, 'AssociationId')
  const network = networkNamed(endpoint, input.AssociationId)
  const found = state.interfaces.get(network.interface)
  if (found) removeInterface(state, found)
  const networks = endpoint.networks.filter((each) => each !== network)
  state.clientVpnEndpoints.update(endpoint, {
    networks,
    routes: endpoint.routes.filter(({ TargetSubnet }) => TargetSubnet !== network.TargetNetworkId),
    ...(networks.length === 0 && { Status: { Code: 'pending-associate' } }),
  })
  return { AssociationId: network.AssociationId, Status: { Code: 'disassociating' } }
}

export const applySecurityGroupsToClientVpnTargetNetwork: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  if (!input.SecurityGroupIds?.length) throw missingParameter('SecurityGroupIds')
  const { VpcId } = state.vpcs.named(input)
  if (!endpoint.networks.some((each) => each.VpcId === VpcId))
    throw new AwsError(
      'InvalidClientVpnActiveAssociationNotFound',
      `No subnet of ${VpcId} is associated with ${endpoint.ClientVpnEndpointId}`,
    )
  const Groups = groupsIn(state, VpcId, input.SecurityGroupIds)
  for (const each of endpoint.networks) {
    const found = state.interfaces.get(each.interface)
    if (found) state.interfaces.update(found, { Groups })
  }
  const SecurityGroupIds = Groups.map(({ GroupId }) => GroupId)
  state.clientVpnEndpoints.update(endpoint, { SecurityGroupIds })
  return { SecurityGroupIds }
}

// --- routes ------------------------------------------------------------------------------------------------------------

export const createClientVpnRoute: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const endpoint = state.clientVpnEndpoints.named(input)
    need(input, 'DestinationCidrBlock', 'TargetVpcSubnetId')
    const DestinationCidr = blockIn('destinationCidrBlock', input.DestinationCidrBlock)
    const TargetSubnet: string = input.TargetVpcSubnetId
    // `local` is for clients among themselves.
    if (TargetSubnet !== 'local' && !endpoint.networks.some((each) => each.TargetNetworkId === TargetSubnet))
      throw new AwsError(
        'InvalidClientVpnActiveAssociationNotFound',
        `The subnet ${TargetSubnet} is not associated with ${endpoint.ClientVpnEndpointId}`,
      )
    if (endpoint.routes.some((each) => each.DestinationCidr === DestinationCidr && each.TargetSubnet === TargetSubnet))
      throw new AwsError(
        'InvalidClientVpnDuplicateRoute',
        `A route to ${DestinationCidr} by ${TargetSubnet} exists already`,
      )
    const route = {
      DestinationCidr,
      TargetSubnet,
      Type: TargetSubnet === 'local' ? 'Local' : 'Nat',
      Origin: 'add-route' as const,
      ...(input.Description !== undefined && { Description: input.Description }),
    }
    state.clientVpnEndpoints.update(endpoint, { routes: [...endpoint.routes, route] })
    return { Status: { Code: 'creating' } }
  })

export const describeClientVpnRoutes: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  const routes = endpoint.routes.map((route) => ({ ...route, Status: { Code: 'active' } }))
  return part('Routes', endpoint, routes, input, {
    'destination-cidr': 'DestinationCidr',
    origin: 'Origin',
    'target-subnet': 'TargetSubnet',
  })
}

/** Only those that were added; the others go with their subnet. */
export const deleteClientVpnRoute: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  need(input, 'DestinationCidrBlock')
  const cidr = blockIn('destinationCidrBlock', input.DestinationCidrBlock)
  const { TargetVpcSubnetId: subnet } = input
  const found = endpoint.routes.filter(
    ({ DestinationCidr, TargetSubnet, Origin }) =>
      DestinationCidr === cidr && (subnet === undefined || TargetSubnet === subnet) && Origin === 'add-route',
  )
  if (found.length === 0)
    throw new AwsError(
      'InvalidClientVpnRouteNotFound',
      `No route to ${cidr} was added to ${endpoint.ClientVpnEndpointId}`,
    )
  state.clientVpnEndpoints.update(endpoint, { routes: endpoint.routes.filter((each) => !found.includes(each)) })
  return { Status: { Code: 'deleting' } }
}

// --- who may go where --------------------------------------------------------------------------------------------------

interface Whom {
  TargetNetworkCidr: string
  AccessGroupId?: string
  all?: boolean
}

/** One group, or all. */
function ruleIn({ TargetNetworkCidr, AccessGroupId, all }: Whom): {
  DestinationCidr: string
  GroupId: string
  AccessAll: boolean
} {
  if (AccessGroupId === undefined && !all) throw missingParameter('AccessGroupId')
  if (AccessGroupId !== undefined && all)
    throw badCombination('Only one of AccessGroupId and all groups can be specified.')
  const DestinationCidr = blockIn('targetNetworkCidr', TargetNetworkCidr)
  return { DestinationCidr, GroupId: AccessGroupId ?? '', AccessAll: all ?? false }
}

export const authorizeClientVpnIngress: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const endpoint = state.clientVpnEndpoints.named(input)
    need(input, 'TargetNetworkCidr')
    const rule = ruleIn({ ...input, all: input.AuthorizeAllGroups })
    if (endpoint.rules.some((each) => each.DestinationCidr === rule.DestinationCidr && each.GroupId === rule.GroupId))
      throw new AwsError(
        'InvalidClientVpnDuplicateAuthorizationRule',
        `A rule for ${rule.DestinationCidr} exists already`,
      )
    const made = { ...rule, ...(input.Description !== undefined && { Description: input.Description }) }
    state.clientVpnEndpoints.update(endpoint, { rules: [...endpoint.rules, made] })
    return { Status: { Code: 'authorizing' } }
  })

export const describeClientVpnAuthorizationRules: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  const rules = endpoint.rules.map((rule) => ({ ...rule, Status: { Code: 'active' } }))
  return part('AuthorizationRules', endpoint, rules, input, {
    description: 'Description',
    'destination-cidr': 'DestinationCidr',
    'group-id': 'GroupId',
  })
}

export const revokeClientVpnIngress: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  need(input, 'TargetNetworkCidr')
  const rule = ruleIn({ ...input, all: input.RevokeAllGroups })
  const isThis = (each: { DestinationCidr: string; GroupId: string }): boolean =>
    each.DestinationCidr === rule.DestinationCidr && each.GroupId === rule.GroupId
  if (!endpoint.rules.some(isThis))
    throw new AwsError(
      'InvalidClientVpnEndpointAuthorizationRuleNotFound',
      `No rule for ${rule.DestinationCidr} exists`,
    )
  state.clientVpnEndpoints.update(endpoint, { rules: endpoint.rules.filter((each) => !isThis(each)) })
  return { Status: { Code: 'revoking' } }
}
