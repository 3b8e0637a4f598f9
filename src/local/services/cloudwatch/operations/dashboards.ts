// Dashboards: kept, told, listed and taken away.

import { AwsError } from '../../../../lib/errors.ts'
import { dashboardArn } from '../arns.ts'
import { checkBody } from '../dashboards/check.ts'
import { dashboardsOf, findDashboard, putDashboard as keep, removeDashboard } from '../dashboards/record.ts'
import { invalidValue } from '../errors.ts'
import type { CloudWatchHandler } from '../state.ts'
import { checkTags, putTags, tagged } from '../tags.ts'

const longestName = 255

export const putDashboard: CloudWatchHandler = (input, { state, account, clock }) => {
  const { DashboardName: name, DashboardBody: body } = input
  if (!/^[A-Za-z0-9_-]+$/.test(name) || name.length > longestName)
    throw invalidValue(
      `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n`,
    )
  checkTags(input.Tags ?? [])
  const findings = checkBody(body)
  const told = findings.map(({ DataPath, Message }) => ({ DataPath, Message }))
  if (findings.some(({ isError }) => isError))
    throw new AwsError(
      'InvalidParameterInput',
      `The dashboard body is invalid, there are ${findings.length} validation errors: ${JSON.stringify(told)}`,
      { detail: { dashboardValidationMessages: told } },
    )
  const isNew = !findDashboard(state.rows, account, name)
  keep(state.rows, account, { name, body, modified: clock().getTime() })
  if (isNew) putTags(state.rows, dashboardArn({ account }, name), tagged(input.Tags ?? []))
  return { DashboardValidationMessages: told }
}

export const getDashboard: CloudWatchHandler = ({ DashboardName: name }, { state, account }) => {
  const dashboard = findDashboard(state.rows, account, name)
  if (!dashboard) throw noSuchDashboard(`Dashboard ${name} does not exist`)
  return { DashboardArn: dashboardArn({ account }, name), DashboardBody: dashboard.body, DashboardName: name }
}

const aPage = 1000

export const listDashboards: CloudWatchHandler = ({ DashboardNamePrefix = '', NextToken }, { state, account }) => {
  const all = dashboardsOf(state.rows, account, DashboardNamePrefix)
  const start = NextToken === undefined ? 0 : Number(NextToken)
  if (!Number.isInteger(start) || start < 0) throw invalidValue('Request parameter NextToken is invalid')
  const end = start + aPage
  return {
    DashboardEntries: all.slice(start, end).map(({ name, body, modified }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn({ account }, name),
      LastModified: new Date(modified),
      Size: new TextEncoder().encode(body).length,
    })),
    ...(end < all.length && { NextToken: String(end) }),
  }
}

/** All or none. */
export const deleteDashboards: CloudWatchHandler = ({ DashboardNames: names }, { state, account }) => {
  if (names.length === 0) throw invalidValue('Need at least 1 dashboard')
  const unknown = (names as string[]).filter((name) => !findDashboard(state.rows, account, name))
  if (unknown.length > 0) throw noSuchDashboard(`The specified dashboard does not exist. [${unknown.join(', ')}]`)
  for (const name of names) {
    removeDashboard(state.rows, account, name)
    putTags(state.rows, dashboardArn({ account }, name), {})
  }
}

function noSuchDashboard(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, { status: 404 })
}
