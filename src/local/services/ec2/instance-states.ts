// Through which states does an instance go, and who may take it there? The way to the next state is a moment of the
// account's clock; what is told is where it is by now.

import { AwsError } from '../../../lib/errors.ts'
import { disassociate, fleetingAssociation, removeInterface, setAssociation } from './interfaces.ts'
import type { Instance, State } from './records.ts'
import { moment } from './ids.ts'
import type { Ec2 } from './state.ts'
import { detachVolume } from './volumes.ts'

export const STATES = {
  pending: { Code: 0, Name: 'pending' },
  running: { Code: 16, Name: 'running' },
  'shutting-down': { Code: 32, Name: 'shutting-down' },
  terminated: { Code: 48, Name: 'terminated' },
  stopping: { Code: 64, Name: 'stopping' },
  stopped: { Code: 80, Name: 'stopped' },
} as const satisfies Record<string, State>

/** How long a terminated instance is still told of, milliseconds. */
const remembered = 3_600_000

export interface StateChange {
  InstanceId: string
  PreviousState: State
  CurrentState: State
}

function changed({ InstanceId, State: CurrentState }: Instance, PreviousState: State): StateChange {
  return { InstanceId, CurrentState, PreviousState }
}

export function start(state: Ec2, instance: Instance): StateChange {
  const before = instance.State
  if (before.Name === 'running' || before.Name === 'pending') return changed(instance, before)
  if (before.Name !== 'stopped') throw notFrom(instance, 'started')
  state.instances.update(instance, {
    State: STATES.pending,
    StateTransitionReason: '',
    LaunchTime: moment(state.now),
    later: [{ at: state.after(12), change: { State: STATES.running, StateReason: null } }],
  })
  const primary = state.interfaces.get(instance.interfaces[0] ?? '')
  if (instance['autoPublic'] && primary && !primary.Association)
    setAssociation(state, primary, primary.PrivateIpAddress, fleetingAssociation(state, primary.VpcId))
  return changed(instance, before)
}

export function stop(state: Ec2, instance: Instance): StateChange {
  const before = instance.State
  if (before.Name === 'stopped' || before.Name === 'stopping') return changed(instance, before)
  if (before.Name !== 'running' && before.Name !== 'pending') throw notFrom(instance, 'stopped')
  if (instance.stopProtected) throw guarded(instance, 'stopped', 'disableApiStop')
  state.instances.update(instance, {
    State: STATES.stopping,
    ...byUser(state),
    later: [{ at: state.after(30), change: { State: STATES.stopped } }],
  })
  // A public address that was only lent goes.
  const primary = state.interfaces.get(instance.interfaces[0] ?? '')
  if (primary?.Association && primary.Association.AllocationId === undefined)
    setAssociation(state, primary, primary.PrivateIpAddress, undefined)
  return changed(instance, before)
}

export function checkRebootable(instance: Instance): void {
  if (!['running', 'pending'].includes(instance.State.Name)) throw notFrom(instance, 'rebooted')
}

export function checkTerminable(instance: Instance): void {
  if (instance.protected) throw guarded(instance, 'terminated', 'disableApiTermination')
}

export function terminate(state: Ec2, instance: Instance): StateChange {
  const before = instance.State
  if (before.Name === 'terminated' || before.Name === 'shutting-down') return changed(instance, before)
  for (const id of instance.interfaces) letGo(state, id)
  for (const { Ebs } of instance.BlockDeviceMappings) {
    const volume = state.volumes.get(Ebs.VolumeId)
    if (!volume) continue
    detachVolume(state, volume, instance.InstanceId)
    if (Ebs.DeleteOnTermination) state.volumes.delete(volume)
  }
  delete instance.profileAssociation
  state.instances.update(instance, {
    State: STATES['shutting-down'],
    ...byUser(state),
    BlockDeviceMappings: [],
    interfaces: [],
    SecurityGroups: [],
    later: [
      {
        at: state.after(30),
        change: {
          State: STATES.terminated,
          VpcId: null,
          SubnetId: null,
          PrivateIpAddress: null,
          IamInstanceProfile: null,
        },
      },
      { at: state.now + remembered, change: {}, gone: true },
    ],
  })
  return changed(instance, before)
}

/** An interface goes with its instance, or stays and is free. */
function letGo(state: Ec2, id: string): void {
  const found = state.interfaces.get(id)
  if (!found) return
  if (found.Attachment?.DeleteOnTermination) return removeInterface(state, found)
  for (const { Association } of found.PrivateIpAddresses) {
    const address = Association?.AllocationId === undefined ? undefined : state.addresses.get(Association.AllocationId)
    if (address) disassociate(state, address)
  }
  const kept = state.interfaces.find(id)
  delete kept.Attachment
  state.interfaces.update(kept, { Status: 'available' })
}

function byUser(state: Ec2): Partial<Instance> {
  const at = moment(state.now).slice(0, 19).replace('T', ' ')
  return {
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    StateTransitionReason: `User initiated (${at} GMT)`,
  }
}

function notFrom({ InstanceId }: Instance, what: string): AwsError {
  return new AwsError(
    'IncorrectInstanceState',
    `The instance '${InstanceId}' is not in a state from which it can be ${what}.`,
  )
}

function guarded({ InstanceId }: Instance, what: string, attribute: string): AwsError {
  return new AwsError(
    'OperationNotPermitted',
    `The instance '${InstanceId}' may not be ${what}. Modify its '${attribute}' instance attribute and try again.`,
  )
}
