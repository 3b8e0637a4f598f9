// Contributor Insights: rules are kept, switched on and off, and told. They count who comes up in logs; no service of this
// world writes any, so a report has no contributors.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html

import { insightRuleArn } from '../arns.ts'
import { invalidValue, noSuchResource } from '../errors.ts'
import {
  findInsightRule,
  insightRules,
  putInsightRule as keep,
  removeInsightRule,
  type InsightRule,
} from '../insights/record.ts'
import { openToken } from '../listing.ts'
import type { CloudWatchHandler, CloudWatchState } from '../state.ts'
import { checkTags, putTags, tagged } from '../tags.ts'

interface Definition {
  readonly Schema: { readonly Name: string; readonly Version: number }
  readonly AggregateOn?: string
  readonly Contribution?: { readonly Keys?: readonly string[] }
}

/** Throws InvalidParameterValue. */
function read(text: string): Definition {
  let definition: Partial<Definition> | undefined
  try {
    definition = JSON.parse(text)
  } catch {
    throw invalidValue('The parameter RuleDefinition is not valid JSON.')
  }
  const { Name, Version } = Object(definition?.Schema) as Partial<Definition['Schema']>
  if (Name !== 'CloudWatchLogRule' || Version !== 1)
    throw invalidValue('The Schema of the parameter RuleDefinition must be CloudWatchLogRule, version 1.')
  return definition as Definition
}

export const putInsightRule: CloudWatchHandler = (input, context) => {
  const { RuleName: Name, RuleState: State = 'ENABLED', RuleDefinition: Definition, ApplyOnTransformedLogs } = input
  if (State !== 'ENABLED' && State !== 'DISABLED')
    throw invalidValue('The parameter RuleState must be ENABLED or DISABLED.')
  read(Definition)
  checkTags(input.Tags ?? [])
  // Tags come with a rule that is new.
  if (!findInsightRule(context.state, Name))
    putTags(context.state.rows, insightRuleArn(context, Name), tagged(input.Tags ?? []))
  keep(context.state, {
    Name,
    State,
    Definition,
    ...(ApplyOnTransformedLogs !== undefined && { ApplyOnTransformedLogs }),
  })
}

/** `CloudWatchLogRule/1` */
function schemaOf({ Definition }: InsightRule): string {
  const { Name, Version } = read(Definition).Schema
  return `${Name}/${Version}`
}

const aPage = 500

export const describeInsightRules: CloudWatchHandler = ({ MaxResults = aPage, NextToken }, { state }) => {
  const page = insightRules(state, MaxResults, NextToken)
  return {
    InsightRules: page.here.map((rule) => ({
      ...rule,
      Schema: schemaOf(rule),
      ManagedRule: false,
    })),
    ...page.next,
  }
}

/** Does it to each rule that is there; the others are told of. */
function each(names: readonly string[], state: CloudWatchState, act: (rule: InsightRule) => void): object {
  const Failures = names.flatMap((name) => {
    const rule = findInsightRule(state, name)
    if (rule) act(rule)
    const failure = {
      FailureResource: name,
      ExceptionType: 'ResourceNotFoundException',
      FailureCode: 'ResourceNotFound',
      FailureDescription: `The rule ${name} does not exist.`,
    }
    return rule ? [] : [failure]
  })
  return { Failures }
}

export const enableInsightRules: CloudWatchHandler = ({ RuleNames }, { state }) =>
  each(RuleNames, state, (rule) => keep(state, { ...rule, State: 'ENABLED' }))

export const disableInsightRules: CloudWatchHandler = ({ RuleNames }, { state }) =>
  each(RuleNames, state, (rule) => keep(state, { ...rule, State: 'DISABLED' }))

export const deleteInsightRules: CloudWatchHandler = ({ RuleNames }, context) =>
  each(RuleNames, context.state, ({ Name }) => {
    removeInsightRule(context.state, Name)
    putTags(context.state.rows, insightRuleArn(context, Name), {})
  })

export const getInsightRuleReport: CloudWatchHandler = (input, context) => {
  const rule = findInsightRule(context.state, input.RuleName)
  if (!rule) throw noSuchResource(insightRuleArn(context, input.RuleName))
  if (input.StartTime >= input.EndTime)
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.')
  const { AggregateOn, Contribution } = read(rule.Definition)
  return {
    KeyLabels: Contribution?.Keys ?? [],
    AggregationStatistic: AggregateOn === 'Sum' ? 'Sum' : 'SampleCount',
    AggregateValue: 0,
    ApproximateUniqueCount: 0,
    Contributors: [],
    MetricDatapoints: datapoints(input),
  }
}

interface ReportInput {
  readonly StartTime: Date
  readonly EndTime: Date
  /** Seconds. */
  readonly Period: number
  readonly Metrics?: readonly string[]
}

/** A day of minutes. */
const mostDatapoints = 1440
/** What nobody contributed to comes to nothing; least, most and mean are of nobody. */
const ofNothing = ['UniqueContributors', 'MaxContributorValue', 'SampleCount', 'Sum']

/** One for each period that the report touches, with the metrics that were asked for. */
function datapoints({ StartTime, EndTime, Period, Metrics = [] }: ReportInput): object[] {
  const shown = ofNothing.filter((name) => Metrics.includes(name))
  if (shown.length === 0) return []
  const step = Period * 1000
  const first = Math.floor(StartTime.getTime() / step)
  const count = Math.floor(EndTime.getTime() / step) - first + 1
  if (count > mostDatapoints)
    throw invalidValue(`The report would have ${count} datapoints, which is more than ${mostDatapoints}.`)
  return Array.from({ length: count }, (_, i) => ({
    Timestamp: new Date((first + i) * step),
    ...Object.fromEntries(shown.map((name) => [name, 0])),
  }))
}

/** Managed rules are made of templates of other services; there are none. */
export const listManagedInsightRules: CloudWatchHandler = ({ NextToken }) => {
  if (NextToken !== undefined) openToken(NextToken)
  return { ManagedRules: [] }
}
