// Tags of alarms, mute rules, dashboards, insight rules and metric streams.

import { findAlarm } from '../alarms/record.ts'
import { findDashboard } from '../dashboards/record.ts'
import { noSuchResource } from '../errors.ts'
import { findInsightRule } from '../insights/record.ts'
import { findMuteRule } from '../mutes/record.ts'
import type { CloudWatchContext, CloudWatchHandler } from '../state.ts'
import { findMetricStream } from '../streams/record.ts'
import { checkTags, putTags, tagged, tagsOf } from '../tags.ts'

export const listTagsForResource: CloudWatchHandler = (input, context) => {
  const arn = existing(input.ResourceARN, context)
  return { Tags: Object.entries(tagsOf(context.state.rows, arn)).map(([Key, Value]) => ({ Key, Value })) }
}

export const tagResource: CloudWatchHandler = (input, context) => {
  const arn = existing(input.ResourceARN, context)
  const tags = { ...tagsOf(context.state.rows, arn), ...tagged(input.Tags) }
  checkTags(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })))
  putTags(context.state.rows, arn, tags)
}

export const untagResource: CloudWatchHandler = (input, context) => {
  const arn = existing(input.ResourceARN, context)
  const left = Object.entries(tagsOf(context.state.rows, arn)).filter(([key]) => !input.TagKeys.includes(key))
  putTags(context.state.rows, arn, Object.fromEntries(left))
}

/** Throws ResourceNotFoundException for what is not there. */
function existing(arn: string, { state, account, region }: CloudWatchContext): string {
  const [, , service, where, owner, kind = '', ...rest] = arn.split(':')
  const isOurs = service === 'cloudwatch' && owner === account
  const name = rest.join(':')
  if (isOurs && kind === 'alarm' && where === region && findAlarm(state.rows, state.place, name)) return arn
  if (isOurs && kind === 'alarm-mute-rule' && where === region && findMuteRule(state.rows, state.place, name))
    return arn
  const dashboard = /^dashboard\/(.+)$/.exec(kind)?.[1]
  if (isOurs && dashboard !== undefined && findDashboard(state.rows, account, dashboard)) return arn
  const [, what, which] = /^(insight-rule|metric-stream)\/(.+)$/.exec([kind, ...rest].join(':')) ?? []
  const find = what === 'insight-rule' ? findInsightRule : findMetricStream
  if (isOurs && where === region && which !== undefined && find(state, which)) return arn
  throw noSuchResource(arn)
}
