// Alarms, dashboards and tags as callers see them.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, told, type Bench } from '../../account.fixture.ts'

type Input = Record<string, unknown>

const cpu = { Namespace: 'Own', MetricName: 'CPU', Dimensions: [{ Name: 'Host', Value: 'a' }] }
const arn = (name: string): string => `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`
const topic = (name: string): string => `arn:aws:sns:us-east-1:${account}:${name}`

function caller(b: Bench) {
  return (operation: string, input: Input = {}): Promise<any> => b.call('cloudwatch', operation, input)
}

const alarm = (name: string, more: Input = {}): Input => ({
  AlarmName: name,
  ...cpu,
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  ...more,
})

const publish = (b: Bench, value: number): Promise<any> =>
  caller(b)('PutMetricData', {
    Namespace: 'Own',
    MetricData: [{ MetricName: 'CPU', Dimensions: cpu.Dimensions, Value: value, Timestamp: b.now() }],
  })

const set = (b: Bench, AlarmName: string, StateValue: string): Promise<any> =>
  caller(b)('SetAlarmState', { AlarmName, StateValue, StateReason: 'x' })

/** The clock goes on to a whole minute, and a bit. */
function nextMinute(b: Bench, minutes = 1): void {
  b.advance(minutes * 60_000 - (b.now().getTime() % 60_000) + 1000)
}

async function state(b: Bench, name = 'a', type = 'MetricAlarm'): Promise<any> {
  const told = await caller(b)('DescribeAlarms', { AlarmNames: [name], AlarmTypes: [type] })
  return told[`${type}s`][0]
}

describe('a metric alarm', () => {
  test('comes and goes with what is published', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a'))
    const unchecked = { StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation' }
    expect(await state(b)).toMatchObject(unchecked)
    nextMinute(b)
    await publish(b, 9)
    nextMinute(b)
    const alarmed = await state(b)
    expect(alarmed.StateValue).toBe('ALARM')
    expect(alarmed.StateReason).toMatch(
      /^Threshold Crossed: 1 datapoint \[9\.0 \(\d\d\/\d\d\/\d\d \d\d:\d\d:00\)\] was greater than the threshold \(5\.0\)\.$/,
    )
    expect(JSON.parse(alarmed.StateReasonData)).toMatchObject({
      version: '1.0',
      statistic: 'Average',
      period: 60,
      recentDatapoints: [9],
      threshold: 5,
      evaluatedDatapoints: [{ sampleCount: 1, value: 9 }],
    })
    await publish(b, 1)
    nextMinute(b)
    expect(await state(b)).toMatchObject({
      StateValue: 'OK',
      StateReason: expect.stringContaining('was not greater than'),
    })
    b.advance(600_000)
    expect(await state(b)).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 1 datapoint was unknown.',
    })
    const { AlarmHistoryItems: history } = await caller(b)('DescribeAlarmHistory', {
      AlarmName: 'a',
      ScanBy: 'TimestampAscending',
    })
    expect(history.map(({ HistorySummary }: any) => HistorySummary)).toEqual([
      'Alarm "a" created',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to INSUFFICIENT_DATA',
    ])
    expect(JSON.parse(history[1].HistoryData)).toMatchObject({
      oldState: { stateValue: 'INSUFFICIENT_DATA', stateReason: 'Unchecked: Initial alarm creation' },
      newState: { stateValue: 'ALARM', stateReasonData: { threshold: 5 } },
    })
  })

  const treated =
    'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as'
  test.each([
    ['breaching', 'ALARM', `${treated} [Breaching].`],
    ['notBreaching', 'OK', `${treated} [NonBreaching].`],
    ['missing', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
    ['ignore', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
  ])('with nothing published, %s', async (TreatMissingData, StateValue, StateReason) => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a', { TreatMissingData, EvaluationPeriods: 2 }))
    nextMinute(b, 3)
    expect(await state(b)).toMatchObject({ StateValue, StateReason })
  })

  test('of M out of N, in the words for it', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a', { EvaluationPeriods: 3, DatapointsToAlarm: 2 }))
    for (const value of [9, 1, 8]) {
      nextMinute(b)
      await publish(b, value)
    }
    nextMinute(b)
    expect((await state(b)).StateReason).toMatch(
      /^Threshold Crossed: 2 out of the last 3 datapoints \[8\.0 \(.*\), 9\.0 \(.*\)\] were greater than the threshold \(5\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
    )
  })

  test('on an expression', async () => {
    const b = bench()
    const Metrics = [
      { Id: 'm', MetricStat: { Metric: cpu, Period: 60, Stat: 'Sum' }, ReturnData: false },
      { Id: 'e', Expression: 'm * 10', ReturnData: true },
    ]
    await caller(b)('PutMetricAlarm', {
      AlarmName: 'a',
      Metrics,
      EvaluationPeriods: 1,
      Threshold: 45,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    })
    expect((await state(b)).Metrics).toEqual(Metrics as never)
    nextMinute(b)
    await publish(b, 4.5)
    nextMinute(b)
    expect(await state(b)).toMatchObject({ StateValue: 'ALARM', StateReason: expect.stringContaining('45.0') })
  })

  test.each([
    ['evaluate', 'ALARM'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('on a percentile of few samples: %s', async (EvaluateLowSampleCountPercentile, expected) => {
    const b = bench()
    const { Statistic: _, ...input } = alarm('a', { ExtendedStatistic: 'p90', EvaluateLowSampleCountPercentile })
    await caller(b)('PutMetricAlarm', input)
    nextMinute(b)
    await publish(b, 9)
    nextMinute(b)
    expect((await state(b)).StateValue).toBe(expected)
  })

  test('is looked at every ten seconds, where its period is that short', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a', { Period: 10, TreatMissingData: 'breaching' }))
    b.advance(20_000)
    expect((await state(b)).StateValue).toBe('ALARM')
  })

  test.each([
    ['America/New_York', 'OK'],
    ['UTC', 'ALARM'],
  ])('by the days of a wall clock in %s', async (Timezone, expected) => {
    const noon = Date.parse('2026-11-18T12:00:00Z')
    const b = bench(undefined, () => noon)
    const window = { EvaluationWindow: { WallClockWindow: { Timezone } } }
    await caller(b)('PutMetricAlarm', alarm('a', { Statistic: 'Sum', Period: 86_400, Threshold: 15, ...window }))
    // Ten before midnight in New York, ten after it: one day in UTC, two there.
    for (const time of ['2026-11-17T04:30:00Z', '2026-11-17T05:30:00Z'])
      await caller(b)('PutMetricData', {
        Namespace: 'Own',
        MetricData: [{ MetricName: 'CPU', Dimensions: cpu.Dimensions, Value: 10, Timestamp: new Date(time) }],
      })
    b.advance(120_000)
    const told = await state(b)
    expect([told.StateValue, told.EvaluationWindow]).toEqual([expected, window.EvaluationWindow])
  })

  test('misses nothing, whatever the clock skips', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a', { TreatMissingData: 'notBreaching' }))
    nextMinute(b)
    const start = b.now().getTime()
    // Published ahead of time, as far as one may: two peaks, and a while later the clock is beyond both.
    for (const minutes of [20, 60])
      await caller(b)('PutMetricData', {
        Namespace: 'Own',
        MetricData: [
          { MetricName: 'CPU', Dimensions: cpu.Dimensions, Value: 9, Timestamp: new Date(start + minutes * 60_000) },
        ],
      })
    b.advance(3 * 3_600_000)
    const asked = { AlarmName: 'a', HistoryItemType: 'StateUpdate', ScanBy: 'TimestampAscending' }
    const { AlarmHistoryItems } = await caller(b)('DescribeAlarmHistory', asked)
    const minute = (at: Date): number => Math.floor((at.getTime() - start) / 60_000)
    expect(AlarmHistoryItems.map(({ HistorySummary, Timestamp }: any) => [minute(Timestamp), HistorySummary])).toEqual([
      [expect.any(Number), 'Alarm updated from INSUFFICIENT_DATA to OK'],
      [20, 'Alarm updated from OK to ALARM'],
      [23, 'Alarm updated from ALARM to OK'],
      [60, 'Alarm updated from OK to ALARM'],
      [63, 'Alarm updated from ALARM to OK'],
    ])
  })

  test('is set by hand, until the next evaluation', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('a', { TreatMissingData: 'notBreaching' }))
    const byHand = { AlarmName: 'a', StateValue: 'ALARM', StateReason: 'try', StateReasonData: '{"a":1}' }
    await caller(b)('SetAlarmState', byHand)
    expect(await state(b)).toMatchObject({ StateValue: 'ALARM', StateReason: 'try', StateReasonData: '{"a":1}' })
    nextMinute(b, 2)
    expect((await state(b)).StateValue).toBe('OK')
    const refused = (change: Input): Promise<any> => b.refusal('cloudwatch', 'SetAlarmState', { ...byHand, ...change })
    expect(told(await refused({ AlarmName: 'b' }))).toEqual(['ResourceNotFound', 404, ''])
    expect((await refused({ StateReasonData: '{' })).code).toBe('InvalidFormat')
    expect(await refused({ StateValue: 'INVALID' })).toMatchObject({
      code: 'ValidationError',
      message: expect.stringContaining("Value 'INVALID' at 'stateValue' failed to satisfy constraint"),
    })
  })

  test.each([
    [{ Period: 45 }, 'ValidationError', 'Period must be 10, 20, 30 or a multiple of 60'],
    [{ DatapointsToAlarm: 2 }, 'ValidationError', 'DatapointsToAlarm must be less than or equal to EvaluationPeriods'],
    [
      { EvaluationPeriods: 1500 },
      'ValidationError',
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    ],
    [
      { TreatMissingData: 'x' },
      'ValidationError',
      'The value x is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].',
    ],
    [
      { EvaluateLowSampleCountPercentile: 'x' },
      'ValidationError',
      'Option x is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.',
    ],
    [
      { Statistic: undefined, ExtendedStatistic: 'x' },
      'InvalidParameterValue',
      'The value x for parameter ExtendedStatistic is not supported.',
    ],
    [
      { Metrics: [{ Id: 'a', Expression: '1' }] },
      'ValidationError',
      'MetricName should not be set if list of Metrics is set.',
    ],
    [{ AlarmActions: ['sns'] }, 'ValidationError', 'Invalid arn syntax: sns'],
    [
      { AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:t'] },
      'ValidationError',
      'Invalid region eu-west-1 specified. Only us-east-1 is supported.',
    ],
    [
      { AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] },
      'ValidationError',
      "Invalid use of EC2 'Stop' action. This action can only be used with EC2 per-instance metrics.",
    ],
    [{ ThresholdMetricId: 'a' }, 'ValidationError', 'ThresholdMetricId can only be set with Metrics'],
    [
      { ComparisonOperator: 'GreaterThanUpperThreshold' },
      'ValidationError',
      'ComparisonOperator GreaterThanUpperThreshold cannot be used without ThresholdMetricId',
    ],
  ])('is refused: %j', async (change, code, message) => {
    const refused = await bench().refusal('cloudwatch', 'PutMetricAlarm', alarm('a', change))
    expect([refused.code, refused.message]).toEqual([code, message])
  })

  test('is told of by name, prefix, state and action, page by page; gone, it is not', async () => {
    const b = bench()
    for (const name of ['a1', 'a2', 'b1']) await caller(b)('PutMetricAlarm', alarm(name, { OKActions: [topic(name)] }))
    const names = async (input: Input): Promise<string[]> =>
      (await caller(b)('DescribeAlarms', input)).MetricAlarms.map(({ AlarmName }: any) => AlarmName)
    await set(b, 'a2', 'OK')
    expect(await names({ AlarmNamePrefix: 'a' })).toEqual(['a1', 'a2'])
    expect(await names({ StateValue: 'OK' })).toEqual(['a2'])
    expect(await names({ ActionPrefix: topic('b') })).toEqual(['b1'])
    const first = await caller(b)('DescribeAlarms', { MaxRecords: 2 })
    expect(await names({ NextToken: first.NextToken })).toEqual(['b1'])
    expect((await caller(b)('DescribeAlarmsForMetric', cpu)).MetricAlarms).toHaveLength(3)
    expect((await caller(b)('DescribeAlarmsForMetric', { ...cpu, Dimensions: [] })).MetricAlarms).toEqual([])
    await caller(b)('DeleteAlarms', { AlarmNames: ['a1', 'nobody'] })
    expect(await names({})).toEqual(['a2', 'b1'])
  })
})

describe('actions', () => {
  /** What has come to a queue behind a topic. */
  async function mailbox(b: Bench): Promise<{ TopicArn: string; read(): Promise<any[]> }> {
    const { TopicArn } = await b.call('sns', 'CreateTopic', { Name: 'news' })
    const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'mail' })
    const { Attributes } = await b.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] })
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: Attributes.QueueArn,
        },
      ],
    })
    await b.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } })
    await b.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn })
    const read = async (): Promise<any[]> => {
      const { Messages = [] } = await b.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
      for (const { ReceiptHandle } of Messages) await b.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle })
      return Messages.map(({ Body }: any) => JSON.parse(Body))
    }
    return { TopicArn, read }
  }

  test('a topic hears of a change, as AWS writes it', async () => {
    const b = bench()
    const { TopicArn, read } = await mailbox(b)
    const input = alarm('a', { AlarmDescription: 'too hot', AlarmActions: [TopicArn], TreatMissingData: 'ignore' })
    await caller(b)('PutMetricAlarm', { ...input, Unit: 'Percent' })
    await set(b, 'a', 'ALARM')
    const [mail] = await read()
    expect(mail.Subject).toBe('ALARM: "a" in US East (N. Virginia)')
    expect(mail.Message).toContain('"Threshold":5.0')
    expect(JSON.parse(mail.Message)).toEqual({
      AlarmName: 'a',
      AlarmDescription: 'too hot',
      AWSAccountId: account,
      AlarmConfigurationUpdatedTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      NewStateValue: 'ALARM',
      NewStateReason: 'x',
      StateChangeTime: expect.stringMatching(/\+0000$/),
      Region: 'US East (N. Virginia)',
      AlarmArn: arn('a'),
      OldStateValue: 'INSUFFICIENT_DATA',
      OKActions: [],
      AlarmActions: [TopicArn],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'CPU',
        Namespace: 'Own',
        StatisticType: 'Statistic',
        Statistic: 'AVERAGE',
        Unit: 'Percent',
        Dimensions: [{ value: 'a', name: 'Host' }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 5,
        TreatMissingData: 'ignore',
        EvaluateLowSampleCountPercentile: '',
      },
    })
    const { AlarmHistoryItems } = await caller(b)('DescribeAlarmHistory', { HistoryItemType: 'Action' })
    expect(AlarmHistoryItems[0].HistorySummary).toBe(`Successfully executed action ${TopicArn}`)
  })

  test('by the clock, too: what is published alarms, and the topic hears of it', async () => {
    const b = bench()
    const { TopicArn, read } = await mailbox(b)
    await caller(b)('PutMetricAlarm', alarm('a', { AlarmActions: [TopicArn], Statistic: 'SampleCount', Threshold: 0 }))
    nextMinute(b)
    await publish(b, 9)
    nextMinute(b)
    expect((await state(b)).StateValue).toBe('ALARM')
    const [{ NewStateValue, Trigger }] = (await read()).map(({ Message }) => JSON.parse(Message))
    expect([NewStateValue, Trigger.Statistic, Trigger.Unit]).toEqual(['ALARM', 'SAMPLE_COUNT', null])
  })

  test('none while they are switched off, nor where nothing changes; what fails is in the history', async () => {
    const b = bench()
    const lambda = `arn:aws:lambda:us-east-1:${account}:function:f`
    await caller(b)('PutMetricAlarm', alarm('a', { AlarmActions: [lambda] }))
    await caller(b)('DisableAlarmActions', { AlarmNames: ['a'] })
    await set(b, 'a', 'ALARM')
    await set(b, 'a', 'OK')
    await caller(b)('EnableAlarmActions', { AlarmNames: ['a'] })
    await set(b, 'a', 'ALARM')
    await set(b, 'a', 'ALARM')
    const asked = { AlarmName: 'a', HistoryItemType: 'Action' }
    const { AlarmHistoryItems } = await caller(b)('DescribeAlarmHistory', asked)
    expect(AlarmHistoryItems).toHaveLength(1)
    expect(AlarmHistoryItems[0].HistorySummary).toStartWith(`Failed to execute action ${lambda}. Received error: "`)
    const data = JSON.parse(AlarmHistoryItems[0].HistoryData)
    expect(data).toMatchObject({ actionState: 'Failed', notificationResource: lambda })
  })

  test.each([
    ['stop', /^stopp/],
    ['terminate', /^(shutting-down|terminated)$/],
    ['reboot', /^running$/],
  ])('an instance is told to %s', async (verb, state) => {
    const b = bench()
    const { Images } = await b.call('ec2', 'DescribeImages', { Owners: ['amazon'] })
    const run = { ImageId: Images[0].ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' }
    const { InstanceId } = (await b.call('ec2', 'RunInstances', run)).Instances[0]
    b.advance(60_000)
    const Dimensions = [{ Name: 'InstanceId', Value: InstanceId }]
    const AlarmActions = [`arn:aws:automate:us-east-1:ec2:${verb}`]
    await caller(b)('PutMetricAlarm', alarm('a', { Dimensions, AlarmActions, TreatMissingData: 'ignore' }))
    await set(b, 'a', 'ALARM')
    const { AlarmHistoryItems } = await caller(b)('DescribeAlarmHistory', { HistoryItemType: 'Action' })
    expect(AlarmHistoryItems[0].HistorySummary).toBe(`Successfully executed action ${AlarmActions[0]}`)
    const { Reservations } = await b.call('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] })
    expect(Reservations[0].Instances[0].State.Name).toMatch(state)
  })

  test('on instances need the role that the first such alarm makes, which its maker must be allowed to', async () => {
    const b = bench()
    const stop = ['arn:aws:automate:us-east-1:ec2:stop']
    const input = alarm('a', { Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }], AlarmActions: stop })
    const keys = await b.user('ana', allow('cloudwatch:*'))
    const refused = await b.refusal('cloudwatch', 'PutMetricAlarm', input, keys)
    expect(refused.message).toContain('iam:CreateServiceLinkedRole')
    await caller(b)('PutMetricAlarm', input)
    const { Role } = await b.call('iam', 'GetRole', { RoleName: 'AWSServiceRoleForCloudWatchEvents' })
    expect(Role.Path).toBe('/aws-service-role/events.amazonaws.com/')
    await b.call('cloudwatch', 'PutMetricAlarm', input, keys)
  })
})

describe('a composite alarm', () => {
  async function three(): Promise<Bench> {
    const b = bench()
    for (const name of ['a', 'b', 'quiet'])
      await caller(b)('PutMetricAlarm', alarm(name, { TreatMissingData: 'ignore' }))
    return b
  }
  const put = (b: Bench, AlarmName: string, AlarmRule: string, more: Input = {}): Promise<any> =>
    caller(b)('PutCompositeAlarm', { AlarmName, AlarmRule, ...more })
  const value = async (b: Bench, name: string): Promise<string> => (await state(b, name, 'CompositeAlarm')).StateValue

  test('follows its children, and says which', async () => {
    const b = await three()
    await put(b, 'c', 'ALARM(a) AND NOT ALARM(b)')
    await put(b, 'd', `ALARM("${arn('c')}")`)
    b.advance(2000)
    expect(await value(b, 'c')).toBe('OK')
    await set(b, 'a', 'ALARM')
    const c = await state(b, 'c', 'CompositeAlarm')
    expect(c.StateReason).toStartWith(`${arn('a')} transitioned to ALARM at `)
    expect(JSON.parse(c.StateReasonData).triggeringAlarms[0].arn).toBe(arn('a'))
    expect(await value(b, 'd')).toBe('ALARM')
    await set(b, 'b', 'ALARM')
    expect(await value(b, 'd')).toBe('OK')
    const children = await caller(b)('DescribeAlarms', { ChildrenOfAlarmName: 'c' })
    expect(children.MetricAlarms.map(({ AlarmName }: any) => AlarmName)).toEqual(['a', 'b'])
    const parents = await caller(b)('DescribeAlarms', { ParentsOfAlarmName: 'c' })
    expect(parents.CompositeAlarms).toEqual([{ AlarmName: 'd', AlarmArn: arn('d') }])
    const refused = await b.refusal('cloudwatch', 'DeleteAlarms', { AlarmNames: ['a'] })
    expect(refused.message).toBe('Cannot delete a as there are composite alarm(s) depending on it.')
    const several = await b.refusal('cloudwatch', 'DeleteAlarms', { AlarmNames: ['a', 'b'] })
    expect(several.message).toBe('Cannot delete a,b as there are composite alarm(s) depending on them.')
  })

  test('goes by alarms that are there', async () => {
    const input = { AlarmName: 'c', AlarmRule: 'ALARM(x) OR OK(y)' }
    expect(told(await bench().refusal('cloudwatch', 'PutCompositeAlarm', input))).toEqual([
      'ValidationError',
      400,
      'Could not save the composite alarm as alarms [x, y] in the alarm rule do not exist',
    ])
  })

  test('in a circle is not evaluated', async () => {
    const b = await three()
    await put(b, 'c', 'ALARM(a)')
    await put(b, 'd', 'ALARM(c)')
    b.advance(2000)
    await put(b, 'c', 'ALARM(a) OR ALARM(d)')
    await set(b, 'a', 'ALARM')
    b.advance(2000)
    expect(await value(b, 'c')).toBe('OK')
    await put(b, 'c', 'ALARM(a)')
    b.advance(2000)
    expect(await value(b, 'd')).toBe('ALARM')
  })

  test('waits for its suppressor, and tells when it is over', async () => {
    const b = await three()
    await put(b, 'c', 'ALARM(a)', {
      AlarmActions: [topic('nowhere')],
      ActionsSuppressor: 'quiet',
      ActionsSuppressorWaitPeriod: 20,
      ActionsSuppressorExtensionPeriod: 30,
    })
    const seen = async (): Promise<unknown[]> => {
      const asked = { AlarmName: 'c', HistoryItemType: 'Action' }
      const { AlarmHistoryItems } = await caller(b)('DescribeAlarmHistory', asked)
      return [(await state(b, 'c', 'CompositeAlarm')).ActionsSuppressedBy, AlarmHistoryItems.length]
    }
    b.advance(2000)
    await seen()
    b.advance(30_000)
    // Nobody suppresses: told after the wait.
    await set(b, 'a', 'ALARM')
    expect(await seen()).toEqual(['WaitPeriod', 0])
    b.advance(21_000)
    expect(await seen()).toEqual([undefined, 1])
    // Suppressed, and told when the extension is over.
    await set(b, 'a', 'OK')
    b.advance(21_000)
    await set(b, 'quiet', 'ALARM')
    await set(b, 'a', 'ALARM')
    expect(await seen()).toEqual(['Alarm', 1])
    await set(b, 'quiet', 'OK')
    expect(await seen()).toEqual(['ExtensionPeriod', 1])
    b.advance(31_000)
    expect(await seen()).toEqual([undefined, 2])
  })
})

describe('dashboards', () => {
  const widget = { type: 'text', x: 0, y: 7, width: 3, height: 3, properties: { markdown: 'Hello' } }
  const body = JSON.stringify({ widgets: [widget] })

  test('are kept as they are, for the account', async () => {
    const b = bench()
    const put = await caller(b)('PutDashboard', { DashboardName: 'one', DashboardBody: body })
    expect(put).toEqual({ DashboardValidationMessages: [] })
    expect(await caller(b)('GetDashboard', { DashboardName: 'one' })).toEqual({
      DashboardName: 'one',
      DashboardBody: body,
      DashboardArn: `arn:aws:cloudwatch::${account}:dashboard/one`,
    })
    const { DashboardEntries } = await caller(b)('ListDashboards', { DashboardNamePrefix: 'o' })
    expect(DashboardEntries).toMatchObject([{ DashboardName: 'one', Size: body.length }])
    const both = await b.refusal('cloudwatch', 'DeleteDashboards', { DashboardNames: ['one', 'two'] })
    expect(told(both).slice(0, 2)).toEqual(['ResourceNotFound', 404])
    await caller(b)('DeleteDashboards', { DashboardNames: ['one'] })
    const gone = await b.refusal('cloudwatch', 'GetDashboard', { DashboardName: 'one' })
    expect(told(gone)).toEqual(['ResourceNotFound', 404, 'Dashboard one does not exist'])
  })

  test.each([
    ['{', '/', 'The field DashboardBody must be a valid JSON object'],
    ['{}', '/', 'Should have property widgets'],
    ['{"widgets":[{"type":"pie","properties":{}}]}', '/widgets/0/type', 'Should be equal to one of the allowed values'],
    ['{"widgets":[{"type":"text","width":25,"properties":{"markdown":""}}]}', '/widgets/0/width', 'Should be <= 24'],
  ])('with a body like %s are refused', async (DashboardBody, DataPath, Message) => {
    const refused = await bench().refusal('cloudwatch', 'PutDashboard', { DashboardName: 'x', DashboardBody })
    expect(refused.code).toBe('InvalidParameterInput')
    expect(refused.message).toBe(
      `The dashboard body is invalid, there are 1 validation errors: ${JSON.stringify([{ DataPath, Message }])}`,
    )
  })

  test('may be odd, but are then told so', async () => {
    const DashboardBody = '{"widgets":[{"type":"metric","properties":{"metrics":[["n","m"]]}}]}'
    const put = await caller(bench())('PutDashboard', { DashboardName: 'x', DashboardBody })
    expect(put.DashboardValidationMessages).toEqual([
      { DataPath: '/widgets/0/properties', Message: "Should have property 'region'" },
    ])
  })
})

describe('who may', () => {
  test('have to do with alarms goes by name, tag and action', async () => {
    const b = bench()
    await caller(b)('PutMetricAlarm', alarm('mine', { Tags: [{ Key: 'team', Value: 'red' }] }))
    await caller(b)('PutMetricAlarm', alarm('theirs'))
    const named = await b.user('ana', allow(['cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms'], arn('mine')))
    const team = { StringEquals: { 'aws:ResourceTag/team': 'red' } }
    const red = await b.user('ben', allow('cloudwatch:SetAlarmState', '*', team))
    const silent = { Null: { 'cloudwatch:AlarmActions': 'true' } }
    const quiet = await b.user('cleo', allow('cloudwatch:PutMetricAlarm', '*', silent))
    const refused = async (operation: string, input: Input, keys: typeof red): Promise<string> =>
      (await b.refusal('cloudwatch', operation, input, keys)).message
    await b.call('cloudwatch', 'DescribeAlarms', { AlarmNames: ['mine'] }, named)
    expect(await refused('DescribeAlarms', {}, named)).toContain(`on resource: ${arn('*')}`)
    expect(await refused('DeleteAlarms', { AlarmNames: ['mine', 'theirs'] }, named)).toContain(arn('theirs'))
    const state = { StateValue: 'OK', StateReason: '' }
    await b.call('cloudwatch', 'SetAlarmState', { AlarmName: 'mine', ...state }, red)
    expect(await refused('SetAlarmState', { AlarmName: 'theirs', ...state }, red)).toContain('cloudwatch:SetAlarmState')
    await b.call('cloudwatch', 'PutMetricAlarm', alarm('new'), quiet)
    const loud = alarm('new', { AlarmActions: [topic('t')] })
    expect(await refused('PutMetricAlarm', loud, quiet)).toContain('cloudwatch:PutMetricAlarm')
    const tagging = alarm('more', { Tags: [{ Key: 'a', Value: 'b' }] })
    expect(await refused('PutMetricAlarm', tagging, quiet)).toContain('cloudwatch:TagResource')
  })

  test('tags come and go', async () => {
    const b = bench()
    const ResourceARN = arn('a')
    await caller(b)('PutMetricAlarm', alarm('a', { Tags: [{ Key: 'one', Value: '1' }] }))
    await caller(b)('TagResource', { ResourceARN, Tags: [{ Key: 'two', Value: '2' }] })
    await caller(b)('UntagResource', { ResourceARN, TagKeys: ['one'] })
    expect((await caller(b)('ListTagsForResource', { ResourceARN })).Tags).toEqual([{ Key: 'two', Value: '2' }])
    const refused = await b.refusal('cloudwatch', 'ListTagsForResource', { ResourceARN: arn('b') })
    expect(refused.code).toBe('ResourceNotFoundException')
  })
})
