// What are alarms, dashboards and their like called across AWS?

import type { Where } from '../../service.ts'

export function alarmArn({ account, region }: Where, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`
}

export function muteRuleArn({ account, region }: Where, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm-mute-rule:${name}`
}

export function insightRuleArn({ account, region }: Where, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:insight-rule/${name}`
}

export function metricStreamArn({ account, region }: Where, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:metric-stream/${name}`
}

/** Dashboards are of the account, in no region. */
export function dashboardArn({ account }: Pick<Where, 'account'>, name: string): string {
  return `arn:aws:cloudwatch::${account}:dashboard/${name}`
}
