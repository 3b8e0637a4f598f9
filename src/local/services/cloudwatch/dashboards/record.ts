// What is kept of a dashboard: of an account, in no region.

import type { Rows } from '../../../store/store.ts'

export interface Dashboard {
  readonly name: string
  readonly body: string
  /** Milliseconds. */
  readonly modified: number
}

const table = 'dashboards'

export function findDashboard(rows: Rows, account: string, name: string): Dashboard | undefined {
  return rows.get<Dashboard & Record<string, never>>(table, `${account}/${name}`)
}

export function putDashboard(rows: Rows, account: string, dashboard: Dashboard): void {
  rows.put(table, `${account}/${dashboard.name}`, dashboard)
}

export function removeDashboard(rows: Rows, account: string, name: string): void {
  rows.delete(table, `${account}/${name}`)
}

export function dashboardsOf(rows: Rows, account: string, prefix: string): Dashboard[] {
  return rows
    .scan<Dashboard & Record<string, never>>(table, { prefix: `${account}/${prefix}` })
    .map(({ value }) => value)
}
