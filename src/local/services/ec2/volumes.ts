// How is a volume made, and what may it be? Types and their limits, for volumes people make and those of instances.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html

import { AwsError } from '../../../lib/errors.ts'
import { badCombination, invalidValue } from './errors.ts'
import { visibleSnapshot } from './images.ts'
import type { Instance, Snapshot, Tag, Volume } from './records.ts'
import { moment } from './ids.ts'
import type { Ec2 } from './state.ts'
import { fixedDigits } from './zones.ts'

interface Limits {
  readonly size: readonly [number, number]
  readonly iops?: readonly [number, number]
  /** IOPS a GiB. */
  readonly ratio?: number
  readonly throughput?: readonly [number, number]
}

const types: Readonly<Record<string, Limits>> = {
  standard: { size: [1, 1024] },
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000], ratio: 500, throughput: [125, 2000] },
  io1: { size: [4, 16_384], iops: [100, 64_000], ratio: 50 },
  io2: { size: [4, 65_536], iops: [100, 256_000], ratio: 1000 },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
}

export interface VolumeShape {
  Size: number
  VolumeType: string
  Iops?: number
  Throughput?: number
}

/** Checks a volume's figures and fills in what its type has by itself. */
export function volumeShape(given: {
  Size: number
  VolumeType?: string
  Iops?: number
  Throughput?: number
}): VolumeShape {
  const { Size, VolumeType = 'gp2', Iops, Throughput } = given
  const limits = types[VolumeType]
  if (!limits) throw new AwsError('UnknownVolumeType', `Unsupported volume type '${VolumeType}' for volume creation.`)
  const [least, most] = limits.size
  if (Size < least)
    throw invalidValue(`Volume of ${Size}GiB is too small for volume type ${VolumeType}; minimum is ${least}GiB.`)
  if (Size > most)
    throw invalidValue(`Volume of ${Size}GiB is too large for volume type ${VolumeType}; maximum is ${most}GiB.`)
  if (Iops !== undefined && !limits.iops)
    throw badCombination(`The parameter iops is not supported for ${VolumeType} volumes.`)
  if (Throughput !== undefined && !limits.throughput)
    throw badCombination(`The parameter throughput is not supported for ${VolumeType} volumes.`)
  if (Iops === undefined && VolumeType.startsWith('io'))
    throw badCombination(`The parameter iops must be specified for ${VolumeType} volumes.`)
  if (Iops !== undefined && limits.iops) checkIops(Iops, Size, limits as Required<Limits>)
  if (Throughput !== undefined && limits.throughput) {
    const [low, high] = limits.throughput
    if (Throughput < low || Throughput > high)
      throw invalidValue(`Volume throughput of ${Throughput} is out of range; it must be between ${low} and ${high}.`)
  }
  return {
    Size,
    VolumeType,
    ...ownFigures(VolumeType, Size),
    ...(Iops !== undefined && { Iops }),
    ...(Throughput !== undefined && { Throughput }),
  }
}

function checkIops(iops: number, size: number, { iops: [low, high], ratio: most }: Required<Limits>): void {
  if (iops < low) throw invalidValue(`Volume iops of ${iops} is too low; minimum is ${low}.`)
  if (iops > high) throw invalidValue(`Volume iops of ${iops} is too high; maximum is ${high}.`)
  const ratio = iops / size
  if (ratio > most && iops > low)
    throw invalidValue(`Iops to volume size ratio of ${ratio.toFixed(6)} is too high; maximum is ${most.toFixed(6)}.`)
}

function ownFigures(type: string, size: number): { Iops?: number; Throughput?: number } {
  if (type === 'gp2') return { Iops: Math.min(16_000, Math.max(100, 3 * size)) }
  if (type === 'gp3') return { Iops: 3000, Throughput: 125 }
  return {}
}

/** The key that encrypts where nobody names one: the account's alias/aws/ebs. */
export function defaultKey({ account, region }: Ec2): string {
  const d = fixedDigits('key', account, region) + fixedDigits(region, account)
  const id = [d.slice(1, 9), d.slice(9, 13), `4${d.slice(13, 16)}`, `a${d.slice(18, 21)}`, d.slice(21, 33)].join('-')
  return `arn:aws:kms:${region}:${account}:key/${id}`
}

/** An ARN for a key, however it is named. */
export function keyArn(state: Ec2, key: string | undefined): string {
  if (key === undefined) return state.settings().kmsKey ?? defaultKey(state)
  if (key === 'alias/aws/ebs') return defaultKey(state)
  if (key.startsWith('arn:')) return key
  return `arn:aws:kms:${state.region}:${state.account}:${key.startsWith('alias/') ? key : `key/${key}`}`
}

export interface NewVolume {
  Size?: number
  SnapshotId?: string
  VolumeType?: string
  Iops?: number
  Throughput?: number
  Encrypted?: boolean
  KmsKeyId?: string
  MultiAttachEnabled?: boolean
  AvailabilityZone: string
  Tags: Tag[]
  /** The snapshot itself, where the account need not see it. */
  snapshot?: Snapshot
}

export function makeVolume(state: Ec2, given: NewVolume): Volume {
  const { SnapshotId, AvailabilityZone, Tags } = given
  const snapshot = given.snapshot ?? (SnapshotId === undefined ? undefined : visibleSnapshot(state, SnapshotId))
  // Says whether it is no id or nobody's.
  if (SnapshotId !== undefined && !snapshot) state.snapshots.find(SnapshotId)
  if (snapshot && given.Size !== undefined && given.Size < snapshot.VolumeSize)
    throw invalidValue(
      `Volume of size ${given.Size}GB is smaller than snapshot '${SnapshotId}', expect size >= ${snapshot.VolumeSize}GB`,
    )
  if (snapshot?.StorageTier === 'archive')
    throw new AwsError('IncorrectState', `The snapshot '${SnapshotId}' is in the archive: it must be restored first.`)
  const Size = given.Size ?? snapshot?.VolumeSize ?? 8
  const Encrypted =
    given.KmsKeyId !== undefined ||
    (given.Encrypted ?? false) ||
    (snapshot?.Encrypted ?? false) ||
    (state.settings().encryptByDefault ?? false)
  return state.volumes.add({
    ...volumeShape({ ...given, Size }),
    State: 'creating',
    later: [{ at: state.after(3), change: { State: 'available' } }],
    CreateTime: moment(state.now),
    AvailabilityZone,
    Encrypted,
    ...(Encrypted && { KmsKeyId: keyArn(state, given.KmsKeyId ?? snapshot?.KmsKeyId) }),
    SnapshotId: SnapshotId ?? '',
    MultiAttachEnabled: given.MultiAttachEnabled ?? false,
    Attachments: [],
    autoEnable: false,
    Tags,
  })
}

/** Ties a volume to an instance, on both sides. */
export function attachVolume(state: Ec2, volume: Volume, instance: Instance, device: string, leaves: boolean): void {
  const AttachTime = moment(state.now)
  const { VolumeId } = volume
  state.volumes.update(volume, {
    State: 'in-use',
    later: [],
    Attachments: [
      ...volume.Attachments,
      {
        VolumeId,
        InstanceId: instance.InstanceId,
        Device: device,
        State: 'attached',
        AttachTime,
        DeleteOnTermination: leaves,
      },
    ],
  })
  instance.BlockDeviceMappings = [
    ...instance.BlockDeviceMappings,
    { DeviceName: device, Ebs: { VolumeId, AttachTime, DeleteOnTermination: leaves, Status: 'attached' } },
  ]
  state.instances.put(instance)
}

export function detachVolume(state: Ec2, volume: Volume, instance: string): void {
  const Attachments = volume.Attachments.filter((each) => each.InstanceId !== instance)
  state.volumes.update(volume, { Attachments, State: Attachments.length > 0 ? 'in-use' : 'available' })
  const found = state.instances.get(instance)
  if (found)
    state.instances.update(found, {
      BlockDeviceMappings: found.BlockDeviceMappings.filter((each) => each.Ebs.VolumeId !== volume.VolumeId),
    })
}
