// What does an operation of SNS ask IAM, and which policy of the topic has a say?
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html

import { AwsError } from '../../../lib/errors.ts'
import { accessDeniedMessage } from '../../../policy/messages.ts'
import type { Context, Decision, PolicySource } from '../../../policy/types.ts'
import type { CallContext, Permission } from '../../service.ts'
import { arnOf, topicName, topicOf, type TopicName } from './names.ts'
import type { Sns, SnsContext } from './state.ts'

type Input = Record<string, any>

const accountWide: readonly string[] = [
  'ListTopics',
  'ListSubscriptions',
  'GetSMSAttributes',
  'SetSMSAttributes',
  'CheckIfPhoneNumberIsOptedOut',
  'ListPhoneNumbersOptedOut',
  'OptInPhoneNumber',
]

export function permissions(operation: string, input: Input, context: SnsContext): readonly Permission[] | undefined {
  const { state, account, region } = context
  const on = (arn: string, action: string, more: Context = {}): Permission => ({
    action: `sns:${action}`,
    resource: arn,
    resourceAccountId: topicName(arn).account,
    context: { ...tagKeys(input), ...ownTags(arn, state), ...more },
  })
  switch (operation) {
    case 'CreateTopic': {
      const arn = arnOf({ account, region, name: String(input.Name) })
      return [on(arn, operation), ...(input.Tags?.length > 0 ? [on(arn, 'TagResource')] : [])]
    }
    case 'Subscribe':
      return [
        on(input.TopicArn, operation, {
          'sns:protocol': String(input.Protocol),
          ...(input.Endpoint !== undefined && { 'sns:endpoint': input.Endpoint }),
        }),
      ]
    // Links in messages are followed without a signature: the token, or the wish to end it, is enough.
    case 'ConfirmSubscription':
      return context.caller.accountId === '' ? [] : [on(input.TopicArn, operation)]
    case 'Unsubscribe': {
      if (context.caller.accountId !== '') return [onSubscription(input, operation, state)]
      return state.subscription(input.SubscriptionArn)?.guarded ? [onSubscription(input, operation, state)] : []
    }
    case 'GetSubscriptionAttributes':
    case 'SetSubscriptionAttributes':
      return [onSubscription(input, operation, state)]
    case 'PublishBatch':
      return [on(input.TopicArn, 'Publish')]
    case 'Publish': {
      if (input.PhoneNumber !== undefined) return [{ action: 'sns:Publish', resource: input.PhoneNumber }]
      const arn = input.TopicArn ?? input.TargetArn
      return arn === undefined ? [] : [on(arn, operation)]
    }
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
    case 'GetDataProtectionPolicy':
    case 'PutDataProtectionPolicy':
      return [on(input.ResourceArn, operation)]
    default:
      if (accountWide.includes(operation))
        return [{ action: `sns:${operation}`, resource: arnOf({ account, region, name: '*' }) }]
      return typeof input.TopicArn === 'string' ? [on(input.TopicArn, operation)] : undefined
  }
}

/** A subscription is its owner's, and the topic's owner may touch it, too. */
function onSubscription({ SubscriptionArn: arn }: Input, operation: string, state: Sns): Permission {
  const known = state.subscription(arn)
  return {
    action: `sns:${operation}`,
    resource: arn,
    ...(known && { resourceAccountId: known.owner }),
  }
}

function tagKeys({ Tags = [], TagKeys = [] }: Input): Context {
  const tags = Tags as { Key: string; Value: string }[]
  const names: string[] = [...tags.map(({ Key }) => Key), ...TagKeys]
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:requesttag/${Key}`, Value])),
    ...(names.length > 0 && { 'aws:tagkeys': names }),
  }
}

function ownTags(arn: string, state: Sns): Context {
  const tags = state.find(arn)?.tags ?? {}
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:resourcetag/${name}`, value]))
}

/** What a topic's owner may do, and services on its behalf: the policy of a topic that was given none. */
export function defaultPolicy(topic: TopicName): object {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: arnOf(topic),
        Condition: { StringEquals: { 'AWS:SourceOwner': topic.account } },
      },
    ],
  }
}

export function policiesOf({ resource }: Permission, { state }: SnsContext): PolicySource[] {
  const topic = state.find(resource) ?? state.find(topicOf(resource))
  if (!topic) return []
  return [{ kind: 'resource', attachedTo: resource, document: topic.attributes['Policy'] ?? defaultPolicy(topic) }]
}

/** SNS writes its prefix in capitals, and its code is its own. */
export function denial(decision: Decision, permission: Permission, { generation }: CallContext): AwsError {
  const { request } = decision
  const loud = { ...decision, request: { ...request, action: request.action.replace(/^sns:/, 'SNS:') } }
  const text = accessDeniedMessage(loud, { resource: permission.resource, generation })
  return new AwsError('AuthorizationError', text, { status: 403 })
}
