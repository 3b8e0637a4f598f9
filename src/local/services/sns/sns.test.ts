// Whom a message reaches, as whom, and when it is tried again. What a client sees of each operation:
// tests/foreign/boto3_sns_cases.py.

import { afterAll, describe, expect, test } from 'bun:test'
import { createVerify } from 'node:crypto'
import { account, allow, bench, document, otherKeys, told, type Bench } from '../../account.fixture.ts'
import { readBody, type HttpRequest } from '../../../http/message.ts'
import { settled } from '../../launched.ts'
import { serve } from '../../serve.ts'
import { entries } from '../../trail/keep.ts'
import { leastPrivilege } from '../../trail/least-privilege.ts'
import { delayAfter, effectiveOwnPolicy, keptOwnPolicy, keptPolicy, retriesOf } from './delivery-policy.ts'

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${account}:${name}`

const letIn = (name: string, more: object = {}): string =>
  document({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn(name),
    ...more,
  })

async function queue(b: Bench, name: string, Policy?: string, more: object = {}): Promise<string> {
  const Attributes = { ...(name.endsWith('.fifo') && { FifoQueue: 'true' }), ...(Policy && { Policy }), ...more }
  return (await b.call('sqs', 'CreateQueue', { QueueName: name, Attributes })).QueueUrl
}

const topic = async (b: Bench, Name: string, Attributes: object = {}): Promise<string> =>
  (await b.call('sns', 'CreateTopic', { Name, Attributes })).TopicArn

async function subscribed(b: Bench, TopicArn: string, name: string, Attributes: object = {}): Promise<string> {
  const input = { TopicArn, Protocol: 'sqs', Endpoint: queueArn(name), Attributes }
  return (await b.call('sns', 'Subscribe', input)).SubscriptionArn
}

async function bodies(b: Bench, QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await b.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
  return Messages.map(({ Body }: { Body: string }) => Body)
}

const raw = { RawMessageDelivery: 'true' }

describe('as a service of AWS', () => {
  test.each<[string, object | undefined, boolean]>([
    ['a queue without a policy', undefined, false],
    ['a policy for SNS', {}, true],
    ['for this topic', { Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${account}:t` } } }, true],
    [
      'for another topic',
      { Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${account}:u` } } },
      false,
    ],
    ['for this account', { Condition: { StringEquals: { 'aws:SourceAccount': account } } }, true],
    ['for another account', { Condition: { StringEquals: { 'aws:SourceAccount': '210987654321' } } }, false],
    ['for any service', { Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }, true],
    ['for S3', { Principal: { Service: 's3.amazonaws.com' } }, false],
    [
      'by name',
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalServiceName': 'sns.amazonaws.com' } } },
      true,
    ],
    ['for the account itself', { Principal: { AWS: account } }, false],
  ])('%s', async (_, policy, arrives) => {
    const b = bench()
    const url = await queue(b, 'q', policy && letIn('q', policy))
    const TopicArn = await topic(b, 't')
    await subscribed(b, TopicArn, 'q', raw)
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    expect(await bodies(b, url)).toEqual(arrives ? ['hello'] : [])
  })

  test.each<[string, object | undefined, boolean]>([
    ['no policy', undefined, true],
    ['one that denies', { Effect: 'Deny' }, false],
  ])('where the server takes any key, as moto and LocalStack do: %s', async (_, policy, arrives) => {
    const b = bench()
    Object.assign(b.world, { lent: { account, secrets: new Map(), any: true } })
    const url = await queue(b, 'q', policy && letIn('q', policy))
    const TopicArn = await topic(b, 't')
    await subscribed(b, TopicArn, 'q', raw)
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    expect(await bodies(b, url)).toEqual(arrives ? ['hello'] : [])
  })

  test('the trail tells who sent', async () => {
    const b = bench()
    await queue(b, 'q', letIn('q'))
    const TopicArn = await topic(b, 't')
    await subscribed(b, TopicArn, 'q')
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    const sent = (await entries(b.world)).find(({ operation }) => operation === 'SendMessage')!
    expect(sent).toMatchObject({
      service: 'sqs',
      invokedBy: 'sns.amazonaws.com',
      principal: 'sns.amazonaws.com',
      sourceIp: 'sns.amazonaws.com',
      status: 200,
    })
    expect(sent.decisions[0]!.context['aws:sourcearn']).toBe(TopicArn)
    // No user needs it.
    const policy = leastPrivilege(await entries(b.world), { denied: false })
    expect(policy!.Statement.flatMap(({ Action }) => Action)).toContain('sns:Publish')
    expect(policy!.Statement.flatMap(({ Action }) => Action)).not.toContain('sqs:SendMessage')
  })

  test('what is refused goes to the dead-letter queue, if that lets SNS in', async () => {
    const b = bench()
    await queue(b, 'q')
    const dead = await queue(b, 'dead', letIn('dead'))
    const TopicArn = await topic(b, 't')
    await subscribed(b, TopicArn, 'q', {
      ...raw,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }),
    })
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } }
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello', MessageAttributes })
    const input = { QueueUrl: dead, MessageAttributeNames: ['All'] }
    const { Messages } = await b.call('sqs', 'ReceiveMessage', input)
    expect(Messages[0]).toMatchObject({ Body: 'hello', MessageAttributes })
  })

  test('so does what is for a function that is not there', async () => {
    const b = bench()
    const dead = await queue(b, 'dead', letIn('dead'))
    const TopicArn = await topic(b, 't')
    const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }) }
    const Endpoint = `arn:aws:lambda:us-east-1:${account}:function:f`
    await b.call('sns', 'Subscribe', { TopicArn, Protocol: 'lambda', Endpoint, Attributes })
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    expect((await bodies(b, dead)).map((body) => JSON.parse(body).Message)).toEqual(['hello'])
  })

  test('an X-Ray header goes along', async () => {
    const b = bench()
    const url = await queue(b, 'q', letIn('q'))
    const TopicArn = await topic(b, 't')
    await subscribed(b, TopicArn, 'q', raw)
    const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1'
    const traced = (request: HttpRequest): HttpRequest => ({
      ...request,
      headers: { ...request.headers, 'x-amzn-trace-id': trace },
    })
    await b.call('sns', 'Publish', { TopicArn, Message: 'by a topic' }, undefined, traced)
    await b.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody: 'sent' }, undefined, traced)
    const input = { QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['AWSTraceHeader'] }
    const { Messages } = await b.call('sqs', 'ReceiveMessage', input)
    expect(Messages.map(({ Attributes }: any) => Attributes.AWSTraceHeader)).toEqual([trace, trace])
  })

  test('another account must be let in by the topic, and subscribes its own queues', async () => {
    const b = bench()
    const TopicArn = await topic(b, 't')
    const refused = await b.refusal('sns', 'Publish', { TopicArn, Message: 'x' }, otherKeys)
    expect([refused.code, refused.status]).toEqual(['AuthorizationError', 403])
    expect(refused.message).toContain(`is not authorized to perform: SNS:Publish on resource: ${TopicArn}`)
    // A queue of another account is asked first.
    const Endpoint = 'arn:aws:sqs:us-east-1:210987654321:theirs'
    const asked = await b.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint })
    expect(asked.SubscriptionArn).toBe('pending confirmation')
  })

  test('who may subscribe what: sns:Protocol and sns:Endpoint', async () => {
    const b = bench()
    const TopicArn = await topic(b, 't')
    const keys = await b.user(
      'ana',
      allow('sns:Subscribe', '*', {
        StringEquals: { 'sns:Protocol': 'https' },
        StringLike: { 'sns:Endpoint': 'https://*.example.com' },
      }),
    )
    const subscribe = (Protocol: string, Endpoint: string): Promise<any> =>
      b.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint }, keys)
    await subscribe('https', 'https://a.example.com')
    expect(subscribe('https', 'https://example.org')).rejects.toThrow('SNS:Subscribe')
    expect(subscribe('sqs', queueArn('q'))).rejects.toThrow('SNS:Subscribe')
    await settled(b.world)
  })
})

describe('FIFO', () => {
  test('in order, once, numbered', async () => {
    const b = bench()
    const url = await queue(b, 'q.fifo', letIn('q.fifo'))
    const TopicArn = await topic(b, 't.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' })
    await subscribed(b, TopicArn, 'q.fifo', raw)
    const publish = (Message: string): Promise<any> =>
      b.call('sns', 'Publish', { TopicArn, Message, MessageGroupId: 'g' })
    const sent = await Promise.all(['1', '2', '3', '4'].map(publish))
    const again = await publish('2')
    expect([again.MessageId, again.SequenceNumber]).toEqual([sent[1].MessageId, sent[1].SequenceNumber])
    const order = [...sent]
      .sort((a, c) => (a.SequenceNumber < c.SequenceNumber ? -1 : 1))
      .map((one) => sent.indexOf(one) + 1)
    expect(await bodies(b, url)).toEqual(order.map(String))
  })

  test.each<[object, string]>([
    [{}, 'Invalid parameter: The MessageGroupId parameter is required for FIFO topics'],
    [
      { MessageGroupId: 'g' },
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
  ])('needs more than %j', async (more, message) => {
    const b = bench()
    const TopicArn = await topic(b, 't.fifo', { FifoTopic: 'true' })
    expect(told(await b.refusal('sns', 'Publish', { TopicArn, Message: 'x', ...more }))).toEqual([
      'InvalidParameter',
      400,
      message,
    ])
  })
})

describe('by HTTP', () => {
  const posts: { headers: Headers; body: any }[] = []
  let status = 200
  const listener = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const body = await request.text()
      posts.push({ headers: request.headers, body: body.startsWith('{') ? JSON.parse(body) : body })
      return new Response('', { status })
    },
  })
  afterAll(() => listener.stop(true))
  const Endpoint = `http://127.0.0.1:${listener.port}/hook?a=b`

  async function follow(b: Bench, link: string): Promise<string> {
    const url = new URL(link)
    const response = await serve(
      {
        method: 'GET',
        scheme: 'http',
        host: url.host,
        path: '/',
        query: url.search.slice(1),
        headers: {},
        body: new Uint8Array(0),
      },
      b.world,
    )
    return new TextDecoder().decode(await readBody(response.body))
  }

  async function ready(b: Bench, Attributes: object = {}): Promise<string> {
    posts.length = 0
    status = 200
    const TopicArn = await topic(b, 't')
    const input = { TopicArn, Protocol: 'http', Endpoint, Attributes }
    expect((await b.call('sns', 'Subscribe', input)).SubscriptionArn).toBe('pending confirmation')
    await settled(b.world)
    const { headers, body } = posts.pop()!
    expect([headers.get('x-amz-sns-message-type'), body.Type]).toEqual(Array(2).fill('SubscriptionConfirmation'))
    // Until it is confirmed nothing comes.
    await b.call('sns', 'Publish', { TopicArn, Message: 'early' })
    await settled(b.world)
    expect(posts).toEqual([])
    expect(await follow(b, body.SubscribeURL)).toContain(`<SubscriptionArn>${TopicArn}:`)
    return TopicArn
  }

  test('confirmed by the link, signed, ended by the link', async () => {
    const b = bench()
    const TopicArn = await ready(b)
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello', Subject: 's' })
    await settled(b.world)
    const { headers, body } = posts.pop()!
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-id': body.MessageId,
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-topic-arn': TopicArn,
    })
    const text = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'].map(
      (name) => `${name}\n${body[name]}\n`,
    )
    const { besideAws } = await import('../../doors/doors.ts')
    const path = new URL(body.SigningCertURL).pathname
    const asked = {
      method: 'GET',
      scheme: 'http',
      host: 'localhost',
      path,
      query: '',
      headers: {},
      body: new Uint8Array(0),
    } as const
    const certificate = await besideAws(asked, { world: b.world } as never)
    const pem = new TextDecoder().decode(await readBody(certificate!.body))
    expect(createVerify('sha1').update(text.join('')).verify(pem, body.Signature, 'base64')).toBe(true)

    await follow(b, body.UnsubscribeURL)
    await settled(b.world)
    const ended = posts.pop()!.body
    expect(ended.Type).toBe('UnsubscribeConfirmation')
    const count = async (): Promise<number> =>
      (await b.call('sns', 'ListSubscriptionsByTopic', { TopicArn })).Subscriptions.length
    expect(await count()).toBe(0)
    await follow(b, ended.SubscribeURL)
    expect(await count()).toBe(1)
  })

  test('raw', async () => {
    const b = bench()
    const TopicArn = await ready(b, raw)
    await b.call('sns', 'Publish', { TopicArn, Message: 'just this' })
    await settled(b.world)
    expect([posts[0]!.body, posts[0]!.headers.get('x-amz-sns-rawdelivery')]).toEqual(['just this', 'true'])
  })

  test('tried again after 20 seconds, three times, then to the dead-letter queue', async () => {
    const b = bench()
    const dead = await queue(b, 'dead', letIn('dead'))
    const TopicArn = await ready(b, {
      ...raw,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }),
    })
    status = 503
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    await settled(b.world)
    for (const tries of [1, 2, 3, 4]) {
      expect(posts).toHaveLength(tries)
      expect(await bodies(b, dead)).toEqual(tries === 4 ? ['hello'] : [])
      b.advance(20_001)
      // Any operation of a service with such work lets it go on; a running server does by itself.
      await b.call('sns', 'ListTopics')
      await settled(b.world)
    }
    expect(posts).toHaveLength(4)
  })

  test('what is refused for good is not tried again', async () => {
    const b = bench()
    const TopicArn = await ready(b)
    status = 404
    await b.call('sns', 'Publish', { TopicArn, Message: 'hello' })
    await settled(b.world)
    b.advance(60_000)
    await b.call('sns', 'ListTopics')
    await settled(b.world)
    expect(posts).toHaveLength(1)
  })
})

describe('delivery policies', () => {
  const policy = (more: object): string => JSON.stringify({ http: { defaultHealthyRetryPolicy: more } })
  test.each<[string | undefined, (number | undefined)[]]>([
    [undefined, [20, 20, 20, undefined]],
    [policy({ numRetries: 2, numNoDelayRetries: 1 }), [0, 20, undefined]],
    [policy({ numRetries: 4, minDelayTarget: 1, maxDelayTarget: 10 }), [1, 4, 7, 10, undefined]],
    [
      policy({ numRetries: 3, minDelayTarget: 0, maxDelayTarget: 100, backoffFunction: 'exponential' }),
      [0, 25, 100, undefined],
    ],
    [
      policy({ numRetries: 3, numMinDelayRetries: 1, numMaxDelayRetries: 1, minDelayTarget: 2, maxDelayTarget: 9 }),
      [2, 9, 9, undefined],
    ],
  ])('%s', (text, delays) => {
    expect(delays.map((_, i) => delayAfter(i + 1, retriesOf(text, undefined)))).toEqual(delays)
  })

  test.each([
    [
      '{"http":{"defaultHealthyRetryPolicy":null,"defaultRequestPolicy":{"headerContentType":"application/json"}}}',
      '{"http":{"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"application/json"}}}',
    ],
    ['{"http":{}}', '{"http":{"disableSubscriptionOverrides":false}}'],
    [
      '{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":10}}}',
      '{"http":{"disableSubscriptionOverrides":false,"defaultThrottlePolicy":{"maxReceivesPerSecond":10}}}',
    ],
  ])('%s is told as %s', (given, told) => expect(keptPolicy(given)).toBe(told))

  test('a subscription tells what it does not set, too', () =>
    expect(keptOwnPolicy('{"requestPolicy":{"headerContentType":"text/csv"}}')).toBe(
      '{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/csv"},"guaranteed":false}',
    ))

  test("a subscription's own throttle goes before its topic's", () => {
    const topic = '{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":10}}}'
    const told = (own?: string): unknown => (effectiveOwnPolicy(topic, own) as any).throttlePolicy.maxReceivesPerSecond
    expect([told(), told('{"throttlePolicy":{"maxReceivesPerSecond":2}}')]).toEqual([10, 2])
  })

  test('a subscription may have its own, unless the topic forbids it', () => {
    const own = JSON.stringify({ healthyRetryPolicy: { numRetries: 9 } })
    expect(retriesOf(undefined, own).numRetries).toBe(9)
    expect(retriesOf('{"http":{"disableSubscriptionOverrides":true}}', own).numRetries).toBe(3)
  })
})

describe('how many', () => {
  const subscribe = (TopicArn: string, n: number, more: object = {}): object => ({
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queueArn(`q${n}`),
    ...more,
  })
  const numbers = (most: number): number[] => Array.from({ length: most }, (_, n) => n)

  test('subscriptions of a FIFO topic: 100', async () => {
    const b = bench()
    const arn = await topic(b, 't.fifo', { FifoTopic: 'true' })
    for (const n of numbers(100)) await b.call('sns', 'Subscribe', subscribe(arn, n))
    await b.call('sns', 'Subscribe', subscribe(arn, 99))
    expect((await b.refusal('sns', 'Subscribe', subscribe(arn, 100))).code).toBe('SubscriptionLimitExceeded')
  })

  test('filter policies of a topic: 200', async () => {
    const b = bench()
    const arn = await topic(b, 't')
    const FilterPolicy = '{"a":["b"]}'
    for (const n of numbers(200)) await b.call('sns', 'Subscribe', subscribe(arn, n, { Attributes: { FilterPolicy } }))
    const refused = subscribe(arn, 200, { Attributes: { FilterPolicy } })
    expect((await b.refusal('sns', 'Subscribe', refused)).code).toBe('FilterPolicyLimitExceeded')
    const { SubscriptionArn } = await b.call('sns', 'Subscribe', subscribe(arn, 200))
    const set = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: FilterPolicy }
    expect((await b.refusal('sns', 'SetSubscriptionAttributes', set)).code).toBe('FilterPolicyLimitExceeded')
  })
})

test('what is not a link must be signed', async () => {
  const b = bench()
  expect((await b.refusal('sns', 'ListTopics', {}, null)).code).toBe('MissingAuthenticationToken')
})
