// Spot Instances that are asked for by request: there is always room, at the On-Demand price, and nobody is interrupted.

import { describe } from '../describe.ts'
import { invalidParameter, missingParameter, need } from '../errors.ts'
import { moment } from '../ids.ts'
import { launch } from '../launch.ts'
import type { SpotRequest } from '../side-records.ts'
import type { Ec2Handler } from '../state.ts'
import { spotRequestFor } from '../spot-requests.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

export const requestSpotInstances: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const specification = input.LaunchSpecification
    if (specification === undefined) throw missingParameter('LaunchSpecification')
    const count: number = input.InstanceCount ?? 1
    if (count < 1) throw invalidParameter('instanceCount', count)
    const Tags = tagsFor(input, 'spot-instances-request')
    const { AddressingType: _, ...launched } = specification
    const instances = launch(
      {
        ...launched,
        MinCount: count,
        MaxCount: count,
        InstanceMarketOptions: { MarketType: 'spot' },
      },
      context,
    )
    const requests = instances.map((instance) =>
      spotRequestFor(state, instance, {
        specification,
        price: input.SpotPrice,
        type: input.Type,
        interruption: input.InstanceInterruptionBehavior,
        from: input.ValidFrom,
        until: input.ValidUntil,
        tags: Tags,
      }),
    )
    // Not yet known when the request is answered.
    return { SpotInstanceRequests: requests.map(({ InstanceId: __, ...request }) => request) }
  })

const devices = 'LaunchSpecification.BlockDeviceMappings'
const interfaces = 'LaunchSpecification.NetworkInterfaces'

export const describeSpotInstanceRequests: Ec2Handler = (input, { state }) =>
  describe<SpotRequest>(state.spotRequests, input, {
    ids: 'SpotInstanceRequestIds',
    list: 'SpotInstanceRequests',
    pages: [5, 1000],
    filters: {
      'availability-zone-group': 'AvailabilityZoneGroup',
      'create-time': 'CreateTime',
      'fault-code': 'Fault.Code',
      'fault-message': 'Fault.Message',
      'instance-id': 'InstanceId',
      'launch-group': 'LaunchGroup',
      'launch.block-device-mapping.delete-on-termination': `${devices}.Ebs.DeleteOnTermination`,
      'launch.block-device-mapping.device-name': `${devices}.DeviceName`,
      'launch.block-device-mapping.snapshot-id': `${devices}.Ebs.SnapshotId`,
      'launch.block-device-mapping.volume-size': `${devices}.Ebs.VolumeSize`,
      'launch.block-device-mapping.volume-type': `${devices}.Ebs.VolumeType`,
      'launch.group-id': 'LaunchSpecification.SecurityGroups.GroupId',
      'launch.group-name': 'LaunchSpecification.SecurityGroups.GroupName',
      'launch.image-id': 'LaunchSpecification.ImageId',
      'launch.instance-type': 'LaunchSpecification.InstanceType',
      'launch.kernel-id': 'LaunchSpecification.KernelId',
      'launch.key-name': 'LaunchSpecification.KeyName',
      'launch.monitoring-enabled': 'LaunchSpecification.Monitoring.Enabled',
      'launch.ramdisk-id': 'LaunchSpecification.RamdiskId',
      'network-interface.addresses.primary': `${interfaces}.PrivateIpAddresses.Primary`,
      'network-interface.delete-on-termination': `${interfaces}.DeleteOnTermination`,
      'network-interface.description': `${interfaces}.Description`,
      'network-interface.device-index': `${interfaces}.DeviceIndex`,
      'network-interface.group-id': `${interfaces}.Groups`,
      'network-interface.network-interface-id': `${interfaces}.NetworkInterfaceId`,
      'network-interface.private-ip-address': `${interfaces}.PrivateIpAddress`,
      'network-interface.subnet-id': `${interfaces}.SubnetId`,
      'launched-availability-zone': 'LaunchedAvailabilityZone',
      'product-description': 'ProductDescription',
      'spot-instance-request-id': 'SpotInstanceRequestId',
      'spot-price': 'SpotPrice',
      state: 'State',
      'status-code': 'Status.Code',
      'status-message': 'Status.Message',
      type: 'Type',
      'valid-from': 'ValidFrom',
      'valid-until': 'ValidUntil',
    },
  })

/** The instances go on running. */
export const cancelSpotInstanceRequests: Ec2Handler = (input, { state }) => {
  need(input, 'SpotInstanceRequestIds')
  const cancelled = state.spotRequests.findAll(input.SpotInstanceRequestIds).map((request) => {
    state.spotRequests.update(request, {
      State: 'cancelled',
      Status: {
        Code: 'request-canceled-and-instance-running',
        Message: 'Your Spot request is canceled, but your instance is still running.',
        UpdateTime: moment(state.now),
      },
      later: [],
    })
    return { SpotInstanceRequestId: request.SpotInstanceRequestId, State: 'cancelled' }
  })
  return { CancelledSpotInstanceRequests: cancelled }
}
