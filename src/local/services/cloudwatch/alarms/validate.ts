// Can an alarm be as PutMetricAlarm asks for it? What is refused is refused in AWS's words where they were seen.

import { invalidValue, notBuilt, validationError } from '../errors.ts'
import { isGrouped } from '../math/insights.ts'
import { checkExpression, type Query } from '../math/evaluate.ts'
import { calls, parseExpression } from '../math/parse.ts'
import { statisticNamed } from '../metrics/statistic.ts'
import { checkQueries, inExpression } from '../queries.ts'
import { periodOf } from './evaluate.ts'
import type { Alarm, Watch } from './record.ts'
import { checkWindow } from './wall-clock.ts'

type Input = Record<string, any>

const onBand = ['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold']

/** What the alarm watches. */
export function readWatch(input: Input): Watch {
  if (input['EvaluationCriteria'] !== undefined || input['EvaluationInterval'] !== undefined)
    throw notBuilt('alarms on PromQL queries (EvaluationCriteria)')
  const isMath = input['Metrics'] !== undefined && input['Metrics'].length > 0
  if (isMath) checkMath(input)
  else checkMetric(input)
  for (const name of ['EvaluationPeriods', 'ComparisonOperator'])
    if (input[name] === undefined)
      throw validationError(
        `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
      )
  checkThreshold(input)
  checkOptions(input)
  const watch = pick(input) as unknown as Watch
  checkLength(watch)
  if (watch.EvaluationWindow) checkWindow(watch.EvaluationWindow, periodOf(watch))
  return watch
}

/** A number to compare with, or the band of an anomaly detection model. */
function checkThreshold({ Threshold, ThresholdMetricId, ComparisonOperator }: Input): void {
  const isOnBand = ThresholdMetricId !== undefined
  if (isOnBand !== onBand.includes(ComparisonOperator))
    throw validationError(
      `ComparisonOperator ${ComparisonOperator} cannot be used with${isOnBand ? '' : 'out'} ThresholdMetricId`,
    )
  if (isOnBand) {
    if (Threshold !== undefined) throw validationError('Threshold must not be set if ThresholdMetricId is set')
    return
  }
  if (Threshold === undefined) throw validationError('Threshold must not be null')
  if (!Number.isFinite(Threshold)) throw validationError('Threshold must be a finite number')
}

const members = [
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ThresholdMetricId',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'Metrics',
  'EvaluationWindow',
]

function pick(input: Input): Input {
  const given = members.filter((name) => input[name] !== undefined && !(name === 'Metrics' && input[name].length === 0))
  return Object.fromEntries(given.map((name) => [name, input[name]]))
}

function checkMath(input: Input): void {
  for (const name of ['MetricName', 'Namespace', 'Period', 'Unit', 'Statistic', 'ExtendedStatistic'])
    if (input[name] !== undefined) throw validationError(`${name} should not be set if list of Metrics is set.`)
  if (input['Dimensions']?.length > 0) throw validationError('Dimensions should not be set if list of Metrics is set.')
  const band = bandOf(input)
  const queries = (input['Metrics'] as readonly Query[]).filter((query) => query !== band)
  checkQueries(queries, 'Metrics')
  const watched = queries.filter(({ ReturnData }) => ReturnData !== false)
  if (watched.length !== 1) throw validationError('Exactly one element of the metrics list should return data.')
  for (const { Id, Expression } of queries) {
    if (Expression === undefined) continue
    const tree = inExpression(Id, () => checkExpression(Expression))
    if (tree && calls(tree, 'SEARCH')) throw validationError('SEARCH is not supported on Metric Alarms.')
    if (!tree && isGrouped(Expression)) throw notBuilt('alarms on Metrics Insights queries with GROUP BY')
  }
}

/** The query that ThresholdMetricId names: the band of an anomaly detection model. */
function bandOf({ ThresholdMetricId, Metrics }: Input): Query | undefined {
  if (ThresholdMetricId === undefined) return undefined
  const named = (Metrics as readonly Query[]).filter(({ Id }) => Id === ThresholdMetricId)
  if (named.length > 1) throw validationError('The values for parameter id in Metrics are not unique.')
  const { Expression } = named[0] ?? {}
  const tree = Expression === undefined ? undefined : inExpression(ThresholdMetricId, () => parseExpression(Expression))
  if (tree?.kind !== 'call' || tree.name !== 'ANOMALY_DETECTION_BAND')
    throw validationError(
      `ThresholdMetricId ${ThresholdMetricId} must be the Id of an ANOMALY_DETECTION_BAND function in Metrics`,
    )
  return named[0]
}

function checkMetric(input: Input): void {
  if (input['ThresholdMetricId'] !== undefined) throw validationError('ThresholdMetricId can only be set with Metrics')
  for (const name of ['MetricName', 'Namespace', 'Period'])
    if (input[name] === undefined) throw validationError(`${name} must not be null`)
  const { Statistic, ExtendedStatistic, Period } = input
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw validationError('Exactly one of Statistic and ExtendedStatistic must be set')
  if (ExtendedStatistic !== undefined && (!statisticNamed(ExtendedStatistic) || /^[A-Z][a-z]/.test(ExtendedStatistic)))
    throw invalidValue(`The value ${ExtendedStatistic} for parameter ExtendedStatistic is not supported.`)
  if (![10, 20, 30].includes(Period) && Period % 60 !== 0)
    throw validationError('Period must be 10, 20, 30 or a multiple of 60')
}

function checkOptions(input: Input): void {
  const { TreatMissingData, EvaluateLowSampleCountPercentile, DatapointsToAlarm, EvaluationPeriods } = input
  if (TreatMissingData !== undefined && !['breaching', 'notBreaching', 'ignore', 'missing'].includes(TreatMissingData))
    throw validationError(
      `The value ${TreatMissingData} is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].`,
    )
  if (
    EvaluateLowSampleCountPercentile !== undefined &&
    !['evaluate', 'ignore'].includes(EvaluateLowSampleCountPercentile)
  )
    throw validationError(
      `Option ${EvaluateLowSampleCountPercentile} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.`,
    )
  if (DatapointsToAlarm !== undefined && DatapointsToAlarm > EvaluationPeriods)
    throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods')
}

function checkLength(watch: Watch): void {
  const period = periodOf(watch)
  const all = period * watch.EvaluationPeriods
  if (period < 3600 && all > 86_400)
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    )
  if (all > 604_800)
    throw validationError(
      'Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).',
    )
}

/** An alarm's name is printable. */
export function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) throw validationError('AlarmName must not contain ASCII control characters')
}

export function readActions(input: Input, region: string, isComposite: boolean): Alarm['actions'] {
  const of = (name: string): readonly string[] => {
    const arns = (input[name] ?? []) as readonly string[]
    for (const arn of arns) checkAction(arn, region, isComposite, input)
    return arns
  }
  return { ALARM: of('AlarmActions'), OK: of('OKActions'), INSUFFICIENT_DATA: of('InsufficientDataActions') }
}

/** Whether what an ARN names is there nobody asks, but what it is must be clear. */
function checkAction(arn: string, region: string, isComposite: boolean, input: Input): void {
  // One that is cut short does nothing; what is none at all is refused.
  if (!/^arn(:|$)/.test(arn)) throw validationError(`Invalid arn syntax: ${arn}`)
  const [, , service, where] = arn.split(':')
  if ((service === 'sns' || service === 'automate') && where !== region)
    throw validationError(`Invalid region ${where} specified. Only ${region} is supported.`)
  const verb = /^arn:[^:]+:automate:[^:]+:ec2:(.*)$/.exec(arn)?.[1]
  if (service === 'automate' && (verb === undefined || !['stop', 'terminate', 'reboot', 'recover'].includes(verb)))
    throw validationError(`Invalid arn syntax: ${arn}`)
  if (verb === undefined) return
  if (isComposite) throw validationError('EC2 actions are not supported on composite alarms')
  const isPerInstance = (input['Dimensions'] ?? []).some(({ Name }: { Name: string }) => Name === 'InstanceId')
  if (!isPerInstance)
    throw validationError(
      `Invalid use of EC2 '${verb.charAt(0).toUpperCase()}${verb.slice(1)}' action. This action can only be used with EC2 per-instance metrics.`,
    )
}

export function usesInstances({ ALARM, OK, INSUFFICIENT_DATA }: Alarm['actions']): boolean {
  return [...ALARM, ...OK, ...INSUFFICIENT_DATA].some((arn) => arn.split(':')[2] === 'automate')
}
