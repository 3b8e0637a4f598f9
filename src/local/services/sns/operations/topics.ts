// Topics: made, listed, set, deleted; their tags and permissions.

import { checkTopicAttribute } from '../attributes.ts'
import { effectivePolicy, keptPolicy } from '../delivery-policy.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { invalid, notFound } from '../errors.ts'
import { arnOf, isFifo, topicName } from '../names.ts'
import { page, pageOf, readToken } from '../paging.ts'
import { defaultPolicy } from '../permissions.ts'
import type { Sns, SnsHandler, Topic } from '../state.ts'

interface Tag {
  Key: string
  Value: string
}

export const createTopic: SnsHandler = (
  { Name, Attributes = {}, Tags = [], DataProtectionPolicy }: any,
  { state, account, region },
) => {
  checkName(Name, Attributes.FifoTopic === 'true')
  const TopicArn = arnOf({ account, region, name: Name })
  for (const [name, value] of Object.entries(Attributes as Record<string, string>))
    checkTopicAttribute(Name, name, value, 'Attributes Reason: ')
  const topic: Topic = {
    account,
    region,
    name: Name,
    created: state.now(),
    attributes: asKept(Attributes),
    tags: asTags(Tags),
    ended: 0,
    ...asProtection(DataProtectionPolicy ?? ''),
  }
  const known = state.find(TopicArn)
  if (!known) {
    state.put(topic)
    return { TopicArn }
  }
  if (Object.entries(topic.attributes).some(([name, value]) => valueOf(known, name) !== value))
    throw invalid('Attributes Reason: Topic already exists with different attributes')
  if (Tags.length > 0 && !sameTags(known.tags, topic.tags))
    throw invalid('Tags Reason: Topic already exists with different tags')
  return { TopicArn }
}

/** A delivery policy is kept as AWS tells it. */
function asKept(attributes: Record<string, string>): Record<string, string> {
  const { DeliveryPolicy: policy, ...others } = attributes
  return policy ? { ...others, DeliveryPolicy: keptPolicy(policy) } : attributes
}

/** What was set, else what holds where nothing is. */
function valueOf({ attributes, name: topic }: Topic, name: string): string | undefined {
  const usual: Record<string, string> = {
    ContentBasedDeduplication: 'false',
    FifoTopic: String(isFifo({ name: topic })),
    SignatureVersion: '1',
    TracingConfig: 'PassThrough',
    DisplayName: '',
  }
  return attributes[name] ?? usual[name]
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !/^[\w-]{1,251}\.fifo$/.test(name))
    throw invalid(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    )
  if (!fifo && !/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name')
}

function sameTags(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

export const deleteTopic: SnsHandler = ({ TopicArn }, { state, region }) => {
  if (topicName(TopicArn).region !== region) throw invalid('TopicArn')
  state.remove(TopicArn)
}

export const listTopics: SnsHandler = ({ NextToken }, { state, account, region }) => {
  const found = state.topics({ account, region }, readToken(NextToken), page + 1)
  return pageOf(
    'Topics',
    found.map((topic) => ({ arn: arnOf(topic) })),
    ({ arn }) => ({ TopicArn: arn }),
  )
}

export const getTopicAttributes: SnsHandler = ({ TopicArn }, { state, region }) => {
  const topic = state.asked(TopicArn, { region })
  const subscriptions = state.subscriptions(TopicArn)
  const { FifoTopic: _given, ...set } = topic.attributes
  return {
    Attributes: {
      Owner: topic.account,
      Policy: JSON.stringify(defaultPolicy(topic)),
      TopicArn,
      DisplayName: '',
      SubscriptionsPending: String(subscriptions.filter(({ confirmed }) => !confirmed).length),
      SubscriptionsConfirmed: String(subscriptions.filter(({ confirmed }) => confirmed).length),
      SubscriptionsDeleted: String(topic.ended),
      EffectiveDeliveryPolicy: JSON.stringify(effectivePolicy(topic.attributes['DeliveryPolicy'])),
      ...(isFifo(topic) && {
        FifoTopic: 'true',
        ContentBasedDeduplication: 'false',
      }),
      ...set,
    },
  }
}

export const setTopicAttributes: SnsHandler = ({ TopicArn, AttributeName, AttributeValue = '' }, { state, region }) => {
  const topic = state.asked(TopicArn, { region })
  if (AttributeName === 'FifoTopic') throw invalid('AttributeName')
  checkTopicAttribute(topic.name, AttributeName, AttributeValue)
  const { [AttributeName as string]: _before, ...others } = topic.attributes
  const kept = AttributeValue !== '' || AttributeName === 'DisplayName'
  const set = asKept({ [AttributeName]: AttributeValue })
  state.update(topic, { attributes: kept ? { ...others, ...set } : others })
}

// --- permissions -----------------------------------------------------------------------------------------------------

interface Document {
  Statement: { Sid?: string }[]
}

const grantable: readonly string[] = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
]

export const addPermission: SnsHandler = (
  { TopicArn, Label, AWSAccountId: accounts, ActionName: actions }: any,
  { state, region },
) => {
  const topic = state.asked(TopicArn, { region })
  const document = documentOf(topic)
  if (document.Statement.some(({ Sid }) => Sid === Label)) throw invalid('Statement already exists')
  if ((actions as string[]).some((action) => action !== '*' && !grantable.includes(action)))
    throw invalid('Policy statement action out of service scope!')
  const principals = (accounts as string[]).map((account) => `arn:aws:iam::${account}:root`)
  const called = (actions as string[]).map((action) => `SNS:${action}`)
  const statement = {
    Sid: Label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: called.length === 1 ? called[0] : called,
    Resource: TopicArn,
  }
  setPolicy(topic, { ...document, Statement: [...document.Statement, statement] }, state)
}

export const removePermission: SnsHandler = ({ TopicArn, Label }, { state, region }) => {
  const topic = state.asked(TopicArn, { region })
  const document = documentOf(topic)
  setPolicy(topic, { ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== Label) }, state)
}

function documentOf(topic: Topic): Document {
  const document = JSON.parse(topic.attributes['Policy'] ?? JSON.stringify(defaultPolicy(topic))) as Document
  return { ...document, Statement: [document.Statement].flat() }
}

function setPolicy(topic: Topic, document: Document, state: Sns): void {
  state.update(topic, { attributes: { ...topic.attributes, Policy: JSON.stringify(document) } })
}

// --- tags ------------------------------------------------------------------------------------------------------------

function taggable(arn: string, state: Sns): Topic {
  const topic = state.find(arn)
  if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', { status: 404 })
  return topic
}

export const tagResource: SnsHandler = ({ ResourceArn, Tags }, { state }) => {
  const topic = taggable(ResourceArn, state)
  const tags = { ...topic.tags, ...asTags(Tags) }
  if (Object.keys(tags).length > 50)
    throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded')
  state.update(topic, { tags })
}

export const untagResource: SnsHandler = ({ ResourceArn, TagKeys }, { state }) => {
  const topic = taggable(ResourceArn, state)
  const left = Object.entries(topic.tags).filter(([key]) => !(TagKeys as string[]).includes(key))
  state.update(topic, { tags: Object.fromEntries(left) })
}

export const listTagsForResource: SnsHandler = ({ ResourceArn }, { state }) => ({
  Tags: Object.entries(taggable(ResourceArn, state).tags).map(([Key, Value]) => ({ Key, Value })),
})

function asTags(tags: readonly Tag[]): Record<string, string> {
  const all = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
  if (Object.keys(all).length < tags.length) throw invalid('Duplicated keys are not allowed.')
  if (tags.some(({ Key }) => /^aws:/i.test(Key))) throw invalid('Tag Reason: aws: prefixed tag keys are not allowed')
  return all
}

// --- data protection -------------------------------------------------------------------------------------------------

export const getDataProtectionPolicy: SnsHandler = ({ ResourceArn }, { state }) => {
  const topic = state.find(ResourceArn)
  if (!topic) throw notFound('Topic')
  return topic.protection === undefined ? {} : { DataProtectionPolicy: topic.protection }
}

export const putDataProtectionPolicy: SnsHandler = ({ ResourceArn, DataProtectionPolicy }, { state }) => {
  const topic = state.find(ResourceArn)
  if (!topic) throw notFound('Topic')
  const { protection: _, ...others } = topic
  state.put({ ...others, ...asProtection(DataProtectionPolicy) })
}

/** Nothing takes it away: no operation does. */
function asProtection(policy: string): Pick<Topic, 'protection'> {
  if (policy === '') return {}
  try {
    JSON.parse(policy)
  } catch {
    throw invalid('DataProtectionPolicy Reason: not valid JSON')
  }
  return { protection: policy }
}
