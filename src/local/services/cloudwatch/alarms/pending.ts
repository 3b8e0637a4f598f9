// Which actions are still to be carried out? A row each, written together with the change that they go with: whoever is
// killed before they are done leaves them to the next.

import type { Rows } from '../../../store/store.ts'
import type { Alarm, AlarmState } from './record.ts'

export interface Pending {
  /** As it was when it changed. */
  readonly alarm: Alarm
  readonly old: AlarmState
  readonly arn: string
  /** When somebody took it on (milliseconds). */
  readonly claimed?: number
}

const table = 'pending'
/** After this (milliseconds) whoever took an action on is taken for dead. */
const patience = 60_000

/** Has the alarm's actions for its new state carried out. */
export function tell(rows: Rows, alarm: Alarm, old: AlarmState): void {
  if (!alarm.actionsEnabled) return
  for (const arn of alarm.actions[alarm.state.value]) {
    const number = (rows.get<number>('counters', 'pending') ?? 0) + 1
    rows.put('counters', 'pending', number)
    rows.put(table, String(number).padStart(12, '0'), { alarm, old, arn } satisfies Pending)
  }
}

/** Takes on the first action that nobody has. */
export function claim(rows: Rows, now: number): { key: string; pending: Pending } | undefined {
  for (const { key, value } of rows.scan<Pending & Record<string, never>>(table, { limit: 100 })) {
    if (value.claimed !== undefined && Math.abs(now - value.claimed) < patience) continue
    rows.put(table, key, { ...value, claimed: now })
    return { key, pending: value }
  }
  return undefined
}

export function settle(rows: Rows, key: string): void {
  rows.delete(table, key)
}
