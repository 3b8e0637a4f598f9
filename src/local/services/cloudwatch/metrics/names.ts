// Which metrics are there? A row each: namespace, name and dimensions are its key, in the order in which they are listed.

import { afterPrefix } from '../../../store/order.ts'
import type { Rows } from '../../../store/store.ts'
import { rollUp } from './series.ts'

export interface Dimension {
  readonly Name: string
  readonly Value: string
}

export interface MetricName {
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions?: readonly Dimension[] | undefined
}

export interface Metric extends MetricName {
  readonly Dimensions: readonly Dimension[]
  /** What its values' rows are called by. */
  readonly id: string
  /** When values last came, milliseconds. */
  readonly last: number
  /** When values were last rolled up. */
  readonly rolledUp: number
}

/** Between the parts of a key: in no name, since no XML may hold it. */
const mark = '\u001f'
const table = 'metrics'

export function keyOf(place: string, { Namespace, MetricName, Dimensions = [] }: MetricName): string {
  const dimensions = Dimensions.map(({ Name, Value }) => `${Name}${mark}${Value}`).sort()
  return [place, Namespace, MetricName, ...dimensions].join(mark)
}

export function findMetric(rows: Rows, place: string, name: MetricName): Metric | undefined {
  return rows.get<Metric & Record<string, never>>(table, keyOf(place, name))
}

const rollUpEvery = 3_600_000

/** The metric, made where there was none; from now on one that values came for at `now` (milliseconds). */
export function touchMetric(rows: Rows, place: string, name: MetricName, now: number): Metric {
  const known = findMetric(rows, place, name)
  const metric: Metric = {
    Namespace: name.Namespace,
    MetricName: name.MetricName,
    Dimensions: (known ?? name).Dimensions ?? [],
    id: known?.id ?? newId(rows),
    last: now,
    rolledUp: known?.rolledUp ?? now,
  }
  const isDue = now - metric.rolledUp > rollUpEvery
  if (isDue) rollUp(rows, metric.id, Math.floor(now / 1000))
  // Which minute is close enough for being listed.
  if (!known || isDue || Math.abs(now - known.last) > 60_000)
    rows.put(table, keyOf(place, name), isDue ? { ...metric, rolledUp: now } : metric)
  return metric
}

function newId(rows: Rows): string {
  const next = (rows.get<number>('counters', 'metric') ?? 0) + 1
  rows.put('counters', 'metric', next)
  return next.toString(36)
}

export interface MetricFilter {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly dimensions?: readonly { readonly Name: string; readonly Value?: string | undefined }[]
  /** Only those that values came for since (milliseconds). */
  readonly since?: number
}

/** Metrics in order, after the key `after`; the key of the last is there when there are more. */
export function metricsIn(
  rows: Rows,
  place: string,
  filter: MetricFilter,
  { limit = Infinity, after }: { limit?: number; after?: string } = {},
): { metrics: Metric[]; next?: string } {
  const prefix = [place, ...(filter.namespace === undefined ? [] : [filter.namespace])].join(mark) + mark
  const metrics: { key: string; metric: Metric }[] = []
  for (let from = after; ;) {
    const chunk = rows.scan<Metric & Record<string, never>>(table, {
      limit: 1000,
      // Where one page ended the next begins, without the prefix: a database starts at one bound only.
      ...(from === undefined ? { prefix } : { after: from, before: afterPrefix(prefix)! }),
    })
    for (const { key, value } of chunk) {
      if (!fits(value, filter)) continue
      if (metrics.length === limit) return { metrics: metrics.map(({ metric }) => metric), next: metrics.at(-1)!.key }
      metrics.push({ key, metric: value })
    }
    if (chunk.length < 1000) return { metrics: metrics.map(({ metric }) => metric) }
    from = chunk.at(-1)!.key
  }
}

/** The key that a page begins after must be one of the same listing. */
export function isKeyIn(place: string, key: string): boolean {
  return key.startsWith(place + mark)
}

function fits(metric: Metric, { name, dimensions = [], since = -Infinity }: MetricFilter): boolean {
  return (
    metric.last >= since &&
    (name === undefined || metric.MetricName === name) &&
    dimensions.every(({ Name, Value }) =>
      metric.Dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value)),
    )
  )
}
