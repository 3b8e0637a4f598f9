// Another root volume for an instance that goes on running: from its image, another image, or a snapshot.

import { describe } from '../describe.ts'
import { badCombination, incorrectState } from '../errors.ts'
import { moment } from '../ids.ts'
import { imageFor } from '../images.ts'
import type { Instance } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { attachVolume, detachVolume, makeVolume } from '../volumes.ts'

export const createReplaceRootVolumeTask: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const instance = state.instances.named(input)
    if (instance.State.Name !== 'running')
      throw incorrectState(
        `The instance '${instance.InstanceId}' is not in the 'running' state.`,
        'IncorrectInstanceState',
      )
    const { SnapshotId, ImageId, DeleteReplacedRootVolume = false } = input
    if (SnapshotId !== undefined && ImageId !== undefined)
      throw badCombination('Only one of SnapshotId and ImageId can be specified.')
    replace(state, instance, { SnapshotId, ImageId, DeleteReplacedRootVolume })
    const task = state.rootVolumeTasks.add({
      InstanceId: instance.InstanceId,
      TaskState: 'pending',
      StartTime: moment(state.now),
      later: [{ at: state.after(60), change: { TaskState: 'succeeded', CompleteTime: moment(state.after(60)) } }],
      ...(SnapshotId !== undefined && { SnapshotId }),
      ...(ImageId !== undefined && { ImageId }),
      DeleteReplacedRootVolume,
      Tags: tagsFor(input, 'replace-root-volume-task'),
    })
    return { ReplaceRootVolumeTask: task }
  })

interface By {
  SnapshotId?: string
  ImageId?: string
  DeleteReplacedRootVolume: boolean
}

function replace(state: Ec2, instance: Instance, { SnapshotId, ImageId, DeleteReplacedRootVolume }: By): void {
  const device = instance.RootDeviceName
  const mapping = instance.BlockDeviceMappings.find(({ DeviceName }) => DeviceName === device)
  const old = state.volumes.get(mapping?.Ebs.VolumeId ?? '')
  const image = imageFor(state, ImageId ?? instance.ImageId)
  const from = SnapshotId ?? image.BlockDeviceMappings.find((each) => each.DeviceName === device)?.Ebs?.['SnapshotId']
  const snapshot = from === undefined ? undefined : state.snapshots.get(from)
  if (SnapshotId !== undefined) state.snapshots.find(SnapshotId)
  const volume = makeVolume(state, {
    AvailabilityZone: instance.Placement.AvailabilityZone,
    Size: Math.max(old?.Size ?? 8, snapshot?.VolumeSize ?? 0),
    VolumeType: old?.VolumeType ?? 'gp2',
    ...(from !== undefined && { SnapshotId: from }),
    ...(snapshot && { snapshot }),
    Tags: old?.Tags ?? [],
  })
  if (old) detachVolume(state, old, instance.InstanceId)
  const now = state.instances.find(instance.InstanceId)
  attachVolume(state, volume, now, device, mapping?.Ebs.DeleteOnTermination ?? true)
  if (old && DeleteReplacedRootVolume) state.volumes.delete(state.volumes.find(old.VolumeId))
  if (ImageId !== undefined) now.ImageId = ImageId
  state.instances.put(now)
}

export const describeReplaceRootVolumeTasks: Ec2Handler = (input, { state }) =>
  describe(state.rootVolumeTasks, input, {
    ids: 'ReplaceRootVolumeTaskIds',
    list: 'ReplaceRootVolumeTasks',
    pages: [1, 50],
    filters: { 'instance-id': 'InstanceId' },
  })
