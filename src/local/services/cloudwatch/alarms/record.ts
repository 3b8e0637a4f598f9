// What is kept of an alarm, and where: a row each by place and name; whose rule names it; and when it is to be looked at.

import type { Rows } from '../../../store/store.ts'
import type { Query } from '../math/evaluate.ts'
import type { Dimension } from '../metrics/names.ts'
import type { EvaluationWindow } from './wall-clock.ts'

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmState {
  readonly value: StateValue
  readonly reason: string
  /** JSON. */
  readonly data?: string
  /** When this was last said, and when the value last became another (milliseconds). */
  readonly updated: number
  readonly transitioned: number
}

/** What a metric alarm watches, by the members of PutMetricAlarm. */
export interface Watch {
  readonly MetricName?: string
  readonly Namespace?: string
  readonly Statistic?: string
  readonly ExtendedStatistic?: string
  readonly Dimensions?: readonly Dimension[]
  readonly Period?: number
  readonly Unit?: string
  readonly EvaluationPeriods: number
  readonly DatapointsToAlarm?: number
  /** What its values are compared with; not there where that is the band that ThresholdMetricId names. */
  readonly Threshold?: number
  readonly ThresholdMetricId?: string
  readonly ComparisonOperator: string
  readonly TreatMissingData?: string
  readonly EvaluateLowSampleCountPercentile?: string
  readonly Metrics?: readonly Query[]
  readonly EvaluationWindow?: EvaluationWindow
}

export interface Suppressor {
  /** Name or ARN, as it was given. */
  readonly alarm: string
  /** Seconds. */
  readonly wait: number
  readonly extension: number
}

/** Why a composite alarm's actions are held back, and until when (milliseconds) at most. */
export interface Suppression {
  readonly by: 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm'
  readonly until?: number
  /** The change that nobody has been told of. */
  readonly old: AlarmState
}

export interface Alarm {
  readonly name: string
  /** `123456789012/us-east-1` */
  readonly place: string
  readonly description?: string
  readonly actionsEnabled: boolean
  readonly actions: Readonly<Record<StateValue, readonly string[]>>
  /** Milliseconds. */
  readonly configured: number
  readonly state: AlarmState
  /** Of a metric alarm. */
  readonly watch?: Watch
  /** Of a composite alarm. */
  readonly rule?: string
  readonly suppressor?: Suppressor
  readonly suppression?: Suppression
  /** When it is to be looked at next (milliseconds). */
  readonly next?: number
}

const mark = '\u001f'

export function keyOf(place: string, name: string): string {
  return place + mark + name
}

export function findAlarm(rows: Rows, place: string, name: string): Alarm | undefined {
  return rows.get<Alarm & Record<string, never>>('alarms', keyOf(place, name))
}

/** Keeps an alarm, and sees to it that it is looked at when it says. */
export function putAlarm(rows: Rows, alarm: Alarm): void {
  const known = findAlarm(rows, alarm.place, alarm.name)
  if (known?.next !== alarm.next) {
    if (known?.next !== undefined) rows.delete('due', dueKey(known))
    if (alarm.next !== undefined) rows.put('due', dueKey(alarm), { place: alarm.place, name: alarm.name })
  }
  rows.put('alarms', keyOf(alarm.place, alarm.name), alarm)
}

export function removeAlarm(rows: Rows, alarm: Alarm): void {
  if (alarm.next !== undefined) rows.delete('due', dueKey(alarm))
  rows.delete('alarms', keyOf(alarm.place, alarm.name))
}

function dueKey({ next, place, name }: Alarm): string {
  return [String(next).padStart(15, '0'), place, name].join(mark)
}

/** The first alarm to be looked at by `now` (milliseconds). */
export function firstDue(rows: Rows, now: number): Alarm | undefined {
  const [row] = rows.scan<{ place: string; name: string }>('due', {
    before: String(now + 1).padStart(15, '0'),
    limit: 1,
  })
  if (!row) return undefined
  const alarm = findAlarm(rows, row.value.place, row.value.name)
  if (alarm) return alarm
  rows.delete('due', row.key)
  return firstDue(rows, now)
}

/** By name, in order. */
export function alarmsOf(rows: Rows, place: string, range: { prefix?: string; after?: string } = {}): Alarm[] {
  return rows
    .scan<Alarm & Record<string, never>>('alarms', {
      prefix: keyOf(place, range.prefix ?? ''),
      ...(range.after !== undefined && { after: keyOf(place, range.after) }),
    })
    .map(({ value }) => value)
}

// --- whose rule, or whose suppressor, an alarm is ---------------------------------------------------------------------

type Bond = 'children' | 'suppressors'

/** Remembers which alarms a composite one depends on, instead of what it depended on before. */
export function bind(rows: Rows, bond: Bond, place: string, parent: string, names: readonly string[]): void {
  const key = keyOf(place, parent)
  for (const name of boundTo(rows, bond, place, parent)) rows.delete(`${bond} of`, keyOf(place, name) + mark + parent)
  if (names.length === 0) rows.delete(bond, key)
  else rows.put(bond, key, names)
  for (const name of names) rows.put(`${bond} of`, keyOf(place, name) + mark + parent, 1)
}

export function boundTo(rows: Rows, bond: Bond, place: string, parent: string): readonly string[] {
  return rows.get<string[]>(bond, keyOf(place, parent)) ?? []
}

/** The composite alarms that depend on this one. */
export function boundBy(rows: Rows, bond: Bond, place: string, name: string): string[] {
  const prefix = keyOf(place, name) + mark
  return rows.scan(`${bond} of`, { prefix }).map(({ key }) => key.slice(prefix.length))
}

/** The name in an alarm's ARN; a name is one already. */
export function nameIn(text: string): string {
  return /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.*)$/.exec(text)?.[1] ?? text
}
