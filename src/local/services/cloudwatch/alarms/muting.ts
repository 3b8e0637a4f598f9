// What becomes of an alarm's actions while a mute rule is at work? They are held back; when it is over, they are carried out
// for alarms that are still not in the state that they were in before.

import type { Rows } from '../../../store/store.ts'
import { mutedUntil } from '../mutes/record.ts'
import { tell } from './pending.ts'
import { findAlarm, keyOf, type Alarm, type AlarmState } from './record.ts'

interface Held {
  readonly place: string
  readonly name: string
  /** Milliseconds. */
  readonly until: number
  /** As it was when somebody was last told. */
  readonly old: AlarmState
}

const table = 'muted'

/** Has the actions for an alarm's new state carried out, or holds them back. */
export function announce(rows: Rows, alarm: Alarm, old: AlarmState, now: number): void {
  const { place, name } = alarm
  const key = keyOf(place, name)
  const held = rows.get<Held & Record<string, never>>(table, key)
  const first = held?.old ?? old
  const until = mutedUntil(rows, place, name, now)
  if (held) rows.delete(table, key)
  // Back where it was before: there is nothing to tell.
  if (held && alarm.state.value === first.value) return
  if (until === undefined) tell(rows, alarm, first)
  else rows.put(table, key, { place, name, until, old: first } satisfies Held)
}

/** Carries out what was held back, where nothing mutes it any more. `place`: only there, whatever was thought before. */
export function unmute(rows: Rows, now: number, place?: string): void {
  for (const { key, value } of rows.scan<Held & Record<string, never>>(table)) {
    if (place === undefined ? value.until > now : value.place !== place) continue
    const until = mutedUntil(rows, value.place, value.name, now)
    if (until !== undefined) {
      rows.put(table, key, { ...value, until })
      continue
    }
    rows.delete(table, key)
    const alarm = findAlarm(rows, value.place, value.name)
    if (alarm && alarm.state.value !== value.old.value) tell(rows, alarm, value.old)
  }
}
