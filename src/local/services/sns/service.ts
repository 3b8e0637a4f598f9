// SNS: topics, those who subscribed to them, and what is published.

import { checkConstraints } from '../../constraints.ts'
import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import { deliverDue } from './delivery.ts'
import { publish, publishBatch } from './operations/publish.ts'
import * as phones from './operations/phones.ts'
import * as platforms from './operations/platforms.ts'
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
  checked(operation, input) {
    // Whether it may do without is judged where it is known who asks.
    const whole = operation.name === 'CreatePlatformApplication' ? { Attributes: {}, ...input } : input
    checkConstraints(operation, whole)
    return whole
  },
  // The links in messages.
  anonymous: (operation) => operation === 'ConfirmSubscription' || operation === 'Unsubscribe',
  due: deliverDue,
  operations: handlersIn<Sns>(phones, platforms, sms, topics, {
    confirmSubscription: subscriptions.confirmSubscription,
    getSubscriptionAttributes: subscriptions.getSubscriptionAttributes,
    listSubscriptions: subscriptions.listSubscriptions,
    listSubscriptionsByTopic: subscriptions.listSubscriptionsByTopic,
    setSubscriptionAttributes: subscriptions.setSubscriptionAttributes,
  }),
  slow: {
    Publish: publish,
    PublishBatch: publishBatch,
    Subscribe: subscriptions.subscribe,
    Unsubscribe: subscriptions.unsubscribe,
  },
})
