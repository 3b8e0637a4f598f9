// What services tell CloudWatch of themselves, as it is asked for.

import { expect, test } from 'bun:test'
import { bench, type Bench } from './account.fixture.ts'
import { reset } from './reset.ts'

/** Its clock stands still but for `advance`, at the beginning of an hour. */
const still = (): Bench => {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000
  return bench(undefined, () => hour)
}

/** By name: the sums of the metrics of a queue, or another statistic. */
async function told(b: Bench, queue: string, Stat = 'Sum'): Promise<Record<string, number[]>> {
  const Dimensions = [{ Name: 'QueueName', Value: queue }]
  const { Metrics } = await b.call('cloudwatch', 'ListMetrics', { Namespace: 'AWS/SQS', Dimensions })
  const queries = Metrics.map((Metric: { MetricName: string }, i: number) => ({
    Id: `m${i}`,
    Label: Metric.MetricName,
    MetricStat: { Metric, Period: 60, Stat },
  }))
  if (queries.length === 0) return {}
  const hour = 3_600_000
  const times = { StartTime: new Date(b.now().getTime() - hour), EndTime: new Date(b.now().getTime() + hour) }
  const asked = { MetricDataQueries: queries, ScanBy: 'TimestampAscending', ...times }
  const { MetricDataResults } = await b.call('cloudwatch', 'GetMetricData', asked)
  return Object.fromEntries(MetricDataResults.map(({ Label, Values }: any) => [Label, Values]))
}

test('a queue tells what it was sent, what was received and deleted', async () => {
  const b = still()
  const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'q' })
  await b.call('sqs', 'ReceiveMessage', { QueueUrl })
  await b.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'Hello' })
  expect(await told(b, 'q')).toEqual({ NumberOfEmptyReceives: [1], NumberOfMessagesSent: [1], SentMessageSize: [5] })

  const Entries = ['a', 'bb', ''].map((MessageBody, i) => ({ Id: String(i), MessageBody }))
  expect((await b.call('sqs', 'SendMessageBatch', { QueueUrl, Entries })).Failed).toHaveLength(1)
  const { Messages } = await b.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
  await b.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle })
  expect(await told(b, 'q')).toEqual({
    NumberOfEmptyReceives: [1],
    NumberOfMessagesDeleted: [1],
    NumberOfMessagesReceived: [3],
    NumberOfMessagesSent: [3],
    SentMessageSize: [8],
  })
  expect((await told(b, 'q', 'Maximum'))['SentMessageSize']).toEqual([5])
  // What is refused is not counted.
  await b.refusal('sqs', 'SendMessage', { QueueUrl, MessageBody: '' })
  expect((await told(b, 'q'))['NumberOfMessagesSent']).toEqual([3])
})

test('a queue that is used tells each minute what is in it, as long as it is there', async () => {
  const b = still()
  const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'q' })
  for (const DelaySeconds of [0, 0, 600])
    await b.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x', DelaySeconds })
  await told(b, 'q')
  b.advance(60_000)
  const gauges = async () => {
    const all = await told(b, 'q', 'Average')
    const names = ['Visible', 'NotVisible', 'Delayed'].map((what) => `ApproximateNumberOfMessages${what}`)
    return [...names, 'ApproximateAgeOfOldestMessage'].map((name) => all[name])
  }
  expect(await gauges()).toEqual([[2], [0], [1], [60]])
  await b.call('sqs', 'ReceiveMessage', { QueueUrl })
  // Once a minute, however often somebody looks.
  expect(await gauges()).toEqual([[2], [0], [1], [60]])
  b.advance(60_000)
  expect(await gauges()).toEqual([
    [2, 2],
    [0, 0],
    [1, 1],
    [60, 120],
  ])
  await b.call('sqs', 'DeleteQueue', { QueueUrl })
  b.advance(60_000)
  expect((await gauges())[0]).toEqual([2, 2])
})

test('an alarm goes off by what waits in a queue', async () => {
  const b = still()
  const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'q' })
  await b.call('cloudwatch', 'PutMetricAlarm', {
    AlarmName: 'full',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'q' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  })
  await b.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })
  await told(b, 'q')
  b.advance(60_000)
  await told(b, 'q')
  b.advance(60_000)
  const { MetricAlarms } = await b.call('cloudwatch', 'DescribeAlarms', { AlarmNames: ['full'] })
  expect(MetricAlarms[0].StateValue).toBe('ALARM')
})

test('a world that begins anew has heard nothing', async () => {
  const b = still()
  const { QueueUrl } = await b.call('sqs', 'CreateQueue', { QueueName: 'q' })
  await b.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })
  await reset(b.world)
  expect(await told(b, 'q')).toEqual({})
})
