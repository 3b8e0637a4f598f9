// How often may each action of EC2 be called? Token buckets for each account, region and action, as EC2 documents them.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html

/** Tokens a full bucket holds, and tokens a second. */
export type Limit = readonly [max: number, refill: number]

/** Actions with limits of their own. */
const own: readonly (readonly [...Limit, actions: string])[] = [
  [
    1,
    0.1,
    'AdvertiseByoipCidr DeprovisionByoipCidr DisableImageBlockPublicAccess ' +
      'DisableSnapshotBlockPublicAccess EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ' +
      'ProvisionByoipCidr WithdrawByoipCidr',
  ],
  [1, 0.5, 'AssociateCapacityReservationBillingOwner DescribeByoipCidrs DisassociateCapacityReservationBillingOwner'],
  [
    1,
    1,
    'CancelDeclarativePoliciesReport CreateDefaultSubnet CreateDefaultVpc DescribeInstanceTopology ' +
      'DescribeMovingAddresses MoveAddressToVpc RestoreAddressToClassic StartDeclarativePoliciesReport',
  ],
  [2, 2, 'ModifyInstanceMetadataDefaults'],
  [4, 0.3, 'CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint'],
  [
    5,
    1,
    'CreateCoipCidr CreateCoipPool CreateSubnetCidrReservation DeleteCoipCidr DeleteCoipPool ' +
      'DeleteCoipPoolPermission DeleteSubnetCidrReservation',
  ],
  [
    5,
    2,
    'AuthorizeClientVpnIngress CreateClientVpnRoute DeleteClientVpnRoute DescribeHostReservationOfferings ' +
      'DescribeHostReservations DisableFastLaunch EnableFastLaunch GetHostReservationPurchasePreview ' +
      'PurchaseHostReservation RevokeClientVpnIngress RunInstances StartInstances',
  ],
  [
    5,
    5,
    'DeleteQueuedReservedInstances DescribeDeclarativePoliciesReports GetDeclarativePoliciesReportSummary ' +
      'PurchaseReservedInstancesOffering',
  ],
  [
    10,
    0.15,
    'DescribeCapacityBlockExtensionOfferings DescribeCapacityBlockOfferings PurchaseCapacityBlock ' +
      'PurchaseCapacityBlockExtension',
  ],
  [
    10,
    1,
    'AcceptVpcEndpointConnections AssignPrivateNatGatewayAddress AssociateEnclaveCertificateIamRole ' +
      'AssociateNatGatewayAddress CreateNatGateway CreateVpcEndpointServiceConfiguration DeleteNatGateway ' +
      'DeleteVpcEndpointServiceConfigurations DisassociateEnclaveCertificateIamRole ' +
      'DisassociateNatGatewayAddress GetAssociatedEnclaveCertificateIamRoles ' +
      'ModifyVpcEndpointServiceConfiguration RejectVpcEndpointConnections UnassignPrivateNatGatewayAddress',
  ],
  [
    10,
    2,
    'AttachVerifiedAccessTrustProvider CreateVerifiedAccessGroup CreateVerifiedAccessInstance ' +
      'CreateVerifiedAccessTrustProvider DeleteVerifiedAccessGroup DeleteVerifiedAccessInstance ' +
      'DeleteVerifiedAccessTrustProvider DescribeVerifiedAccessInstanceLoggingConfigurations ' +
      'DetachVerifiedAccessTrustProvider ModifyVerifiedAccessGroup ModifyVerifiedAccessInstance ' +
      'ModifyVerifiedAccessInstanceLoggingConfiguration ModifyVerifiedAccessTrustProvider',
  ],
  [
    10,
    10,
    'DescribeAggregateIdFormat DescribeIdFormat DescribeIdentityIdFormat DescribePrincipalIdFormat ' +
      'DescribeReservedInstancesOfferings',
  ],
  [
    20,
    4,
    'CreateVerifiedAccessEndpoint DeleteVerifiedAccessEndpoint ModifyVerifiedAccessEndpoint ' +
      'ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroupPolicy',
  ],
  [20, 5, 'DescribeSecurityGroupReferences DescribeStaleSecurityGroups'],
  [50, 0.1, 'CreateRestoreImageTask CreateStoreImageTask'],
  [50, 0.5, 'DescribeStoreImageTasks'],
  [50, 3, 'CreateSpotDatafeedSubscription DeleteSpotDatafeedSubscription DescribeSpotFleetRequests'],
  [100, 1, 'CopyImage'],
  [
    100,
    5,
    'AssignIpv6Addresses AssignPrivateIpAddresses AssociateIamInstanceProfile CreateLaunchTemplateVersion ' +
      'CreateNetworkInterface CreateSnapshot CreateSnapshots CreateVolume DeleteNetworkInterface ' +
      'DeleteSnapshot DeleteVolume DeregisterImage DescribeSpotFleetInstances ' +
      'DescribeSpotFleetRequestHistory DisassociateIamInstanceProfile ModifyImageAttribute ' +
      'ModifyInstanceMetadataOptions ModifyLaunchTemplate ModifyNetworkInterfaceAttribute ' +
      'ModifySnapshotAttribute TerminateInstances UnassignPrivateIpAddresses',
  ],
  [100, 10, 'CreateTags DeleteTags'],
  [100, 13, 'DescribeSpotDatafeedSubscription'],
]

const nonMutating: Limit = [100, 20]
const mutating: Limit = [50, 5]
/** Describing everything at once. */
const unfiltered: Limit = [50, 10]

const dear = [
  'AcceptVpcPeeringConnection',
  'AuthorizeSecurityGroupIngress',
  'CancelSpotInstanceRequests',
  'CreateKeyPair',
  'CreateVpcPeeringConnection',
  'DeleteVpcPeeringConnection',
  'RejectVpcPeeringConnection',
  'RevokeSecurityGroupIngress',
  'RequestSpotInstances',
]
const resourceIntensive: Limit = [50, 5]

const listsEverything = [
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeSpotInstanceRequests',
  'DescribeVolumes',
]

/** A token for each instance, beside the one for the call. */
const perInstance: Readonly<Record<string, Limit>> = {
  RunInstances: [1000, 2],
  StartInstances: [1000, 2],
  StopInstances: [1000, 20],
  TerminateInstances: [1000, 20],
}

let limits: Map<string, Limit> | undefined

/** The limit of an action. `whole`: it was asked without filter, ids or page size. */
export function ec2Limit(action: string, whole: boolean): Limit {
  limits ??= new Map(
    own.flatMap(([max, refill, actions]) => actions.split(' ').map((each) => [each, [max, refill]] as const)),
  )
  const listed = limits.get(action)
  if (listed) return listed
  if (dear.includes(action)) return resourceIntensive
  if (whole && listsEverything.includes(action)) return unfiltered
  return /^(Describe|List|Search|Get)/.test(action) ? nonMutating : mutating
}

export function ec2InstanceLimit(action: string): Limit | undefined {
  return perInstance[action]
}
