// What nobody can make here, is not there: lists that tools ask for when they look at a whole account, and that are empty
// for that reason. A request that names an id is told that the rest is not built.

import { AwsError } from '../../../../lib/errors.ts'
import type { Ec2Handler } from '../state.ts'

const lists: Readonly<Record<string, string>> = {
  DescribeAwsNetworkPerformanceMetricSubscriptions: 'Subscriptions',
  DescribeBundleTasks: 'BundleTasks',
  DescribeByoipCidrs: 'ByoipCidrs',
  DescribeCapacityBlockExtensionHistory: 'CapacityBlockExtensions',
  DescribeCapacityBlocks: 'CapacityBlocks',
  DescribeCapacityManagerDataExports: 'CapacityManagerDataExports',
  DescribeCapacityReservationBillingRequests: 'CapacityReservationBillingRequests',
  DescribeCapacityReservationFleets: 'CapacityReservationFleets',
  DescribeCoipPools: 'CoipPools',
  DescribeConversionTasks: 'ConversionTasks',
  DescribeDeclarativePoliciesReports: 'Reports',
  DescribeElasticGpus: 'ElasticGpuSet',
  DescribeExportImageTasks: 'ExportImageTasks',
  DescribeExportTasks: 'ExportTasks',
  DescribeFastLaunchImages: 'FastLaunchImages',
  DescribeFpgaImages: 'FpgaImages',
  DescribeHostReservations: 'HostReservationSet',
  DescribeImageUsageReports: 'ImageUsageReports',
  DescribeImportImageTasks: 'ImportImageTasks',
  DescribeImportSnapshotTasks: 'ImportSnapshotTasks',
  DescribeIpamByoasn: 'Byoasns',
  DescribeIpamExternalResourceVerificationTokens: 'IpamExternalResourceVerificationTokens',
  DescribeIpamPolicies: 'IpamPolicies',
  DescribeIpamPrefixListResolverTargets: 'IpamPrefixListResolverTargets',
  DescribeIpamPrefixListResolvers: 'IpamPrefixListResolvers',
  DescribeIpv6Pools: 'Ipv6Pools',
  DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations:
    'LocalGatewayRouteTableVirtualInterfaceGroupAssociations',
  DescribeLocalGatewayRouteTableVpcAssociations: 'LocalGatewayRouteTableVpcAssociations',
  DescribeLocalGatewayRouteTables: 'LocalGatewayRouteTables',
  DescribeLocalGatewayVirtualInterfaceGroups: 'LocalGatewayVirtualInterfaceGroups',
  DescribeLocalGatewayVirtualInterfaces: 'LocalGatewayVirtualInterfaces',
  DescribeLocalGateways: 'LocalGateways',
  DescribeMacHosts: 'MacHosts',
  DescribeMacModificationTasks: 'MacModificationTasks',
  DescribeMovingAddresses: 'MovingAddressStatuses',
  DescribeNetworkInsightsAccessScopeAnalyses: 'NetworkInsightsAccessScopeAnalyses',
  DescribeNetworkInsightsAccessScopes: 'NetworkInsightsAccessScopes',
  DescribeNetworkInsightsAnalyses: 'NetworkInsightsAnalyses',
  DescribeNetworkInsightsPaths: 'NetworkInsightsPaths',
  DescribeOutpostLags: 'OutpostLags',
  DescribePublicIpv4Pools: 'PublicIpv4Pools',
  DescribeReservedInstances: 'ReservedInstances',
  DescribeReservedInstancesListings: 'ReservedInstancesListings',
  DescribeReservedInstancesModifications: 'ReservedInstancesModifications',
  DescribeRouteServerEndpoints: 'RouteServerEndpoints',
  DescribeRouteServerPeers: 'RouteServerPeers',
  DescribeRouteServers: 'RouteServers',
  DescribeScheduledInstances: 'ScheduledInstanceSet',
  DescribeSecondaryInterfaces: 'SecondaryInterfaces',
  DescribeSecondaryNetworks: 'SecondaryNetworks',
  DescribeSecondarySubnets: 'SecondarySubnets',
  DescribeServiceLinkVirtualInterfaces: 'ServiceLinkVirtualInterfaces',
  DescribeStoreImageTasks: 'StoreImageTaskResults',
  DescribeTransitGatewayMeteringPolicies: 'TransitGatewayMeteringPolicies',
  DescribeTransitGatewayPolicyTables: 'TransitGatewayPolicyTables',
  DescribeTransitGatewayRouteTableAnnouncements: 'TransitGatewayRouteTableAnnouncements',
  DescribeTrunkInterfaceAssociations: 'InterfaceAssociations',
  DescribeVerifiedAccessEndpoints: 'VerifiedAccessEndpoints',
  DescribeVerifiedAccessGroups: 'VerifiedAccessGroups',
  DescribeVerifiedAccessInstanceLoggingConfigurations: 'LoggingConfigurations',
  DescribeVerifiedAccessInstances: 'VerifiedAccessInstances',
  DescribeVerifiedAccessTrustProviders: 'VerifiedAccessTrustProviders',
  DescribeVpcEncryptionControls: 'VpcEncryptionControls',
  DescribeVpcEndpointConnectionNotifications: 'ConnectionNotificationSet',
  DescribeVpnConcentrators: 'VpnConcentrators',
  ListImagesInRecycleBin: 'Images',
  ListSnapshotsInRecycleBin: 'Snapshots',
  ListVolumesInRecycleBin: 'Volumes',
}

const empty =
  (operation: string, list: string): Ec2Handler =>
  (input) => {
    const named = Object.keys(input).find((member) => /Ids?$/.test(member) && input[member]?.length > 0)
    if (named === undefined) return { [list]: [] }
    throw new AwsError('NotImplemented', `The local AWS has no ec2 ${operation} by ${named} yet.`, { status: 501 })
  }

export const nothing: Readonly<Record<string, Ec2Handler>> = Object.fromEntries(
  Object.entries(lists).map(([operation, list]) => [operation, empty(operation, list)]),
)
