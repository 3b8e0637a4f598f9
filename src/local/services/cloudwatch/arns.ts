// What are alarms and dashboards called across AWS?

import type { Where } from '../../service.ts'

export function alarmArn({ account, region }: Where, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`
}

/** Dashboards are of the account, in no region. */
export function dashboardArn({ account }: Pick<Where, 'account'>, name: string): string {
  return `arn:aws:cloudwatch::${account}:dashboard/${name}`
}
