// How does a message get to those who subscribed? Into queues at once, as the queue's policy allows it to SNS; by HTTP
// from a plan in the store, tried again by the delivery policy. What cannot be delivered goes to the dead-letter queue.

import { AwsError, Failure } from '../../../lib/errors.ts'
import { fromBase64, utf8 } from '../../../lib/bytes.ts'
import type { Structure } from '../../../lib/value.ts'
import { makeSend } from '../../../http/send.ts'
import type { Send } from '../../../http/message.ts'
import type { Background, ServiceCaller } from '../../service.ts'
import { contentTypeOf, delayAfter, retriesOf } from './delivery-policy.ts'
import { notification, textFor } from './envelope.ts'
import { lets, type Scope } from './filter-policy.ts'
import type { Message } from './message.ts'
import { measureNotifications } from './metrics.ts'
import { arnOf, isFifo } from './names.ts'
import type { SigningKeys } from './signing.ts'
import type { Delivery, Sns, Subscription, Topic } from './state.ts'

export type Means = Background<Sns>

/** Whom a message goes to. */
export function audience(message: Message, subscriptions: readonly Subscription[]): Subscription[] {
  return subscriptions.filter(
    (one) =>
      one.confirmed &&
      lets(
        one.attributes['FilterPolicy'],
        (one.attributes['FilterPolicyScope'] ?? 'MessageAttributes') as Scope,
        textFor(one, message),
        message.attributes,
      ),
  )
}

export function isRaw({ attributes }: Subscription): boolean {
  return attributes['RawMessageDelivery'] === 'true'
}

export function isHttp({ protocol }: Pick<Subscription, 'protocol'>): boolean {
  return protocol === 'http' || protocol === 'https'
}

export function bodyFor(
  message: Message,
  sequence: string | undefined,
  topic: Topic,
  subscription: Subscription,
  keys: SigningKeys | undefined,
): string {
  return isRaw(subscription)
    ? textFor(subscription, message)
    : notification(message, sequence, topic, subscription, keys!)
}

/** Into a queue; where that fails, or where the subscriber is one that is not there, to the dead-letter queue. */
export async function hand(
  message: Message,
  body: string,
  topic: Topic,
  subscription: Subscription,
  means: Pick<Means, 'callAs' | 'measure'>,
): Promise<void> {
  const attributes = isRaw(subscription) ? rawAttributes(message) : undefined
  const input = (arn: string): Structure => ({
    MessageBody: body,
    ...(attributes && { MessageAttributes: attributes }),
    ...(message.trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: message.trace } },
    }),
    ...(message.group !== undefined && { MessageGroupId: message.group }),
    ...(isFifo(topic) && arn.endsWith('.fifo') && { MessageDeduplicationId: message.dedup! }),
  })
  const { protocol, endpoint } = subscription
  const isDelivered = protocol === 'sqs' && (await reaches(endpoint, input(endpoint), topic, means))
  measureNotifications(topic, isDelivered ? 'Delivered' : 'Failed', 1, means)
  if (!isDelivered) await bury(input, topic, subscription, means)
}

/** Whether a message went into a queue. */
async function reaches(arn: string, input: Structure, topic: Topic, means: Pick<Means, 'callAs'>): Promise<boolean> {
  try {
    await sendTo(arn, input, topic, means)
    return true
  } catch (error) {
    if (error instanceof AwsError) return false
    throw error
  }
}

function rawAttributes({ attributes }: Message): Structure | undefined {
  const entries = Object.entries(attributes).map(([name, { type, value }]) => [
    name,
    type.startsWith('Binary')
      ? { DataType: type, BinaryValue: fromBase64(value) }
      : { DataType: type, StringValue: value },
  ])
  return entries.length > 0 ? (Object.fromEntries(entries) as Structure) : undefined
}

async function sendTo(arn: string, input: Structure, topic: Topic, { callAs }: Pick<Means, 'callAs'>): Promise<void> {
  const [, , , region, account, name] = arn.split(':') as [string, string, string, string, string, string]
  const by: ServiceCaller = { service: 'sns.amazonaws.com', sourceArn: arnOf(topic), sourceAccount: topic.account }
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`
  await callAs(by, 'sqs', 'SendMessage', { QueueUrl, ...input }, { account, region })
}

/** Into the dead-letter queue, if the subscription has one that can be reached: what it was to get, and nothing more. */
async function bury(
  input: (arn: string) => Structure,
  topic: Topic,
  { attributes }: Subscription,
  means: Pick<Means, 'callAs' | 'measure'>,
): Promise<void> {
  if (!attributes['RedrivePolicy']) return
  const { deadLetterTargetArn: arn } = JSON.parse(attributes['RedrivePolicy']) as { deadLetterTargetArn: string }
  const isBuried = await reaches(arn, input(arn), topic, means)
  measureNotifications(topic, isBuried ? 'RedrivenToDlq' : 'FailedToRedriveToDlq', 1, means)
}

// --- by HTTP ---------------------------------------------------------------------------------------------------------

/** Longer than an attempt takes: what is not done then was lost with its process. */
const patience = 60_000
const timeout = 15_000

/** Launches the deliveries that are due. */
export async function deliverDue(means: Means): Promise<void> {
  for (const { key, delivery } of await means.transaction((state) => state.takeDue(patience)))
    means.launch(deliver(key, delivery, means))
}

let sending: Send | undefined

async function deliver(key: string, delivery: Delivery, means: Means): Promise<void> {
  const { topic, subscription } = await means.transaction((state) => ({
    topic: state.find(delivery.topic),
    subscription: state.subscription(delivery.subscription),
  }))
  // Somebody ended it meanwhile; of that alone is still told.
  const goes = topic && (subscription || delivery.kind === 'UnsubscribeConfirmation')
  const outcome = goes ? await attempt(delivery, topic, subscription) : {}
  if (goes && delivery.kind === 'Notification')
    measureNotifications(topic, outcome.failed ? 'Failed' : 'Delivered', 1, means)
  const tried = delivery.tried + 1
  const policy = retriesOf(topic?.attributes['DeliveryPolicy'], subscription?.attributes['DeliveryPolicy'])
  const delay = outcome.again ? delayAfter(tried, policy) : undefined
  await means.transaction((state) => {
    state.done(key)
    if (delay !== undefined) state.plan({ ...delivery, tried }, state.now() + delay * 1000)
  })
  if (outcome.failed && delay === undefined && topic && subscription && delivery.kind === 'Notification')
    await bury(() => ({ MessageBody: delivery.body }), topic, subscription, means)
}

interface Outcome {
  failed?: true
  /** It may be tried again. */
  again?: boolean
}

async function attempt(delivery: Delivery, topic: Topic, subscription: Subscription | undefined): Promise<Outcome> {
  const url = new URL(delivery.endpoint)
  const policies = [topic.attributes['DeliveryPolicy'], subscription?.attributes['DeliveryPolicy']] as const
  sending ??= makeSend({ connectTimeout: timeout, readTimeout: timeout })
  try {
    const { status } = await sending({
      method: 'POST',
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      host: url.host,
      path: url.pathname,
      query: url.search.slice(1),
      headers: {
        'content-type': contentTypeOf(...policies),
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': delivery.kind,
        'x-amz-sns-message-id': delivery.messageId,
        'x-amz-sns-topic-arn': delivery.topic,
        ...(delivery.kind === 'Notification' && { 'x-amz-sns-subscription-arn': delivery.subscription }),
        ...(delivery.raw && { 'x-amz-sns-rawdelivery': 'true' }),
        ...(url.username !== '' && {
          authorization: `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`,
        }),
      },
      body: utf8(delivery.body),
    })
    return status < 300 ? {} : { failed: true, again: status >= 500 || status === 429 }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { failed: true, again: true }
  }
}

/** Whether a queue is of the account that subscribes it: then nobody need be asked. */
export function ownsEndpoint(
  { protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>,
  account: string,
): boolean {
  return protocol === 'sqs' && endpoint.split(':')[4] === account
}
