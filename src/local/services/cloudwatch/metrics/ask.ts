// What does a metric come to, statistic by statistic, over a stretch of time?

import type { Rows } from '../../../store/store.ts'
import type { TimeSeries } from '../math/series.ts'
import { findMetric, type Metric, type MetricName } from './names.ts'
import { valuesIn, type Series } from './series.ts'
import { statisticNamed } from './statistic.ts'

/** Whose metrics, at what time, and which stretch of it. */
export interface Asked {
  readonly rows: Rows
  /** `123456789012/us-east-1` */
  readonly place: string
  /** Seconds since 1970; `end` exclusive. */
  readonly start: number
  readonly end: number
  /** Milliseconds. */
  readonly now: number
}

export interface MetricStat {
  readonly Metric: MetricName
  /** Seconds. */
  readonly Period: number
  readonly Stat: string
  readonly Unit?: string
}

/** Of several units that a metric came in, the first of these is told. (Recorded answers of AWS.) */
const unitOrder = [
  'Megabits',
  'Terabits',
  'Gigabits',
  'Count',
  'Bytes',
  'Gigabytes',
  'Gigabytes/Second',
  'Kilobytes',
  'Kilobits/Second',
  'Terabytes',
  'Terabits/Second',
  'Bytes/Second',
  'Percent',
  'Megabytes',
  'Megabits/Second',
  'Milliseconds',
  'Microseconds',
  'Kilobytes/Second',
  'Gigabits/Second',
  'Megabytes/Second',
  'Bits',
  'Bits/Second',
  'Count/Second',
  'Seconds',
  'Kilobits',
  'Terabytes/Second',
  'None',
]

export function valuesOf(asked: Asked, name: MetricName, period: number, unit?: string): Series {
  const metric = findMetric(asked.rows, asked.place, name)
  if (!metric) return new Map()
  const { start, end, now } = asked
  return valuesIn(asked.rows, metric.id, { start, end, period, unit }, Math.floor(now / 1000))
}

/** The metric's statistic in every period that has values. */
export function seriesOf(asked: Asked, { Metric, Period, Stat, Unit }: MetricStat, id?: string): TimeSeries {
  const byUnit = valuesOf(asked, Metric, Period, Unit)
  const units = [...byUnit.keys()]
  const told = unitOrder.find((unit) => byUnit.has(unit))
  const statistic = statisticNamed(Stat)!
  const points = [...((told !== undefined && byUnit.get(told)) || [])].flatMap(([at, bucket]): [number, number][] => {
    const value = statistic(bucket)
    return value === undefined ? [] : [[at, value]]
  })
  return {
    label: Metric.MetricName,
    points: new Map(points),
    period: Period,
    source: {
      ...(id !== undefined && { id }),
      namespace: Metric.Namespace,
      name: Metric.MetricName,
      dimensions: Metric.Dimensions ?? [],
      stat: Stat,
    },
    ...(units.length > 1 && {
      messages: [{ Code: 'MultipleUnits', Value: `Multiple units returned: '[${units.sort().join(', ')}]'` }],
    }),
  }
}

export function statOf({ Namespace, MetricName, Dimensions }: Metric, Stat: string, Period: number): MetricStat {
  return { Metric: { Namespace, MetricName, Dimensions }, Stat, Period }
}

/** What is a period? 1, 5, 10, 20, 30, or whole minutes. */
export function isPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0)
}

export function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/**
 * The moment from which periods are counted (seconds): whole minutes, coarser for what is long ago, finer for short
 * periods. `moment`: milliseconds.
 */
export function roundedStart(moment: number, period: number, now: number): number {
  const seconds = Math.floor(moment / 1000)
  const age = now / 1000 - seconds
  const step = age > 63 * 86_400 ? 3600 : age > 15 * 86_400 ? 300 : period < 60 ? period : 60
  return Math.floor(seconds / step) * step
}
