// Volumes: made, attached, changed, watched.

import { AwsError } from '../../../../lib/errors.ts'
import { describe, untagged } from '../describe.ts'
import { incorrectState, invalidParameter, invalidValue, missingParameter, need } from '../errors.ts'
import type { Volume, VolumeAttachment } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { attachVolume as attach, detachVolume as detach, makeVolume, volumeShape } from '../volumes.ts'
import { zoneNamed } from '../zones.ts'

export const createVolume: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const named: string | undefined = input.AvailabilityZone ?? input.AvailabilityZoneId
    if (named === undefined) throw missingParameter('AvailabilityZone')
    if (input.Size === undefined && input.SnapshotId === undefined) throw missingParameter('size/snapshot')
    const zone = zoneNamed(state.region, named)
    if (!zone) throw new AwsError('InvalidZone.NotFound', `The zone '${named}' does not exist.`)
    if (input.KmsKeyId !== undefined && !input.Encrypted)
      throw new AwsError(
        'InvalidParameterDependency',
        'The parameter KmsKeyId requires the parameter Encrypted to be set.',
      )
    return untagged(makeVolume(state, { ...input, AvailabilityZone: zone.name, Tags: tagsFor(input, 'volume') }))
  })

export const deleteVolume: Ec2Handler = (input, { state }) => {
  const volume = state.volumes.named(input)
  const [attachment] = volume.Attachments
  if (attachment)
    throw new AwsError('VolumeInUse', `Volume ${volume.VolumeId} is currently attached to ${attachment.InstanceId}`)
  state.volumes.delete(volume)
}

const filters = {
  'attachment.attach-time': 'Attachments.AttachTime',
  'attachment.delete-on-termination': 'Attachments.DeleteOnTermination',
  'attachment.device': 'Attachments.Device',
  'attachment.instance-id': 'Attachments.InstanceId',
  'attachment.status': 'Attachments.State',
  'availability-zone': 'AvailabilityZone',
  'availability-zone-id': 'AvailabilityZoneId',
  'create-time': 'CreateTime',
  encrypted: 'Encrypted',
  'fast-restored': () => 'false',
  'multi-attach-enabled': 'MultiAttachEnabled',
  'operator.managed': () => 'false',
  'operator.principal': 'Operator.Principal',
  size: 'Size',
  'snapshot-id': 'SnapshotId',
  status: 'State',
  'volume-id': 'VolumeId',
  'volume-type': 'VolumeType',
}

export const describeVolumes: Ec2Handler = (input, { state }) =>
  describe(state.volumes, input, {
    ids: 'VolumeIds',
    list: 'Volumes',
    filters,
    pages: [5, 1000],
    shown: (volume) => ({ ...volume, AvailabilityZoneId: zoneNamed(state.region, volume.AvailabilityZone)?.id }),
  })

// --- attachments -----------------------------------------------------------------------------------------------------

export const attachVolume: Ec2Handler = (input, { state }) => {
  need(input, 'Device')
  const volume = state.volumes.named(input)
  const instance = state.instances.named(input)
  const { Device } = input
  if (!['running', 'stopped', 'stopping', 'pending'].includes(instance.State.Name))
    throw incorrectState(`Instance '${instance.InstanceId}' is not 'running'.`)
  if (volume.Attachments.length > 0 && !volume.MultiAttachEnabled)
    throw new AwsError('VolumeInUse', `${volume.VolumeId} is already attached to an instance`)
  if (volume.State === 'creating') throw incorrectState(`${volume.VolumeId} is not 'available'.`)
  if (volume.AvailabilityZone !== instance.Placement.AvailabilityZone)
    throw new AwsError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.VolumeId}' is not in the same availability zone as instance '${instance.InstanceId}'`,
    )
  if (instance.BlockDeviceMappings.some((each) => each.DeviceName === Device))
    throw invalidValue(`Invalid value '${Device}' for unixDevice. Attachment point ${Device} is already in use`)
  attach(state, volume, instance, Device, false)
  return { ...volume.Attachments.at(-1)!, State: 'attaching' }
}

export const detachVolume: Ec2Handler = (input, { state }) => {
  const volume = state.volumes.named(input)
  const { InstanceId, Device } = input
  if (InstanceId !== undefined) state.instances.find(InstanceId)
  if (volume.Attachments.length === 0) throw incorrectState(`Volume '${volume.VolumeId}' is in the 'available' state.`)
  const attachment = volume.Attachments.find(
    (each) =>
      (InstanceId === undefined || each.InstanceId === InstanceId) && (Device === undefined || each.Device === Device),
  )
  if (!attachment) throw notAttached(volume, InstanceId, Device)
  const instance = state.instances.get(attachment.InstanceId)
  if (instance && instance.RootDeviceName === attachment.Device && instance.State.Name === 'running')
    throw new AwsError(
      'OperationNotPermitted',
      `Unable to detach root volume '${volume.VolumeId}' from instance '${attachment.InstanceId}'`,
    )
  detach(state, volume, attachment.InstanceId)
  return { ...attachment, State: 'detaching' } satisfies VolumeAttachment
}

function notAttached(volume: Volume, instance: string | undefined, device: string | undefined): AwsError {
  const to = instance === undefined ? '' : ` to instance ${instance}`
  const as = device === undefined ? '' : ` as device ${device}`
  return new AwsError('InvalidAttachment.NotFound', `The volume ${volume.VolumeId} is not attached${to}${as}`)
}

// --- changes ---------------------------------------------------------------------------------------------------------

export const modifyVolume: Ec2Handler = (input, { state }) => {
  const volume = state.volumes.named(input)
  const { Size, VolumeType, Iops, Throughput, MultiAttachEnabled } = input
  if ([Size, VolumeType, Iops, Throughput, MultiAttachEnabled].every((each) => each === undefined))
    throw missingParameter('size')
  if (Size !== undefined && Size < volume.Size) throw invalidValue('New size cannot be smaller than existing size')
  const type = VolumeType ?? volume.VolumeType
  const keeps = type === volume.VolumeType && type !== 'gp2'
  // Another type with figures of its own begins with 3,000.
  const keptIops = Iops ?? (keeps ? volume.Iops : /^io[12]$/.test(type) ? 3000 : undefined)
  const keptThroughput = Throughput ?? (keeps ? volume.Throughput : undefined)
  const shape = volumeShape({
    Size: Size ?? volume.Size,
    VolumeType: type,
    ...(keptIops !== undefined && { Iops: keptIops }),
    ...(keptThroughput !== undefined && { Throughput: keptThroughput }),
  })
  const modification = {
    VolumeId: volume.VolumeId,
    TargetSize: shape.Size,
    TargetIops: shape.Iops,
    TargetVolumeType: shape.VolumeType,
    TargetThroughput: shape.Throughput,
    TargetMultiAttachEnabled: MultiAttachEnabled ?? volume.MultiAttachEnabled,
    OriginalSize: volume.Size,
    OriginalIops: volume.Iops,
    OriginalVolumeType: volume.VolumeType,
    OriginalThroughput: volume.Throughput,
    OriginalMultiAttachEnabled: volume.MultiAttachEnabled,
    StartTime: moment(state.now),
  }
  if (MultiAttachEnabled !== undefined) volume.MultiAttachEnabled = MultiAttachEnabled
  delete volume.Iops
  delete volume.Throughput
  const done = { ...modification, ModificationState: 'completed', Progress: 100, EndTime: moment(state.now) }
  state.volumes.update(volume, { ...shape, modification: done })
  return { VolumeModification: { ...modification, ModificationState: 'modifying', Progress: 0 } }
}

export const describeVolumesModifications: Ec2Handler = (input, { state }) => {
  for (const volume of state.volumes.findAll(input.VolumeIds ?? []))
    if (!volume.modification)
      throw new AwsError(
        'InvalidVolumeModification.NotFound',
        `Modification for volume '${volume.VolumeId}' does not exist.`,
      )
  const table = {
    all: () => state.volumes.all().filter((volume) => volume.modification),
    findAll: (ids: readonly string[]) => state.volumes.findAll(ids),
  }
  return describe<Volume>(table, input, {
    ids: 'VolumeIds',
    list: 'VolumesModifications',
    pages: [1, 500],
    filters: {
      'modification-state': 'ModificationState',
      'original-iops': 'OriginalIops',
      'original-size': 'OriginalSize',
      'original-volume-type': 'OriginalVolumeType',
      originalMultiAttachEnabled: 'OriginalMultiAttachEnabled',
      targetMultiAttachEnabled: 'TargetMultiAttachEnabled',
      'start-time': 'StartTime',
      'target-iops': 'TargetIops',
      'target-size': 'TargetSize',
      'target-volume-type': 'TargetVolumeType',
      'volume-id': 'VolumeId',
    },
    shown: (volume) => volume.modification!,
  })
}

export const describeVolumeStatus: Ec2Handler = (input, { state }) =>
  describe(state.volumes, input, {
    ids: 'VolumeIds',
    list: 'VolumeStatuses',
    pages: [5, 1000],
    filters: {
      'availability-zone': 'AvailabilityZone',
      'volume-status.details-name': 'VolumeStatus.Details.Name',
      'volume-status.details-status': 'VolumeStatus.Details.Status',
      'action.code': 'Actions.Code',
      'action.description': 'Actions.Description',
      'action.event-id': 'Actions.EventId',
      'event.description': 'Events.Description',
      'event.event-id': 'Events.EventId',
      'event.event-type': 'Events.EventType',
      'event.not-after': 'Events.NotAfter',
      'event.not-before': 'Events.NotBefore',
      'volume-status.status': 'VolumeStatus.Status',
    },
    shown: ({ VolumeId, AvailabilityZone }) => ({
      VolumeId,
      AvailabilityZone,
      AvailabilityZoneId: zoneNamed(state.region, AvailabilityZone)?.id,
      Actions: [],
      Events: [],
      VolumeStatus: {
        Status: 'ok',
        Details: [
          { Name: 'io-enabled', Status: 'passed' },
          { Name: 'io-performance', Status: 'not-applicable' },
        ],
      },
    }),
  })

export const describeVolumeAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'Attribute')
  const volume = state.volumes.named(input)
  switch (input.Attribute) {
    case 'autoEnableIO':
      return { VolumeId: volume.VolumeId, AutoEnableIO: { Value: volume.autoEnable } }
    case 'productCodes':
      return { VolumeId: volume.VolumeId, ProductCodes: [] }
    default:
      throw invalidParameter('attribute', input.Attribute)
  }
}

export const modifyVolumeAttribute: Ec2Handler = (input, { state }) => {
  const volume = state.volumes.named(input)
  if (input.AutoEnableIO === undefined) throw missingParameter('AutoEnableIO')
  state.volumes.update(volume, { autoEnable: input.AutoEnableIO.Value ?? false })
}

export const enableVolumeIO: Ec2Handler = (input, { state }) => {
  state.volumes.named(input)
}
