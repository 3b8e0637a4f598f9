// Mute rules: when alarms go on being evaluated, and nobody is told.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html

import { unmute } from '../alarms/muting.ts'
import { muteRuleArn } from '../arns.ts'
import { noSuchResource, validationError } from '../errors.ts'
import { openToken } from '../listing.ts'
import { findMuteRule, keepMuteRule, muteRules, removeMuteRule, statusOf, type MuteRule } from '../mutes/record.ts'
import { checkSchedule, comesOnce } from '../mutes/schedule.ts'
import type { CloudWatchContext, CloudWatchHandler } from '../state.ts'
import { checkTags, putTags, tagged } from '../tags.ts'

export const putAlarmMuteRule: CloudWatchHandler = (input, context) => {
  const { Name, Description, Rule, MuteTargets, Tags = [], StartDate, ExpireDate } = input
  const { state } = context
  checkSchedule(Rule.Schedule)
  checkTags(Tags)
  const start = StartDate === undefined ? undefined : new Date(StartDate).getTime()
  const expire = ExpireDate === undefined ? undefined : new Date(ExpireDate).getTime()
  if (expire !== undefined && expire <= (start ?? -Infinity))
    throw validationError('The ExpireDate must be after the StartDate.')
  const now = context.clock().getTime()
  // Tags come with a rule that is new.
  if (!findMuteRule(state.rows, state.place, Name)) putTags(state.rows, muteRuleArn(context, Name), tagged(Tags))
  keepMuteRule(state.rows, state.place, {
    Name,
    ...(Description !== undefined && { Description }),
    Schedule: Rule.Schedule,
    AlarmNames: MuteTargets?.AlarmNames ?? [],
    ...(start !== undefined && { start }),
    ...(expire !== undefined && { expire }),
    updated: now,
  })
  unmute(state.rows, now, state.place)
}

function shown(rule: MuteRule, context: CloudWatchContext): object {
  const { Name, Schedule, expire, updated } = rule
  return {
    AlarmMuteRuleArn: muteRuleArn(context, Name),
    ...(expire !== undefined && { ExpireDate: new Date(expire) }),
    Status: statusOf(rule, context.clock().getTime()),
    MuteType: comesOnce(Schedule) ? 'ONE_TIME' : 'RECURRING',
    LastUpdatedTimestamp: new Date(updated),
  }
}

export const getAlarmMuteRule: CloudWatchHandler = ({ AlarmMuteRuleName: name }, context) => {
  const rule = findMuteRule(context.state.rows, context.state.place, name)
  if (!rule) throw noSuchResource(muteRuleArn(context, name))
  const { Name, Description, Schedule, AlarmNames, start } = rule
  return {
    Name,
    ...(Description !== undefined && { Description }),
    Rule: { Schedule },
    MuteTargets: { AlarmNames },
    ...(start !== undefined && { StartDate: new Date(start) }),
    ...shown(rule, context),
  }
}

export const listAlarmMuteRules: CloudWatchHandler = (input, context) => {
  const { AlarmName, Statuses, MaxRecords = 50, NextToken } = input
  const after = NextToken === undefined ? '' : openToken(NextToken)
  const now = context.clock().getTime()
  const found = muteRules(context.state.rows, context.state.place)
    .filter(({ Name }) => Name > after)
    .filter(({ AlarmNames }) => AlarmName === undefined || AlarmNames.includes(AlarmName))
    .filter((rule) => !Statuses?.length || Statuses.includes(statusOf(rule, now)))
  const page = found.slice(0, MaxRecords)
  const last = page.at(-1)
  return {
    AlarmMuteRuleSummaries: page.map((rule) => shown(rule, context)),
    ...(found.length > page.length && last && { NextToken: btoa(encodeURIComponent(last.Name)) }),
  }
}

/** Of one that is not there nothing is said. */
export const deleteAlarmMuteRule: CloudWatchHandler = ({ AlarmMuteRuleName: name }, context) => {
  const { rows, place } = context.state
  removeMuteRule(rows, place, name)
  putTags(rows, muteRuleArn(context, name), {})
  unmute(rows, context.clock().getTime(), place)
}
