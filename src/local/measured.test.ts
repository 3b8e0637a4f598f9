// What services tell CloudWatch of themselves, as it is asked for.

import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { account, allow, bench, document, type Bench } from './account.fixture.ts'
import { reset } from './reset.ts'
import { sqliteStore } from './store/sqlite.ts'
import { flushTrail } from './trail/keep.ts'

/** Its clock stands still but for `advance`, at the beginning of an hour. */
const still = (): Bench => {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000
  return bench(undefined, () => hour)
}

/** By name: the sums of the metrics of a queue or a topic, or another statistic. */
async function told(b: Bench, Value: string, Stat = 'Sum', Name = 'QueueName'): Promise<Record<string, number[]>> {
  const { Metrics } = await b.call('cloudwatch', 'ListMetrics', { Dimensions: [{ Name, Value }] })
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

test('what two processes read of one queue counts once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'virga-measured-'))
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const both = [1, 2].map(() => bench(sqliteStore(folder), () => hour))
  const { QueueUrl } = await both[0]!.call('sqs', 'CreateQueue', { QueueName: 'q' })
  for (const b of both) await b.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })
  for (const b of both) await told(b, 'q')
  for (const b of both) b.advance(60_000)
  for (const b of both) await told(b, 'q')
  const { NumberOfMessagesSent, ApproximateNumberOfMessagesVisible } = await told(both[0]!, 'q')
  expect([NumberOfMessagesSent, ApproximateNumberOfMessagesVisible]).toEqual([[2], [2]])
  for (const { world } of both) {
    await flushTrail(world)
    await world.store.close()
  }
  rmSync(folder, { recursive: true })
})

test('a topic tells what became of its messages', async () => {
  const b = still()
  const { TopicArn } = await b.call('sns', 'CreateTopic', { Name: 't' })
  const queue = async (QueueName: string, isOpen: boolean): Promise<string> => {
    const arn = `arn:aws:sqs:us-east-1:${account}:${QueueName}`
    const statement = { ...allow('sqs:SendMessage', arn), Principal: '*' }
    await b.call('sqs', 'CreateQueue', { QueueName, Attributes: isOpen ? { Policy: document(statement) } : {} })
    return arn
  }
  const dead = JSON.stringify({ deadLetterTargetArn: await queue('dead', true) })
  for (const [name, isOpen, Attributes] of [
    ['open', true, {}],
    ['choosy', true, { FilterPolicy: '{"color": ["red"]}' }],
    ['closed', false, { RedrivePolicy: dead }],
    ['hopeless', false, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await queue('shut', false) }) }],
  ] as const)
    await b.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: await queue(name, isOpen), Attributes })
  await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
  const entries = ['a', 'bb'].map((Message, i) => ({ Id: String(i), Message }))
  await b.call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries: entries })
  expect(await told(b, 't', 'Sum', 'TopicName')).toEqual({
    NumberOfMessagesPublished: [3],
    NumberOfNotificationsDelivered: [3],
    NumberOfNotificationsFailed: [6],
    NumberOfNotificationsFailedToRedriveToDlq: [3],
    NumberOfNotificationsFilteredOut: [3],
    NumberOfNotificationsRedrivenToDlq: [3],
    PublishSize: [8],
  })
  expect((await told(b, 'dead'))['NumberOfMessagesSent']).toEqual([3])
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
