// Messages: sent, received, hidden for longer, deleted; one by one and in batches.

import { AwsError } from '../../../../lib/errors.ts'
import { fromBase64, utf8 } from '../../../../lib/bytes.ts'
import { md5Hex, sha256Hex } from '../../../../lib/hash.ts'
import type { CallContext } from '../../../service.ts'
import { isFifo, mostBytes, numberOf, redriveOf } from '../attributes.ts'
import { invalidParameter, invalidValue, missingParameter, sqsError } from '../errors.ts'
import {
  checked,
  digestOf,
  sizeOf,
  strayCharacter,
  type AttributeValue,
  type Attributes,
} from '../message-attributes.ts'
import type { Message, NewMessage, Received } from '../messages.ts'
import { measureDeleted, measureReceived, measureSent } from '../metrics.ts'
import { arnOf, ofArn } from '../names.ts'
import { codeOf } from '../query-names.ts'
import type { Queue, Sqs, SqsContext, SqsHandler, SlowSqsHandler } from '../state.ts'
import { arrival, arrived } from '../waiting.ts'

// --- sending ---------------------------------------------------------------------------------------------------------

interface Entry {
  MessageBody: string
  DelaySeconds?: number
  MessageAttributes?: Record<string, AttributeValue>
  MessageSystemAttributes?: Record<string, AttributeValue>
  MessageDeduplicationId?: string
  MessageGroupId?: string
}

export const sendMessage: SqsHandler = (input: Entry & { QueueUrl: string }, context) => {
  const { state } = context
  const queue = state.asked(input.QueueUrl, context)
  const message = newMessage(queue, input, context)
  const size = sizeOfMessage(message)
  const most = numberOf(queue, 'MaximumMessageSize')
  if (size > most)
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`)
  return sent(queue, message, { delay: input.DelaySeconds, size }, context)
}

function sizeOfMessage({ body, attributes }: NewMessage): number {
  return utf8(body).length + sizeOf(attributes)
}

function sent(
  queue: Queue,
  message: NewMessage,
  { delay, size }: { delay: number | undefined; size: number },
  context: SqsContext,
): object {
  const { id, sequence } = context.state
    .messages(queue)
    .send(message, delay === undefined ? numberOf(queue, 'DelaySeconds') : delay)
  context.afterwards(async () => arrived(queue.id))
  measureSent(queue, size, context)
  return {
    MD5OfMessageBody: message.md5,
    ...(message.digest !== undefined && { MD5OfMessageAttributes: message.digest }),
    ...(message.digestOfSystem !== undefined && { MD5OfMessageSystemAttributes: message.digestOfSystem }),
    MessageId: id,
    ...(isFifo(queue) && { SequenceNumber: sequence }),
  }
}

/** Throws InvalidParameterValue, MissingParameter, InvalidMessageContents. */
function newMessage(queue: Queue, entry: Entry, { caller, request }: CallContext): NewMessage {
  const { MessageBody: body, DelaySeconds: delay } = entry
  if (body === '') throw missingParameter('MessageBody')
  const stray = strayCharacter(body)
  if (stray !== undefined)
    throw sqsError(
      'InvalidMessageContents',
      `Invalid binary character '${stray}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`,
    )
  if (delay !== undefined && (delay < 0 || delay > 900))
    throw invalidValue('DelaySeconds', delay, 'DelaySeconds must be >= 0 and <= 900.')
  const attributes = checked(entry.MessageAttributes, 'user')
  const given = checked(entry.MessageSystemAttributes, 'system')
  const trace = request.headers['x-amzn-trace-id']
  // The header counts where the message says nothing; its digest is only of what was said.
  const system: Attributes = {
    ...(trace !== undefined && { AWSTraceHeader: { type: 'String', text: trace } }),
    ...given,
  }
  const { group, dedup } = isFifo(queue) ? inOrder(queue, entry) : unordered(entry)
  return {
    id: crypto.randomUUID(),
    body,
    md5: md5Hex(body),
    attributes,
    digest: digestOf(attributes),
    system,
    digestOfSystem: digestOf(given),
    sender: caller.principal.userId || caller.principal.arn,
    group,
    dedup,
  }
}

const idPattern = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/

function checkId(name: string, value: string): void {
  if (!idPattern.test(value))
    throw invalidValue(
      name,
      value,
      `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    )
}

function inOrder(queue: Queue, entry: Entry): { group: string; dedup: string } {
  const { MessageGroupId: group, DelaySeconds: delay, MessageBody: body } = entry
  if (delay !== undefined && delay !== 0)
    throw invalidValue('DelaySeconds', delay, 'The request include parameter that is not valid for this queue type.')
  if (group === undefined) throw missingParameter('MessageGroupId')
  checkId('MessageGroupId', group)
  const byContent = queue.attributes['ContentBasedDeduplication'] === 'true'
  const dedup = entry.MessageDeduplicationId ?? (byContent ? sha256Hex(body) : undefined)
  if (dedup === undefined)
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  checkId('MessageDeduplicationId', dedup)
  return { group, dedup }
}

/** A standard queue takes a group as the tenant of fair queues. */
function unordered({ MessageGroupId: group, MessageDeduplicationId: dedup }: Entry): {
  group?: string
  dedup?: string
} {
  if (dedup !== undefined)
    throw invalidValue(
      'MessageDeduplicationId',
      dedup,
      'The request includes a parameter that is not valid for this queue type.',
    )
  if (group !== undefined) checkId('MessageGroupId', group)
  return { group }
}

// --- receiving -------------------------------------------------------------------------------------------------------

interface ReceiveInput {
  QueueUrl: string
  AttributeNames?: string[]
  MessageSystemAttributeNames?: string[]
  MessageAttributeNames?: string[]
  MaxNumberOfMessages?: number
  VisibilityTimeout?: number
  WaitTimeSeconds?: number
  ReceiveRequestAttemptId?: string
}

/** How long what another process does may stay unseen, milliseconds. */
const glance = 250

export const receiveMessage: SlowSqsHandler = async (input: ReceiveInput, context) => {
  const started = context.clock().getTime()
  const began = performance.now()
  for (;;) {
    const { queue, received, wait, next } = await context.transaction((state) => {
      const asked = state.asked(input.QueueUrl, context)
      const seconds = checkReceive(asked, input)
      const messages = state.messages(asked)
      return { queue: asked, received: receivedNow(asked, input, state), wait: seconds, next: messages.nextReady() }
    })
    // The account's clock may be moved while somebody waits; then the waiting is over, too.
    const now = context.clock().getTime()
    const left = wait * 1000 - Math.max(performance.now() - began, now - started)
    if (received.length > 0 || left <= 0) {
      measureReceived(queue, received.length, context)
      return received.length > 0 ? { Messages: received.map((one) => toldOf(one, input)) } : {}
    }
    const untilReady = next === undefined ? Infinity : Math.max(1, next - now)
    await arrival(queue.id, Math.min(left, glance, untilReady))
    // Nobody would hear of what it took.
    if (context.request.gone?.()) return {}
  }
}

/** Throws InvalidParameterValue, InvalidAttributeName. The seconds to wait. */
function checkReceive(queue: Queue, input: ReceiveInput): number {
  const { MaxNumberOfMessages: most, WaitTimeSeconds: wait, VisibilityTimeout: timeout } = input
  if (most !== undefined && (most < 1 || most > 10))
    throw invalidValue('MaxNumberOfMessages', most, 'Must be between 1 and 10, if provided.')
  if (wait !== undefined && (wait < 0 || wait > 20))
    throw invalidValue('WaitTimeSeconds', wait, 'Must be >= 0 and <= 20, if provided.')
  checkTimeout(timeout)
  for (const name of [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])])
    if (!knownAttributes.includes(name)) throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
  if (input.ReceiveRequestAttemptId !== undefined) {
    if (!isFifo(queue))
      throw invalidValue(
        'ReceiveRequestAttemptId',
        input.ReceiveRequestAttemptId,
        'The request includes a parameter that is not valid for this queue type.',
      )
    checkId('ReceiveRequestAttemptId', input.ReceiveRequestAttemptId)
  }
  return wait ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')
}

const mostHidden = 43_200

function checkTimeout(timeout: number | undefined): void {
  if (timeout !== undefined && (timeout < 0 || timeout > mostHidden))
    throw invalidValue('VisibilityTimeout', timeout, 'VisibilityTimeout must be >= 0 and <= 43200.')
}

function receivedNow(queue: Queue, input: ReceiveInput, state: Sqs): Received[] {
  const timeout = input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')
  const attempt = input.ReceiveRequestAttemptId
  const messages = state.messages(queue)
  const again = attempt === undefined ? undefined : messages.again(attempt, timeout)
  if (again) return again
  const found = messages.receive(input.MaxNumberOfMessages ?? 1, timeout, (message) => bury(queue, message, state))
  if (attempt !== undefined && found.length > 0) messages.rememberAttempt(attempt, found)
  return found
}

/** Into the dead-letter queue, where there is one. */
function bury(queue: Queue, message: Message, state: Sqs): boolean {
  const name = ofArn(redriveOf(queue)!.target)
  const target = name && state.find(name)
  if (!target) return false
  state.messages(target).takeOver({ ...message, from: arnOf(queue) })
  return true
}

const knownAttributes: readonly string[] = [
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  // Asked for by clients that take a queue's attributes for a message's.
  'SqsManagedSseEnabled',
]

function toldOf({ sequence, message, handle }: Received, input: ReceiveInput): object {
  const names = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]
  const system = systemAttributes(sequence, message, names)
  const attributes = wanted(message.attributes, input.MessageAttributeNames ?? [])
  const some = Object.keys(attributes).length > 0
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(some && { MD5OfMessageAttributes: digestOf(attributes), MessageAttributes: valuesOf(attributes) }),
  }
}

/** By the names that are asked for, or `All`. */
export function systemAttributes(sequence: string, message: Message, names: readonly string[]): Record<string, string> {
  const trace = message.system['AWSTraceHeader']?.text
  const all: Record<string, string> = {
    SenderId: message.sender,
    ApproximateFirstReceiveTimestamp: String(message.firstReceived ?? ''),
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sent),
    ...(message.dedup !== undefined && { SequenceNumber: sequence, MessageDeduplicationId: message.dedup }),
    ...(message.group !== undefined && { MessageGroupId: message.group }),
    ...(trace !== undefined && { AWSTraceHeader: trace }),
    ...(message.from !== undefined && { DeadLetterQueueSourceArn: message.from }),
  }
  return names.includes('All') ? all : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

/** By name, `prefix.*`, `All`, `*` or `.*`. */
function wanted(attributes: Attributes, names: readonly string[]): Attributes {
  if (names.length === 0) return {}
  const matches = (name: string): boolean =>
    names.some(
      (asked) => ['All', '*', name].includes(asked) || (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
    )
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)))
}

function valuesOf(attributes: Attributes): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, bytes }]) => [
      name,
      { ...(text === undefined ? { BinaryValue: fromBase64(bytes!) } : { StringValue: text }), DataType: type },
    ]),
  )
}

// --- what was received -----------------------------------------------------------------------------------------------

export const deleteMessage: SqsHandler = ({ QueueUrl, ReceiptHandle }, context) => {
  remove(context.state.asked(QueueUrl, context), ReceiptHandle, context)
}

function remove(queue: Queue, handle: string, context: SqsContext): void {
  const { state, afterwards } = context
  const messages = state.messages(queue)
  const found = messages.byHandle(handle)
  if (!found) return
  if (isFifo(queue) && !found.last) throw invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.')
  messages.delete(found.sequence, found.message)
  measureDeleted(queue, context)
  if (isFifo(queue)) afterwards(async () => arrived(queue.id))
}

export const changeMessageVisibility: SqsHandler = ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, context) => {
  hide(context.state.asked(QueueUrl, context), ReceiptHandle, VisibilityTimeout, context)
}

function hide(queue: Queue, handle: string, timeout: number | undefined, { state, afterwards }: SqsContext): void {
  if (timeout === undefined) throw missingParameter('VisibilityTimeout')
  checkTimeout(timeout)
  const messages = state.messages(queue)
  const found = messages.byHandle(handle)
  if (!found || (isFifo(queue) && !found.last))
    throw invalidValue(
      'ReceiptHandle',
      handle,
      'Message does not exist or is not available for visibility timeout change.',
    )
  const { sequence, message } = found
  if (state.now() + timeout * 1000 > message.firstReceived! + mostHidden * 1000 && message.receives === 1)
    throw invalidValue(
      'VisibilityTimeout',
      timeout,
      `Total VisibilityTimeout for the message is beyond the limit [${mostHidden} seconds]`,
    )
  messages.hide(sequence, message, timeout)
  if (timeout === 0) afterwards(async () => arrived(queue.id))
}

// --- batches ---------------------------------------------------------------------------------------------------------

export const sendMessageBatch: SqsHandler = (
  { QueueUrl, Entries }: { QueueUrl: string; Entries: (Entry & { Id: string })[] },
  context,
) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  checkBatch(Entries, 'Send')
  // Of a FIFO queue all entries must name their group, before any is looked at.
  if (isFifo(queue) && Entries.some(({ MessageGroupId }) => MessageGroupId === undefined))
    throw invalidParameter('The request must contain the parameter MessageGroupId.')
  if (
    isFifo(queue) &&
    queue.attributes['ContentBasedDeduplication'] !== 'true' &&
    Entries.some(({ MessageDeduplicationId }) => MessageDeduplicationId === undefined)
  )
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  const most = numberOf(queue, 'MaximumMessageSize')
  let total = 0
  for (const { MessageBody = '', MessageAttributes } of Entries)
    total += utf8(MessageBody).length + looseSize(MessageAttributes)
  if (total > mostBytes)
    throw sqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${mostBytes} bytes. You have sent ${total} bytes.`,
    )
  return eachOf(Entries, (entry) => {
    const message = newMessage(queue, entry, context)
    const size = sizeOfMessage(message)
    if (size > most)
      throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`)
    return sent(queue, message, { delay: entry.DelaySeconds, size }, context)
  })
}

/** Before attributes are checked: what they would take. */
function looseSize(attributes: Record<string, AttributeValue> = {}): number {
  let size = 0
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes))
    size +=
      utf8(name).length +
      utf8(DataType).length +
      (StringValue === undefined ? (BinaryValue?.length ?? 0) : utf8(StringValue).length)
  return size
}

export const deleteMessageBatch: SqsHandler = (
  { QueueUrl, Entries }: { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string }[] },
  context,
) => {
  const queue = context.state.asked(QueueUrl, context)
  checkBatch(Entries, 'Delete')
  return eachOf(Entries, ({ ReceiptHandle }) => remove(queue, ReceiptHandle, context))
}

export const changeMessageVisibilityBatch: SqsHandler = (
  {
    QueueUrl,
    Entries,
  }: { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string; VisibilityTimeout?: number }[] },
  context,
) => {
  const queue = context.state.asked(QueueUrl, context)
  checkBatch(Entries, 'ChangeVisibility')
  return eachOf(Entries, ({ ReceiptHandle, VisibilityTimeout }) =>
    hide(queue, ReceiptHandle, VisibilityTimeout, context),
  )
}

/** Throws what makes all of a batch fail. */
function checkBatch(entries: readonly { Id: string }[], verb: string): void {
  if (entries.length === 0)
    throw sqsError(
      'EmptyBatchRequest',
      `There should be at least one ${verb === 'ChangeVisibility' ? 'ChangeMessageVisibility' : `${verb}Message`}BatchRequestEntry in the request.`,
    )
  if (entries.length > 10)
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  const seen = new Set<string>()
  for (const { Id } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id))
      throw sqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    if (seen.has(Id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`)
    seen.add(Id)
  }
}

/** Each entry by itself: what is wrong with one is told of that one. */
function eachOf<E extends { Id: string }>(entries: readonly E[], act: (entry: E) => object | void): object {
  const Successful: object[] = []
  const Failed: object[] = []
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: codeOf(error.code), Message: error.message })
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) }
}
