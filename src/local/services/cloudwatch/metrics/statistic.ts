// Which number stands for the values of a stretch of time? `Average`, `p99`, `TM(10%:90%)` …
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html

import type { Bucket, Distribution } from './bucket.ts'

/** Undefined where the bucket does not tell: no values are known, or some are negative. */
export type Statistic = (bucket: Bucket) => number | undefined

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => (count === 0 ? undefined : sum / count),
  Minimum: ({ min, count }) => (count === 0 ? undefined : min),
  Maximum: ({ max, count }) => (count === 0 ? undefined : max),
}

export const simpleStatistics: readonly string[] = Object.keys(simple)

const parsed = new Map<string, Statistic | undefined>()

/** Undefined for what is no statistic. */
export function statisticNamed(name: string): Statistic | undefined {
  if (Object.hasOwn(simple, name)) return simple[name]
  if (parsed.size > 500) parsed.clear()
  if (!parsed.has(name)) parsed.set(name, parse(name))
  return parsed.get(name)
}

/** `p99.9` → 0.999 */
export function percentileOf(name: string): number | undefined {
  const digits = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)?.[1]
  return digits === undefined || Number(digits) > 100 ? undefined : Number(digits) / 100
}

function parse(name: string): Statistic | undefined {
  const percentile = percentileOf(name)
  if (percentile !== undefined) return ofValues((values, count) => valueAt(values, last(percentile, count)))
  if (name === 'IQM') return parse('TM(25%:75%)')
  const short = /^(tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)
  if (short && Number(short[2]) <= 100) return parse(`${short[1]!.toUpperCase()}(:${short[2]}%)`)
  const long = /^(TM|TC|TS|WM|PR)\((-?[\d.]*%?):(-?[\d.]*%?)\)$/.exec(name)
  if (!long) return undefined
  const [, kind, from, to] = long as unknown as [string, keyof typeof ranged, string, string]
  const isRelative = from.endsWith('%') || to.endsWith('%')
  const ends = [from, to].map((text) => (text === '' ? undefined : Number(text.replace('%', ''))))
  const [low, high] = ends
  if ((low === undefined && high === undefined) || ends.some((end) => Number.isNaN(end))) return undefined
  if ([from, to].some((text) => text !== '' && text.endsWith('%') !== isRelative)) return undefined
  if ((low ?? -Infinity) > (high ?? Infinity) || (isRelative && ((low ?? 0) > 100 || (high ?? 0) > 100)))
    return undefined
  if (kind === 'PR' && isRelative) return undefined
  return ofValues((values, count) =>
    ranged[kind](values, isRelative ? byRank(values, count, low, high) : { low, high }),
  )
}

/** The values of a range, and which values its ends are. */
interface Limits {
  /** Exclusive. */
  readonly low?: number | undefined
  /** Inclusive. */
  readonly high?: number | undefined
  /** Where the range goes by rank: what is in it. */
  readonly inside?: Distribution
}

const ranged = {
  TM: (values: Distribution, limits: Limits) => mean(inside(values, limits)),
  TC: (values: Distribution, limits: Limits) => countOf(inside(values, limits)),
  TS: (values: Distribution, limits: Limits) => sumOf(inside(values, limits)),
  WM: (values: Distribution, { low = -Infinity, high = Infinity }: Limits) =>
    mean(values.map(([value, count]) => [Math.min(high, Math.max(low, value)), count])),
  PR: (values: Distribution, limits: Limits) => (100 * countOf(inside(values, limits))) / countOf(values),
} satisfies Record<string, (values: Distribution, limits: Limits) => number | undefined>

function ofValues(compute: (values: Distribution, count: number) => number | undefined): Statistic {
  return ({ values, count, min }) => (values && count > 0 && min >= 0 ? compute(values, count) : undefined)
}

/** How many of `count` values remain when those above the percentile are left out: at least one. */
function last(percentile: number, count: number): number {
  return Math.max(1, Math.ceil(percentile * count - 1e-9))
}

/** The value of that rank, from 1. */
function valueAt(values: Distribution, rank: number): number {
  let seen = 0
  for (const [value, count] of values) if ((seen += count) >= rank - 1e-9) return value
  return values.at(-1)![0]
}

function byRank(values: Distribution, count: number, low = 0, high = 100): Limits {
  const from = Math.floor((low / 100) * count + 1e-9)
  const to = last(high / 100, count)
  let seen = 0
  const kept = values.flatMap(([value, each]): [number, number][] => {
    const [start, end] = [Math.max(seen, from), Math.min(seen + each, to)]
    seen += each
    return end > start ? [[value, end - start]] : []
  })
  return { low: valueAt(values, Math.min(from + 1, count)), high: valueAt(values, to), inside: kept }
}

function inside(values: Distribution, { low = -Infinity, high = Infinity, inside: kept }: Limits): Distribution {
  return kept ?? values.filter(([value]) => value > low && value <= high)
}

function countOf(values: Distribution): number {
  return values.reduce((all, [, count]) => all + count, 0)
}

function sumOf(values: Distribution): number {
  return values.reduce((all, [value, count]) => all + value * count, 0)
}

function mean(values: Distribution): number | undefined {
  const count = countOf(values)
  return count === 0 ? undefined : sumOf(values) / count
}
