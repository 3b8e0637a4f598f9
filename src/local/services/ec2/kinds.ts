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

const said =
  (code: string, text: (id: string) => string) =>
  (ids: readonly string[]): AwsError =>
    new AwsError(code, text(ids.join(', ')))

export const kinds = {
  instances: {
    table: 'instances',
    id: 'InstanceId',
    prefix: 'i',
    type: 'instance',
    missing: doesNotExist('InvalidInstanceID.NotFound', 'instance ID'),
    malformed: hexOnly('InvalidInstanceID.Malformed', 'i'),
  },
  volumes: {
    table: 'volumes',
    id: 'VolumeId',
    prefix: 'vol',
    type: 'volume',
    missing: said('InvalidVolume.NotFound', (id) => `The volume '${id}' does not exist.`),
    malformed: parameter('volumeId', 'vol'),
  },
  snapshots: {
    table: 'snapshots',
    id: 'SnapshotId',
    prefix: 'snap',
    type: 'snapshot',
    missing: said('InvalidSnapshot.NotFound', (id) => `The snapshot '${id}' does not exist.`),
    malformed: parameter('snapshotId', 'snap'),
  },
  images: {
    table: 'images',
    id: 'ImageId',
    prefix: 'ami',
    type: 'image',
    missing: (ids) =>
      new AwsError(
        'InvalidAMIID.NotFound',
        ids.length > 1
          ? `The image ids '[${ids.join(', ')}]' do not exist`
          : `The image id '[${ids[0]}]' does not exist`,
      ),
    malformed: expecting('InvalidAMIID.Malformed', 'ami'),
  },
  keyPairs: {
    table: 'key-pairs',
    id: 'KeyPairId',
    prefix: 'key',
    type: 'key-pair',
    missing: said('InvalidKeyPair.NotFound', (id) => `The key pair '${id}' does not exist`),
  },
  securityGroups: {
    table: 'security-groups',
    id: 'GroupId',
    prefix: 'sg',
    type: 'security-group',
    missing: said('InvalidGroup.NotFound', (id) =>
      id.includes(',') ? `The security groups '${id}' do not exist` : `The security group '${id}' does not exist`,
    ),
    malformed: expecting('InvalidGroupId.Malformed', 'sg'),
  },
  vpcs: {
    table: 'vpcs',
    id: 'VpcId',
    prefix: 'vpc',
    type: 'vpc',
    missing: doesNotExist('InvalidVpcID.NotFound', 'vpc ID'),
  },
  subnets: {
    table: 'subnets',
    id: 'SubnetId',
    prefix: 'subnet',
    type: 'subnet',
    missing: doesNotExist('InvalidSubnetID.NotFound', 'subnet ID'),
  },
  routeTables: {
    table: 'route-tables',
    id: 'RouteTableId',
    prefix: 'rtb',
    type: 'route-table',
    missing: doesNotExist('InvalidRouteTableID.NotFound', 'routeTable ID'),
  },
  internetGateways: {
    table: 'internet-gateways',
    id: 'InternetGatewayId',
    prefix: 'igw',
    type: 'internet-gateway',
    missing: doesNotExist('InvalidInternetGatewayID.NotFound', 'internetGateway ID'),
  },
  egressGateways: {
    table: 'egress-gateways',
    id: 'EgressOnlyInternetGatewayId',
    prefix: 'eigw',
    type: 'egress-only-internet-gateway',
    missing: doesNotExist('InvalidGatewayID.NotFound', 'eigw ID'),
  },
  natGateways: {
    table: 'nat-gateways',
    id: 'NatGatewayId',
    prefix: 'nat',
    type: 'natgateway',
    missing: said('NatGatewayNotFound', (id) => `The Nat Gateway ${id} was not found`),
    malformed: (id) =>
      isId('nat', id) ? undefined : new AwsError('NatGatewayMalformed', `The Nat Gateway ${id} is malformed`),
  },
  networkAcls: {
    table: 'network-acls',
    id: 'NetworkAclId',
    prefix: 'acl',
    type: 'network-acl',
    missing: doesNotExist('InvalidNetworkAclID.NotFound', 'networkAcl ID'),
  },
  interfaces: {
    table: 'interfaces',
    id: 'NetworkInterfaceId',
    prefix: 'eni',
    type: 'network-interface',
    missing: doesNotExist('InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'),
    malformed: expecting('InvalidNetworkInterfaceId.Malformed', 'eni'),
  },
  addresses: {
    table: 'addresses',
    id: 'AllocationId',
    prefix: 'eipalloc',
    type: 'elastic-ip',
    missing: doesNotExist('InvalidAllocationID.NotFound', 'allocation ID'),
  },
  dhcpOptions: {
    table: 'dhcp-options',
    id: 'DhcpOptionsId',
    prefix: 'dopt',
    type: 'dhcp-options',
    missing: doesNotExist('InvalidDhcpOptionID.NotFound', 'dhcpOption ID'),
  },
  endpoints: {
    table: 'endpoints',
    id: 'VpcEndpointId',
    prefix: 'vpce',
    type: 'vpc-endpoint',
    missing: said('InvalidVpcEndpointId.NotFound', (id) => `The Vpc Endpoint Id '${id}' does not exist`),
  },
  peerings: {
    table: 'peerings',
    id: 'VpcPeeringConnectionId',
    prefix: 'pcx',
    type: 'vpc-peering-connection',
    missing: doesNotExist('InvalidVpcPeeringConnectionID.NotFound', 'vpcPeeringConnection ID'),
  },
  flowLogs: {
    table: 'flow-logs',
    id: 'FlowLogId',
    prefix: 'fl',
    type: 'vpc-flow-log',
    missing: said(
      'InvalidFlowLogId.NotFound',
      (id) =>
        `These flow log ids in the input list are not found: [TotalCount: ${id.split(', ').length}] ${id.replaceAll(',', '')}`,
    ),
  },
  prefixLists: {
    table: 'prefix-lists',
    id: 'PrefixListId',
    prefix: 'pl',
    type: 'prefix-list',
    missing: said('InvalidPrefixListID.NotFound', (id) => `The prefix list ID '${id}' does not exist`),
  },
  placementGroups: {
    table: 'placement-groups',
    id: 'GroupId',
    prefix: 'pg',
    type: 'placement-group',
    missing: said('InvalidPlacementGroup.Unknown', (id) => `The Placement Group '${id}' is unknown.`),
  },
  launchTemplates: {
    table: 'launch-templates',
    id: 'LaunchTemplateId',
    prefix: 'lt',
    type: 'launch-template',
    missing: said(
      'InvalidLaunchTemplateId.NotFound',
      (id) => `The specified launch template, with template ID ${id}, does not exist.`,
    ),
    malformed: (id) =>
      isId('lt', id)
        ? undefined
        : new AwsError('InvalidLaunchTemplateId.Malformed', `The launch template ID '${id}' is malformed`),
  },
  vpnGateways: {
    table: 'vpn-gateways',
    id: 'VpnGatewayId',
    prefix: 'vgw',
    type: 'vpn-gateway',
    missing: doesNotExist('InvalidVpnGatewayID.NotFound', 'vpnGateway ID'),
  },
  customerGateways: {
    table: 'customer-gateways',
    id: 'CustomerGatewayId',
    prefix: 'cgw',
    type: 'customer-gateway',
    missing: doesNotExist('InvalidCustomerGatewayID.NotFound', 'customerGateway ID'),
  },
  spotRequests: {
    table: 'spot-requests',
    id: 'SpotInstanceRequestId',
    prefix: 'sir',
    type: 'spot-instances-request',
    missing: doesNotExist('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
  },
  cidrReservations: {
    table: 'cidr-reservations',
    id: 'SubnetCidrReservationId',
    prefix: 'scr',
    type: 'subnet-cidr-reservation',
    missing: doesNotExist('InvalidSubnetCidrReservationID.NotFound', 'subnet-cidr-reservation ID'),
  },
  transitGateways: {
    table: 'transit-gateways',
    id: 'TransitGatewayId',
    prefix: 'tgw',
    type: 'transit-gateway',
    missing: said('InvalidTransitGatewayID.NotFound', (id) => `Transit Gateway ${id} was deleted or does not exist.`),
  },
  transitAttachments: {
    table: 'transit-attachments',
    id: 'TransitGatewayAttachmentId',
    prefix: 'tgw-attach',
    type: 'transit-gateway-attachment',
    missing: said(
      'InvalidTransitGatewayAttachmentID.NotFound',
      (id) => `Transit Gateway Attachment ${id} was deleted or does not exist.`,
    ),
  },
  transitTables: {
    table: 'transit-tables',
    id: 'TransitGatewayRouteTableId',
    prefix: 'tgw-rtb',
    type: 'transit-gateway-route-table',
    missing: said(
      'InvalidRouteTableID.NotFound',
      (id) => `Transit Gateway Route Table ${id} was deleted or does not exist.`,
    ),
  },
  multicastDomains: {
    table: 'multicast-domains',
    id: 'TransitGatewayMulticastDomainId',
    prefix: 'tgw-mcast-domain',
    type: 'transit-gateway-multicast-domain',
    missing: said(
      'InvalidTransitGatewayMulticastDomainId.NotFound',
      (id) => `Transit Gateway Multicast Domain ${id} was deleted or does not exist.`,
    ),
  },
  connectPeers: {
    table: 'transit-connect-peers',
    id: 'TransitGatewayConnectPeerId',
    prefix: 'tgw-connect-peer',
    type: 'transit-gateway-connect-peer',
    missing: said(
      'InvalidTransitGatewayConnectPeerID.NotFound',
      (id) => `Transit Gateway Connect Peer ${id} was deleted or does not exist.`,
    ),
  },
  vpnConnections: {
    table: 'vpn-connections',
    id: 'VpnConnectionId',
    prefix: 'vpn',
    type: 'vpn-connection',
    missing: doesNotExist('InvalidVpnConnectionID.NotFound', 'vpnConnection ID'),
  },
  carrierGateways: {
    table: 'carrier-gateways',
    id: 'CarrierGatewayId',
    prefix: 'cagw',
    type: 'carrier-gateway',
    missing: doesNotExist('InvalidCarrierGatewayID.NotFound', 'CarrierGateway ID'),
  },
  endpointServices: {
    table: 'endpoint-services',
    id: 'ServiceId',
    prefix: 'vpce-svc',
    type: 'vpc-endpoint-service',
    missing: said('InvalidVpcEndpointServiceId.NotFound', (id) => `The VpcEndpointService Id '${id}' does not exist`),
  },
  mirrorFilters: {
    table: 'mirror-filters',
    id: 'TrafficMirrorFilterId',
    prefix: 'tmf',
    type: 'traffic-mirror-filter',
    missing: said('InvalidTrafficMirrorFilterId.NotFound', (id) => `Traffic Mirror Filter ${id} does not exist.`),
  },
  mirrorTargets: {
    table: 'mirror-targets',
    id: 'TrafficMirrorTargetId',
    prefix: 'tmt',
    type: 'traffic-mirror-target',
    missing: said('InvalidTrafficMirrorTargetId.NotFound', (id) => `Traffic Mirror Target ${id} does not exist.`),
  },
  mirrorSessions: {
    table: 'mirror-sessions',
    id: 'TrafficMirrorSessionId',
    prefix: 'tms',
    type: 'traffic-mirror-session',
    missing: said('InvalidTrafficMirrorSessionId.NotFound', (id) => `Traffic Mirror Session ${id} does not exist.`),
  },
  connectEndpoints: {
    table: 'connect-endpoints',
    id: 'InstanceConnectEndpointId',
    prefix: 'eice',
    type: 'instance-connect-endpoint',
    missing: said(
      'InvalidInstanceConnectEndpointId.NotFound',
      (id) => `The instance connect endpoint ID '${id}' does not exist`,
    ),
  },
  eventWindows: {
    table: 'event-windows',
    id: 'InstanceEventWindowId',
    prefix: 'iew',
    type: 'instance-event-window',
    missing: said(
      'InvalidInstanceEventWindowID.NotFound',
      (id) => `The instance event window ID '${id}' does not exist`,
    ),
  },
  hosts: {
    table: 'hosts',
    id: 'HostId',
    prefix: 'h',
    type: 'dedicated-host',
    missing: said('InvalidHostID.NotFound', (id) => `The host ID '${id}' does not exist`),
  },
  capacityReservations: {
    table: 'capacity-reservations',
    id: 'CapacityReservationId',
    prefix: 'cr',
    type: 'capacity-reservation',
    missing: said('InvalidCapacityReservationId.NotFound', (id) => `The capacity reservation '${id}' does not exist`),
  },
  fleets: {
    table: 'fleets',
    id: 'FleetId',
    prefix: 'fleet',
    type: 'fleet',
    missing: said('InvalidFleetId.NotFound', (id) => `The fleet ID '${id}' does not exist`),
  },
  spotFleets: {
    table: 'spot-fleets',
    id: 'SpotFleetRequestId',
    prefix: 'sfr',
    type: 'spot-fleet-request',
    missing: said('InvalidSpotFleetRequestId.NotFound', (id) => `The Spot fleet request ID '${id}' does not exist`),
  },
  interfacePermissions: {
    table: 'interface-permissions',
    id: 'NetworkInterfacePermissionId',
    prefix: 'eni-perm',
    type: 'network-interface-permission',
    missing: said('InvalidPermissionID.NotFound', (id) => `The permission ID '${id}' does not exist`),
  },
  accessExclusions: {
    table: 'access-exclusions',
    id: 'ExclusionId',
    prefix: 'vpcbpa-exclude',
    type: 'vpc-block-public-access-exclusion',
    missing: said('InvalidVpcBlockPublicAccessExclusionId.NotFound', (id) => `The exclusion ID '${id}' does not exist`),
  },
  rootVolumeTasks: {
    table: 'root-volume-tasks',
    id: 'ReplaceRootVolumeTaskId',
    prefix: 'replacevol',
    type: 'replace-root-volume-task',
    missing: said(
      'InvalidReplaceRootVolumeTaskId.NotFound',
      (id) => `The replace root volume task ID '${id}' does not exist`,
    ),
  },
  clientVpnEndpoints: {
    table: 'client-vpn-endpoints',
    id: 'ClientVpnEndpointId',
    prefix: 'cvpn-endpoint',
    type: 'client-vpn-endpoint',
    missing: said('InvalidClientVpnEndpointId.NotFound', (id) => `Endpoint ${id} does not exist`),
  },
  ipams: {
    table: 'ipams',
    id: 'IpamId',
    prefix: 'ipam',
    type: 'ipam',
    missing: said('InvalidIpamId.NotFound', (id) => `The ipam ID '${id}' does not exist`),
  },
  ipamScopes: {
    table: 'ipam-scopes',
    id: 'IpamScopeId',
    prefix: 'ipam-scope',
    type: 'ipam-scope',
    missing: said('InvalidIpamScopeId.NotFound', (id) => `The ipam-scope ID '${id}' does not exist`),
  },
  ipamPools: {
    table: 'ipam-pools',
    id: 'IpamPoolId',
    prefix: 'ipam-pool',
    type: 'ipam-pool',
    missing: said('InvalidIpamPoolId.NotFound', (id) => `The ipam-pool ID '${id}' does not exist`),
  },
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
