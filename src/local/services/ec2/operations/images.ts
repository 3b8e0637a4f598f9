// Images: made of instances or snapshots, copied, taken back, found among the published.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { missingParameter, need, oneOf } from '../errors.ts'
import {
  foreignImages,
  imageFor,
  imageSnapshot,
  isGone,
  noteGone,
  noteShared,
  ownImage,
  visibleImage,
  visibleSnapshot,
} from '../images.ts'
import type { Image } from '../records.ts'
import { makeSnapshot, snapshotOf } from '../snapshots.ts'
import { moment, newId } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { mergedTags, tagsFor } from '../tags.ts'
import { keyArn } from '../volumes.ts'

function checkName(state: Ec2, name: string): string {
  if (!/^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/.test(name))
    throw new AwsError(
      'InvalidAMIName.Malformed',
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    )
  const other = state.images.all().find((image) => image.Name === name)
  if (other)
    throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${other.ImageId}`)
  return name
}

type NewImage = Partial<Image> & Pick<Image, 'Name' | 'Architecture' | 'BlockDeviceMappings'>

function makeImage(state: Ec2, given: NewImage): Image {
  return state.images.add({
    OwnerId: state.account,
    ImageLocation: `${state.account}/${given.Name}`,
    ImageType: 'machine',
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    Public: false,
    CreationDate: moment(state.now),
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    RootDeviceName: '/dev/sda1',
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    EnaSupport: true,
    SriovNetSupport: 'simple',
    shared: [],
    Tags: [],
    ...given,
  })
}

export const createImage: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceId')
  if (input.Name === undefined) throw missingParameter('Name')
  const instance = state.instances.named(input)
  if (!['running', 'stopped', 'stopping', 'pending'].includes(instance.State.Name))
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${instance.InstanceId}' is not in the 'running' or 'stopped' state.`,
    )
  const Tags = tagsFor(input, 'image', 'snapshot')
  const snapshotTags = tagsFor(input, 'snapshot', 'image')
  const Name = checkName(state, input.Name)
  const source = visibleImage(state, instance.ImageId)
  const ImageId = newId('ami')
  const given: Image['BlockDeviceMappings'] = input.BlockDeviceMappings ?? []
  const left = new Set(given.filter((each) => each.NoDevice !== undefined).map((each) => each.DeviceName))
  const mappings = instance.BlockDeviceMappings.filter((each) => !left.has(each.DeviceName)).map(
    ({ DeviceName, Ebs }) => {
      const volume = state.volumes.find(Ebs.VolumeId)
      const about = `Created by CreateImage(${instance.InstanceId}) for ${ImageId}`
      const { SnapshotId } = snapshotOf(state, volume, about, snapshotTags)
      const { Size: VolumeSize, VolumeType, Encrypted, Iops, Throughput } = volume
      return {
        DeviceName,
        Ebs: {
          DeleteOnTermination: Ebs.DeleteOnTermination,
          SnapshotId,
          VolumeSize,
          VolumeType,
          Encrypted,
          ...(VolumeType !== 'gp2' && Iops !== undefined && { Iops }),
          ...(Throughput !== undefined && { Throughput }),
        },
      }
    },
  )
  const more = given.filter(
    (each) => each.NoDevice === undefined && !mappings.some(({ DeviceName }) => DeviceName === each.DeviceName),
  )
  makeImage(state, {
    ImageId,
    Name,
    ...(input.Description !== undefined && { Description: input.Description }),
    Architecture: instance.Architecture,
    RootDeviceName: instance.RootDeviceName,
    ...(instance['Kernel'] !== undefined && { KernelId: instance['Kernel'] }),
    ...(instance['Ramdisk'] !== undefined && { RamdiskId: instance['Ramdisk'] }),
    ...(instance.Platform !== undefined && { Platform: instance.Platform }),
    PlatformDetails: source?.PlatformDetails ?? 'Linux/UNIX',
    UsageOperation: source?.UsageOperation ?? 'RunInstances',
    VirtualizationType: source?.VirtualizationType ?? 'hvm',
    ...(source?.BootMode !== undefined && { BootMode: source.BootMode }),
    ...(source?.ImdsSupport !== undefined && { ImdsSupport: source.ImdsSupport }),
    SourceInstanceId: instance.InstanceId,
    SourceImageId: instance.ImageId,
    SourceImageRegion: state.region,
    BlockDeviceMappings: [...mappings, ...more],
    Tags,
  })
  return { ImageId }
}

export const registerImage: Ec2Handler = (input, { state }) => {
  if (input.Name === undefined) throw missingParameter('Name')
  const Name = checkName(state, input.Name)
  const given: Image['BlockDeviceMappings'] = input.BlockDeviceMappings ?? []
  if (input.ImageLocation === undefined && given.length === 0)
    throw new AwsError('InvalidBlockDeviceMapping', 'No root snapshot specified in device mapping.')
  const { Description, Architecture, VirtualizationType, ImageLocation, EnaSupport, BootMode, ImdsSupport } = input
  const { ImageId } = makeImage(state, {
    Name,
    ...(Description !== undefined && { Description }),
    Architecture: oneOf('architecture', Architecture, ['i386', 'x86_64', 'arm64', 'x86_64_mac', 'arm64_mac']) ?? 'i386',
    VirtualizationType: oneOf('virtualizationType', VirtualizationType, ['hvm', 'paravirtual']) ?? 'paravirtual',
    ...(ImageLocation !== undefined && { ImageLocation, RootDeviceType: 'instance-store' }),
    EnaSupport: EnaSupport ?? false,
    ...(BootMode !== undefined && { BootMode }),
    ...(ImdsSupport !== undefined && { ImdsSupport }),
    RootDeviceName: input.RootDeviceName ?? '/dev/sda1',
    BlockDeviceMappings: given.map((each) => withSnapshot(state, each)),
    Tags: tagsFor(input, 'image'),
  })
  return { ImageId }
}

/** A device as its snapshot fills it in. */
function withSnapshot(state: Ec2, device: Image['BlockDeviceMappings'][number]): Image['BlockDeviceMappings'][number] {
  const id: string | undefined = device.Ebs?.['SnapshotId']
  if (id === undefined) return device
  const { VolumeSize, Encrypted } = visibleSnapshot(state, id) ?? state.snapshots.find(id)
  return { ...device, Ebs: { DeleteOnTermination: true, VolumeSize, VolumeType: 'gp2', Encrypted, ...device.Ebs } }
}

export const copyImage: Ec2Handler = (input, { state }) => {
  need(input, 'SourceImageId', 'SourceRegion')
  if (input.Name === undefined) throw missingParameter('Name')
  const there = state.at(state.account, input.SourceRegion)
  const source = imageFor(there, input.SourceImageId)
  const Name = checkName(state, input.Name)
  const ownTags = input.CopyImageTags && source.OwnerId === state.account ? (source.Tags ?? []) : []
  const snapshotTags = tagsFor(input, 'snapshot', 'image')
  const BlockDeviceMappings = source.BlockDeviceMappings.map((each) => {
    const id: string | undefined = each.Ebs?.['SnapshotId']
    const snapshot = id === undefined ? undefined : imageSnapshot(there, source, id)
    if (!snapshot) return each
    const Encrypted = (input.Encrypted ?? false) || snapshot.Encrypted
    const { SnapshotId } = makeSnapshot(state, {
      VolumeId: 'vol-ffffffff',
      VolumeSize: snapshot.VolumeSize,
      Description: `Copied for DestinationAmi from SourceAmi ${source.ImageId} for SourceSnapshot ${snapshot.SnapshotId}.`,
      Encrypted,
      ...(Encrypted && { KmsKeyId: keyArn(state, input.KmsKeyId) }),
      Tags: snapshotTags,
    })
    return { ...each, Ebs: { ...each.Ebs, SnapshotId, Encrypted } }
  })
  const { Description, Architecture, Platform, PlatformDetails, UsageOperation, RootDeviceName, RootDeviceType } =
    source
  const { VirtualizationType, EnaSupport, BootMode, ImdsSupport } = source
  const { ImageId } = makeImage(state, {
    Name,
    Description:
      input.Description ?? `[Copied ${source.ImageId} from ${input.SourceRegion}] ${Description ?? source.Name}`,
    Architecture,
    ...(Platform !== undefined && { Platform }),
    PlatformDetails,
    UsageOperation,
    ...(RootDeviceName !== undefined && { RootDeviceName }),
    RootDeviceType,
    VirtualizationType,
    ...(EnaSupport !== undefined && { EnaSupport }),
    ...(BootMode !== undefined && { BootMode }),
    ...(ImdsSupport !== undefined && { ImdsSupport }),
    SourceImageId: source.ImageId,
    SourceImageRegion: input.SourceRegion,
    BlockDeviceMappings,
    Tags: mergedTags(ownTags, tagsFor(input, 'image', 'snapshot')),
  })
  return { ImageId }
}

export const deregisterImage: Ec2Handler = (input, { state }) => {
  need(input, 'ImageId')
  const image = ownImage(state, input.ImageId)
  if (image.DeregistrationProtection?.startsWith('enabled'))
    throw new AwsError(
      'OperationNotPermitted',
      `The image '${image.ImageId}' is protected from deregistration. Disable deregistration protection and try again.`,
    )
  noteShared(state, 'images', image.ImageId, [])
  noteGone(state, image.ImageId)
  state.images.delete(image)
  if (!input.DeleteAssociatedSnapshots) return { Return: true }
  const snapshots: string[] = image.BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.['SnapshotId'] ?? [])
  const inUse = new Set(
    state.images.all().flatMap((each) => each.BlockDeviceMappings.map(({ Ebs }) => Ebs?.['SnapshotId'])),
  )
  const results = snapshots.map((SnapshotId) => {
    const snapshot = state.snapshots.get(SnapshotId)
    const isUsed = inUse.has(SnapshotId)
    if (snapshot && !isUsed) state.snapshots.delete(snapshot)
    return { SnapshotId, ReturnCode: isUsed ? 'skipped' : 'success' }
  })
  return { Return: true, DeleteSnapshotResults: results }
}

// --- telling ---------------------------------------------------------------------------------------------------------

const filters = {
  architecture: 'Architecture',
  'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination',
  'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
  'block-device-mapping.encrypted': 'BlockDeviceMappings.Ebs.Encrypted',
  'block-device-mapping.snapshot-id': 'BlockDeviceMappings.Ebs.SnapshotId',
  'block-device-mapping.volume-size': 'BlockDeviceMappings.Ebs.VolumeSize',
  'block-device-mapping.volume-type': 'BlockDeviceMappings.Ebs.VolumeType',
  'creation-date': 'CreationDate',
  description: 'Description',
  'ena-support': 'EnaSupport',
  'free-tier-eligible': 'FreeTierEligible',
  hypervisor: 'Hypervisor',
  'image-allowed': () => 'true',
  'image-id': 'ImageId',
  'image-type': 'ImageType',
  'is-public': 'Public',
  'kernel-id': 'KernelId',
  'manifest-location': 'ImageLocation',
  name: 'Name',
  'owner-alias': 'ImageOwnerAlias',
  'owner-id': 'OwnerId',
  platform: 'Platform',
  'product-code': 'ProductCodes.ProductCodeId',
  'product-code.type': 'ProductCodes.ProductCodeType',
  'ramdisk-id': 'RamdiskId',
  'root-device-name': 'RootDeviceName',
  'root-device-type': 'RootDeviceType',
  'source-image-id': 'SourceImageId',
  'source-image-region': 'SourceImageRegion',
  'source-instance-id': 'SourceInstanceId',
  'sriov-net-support': 'SriovNetSupport',
  state: 'State',
  'state-reason-code': 'StateReason.Code',
  'state-reason-message': 'StateReason.Message',
  'virtualization-type': 'VirtualizationType',
}

export const describeImages: Ec2Handler = (input, { state }) => {
  const owners: string[] = input.Owners ?? []
  const users: string[] = input.ExecutableUsers ?? []
  const { account } = state
  const isOwned = ({ OwnerId, ImageOwnerAlias = '' }: Image): boolean =>
    owners.length === 0 ||
    owners.includes(OwnerId) ||
    owners.includes(ImageOwnerAlias) ||
    (OwnerId === account && owners.includes('self'))
  const isExecutable = ({ shared }: Image): boolean =>
    users.length === 0 || users.some((who) => shared.includes(who === 'self' ? account : who))
  const isShown = ({ OwnerId, DeprecationTime }: Image): boolean =>
    input.IncludeDeprecated === true ||
    OwnerId === account ||
    DeprecationTime === undefined ||
    DeprecationTime > moment(state.now)
  const wanted = (image: Image): boolean => isOwned(image) && isExecutable(image) && isShown(image)
  const findAll = (ids: readonly string[]): Image[] => {
    const found = ids.map((id) => visibleImage(state, id))
    // One that was deregistered is not told of, even by its id.
    const missing = ids.filter((id, at) => !found[at] && !isGone(state, id))
    if (missing.length > 0) return state.images.findAll(missing)
    return found.filter((image) => image !== undefined && wanted(image)) as Image[]
  }
  const all = (): Image[] => [...foreignImages(state), ...state.images.all()].filter(wanted)
  return describe<Image>({ all, findAll }, input, {
    ids: 'ImageIds',
    list: 'Images',
    filters,
    pages: [1, 1000],
    // Tags are the owner's.
    shown: (image) => (image.OwnerId === account ? image : { ...image, Tags: [] }),
  })
}
