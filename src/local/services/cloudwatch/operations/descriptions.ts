// Asking about alarms: which there are, how they stand, and what became of them.

import { alarmShape } from '../alarms/present.ts'
import { historyOf, typeOf } from '../alarms/history.ts'
import { alarmsOf, boundBy, boundTo, findAlarm, type Alarm } from '../alarms/record.ts'
import { arnOf } from '../alarms/transitions.ts'
import { invalidToken, noSuchResource, validationError } from '../errors.ts'
import { openToken } from '../listing.ts'
import type { CloudWatchContext, CloudWatchHandler } from '../state.ts'

const aPage = 100

export const describeAlarms: CloudWatchHandler = (input, context) => {
  const { ChildrenOfAlarmName, ParentsOfAlarmName } = input
  const family = ChildrenOfAlarmName ?? ParentsOfAlarmName
  if (family !== undefined) return relatives(input, family, context)
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, ActionPrefix } = input
  const { rows, place } = context.state
  if (AlarmNames?.length > 0 && AlarmNamePrefix !== undefined)
    throw validationError('AlarmNames and AlarmNamePrefix cannot both be specified')
  const named: Alarm[] =
    AlarmNames?.length > 0
      ? [...new Set<string>(AlarmNames)].sort().flatMap((name) => findAlarm(rows, place, name) ?? [])
      : alarmsOf(rows, place, { prefix: AlarmNamePrefix })
  // Composite alarms are told only where they are asked for.
  const types: readonly string[] = AlarmTypes?.length > 0 ? AlarmTypes : ['MetricAlarm']
  const wanted = named.filter(
    (alarm) =>
      types.includes(typeOf(alarm)) &&
      (StateValue === undefined || alarm.state.value === StateValue) &&
      (ActionPrefix === undefined ||
        Object.values(alarm.actions).some((arns) => arns.some((arn) => arn.startsWith(ActionPrefix)))),
  )
  return page(wanted, input, alarmShape)
}

const ofFamilies = new Set(['ChildrenOfAlarmName', 'ParentsOfAlarmName', 'MaxRecords', 'NextToken'])

/** The alarms in a composite alarm's rule, or those whose rules name an alarm; little is told of them. */
function relatives(input: any, name: string, { state }: CloudWatchContext): object {
  const { rows, place } = state
  const asksChildren = input.ChildrenOfAlarmName !== undefined
  const others = Object.keys(input).filter((member) => input[member] !== undefined && !ofFamilies.has(member))
  if (others.length > 0 || (asksChildren && input.ParentsOfAlarmName !== undefined))
    throw validationError(
      `${asksChildren ? 'ChildrenOfAlarmName' : 'ParentsOfAlarmName'} cannot be specified with other parameters`,
    )
  const names = asksChildren ? boundTo(rows, 'children', place, name) : boundBy(rows, 'children', place, name)
  const alarms = [...names].sort().flatMap((each) => findAlarm(rows, place, each) ?? [])
  return page(alarms, input, (alarm) => ({
    AlarmName: alarm.name,
    AlarmArn: arnOf(alarm),
    ...(asksChildren && { StateValue: alarm.state.value, StateUpdatedTimestamp: new Date(alarm.state.updated) }),
  }))
}

/** `alarms` by rising names; the token is the last name told. */
function page(alarms: readonly Alarm[], input: any, shape: (alarm: Alarm) => object): object {
  const after = input.NextToken === undefined ? undefined : openToken(input.NextToken)
  const left = after === undefined ? alarms : alarms.filter(({ name }) => name > after)
  const here = left.slice(0, input.MaxRecords ?? aPage)
  return {
    CompositeAlarms: here.filter(({ rule }) => rule !== undefined).map(shape),
    MetricAlarms: here.filter(({ rule }) => rule === undefined).map(shape),
    ...(here.length < left.length && { NextToken: btoa(encodeURIComponent(here.at(-1)!.name)) }),
  }
}

export const describeAlarmsForMetric: CloudWatchHandler = (input, { state }) => {
  const { Namespace, MetricName, Statistic, ExtendedStatistic, Dimensions = [], Period, Unit } = input
  const told = (dimensions: readonly { Name: string; Value: string }[] = []): string =>
    dimensions
      .map(({ Name, Value }) => JSON.stringify([Name, Value]))
      .sort()
      .join()
  const alarms = alarmsOf(state.rows, state.place).filter(
    ({ watch }) =>
      watch?.MetricName === MetricName &&
      watch?.Namespace === Namespace &&
      told(watch!.Dimensions) === told(Dimensions) &&
      (Statistic === undefined || watch!.Statistic === Statistic) &&
      (ExtendedStatistic === undefined || watch!.ExtendedStatistic === ExtendedStatistic) &&
      (Period === undefined || watch!.Period === Period) &&
      (Unit === undefined || watch!.Unit === Unit),
  )
  return { MetricAlarms: alarms.map(alarmShape) }
}

export const describeAlarmHistory: CloudWatchHandler = (input, { state, clock }) => {
  const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, MaxRecords = 100, NextToken, ScanBy } = input
  const types: readonly string[] = AlarmTypes?.length > 0 ? AlarmTypes : ['MetricAlarm']
  const items = historyOf(state.rows, state.place, AlarmName, clock().getTime()).filter(
    ({ type, kind, at }) =>
      // One that is named is told of, whatever it is.
      (types.includes(type) || (AlarmName !== undefined && !(AlarmTypes?.length > 0))) &&
      (HistoryItemType === undefined || kind === HistoryItemType) &&
      (StartDate === undefined || at >= StartDate.getTime()) &&
      (EndDate === undefined || at <= EndDate.getTime()),
  )
  if (ScanBy !== 'TimestampAscending') items.reverse()
  const start = NextToken === undefined ? 0 : Number(/^history-(\d+)$/.exec(openToken(NextToken))?.[1] ?? NaN)
  if (!(start >= 0)) throw invalidToken()
  const end = start + MaxRecords
  return {
    AlarmHistoryItems: items.slice(start, end).map(({ name, type, at, kind, summary, data }) => ({
      AlarmName: name,
      AlarmType: type,
      Timestamp: new Date(at),
      HistoryItemType: kind,
      HistorySummary: summary,
      HistoryData: data,
    })),
    ...(end < items.length && { NextToken: btoa(`history-${end}`) }),
  }
}

/** Only alarms on queries that give several series have contributors; there are none of these here. */
export const describeAlarmContributors: CloudWatchHandler = (input, { state }) => {
  if (!findAlarm(state.rows, state.place, input.AlarmName)) throw noSuchResource(input.AlarmName)
  return { AlarmContributors: [] }
}
