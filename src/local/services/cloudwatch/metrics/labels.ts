// What is a series called? By its metric's name and whatever else tells it from the others of the request; or as the query
// says, with values put in: `${MAX} of ${LABEL}`.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html

import type { TimeSeries } from '../math/series.ts'
import { offsetIn } from '../zones.ts'

/** The default label of each: of name, dimensions, statistic and period what is not the same for all. */
export function defaultLabels(all: readonly TimeSeries[]): string[] {
  const differs = (part: (series: TimeSeries) => string): boolean => new Set(all.map(part)).size > 1
  const dimensions = ({ source }: TimeSeries): string => source!.dimensions.map(({ Value }) => Value).join(' ')
  const [byName, byDimensions, byStat, byPeriod] = [
    differs(({ source }) => source!.name),
    differs(dimensions),
    differs(({ source }) => source!.stat),
    differs(({ period }) => String(period)),
  ]
  return all.map((series) => {
    const name = series.source!.name
    // A name that is the only one of its kind is enough.
    if (byName && all.filter(({ source }) => source!.name === name).length === 1) return name
    const parts = [
      byDimensions ? dimensions(series) : '',
      name,
      byStat ? series.source!.stat : '',
      byPeriod ? String(series.period) : '',
    ]
    return parts.filter((part) => part !== '').join(' ')
  })
}

export interface LabelPlace {
  readonly account: string
  readonly region: string
  /** Milliseconds. */
  readonly now: number
  /** `+0130` */
  readonly timezone: string
}

export function filledIn(label: string, series: TimeSeries, given: string, place: LabelPlace): string {
  return label.replace(/\$\{(?:PROP\('([^']*)'\)|(\w+))\}/g, (whole, property: string | undefined, name: string) => {
    if (property !== undefined) return propertyOf(property, series, place) ?? whole
    if (name === 'LABEL') return given
    return valueOf(name, series, place) ?? whole
  })
}

function propertyOf(name: string, { source, period }: TimeSeries, place: LabelPlace): string | undefined {
  if (name === 'AccountId') return place.account
  if (name === 'Region') return place.region
  if (name === 'Period') return String(period)
  if (!source) return undefined
  if (name === 'MetricName') return source.name
  if (name === 'Namespace') return source.namespace
  if (name === 'Stat') return source.stat
  return name.startsWith('Dim.') ? source.dimensions.find(({ Name }) => Name === name.slice(4))?.Value : undefined
}

function valueOf(name: string, { points }: TimeSeries, place: LabelPlace): string | undefined {
  const all = [...points]
  if (name === 'DATAPOINT_COUNT') return String(all.length)
  if (!/^(AVG|SUM|((MIN|MAX|FIRST|LAST)(_TIME(_RELATIVE)?)?)|(MIN_MAX|FIRST_LAST)(_TIME)?_RANGE)$/.test(name))
    return undefined
  if (all.length === 0) return '--'
  const sum = all.reduce((total, [, value]) => total + value, 0)
  if (name === 'SUM') return shown(sum)
  if (name === 'AVG') return shown(sum / all.length)
  const least = all.reduce((a, b) => (b[1] < a[1] ? b : a))
  const greatest = all.reduce((a, b) => (b[1] > a[1] ? b : a))
  const ends = { MIN: least, MAX: greatest, FIRST: all[0]!, LAST: all.at(-1)! }
  if (name.endsWith('_RANGE')) {
    const [from, to] = name.startsWith('MIN_MAX') ? [ends.MIN, ends.MAX] : [ends.FIRST, ends.LAST]
    return name.includes('_TIME_') ? duration(Math.abs(to[0] - from[0])) : shown(Math.abs(to[1] - from[1]))
  }
  const [at, value] = ends[name.split('_')[0] as keyof typeof ends]
  if (name.endsWith('_RELATIVE')) return duration(Math.abs(place.now / 1000 - at))
  return name.endsWith('_TIME') ? moment(at, place.timezone) : shown(value)
}

/** At most three digits after the point. */
function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

function moment(second: number, timezone: string): string {
  const ahead = offsetIn(timezone, /^([+-])(\d\d)(\d\d)$/) ?? 0
  return new Date(second * 1000 + ahead).toISOString().slice(0, 19).replace('T', ' ')
}

/** `1d2h3m4s`, without what is nothing. */
function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join('') || '0s'
}
