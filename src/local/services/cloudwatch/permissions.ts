// Which action on which resource does an operation of CloudWatch need, and what do conditions hear of it?
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html

import type { Context } from '../../../policy/types.ts'
import type { Permission } from '../../service.ts'
import { alarmArn, dashboardArn, insightRuleArn, metricStreamArn, muteRuleArn } from './arns.ts'
import { tagsOf } from './tags.ts'
import type { CloudWatchContext } from './state.ts'

type Input = Record<string, any>

export function permissions(
  operation: string,
  input: Input,
  context: CloudWatchContext,
): readonly Permission[] | undefined {
  // Services of AWS publish their own metrics.
  if (context.caller.principal.type === 'Service') return []
  const resources = resourcesOf(operation, input, context)
  if (!resources) return undefined
  const own = resources.map((resource) => ({
    action: `cloudwatch:${operation}`,
    resource,
    context: { ...requestKeys(input), ...resourceTags(resource, context) },
  }))
  // To make something with tags, one must be allowed to tag it, too.
  const tags =
    operation.startsWith('Put') && input['Tags']?.length > 0
      ? [
          {
            action: 'cloudwatch:TagResource',
            resource: taggedBy(operation, input, context),
            context: requestKeys(input),
          },
        ]
      : []
  return [...own, ...tags, ...(operation === 'PutMetricStream' ? [passing(input['RoleArn'])] : [])]
}

function passing(role: string): Permission {
  return {
    action: 'iam:PassRole',
    resource: role,
    context: { 'iam:passedtoservice': 'streams.metrics.cloudwatch.amazonaws.com' },
  }
}

function resourcesOf(operation: string, input: Input, context: CloudWatchContext): readonly string[] | undefined {
  const alarm = (name: string): string => alarmArn(context, name)
  switch (operation) {
    case 'PutMetricAlarm':
    case 'SetAlarmState':
    case 'DescribeAlarmContributors':
      return [alarm(input['AlarmName'])]
    case 'PutCompositeAlarm':
      // It may be about any alarm.
      return ['*']
    case 'DeleteAlarms':
    case 'EnableAlarmActions':
    case 'DisableAlarmActions':
      return each(input['AlarmNames'], alarm)
    case 'DescribeAlarms': {
      if (input['AlarmTypes']?.includes('CompositeAlarm')) return ['*']
      return input['AlarmNames']?.length > 0 ? input['AlarmNames'].map(alarm) : [alarm('*')]
    }
    case 'DescribeAlarmHistory':
      return [alarm(input['AlarmName'] ?? '*')]
    case 'PutAlarmMuteRule':
      return [muteRuleArn(context, input['Name']), ...(input['MuteTargets']?.AlarmNames ?? []).map(alarm)]
    case 'ListAlarmMuteRules':
      return [muteRuleArn(context, '*')]
    case 'GetAlarmMuteRule':
    case 'DeleteAlarmMuteRule':
      return [muteRuleArn(context, input['AlarmMuteRuleName'])]
    case 'PutDashboard':
    case 'GetDashboard':
      return [dashboardArn(context, input['DashboardName'])]
    case 'DeleteDashboards':
      return input['DashboardNames'].map((name: string) => dashboardArn(context, name))
    case 'PutInsightRule':
    case 'GetInsightRuleReport':
      return [insightRuleArn(context, input['RuleName'])]
    case 'DeleteInsightRules':
    case 'EnableInsightRules':
    case 'DisableInsightRules':
      return each(input['RuleNames'], (name) => insightRuleArn(context, name))
    case 'PutMetricStream':
    case 'GetMetricStream':
    case 'DeleteMetricStream':
      return [metricStreamArn(context, input['Name'])]
    case 'StartMetricStreams':
    case 'StopMetricStreams':
      return each(input['Names'], (name) => metricStreamArn(context, name))
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [input['ResourceARN']]
    case 'PutMetricData':
    case 'GetMetricData':
    case 'GetMetricStatistics':
    case 'GetMetricWidgetImage':
    case 'ListMetrics':
    case 'DescribeAlarmsForMetric':
    case 'ListDashboards':
    case 'PutAnomalyDetector':
    case 'DeleteAnomalyDetector':
    case 'DescribeAnomalyDetectors':
    case 'DescribeInsightRules':
    case 'ListManagedInsightRules':
    case 'ListMetricStreams':
      return ['*']
    default:
      return undefined
  }
}

function each(names: readonly string[], arn: (name: string) => string): readonly string[] {
  return names.length > 0 ? names.map(arn) : [arn('*')]
}

function taggedBy(operation: string, input: Input, context: CloudWatchContext): string {
  switch (operation) {
    case 'PutDashboard':
      return dashboardArn(context, input['DashboardName'])
    case 'PutAlarmMuteRule':
      return muteRuleArn(context, input['Name'])
    case 'PutInsightRule':
      return insightRuleArn(context, input['RuleName'])
    case 'PutMetricStream':
      return metricStreamArn(context, input['Name'])
    default:
      return alarmArn(context, input['AlarmName'])
  }
}

function requestKeys(input: Input): Context {
  const keys: Record<string, string | string[]> = {}
  if (typeof input['Namespace'] === 'string') keys['cloudwatch:namespace'] = input['Namespace']
  const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((member) => input[member] ?? [])
  if (actions.length > 0) keys['cloudwatch:alarmactions'] = actions
  const tags = (input['Tags'] ?? []) as { Key: string; Value: string }[]
  for (const { Key, Value } of tags) keys[`aws:requesttag/${Key}`] = Value
  const tagKeys = tags.length > 0 ? tags.map(({ Key }) => Key) : (input['TagKeys'] as string[] | undefined)
  if (tagKeys) keys['aws:tagkeys'] = tagKeys
  return keys
}

function resourceTags(resource: string, { state }: CloudWatchContext): Context {
  const tags = tagsOf(state.rows, resource)
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:resourcetag/${key}`, value]))
}
