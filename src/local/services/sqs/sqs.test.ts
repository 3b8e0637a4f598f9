// Queues by the account's clock: what is visible when, what dies, what is a duplicate; and the laws of FIFO queues.
// What a client sees of each operation: tests/foreign/boto3_sqs_cases.py.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readBody, type HttpRequest } from '../../../http/message.ts'
import {
  account,
  adminKeys,
  allow,
  bench,
  document,
  models,
  otherKeys,
  told,
  type Bench,
} from '../../account.fixture.ts'
import { sign } from '../../../sign/sigv4.ts'
import { serve } from '../../serve.ts'

/** Its clock stands still but for `advance`. */
const still = (): Bench => {
  const start = Date.now()
  return bench(undefined, () => start)
}

const arn = (name: string): string => `arn:aws:sqs:us-east-1:${account}:${name}`

async function queue(b: Bench, name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}
  return (await b.call('sqs', 'CreateQueue', { QueueName: name, Attributes: { ...fifo, ...Attributes } })).QueueUrl
}

interface Got {
  MessageId: string
  Body: string
  ReceiptHandle: string
  Attributes: Record<string, string>
}

async function receive(b: Bench, QueueUrl: string, more: object = {}): Promise<Got[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], ...more }
  return (await b.call('sqs', 'ReceiveMessage', input)).Messages ?? []
}

const bodies = (messages: Got[]): string[] => messages.map(({ Body }) => Body)

async function send(b: Bench, QueueUrl: string, MessageBody: string, more: object = {}): Promise<any> {
  return b.call('sqs', 'SendMessage', { QueueUrl, MessageBody, ...more })
}

async function counts(b: Bench, QueueUrl: string): Promise<number[]> {
  const names = ['', 'NotVisible', 'Delayed'].map((what) => `ApproximateNumberOfMessages${what}`)
  const { Attributes } = await b.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: names })
  return names.map((name) => Number(Attributes[name]))
}

describe('by the clock', () => {
  test('a received message is hidden for its time, then there again with another handle', async () => {
    const b = bench()
    const url = await queue(b, 'q', { VisibilityTimeout: '20' })
    await send(b, url, 'a')
    const [first] = await receive(b, url)
    expect([await receive(b, url), await counts(b, url)]).toEqual([[], [0, 1, 0]])
    b.advance(20_001)
    const [again] = await receive(b, url)
    expect([again!.MessageId, again!.Attributes['ApproximateReceiveCount']]).toEqual([first!.MessageId, '2'])
    expect(again!.ReceiptHandle).not.toBe(first!.ReceiptHandle)
  })

  test('delays: of the queue, and of a message', async () => {
    const b = bench()
    const url = await queue(b, 'q', { DelaySeconds: '30' })
    await send(b, url, 'queue')
    await send(b, url, 'own', { DelaySeconds: 60 })
    await send(b, url, 'now', { DelaySeconds: 0 })
    expect([bodies(await receive(b, url)), await counts(b, url)]).toEqual([['now'], [0, 1, 2]])
    b.advance(31_000)
    expect(bodies(await receive(b, url, { VisibilityTimeout: 600 }))).toContain('queue')
    b.advance(31_000)
    expect(bodies(await receive(b, url, { VisibilityTimeout: 600 }))).toContain('own')
  })

  test('what is kept long enough goes', async () => {
    const b = bench()
    const url = await queue(b, 'q', { MessageRetentionPeriod: '60' })
    await send(b, url, 'old')
    b.advance(50_000)
    await send(b, url, 'new')
    b.advance(20_000)
    expect(bodies(await receive(b, url))).toEqual(['new'])
  })

  test('PurgeQueue may be called once a minute', async () => {
    const b = bench()
    const url = await queue(b, 'q')
    await send(b, url, 'x')
    await b.call('sqs', 'PurgeQueue', { QueueUrl: url })
    expect(await receive(b, url)).toEqual([])
    expect(told(await b.refusal('sqs', 'PurgeQueue', { QueueUrl: url }))).toEqual([
      'AWS.SimpleQueueService.PurgeQueueInProgress',
      403,
      'Only one PurgeQueue operation on q is allowed every 60 seconds.',
    ])
    b.advance(60_001)
    await b.call('sqs', 'PurgeQueue', { QueueUrl: url })
  })

  test('a long poll ends when something arrives', async () => {
    const b = bench()
    const url = await queue(b, 'q')
    const waiting = receive(b, url, { WaitTimeSeconds: 20 })
    await send(b, url, 'there')
    expect(bodies(await waiting)).toEqual(['there'])
  })

  test('a long poll ends when the clock is moved past its end', async () => {
    const b = bench()
    const url = await queue(b, 'q', { ReceiveMessageWaitTimeSeconds: '20' })
    const waiting = receive(b, url)
    // By the time another call is answered, the first one waits.
    await counts(b, url)
    b.advance(21_000)
    expect(await waiting).toEqual([])
  })
})

describe('dead letters', () => {
  async function pair(b: Bench, kind = ''): Promise<[string, string]> {
    const dead = await queue(b, `dead${kind}`)
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(`dead${kind}`), maxReceiveCount: 2 })
    return [await queue(b, `live${kind}`, { RedrivePolicy, VisibilityTimeout: '10' }), dead]
  }

  test.each(['', '.fifo'])('after so many receives a message goes to the other queue%s', async (kind) => {
    const b = still()
    const [live, dead] = await pair(b, kind)
    const more = kind ? { MessageGroupId: 'g', MessageDeduplicationId: 'd' } : {}
    const { MessageId } = await send(b, live, 'x', more)
    for (let i = 0; i < 2; i++) {
      expect(bodies(await receive(b, live))).toEqual(['x'])
      b.advance(11_000)
    }
    expect(await receive(b, live)).toEqual([])
    const [buried] = await receive(b, dead)
    expect(buried).toMatchObject({
      MessageId,
      Body: 'x',
      Attributes: { ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: arn(`live${kind}`) },
    })
  })

  test('in a FIFO queue the next of the group takes the place of the dead', async () => {
    const b = still()
    const [live, dead] = await pair(b, '.fifo')
    for (const body of ['1', '2', '3']) await send(b, live, body, { MessageGroupId: 'g', MessageDeduplicationId: body })
    for (let i = 0; i < 2; i++) {
      expect(bodies(await receive(b, live, { MaxNumberOfMessages: 1 }))).toEqual(['1'])
      b.advance(11_000)
    }
    expect(bodies(await receive(b, live, { MaxNumberOfMessages: 1 }))).toEqual(['2'])
    expect(bodies(await receive(b, dead))).toEqual(['1'])
  })

  test('tasks move them back, so many a second', async () => {
    const b = still()
    const [live, dead] = await pair(b)
    for (let i = 0; i < 5; i++) await send(b, dead, String(i))
    const input = { SourceArn: arn('dead'), DestinationArn: arn('live'), MaxNumberOfMessagesPerSecond: 2 }
    const { TaskHandle } = await b.call('sqs', 'StartMessageMoveTask', input)
    const list = async (): Promise<any> =>
      (await b.call('sqs', 'ListMessageMoveTasks', { SourceArn: arn('dead') })).Results[0]
    expect(await list()).toMatchObject({
      TaskHandle,
      Status: 'RUNNING',
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 5,
      MaxNumberOfMessagesPerSecond: 2,
    })
    b.advance(1001)
    expect(await list()).toMatchObject({ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 4 })
    b.advance(1001)
    expect(await list()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 5 })
    expect(bodies(await receive(b, live)).sort()).toEqual(['0', '1', '2', '3', '4'])
  })

  test('a task that is cancelled moves no more', async () => {
    const b = still()
    const [, dead] = await pair(b)
    for (let i = 0; i < 3; i++) await send(b, dead, String(i))
    const input = { SourceArn: arn('dead'), DestinationArn: arn('live'), MaxNumberOfMessagesPerSecond: 1 }
    const { TaskHandle } = await b.call('sqs', 'StartMessageMoveTask', input)
    expect((await b.refusal('sqs', 'StartMessageMoveTask', input)).message).toContain('already a task running')
    expect(await b.call('sqs', 'CancelMessageMoveTask', { TaskHandle })).toEqual({
      ApproximateNumberOfMessagesMoved: 1,
    })
    b.advance(60_000)
    expect(await counts(b, dead)).toEqual([2, 0, 0])
  })

  test('a task whose destination goes fails', async () => {
    const b = still()
    const [, dead] = await pair(b)
    const destination = await queue(b, 'elsewhere')
    for (let i = 0; i < 3; i++) await send(b, dead, String(i))
    const input = { SourceArn: arn('dead'), DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 }
    await b.call('sqs', 'StartMessageMoveTask', input)
    await b.call('sqs', 'DeleteQueue', { QueueUrl: destination })
    b.advance(1001)
    expect((await b.call('sqs', 'ListMessageMoveTasks', { SourceArn: arn('dead') })).Results[0]).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
      DestinationArn: arn('elsewhere'),
      ApproximateNumberOfMessagesMoved: 1,
    })
    expect(await counts(b, dead)).toEqual([2, 0, 0])
  })

  test.each([
    ['nonsense', 'InvalidParameterValue', 'Value for parameter TaskHandle is invalid.'],
    [
      btoa('{"taskId":"10f57157-fc38-4da9-a113-4de7e12d05dd","sourceArn":"arn:aws:sqs:us-east-1:878966065785:none"}'),
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    ],
    [
      btoa(`{"taskId":"10f57157-fc38-4da9-a113-4de7e12d05dd","sourceArn":"${arn('dead')}"}`),
      'ResourceNotFoundException',
      'Task does not exist.',
    ],
  ])('no task: %s', async (TaskHandle, code, message) => {
    const b = still()
    await pair(b)
    const error = await b.refusal('sqs', 'CancelMessageMoveTask', { TaskHandle })
    expect([error.code, error.message]).toEqual([code, message])
  })

  test('what came from another queue goes back there', async () => {
    const b = still()
    const [live, dead] = await pair(b)
    await send(b, live, 'x')
    for (let i = 0; i < 3; i++) {
      await receive(b, live)
      b.advance(11_000)
    }
    await b.call('sqs', 'StartMessageMoveTask', { SourceArn: arn('dead') })
    expect([
      await receive(b, dead),
      (await receive(b, live)).map((m) => m.Attributes['ApproximateReceiveCount']),
    ]).toEqual([[], ['1']])
  })
})

describe('FIFO', () => {
  const fifo = (b: Bench, more: Record<string, string> = {}): Promise<string> =>
    queue(b, 'q.fifo', { ContentBasedDeduplication: 'true', ...more })

  test('a duplicate is accepted, answered as the first was, and not delivered, for five minutes', async () => {
    const b = still()
    const url = await fifo(b)
    const first = await send(b, url, 'x', { MessageGroupId: 'g' })
    const [got] = await receive(b, url)
    await b.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: got!.ReceiptHandle })
    b.advance(299_000)
    expect(await send(b, url, 'x', { MessageGroupId: 'other' })).toEqual(first)
    expect(await receive(b, url)).toEqual([])
    b.advance(2000)
    expect((await send(b, url, 'x', { MessageGroupId: 'g' })).MessageId).not.toBe(first.MessageId)
    expect(bodies(await receive(b, url))).toEqual(['x'])
  })

  test('duplicates by group, where that is the scope', async () => {
    const b = still()
    const url = await fifo(b, { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' })
    for (const group of ['a', 'b', 'a']) await send(b, url, 'x', { MessageGroupId: group })
    expect(bodies(await receive(b, url))).toEqual(['x', 'x'])
  })

  test('a group is shut while one of it is in flight', async () => {
    const b = still()
    const url = await fifo(b)
    for (const [group, body] of ['a1', 'a2', 'b1'].map((name) => [name[0], name]))
      await send(b, url, body!, { MessageGroupId: group })
    const [a1] = await receive(b, url, { MaxNumberOfMessages: 1 })
    expect([a1!.Body, ...bodies(await receive(b, url))]).toEqual(['a1', 'b1'])
    await b.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: a1!.ReceiptHandle })
    expect(bodies(await receive(b, url))).toEqual(['a2'])
  })

  // LocalStack's authors recorded these orders of AWS.
  const names = (text: string): [group: string, body: string][] =>
    text.split(' ').map((body) => [body.split('-')[0]!, body])

  test('a group comes whole, even where others were sent between', async () => {
    const b = still()
    const url = await fifo(b)
    for (const [group, body] of names('g1-1 g2-1 g1-2 g1-3')) await send(b, url, body, { MessageGroupId: group })
    expect(bodies(await receive(b, url))).toEqual(['g1-1', 'g1-2', 'g1-3', 'g2-1'])
  })

  test('a group that was received goes behind the others', async () => {
    const b = still()
    const url = await fifo(b)
    for (const [group, body] of names('g1-1 g2-1 g2-2 g3-1 g1-2')) await send(b, url, body, { MessageGroupId: group })
    b.advance(5)
    const input = { MaxNumberOfMessages: 3, VisibilityTimeout: 0 }
    expect(bodies(await receive(b, url, input))).toEqual(['g1-1', 'g1-2', 'g2-1'])
    b.advance(5)
    const all = ['g3-1', 'g1-1', 'g1-2', 'g2-1', 'g2-2']
    expect(bodies(await receive(b, url, { VisibilityTimeout: 0 }))).toEqual(all)
  })

  test('a message that is given back comes without the one behind it that is still in flight', async () => {
    const b = still()
    const url = await fifo(b)
    for (const [group, body] of names('g1-1 g1-2 g2-1')) await send(b, url, body, { MessageGroupId: group })
    b.advance(5)
    const [first] = await receive(b, url, { MaxNumberOfMessages: 2 })
    const input = { QueueUrl: url, ReceiptHandle: first!.ReceiptHandle, VisibilityTimeout: 0 }
    await b.call('sqs', 'ChangeMessageVisibility', input)
    expect(bodies(await receive(b, url))).toEqual(['g2-1', 'g1-1'])
  })

  test('a group goes on where its first is deleted', async () => {
    const b = still()
    const url = await fifo(b)
    for (const [group, body] of names('g1-1 g2-1 g1-2 g2-2 g1-3 g1-4 g3-1'))
      await send(b, url, body, { MessageGroupId: group })
    for (const one of await receive(b, url, { MaxNumberOfMessages: 2 }))
      await b.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: one.ReceiptHandle })
    expect(bodies(await receive(b, url))).toEqual(['g2-1', 'g2-2', 'g1-3', 'g1-4', 'g3-1'])
  })

  test('PurgeQueue forgets what was sent', async () => {
    const b = still()
    const url = await fifo(b)
    await send(b, url, 'x', { MessageGroupId: 'g' })
    await b.call('sqs', 'PurgeQueue', { QueueUrl: url })
    await send(b, url, 'x', { MessageGroupId: 'g' })
    expect(bodies(await receive(b, url))).toEqual(['x'])
  })

  test('an expired handle deletes nothing', async () => {
    const b = still()
    const url = await fifo(b, { VisibilityTimeout: '5' })
    await send(b, url, 'x', { MessageGroupId: 'g' })
    const [got] = await receive(b, url)
    b.advance(5001)
    const error = await b.refusal('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: got!.ReceiptHandle })
    expect(told(error)).toEqual([
      'InvalidParameterValue',
      400,
      `Value ${got!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    ])
  })

  test('an attempt that is made again gets the same', async () => {
    const b = still()
    const url = await fifo(b)
    for (const body of ['1', '2']) await send(b, url, body, { MessageGroupId: body })
    const one = await receive(b, url, { MaxNumberOfMessages: 1, ReceiveRequestAttemptId: 'try' })
    const again = await receive(b, url, { MaxNumberOfMessages: 1, ReceiveRequestAttemptId: 'try' })
    expect(bodies(again)).toEqual(bodies(one))
    await b.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: again[0]!.ReceiptHandle })
    expect(bodies(await receive(b, url, { ReceiveRequestAttemptId: 'try' }))).toEqual(['2'])
  })

  // A model of a consumer: whatever it does, what comes of a group is what it begins with (so none of it comes while its
  // first is in flight), none that is in flight comes, none is lost, and none comes again once deleted.
  type Step = ['send', number] | ['receive', number] | ['delete'] | ['release'] | ['wait', number]
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(fc.constant('send' as const), fc.integer({ min: 0, max: 2 })),
    fc.tuple(fc.constant('receive' as const), fc.integer({ min: 1, max: 10 })),
    fc.tuple(fc.constant('delete' as const)),
    fc.tuple(fc.constant('release' as const)),
    fc.tuple(fc.constant('wait' as const), fc.integer({ min: 1, max: 12 })),
  )

  test('laws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const b = still()
        const url = await fifo(b, { VisibilityTimeout: '10' })
        let count = 0
        let time = 0
        const sent: { group: number; body: string }[] = []
        const deleted = new Set<string>()
        let held: { body: string; group: string; handle: string; until: number }[] = []
        const take = async (most: number): Promise<void> => {
          held = held.filter(({ until }) => until > time)
          const inFlight = new Set(held.map(({ body }) => body))
          const got = await receive(b, url, { MaxNumberOfMessages: most })
          const byGroup = new Map<string, string[]>()
          for (const { Body, Attributes, ReceiptHandle } of got) {
            const group = Attributes['MessageGroupId']!
            expect(inFlight.has(Body)).toBe(false)
            expect(deleted.has(Body)).toBe(false)
            byGroup.set(group, [...(byGroup.get(group) ?? []), Body])
            held.push({ body: Body, group, handle: ReceiptHandle, until: time + 10_000 })
          }
          for (const [group, received] of byGroup) {
            const left = sent.filter((one) => String(one.group) === group && !deleted.has(one.body))
            expect(received).toEqual(left.slice(0, received.length).map(({ body }) => body))
          }
        }
        for (const [what, number] of steps) {
          if (what === 'send') {
            const body = String(count++)
            sent.push({ group: number!, body })
            await send(b, url, body, { MessageGroupId: String(number) })
          } else if (what === 'receive') await take(number!)
          else if (what === 'wait') {
            // Never onto the very millisecond.
            time += number! * 1000 + 7
            b.advance(number! * 1000 + 7)
          } else {
            held = held.filter(({ until }) => until - time > 500)
            const one = held.shift()
            if (!one) continue
            const input = { QueueUrl: url, ReceiptHandle: one.handle }
            if (what === 'delete') {
              await b.call('sqs', 'DeleteMessage', input)
              deleted.add(one.body)
            } else await b.call('sqs', 'ChangeMessageVisibility', { ...input, VisibilityTimeout: 0 })
          }
        }
        // None is lost: all that is left can be had.
        for (let rounds = 0; deleted.size < sent.length && rounds < 60; rounds++) {
          time += 11_000
          b.advance(11_000)
          await take(10)
          for (const { body, handle } of held.splice(0)) {
            await b.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: handle })
            deleted.add(body)
          }
        }
        expect(deleted.size).toBe(sent.length)
      }),
      { numRuns: 40 },
    )
  })
})

describe('who may', () => {
  test("another account, by the queue's policy alone", async () => {
    const b = bench()
    const url = await queue(b, 'q')
    await b.call('iam', 'CreateRole', {
      RoleName: 'unused',
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }),
    })
    const refused = await b.refusal('sqs', 'SendMessage', { QueueUrl: url, MessageBody: 'x' }, otherKeys)
    expect([refused.code, refused.status]).toEqual(['AccessDenied', 403])
    expect(refused.message).toContain(
      'is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1',
    )
    const Policy = document({
      Effect: 'Allow',
      Principal: { AWS: '210987654321' },
      Action: 'sqs:SendMessage',
      Resource: arn('q'),
    })
    await b.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy } })
    // Both sides must allow: the other account's user has no policy.
    expect((await b.refusal('sqs', 'SendMessage', { QueueUrl: url, MessageBody: 'x' }, otherKeys)).code).toBe(
      'AccessDenied',
    )
  })

  test('by tags of the queue', async () => {
    const b = bench()
    const keys = await b.user('ana', allow('sqs:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'a' } }))
    const mine = await queue(b, 'mine')
    const theirs = await queue(b, 'theirs')
    await b.call('sqs', 'TagQueue', { QueueUrl: mine, Tags: { team: 'a' } })
    await b.call('sqs', 'SendMessage', { QueueUrl: mine, MessageBody: 'x' }, keys)
    expect((await b.refusal('sqs', 'SendMessage', { QueueUrl: theirs, MessageBody: 'x' }, keys)).code).toBe(
      'AccessDenied',
    )
  })

  test('batches ask for what single calls ask for', async () => {
    const b = bench()
    const url = await queue(b, 'q')
    const keys = await b.user('ana', allow('sqs:SendMessage'))
    const Entries = [{ Id: 'a', MessageBody: 'x' }]
    expect((await b.call('sqs', 'SendMessageBatch', { QueueUrl: url, Entries }, keys)).Successful).toHaveLength(1)
    const refused = await b.refusal(
      'sqs',
      'DeleteMessageBatch',
      { QueueUrl: url, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] },
      keys,
    )
    expect(refused.message).toContain('sqs:deletemessage on')
  })
})

describe('the old protocol', () => {
  async function old(b: Bench, path: string, form: string): Promise<[number, string]> {
    const request: HttpRequest = {
      method: 'POST',
      scheme: 'http',
      host: 'localhost:8474',
      path,
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new TextEncoder().encode(`${form}&Version=2012-11-05`),
    }
    const signed = sign(request, { credentials: adminKeys, region: 'us-east-1', service: 'sqs', date: new Date() })
    const response = await serve(signed, b.world)
    return [response.status, new TextDecoder().decode(await readBody(response.body))]
  }

  test('lists and maps by their old names, a queue by its path', async () => {
    const b = bench()
    const [, made] = await old(
      b,
      '/',
      'Action=CreateQueue&QueueName=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=7&Tag.1.Key=a&Tag.1.Value=b',
    )
    expect(made).toContain('<QueueUrl>http://localhost:8474/123456789012/q</QueueUrl>')
    const path = '/123456789012/q'
    expect((await old(b, path, 'Action=GetQueueAttributes&AttributeName.1=VisibilityTimeout'))[1]).toContain(
      '<GetQueueAttributesResult><Attribute><Name>VisibilityTimeout</Name><Value>7</Value></Attribute></GetQueueAttributesResult>',
    )
    const entries = 'SendMessageBatchRequestEntry.1.Id=x&SendMessageBatchRequestEntry.1.MessageBody=hi'
    const attribute = 'SendMessageBatchRequestEntry.1.MessageAttribute.1'
    await old(
      b,
      path,
      `Action=SendMessageBatch&${entries}&${attribute}.Name=n&${attribute}.Value.DataType=String&${attribute}.Value.StringValue=v`,
    )
    const [, got] = await old(b, path, 'Action=ReceiveMessage&MessageAttributeName.1=All')
    expect(got).toMatch(
      /<Message><MessageId>[^<]+<\/MessageId><ReceiptHandle>[^<]+<\/ReceiptHandle><MD5OfBody>49f68a5c8493ec2c0bf489821c21fc3b<\/MD5OfBody><Body>hi<\/Body>/,
    )
    expect(got).toContain(
      '<MessageAttribute><Name>n</Name><Value><StringValue>v</StringValue><DataType>String</DataType></Value></MessageAttribute>',
    )
    expect((await old(b, path, 'Action=ListQueueTags'))[1]).toContain('<Tag><Key>a</Key><Value>b</Value></Tag>')
  })

  test.each([
    [
      '/123456789012/none',
      'Action=SendMessage&MessageBody=x',
      400,
      'AWS.SimpleQueueService.NonExistentQueue',
      'The specified queue does not exist for this wsdl version.',
    ],
    [
      '/123456789012/none',
      'Action=SendMessage',
      400,
      'MissingParameter',
      'The request must contain the parameter MessageBody.',
    ],
    [
      '/',
      'Action=SendMessage&MessageBody=x',
      400,
      'MissingParameter',
      'The request must contain the parameter QueueUrl.',
    ],
    ['/', 'Action=Nothing', 400, 'InvalidAction', 'The action Nothing is not valid for this endpoint.'],
  ])('%s %s', async (path, form, status, code, message) => {
    const [answered, body] = await old(bench(), path, form)
    expect(answered).toBe(status)
    expect(body).toContain(`<Code>${code}</Code><Message>${message}</Message>`)
  })

  test('the model is the one that is spoken', async () => {
    expect((await models.service('sqs')).protocol).toBe('json')
  })
})
