// What SNS sent to telephones, and to apps on them, and the tokens that confirm subscriptions: /_aws/sns/…, as LocalStack
// tells of them. https://docs.localstack.cloud/aws/services/sns/#sns-retrospection-endpoints
//
//   GET, DELETE  /_aws/sns/sms-messages?accountId=…&region=…&phoneNumber=…
//   GET, DELETE  /_aws/sns/platform-endpoint-messages?accountId=…&region=…&endpointArn=…
//   GET          /_aws/sns/subscription-tokens/ARN

import { Sns, type Sent } from '../services/sns/state.ts'
import { json, nothingHere, type House, type Room } from './room.ts'

interface Kind {
  readonly member: string
  readonly filter: string
  readonly owns: (to: string) => boolean
  readonly target: 'PhoneNumber' | 'TargetArn'
}

const kinds: Readonly<Record<string, Kind>> = {
  'sms-messages': {
    member: 'sms_messages',
    filter: 'phoneNumber',
    owns: (to) => to.startsWith('+'),
    target: 'PhoneNumber',
  },
  'platform-endpoint-messages': {
    member: 'platform_endpoint_messages',
    filter: 'endpointArn',
    owns: (to) => to.startsWith('arn:'),
    target: 'TargetArn',
  },
}

export const outbox: Room = async (request, path, house) => {
  const [what = '', ...rest] = path.split('/')
  if (what === 'subscription-tokens' && request.method === 'GET')
    return token(decodeURIComponent(rest.join('/')), house)
  const kind = Object.hasOwn(kinds, what) && rest.length === 0 ? kinds[what] : undefined
  if (!kind) return nothingHere(request)
  const asked = new URLSearchParams(request.query)
  const only = asked.get(kind.filter)?.replace(/^ /, '+')
  const [, , , regionOfArn, accountOfArn] = only?.startsWith('arn:') ? only.split(':') : []
  const { world } = house
  const account = accountOfArn ?? asked.get('accountId') ?? world.lent?.account ?? world.seed.accounts[0]!.id
  const region = regionOfArn ?? asked.get('region') ?? world.region
  const isMeant = ({ to }: Sent): boolean => kind.owns(to) && (only === undefined || to === only)
  const where = { account, region }
  if (request.method === 'DELETE') {
    await withSns(house, (sns) => sns.forgetSent(where, isMeant))
    return { status: 204, headers: {}, body: new Uint8Array(0) }
  }
  if (request.method !== 'GET') return nothingHere(request)
  const found = await withSns(house, (sns) => sns.sent(where).filter(isMeant))
  const told: Record<string, object[]> = only === undefined ? {} : { [only]: [] }
  for (const sent of found) (told[sent.to] ??= []).push(shown(sent, kind))
  return json(200, { [kind.member]: told, region })
}

function shown({ to, messageId, message, topic, subscription, subject, attributes }: Sent, { target }: Kind): object {
  return {
    [target]: to,
    TopicArn: topic ?? null,
    SubscriptionArn: subscription ?? null,
    MessageId: messageId,
    Message: message,
    MessageAttributes: attributes
      ? Object.fromEntries(
          Object.entries(attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
        )
      : null,
    MessageStructure: null,
    Subject: subject ?? null,
  }
}

async function token(arn: string, house: House): Promise<ReturnType<typeof json>> {
  if (!arn.startsWith('arn:'))
    return json(400, { error: 'The provided SubscriptionARN is invalid', subscription_arn: arn })
  const found = await withSns(house, (sns) => sns.tokenOf(arn))
  return found === undefined
    ? json(404, { error: 'The provided SubscriptionARN is not found', subscription_arn: arn })
    : json(200, { subscription_token: found, subscription_arn: arn })
}

async function withSns<T>({ world }: House, body: (sns: Sns) => T): Promise<T> {
  return world.store.namespace('sns').transaction((rows) => body(new Sns(rows, world.clock)))
}
