// What is kept of a metric stream: a row each by place and name.

import { pageOf, type Page } from '../listing.ts'
import type { CloudWatchState } from '../state.ts'

export interface MetricStream {
  readonly Name: string
  readonly FirehoseArn: string
  readonly RoleArn: string
  readonly OutputFormat: string
  readonly IncludeFilters?: readonly object[]
  readonly ExcludeFilters?: readonly object[]
  readonly StatisticsConfigurations?: readonly object[]
  readonly IncludeLinkedAccountsMetrics?: boolean
  readonly State: 'running' | 'stopped'
  /** Milliseconds. */
  readonly created: number
  readonly updated: number
}

const table = 'streams'

export function findMetricStream({ rows, place }: CloudWatchState, name: string): MetricStream | undefined {
  return rows.get<any>(table, `${place}/${name}`) as MetricStream | undefined
}

export function putMetricStream({ rows, place }: CloudWatchState, stream: MetricStream): void {
  rows.put(table, `${place}/${stream.Name}`, stream)
}

export function removeMetricStream({ rows, place }: CloudWatchState, name: string): void {
  rows.delete(table, `${place}/${name}`)
}

export function metricStreams({ rows, place }: CloudWatchState, limit: number, token?: string): Page<MetricStream> {
  return pageOf(rows, table, place, { limit, token })
}
