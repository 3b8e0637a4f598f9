// What does somebody want to see? The JSON of a metric widget as queries, and how each is drawn.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html

import { invalidValue, notBuilt } from '../errors.ts'
import type { Query } from '../math/evaluate.ts'
import { offsetIn } from '../zones.ts'

type Json = Record<string, any>
export type Side = 'left' | 'right'

/** How the series of a query are drawn. */
export interface Style {
  readonly colour?: string
  readonly side: Side
}

export interface Level {
  readonly value: number
  readonly label: string
  readonly colour?: string
  readonly side: Side
}

export interface Widget {
  readonly width: number
  readonly height: number
  readonly title: string
  /** Milliseconds. */
  readonly start: number
  readonly end: number
  /** How far its times are ahead of UTC, milliseconds. */
  readonly ahead: number
  readonly isStacked: boolean
  readonly isDark: boolean
  readonly hasLegend: boolean
  readonly queries: readonly Query[]
  /** By a query's id. */
  readonly styles: ReadonlyMap<string, Style>
  readonly levels: readonly Level[]
  readonly axes: Readonly<Record<Side, Axis>>
}

export interface Axis {
  readonly min?: number
  readonly max?: number
  readonly label?: string
}

const mostMetrics = 100
const largest = 2000

/** Throws InvalidParameterValue, and NotImplemented for views that are not drawn. `now`: milliseconds. */
export function readWidget(text: string, now: number): Widget {
  const given = parsed(text)
  const { view = 'timeSeries', metrics = [], width = 600, height = 400 } = given
  if (view !== 'timeSeries') throw notBuilt(`picture of a widget whose view is ${view}`)
  if (!Array.isArray(metrics) || metrics.length > mostMetrics)
    throw bad(`metrics must be an array of at most ${mostMetrics}`)
  for (const [name, size] of Object.entries({ width, height }))
    if (!Number.isInteger(size) || size < 1 || size > largest) throw bad(`${name} must be between 1 and ${largest}`)
  const { queries, styles } = readMetrics(metrics, given)
  const start = momentOf(given['start'] ?? '-PT3H', now)
  const end = momentOf(given['end'] ?? 'PT0H', now)
  if (start >= end) throw bad('start must be before end')
  return {
    width,
    height,
    title: String(given['title'] ?? ''),
    start,
    end,
    ahead: zoneOf(given['timezone'] ?? '+0000'),
    isStacked: given['stacked'] === true,
    isDark: given['theme'] === 'dark',
    hasLegend: given['legend']?.position !== 'hidden',
    queries,
    styles,
    levels: levelsOf(given['annotations']?.horizontal),
    axes: { left: axisOf(given['yAxis']?.left), right: axisOf(given['yAxis']?.right) },
  }
}

function levelsOf(horizontal: unknown): Level[] {
  const lines = (Array.isArray(horizontal) ? horizontal : []) as (Json | null)[]
  return lines.flatMap((one) => {
    if (typeof one?.['value'] !== 'number' || one['visible'] === false) return []
    const colour = isColour(one['color']) ? { colour: one['color'] } : {}
    return [{ value: one['value'], label: String(one['label'] ?? ''), side: sideOf(one), ...colour }]
  })
}

function axisOf(given: Json | null | undefined): Axis {
  const { min, max, label } = given ?? {}
  return {
    ...(typeof min === 'number' && { min }),
    ...(typeof max === 'number' && { max }),
    ...(label !== undefined && { label: String(label) }),
  }
}

function bad(what: string): Error {
  return invalidValue(`The value of parameter MetricWidget is invalid: ${what}.`)
}

function parsed(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('it is not a JSON object')
  return value as Json
}

function sideOf({ yAxis }: Json): Side {
  return yAxis === 'right' ? 'right' : 'left'
}

/** `["AWS/SQS", "NumberOfMessagesSent", "QueueName", "jobs", {"stat": "Sum"}]`, where `.` and `...` repeat what stood above. */
function readMetrics(metrics: readonly unknown[], widget: Json): Pick<Widget, 'queries' | 'styles'> {
  const queries: Query[] = []
  const styles = new Map<string, Style>()
  let above: readonly string[] = []
  for (const [i, metric] of metrics.entries()) {
    if (!Array.isArray(metric) || metric.length === 0) throw bad(`metrics[${i}] is not an array`)
    const last: unknown = metric.at(-1)
    const drawn = (typeof last === 'object' && last !== null ? last : {}) as Json
    const names = repeated(metric.filter((part) => typeof part === 'string') as string[], above)
    const Id = String(drawn['id'] ?? `virga${i}`)
    const common = {
      Id,
      ...(drawn['label'] !== undefined && { Label: String(drawn['label']) }),
      ReturnData: drawn['visible'] !== false,
    }
    const Period = Number(drawn['period'] ?? widget['period'] ?? 300)
    const { expression } = drawn
    if (typeof expression === 'string') queries.push({ Label: expression, ...common, Expression: expression, Period })
    else {
      if (names.length < 2 || names.length % 2 === 1)
        throw bad(`metrics[${i}] is not a namespace, a name and dimensions`)
      above = names
      const [Namespace, MetricName, ...rest] = names as [string, string, ...string[]]
      const Dimensions = rest.flatMap((Name, at) => (at % 2 === 0 ? [{ Name, Value: rest[at + 1]! }] : []))
      const Stat = String(drawn['stat'] ?? widget['stat'] ?? 'Average')
      queries.push({ ...common, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } })
    }
    styles.set(Id, { side: sideOf(drawn), ...(isColour(drawn['color']) && { colour: drawn['color'] }) })
  }
  return { queries, styles }
}

function isColour(value: unknown): value is string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
}

function repeated(names: readonly string[], above: readonly string[]): string[] {
  const rest = names.indexOf('...')
  // All but the last are as above; what follows takes the place of the last ones.
  const whole =
    rest < 0 ? names : [...above.slice(0, above.length - (names.length - rest - 1)), ...names.slice(rest + 1)]
  return whole.map((name, at) => (name === '.' ? (above[at] ?? name) : name))
}

const seconds: Readonly<Record<string, number>> = { D: 86_400, H: 3600, M: 60, S: 1, W: 604_800 }

/** `-PT3H`, `P0D`, or a date; milliseconds. */
function momentOf(given: unknown, now: number): number {
  const text = String(given)
  const [, sign, date, time] = /^(-?)P((?:\d+[WD])*)(?:T((?:\d+[HMS])*))?$/.exec(text) ?? []
  if (sign === undefined) {
    const moment = Date.parse(text)
    if (Number.isNaN(moment)) throw bad(`${text} is no time`)
    return moment
  }
  let ago = 0
  for (const [, number, unit] of `${date}${time ?? ''}`.matchAll(/(\d+)([A-Z])/g))
    ago += Number(number) * seconds[unit!]!
  return now - ago * 1000
}

/** `+0130` */
function zoneOf(given: unknown): number {
  const ahead = offsetIn(String(given), /^([+-])(\d\d):?(\d\d)$/)
  if (ahead === undefined) throw bad(`${given} is no time zone`)
  return ahead
}
