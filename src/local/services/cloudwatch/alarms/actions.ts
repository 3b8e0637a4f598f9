// What happens when an alarm changes? Its actions are carried out: messages to topics, power switches of instances; and
// its history tells how that went.

import { AwsError, Failure } from '../../../../lib/errors.ts'
import { stringifyCompact } from '../../../../lib/json.ts'
import { Float } from '../../../../lib/value.ts'
import type { Models } from '../../../../model/model.ts'
import type { CallContext } from '../../../service.ts'
import type { Dimension } from '../metrics/names.ts'
import type { CloudWatchState } from '../state.ts'
import { noteAction } from './history.ts'
import { longTime } from './reasons.ts'
import { boundTo, findAlarm, type Alarm, type AlarmState, type Watch } from './record.ts'
import { claim, settle, type Pending } from './pending.ts'
import { arnOf } from './transitions.ts'

/** What carrying out needs: from a request, or from the background. */
export interface Hands {
  readonly models: Models
  readonly clock: () => Date
  readonly callAs: CallContext['callAs']
  transaction<T>(body: (state: CloudWatchState) => T): Promise<T>
}

/** Carries out what is pending, one after the other. */
export async function carryOut(hands: Hands): Promise<void> {
  for (;;) {
    const taken = await hands.transaction(({ rows }) => claim(rows, hands.clock().getTime()))
    if (!taken) return
    const { arn, alarm } = taken.pending
    const done = await act(taken.pending, hands)
    await hands.transaction(({ rows }) => {
      noteAction(rows, alarm, { arn, at: hands.clock().getTime(), ...done })
      settle(rows, taken.key)
    })
  }
}

async function act(pending: Pending, hands: Hands): Promise<{ message?: string; error?: string }> {
  const { arn } = pending
  const [, , service, region = ''] = arn.split(':')
  try {
    if (service === 'sns') return await publish(pending, hands)
    if (service === 'automate') return await switchInstance(pending, region, hands)
    if (service === 'lambda') return await invoke(pending, hands)
    return { error: `The local AWS has no actions of ${service ?? arn} yet.` }
  } catch (error) {
    if (error instanceof AwsError || error instanceof Failure)
      return { error: error.message || (error as AwsError).code }
    throw error
  }
}

function placeOf({ place }: Alarm): { account: string; region: string } {
  const [account, region] = place.split('/') as [string, string]
  return { account, region }
}

// --- messages to topics -----------------------------------------------------------------------------------------------

async function publish({ arn, alarm, old }: Pending, hands: Hands): Promise<{ message: string }> {
  const { account, region } = placeOf(alarm)
  const regionName = await spokenRegion(region, hands.models)
  const message = alarm.watch
    ? metricMessage(alarm, old, account, regionName)
    : compositeMessage(alarm, old, account, regionName, await hands.transaction(({ rows }) => triggers(alarm, rows)))
  // Subjects are of at most 100 characters.
  const subject = `${alarm.state.value}: "${alarm.name}" in ${regionName}`
  const [, , , topicRegion, topicAccount] = arn.split(':') as [string, string, string, string, string]
  await hands.callAs(
    { service: 'cloudwatch.amazonaws.com', sourceArn: arnOf(alarm), sourceAccount: account },
    'sns',
    'Publish',
    {
      TopicArn: arn,
      Subject: subject.length <= 100 ? subject : `${subject.slice(0, 97)}...`,
      Message: message,
    },
    { account: topicAccount, region: topicRegion },
  )
  return { message }
}

/** `US East (N. Virginia)` */
async function spokenRegion(region: string, models: Models): Promise<string> {
  const { partitions } = (await models.partitions()) as {
    partitions: readonly { regions: Readonly<Record<string, { description?: string }>> }[]
  }
  return partitions.map(({ regions }) => regions[region]?.description).find((name) => name !== undefined) ?? region
}

function head(alarm: Alarm, old: AlarmState, account: string, region: string): object {
  const { name, description, configured, state, actions } = alarm
  return {
    AlarmName: name,
    AlarmDescription: description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: longTime(configured),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: longTime(state.updated),
    Region: region,
    AlarmArn: arnOf(alarm),
    OldStateValue: old.value,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
  }
}

function metricMessage(alarm: Alarm, old: AlarmState, account: string, region: string): string {
  return stringifyCompact({ ...head(alarm, old, account, region), Trigger: triggerOf(alarm.watch!) })
}

function triggerOf(watch: Watch): object {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Unit, Dimensions, Period, Metrics } = watch
  const metric = Metrics
    ? {}
    : {
        MetricName: MetricName!,
        Namespace: Namespace!,
        ...(Statistic !== undefined
          ? { StatisticType: 'Statistic', Statistic: Statistic.replace(/(?<=[a-z])(?=[A-Z])/, '_').toUpperCase() }
          : { StatisticType: 'ExtendedStatistic', ExtendedStatistic: ExtendedStatistic! }),
        Unit: Unit ?? null,
        Dimensions: dimensionsOf(Dimensions),
      }
  return {
    ...metric,
    ...(Period !== undefined && { Period }),
    EvaluationPeriods: watch.EvaluationPeriods,
    ...(watch.DatapointsToAlarm !== undefined && { DatapointsToAlarm: watch.DatapointsToAlarm }),
    ComparisonOperator: watch.ComparisonOperator,
    ...(watch.Threshold !== undefined && { Threshold: new Float(watch.Threshold) }),
    ...(watch.ThresholdMetricId !== undefined && { ThresholdMetricId: watch.ThresholdMetricId }),
    TreatMissingData: watch.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: watch.EvaluateLowSampleCountPercentile ?? '',
    ...(Metrics && {
      Metrics: Metrics.map(({ MetricStat, ReturnData, ...query }) => ({
        ...query,
        ...(MetricStat && {
          MetricStat: {
            Metric: {
              Dimensions: dimensionsOf(MetricStat.Metric.Dimensions),
              MetricName: MetricStat.Metric.MetricName,
              Namespace: MetricStat.Metric.Namespace,
            },
            Period: MetricStat.Period,
            Stat: MetricStat.Stat,
            ...(MetricStat.Unit !== undefined && { Unit: MetricStat.Unit }),
          },
        }),
        ReturnData: ReturnData !== false,
      })),
    }),
  }
}

function dimensionsOf(dimensions: readonly Dimension[] = []): object[] {
  return dimensions.map(({ Name, Value }) => ({ value: Value, name: Name }))
}

/** The alarms that a composite one goes by, and how they stand. */
function triggers(alarm: Alarm, rows: CloudWatchState['rows']): object[] {
  return boundTo(rows, 'children', alarm.place, alarm.name).flatMap((name) => {
    const child = findAlarm(rows, alarm.place, name)
    return child
      ? [{ Arn: arnOf(child), State: { Value: child.state.value, Timestamp: longTime(child.state.transitioned) } }]
      : []
  })
}

function compositeMessage(
  alarm: Alarm,
  old: AlarmState,
  account: string,
  region: string,
  children: readonly object[],
): string {
  return stringifyCompact({
    ...head(alarm, old, account, region),
    AlarmRule: alarm.rule!,
    TriggeringChildren: children,
  })
}

// --- instances --------------------------------------------------------------------------------------------------------

/** `arn:aws:automate:us-east-1:ec2:stop` → `StopInstances` */
const switches: Readonly<Record<string, string>> = {
  stop: 'StopInstances',
  terminate: 'TerminateInstances',
  reboot: 'RebootInstances',
}

export const eventsService = 'events.amazonaws.com'
const eventsRole = 'aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents'

async function switchInstance({ arn, alarm }: Pending, region: string, hands: Hands): Promise<{ error?: string }> {
  const verb = arn.split(':').at(-1)!
  const operation = switches[verb]
  if (!operation) return { error: `The local AWS has no EC2 action ${verb} yet.` }
  const { account } = placeOf(alarm)
  const InstanceIds = (alarm.watch?.Dimensions ?? [])
    .filter(({ Name }) => Name === 'InstanceId')
    .map(({ Value }) => Value)
  const by = {
    service: eventsService,
    sourceArn: arnOf(alarm),
    sourceAccount: account,
    role: `arn:aws:iam::${account}:role/${eventsRole}`,
  }
  await hands.callAs(by, 'ec2', operation, { InstanceIds }, { account, region })
  return {}
}

// --- functions --------------------------------------------------------------------------------------------------------

async function invoke({ arn, alarm, old }: Pending, hands: Hands): Promise<{ message: string }> {
  const [, , , region, account] = arn.split(':') as [string, string, string, string, string]
  const own = placeOf(alarm)
  const message = stringifyCompact({
    source: 'aws.cloudwatch',
    alarmArn: arnOf(alarm),
    accountId: own.account,
    time: longTime(alarm.state.updated),
    region: own.region,
    alarmData: {
      alarmName: alarm.name,
      state: stateOf(alarm.state),
      previousState: stateOf(old),
      configuration: { ...(alarm.description !== undefined && { description: alarm.description }) },
    },
  })
  await hands.callAs(
    { service: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn: arnOf(alarm), sourceAccount: own.account },
    'lambda',
    'Invoke',
    { FunctionName: arn, InvocationType: 'Event', Payload: new TextEncoder().encode(message) },
    { account, region },
  )
  return { message }
}

function stateOf({ value, reason, data, updated }: AlarmState): object {
  return { value, reason, ...(data !== undefined && { reasonData: data }), timestamp: longTime(updated) }
}
