// How does a snapshot come to be? Of a volume, or of another snapshot.

import type { Snapshot, Tag } from './records.ts'
import { moment } from './ids.ts'
import type { Ec2 } from './state.ts'

export interface NewSnapshot {
  VolumeId: string
  VolumeSize: number
  Description: string
  Encrypted: boolean
  KmsKeyId?: string
  Tags: Tag[]
}

export function makeSnapshot(state: Ec2, given: NewSnapshot): Snapshot {
  return state.snapshots.add({
    ...given,
    State: 'pending',
    Progress: '0%',
    later: [
      {
        at: state.after(30),
        change: { State: 'completed', Progress: '100%', CompletionTime: moment(state.after(30)) },
      },
    ],
    StartTime: moment(state.now),
    OwnerId: state.account,
    StorageTier: 'standard',
    shared: [],
  })
}

/** The snapshot of a volume. */
export function snapshotOf(
  state: Ec2,
  volume: { VolumeId: string; Size: number; Encrypted: boolean; KmsKeyId?: string },
  Description: string,
  Tags: Tag[],
): Snapshot {
  const { VolumeId, Size, Encrypted, KmsKeyId } = volume
  const key = KmsKeyId === undefined ? {} : { KmsKeyId }
  return makeSnapshot(state, { VolumeId, VolumeSize: Size, Description, Encrypted, ...key, Tags })
}

/** Whether, and how, it is locked at this moment; undefined: it never was. */
export function lockState({ now }: Ec2, { lock }: Snapshot): string | undefined {
  if (!lock) return undefined
  if (lock.until <= now) return 'expired'
  return lock.mode === 'compliance' && lock.coolOff !== undefined && lock.coolOff > now
    ? 'compliance-cooloff'
    : lock.mode
}
