// How snapshots are kept: locked against deletion, archived, ready to be restored fast.

import { AwsError } from '../../../../lib/errors.ts'
import { listed } from '../describe.ts'
import { badCombination, invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Snapshot } from '../records.ts'
import { lockState } from '../snapshots.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { zoneNamed } from '../zones.ts'

const [hour, day] = [3_600_000, 24 * 3_600_000]

function snapshotIn(state: Ec2, input: any): Snapshot {
  return state.snapshots.named(input)
}

// --- locks -------------------------------------------------------------------------------------------------------------

function lockShown(state: Ec2, snapshot: Snapshot): object {
  const { mode: _, created, until, coolOff } = snapshot.lock!
  return {
    SnapshotId: snapshot.SnapshotId,
    OwnerId: snapshot.OwnerId,
    LockState: lockState(state, snapshot),
    LockDuration: Math.round((until - created) / day),
    LockCreatedOn: moment(created),
    LockDurationStartTime: moment(created),
    LockExpiresOn: moment(until),
    ...(coolOff !== undefined && {
      CoolOffPeriod: Math.round((coolOff - created) / hour),
      CoolOffPeriodExpiresOn: moment(coolOff),
    }),
  }
}

/** What is locked for compliance, and has cooled off, can only be locked for longer. */
export const lockSnapshot: Ec2Handler = (input, { state }) => {
  const snapshot = snapshotIn(state, input)
  const mode = oneOf('lockMode', input.LockMode, ['compliance', 'governance'])
  if (mode === undefined) throw missingParameter('LockMode')
  const { CoolOffPeriod, LockDuration, ExpirationDate } = input
  if ((LockDuration === undefined) === (ExpirationDate === undefined))
    throw badCombination('Specify either LockDuration or ExpirationDate.')
  if (mode === 'governance' && CoolOffPeriod !== undefined)
    throw badCombination('CoolOffPeriod can only be specified for the compliance mode.')
  if (CoolOffPeriod !== undefined && (CoolOffPeriod < 1 || CoolOffPeriod > 72))
    throw invalidParameter('coolOffPeriod', CoolOffPeriod, 'It must be between 1 and 72 hours.')
  const until = LockDuration === undefined ? new Date(ExpirationDate).getTime() : state.now + LockDuration * day
  if (until < state.now + day) throw invalidParameter('lockDuration', LockDuration, 'It must be at least one day.')
  const isFinal = lockState(state, snapshot) === 'compliance'
  if (isFinal && (mode !== 'compliance' || until < snapshot.lock!.until))
    throw new AwsError('OperationNotPermitted', `The lock of ${snapshot.SnapshotId} can only be extended.`)
  state.snapshots.update(snapshot, {
    lock: {
      mode,
      created: state.now,
      until,
      ...(CoolOffPeriod !== undefined && { coolOff: state.now + CoolOffPeriod * hour }),
    },
  })
  return lockShown(state, snapshot)
}

export const unlockSnapshot: Ec2Handler = (input, { state }) => {
  const snapshot = snapshotIn(state, input)
  const { SnapshotId } = snapshot
  const now = lockState(state, snapshot)
  if (now === undefined || now === 'expired')
    throw new AwsError('OperationNotPermitted', `The snapshot ${SnapshotId} is not locked.`)
  if (now === 'compliance')
    throw new AwsError('OperationNotPermitted', `The snapshot ${SnapshotId} is locked in compliance mode.`)
  delete snapshot.lock
  state.snapshots.put(snapshot)
  return { SnapshotId }
}

export const describeLockedSnapshots: Ec2Handler = (input, { state }) => {
  const ids: string[] = input.SnapshotIds ?? []
  const found = (ids.length > 0 ? state.snapshots.findAll(ids) : state.snapshots.all())
    .filter(({ lock }) => lock !== undefined)
    .map((snapshot) => ({ order: snapshot.order, ...lockShown(state, snapshot) }))
  return listed(found, input, { list: 'Snapshots', filters: { 'lock-state': 'LockState' }, pages: [5, 1000] })
}

// --- the archive -------------------------------------------------------------------------------------------------------

export const modifySnapshotTier: Ec2Handler = (input, { state }) => {
  const snapshot = snapshotIn(state, input)
  if (snapshot.StorageTier === 'archive')
    throw new AwsError('IncorrectState', `The snapshot ${snapshot.SnapshotId} is in the archive.`)
  const started = moment(state.now)
  state.snapshots.update(snapshot, {
    tiering: { started, status: 'archival-in-progress' },
    later: [
      {
        at: state.after(60),
        change: { StorageTier: 'archive', tiering: { started, status: 'archival-completed', completed: started } },
      },
    ],
  })
  return { SnapshotId: snapshot.SnapshotId, TieringStartTime: started }
}

export const restoreSnapshotTier: Ec2Handler = (input, { state }) => {
  const snapshot = snapshotIn(state, input)
  const { SnapshotId } = snapshot
  if (snapshot.StorageTier !== 'archive')
    throw new AwsError('IncorrectState', `The snapshot ${SnapshotId} is not in the archive.`)
  const { TemporaryRestoreDays: days, PermanentRestore = false } = input
  if (PermanentRestore === (days !== undefined))
    throw badCombination('Specify either TemporaryRestoreDays or PermanentRestore.')
  const started = moment(state.now)
  const kind = PermanentRestore ? 'permanent' : 'temporary'
  const expires = state.now + (days ?? 0) * day
  const restored = {
    started,
    status: `${kind}-restore-completed`,
    ...(!PermanentRestore && { expires: moment(expires) }),
  }
  state.snapshots.update(snapshot, {
    tiering: { started, status: `${kind}-restore-in-progress` },
    later: [
      { at: state.after(60), change: { StorageTier: 'standard', tiering: restored } },
      ...(PermanentRestore
        ? []
        : [{ at: expires, change: { StorageTier: 'archive', tiering: { started, status: 'archival-completed' } } }]),
    ],
  })
  return {
    SnapshotId,
    RestoreStartTime: started,
    IsPermanentRestore: PermanentRestore,
    ...(!PermanentRestore && { RestoreDuration: days }),
  }
}

export const describeSnapshotTierStatus: Ec2Handler = (input, { state }) => {
  const filters = {
    'snapshot-id': 'SnapshotId',
    'volume-id': 'VolumeId',
    'last-tiering-operation': 'LastTieringOperationStatus',
  }
  const found = state.snapshots
    .all()
    .map(({ order, SnapshotId, VolumeId, State, OwnerId, StorageTier, Tags, tiering }) => ({
      order,
      SnapshotId,
      VolumeId,
      Status: State,
      OwnerId,
      StorageTier,
      Tags,
      ...(tiering && {
        LastTieringStartTime: tiering.started,
        LastTieringOperationStatus: tiering.status,
        LastTieringProgress: tiering.status.endsWith('progress') ? 0 : 100,
        ArchivalCompleteTime: tiering.completed,
        RestoreExpiryTime: tiering.expires,
      }),
    }))
  return listed(found, input, { list: 'SnapshotTierStatuses', filters, pages: [5, 1000] })
}

// --- restored fast -----------------------------------------------------------------------------------------------------

function zonesIn(state: Ec2, input: any): { name: string; id: string }[] {
  const names: string[] = [...(input.AvailabilityZones ?? []), ...(input.AvailabilityZoneIds ?? [])]
  if (names.length === 0) throw missingParameter('AvailabilityZones')
  return names.map((name) => {
    const zone = zoneNamed(state.region, name)
    if (!zone) throw invalidParameter('availabilityZone', name)
    return zone
  })
}

function fastShown(snapshot: Snapshot, zone: { name: string; id: string }, State: string, at: string): object {
  return {
    SnapshotId: snapshot.SnapshotId,
    AvailabilityZone: zone.name,
    AvailabilityZoneId: zone.id,
    State,
    StateTransitionReason: 'Client.UserInitiated - Lifecycle state transition',
    OwnerId: snapshot.OwnerId,
    EnablingTime: at,
    ...(State === 'enabled' && { OptimizingTime: at, EnabledTime: at }),
    ...(State === 'disabling' && { DisablingTime: at }),
  }
}

export const enableFastSnapshotRestores: Ec2Handler = (input, { state }) => {
  need(input, 'SourceSnapshotIds')
  const zones = zonesIn(state, input)
  const Successful = state.snapshots.findAll(input.SourceSnapshotIds).flatMap((snapshot) => {
    const at = moment(state.now)
    const added = Object.fromEntries(zones.map(({ name }) => [name, at]))
    state.snapshots.update(snapshot, { fast: { ...added, ...snapshot.fast } })
    return zones.map((zone) => fastShown(snapshot, zone, 'enabling', at))
  })
  return { Successful, Unsuccessful: [] }
}

export const disableFastSnapshotRestores: Ec2Handler = (input, { state }) => {
  need(input, 'SourceSnapshotIds')
  const zones = zonesIn(state, input)
  const Successful: object[] = []
  const Unsuccessful: object[] = []
  for (const snapshot of state.snapshots.findAll(input.SourceSnapshotIds)) {
    const errors: object[] = []
    for (const zone of zones) {
      const at = snapshot.fast?.[zone.name]
      if (at !== undefined) Successful.push(fastShown(snapshot, zone, 'disabling', at))
      else
        errors.push({
          AvailabilityZone: zone.name,
          Error: {
            Code: 'FastSnapshotRestoreStateInvalid',
            Message: 'Fast snapshot restores are not enabled for the snapshot in this zone.',
          },
        })
      delete snapshot.fast?.[zone.name]
    }
    state.snapshots.put(snapshot)
    if (errors.length > 0)
      Unsuccessful.push({ SnapshotId: snapshot.SnapshotId, FastSnapshotRestoreStateErrors: errors })
  }
  return { Successful, Unsuccessful }
}

export const describeFastSnapshotRestores: Ec2Handler = (input, { state }) => {
  const filters = {
    'availability-zone': 'AvailabilityZone',
    'availability-zone-id': 'AvailabilityZoneId',
    'owner-id': 'OwnerId',
    'snapshot-id': 'SnapshotId',
    state: 'State',
  }
  const found = state.snapshots
    .all()
    .flatMap((snapshot) =>
      Object.entries(snapshot.fast ?? {}).map(([name, at]) =>
        fastShown(snapshot, zoneNamed(state.region, name)!, 'enabled', at),
      ),
    )
  return listed(found, input, { list: 'FastSnapshotRestores', filters, pages: [0, 200] })
}
