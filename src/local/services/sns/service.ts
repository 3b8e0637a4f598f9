// SNS: topics, those who subscribed to them, and what is published.

import { defineService } from '../../service.ts'
import { deliverDue } from './delivery.ts'
import { publish, publishBatch } from './operations/publish.ts'
import * as sms from './operations/sms.ts'
import * as subscriptions from './operations/subscriptions.ts'
import * as topics from './operations/topics.ts'
import { denial, permissions, policiesOf } from './permissions.ts'
import { Sns } from './state.ts'

export const sns = defineService<Sns>({
  name: 'sns',
  scope: 'global',
  state: (rows, { clock }) => new Sns(rows, clock),
  permissions,
  policiesOf,
  denial,
  // The links in messages.
  anonymous: (operation) => operation === 'ConfirmSubscription' || operation === 'Unsubscribe',
  due: deliverDue,
  operations: {
    AddPermission: topics.addPermission,
    ConfirmSubscription: subscriptions.confirmSubscription,
    CreateTopic: topics.createTopic,
    DeleteTopic: topics.deleteTopic,
    GetDataProtectionPolicy: topics.getDataProtectionPolicy,
    GetSMSAttributes: sms.getSMSAttributes,
    GetSubscriptionAttributes: subscriptions.getSubscriptionAttributes,
    GetTopicAttributes: topics.getTopicAttributes,
    ListSubscriptions: subscriptions.listSubscriptions,
    ListSubscriptionsByTopic: subscriptions.listSubscriptionsByTopic,
    ListTagsForResource: topics.listTagsForResource,
    ListTopics: topics.listTopics,
    PutDataProtectionPolicy: topics.putDataProtectionPolicy,
    RemovePermission: topics.removePermission,
    SetSMSAttributes: sms.setSMSAttributes,
    SetSubscriptionAttributes: subscriptions.setSubscriptionAttributes,
    SetTopicAttributes: topics.setTopicAttributes,
    TagResource: topics.tagResource,
    UntagResource: topics.untagResource,
  },
  slow: {
    Publish: publish,
    PublishBatch: publishBatch,
    Subscribe: subscriptions.subscribe,
    Unsubscribe: subscriptions.unsubscribe,
  },
})
