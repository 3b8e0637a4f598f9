// Subscriptions: asked for, confirmed, set, listed, ended.

import { AwsError } from '../../../../lib/errors.ts'
import type { Structure } from '../../../../lib/value.ts'
import { subscriptionAttributes } from '../attributes.ts'
import { deliverDue, isHttp, ownsEndpoint, type Means } from '../delivery.ts'
import { effectiveOwnPolicy, keptOwnPolicy } from '../delivery-policy.ts'
import { confirmation } from '../envelope.ts'
import { invalid, limitExceeded, notBuilt, notFound } from '../errors.ts'
import { isFifo, originOf, topicName, topicOf } from '../names.ts'
import { page, pageOf, readToken } from '../paging.ts'
import { signingKeys } from '../signing.ts'
import type { Sns, SnsHandler, SlowSnsHandler, Subscription, Topic } from '../state.ts'

const protocols = ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose']

// https://docs.aws.amazon.com/general/latest/gr/sns.html
const mostOfFifo = 100
const mostFilters = 200

/** Throws FilterPolicyLimitExceeded. */
function checkFilterCount({ arn, attributes }: Subscription, ofTopic: readonly Subscription[]): void {
  const filtered = ofTopic.filter((one) => one.arn !== arn && one.attributes['FilterPolicy'] !== undefined)
  if (attributes['FilterPolicy'] !== undefined && filtered.length >= mostFilters)
    throw limitExceeded('FilterPolicyLimitExceeded', 'Filter policy limit exceeded')
}

export const subscribe: SlowSnsHandler = async (
  input: {
    TopicArn: string
    Protocol: string
    Endpoint?: string
    Attributes?: Record<string, string>
    ReturnSubscriptionArn?: boolean
  },
  context,
) => {
  const { region, account, caller, request, transaction } = context
  const { Protocol: protocol, Endpoint: endpoint = '' } = input
  const isAsked = isHttp({ protocol }) || (protocol === 'sqs' && !ownsEndpoint({ protocol, endpoint }, account))
  const keys = isAsked ? await signingKeys(transaction) : undefined
  const { subscription, asks } = await transaction((state) => {
    const topic = state.asked(input.TopicArn, { region })
    const endpoint = checkEndpoint(topic, input.Protocol, input.Endpoint, state)
    const others = state.subscriptions(input.TopicArn)
    const known = others.find((one) => one.protocol === input.Protocol && one.endpoint === endpoint)
    if (!known && isFifo(topic) && others.length >= mostOfFifo)
      throw limitExceeded('SubscriptionLimitExceeded', 'Subscription limit exceeded')
    const fresh: Subscription = known ?? {
      arn: `${input.TopicArn}:${crypto.randomUUID()}`,
      topic: input.TopicArn,
      owner: account,
      principal: caller.principal.principalArn || caller.principal.arn,
      protocol: input.Protocol,
      endpoint,
      confirmed: false,
      authenticated: false,
      attributes: {},
      origin: originOf(request, region),
    }
    const attributes = subscriptionAttributes(fresh, input.Attributes ?? {}, 'Attributes Reason: ')
    if (known) {
      if (Object.entries(attributes).some(([name, value]) => known.attributes[name] !== value))
        throw invalid('Attributes Reason: Subscription already exists with different attributes')
      if (known.confirmed) return { subscription: known, asks: undefined }
    }
    // Nobody is asked of a function, a telephone or an app, either.
    const own = ownsEndpoint(fresh, account) || ['lambda', 'sms', 'application'].includes(fresh.protocol)
    const made = { ...fresh, attributes, confirmed: own, authenticated: own }
    checkFilterCount(made, others)
    state.putSubscription(made)
    if (own) return { subscription: made, asks: undefined }
    if (!made.protocol.startsWith('email')) return { subscription: made, asks: ask(topic, made, state) }
    // No mail is sent; the token can be had of the outbox.
    state.newToken(made.arn)
    return { subscription: made, asks: undefined }
  })
  if (asks !== undefined && subscription.protocol === 'sqs') await askQueue(subscription, asks, context)
  if (asks !== undefined) context.afterwards(() => deliverDue(context))
  const told = subscription.confirmed || input.ReturnSubscriptionArn === true
  return { SubscriptionArn: told ? subscription.arn : 'pending confirmation' }

  /** Asks the owner of the endpoint; the text of it. */
  function ask(topic: Topic, made: Subscription, state: Sns): string {
    const message = { id: crypto.randomUUID(), token: state.newToken(made.arn), time: state.now() }
    const kind = 'SubscriptionConfirmation'
    const body = confirmation(kind, message, topic, made, keys!)
    if (isHttp(made)) plan(made, kind, message.id, body, state)
    return body
  }
}

function plan(
  subscription: Subscription,
  kind: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
  messageId: string,
  body: string,
  state: Sns,
): void {
  const { arn, endpoint, topic } = subscription
  state.plan(
    { id: crypto.randomUUID(), subscription: arn, endpoint, topic, kind, messageId, body, raw: false, tried: 0 },
    state.now(),
  )
}

/** A queue of another account gets the question as a message. */
async function askQueue(
  { endpoint, topic }: Subscription,
  body: string,
  { callAs }: Pick<Means, 'callAs'>,
): Promise<void> {
  const [, , , region, account, name] = endpoint.split(':') as [string, string, string, string, string, string]
  const by = { service: 'sns.amazonaws.com', sourceArn: topic, sourceAccount: topicName(topic).account }
  const input: Structure = { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`, MessageBody: body }
  await callAs(by, 'sqs', 'SendMessage', input, { account, region }).catch(() => {})
}

/** Throws InvalidParameter, NotFound, NotImplemented. */
function checkEndpoint(topic: Topic, protocol: string, endpoint: string | undefined, state: Sns): string {
  if (!endpoint) throw notFound('Endpoint')
  if (!protocols.includes(protocol)) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`)
  if (isHttp({ protocol })) {
    if (!endpoint.startsWith(`${protocol}://`)) throw invalid('Endpoint must match the specified protocol')
    if (!URL.canParse(endpoint)) throw invalid('Endpoint Reason: not a valid URL')
  }
  if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address')
  // Signs between the digits are borne, one at a time.
  if (protocol === 'sms' && !/^\+?\d(?:[./-]?\d){6,14}$/.test(endpoint))
    throw new AwsError('InvalidParameter', `Invalid SMS endpoint: ${endpoint}`)
  if (protocol === 'sqs') {
    if (!/^arn:aws[\w-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/.test(endpoint)) throw invalid('SQS endpoint ARN')
    if (endpoint.endsWith('.fifo') && !isFifo(topic))
      throw invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics')
  } else if (isFifo(topic)) throw invalid(`Invalid parameter: Endpoint Reason: Please use FIFO SQS queue`)
  if (protocol === 'lambda' && !/^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w:$-]+$/.test(endpoint))
    throw invalid('Lambda endpoint ARN')
  if (protocol === 'application' && !state.endpoint(endpoint))
    throw invalid(`Endpoint Reason: Endpoint does not exist for endpoint arn${endpoint}`)
  if (protocol === 'firehose') throw notBuilt('does not deliver to firehose')
  return endpoint
}

export const confirmSubscription: SnsHandler = (
  {
    TopicArn,
    Token,
    AuthenticateOnUnsubscribe,
  }: { TopicArn: string; Token: string; AuthenticateOnUnsubscribe?: string },
  { state, caller },
) => {
  // Of the topic's name only the region counts: the token names the subscription.
  const region = TopicArn.split(':')[3]
  if (region === undefined) throw invalid('Topic')
  if (!/^[0-9a-f]{288}$/.test(Token)) throw new AwsError('InvalidParameter', 'Invalid token')
  const found = state.ofToken(Token)
  if (!found) throw invalid('Token')
  if (topicName(found.topic).region !== region || !state.find(found.topic)) throw invalid('Topic')
  const authenticated = caller.accountId !== ''
  if (!found.confirmed)
    state.putSubscription({
      ...found,
      confirmed: true,
      authenticated,
      ...(authenticated && AuthenticateOnUnsubscribe === 'true' && { guarded: true }),
    })
  return { SubscriptionArn: found.arn }
}

export const unsubscribe: SlowSnsHandler = async ({ SubscriptionArn: arn }: { SubscriptionArn: string }, context) => {
  const parts = arn.split(':').length
  if (parts < 6) throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`)
  if (parts === 6) throw invalid('SubscriptionId')
  const known = await context.transaction((state) => state.subscription(arn))
  if (!known) return
  const keys = isHttp(known) && known.confirmed ? await signingKeys(context.transaction) : undefined
  await context.transaction((state) => {
    const subscription = state.subscription(arn)
    const topic = state.find(topicOf(arn))
    if (!subscription || !topic) return
    state.removeSubscription(subscription)
    state.update(topic, { ended: topic.ended + 1 })
    if (!keys) return
    const kind = 'UnsubscribeConfirmation'
    const token = state.newToken({ ...subscription, confirmed: false })
    const message = { id: crypto.randomUUID(), token, time: state.now() }
    plan(subscription, kind, message.id, confirmation(kind, message, topic, subscription, keys), state)
  })
  if (keys) context.afterwards(() => deliverDue(context))
}

export const getSubscriptionAttributes: SnsHandler = ({ SubscriptionArn }, { state }) => {
  const one = existing(SubscriptionArn, state)
  const topic = state.find(one.topic)
  const { attributes } = one
  // The scope is told only where there is something to filter by.
  const { FilterPolicyScope: scope = 'MessageAttributes', ...others } = attributes
  const effective =
    topic && isHttp(one) && effectiveOwnPolicy(topic.attributes['DeliveryPolicy'], attributes['DeliveryPolicy'])
  return {
    Attributes: {
      SubscriptionArn: one.arn,
      TopicArn: one.topic,
      Owner: one.owner,
      SubscriptionPrincipal: one.principal,
      Protocol: one.protocol,
      Endpoint: one.endpoint,
      PendingConfirmation: String(!one.confirmed),
      ConfirmationWasAuthenticated: String(one.authenticated),
      RawMessageDelivery: 'false',
      ...(effective && { EffectiveDeliveryPolicy: JSON.stringify(effective) }),
      ...others,
      ...(attributes['DeliveryPolicy'] && { DeliveryPolicy: keptOwnPolicy(attributes['DeliveryPolicy']) }),
      ...(attributes['FilterPolicy'] !== undefined && { FilterPolicyScope: scope }),
    },
  }
}

function existing(arn: string, state: Sns): Subscription {
  const parts = arn.split(':').length
  if (parts < 6) throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`)
  const found = state.subscription(arn)
  if (!found) throw notFound('Subscription')
  return found
}

export const setSubscriptionAttributes: SnsHandler = (
  { SubscriptionArn, AttributeName, AttributeValue = '' },
  { state },
) => {
  const subscription = existing(SubscriptionArn, state)
  const attributes = subscriptionAttributes(subscription, { [AttributeName]: AttributeValue })
  const set = { ...subscription, attributes }
  if (AttributeName === 'FilterPolicy') checkFilterCount(set, state.subscriptions(set.topic))
  state.putSubscription(set)
}

export const listSubscriptions: SnsHandler = ({ NextToken }, { state, account, region }) =>
  pageOf('Subscriptions', state.owned({ account, region }, readToken(NextToken), page + 1), listed)

export const listSubscriptionsByTopic: SnsHandler = ({ TopicArn, NextToken }, { state, region }) => {
  state.asked(TopicArn, { region })
  return pageOf('Subscriptions', state.subscriptions(TopicArn, readToken(NextToken), page + 1), listed)
}

function listed({ arn, confirmed, owner, protocol, endpoint, topic }: Subscription): object {
  return {
    SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topic,
  }
}
