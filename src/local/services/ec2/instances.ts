// How is an instance answered? As it stands, with its interfaces and the addresses they have by now.

import { publicDnsName } from './interfaces.ts'
import type { Instance } from './records.ts'
import type { Ec2 } from './state.ts'
import { privateName } from './zones.ts'

export function instanceShown(state: Ec2, instance: Instance) {
  const found = instance.interfaces.flatMap((id) => state.interfaces.get(id) ?? [])
  const [primary] = found
  const ip = primary?.PrivateIpAddress
  const publicIp = primary?.Association?.PublicIp
  const ipv6 = primary?.Ipv6Addresses[0]?.Ipv6Address
  const applied = instance.State.Name === 'pending' ? 'pending' : 'applied'
  return {
    ...instance,
    MetadataOptions: { ...instance.MetadataOptions, State: applied },
    PrivateDnsName: ip === undefined ? '' : privateName(state.region, ip),
    PublicDnsName: primary && publicIp !== undefined ? publicDnsName(state, primary.VpcId, publicIp) : '',
    ...(publicIp !== undefined && { PublicIpAddress: publicIp }),
    ...(ip !== undefined && { PrivateIpAddress: ip }),
    ...(ipv6 !== undefined && { Ipv6Address: ipv6 }),
    NetworkInterfaces: found,
  }
}

/** Instances under their reservations, in the order these were made. */
export function reservationsOf(instances: readonly Instance[]): object[] {
  const byReservation = new Map<string, Instance[]>()
  for (const each of instances) {
    const together = byReservation.get(each.reservation) ?? []
    byReservation.set(each.reservation, together)
    together.push(each)
  }
  return [...byReservation].map(([ReservationId, Instances]) => ({
    ReservationId,
    OwnerId: Instances[0]!.reservationOwner,
    Groups: [],
    Instances,
  }))
}

const association = (prefix: string, path: string): Record<string, string> => ({
  [`${prefix}.allocation-id`]: `${path}.AllocationId`,
  [`${prefix}.association-id`]: `${path}.AssociationId`,
  [`${prefix}.ip-owner-id`]: `${path}.IpOwnerId`,
  [`${prefix}.public-ip`]: `${path}.PublicIp`,
  [`${prefix}.public-dns-name`]: `${path}.PublicDnsName`,
})

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export const instanceFilters = {
  affinity: 'Placement.Affinity',
  architecture: 'Architecture',
  'availability-zone': 'Placement.AvailabilityZone',
  'availability-zone-id': 'Placement.AvailabilityZoneId',
  'block-device-mapping.attach-time': 'BlockDeviceMappings.Ebs.AttachTime',
  'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination',
  'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
  'block-device-mapping.status': 'BlockDeviceMappings.Ebs.Status',
  'block-device-mapping.volume-id': 'BlockDeviceMappings.Ebs.VolumeId',
  'boot-mode': 'BootMode',
  'capacity-reservation-id': 'CapacityReservationId',
  'capacity-reservation-specification.capacity-reservation-preference':
    'CapacityReservationSpecification.CapacityReservationPreference',
  'client-token': 'ClientToken',
  'current-instance-boot-mode': 'CurrentInstanceBootMode',
  'dns-name': 'PublicDnsName',
  'ebs-optimized': 'EbsOptimized',
  'ena-support': 'EnaSupport',
  'enclave-options.enabled': 'EnclaveOptions.Enabled',
  'group-id': 'SecurityGroups.GroupId',
  'group-name': 'SecurityGroups.GroupName',
  'hibernation-options.configured': 'HibernationOptions.Configured',
  'host-id': 'Placement.HostId',
  hypervisor: 'Hypervisor',
  'iam-instance-profile.arn': 'IamInstanceProfile.Arn',
  'iam-instance-profile.id': 'IamInstanceProfile.Id',
  'image-id': 'ImageId',
  'instance-id': 'InstanceId',
  'instance-lifecycle': 'InstanceLifecycle',
  'instance-state-code': 'State.Code',
  'instance-state-name': 'State.Name',
  'instance-type': 'InstanceType',
  'instance.group-id': 'SecurityGroups.GroupId',
  'instance.group-name': 'SecurityGroups.GroupName',
  'ip-address': 'PublicIpAddress',
  'ipv6-address': 'NetworkInterfaces.Ipv6Addresses.Ipv6Address',
  'kernel-id': 'KernelId',
  'key-name': 'KeyName',
  'launch-index': 'AmiLaunchIndex',
  'launch-time': 'LaunchTime',
  'maintenance-options.auto-recovery': 'MaintenanceOptions.AutoRecovery',
  'metadata-options.http-endpoint': 'MetadataOptions.HttpEndpoint',
  'metadata-options.http-protocol-ipv6': 'MetadataOptions.HttpProtocolIpv6',
  'metadata-options.http-put-response-hop-limit': 'MetadataOptions.HttpPutResponseHopLimit',
  'metadata-options.http-tokens': 'MetadataOptions.HttpTokens',
  'metadata-options.instance-metadata-tags': 'MetadataOptions.InstanceMetadataTags',
  'metadata-options.state': 'MetadataOptions.State',
  'monitoring-state': 'Monitoring.State',
  ...association('network-interface.addresses.association', 'NetworkInterfaces.PrivateIpAddresses.Association'),
  'network-interface.addresses.primary': 'NetworkInterfaces.PrivateIpAddresses.Primary',
  'network-interface.addresses.private-ip-address': 'NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress',
  ...association('network-interface.association', 'NetworkInterfaces.Association'),
  'network-interface.attachment.attach-time': 'NetworkInterfaces.Attachment.AttachTime',
  'network-interface.attachment.attachment-id': 'NetworkInterfaces.Attachment.AttachmentId',
  'network-interface.attachment.delete-on-termination': 'NetworkInterfaces.Attachment.DeleteOnTermination',
  'network-interface.attachment.device-index': 'NetworkInterfaces.Attachment.DeviceIndex',
  'network-interface.attachment.instance-id': 'NetworkInterfaces.Attachment.InstanceId',
  'network-interface.attachment.instance-owner-id': 'NetworkInterfaces.Attachment.InstanceOwnerId',
  'network-interface.attachment.status': 'NetworkInterfaces.Attachment.Status',
  'network-interface.availability-zone': 'NetworkInterfaces.AvailabilityZone',
  'network-interface.description': 'NetworkInterfaces.Description',
  'network-interface.group-id': 'NetworkInterfaces.Groups.GroupId',
  'network-interface.group-name': 'NetworkInterfaces.Groups.GroupName',
  'network-interface.ipv6-addresses.ipv6-address': 'NetworkInterfaces.Ipv6Addresses.Ipv6Address',
  'network-interface.mac-address': 'NetworkInterfaces.MacAddress',
  'network-interface.network-interface-id': 'NetworkInterfaces.NetworkInterfaceId',
  'network-interface.owner-id': 'NetworkInterfaces.OwnerId',
  'network-interface.private-dns-name': 'NetworkInterfaces.PrivateDnsName',
  'network-interface.private-ip-address': 'NetworkInterfaces.PrivateIpAddress',
  'network-interface.requester-id': 'NetworkInterfaces.RequesterId',
  'network-interface.requester-managed': 'NetworkInterfaces.RequesterManaged',
  'network-interface.source-dest-check': 'NetworkInterfaces.SourceDestCheck',
  'network-interface.status': 'NetworkInterfaces.Status',
  'network-interface.subnet-id': 'NetworkInterfaces.SubnetId',
  'network-interface.vpc-id': 'NetworkInterfaces.VpcId',
  'operator.managed': () => 'false',
  'operator.principal': 'Operator.Principal',
  'outpost-arn': 'OutpostArn',
  'owner-id': 'reservationOwner',
  'placement-group-name': 'Placement.GroupName',
  'placement-partition-number': 'Placement.PartitionNumber',
  platform: 'Platform',
  'platform-details': 'PlatformDetails',
  'private-dns-name': 'PrivateDnsName',
  'private-dns-name-options.hostname-type': 'PrivateDnsNameOptions.HostnameType',
  'private-ip-address': 'PrivateIpAddress',
  'product-code': 'ProductCodes.ProductCodeId',
  'product-code.type': 'ProductCodes.ProductCodeType',
  'ramdisk-id': 'RamdiskId',
  reason: 'StateTransitionReason',
  'requester-id': 'RequesterId',
  'reservation-id': 'reservation',
  'root-device-name': 'RootDeviceName',
  'root-device-type': 'RootDeviceType',
  'source-dest-check': 'SourceDestCheck',
  'spot-instance-request-id': 'SpotInstanceRequestId',
  'state-reason-code': 'StateReason.Code',
  'state-reason-message': 'StateReason.Message',
  'subnet-id': 'SubnetId',
  tenancy: 'Placement.Tenancy',
  'tpm-support': 'TpmSupport',
  'usage-operation': 'UsageOperation',
  'usage-operation-update-time': 'UsageOperationUpdateTime',
  'virtualization-type': 'VirtualizationType',
  'vpc-id': 'VpcId',
}
