// What does a metric alarm see at a moment? The datapoints of its evaluation range, and the state they come to.

import type { Rows } from '../../../store/store.ts'
import { evaluate, type Query } from '../math/evaluate.ts'
import { MathError } from '../math/parse.ts'
import { seriesOf, type Asked } from '../metrics/ask.ts'
import { findMetric } from '../metrics/names.ts'
import { firstValueIn } from '../metrics/series.ts'
import { percentileOf } from '../metrics/statistic.ts'
import { breaches, decide, isSignificant, spare, type TreatMissing } from './decide.ts'
import { reasonData, reasonOf, type Datapoint } from './reasons.ts'
import type { Alarm, StateValue, Watch } from './record.ts'
import { lastEnd } from './wall-clock.ts'

export interface Verdict {
  readonly value: StateValue
  readonly reason: string
  readonly data: string
}

/** The period of an alarm's datapoints, seconds. */
export function periodOf({ Period, Metrics }: Watch): number {
  return Period ?? Math.max(...Metrics!.map((query) => query.MetricStat?.Period ?? query.Period ?? 0), 1)
}

/** Undefined: its state stays. `moment`: milliseconds, a whole number of the alarm's intervals. */
export function evaluateAlarm(rows: Rows, alarm: Alarm, moment: number): Verdict | undefined {
  const watch = alarm.watch!
  const period = periodOf(watch)
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods, Threshold, ComparisonOperator } = watch
  // The model behind a band is never trained here (operations/anomaly-detectors.ts): there is nothing to compare with.
  if (Threshold === undefined) return undefined
  const missing = missingOf(watch)
  const end = endOf(watch, period, moment)
  const count = periods + spare
  const asked = { rows, place: alarm.place, start: end - count * period, end, now: moment }
  const range = datapoints(watch, asked, count, period)
  if (isTooFew(watch, range.slice(-periods))) return undefined
  const isBreaching = ({ value }: Datapoint): boolean | undefined =>
    value === undefined ? undefined : breaches(ComparisonOperator, value, Threshold)
  const value = decide(range.map(isBreaching), periods, needed, missing)
  if (value === undefined) return undefined
  const known = range.filter((point) => point.value !== undefined).slice(-periods)
  // What fills up the evaluated ones are the newest of the missing.
  const filling = range.filter((point) => point.value === undefined).slice(known.length - periods || range.length)
  const evaluated = [...known, ...filling].sort((a, b) => a.at - b.at)
  const crossed = known.filter((point) => isBreaching(point) === (value === 'ALARM'))
  return {
    value,
    reason: reasonOf(value, alarm.state.value, watch, { points: evaluated, crossed, missing }),
    data: reasonData(watch, evaluated, period, moment),
  }
}

/**
 * When there is next something to see for an alarm that has nothing before it at `moment`: until then every evaluation
 * comes to the same. Milliseconds; `now` where nothing comes; undefined where there is something before it.
 */
export function quietUntil(rows: Rows, { watch, place }: Alarm, moment: number, now: number): number | undefined {
  // What an expression comes to may go by the time itself.
  if (watch?.Metrics) return undefined
  const { Namespace, MetricName, Dimensions } = watch!
  const metric = findMetric(rows, place, { Namespace: Namespace!, MetricName: MetricName!, Dimensions })
  if (!metric) return now
  const range = (watch!.EvaluationPeriods + spare) * watch!.Period!
  const first = firstValueIn(rows, metric.id, Math.floor(moment / 1000) - range, Math.ceil(now / 1000))
  if (first === undefined) return now
  return first * 1000 > moment ? first * 1000 : undefined
}

/** Alarms on DynamoDB never mind missing data. */
function missingOf({ TreatMissingData, Namespace }: Watch): TreatMissing {
  return Namespace === 'AWS/DynamoDB' ? 'ignore' : ((TreatMissingData ?? 'missing') as TreatMissing)
}

/** A sliding window ends now, one by the wall clock with its last whole period (seconds). */
function endOf({ EvaluationWindow }: Watch, period: number, moment: number): number {
  const now = Math.floor(moment / 1000)
  const wall = EvaluationWindow?.WallClockWindow
  return wall ? lastEnd(now, period, wall) : now
}

function isTooFew(watch: Watch, points: readonly Datapoint[]): boolean {
  const percentile = percentileOf(watch.ExtendedStatistic ?? '')
  if (watch.EvaluateLowSampleCountPercentile !== 'ignore' || percentile === undefined) return false
  const samples = points.reduce((all, each) => all + (each.samples ?? 0), 0)
  return samples > 0 && !isSignificant(percentile, samples)
}

/** Oldest first. */
function datapoints(watch: Watch, asked: Asked, count: number, period: number): Datapoint[] {
  const [values, samples] = watch.Metrics ? [ofMath(watch.Metrics, asked)] : ofMetric(watch, asked, period)
  return Array.from({ length: count }, (_, i) => {
    const at = asked.start + i * period
    const value = values.get(at)
    const sampled = samples?.get(at)
    return {
      at,
      ...(value !== undefined && { value }),
      ...(value !== undefined && sampled !== undefined && { samples: sampled }),
    }
  })
}

function ofMetric(watch: Watch, asked: Asked, period: number) {
  const Metric = { Namespace: watch.Namespace!, MetricName: watch.MetricName!, Dimensions: watch.Dimensions }
  const stat = { Metric, Period: period, ...(watch.Unit !== undefined && { Unit: watch.Unit }) }
  const { points } = seriesOf(asked, { ...stat, Stat: watch.Statistic ?? watch.ExtendedStatistic! })
  const { points: samples } = seriesOf(asked, { ...stat, Stat: 'SampleCount' })
  return [points, samples] as const
}

/** What an expression cannot be computed for is missing. */
function ofMath(queries: readonly Query[], asked: Asked): ReadonlyMap<number, number> {
  try {
    const watched = queries.find(({ ReturnData }) => ReturnData !== false)!
    return evaluate(queries, asked).of(watched)[0]?.points ?? new Map()
  } catch (error) {
    if (error instanceof MathError) return new Map()
    throw error
  }
}
