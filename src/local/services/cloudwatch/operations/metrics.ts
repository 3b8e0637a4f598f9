// Publishing values, and asking which metrics there are and what they came to.

import { invalidCombination, invalidValue, missingParameter, notBuilt } from '../errors.ts'
import { isPeriod, roundedStart, secondOf, valuesOf } from '../metrics/ask.ts'
import { readDatum, type MetricDatum } from '../metrics/datum.ts'
import { isKeyIn, keyOf, metricsIn, touchMetric, type MetricFilter, type MetricName } from '../metrics/names.ts'
import { addValues, type Values } from '../metrics/series.ts'
import { statisticNamed } from '../metrics/statistic.ts'
import type { CloudWatchHandler } from '../state.ts'

interface EntityMetricData {
  readonly MetricData?: readonly MetricDatum[]
}

const mostData = 1000

export const putMetricData: CloudWatchHandler = (input, { state, clock, caller }) => {
  const { Namespace } = input
  const own = (input.MetricData ?? []) as readonly MetricDatum[]
  const ofEntities = (input.EntityMetricData ?? []) as readonly EntityMetricData[]
  if (own.length === 0 && ofEntities.length === 0) throw missingParameter('MetricData')
  // Only AWS itself publishes there.
  if (Namespace.startsWith('AWS/') && caller.principal.type !== 'Service')
    throw invalidValue('The value AWS/ for parameter Namespace is invalid.')
  const count = own.length + ofEntities.reduce((all, { MetricData = [] }) => all + MetricData.length, 0)
  if (count > mostData) throw invalidValue(`The collection MetricData must not have a size greater than ${mostData}.`)
  const now = clock().getTime()
  const data = [
    ...own.map((datum, i) => [datum, `MetricData.member.${i + 1}`] as const),
    ...ofEntities.flatMap(({ MetricData = [] }, i) =>
      MetricData.map((datum, j) => [datum, `EntityMetricData.member.${i + 1}.MetricData.member.${j + 1}`] as const),
    ),
  ]
  // All are checked before any is kept.
  const published = data.map(([datum, place]) => [datum, readDatum(datum, place, now)] as const)
  const byMetric = new Map<string, { name: MetricName; values: Values[] }>()
  for (const [{ MetricName, Dimensions }, values] of published) {
    const name = { Namespace, MetricName, Dimensions }
    const key = keyOf(state.place, name)
    const there = byMetric.get(key)
    if (there) there.values.push(values)
    else byMetric.set(key, { name, values: [values] })
  }
  for (const { name, values } of byMetric.values())
    addValues(state.rows, touchMetric(state.rows, state.place, name, now).id, ...values)
}

const mostDatapoints = 1440

export const getMetricStatistics: CloudWatchHandler = (input, { state, clock }) => {
  const { Namespace, MetricName, Dimensions, StartTime, EndTime, Period, Unit } = input
  const statistics: readonly string[] = input.Statistics ?? []
  const extended: readonly string[] = input.ExtendedStatistics ?? []
  const now = clock().getTime()
  if (statistics.length === 0 && extended.length === 0)
    throw invalidCombination('Must specify either Statistics or ExtendedStatistics')
  if (statistics.length > 0 && extended.length > 0)
    throw invalidCombination('Must specify either Statistics or ExtendedStatistics, but not both')
  if (!isPeriod(Period))
    throw invalidValue('The parameter Period must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.')
  extended.forEach((name, i) => {
    if (!statisticNamed(name))
      throw invalidValue(`The value ${name} for parameter ExtendedStatistics.member.${i + 1} is not supported.`)
  })
  // Times are whole seconds.
  if (secondOf(StartTime) >= secondOf(EndTime))
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.')
  const asked = Math.floor((EndTime - StartTime) / 1000 / Period)
  if (asked > mostDatapoints)
    throw invalidCombination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${mostDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    )
  const stretch = {
    rows: state.rows,
    place: state.place,
    start: roundedStart(StartTime.getTime(), Period, now),
    end: Math.ceil(EndTime.getTime() / 1000),
    now,
  }
  const series = valuesOf(stretch, { Namespace, MetricName, Dimensions }, Period, Unit)
  const points = [...series].flatMap(([unit, buckets]) =>
    [...buckets].map(([at, bucket]) => {
      const value = (name: string): [string, number][] => {
        const computed = statisticNamed(name)!(bucket)
        return computed === undefined ? [] : [[name, computed]]
      }
      const others = Object.fromEntries(extended.flatMap(value))
      return {
        Timestamp: new Date(at * 1000),
        ...Object.fromEntries(statistics.flatMap(value)),
        Unit: unit,
        ...(Object.keys(others).length > 0 && { ExtendedStatistics: others }),
      }
    }),
  )
  points.sort((a, b) => a.Timestamp.getTime() - b.Timestamp.getTime())
  return { Label: MetricName, Datapoints: points }
}

const aPage = 500
const listedFor = 14 * 86_400_000
const recently = 3 * 3_600_000

export const listMetrics: CloudWatchHandler = (input, { state, account, clock }) => {
  const { Namespace, MetricName, Dimensions, NextToken, RecentlyActive, IncludeLinkedAccounts, OwningAccount } = input
  if (OwningAccount !== undefined && OwningAccount !== account) {
    if (!IncludeLinkedAccounts)
      throw invalidValue('The parameter OwningAccount requires IncludeLinkedAccounts to be true.')
    throw notBuilt('metrics of other accounts (OwningAccount)')
  }
  const after = NextToken === undefined ? undefined : openToken(NextToken, state.place)
  const filter: MetricFilter = {
    namespace: Namespace,
    name: MetricName,
    dimensions: Dimensions,
    since: clock().getTime() - (RecentlyActive === undefined ? listedFor : recently),
  }
  const { metrics, next } = metricsIn(state.rows, state.place, filter, {
    limit: aPage,
    ...(after !== undefined && { after }),
  })
  return {
    Metrics: metrics.map(({ Namespace, MetricName, Dimensions }) => ({ Namespace, MetricName, Dimensions })),
    ...(next !== undefined && { NextToken: btoa(encodeURIComponent(next)) }),
    ...(IncludeLinkedAccounts && { OwningAccounts: metrics.map(() => account) }),
  }
}

function openToken(token: string, place: string): string {
  try {
    const key = decodeURIComponent(atob(token))
    if (isKeyIn(place, key)) return key
  } catch {
    // Not one of ours.
  }
  throw invalidValue('Request parameter NextToken is invalid')
}
