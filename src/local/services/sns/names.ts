// How are topics and subscriptions called?
//
//   arn:aws:sns:us-east-1:123456789012:news
//   arn:aws:sns:us-east-1:123456789012:news:8a21d249-4329-4871-acc6-7be709c6ea7f
//   arn:aws:sns:us-east-1:123456789012:app/GCM/chat
//   arn:aws:sns:us-east-1:123456789012:endpoint/GCM/chat/12345678-abcd-9012-efgh-345678901234

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

/** What the ARNs of an application's endpoints begin with. */
export function endpointsOf(application: string): string {
  return `${application.replace(':app/', ':endpoint/')}/`
}

/** `GCM`, of the ARN of an application or an endpoint. */
export function platformOf(arn: string): string {
  return arn.split('/')[1] ?? ''
}

export function isFifo({ name }: { name: string }): boolean {
  return name.endsWith('.fifo')
}

/** Where links of messages lead to: this server, as the one who subscribed calls it. */
export function originOf({ scheme, host }: HttpRequest, region: string): string {
  return scheme === 'virga-local' ? `https://sns.${region}.amazonaws.com` : `${scheme}://${host}`
}
