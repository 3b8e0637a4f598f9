// What is kept of a rule of Contributor Insights: a row each by place and name.

import { pageOf, type Page } from '../listing.ts'
import type { CloudWatchState } from '../state.ts'

export interface InsightRule {
  readonly Name: string
  readonly State: string
  /** JSON. */
  readonly Definition: string
  readonly ApplyOnTransformedLogs?: boolean
}

const table = 'insights'

export function findInsightRule({ rows, place }: CloudWatchState, name: string): InsightRule | undefined {
  return rows.get<any>(table, `${place}/${name}`) as InsightRule | undefined
}

export function putInsightRule({ rows, place }: CloudWatchState, rule: InsightRule): void {
  rows.put(table, `${place}/${rule.Name}`, rule)
}

export function removeInsightRule({ rows, place }: CloudWatchState, name: string): void {
  rows.delete(table, `${place}/${name}`)
}

export function insightRules({ rows, place }: CloudWatchState, limit: number, token?: string): Page<InsightRule> {
  return pageOf(rows, table, place, { limit, token })
}
