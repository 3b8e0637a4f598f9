// What has happened to an alarm? Changes of its state and configuration, and the actions it took, for thirty days.

import { stringifyCompact } from '../../../../lib/json.ts'
import { Float } from '../../../../lib/value.ts'
import type { Rows } from '../../../store/store.ts'
import { longTime } from './reasons.ts'
import type { Alarm, AlarmState } from './record.ts'

export interface HistoryItem {
  readonly name: string
  readonly type: 'MetricAlarm' | 'CompositeAlarm'
  /** Milliseconds. */
  readonly at: number
  readonly kind: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  readonly summary: string
  /** JSON. */
  readonly data: string
}

const mark = '\u001f'
const keptFor = 30 * 86_400_000

export function typeOf({ rule }: Pick<Alarm, 'rule'>): HistoryItem['type'] {
  return rule === undefined ? 'MetricAlarm' : 'CompositeAlarm'
}

function note(rows: Rows, alarm: Alarm, item: Pick<HistoryItem, 'at' | 'kind' | 'summary' | 'data'>): void {
  const number = (rows.get<number>('counters', 'history') ?? 0) + 1
  rows.put('counters', 'history', number)
  const prefix = [alarm.place, alarm.name, ''].join(mark)
  const time = (moment: number): string => String(moment).padStart(15, '0')
  for (const { key } of rows.scan('history', { from: prefix, before: prefix + time(item.at - keptFor) }))
    rows.delete('history', key)
  rows.put('history', `${prefix}${time(item.at)}${mark}${String(number).padStart(12, '0')}`, {
    name: alarm.name,
    type: typeOf(alarm),
    ...item,
    // What may be said at most.
    summary: item.summary.slice(0, 255),
    data: item.data,
  })
}

/** Oldest first. */
export function historyOf(rows: Rows, place: string, name: string | undefined, now: number): HistoryItem[] {
  const prefix = [place, ...(name === undefined ? [] : [name]), ''].join(mark)
  return rows
    .scan<HistoryItem & Record<string, never>>('history', { prefix })
    .map(({ key, value }) => ({ order: key.slice(key.lastIndexOf(mark) + 1), value }))
    .filter(({ value }) => value.at >= now - keptFor)
    .sort((a, b) => a.value.at - b.value.at || (a.order < b.order ? -1 : 1))
    .map(({ value }) => value)
}

export function noteState(rows: Rows, alarm: Alarm, old: AlarmState): void {
  note(rows, alarm, {
    at: alarm.state.updated,
    kind: 'StateUpdate',
    summary: `Alarm updated from ${old.value} to ${alarm.state.value}`,
    data: `{"version":"1.0","oldState":${told(old)},"newState":${told(alarm.state)}}`,
  })
}

/** The data is JSON already, and stands as it is. */
function told({ value, reason, data }: AlarmState): string {
  const text = stringifyCompact({ stateValue: value, stateReason: reason })
  return data === undefined ? text : `${text.slice(0, -1)},"stateReasonData":${data}}`
}

export function noteConfiguration(
  rows: Rows,
  alarm: Alarm,
  change: 'created' | 'updated' | 'deleted',
  at: number,
): void {
  const type = { created: 'Create', updated: 'Update', deleted: 'Delete' }[change]
  note(rows, alarm, {
    at,
    kind: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${change}`,
    data: stringifyCompact({ version: '1.0', type, [`${change}Alarm`]: configuration(alarm) }),
  })
}

export function noteAction(
  rows: Rows,
  alarm: Alarm,
  action: { arn: string; at: number; message?: string; error?: string },
): void {
  const { arn, at, message, error } = action
  note(rows, alarm, {
    at,
    kind: 'Action',
    summary:
      error === undefined
        ? `Successfully executed action ${arn}`
        : `Failed to execute action ${arn}. Received error: "${error}"`,
    data: stringifyCompact({
      actionState: error === undefined ? 'Succeeded' : 'Failed',
      stateUpdateTimestamp: alarm.state.updated,
      notificationResource: arn,
      publishedMessage: message ?? null,
      error: error ?? null,
    }),
  })
}

/** The alarm as its history tells it: members in lower case. */
function configuration(alarm: Alarm): object {
  const watch = Object.entries(alarm.watch ?? {}).map(([name, value]) => [lowerFirst(name), lowered(value)])
  return {
    alarmName: alarm.name,
    ...(alarm.description !== undefined && { alarmDescription: alarm.description }),
    actionsEnabled: alarm.actionsEnabled,
    okactions: alarm.actions.OK,
    alarmActions: alarm.actions.ALARM,
    insufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    ...Object.fromEntries(watch),
    ...(alarm.watch?.Threshold !== undefined && { threshold: new Float(alarm.watch.Threshold) }),
    ...(alarm.rule !== undefined && { alarmRule: alarm.rule }),
    stateValue: alarm.state.value,
    alarmConfigurationUpdatedTimestamp: longTime(alarm.configured),
    stateUpdatedTimestamp: longTime(alarm.state.updated),
  }
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [lowerFirst(name), lowered(inner)]))
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
