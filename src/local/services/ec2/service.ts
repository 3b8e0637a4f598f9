// EC2: machines, their networks and disks, as far as people script them. Nothing runs; everything is remembered, checked
// and refused as EC2 does.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import { learn } from './learned.ts'
import * as accountSettings from './operations/account-settings.ts'
import * as addressTransfers from './operations/address-transfers.ts'
import * as addresses from './operations/addresses.ts'
import * as capacityReservations from './operations/capacity-reservations.ts'
import * as classicLink from './operations/classic-link.ts'
import * as clientVpnNetworks from './operations/client-vpn-networks.ts'
import * as clientVpn from './operations/client-vpn.ts'
import * as connectEndpoints from './operations/connect-endpoints.ts'
import * as endpointServices from './operations/endpoint-services.ts'
import * as endpoints from './operations/endpoints.ts'
import * as eventWindows from './operations/event-windows.ts'
import * as fleets from './operations/fleets.ts'
import * as gateways from './operations/gateways.ts'
import * as groupVpcs from './operations/group-vpcs.ts'
import * as hosts from './operations/hosts.ts'
import * as imageAttributes from './operations/image-attributes.ts'
import * as imageHistory from './operations/image-history.ts'
import * as images from './operations/images.ts'
import * as instanceAttributes from './operations/instance-attributes.ts'
import * as instanceProfiles from './operations/instance-profiles.ts'
import * as instances from './operations/instances.ts'
import * as interfacePermissions from './operations/interface-permissions.ts'
import { createKeyPair, deleteKeyPair, describeKeyPairs, importKeyPair } from './operations/key-pairs.ts'
import * as ipamPools from './operations/ipam-pools.ts'
import * as ipam from './operations/ipam.ts'
import * as launchTemplates from './operations/launch-templates.ts'
import * as mirrors from './operations/mirrors.ts'
import * as natAddresses from './operations/nat-addresses.ts'
import * as networkAcls from './operations/network-acls.ts'
import * as networkExtras from './operations/network-extras.ts'
import * as networkInterfaces from './operations/network-interfaces.ts'
import { nothing } from './operations/nothing.ts'
import * as peerings from './operations/peerings.ts'
import * as places from './operations/places.ts'
import * as publicAccess from './operations/public-access.ts'
import * as rootVolumes from './operations/root-volumes.ts'
import * as routeTables from './operations/route-tables.ts'
import * as securityGroups from './operations/security-groups.ts'
import * as snapshotKeeping from './operations/snapshot-keeping.ts'
import * as snapshots from './operations/snapshots.ts'
import * as spotFleets from './operations/spot-fleets.ts'
import * as spot from './operations/spot.ts'
import * as subnets from './operations/subnets.ts'
import * as tags from './operations/tags.ts'
import * as transitAttachments from './operations/transit-attachments.ts'
import * as transitConnects from './operations/transit-connects.ts'
import * as transitGateways from './operations/transit-gateways.ts'
import * as transitMulticast from './operations/transit-multicast.ts'
import * as transitRoutes from './operations/transit-routes.ts'
import * as volumes from './operations/volumes.ts'
import * as vpcs from './operations/vpcs.ts'
import * as vpnConnections from './operations/vpn-connections.ts'
import * as vpnGateways from './operations/vpn-gateways.ts'
import { beside, permissions } from './permissions.ts'
import { checkRequired } from './required.ts'
import { resourceKeys } from './resource-keys.ts'
import { settledIn, type Ec2 } from './state.ts'

export const ec2 = defineService<Ec2>({
  name: 'ec2',
  // Images and snapshots are shared between accounts and copied between regions.
  scope: 'global',
  state: settledIn,
  checked: checkRequired,
  learn,
  permissions,
  beside,
  keysOf: resourceKeys,
  operations: handlersIn<Ec2>(
    vpcs,
    subnets,
    securityGroups,
    routeTables,
    gateways,
    networkAcls,
    networkInterfaces,
    addresses,
    endpoints,
    peerings,
    networkExtras,
    images,
    imageAttributes,
    instances,
    instanceAttributes,
    instanceProfiles,
    launchTemplates,
    volumes,
    snapshots,
    tags,
    capacityReservations,
    clientVpn,
    clientVpnNetworks,
    connectEndpoints,
    endpointServices,
    eventWindows,
    fleets,
    hosts,
    ipam,
    ipamPools,
    mirrors,
    spotFleets,
    nothing,
    places,
    spot,
    transitAttachments,
    transitConnects,
    transitGateways,
    transitMulticast,
    transitRoutes,
    vpnConnections,
    accountSettings,
    addressTransfers,
    classicLink,
    groupVpcs,
    imageHistory,
    interfacePermissions,
    natAddresses,
    publicAccess,
    rootVolumes,
    snapshotKeeping,
    vpnGateways,
    { deleteKeyPair, describeKeyPairs, importKeyPair },
  ),
  slow: { CreateKeyPair: createKeyPair },
})
