// What is in a queue, looked at without receiving it: /_aws/sqs/messages, as LocalStack tells of it.
// https://docs.localstack.cloud/aws/services/sqs/#sqs-query-api
//
//   GET /_aws/sqs/messages?QueueUrl=…&ShowInvisible=true&ShowDelayed=true
//   GET /_aws/sqs/messages/REGION/ACCOUNT/NAME
//
// The answer is ReceiveMessage's of the query protocol, in XML or, for clients that accept it, as JSON.

import { utf8 } from '../../lib/bytes.ts'
import { AwsError } from '../../lib/errors.ts'
import { escapeText } from '../../lib/xml.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import type { Seen } from '../services/sqs/messages.ts'
import { ofUrl, type QueueName } from '../services/sqs/names.ts'
import { systemAttributes } from '../services/sqs/operations/messages.ts'
import { Sqs } from '../services/sqs/state.ts'
import { nothingHere, type House, type Room } from './room.ts'

export const queues: Room = async (request, path, house) => {
  const [what, ...place] = path.split('/')
  if (what !== 'messages' || request.method !== 'GET') return nothingHere(request)
  const asked = new URLSearchParams(request.query)
  const shows = (name: string): boolean => /^true$/i.test(asked.get(name) ?? '')
  try {
    const name = nameOf(place, asked.get('QueueUrl'), house)
    const seen = await house.world.store.namespace('sqs').transaction((rows) => {
      const sqs = new Sqs(rows, house.world.clock)
      const queue = sqs.find(name)
      if (!queue) throw noQueue()
      return sqs.messages(queue).looked()
    })
    const messages = wanted(seen, shows('ShowInvisible'), shows('ShowDelayed')).map(told)
    return answer(request, 200, {
      ReceiveMessageResponse: {
        ReceiveMessageResult: messages.length === 0 ? null : { Message: messages },
        ResponseMetadata: { RequestId: crypto.randomUUID() },
      },
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const { code, message, status } = error
    const told = { Type: 'Sender', Code: code, Message: message, Detail: null }
    return answer(request, status ?? 400, { ErrorResponse: { Error: told, RequestId: crypto.randomUUID() } })
  }
}

/** Throws InvalidAddress, NonExistentQueue. */
function nameOf(place: readonly string[], url: string | null, { world }: House): QueueName {
  const [region, account, name] = place
  if (name !== undefined) return { region: region!, account: account!, name }
  if (url === null) throw noQueue()
  return ofUrl(url, { account: world.lent?.account ?? world.seed.accounts[0]!.id, region: world.region })
}

function noQueue(): AwsError {
  return new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.')
}

/** Of a FIFO group nothing comes before what is in flight is done. */
function wanted(seen: readonly Seen[], invisible: boolean, delayed: boolean): Seen[] {
  const held = new Set(seen.flatMap(({ message, isVisible }) => (isVisible ? [] : [message.group])))
  held.delete(undefined)
  return seen.filter(
    ({ message, isVisible, isDelayed }) =>
      (invisible || (isVisible && !held.has(message.group))) && (delayed || !isDelayed),
  )
}

function told({ sequence, message, isVisible, isDelayed }: Seen): object {
  const system = {
    ...systemAttributes(sequence, message, ['All']),
    IsVisible: `${isVisible}`,
    IsDelayed: `${isDelayed}`,
  }
  const named = Object.entries(system).map(([Name, Value]) => ({ Name, Value }))
  const attributes = Object.entries(message.attributes).map(([Name, { type, text, bytes }]) => ({
    Name,
    Value: { DataType: type, ...(text === undefined ? { BinaryValue: bytes } : { StringValue: text }) },
  }))
  return {
    MessageId: message.id,
    ReceiptHandle: 'SQS/BACKDOOR/ACCESS',
    MD5OfBody: message.md5,
    Body: message.body,
    Attribute: named,
    ...(attributes.length > 0 && { MD5OfMessageAttributes: message.digest, MessageAttribute: attributes }),
  }
}

function answer({ headers }: HttpRequest, status: number, document: Record<string, object>): HttpResponse {
  if (headers['accept']?.includes('json'))
    // What is there once is no list, as where XML is read into JSON.
    return made(
      status,
      'application/json',
      JSON.stringify(document, (_, value) => (isOne(value) ? value[0] : value)),
    )
  const [[root, content]] = Object.entries(document) as [[string, object]]
  const text = `<${root} xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${inner(content)}</${root}>`
  return made(status, 'text/xml', `<?xml version='1.0' encoding='utf-8'?>\n${text}`)
}

function isOne(value: unknown): value is [unknown] {
  return Array.isArray(value) && value.length === 1
}

function inner(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? '' : escapeText(String(value))
  return Object.entries(value)
    .flatMap(([name, member]) => [member].flat().map((each) => `<${name}>${inner(each)}</${name}>`))
    .join('')
}

function made(status: number, type: string, body: string): HttpResponse {
  return { status, headers: { 'content-type': type }, body: utf8(body) }
}
