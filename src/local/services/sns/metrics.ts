// What does SNS tell CloudWatch of a topic?
// https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html

import type { CallContext } from '../../service.ts'
import type { Topic } from './state.ts'

type Measuring = Pick<CallContext, 'measure'>

/** What happened to notifications. By HTTP, each attempt that fails counts as failed. */
type Fate = 'Delivered' | 'Failed' | 'FilteredOut' | 'RedrivenToDlq' | 'FailedToRedriveToDlq'

export function measureNotifications(topic: Topic, fate: Fate, count: number, { measure }: Measuring): void {
  if (count === 0) return
  measure(subjectOf(topic), [{ name: `NumberOfNotifications${fate}`, value: count, unit: 'Count' }])
}

/** `size`: bytes. */
export function measurePublished(topic: Topic, size: number, { measure }: Measuring): void {
  measure(subjectOf(topic), [
    { name: 'NumberOfMessagesPublished', value: 1, unit: 'Count' },
    { name: 'PublishSize', value: size, unit: 'Bytes' },
  ])
}

function subjectOf({ account, region, name }: Topic) {
  return { account, region, namespace: 'AWS/SNS', dimensions: { TopicName: name } }
}
