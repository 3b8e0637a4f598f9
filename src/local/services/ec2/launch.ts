// How does an instance come to be? Everything RunInstances is given, checked, and then made: the instance, its
// interfaces, its volumes. Where it goes on the network is in placement.ts.

import { AwsError } from '../../../lib/errors.ts'
import { fromBase64, isBase64 } from '../../../lib/bytes.ts'
import { reserve } from './capacity-reservations.ts'
import { badCombination, invalidParameter, invalidValue, missingParameter } from './errors.ts'
import { hostFor } from './hosts.ts'
import { imageFor, imageSnapshot } from './images.ts'
import { STATES } from './instance-states.ts'
import { typeNamed, type InstanceType } from './instance-types.ts'
import { FreeAddresses } from './interfaces.ts'
import { profileOf } from './learned.ts'
import { addInterfaces, groupsFor, subnetFor } from './placement.ts'
import type { GroupName, Image, Instance, Subnet } from './records.ts'
import { moment, newId } from './ids.ts'
import type { Ec2, Ec2Context } from './state.ts'
import { tagsFor } from './tags.ts'
import { checkVcpus } from './vcpus.ts'
import { attachVolume, makeVolume } from './volumes.ts'

type Input = Record<string, any>

/** The instances of one reservation, pending. */
export function launch(input: Input, context: Ec2Context): Instance[] {
  const { state } = context
  const count = countOf(input)
  if (input['ImageId'] === undefined) throw missingParameter('ImageId')
  const image = imageFor(state, input['ImageId'])
  if (image.State !== 'available')
    throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${image.ImageId}' is not available`)
  const type = typeFor(input['InstanceType'] ?? 'm1.small', image)
  checkUserData(input['UserData'])
  const { KeyName } = input
  if (KeyName !== undefined && !state.keyPairs.all().some((each) => each.KeyName === KeyName))
    throw state.keyPairs.kind.missing([KeyName])
  const subnet = subnetFor(state, input)
  const groups = groupsFor(state, subnet, input)
  const profile = profileOf(context, input['IamInstanceProfile'])
  checkPlacement(state, input)
  checkVcpus(context, type, count, input['InstanceMarketOptions']?.MarketType === 'spot')
  const reservation = newId('r')
  const frees = new Map([[subnet.SubnetId, new FreeAddresses(state, subnet)]])
  return Array.from({ length: count }, (_, index) => {
    const instance = newInstance(state, { input, image, type, subnet, groups, reservation, index })
    if (profile) {
      instance.IamInstanceProfile = { Arn: profile.arn, Id: profile.id }
      instance.profileAssociation = { id: newId('iip-assoc'), state: 'associated', at: moment(state.now) }
    }
    addInterfaces(state, instance, { input, subnet, groups, frees })
    addVolumes(state, instance, image, input)
    const host = hostFor(state, type, subnet.AvailabilityZone, input['Placement'])
    if (host) Object.assign(instance.Placement, { Tenancy: 'host', HostId: host.HostId })
    reserve(state, instance)
    return state.instances.put(instance)
  })
}

function countOf({ MinCount, MaxCount }: Input): number {
  if (MinCount === undefined) throw missingParameter('MinCount')
  if (MaxCount === undefined) throw missingParameter('MaxCount')
  if (MinCount < 1) throw invalidValue(`Invalid value '${MinCount}' for minCount. Must be greater than 0.`)
  if (MaxCount < MinCount)
    throw badCombination(`Invalid value '${MinCount}' for minCount. Must be less than or equal to maxCount.`)
  return MaxCount
}

function typeFor(name: string, image: Image): InstanceType {
  const type = typeNamed(name)
  if (!type) throw invalidValue(`Invalid value '${name}' for InstanceType.`)
  if (!type.architectures.includes(image.Architecture))
    throw invalidValue(
      `The architecture '${type.architectures.join(',')}' of the specified instance type does not match the architecture '${image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
    )
  return type
}

export function checkUserData(given: unknown): void {
  if (typeof given !== 'string' || given === '') return
  const text = given.replace(/\s/g, '')
  if (!isBase64(text)) throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.')
  if (fromBase64(text).length > 16_384) throw invalidValue('User data is limited to 16384 bytes')
}

function checkPlacement(state: Ec2, { Placement }: Input): void {
  const name: string | undefined = Placement?.GroupName
  if (name !== undefined && name !== '' && !state.placementGroups.all().some((each) => each.GroupName === name))
    throw state.placementGroups.kind.missing([name])
}

interface Making {
  input: Input
  image: Image
  type: InstanceType
  subnet: Subnet
  groups: GroupName[]
  reservation: string
  index: number
}

/** Specifications that may come with a launch beside the one that is asked for. */
export const launchTags = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu']

function newInstance(state: Ec2, { input, image, type, subnet, groups, reservation, index }: Making): Instance {
  const isSpot = input['InstanceMarketOptions']?.MarketType === 'spot'
  const given = {
    InstanceId: newId('i'),
    ImageId: image.ImageId,
    InstanceType: type.name,
    Architecture: image.Architecture,
    ...(input['KeyName'] !== undefined && { KeyName: input['KeyName'] }),
    LaunchTime: moment(state.now),
    State: STATES.pending,
    StateReason: { Code: 'pending', Message: 'pending' },
    StateTransitionReason: '',
    later: [{ at: state.after(12), change: { State: STATES.running, StateReason: null } }],
    Placement: {
      GroupName: '',
      Tenancy: 'default',
      ...input['Placement'],
      AvailabilityZone: subnet.AvailabilityZone,
      AvailabilityZoneId: subnet.AvailabilityZoneId,
    },
    Monitoring: { State: input['Monitoring']?.Enabled ? 'enabled' : 'disabled' },
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    SecurityGroups: groups,
    BlockDeviceMappings: [],
    MetadataOptions: metadataOptions(state, image, input['MetadataOptions']),
    RootDeviceName: image.RootDeviceName ?? '/dev/xvda',
    RootDeviceType: image.RootDeviceType,
    EbsOptimized: input['EbsOptimized'] ?? false,
    EnaSupport: image.EnaSupport ?? false,
    SourceDestCheck: true,
    ClientToken: input['ClientToken'] ?? '',
    AmiLaunchIndex: index,
    ...(image.Platform !== undefined && { Platform: image.Platform }),
    PlatformDetails: image.PlatformDetails,
    UsageOperation: image.UsageOperation,
    UsageOperationUpdateTime: moment(state.now),
    Hypervisor: 'xen',
    VirtualizationType: image.VirtualizationType,
    ...(isSpot && { InstanceLifecycle: 'spot' }),
    ...(image.BootMode !== undefined && { BootMode: image.BootMode }),
    CurrentInstanceBootMode: image.BootMode?.startsWith('uefi') ? 'uefi' : 'legacy-bios',
    CpuOptions: {
      CoreCount: type.cores,
      ThreadsPerCore: Math.max(1, Math.floor(type.vcpus / type.cores)),
      ...input['CpuOptions'],
    },
    CapacityReservationSpecification: input['CapacityReservationSpecification'] ?? {
      CapacityReservationPreference: 'open',
    },
    HibernationOptions: { Configured: input['HibernationOptions']?.Configured ?? false },
    EnclaveOptions: { Enabled: input['EnclaveOptions']?.Enabled ?? false },
    MaintenanceOptions: { AutoRecovery: input['MaintenanceOptions']?.AutoRecovery ?? 'default' },
    PrivateDnsNameOptions: { ...subnet.PrivateDnsNameOptionsOnLaunch, ...input['PrivateDnsNameOptions'] },
    NetworkPerformanceOptions: {
      BandwidthWeighting: input['NetworkPerformanceOptions']?.BandwidthWeighting ?? 'default',
    },
    ProductCodes: [],
    Tags: [...tagsFor(input, 'instance', ...launchTags), ...(input['templateTags'] ?? [])],
    reservation,
    reservationOwner: state.account,
    interfaces: [],
    protected: input['DisableApiTermination'] ?? false,
    stopProtected: input['DisableApiStop'] ?? false,
    onShutdown: input['InstanceInitiatedShutdownBehavior'] ?? 'stop',
    ...(input['UserData'] && { userData: input['UserData'] }),
    ...(type.flags.includes('b') && {
      credits:
        input['CreditSpecification']?.CpuCredits ??
        state.settings().credits?.[type.name.split('.')[0]!] ??
        (type.name.startsWith('t2.') ? 'standard' : 'unlimited'),
    }),
  }
  return state.instances.add(given as unknown as Omit<Instance, 'order'>)
}

/** What the request says goes before the account's defaults, and these before the image's. */
function metadataOptions(state: Ec2, image: Image, given: Input = {}): Instance['MetadataOptions'] {
  const hops = given['HttpPutResponseHopLimit']
  if (hops !== undefined && (hops < 1 || hops > 64))
    throw invalidParameter('HttpPutResponseHopLimit', hops, 'Must be between 1 and 64.')
  const second = image.ImdsSupport === 'v2.0'
  return {
    State: 'pending',
    HttpTokens: second ? 'required' : 'optional',
    HttpPutResponseHopLimit: second ? 2 : 1,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
    ...state.settings().metadataDefaults,
    ...given,
  }
}

/** The image's devices, as the request changes them, and the request's own. */
function addVolumes(state: Ec2, instance: Instance, image: Image, input: Input): void {
  const Tags = tagsFor(input, 'volume', ...launchTags)
  for (const [DeviceName, ebs] of devicesOf(instance, image, input['BlockDeviceMappings'] ?? [])) {
    const { VolumeSize, SnapshotId, VolumeType, Iops, Throughput, Encrypted, KmsKeyId } = ebs
    const snapshot = SnapshotId ? imageSnapshot(state, image, SnapshotId) : undefined
    const volume = makeVolume(state, {
      ...(snapshot && { snapshot }),
      ...(VolumeSize !== undefined && { Size: VolumeSize }),
      ...(SnapshotId !== undefined && SnapshotId !== '' && { SnapshotId }),
      ...(VolumeType !== undefined && { VolumeType }),
      ...(Iops !== undefined && VolumeType !== 'gp2' && { Iops }),
      ...(Throughput !== undefined && { Throughput }),
      ...(Encrypted && { Encrypted }),
      ...(KmsKeyId !== undefined && { KmsKeyId }),
      AvailabilityZone: instance.Placement.AvailabilityZone,
      Tags,
    })
    attachVolume(state, volume, instance, DeviceName, ebs['DeleteOnTermination'] ?? true)
  }
}

function devicesOf(instance: Instance, image: Image, given: Input[]): Map<string, Input> {
  const devices = new Map<string, Input>()
  for (const { DeviceName, Ebs } of image.BlockDeviceMappings) if (Ebs) devices.set(DeviceName, Ebs)
  if (devices.size === 0 && image.RootDeviceType === 'ebs') devices.set(instance.RootDeviceName, { VolumeSize: 8 })
  for (const { DeviceName, NoDevice, VirtualName, Ebs } of given) {
    if (DeviceName === undefined) throw missingParameter('deviceName')
    if (NoDevice) throw new AwsError('InvalidRequest', 'The request received was invalid')
    if (NoDevice === '') devices.delete(DeviceName)
    if (NoDevice === '' || VirtualName !== undefined) continue
    if (!Ebs) throw missingParameter('ebs')
    if (!devices.has(DeviceName) && Ebs.VolumeSize === undefined && Ebs.SnapshotId === undefined)
      throw missingParameter('size or snapshotId')
    const { Iops, Throughput, ...before } = devices.get(DeviceName) ?? {}
    // Another type has other figures.
    const same = Ebs.VolumeType === undefined || Ebs.VolumeType === before['VolumeType']
    devices.set(DeviceName, { ...before, ...(same && { Iops, Throughput }), ...Ebs })
  }
  return devices
}
