// What does metric math reckon with? Numbers, series of numbers over time, and arrays of series.

import { MathError } from './parse.ts'

/** Values by the second at which their period begins, in rising order. */
export type Points = ReadonlyMap<number, number>

export interface TimeSeries {
  readonly label: string
  readonly points: Points
  /** Seconds. */
  readonly period: number
  /** What dynamic labels and METRICS() ask a metric for. */
  readonly source?: {
    readonly id?: string
    readonly namespace: string
    readonly name: string
    readonly dimensions: readonly { readonly Name: string; readonly Value: string }[]
    readonly stat: string
  }
  readonly messages?: readonly { readonly Code: string; readonly Value: string }[]
}

export type MathValue = number | string | TimeSeries | readonly TimeSeries[]

export function isSeries(value: MathValue): value is TimeSeries {
  return typeof value === 'object' && !Array.isArray(value)
}

export function isArray(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value)
}

/** The series with other points; what is not a finite number is left out. */
export function withPoints(series: TimeSeries, points: Iterable<readonly [number, number]>): TimeSeries {
  return { ...series, points: pointsOf(points) }
}

export function pointsOf(points: Iterable<readonly [number, number]>): Points {
  const kept = [...points].filter(([, value]) => Number.isFinite(value))
  return new Map(kept.sort(([a], [b]) => a - b))
}

export function mapPoints(series: TimeSeries, change: (value: number) => number): TimeSeries {
  return withPoints(
    series,
    [...series.points].map(([at, value]) => [at, change(value)] as const),
  )
}

/** Applies to numbers, series and each of an array. */
export function mapEach(
  value: MathValue,
  change: (series: TimeSeries) => TimeSeries,
  number: (value: number) => number,
): MathValue {
  if (typeof value === 'number') return number(value)
  if (isArray(value)) return value.map(change)
  if (isSeries(value)) return change(value)
  throw new MathError(`A text '${value}' is not a time series`)
}

/** Combines two values moment by moment: where one series has nothing, it counts as 0. */
export function combine(left: MathValue, right: MathValue, join: (a: number, b: number) => number): MathValue {
  if (typeof left === 'string' || typeof right === 'string') throw new MathError('A text cannot be reckoned with')
  if (typeof left === 'number' && typeof right === 'number') return join(left, right)
  if (isArray(left) && isArray(right)) {
    if (left.length !== right.length) throw new MathError('Arrays of different sizes cannot be combined')
    return left.map((each, i) => combine(each, right[i]!, join) as TimeSeries)
  }
  if (isArray(left)) return left.map((each) => combine(each, right, join) as TimeSeries)
  if (isArray(right)) return right.map((each) => combine(left, each, join) as TimeSeries)
  if (typeof left === 'number') return mapPoints(right as TimeSeries, (value) => join(left, value))
  if (typeof right === 'number') return mapPoints(left as TimeSeries, (value) => join(value, right))
  const [a, b] = [left as TimeSeries, right as TimeSeries]
  const moments = momentsOf([a, b])
  const period = Math.max(a.period, b.period)
  return withPoints(
    { label: a.label, points: a.points, period },
    moments.map((at) => [at, join(a.points.get(at) ?? 0, b.points.get(at) ?? 0)] as const),
  )
}

/** Every moment at which one of them has a value. */
export function momentsOf(all: readonly TimeSeries[]): number[] {
  return [...new Set(all.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b)
}
