// Which kinds of resource are there, how are their ids made, and what is said when one is not there?

import { AwsError } from '../../../lib/errors.ts'
import { invalidParameter } from './errors.ts'

export interface Kind {
  /** The table's name. */
  readonly table: string
  /** The member that holds the id. */
  readonly id: string
  /** What ids begin with, without the hyphen. */
  readonly prefix: string
  /** What tags and ARNs call it. */
  readonly type: string
  missing(ids: readonly string[]): AwsError
  /** The refusal of what cannot be an id; undefined where it may be one. */
  malformed?(id: string): AwsError | undefined
}

const quoted = (ids: readonly string[]): string => `'${ids.join(', ')}'`

/** `The vpc ID 'vpc-1' does not exist`; with several `The vpc IDs '…' do not exist`. */
const doesNotExist =
  (code: string, what: string) =>
  (ids: readonly string[]): AwsError =>
    new AwsError(
      code,
      ids.length > 1 ? `The ${what}s ${quoted(ids)} do not exist` : `The ${what} ${quoted(ids)} does not exist`,
    )

function isId(prefix: string, id: string): boolean {
  return new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)
}

/** `Invalid id: "x" (expecting "ami-...")` */
const expecting =
  (code: string, prefix: string) =>
  (id: string): AwsError | undefined =>
    id.startsWith(`${prefix}-`) && /^[a-z]+-[0-9a-z]*$/.test(id)
      ? undefined
      : new AwsError(code, `Invalid id: "${id}" (expecting "${prefix}-...")`)

const hexOnly =
  (code: string, prefix: string) =>
  (id: string): AwsError | undefined =>
    isId(prefix, id) ? undefined : new AwsError(code, `Invalid id: "${id}"`)

const parameter =
  (name: string, prefix: string) =>
  (id: string): AwsError | undefined =>
    id.startsWith(`${prefix}-`) ? undefined : invalidParameter(name, id, `Expected: '${prefix}-...'.`)

const kind = <const Id extends string>(
  table: string,
  id: Id,
  prefix: string,
  type: string,
  missing: Kind['missing'],
  malformed?: Kind['malformed'],
): Kind & { readonly id: Id } => ({ table, id, prefix, type, missing, ...(malformed && { malformed }) })

const said =
  (code: string, text: (id: string) => string) =>
  (ids: readonly string[]): AwsError =>
    new AwsError(code, text(ids.join(', ')))

export const kinds = {
  instances: kind(
    'instances',
    'InstanceId',
    'i',
    'instance',
    doesNotExist('InvalidInstanceID.NotFound', 'instance ID'),
    hexOnly('InvalidInstanceID.Malformed', 'i'),
  ),
  volumes: kind(
    'volumes',
    'VolumeId',
    'vol',
    'volume',
    said('InvalidVolume.NotFound', (id) => `The volume '${id}' does not exist.`),
    parameter('volumeId', 'vol'),
  ),
  snapshots: kind(
    'snapshots',
    'SnapshotId',
    'snap',
    'snapshot',
    said('InvalidSnapshot.NotFound', (id) => `The snapshot '${id}' does not exist.`),
    parameter('snapshotId', 'snap'),
  ),
  images: kind(
    'images',
    'ImageId',
    'ami',
    'image',
    (ids) =>
      new AwsError(
        'InvalidAMIID.NotFound',
        ids.length > 1
          ? `The image ids '[${ids.join(', ')}]' do not exist`
          : `The image id '[${ids[0]}]' does not exist`,
      ),
    expecting('InvalidAMIID.Malformed', 'ami'),
  ),
  keyPairs: kind(
    'key-pairs',
    'KeyPairId',
    'key',
    'key-pair',
    said('InvalidKeyPair.NotFound', (id) => `The key pair '${id}' does not exist`),
  ),
  securityGroups: kind(
    'security-groups',
    'GroupId',
    'sg',
    'security-group',
    said('InvalidGroup.NotFound', (id) =>
      id.includes(',') ? `The security groups '${id}' do not exist` : `The security group '${id}' does not exist`,
    ),
    expecting('InvalidGroupId.Malformed', 'sg'),
  ),
  vpcs: kind('vpcs', 'VpcId', 'vpc', 'vpc', doesNotExist('InvalidVpcID.NotFound', 'vpc ID')),
  subnets: kind('subnets', 'SubnetId', 'subnet', 'subnet', doesNotExist('InvalidSubnetID.NotFound', 'subnet ID')),
  routeTables: kind(
    'route-tables',
    'RouteTableId',
    'rtb',
    'route-table',
    doesNotExist('InvalidRouteTableID.NotFound', 'routeTable ID'),
  ),
  internetGateways: kind(
    'internet-gateways',
    'InternetGatewayId',
    'igw',
    'internet-gateway',
    doesNotExist('InvalidInternetGatewayID.NotFound', 'internetGateway ID'),
  ),
  egressGateways: kind(
    'egress-gateways',
    'EgressOnlyInternetGatewayId',
    'eigw',
    'egress-only-internet-gateway',
    doesNotExist('InvalidGatewayID.NotFound', 'eigw ID'),
  ),
  natGateways: kind(
    'nat-gateways',
    'NatGatewayId',
    'nat',
    'natgateway',
    said('NatGatewayNotFound', (id) => `The Nat Gateway ${id} was not found`),
    (id) => (isId('nat', id) ? undefined : new AwsError('NatGatewayMalformed', `The Nat Gateway ${id} is malformed`)),
  ),
  networkAcls: kind(
    'network-acls',
    'NetworkAclId',
    'acl',
    'network-acl',
    doesNotExist('InvalidNetworkAclID.NotFound', 'networkAcl ID'),
  ),
  interfaces: kind(
    'interfaces',
    'NetworkInterfaceId',
    'eni',
    'network-interface',
    doesNotExist('InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'),
    expecting('InvalidNetworkInterfaceId.Malformed', 'eni'),
  ),
  addresses: kind(
    'addresses',
    'AllocationId',
    'eipalloc',
    'elastic-ip',
    doesNotExist('InvalidAllocationID.NotFound', 'allocation ID'),
  ),
  dhcpOptions: kind(
    'dhcp-options',
    'DhcpOptionsId',
    'dopt',
    'dhcp-options',
    doesNotExist('InvalidDhcpOptionID.NotFound', 'dhcpOption ID'),
  ),
  endpoints: kind(
    'endpoints',
    'VpcEndpointId',
    'vpce',
    'vpc-endpoint',
    said('InvalidVpcEndpointId.NotFound', (id) => `The Vpc Endpoint Id '${id}' does not exist`),
  ),
  peerings: kind(
    'peerings',
    'VpcPeeringConnectionId',
    'pcx',
    'vpc-peering-connection',
    doesNotExist('InvalidVpcPeeringConnectionID.NotFound', 'vpcPeeringConnection ID'),
  ),
  flowLogs: kind(
    'flow-logs',
    'FlowLogId',
    'fl',
    'vpc-flow-log',
    said(
      'InvalidFlowLogId.NotFound',
      (id) =>
        `These flow log ids in the input list are not found: [TotalCount: ${id.split(', ').length}] ${id.replaceAll(',', '')}`,
    ),
  ),
  prefixLists: kind(
    'prefix-lists',
    'PrefixListId',
    'pl',
    'prefix-list',
    said('InvalidPrefixListID.NotFound', (id) => `The prefix list ID '${id}' does not exist`),
  ),
  placementGroups: kind(
    'placement-groups',
    'GroupId',
    'pg',
    'placement-group',
    said('InvalidPlacementGroup.Unknown', (id) => `The Placement Group '${id}' is unknown.`),
  ),
  launchTemplates: kind(
    'launch-templates',
    'LaunchTemplateId',
    'lt',
    'launch-template',
    said(
      'InvalidLaunchTemplateId.NotFound',
      (id) => `The specified launch template, with template ID ${id}, does not exist.`,
    ),
    (id) =>
      isId('lt', id)
        ? undefined
        : new AwsError('InvalidLaunchTemplateId.Malformed', `The launch template ID '${id}' is malformed`),
  ),
  vpnGateways: kind(
    'vpn-gateways',
    'VpnGatewayId',
    'vgw',
    'vpn-gateway',
    doesNotExist('InvalidVpnGatewayID.NotFound', 'vpnGateway ID'),
  ),
  customerGateways: kind(
    'customer-gateways',
    'CustomerGatewayId',
    'cgw',
    'customer-gateway',
    doesNotExist('InvalidCustomerGatewayID.NotFound', 'customerGateway ID'),
  ),
  spotRequests: kind(
    'spot-requests',
    'SpotInstanceRequestId',
    'sir',
    'spot-instances-request',
    doesNotExist('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
  ),
  cidrReservations: kind(
    'cidr-reservations',
    'SubnetCidrReservationId',
    'scr',
    'subnet-cidr-reservation',
    doesNotExist('InvalidSubnetCidrReservationID.NotFound', 'subnet-cidr-reservation ID'),
  ),
  transitGateways: kind(
    'transit-gateways',
    'TransitGatewayId',
    'tgw',
    'transit-gateway',
    said('InvalidTransitGatewayID.NotFound', (id) => `Transit Gateway ${id} was deleted or does not exist.`),
  ),
  transitAttachments: kind(
    'transit-attachments',
    'TransitGatewayAttachmentId',
    'tgw-attach',
    'transit-gateway-attachment',
    said(
      'InvalidTransitGatewayAttachmentID.NotFound',
      (id) => `Transit Gateway Attachment ${id} was deleted or does not exist.`,
    ),
  ),
  transitTables: kind(
    'transit-tables',
    'TransitGatewayRouteTableId',
    'tgw-rtb',
    'transit-gateway-route-table',
    said('InvalidRouteTableID.NotFound', (id) => `Transit Gateway Route Table ${id} was deleted or does not exist.`),
  ),
  multicastDomains: kind(
    'multicast-domains',
    'TransitGatewayMulticastDomainId',
    'tgw-mcast-domain',
    'transit-gateway-multicast-domain',
    said(
      'InvalidTransitGatewayMulticastDomainId.NotFound',
      (id) => `Transit Gateway Multicast Domain ${id} was deleted or does not exist.`,
    ),
  ),
  connectPeers: kind(
    'transit-connect-peers',
    'TransitGatewayConnectPeerId',
    'tgw-connect-peer',
    'transit-gateway-connect-peer',
    said(
      'InvalidTransitGatewayConnectPeerID.NotFound',
      (id) => `Transit Gateway Connect Peer ${id} was deleted or does not exist.`,
    ),
  ),
  vpnConnections: kind(
    'vpn-connections',
    'VpnConnectionId',
    'vpn',
    'vpn-connection',
    doesNotExist('InvalidVpnConnectionID.NotFound', 'vpnConnection ID'),
  ),
  carrierGateways: kind(
    'carrier-gateways',
    'CarrierGatewayId',
    'cagw',
    'carrier-gateway',
    doesNotExist('InvalidCarrierGatewayID.NotFound', 'CarrierGateway ID'),
  ),
  endpointServices: kind(
    'endpoint-services',
    'ServiceId',
    'vpce-svc',
    'vpc-endpoint-service',
    said('InvalidVpcEndpointServiceId.NotFound', (id) => `The VpcEndpointService Id '${id}' does not exist`),
  ),
  mirrorFilters: kind(
    'mirror-filters',
    'TrafficMirrorFilterId',
    'tmf',
    'traffic-mirror-filter',
    said('InvalidTrafficMirrorFilterId.NotFound', (id) => `Traffic Mirror Filter ${id} does not exist.`),
  ),
  mirrorTargets: kind(
    'mirror-targets',
    'TrafficMirrorTargetId',
    'tmt',
    'traffic-mirror-target',
    said('InvalidTrafficMirrorTargetId.NotFound', (id) => `Traffic Mirror Target ${id} does not exist.`),
  ),
  mirrorSessions: kind(
    'mirror-sessions',
    'TrafficMirrorSessionId',
    'tms',
    'traffic-mirror-session',
    said('InvalidTrafficMirrorSessionId.NotFound', (id) => `Traffic Mirror Session ${id} does not exist.`),
  ),
  connectEndpoints: kind(
    'connect-endpoints',
    'InstanceConnectEndpointId',
    'eice',
    'instance-connect-endpoint',
    said(
      'InvalidInstanceConnectEndpointId.NotFound',
      (id) => `The instance connect endpoint ID '${id}' does not exist`,
    ),
  ),
  eventWindows: kind(
    'event-windows',
    'InstanceEventWindowId',
    'iew',
    'instance-event-window',
    said('InvalidInstanceEventWindowID.NotFound', (id) => `The instance event window ID '${id}' does not exist`),
  ),
  hosts: kind(
    'hosts',
    'HostId',
    'h',
    'dedicated-host',
    said('InvalidHostID.NotFound', (id) => `The host ID '${id}' does not exist`),
  ),
  capacityReservations: kind(
    'capacity-reservations',
    'CapacityReservationId',
    'cr',
    'capacity-reservation',
    said('InvalidCapacityReservationId.NotFound', (id) => `The capacity reservation '${id}' does not exist`),
  ),
  fleets: kind(
    'fleets',
    'FleetId',
    'fleet',
    'fleet',
    said('InvalidFleetId.NotFound', (id) => `The fleet ID '${id}' does not exist`),
  ),
  spotFleets: kind(
    'spot-fleets',
    'SpotFleetRequestId',
    'sfr',
    'spot-fleet-request',
    said('InvalidSpotFleetRequestId.NotFound', (id) => `The Spot fleet request ID '${id}' does not exist`),
  ),
  interfacePermissions: kind(
    'interface-permissions',
    'NetworkInterfacePermissionId',
    'eni-perm',
    'network-interface-permission',
    said('InvalidPermissionID.NotFound', (id) => `The permission ID '${id}' does not exist`),
  ),
  accessExclusions: kind(
    'access-exclusions',
    'ExclusionId',
    'vpcbpa-exclude',
    'vpc-block-public-access-exclusion',
    said('InvalidVpcBlockPublicAccessExclusionId.NotFound', (id) => `The exclusion ID '${id}' does not exist`),
  ),
  rootVolumeTasks: kind(
    'root-volume-tasks',
    'ReplaceRootVolumeTaskId',
    'replacevol',
    'replace-root-volume-task',
    said('InvalidReplaceRootVolumeTaskId.NotFound', (id) => `The replace root volume task ID '${id}' does not exist`),
  ),
  clientVpnEndpoints: kind(
    'client-vpn-endpoints',
    'ClientVpnEndpointId',
    'cvpn-endpoint',
    'client-vpn-endpoint',
    said('InvalidClientVpnEndpointId.NotFound', (id) => `Endpoint ${id} does not exist`),
  ),
  ipams: kind(
    'ipams',
    'IpamId',
    'ipam',
    'ipam',
    said('InvalidIpamId.NotFound', (id) => `The ipam ID '${id}' does not exist`),
  ),
  ipamScopes: kind(
    'ipam-scopes',
    'IpamScopeId',
    'ipam-scope',
    'ipam-scope',
    said('InvalidIpamScopeId.NotFound', (id) => `The ipam-scope ID '${id}' does not exist`),
  ),
  ipamPools: kind(
    'ipam-pools',
    'IpamPoolId',
    'ipam-pool',
    'ipam-pool',
    said('InvalidIpamPoolId.NotFound', (id) => `The ipam-pool ID '${id}' does not exist`),
  ),
} as const satisfies Record<string, Kind>

/** The kind that an id is of, by what it begins with. */
export function kindOf(id: string): Kind | undefined {
  const prefix = /^(fleet|sfr)-/.exec(id)?.[1] ?? id.slice(0, id.lastIndexOf('-'))
  return Object.values(kinds).find((each) => each.prefix === prefix)
}

export type KindName = keyof typeof kinds

export function kindNameOf(id: string): KindName | undefined {
  const found = kindOf(id)
  return found && (Object.entries(kinds).find(([, each]) => each === found)![0] as KindName)
}
