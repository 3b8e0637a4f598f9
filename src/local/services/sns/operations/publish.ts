// Publish and PublishBatch: to every subscription whose filter lets the message through.

import { AwsError } from '../../../../lib/errors.ts'
import { sha256Hex } from '../../../../lib/hash.ts'
import { audience, bodyFor, deliverDue, hand, isHttp, isRaw, type Means } from '../delivery.ts'
import { invalid } from '../errors.ts'
import { isPhone, sentTo } from '../outbox.ts'
import { messageOf, mostBytes, sizeOf, type Message, type PublishInput } from '../message.ts'
import { measureNotifications, measurePublished } from '../metrics.ts'
import { arnOf, isFifo } from '../names.ts'
import type { CallContext } from '../../../service.ts'
import { signingKeys } from '../signing.ts'
import type { Published, SlowSnsHandler, Subscription, Topic } from '../state.ts'

interface Target {
  TopicArn?: string
  TargetArn?: string
  PhoneNumber?: string
}

export const publish: SlowSnsHandler = async (input: PublishInput & Target, context) => {
  const { PhoneNumber: phone, TopicArn, TargetArn } = input
  if (phone !== undefined) {
    if (!isPhone(phone)) throw invalid(`PhoneNumber Reason: ${phone} is not valid to publish to`)
    return toPhone(phone, input, context)
  }
  const arn = TopicArn ?? TargetArn
  if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter')
  if (arn.includes(':endpoint/')) {
    const endpoint = await context.transaction((state) => state.endpoint(arn))
    if (!endpoint) throw invalid('TargetArn Reason: No endpoint found for the target arn specified')
    if (endpoint.attributes['Enabled'] === 'false') throw new AwsError('EndpointDisabled', 'Endpoint is disabled')
    return toPhone(arn, input, context)
  }
  const message = messageOf(input, context.clock().getTime())
  const size = sizeOf(input)
  if (size > mostBytes) throw invalid('Message too long')
  const topic = await context.transaction((state) => state.asked(arn, context))
  const { id, sequence } = await inTurn(topic, () => spread(checked(topic, traced(message, context)), topic, context))
  measurePublished(topic, size, context)
  context.afterwards(() => deliverDue(context))
  return { MessageId: id, ...(isFifo(topic) && { SequenceNumber: sequence }) }
}

/** To one telephone, or to one app on it. */
async function toPhone(to: string, input: PublishInput, context: Parameters<SlowSnsHandler>[1]): Promise<object> {
  const message = messageOf(input, context.clock().getTime())
  if (sizeOf(input) > mostBytes) throw invalid('Message too long')
  await context.transaction((state) => state.send(context, sentTo(to, message)))
  return { MessageId: message.id }
}

function traced(message: Message, { request }: CallContext): Message {
  const trace = request.headers['x-amzn-trace-id']
  return trace === undefined ? message : { ...message, trace }
}

/** What a topic of its kind takes. Throws InvalidParameter. */
function checked(topic: Topic, message: Message): Message {
  const { group, dedup } = message
  if (!isFifo(topic)) {
    if (dedup !== undefined)
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      )
    return message
  }
  if (group === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics')
  const byContent = topic.attributes['ContentBasedDeduplication'] === 'true'
  if (dedup === undefined && !byContent)
    throw invalid(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  return { ...message, dedup: dedup ?? sha256Hex(message.texts['default']!) }
}

const last = new Map<string, Promise<unknown>>()

/** A FIFO topic's messages are delivered one after the other. */
async function inTurn<T>(topic: Topic, act: () => Promise<T>): Promise<T> {
  if (!isFifo(topic)) return act()
  const arn = arnOf(topic)
  const turn = (last.get(arn) ?? Promise.resolve()).then(act, act)
  last.set(arn, turn)
  try {
    return await turn
  } finally {
    if (last.get(arn) === turn) last.delete(arn)
  }
}

/** Whom a message reaches outside this world. */
function isOutgoing({ protocol }: Subscription): boolean {
  return protocol === 'sms' || protocol === 'application'
}

/** To all who want it: queues get it now, others by the plan. */
async function spread(message: Message, topic: Topic, means: Means): Promise<Published> {
  const arn = arnOf(topic)
  const scope = topic.attributes['FifoThroughputScope'] === 'MessageGroup' ? `${message.group}\0` : ''
  const everybody = await means.transaction((state) => state.subscriptions(arn))
  const wanted = audience(message, everybody)
  const keys = wanted.some((one) => !isRaw(one)) ? await signingKeys(means.transaction) : undefined
  const published = await means.transaction((state): Published & { before: boolean } => {
    const sent = isFifo(topic)
      ? state.publishOnce(topic, message.id, scope + message.dedup!)
      : { id: message.id, sequence: '', before: false }
    if (sent.before) return sent
    for (const one of wanted.filter(isOutgoing))
      state.send(topic, { ...sentTo(one.endpoint, message), topic: arn, subscription: one.arn })
    for (const one of wanted.filter(isHttp)) {
      const body = bodyFor(message, undefined, topic, one, keys)
      state.plan(
        {
          id: crypto.randomUUID(),
          subscription: one.arn,
          endpoint: one.endpoint,
          topic: arn,
          kind: 'Notification',
          messageId: message.id,
          body,
          raw: isRaw(one),
          tried: 0,
        },
        state.now(),
      )
    }
    return sent
  })
  if (published.before) return published
  measureNotifications(
    topic,
    'FilteredOut',
    everybody.filter(({ confirmed }) => confirmed).length - wanted.length,
    means,
  )
  measureNotifications(topic, 'Delivered', wanted.filter(isOutgoing).length, means)
  const sequence = isFifo(topic) ? published.sequence : undefined
  for (const one of wanted.filter(({ protocol }) => protocol === 'sqs' || protocol === 'lambda'))
    await hand(message, bodyFor(message, sequence, topic, one, keys), topic, one, means)
  return published
}

interface Entry extends PublishInput {
  Id: string
}

export const publishBatch: SlowSnsHandler = async (
  { TopicArn, PublishBatchRequestEntries: entries }: { TopicArn: string; PublishBatchRequestEntries: Entry[] },
  context,
) => {
  const topic = await context.transaction((state) => state.asked(TopicArn, context))
  checkBatch(entries)
  const messages = entries.map((entry, at) =>
    traced(checked(topic, messageOf(entry, context.clock().getTime(), at + 1)), context),
  )
  const sizes = entries.map(sizeOf)
  if (sizes.reduce((sum, size) => sum + size, 0) > mostBytes)
    throw new AwsError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.')
  const Successful: object[] = []
  for (const [at, { Id }] of entries.entries()) {
    const { id, sequence } = await inTurn(topic, () => spread(messages[at]!, topic, context))
    measurePublished(topic, sizes[at]!, context)
    Successful.push({ Id, MessageId: id, ...(isFifo(topic) && { SequenceNumber: sequence }) })
  }
  context.afterwards(() => deliverDue(context))
  return { Successful, Failed: [] }
}

function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.")
  if (entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.')
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.')
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    )
}
