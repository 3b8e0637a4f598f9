// Snapshots, who may use them, and the encryption of volumes.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { invalidParameter, missingParameter, need } from '../errors.ts'
import { foreignSnapshots, noteShared, visibleSnapshot } from '../images.ts'
import type { Snapshot } from '../records.ts'
import { lockState, makeSnapshot, snapshotOf } from '../snapshots.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { mergedTags, tagsFor } from '../tags.ts'
import { defaultKey, keyArn } from '../volumes.ts'

export const createSnapshot: Ec2Handler = (input, { state }) => {
  const volume = state.volumes.named(input)
  return snapshotOf(state, volume, input.Description ?? '', tagsFor(input, 'snapshot'))
}

export const createSnapshots: Ec2Handler = (input, { state }) => {
  const { InstanceId, ExcludeBootVolume = false, ExcludeDataVolumeIds = [] } = input.InstanceSpecification ?? {}
  if (InstanceId === undefined) throw missingParameter('InstanceSpecification.InstanceId')
  const instance = state.instances.find(InstanceId)
  const Tags = tagsFor(input, 'snapshot')
  const wanted = instance.BlockDeviceMappings.filter(
    ({ DeviceName, Ebs }) =>
      !(ExcludeBootVolume && DeviceName === instance.RootDeviceName) && !ExcludeDataVolumeIds.includes(Ebs.VolumeId),
  )
  return {
    Snapshots: wanted.map(({ Ebs }) => {
      const volume = state.volumes.find(Ebs.VolumeId)
      const tags = input.CopyTagsFromSource === 'volume' ? mergedTags(volume.Tags ?? [], Tags) : Tags
      return snapshotOf(state, volume, input.Description ?? '', tags)
    }),
  }
}

export const copySnapshot: Ec2Handler = (input, { state }) => {
  need(input, 'SourceRegion', 'SourceSnapshotId')
  const source =
    visibleSnapshot(state.at(state.account, input.SourceRegion), input.SourceSnapshotId) ??
    state.at(state.account, input.SourceRegion).snapshots.find(input.SourceSnapshotId)
  const Encrypted =
    (input.Encrypted ?? false) ||
    source.Encrypted ||
    input.KmsKeyId !== undefined ||
    (state.settings().encryptByDefault ?? false)
  const made = makeSnapshot(state, {
    VolumeId: 'vol-ffffffff',
    VolumeSize: source.VolumeSize,
    Description:
      input.Description ?? `[Copied ${source.SnapshotId} from ${input.SourceRegion}] ${source.Description}`.trim(),
    Encrypted,
    ...(Encrypted && { KmsKeyId: keyArn(state, input.KmsKeyId) }),
    Tags: tagsFor(input, 'snapshot'),
  })
  return { SnapshotId: made.SnapshotId, Tags: made.Tags }
}

export const deleteSnapshot: Ec2Handler = (input, { state }) => {
  const snapshot = state.snapshots.named(input)
  const { SnapshotId } = snapshot
  if (!['expired', undefined].includes(lockState(state, snapshot)))
    throw new AwsError('OperationNotPermitted', `The snapshot ${SnapshotId} is locked and cannot be deleted.`)
  const image = state.images
    .all()
    .find((each) => each.BlockDeviceMappings.some(({ Ebs }) => Ebs?.['SnapshotId'] === SnapshotId))
  if (image)
    throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${SnapshotId} is currently in use by ${image.ImageId}`)
  noteShared(state, 'snapshots', SnapshotId, [])
  state.snapshots.delete(snapshot)
}

const filters = {
  description: 'Description',
  encrypted: 'Encrypted',
  'owner-alias': 'OwnerAlias',
  'owner-id': 'OwnerId',
  progress: 'Progress',
  'snapshot-id': 'SnapshotId',
  'start-time': 'StartTime',
  status: 'State',
  'storage-tier': 'StorageTier',
  'transfer-type': 'TransferType',
  'volume-id': 'VolumeId',
  'volume-size': 'VolumeSize',
}

export const describeSnapshots: Ec2Handler = (input, { state }) => {
  const owners: string[] = input.OwnerIds ?? []
  const restorers: string[] = input.RestorableByUserIds ?? []
  const { account } = state
  const wanted = ({ OwnerId, shared }: Snapshot): boolean =>
    (owners.length === 0 || owners.includes(OwnerId) || (OwnerId === account && owners.includes('self'))) &&
    (restorers.length === 0 ||
      restorers.some((who) => {
        const id = who === 'self' ? account : who
        return shared.includes(id) || OwnerId === id
      }))
  const findAll = (ids: readonly string[]): Snapshot[] => {
    const missing = ids.filter((id) => !visibleSnapshot(state, id))
    if (missing.length > 0) return state.snapshots.findAll(missing)
    return ids.map((id) => visibleSnapshot(state, id)!).filter(wanted)
  }
  const all = (): Snapshot[] => [...state.snapshots.all(), ...foreignSnapshots(state)].filter(wanted)
  return describe<Snapshot>({ all, findAll }, input, {
    ids: 'SnapshotIds',
    list: 'Snapshots',
    filters,
    pages: [5, 1000],
    // Tags are the owner's.
    shown: (snapshot) => (snapshot.OwnerId === account ? snapshot : { ...snapshot, Tags: [] }),
  })
}

// --- who may use it --------------------------------------------------------------------------------------------------

export const describeSnapshotAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'Attribute')
  const { SnapshotId, shared } = state.snapshots.named(input)
  switch (input.Attribute) {
    case 'createVolumePermission':
      return {
        SnapshotId,
        CreateVolumePermissions: shared.map((who) => (who === 'all' ? { Group: who } : { UserId: who })),
      }
    case 'productCodes':
      return { SnapshotId, ProductCodes: [] }
    default:
      throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  }
}

export const modifySnapshotAttribute: Ec2Handler = (input, { state }) => {
  const snapshot = state.snapshots.named(input)
  const { Attribute, OperationType, UserIds = [], GroupNames = [], CreateVolumePermission } = input
  if (Attribute !== undefined && Attribute !== 'createVolumePermission') throw invalidParameter('attribute', Attribute)
  const who = (list: { UserId?: string; Group?: string }[] = []): string[] =>
    list.map(({ UserId, Group }) => UserId ?? Group ?? '')
  const flat: string[] = [...UserIds, ...GroupNames]
  const added = OperationType === 'add' ? flat : who(CreateVolumePermission?.Add)
  const removed = OperationType === 'remove' ? flat : who(CreateVolumePermission?.Remove)
  if (added.length + removed.length === 0) throw missingParameter('CreateVolumePermission')
  for (const each of added)
    if (each !== 'all' && !/^\d{12}$/.test(each))
      throw new AwsError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${each}" for userId item type.`)
  if (snapshot.Encrypted && added.includes('all'))
    throw new AwsError('OperationNotPermitted', 'Encrypted snapshots cannot be shared publicly')
  share(
    state,
    snapshot,
    [...new Set([...snapshot.shared, ...added])].filter((each) => !removed.includes(each)),
  )
}

function share(state: Ec2, snapshot: Snapshot, shared: string[]): void {
  state.snapshots.update(snapshot, { shared })
  noteShared(state, 'snapshots', snapshot.SnapshotId, shared)
}

export const resetSnapshotAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'Attribute')
  share(state, state.snapshots.named(input), [])
}

// --- encryption, and sharing in public, for the whole region ---------------------------------------------------------

export const getEbsEncryptionByDefault: Ec2Handler = (_, { state }) => ({
  EbsEncryptionByDefault: state.settings().encryptByDefault ?? false,
  SseType: 'sse-ebs',
})

function encryptByDefault(state: Ec2, on: boolean): object {
  state.changeSettings({ encryptByDefault: on })
  return { EbsEncryptionByDefault: on }
}

export const enableEbsEncryptionByDefault: Ec2Handler = (_, { state }) => encryptByDefault(state, true)
export const disableEbsEncryptionByDefault: Ec2Handler = (_, { state }) => encryptByDefault(state, false)

export const getEbsDefaultKmsKeyId: Ec2Handler = (_, { state }) => ({
  KmsKeyId: state.settings().kmsKey ?? 'alias/aws/ebs',
})

export const modifyEbsDefaultKmsKeyId: Ec2Handler = (input, { state }) => {
  need(input, 'KmsKeyId')
  const kmsKey = keyArn(state, input.KmsKeyId)
  state.changeSettings({ kmsKey })
  return { KmsKeyId: kmsKey }
}

export const resetEbsDefaultKmsKeyId: Ec2Handler = (_, { state }) => {
  const kmsKey = defaultKey(state)
  state.changeSettings({ kmsKey })
  return { KmsKeyId: kmsKey }
}

export const getSnapshotBlockPublicAccessState: Ec2Handler = (_, { state }) => ({
  State: state.settings().snapshotBlock ?? 'unblocked',
  ManagedBy: 'account',
})

export const enableSnapshotBlockPublicAccess: Ec2Handler = (input, { state }) => {
  need(input, 'State')
  state.changeSettings({ snapshotBlock: input.State })
  return { State: input.State }
}

export const disableSnapshotBlockPublicAccess: Ec2Handler = (_, { state }) => {
  state.changeSettings({ snapshotBlock: 'unblocked' })
  return { State: 'unblocked' }
}
