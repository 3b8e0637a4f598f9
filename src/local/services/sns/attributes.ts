// What can be set on a topic and on a subscription, to which values.
// https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html, …/API_SetSubscriptionAttributes.html

import { resourcePolicyProblem } from '../../../policy/validate.ts'
import { invalid } from './errors.ts'
import { checkFilterPolicy, type Scope } from './filter-policy.ts'
import { isFifo } from './names.ts'
import type { Subscription } from './state.ts'

const feedback = /^(HTTP|Application|Lambda|SQS|Firehose)(Success|Failure)Feedback(RoleArn|SampleRate)$/
const ofTopics: readonly string[] = [
  'DeliveryPolicy',
  'DisplayName',
  'Policy',
  'TracingConfig',
  'KmsMasterKeyId',
  'SignatureVersion',
]
const ofFifoTopics: readonly string[] = [
  'FifoTopic',
  'ContentBasedDeduplication',
  'ArchivePolicy',
  'FifoThroughputScope',
]

/** Throws InvalidParameter. `when`: what the text begins with. */
export function checkTopicAttribute(topic: string, name: string, value: string, when = ''): void {
  const wrong = (what: string): Error => invalid(when + what)
  if (feedback.test(name)) return
  if (!ofTopics.includes(name) && !(ofFifoTopics.includes(name) && (isFifo({ name: topic }) || value === 'false')))
    throw wrong(
      ofFifoTopics.includes(name) ? `${name} Reason: attribute is only valid for FIFO topics` : 'AttributeName',
    )
  if (value === '') return
  switch (name) {
    case 'Policy': {
      if (resourcePolicyProblem(value) !== undefined) throw wrong('Policy Error: null')
      const { Statement } = JSON.parse(value) as {
        Statement: { Action?: string | string[] } | { Action?: string | string[] }[]
      }
      const actions = [Statement].flat().flatMap(({ Action = [] }) => Action)
      if (actions.some((action) => action !== '*' && !/^sns:/i.test(action)))
        throw wrong('Policy statement action out of service scope!')
      return
    }
    case 'DeliveryPolicy':
      if (!isJsonMap(value)) throw wrong('DeliveryPolicy: failed to parse JSON.')
      return
    case 'SignatureVersion':
      if (value !== '1' && value !== '2') throw wrong('SignatureVersion Reason: Invalid value, must be 1 or 2')
      return
    case 'TracingConfig':
      if (value !== 'PassThrough' && value !== 'Active') throw wrong('TracingConfig Reason: Invalid value')
      return
    case 'FifoTopic':
    case 'ContentBasedDeduplication':
      if (value !== 'true' && value !== 'false') throw wrong(`${name} Reason: Invalid value, must be true or false`)
      return
    case 'FifoThroughputScope':
      if (value !== 'Topic' && value !== 'MessageGroup') throw wrong(`${name} Reason: Invalid value`)
      return
    case 'DisplayName':
      if (value.length > 100) throw wrong('DisplayName Reason: must be at most 100 characters long')
  }
}

function isJsonMap(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const ofSubscriptions: readonly string[] = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
  'ReplayPolicy',
]

/** The attributes as they are then. Throws InvalidParameter. */
export function subscriptionAttributes(
  { attributes, protocol, endpoint, topic }: Subscription,
  given: Readonly<Record<string, string>>,
  when = '',
): Record<string, string> {
  const after = { ...attributes }
  for (const [name, value] of Object.entries(given)) {
    if (!ofSubscriptions.includes(name)) throw invalid(`${when}AttributeName`)
    check(name, value)
    if (value === '') delete after[name]
    else after[name] = name === 'RawMessageDelivery' ? value.toLowerCase() : value
  }
  const policy = given['FilterPolicy']
  if (policy) checkFilterPolicy(policy, (after['FilterPolicyScope'] ?? 'MessageAttributes') as Scope, when)
  return after

  function check(name: string, value: string): void {
    const wrong = (what: string): Error => invalid(when + what)
    if (value === '' && name !== 'RawMessageDelivery') return
    switch (name) {
      case 'FilterPolicyScope':
        if (value !== 'MessageAttributes' && value !== 'MessageBody')
          throw wrong(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`)
        return
      case 'RawMessageDelivery':
        if (!/^(true|false)$/i.test(value))
          throw wrong(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`)
        if (!['sqs', 'http', 'https', 'firehose'].includes(protocol) && /true/i.test(value))
          throw wrong(`Delivery protocol [${protocol}] does not support raw message delivery.`)
        return
      case 'DeliveryPolicy':
        if (!isJsonMap(value)) throw wrong('DeliveryPolicy: failed to parse JSON.')
        return
      case 'RedrivePolicy': {
        if (!isJsonMap(value)) throw wrong('RedrivePolicy: failed to parse JSON.')
        const { deadLetterTargetArn: target } = JSON.parse(value) as { deadLetterTargetArn?: unknown }
        if (typeof target !== 'string' || !/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/.test(target))
          throw wrong('RedrivePolicy: deadLetterTargetArn is an invalid arn')
        if (topic.endsWith('.fifo') && endpoint.endsWith('.fifo') && !target.endsWith('.fifo'))
          throw wrong('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.')
      }
    }
  }
}
