// What does SQS tell CloudWatch of a queue?
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html

import type { Measurement, Subject } from '../../measured.ts'
import type { CallContext } from '../../service.ts'
import type { Sqs, Queue } from './state.ts'

function subjectOf({ account, region, name }: Queue): Subject {
  return { account, region, namespace: 'AWS/SQS', dimensions: { QueueName: name } }
}

function count(name: string, value: number): Measurement {
  return { name, value, unit: 'Count' }
}

/** `size`: bytes. */
export function measureSent(queue: Queue, size: number, { measure }: CallContext): void {
  measure(subjectOf(queue), [count('NumberOfMessagesSent', 1), { name: 'SentMessageSize', value: size, unit: 'Bytes' }])
}

export function measureReceived(queue: Queue, messages: number, { measure }: CallContext): void {
  const what = messages > 0 ? count('NumberOfMessagesReceived', messages) : count('NumberOfEmptyReceives', 1)
  measure(subjectOf(queue), [what])
}

export function measureDeleted(queue: Queue, { measure }: CallContext): void {
  measure(subjectOf(queue), [count('NumberOfMessagesDeleted', 1)])
}

export function gauges({ account, region, dimensions }: Subject, state: Sqs): readonly Measurement[] | undefined {
  const queue = state.find({ account, region, name: dimensions['QueueName']! })
  if (!queue) return undefined
  const messages = state.messages(queue)
  const { visible, inFlight, delayed } = messages.counts()
  const oldest = messages.oldest()
  return [
    count('ApproximateNumberOfMessagesVisible', visible),
    count('ApproximateNumberOfMessagesNotVisible', inFlight),
    count('ApproximateNumberOfMessagesDelayed', delayed),
    {
      name: 'ApproximateAgeOfOldestMessage',
      value: oldest === undefined ? 0 : Math.floor((state.now() - oldest) / 1000),
      unit: 'Seconds',
    },
  ]
}
