// How does an alarm come from one state to another? By its schedule, by hand, or because an alarm that its rule names has
// changed. Its actions are noted down with it (pending.ts).

import type { Rows } from '../../../store/store.ts'
import { stringifyCompact } from '../../../../lib/json.ts'
import { alarmArn } from '../arns.ts'
import { evaluateAlarm, periodOf, quietUntil } from './evaluate.ts'
import { noteState } from './history.ts'
import { longTime } from './reasons.ts'
import { announce, unmute } from './muting.ts'
import { boundBy, boundTo, findAlarm, firstDue, nameIn, putAlarm, type Alarm, type AlarmState } from './record.ts'
import { holds, parseRule } from './rule.ts'

/** How often (milliseconds) an alarm is evaluated: every minute, those with shorter periods every ten seconds. */
function intervalOf(alarm: Alarm): number {
  return alarm.watch && periodOf(alarm.watch) < 60 ? 10_000 : 60_000
}

/** The next evaluation after a change by hand: not before somebody could see what was said. */
export function afterHand(alarm: Alarm, now: number): number {
  const interval = intervalOf(alarm)
  return Math.ceil((now + interval / 2) / interval) * interval
}

/** A composite alarm is looked at soon after it was made, and then whenever something changes. */
export const compositeDelay = 1000

/** Sets the state, and whatever follows from it. */
export function enter(
  rows: Rows,
  alarm: Alarm,
  state: Pick<AlarmState, 'value' | 'reason' | 'data'>,
  now: number,
): void {
  const old = alarm.state
  const isNew = state.value !== old.value
  const next: Alarm = {
    ...alarm,
    state: { ...state, updated: now, transitioned: isNew ? now : old.transitioned },
  }
  putAlarm(rows, next)
  if (!isNew) return
  noteState(rows, next, old)
  if (next.suppressor) suppress(rows, next, old, now)
  else announce(rows, next, old, now)
  follow(rows, next, now)
}

/** What an alarm's change means for those whose rule or suppressor it is. */
function follow(rows: Rows, changed: Alarm, now: number): void {
  const { place, name } = changed
  for (const parent of boundBy(rows, 'suppressors', place, name)) {
    const alarm = findAlarm(rows, place, parent)
    if (alarm) suppressorChanged(rows, alarm, now)
  }
  for (const parent of boundBy(rows, 'children', place, name)) {
    const alarm = findAlarm(rows, place, parent)
    if (alarm && !isInCycle(rows, alarm)) evaluateComposite(rows, alarm, now, changed)
  }
}

/** The evaluation of composite alarms stops where they depend on each other in a circle. */
function isInCycle(rows: Rows, alarm: Alarm): boolean {
  const seen = new Set<string>()
  const reaches = (name: string): boolean =>
    boundTo(rows, 'children', alarm.place, name).some((child) => {
      if (child === alarm.name) return true
      if (seen.has(child)) return false
      seen.add(child)
      return reaches(child)
    })
  return reaches(alarm.name)
}

export function evaluateComposite(rows: Rows, alarm: Alarm, now: number, because?: Alarm): void {
  const { place } = alarm
  const value = holds(parseRule(alarm.rule!), (name) => findAlarm(rows, place, name)?.state.value) ? 'ALARM' : 'OK'
  if (value === alarm.state.value) return
  const children = boundTo(rows, 'children', place, alarm.name).flatMap((name) => findAlarm(rows, place, name) ?? [])
  const trigger = because ?? children.toSorted((a, b) => b.state.updated - a.state.updated)[0]
  if (!trigger) return enter(rows, alarm, { value, reason: `AlarmRule was evaluated to ${value === 'ALARM'}` }, now)
  const arn = arnOf(trigger)
  const reason = `${arn} transitioned to ${trigger.state.value} at ${spoken(trigger.state.transitioned)}`
  const data = stringifyCompact({
    triggeringAlarms: [{ arn, state: { value: trigger.state.value, timestamp: longTime(trigger.state.transitioned) } }],
  })
  enter(rows, alarm, { value, reason, data }, now)
}

export function arnOf({ place, name }: Pick<Alarm, 'place' | 'name'>): string {
  const [account, region] = place.split('/') as [string, string]
  return alarmArn({ account, region }, name)
}

/** `Friday 26 June, 2020 18:04:22 UTC` */
function spoken(moment: number): string {
  const date = new Date(moment)
  const day = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'][date.getUTCDay()]!
  const months = 'January February March April May June July August September October November December'.split(' ')
  const time = date.toISOString().slice(11, 19)
  return `${day} ${String(date.getUTCDate()).padStart(2, '0')} ${months[date.getUTCMonth()]}, ${date.getUTCFullYear()} ${time} UTC`
}

// --- suppressors ------------------------------------------------------------------------------------------------------
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html

function isSuppressing(rows: Rows, { place, suppressor }: Alarm): boolean {
  return findAlarm(rows, place, nameIn(suppressor!.alarm))?.state.value === 'ALARM'
}

/** A suppressor has its time to come into ALARM before anybody is told of a change. */
function suppress(rows: Rows, alarm: Alarm, old: AlarmState, now: number): void {
  const { suppressor, suppression } = alarm
  const first = suppression?.old ?? old
  // Back where it was before anybody was told: there is nothing to tell.
  if (suppression && alarm.state.value === first.value) return putAlarm(rows, without(alarm))
  if (isSuppressing(rows, alarm)) {
    putAlarm(rows, { ...without(alarm), suppression: { by: 'Alarm', old: first } })
    return
  }
  const until = suppression?.until ?? now + suppressor!.wait * 1000
  const by = suppression?.by === 'ExtensionPeriod' ? 'ExtensionPeriod' : 'WaitPeriod'
  putAlarm(rows, { ...alarm, suppression: { by, until, old: first }, next: until })
}

function suppressorChanged(rows: Rows, alarm: Alarm, now: number): void {
  const { suppression, suppressor } = alarm
  if (!suppression || !suppressor) return
  if (isSuppressing(rows, alarm))
    putAlarm(rows, { ...without(alarm), suppression: { by: 'Alarm', old: suppression.old } })
  else if (suppression.by === 'Alarm') {
    const until = now + suppressor.extension * 1000
    putAlarm(rows, { ...alarm, suppression: { by: 'ExtensionPeriod', until, old: suppression.old }, next: until })
  }
}

function without(alarm: Alarm): Alarm {
  const { suppression: _suppression, next: _next, ...rest } = alarm
  return rest
}

// --- the schedule -----------------------------------------------------------------------------------------------------

/** An alarm that nobody has looked at for long is taken up again a day ago: (milliseconds). */
const furthestBack = 86_400_000

/** Does some of what is due by `now`; whether there is more. */
export function runDue(rows: Rows, now: number, most: number): boolean {
  for (let i = 0; i < most; i++) {
    const alarm = firstDue(rows, now)
    if (!alarm) {
      unmute(rows, now)
      return false
    }
    if (alarm.watch) lookAt(rows, alarm, now)
    else lookAtComposite(rows, alarm)
  }
  return true
}

function lookAt(rows: Rows, alarm: Alarm, now: number): void {
  const interval = intervalOf(alarm)
  const earliest = Math.ceil((now - furthestBack) / interval) * interval
  const moment = alarm.next!
  const verdict = moment >= earliest ? evaluateAlarm(rows, alarm, moment) : undefined
  const scheduled = { ...alarm, next: Math.max(moment + interval, earliest) }
  if (verdict && verdict.value !== alarm.state.value) return enter(rows, scheduled, verdict, moment)
  const isBehind = scheduled.next <= now
  const quiet = moment >= earliest && isBehind ? quietUntil(rows, alarm, moment, now) : undefined
  const after = quiet === undefined ? scheduled.next : Math.floor(quiet / interval) * interval + interval
  putAlarm(rows, { ...scheduled, next: Math.max(scheduled.next, after) })
}

function lookAtComposite(rows: Rows, alarm: Alarm): void {
  const moment = alarm.next!
  const { suppression } = alarm
  if (suppression?.until !== undefined && suppression.until <= moment) {
    const free = without(alarm)
    putAlarm(rows, free)
    return announce(rows, free, suppression.old, moment)
  }
  const { next: _next, ...idle } = alarm
  putAlarm(rows, idle)
  if (!isInCycle(rows, idle)) evaluateComposite(rows, idle, moment)
}
