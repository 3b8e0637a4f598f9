// How are topics and subscriptions called?
//
//   arn:aws:sns:us-east-1:123456789012:news
//   arn:aws:sns:us-east-1:123456789012:news:8a21d249-4329-4871-acc6-7be709c6ea7f

import type { HttpRequest } from '../../../http/message.ts'
import type { Where } from '../../service.ts'
import { invalid } from './errors.ts'

export interface TopicName extends Where {
  readonly name: string
}

export function arnOf({ account, region, name }: TopicName): string {
  return `arn:aws:sns:${region}:${account}:${name}`
}

/** Throws InvalidParameter. `parameter`: what the request calls it. */
export function topicName(arn: string, parameter = 'TopicArn'): TopicName {
  const parts = arn.split(':')
  if (parts.length < 6) throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`)
  const [, , service, region, account, name] = parts as [string, string, string, string, string, string]
  if (parts[0] !== 'arn' || service !== 'sns' || !/^\d{12}$/.test(account)) throw invalid(parameter)
  return { region, account, name }
}

export function topicOf(subscription: string): string {
  return subscription.slice(0, subscription.lastIndexOf(':'))
}

export function isFifo({ name }: { name: string }): boolean {
  return name.endsWith('.fifo')
}

/** Where links of messages lead to: this server, as the one who subscribed calls it. */
export function originOf({ scheme, host }: HttpRequest, region: string): string {
  return scheme === 'virga-local' ? `https://sns.${region}.amazonaws.com` : `${scheme}://${host}`
}
