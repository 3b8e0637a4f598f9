// What do the functions of metric math compute? A table by name; each takes what its arguments came to.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list

import { MathError } from './parse.ts'
import {
  combine,
  isArray,
  isSeries,
  mapEach,
  mapPoints,
  momentsOf,
  withPoints,
  type MathValue,
  type TimeSeries,
} from './series.ts'

/** Which moments there are. */
export interface Grid {
  /** Seconds since 1970; `end` exclusive. */
  readonly start: number
  readonly end: number
  /** Seconds, where no series of the expression tells. */
  readonly period: number
}

type MathFunction = (given: readonly MathValue[], grid: Grid) => MathValue

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)
const average = (values: readonly number[]): number => sum(values) / values.length
const deviation = (values: readonly number[]): number => {
  const mean = average(values)
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length)
}
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity)

const aggregates: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: sum,
  AVG: average,
  MIN: least,
  MAX: greatest,
  STDDEV: deviation,
}

/** Of one series a number; of an array a series, moment by moment. */
function aggregate(name: string): MathFunction {
  const compute = aggregates[name]!
  return ([value]) => {
    if (value === undefined || typeof value === 'string') throw new MathError(`${name} takes a time series`)
    if (typeof value === 'number') return compute([value])
    // Of a series without points there is nothing to tell: the sum is 0.
    if (isSeries(value)) return value.points.size === 0 ? 0 : compute([...value.points.values()])
    return overTime(name, value as readonly TimeSeries[], (there, all) =>
      // What is missing counts as 0 in an average.
      name === 'AVG' ? sum(there) / all : compute(there),
    )
  }
}

function overTime(
  name: string,
  all: readonly TimeSeries[],
  compute: (values: readonly number[], all: number) => number,
): TimeSeries {
  const points = momentsOf(all).map((at) => {
    const there = all.flatMap(({ points }) => (points.has(at) ? [points.get(at)!] : []))
    return [at, compute(there, all.length)] as const
  })
  return withPoints(
    { label: name, points: new Map(), period: greatest([1, ...all.map(({ period }) => period)]) },
    points,
  )
}

function each(change: (value: number) => number): MathFunction {
  return ([value]) => mapEach(value ?? missing(), (series) => mapPoints(series, change), change)
}

/** From each point and the one before it. */
function steps(compute: (now: readonly [number, number], before: readonly [number, number]) => number): MathFunction {
  return ([value]) =>
    mapEach(
      value ?? missing(),
      (series) => {
        const points = [...series.points]
        return withPoints(
          series,
          points.slice(1).map((point, i) => [point[0], compute(point, points[i]!)] as const),
        )
      },
      () => missing('a time series'),
    )
}

function missing(what = 'an argument'): never {
  throw new MathError(`The function needs ${what}`)
}

/** As many as a request may return, ten times over. */
const mostMoments = 1_008_000

function moments({ start, end }: Grid, period: number): number[] {
  const count = Math.max(0, Math.ceil((end - start) / period))
  if (count > mostMoments) throw new MathError(`The expression has more than ${mostMoments} datapoints`)
  return Array.from({ length: count }, (_, i) => start + i * period)
}

/** A value for every moment of the series' time. */
function byTime(compute: (date: Date) => number): MathFunction {
  return ([value], grid) =>
    mapEach(
      value ?? missing(),
      (series) =>
        withPoints(
          series,
          moments(grid, series.period).map((at) => [at, compute(new Date(at * 1000))] as const),
        ),
      () => missing('a time series'),
    )
}

function fill(series: TimeSeries, filler: MathValue, grid: Grid): TimeSeries {
  const known = [...series.points]
  const points = moments(grid, series.period).map((at): readonly [number, number] => {
    const value = series.points.get(at)
    if (value !== undefined) return [at, value]
    if (typeof filler === 'number') return [at, filler]
    if (isSeries(filler)) return [at, filler.points.get(at) ?? NaN]
    const before = known.findLast(([moment]) => moment < at)
    if (filler === 'REPEAT') return [at, before?.[1] ?? NaN]
    const after = known.find(([moment]) => moment > at)
    if (!before || !after) return [at, NaN]
    return [at, before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0])]
  })
  return withPoints(series, points)
}

function arrayOf(value: MathValue | undefined): readonly TimeSeries[] {
  if (value !== undefined && isArray(value)) return value
  if (value !== undefined && isSeries(value)) return [value]
  throw new MathError('The function needs an array of time series')
}

function numberOf(value: MathValue | undefined): number {
  if (typeof value === 'number') return value
  throw new MathError('The function needs a number')
}

/** `IF(condition, then, otherwise)`: what has no `otherwise` is left out; a missing `then` counts as 0. */
function choose(condition: MathValue, yes: MathValue, no: MathValue | undefined): MathValue {
  if (isArray(condition)) return condition.map((every) => choose(every, yes, no) as TimeSeries)
  if (typeof condition === 'number') {
    const chosen = condition !== 0 ? yes : no
    if (chosen !== undefined) return chosen
    return { label: '', points: new Map(), period: isSeries(yes) ? yes.period : 60 }
  }
  if (!isSeries(condition)) throw new MathError('IF takes a time series or a number as its condition')
  if (isArray(yes) || (no !== undefined && isArray(no)))
    throw new MathError('IF takes time series and numbers, not arrays of them')
  const at = (value: MathValue | undefined, moment: number): number | undefined =>
    typeof value === 'number' ? value : value !== undefined && isSeries(value) ? value.points.get(moment) : undefined
  return withPoints(
    condition,
    [...condition.points].map(
      ([moment, truth]) => [moment, truth !== 0 ? (at(yes, moment) ?? 0) : (at(no, moment) ?? NaN)] as const,
    ),
  )
}

export const functions: Readonly<Record<string, MathFunction>> = {
  ...Object.fromEntries(Object.keys(aggregates).map((name) => [name, aggregate(name)])),
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  DIFF: steps(([, now], [, before]) => now - before),
  DIFF_TIME: steps(([at], [earlier]) => at - earlier),
  RATE: steps(([at, now], [earlier, before]) => (now - before) / (at - earlier)),
  RUNNING_SUM: ([value]) =>
    mapEach(
      value ?? missing(),
      (series) => {
        let all = 0
        return mapPoints(series, (value) => (all += value))
      },
      () => missing('a time series'),
    ),
  PERIOD: ([value]) => (value !== undefined && isSeries(value) ? value.period : missing('a metric')),
  TIME_SERIES: ([value], grid) => {
    const number = numberOf(value)
    const points = moments(grid, grid.period).map((at) => [at, number] as const)
    return { label: String(number), points: new Map(points), period: grid.period }
  },
  FILL: ([value, filler], grid) => {
    if (filler === undefined) return missing('a value to fill with')
    if (typeof filler === 'string' && filler !== 'REPEAT' && filler !== 'LINEAR')
      throw new MathError(`FILL takes a number, a time series, REPEAT or LINEAR, not '${filler}'`)
    return mapEach(
      value ?? missing(),
      (series) => fill(series, filler, grid),
      (number) => number,
    )
  },
  IF: ([condition, yes, no]) => {
    if (condition === undefined || yes === undefined) return missing('a condition and a value')
    return choose(condition, yes, no)
  },
  DATAPOINT_COUNT: ([value]) => {
    if (value !== undefined && isSeries(value)) return value.points.size
    return overTime('DATAPOINT_COUNT', arrayOf(value), (there) => there.length)
  },
  METRIC_COUNT: ([value]) => arrayOf(value).length,
  FIRST: ([value]) => arrayOf(value)[0] ?? missing('at least one time series'),
  LAST: ([value]) => arrayOf(value).at(-1) ?? missing('at least one time series'),
  REMOVE_EMPTY: ([value]) => arrayOf(value).filter(({ points }) => points.size > 0),
  SLICE: ([value, from, to]) => {
    const sliced = arrayOf(value).slice(numberOf(from), to === undefined ? undefined : numberOf(to))
    return sliced
  },
  SORT: ([value, by, order, limit]) => {
    const compute = typeof by === 'string' ? aggregates[by] : undefined
    if (!compute || by === 'STDDEV') throw new MathError('SORT goes by AVG, MIN, MAX or SUM')
    if (order !== 'ASC' && order !== 'DESC') throw new MathError('SORT takes ASC or DESC')
    const rank = ({ points }: TimeSeries): number => (points.size === 0 ? NaN : compute([...points.values()]))
    const sign = order === 'ASC' ? 1 : -1
    const known = arrayOf(value).map((series) => ({ series, rank: rank(series) }))
    // Those without values come last, whichever way.
    known.sort((a, b) => Number(Number.isNaN(a.rank)) - Number(Number.isNaN(b.rank)) || sign * (a.rank - b.rank) || 0)
    const sorted = known.map(({ series }) => series)
    return limit === undefined ? sorted : sorted.slice(0, numberOf(limit))
  },
  MINUTE: byTime((date) => date.getUTCMinutes()),
  HOUR: byTime((date) => date.getUTCHours()),
  // Monday is 1.
  DAY: byTime((date) => ((date.getUTCDay() + 6) % 7) + 1),
  DATE: byTime((date) => date.getUTCDate()),
  MONTH: byTime((date) => date.getUTCMonth() + 1),
  YEAR: byTime((date) => date.getUTCFullYear()),
  EPOCH: byTime((date) => date.getTime() / 1000),
}

const truth = (value: boolean): number => (value ? 1 : 0)

export const operators: Readonly<Record<string, (left: MathValue, right: MathValue) => MathValue>> = Object.fromEntries(
  Object.entries({
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => (b === 0 ? NaN : a / b),
    '^': (a: number, b: number) => a ** b,
    '==': (a: number, b: number) => truth(a === b),
    '!=': (a: number, b: number) => truth(a !== b),
    '<': (a: number, b: number) => truth(a < b),
    '>': (a: number, b: number) => truth(a > b),
    '<=': (a: number, b: number) => truth(a <= b),
    '>=': (a: number, b: number) => truth(a >= b),
    AND: (a: number, b: number) => truth(a !== 0 && b !== 0),
    OR: (a: number, b: number) => truth(a !== 0 || b !== 0),
  }).map(([sign, join]) => [sign, (left: MathValue, right: MathValue) => combine(left, right, join)]),
)
