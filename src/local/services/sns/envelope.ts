// What does a subscriber get? A JSON document about the message, or, raw, the message alone.
//
//   {
//     "Type" : "Notification",
//     "MessageId" : "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
//     "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
//     "Message" : "Hello world!",
//     …
//     "MessageAttributes" : {
//       "AttributeName" : {"Type":"String","Value":"AttributeValue"}
//     }
//   }

import type { Message } from './message.ts'
import { signatureOf, type SigningKeys } from './signing.ts'
import type { Subscription, Topic } from './state.ts'
import { arnOf, isFifo } from './names.ts'

export function textFor({ protocol }: Pick<Subscription, 'protocol'>, { texts }: Message): string {
  return texts[protocol] ?? texts['default']!
}

/** A notification to one subscriber. A FIFO topic's are not signed. */
export function notification(
  message: Message,
  sequence: string | undefined,
  topic: Topic,
  subscription: Subscription,
  keys: SigningKeys,
): string {
  const document: Record<string, unknown> = {
    Type: 'Notification',
    MessageId: message.id,
    ...(sequence !== undefined && { SequenceNumber: sequence }),
    TopicArn: arnOf(topic),
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: textFor(subscription, message),
    Timestamp: new Date(message.time).toISOString(),
  }
  if (!isFifo(topic)) Object.assign(document, proof(document, topic, subscription, keys))
  document['UnsubscribeURL'] = `${subscription.origin}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`
  const attributes = Object.entries(message.attributes)
  if (attributes.length > 0)
    document['MessageAttributes'] = Object.fromEntries(
      attributes.map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
    )
  return written(document)
}

/** What asks the owner of an endpoint whether they want it; or tells them that it has ended. `time`: milliseconds. */
export function confirmation(
  kind: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
  { id, token, time }: { id: string; token: string; time: number },
  topic: Topic,
  subscription: Subscription,
  keys: SigningKeys,
): string {
  const arn = arnOf(topic)
  const text =
    kind === 'SubscriptionConfirmation'
      ? `You have chosen to subscribe to the topic ${arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
      : `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`
  const document: Record<string, unknown> = {
    Type: kind,
    MessageId: id,
    Token: token,
    TopicArn: arn,
    Message: text,
    SubscribeURL: `${subscription.origin}/?Action=ConfirmSubscription&TopicArn=${arn}&Token=${token}`,
    Timestamp: new Date(time).toISOString(),
  }
  return written({ ...document, ...proof(document, topic, subscription, keys) })
}

function proof(document: Record<string, unknown>, topic: Topic, { origin }: Subscription, keys: SigningKeys): object {
  const version = topic.attributes['SignatureVersion'] ?? '1'
  return {
    SignatureVersion: version,
    Signature: signatureOf(document, version, keys),
    SigningCertURL: `${origin}/_virga/sns/${keys.name}`,
  }
}

/** As AWS lays it out. */
function written(document: Record<string, unknown>): string {
  const members = Object.entries(document).map(([name, value]) => {
    if (typeof value === 'string') return `  ${JSON.stringify(name)} : ${JSON.stringify(value)}`
    const inner = Object.entries(value as object).map(
      ([key, each]) => `    ${JSON.stringify(key)} : ${JSON.stringify(each)}`,
    )
    return `  ${JSON.stringify(name)} : {\n${inner.join(',\n')}\n  }`
  })
  return `{\n${members.join(',\n')}\n}`
}
