// What can be set on a queue, to which values, and what does a queue say of itself?
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

import { resourcePolicyProblem } from '../../../policy/validate.ts'
import { invalidAttribute, invalidValue, sqsError, unknownAttribute } from './errors.ts'
import { arnOf, keyOf, ofArn } from './names.ts'
import type { Queue, Sqs } from './state.ts'

type Given = Readonly<Record<string, string>>

/** The largest message, and batch; it was 262144 until 2025. */
export const mostBytes = 1_048_576

const ranges: Readonly<Record<string, readonly [least: number, most: number, usual: number]>> = {
  VisibilityTimeout: [0, 43_200, 30],
  MaximumMessageSize: [1024, mostBytes, mostBytes],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  DelaySeconds: [0, 900, 0],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
}

// Whether they are true may be said in capitals, as Python's str(True) does.
const flags: readonly string[] = ['FifoQueue', 'SqsManagedSseEnabled', 'ContentBasedDeduplication']

const choices: Readonly<Record<string, readonly string[]>> = {
  SqsManagedSseEnabled: ['true', 'false'],
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
}

const fifoOnly: readonly string[] = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']
const documents: readonly string[] = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy']
const counted: readonly string[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

/** A number of the queue: what was set, else the default. */
export function numberOf({ attributes }: Pick<Queue, 'attributes'>, name: string): number {
  return Number(attributes[name] ?? ranges[name]![2])
}

export function isFifo({ name }: Pick<Queue, 'name'>): boolean {
  return name.endsWith('.fifo')
}

export function redriveOf({ attributes }: Pick<Queue, 'attributes'>): { target: string; most: number } | undefined {
  if (!attributes['RedrivePolicy']) return undefined
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes['RedrivePolicy'])
  return { target: deadLetterTargetArn, most: Number(maxReceiveCount) }
}

/** What was given, as it is kept: `True` is `true`. */
export function asKept(given: Given): Given {
  const entries = Object.entries(given)
  return Object.fromEntries(entries.map(([name, value]) => [name, flags.includes(name) ? value.toLowerCase() : value]))
}

/** Throws InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue. The attributes as they are then kept. */
export function changed(queue: Queue, given: Given, sqs: Sqs): Record<string, string> {
  const attributes = { ...queue.attributes }
  for (const [name, value] of Object.entries(given)) {
    if (name === 'FifoQueue') checkKind(queue, value)
    else check(queue, name, value, sqs)
    if (name === 'FifoQueue') continue
    if (value === '' && (documents.includes(name) || name === 'KmsMasterKeyId')) delete attributes[name]
    else attributes[name] = value
  }
  checkEncryption(attributes, given)
  if (attributes['FifoThroughputLimit'] === 'perMessageGroupId' && attributes['DeduplicationScope'] !== 'messageGroup')
    throw invalidAttribute(
      'FifoThroughputLimit',
      'perMessageGroupId is only allowed when DeduplicationScope is messageGroup.',
    )
  return attributes
}

function checkKind(queue: Queue, value: string): void {
  if (!isFifo(queue)) throw unknownAttribute('FifoQueue')
  if (value !== 'true') throw invalidAttribute('FifoQueue', 'Modifying queue type is not supported.')
}

function check(queue: Queue, name: string, value: string, sqs: Sqs): void {
  const range = ranges[name]
  if (range) {
    const number = Number(value)
    if (!/^\d{1,9}$/.test(value) || number < range[0] || number > range[1]) throw invalidAttribute(name)
    return
  }
  if (choices[name]) {
    if (fifoOnly.includes(name) && !isFifo(queue))
      throw sqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
    if (!choices[name].includes(value)) throw invalidAttribute(name)
    return
  }
  if (name === 'KmsMasterKeyId') return
  if (!documents.includes(name)) throw unknownAttribute(name)
  if (value === '') return
  if (name === 'Policy') {
    if (resourcePolicyProblem(value) !== undefined) throw invalidAttribute('Policy')
  } else if (name === 'RedrivePolicy') checkRedrive(queue, value, sqs)
  else checkRedriveAllow(value)
}

/** One kind of encryption at a time: naming the one switches the other off, unless both are asked for. */
function checkEncryption(attributes: Record<string, string>, given: Given): void {
  if (!attributes['KmsMasterKeyId']) return
  const managed = given['SqsManagedSseEnabled'] === 'true'
  if (managed)
    throw sqsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  attributes['SqsManagedSseEnabled'] = 'false'
}

function mapIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function checkRedrive(queue: Queue, text: string, sqs: Sqs): void {
  const wrong = (reason: string): Error => invalidValue('RedrivePolicy', text, reason)
  const policy = mapIn(text)
  if (!policy) throw wrong('Redrive policy is not a valid JSON map.')
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount'])
    if (policy[name] === undefined || policy[name] === null || policy[name] === '')
      throw wrong(`Redrive policy does not contain mandatory attribute: ${name}.`)
  const { deadLetterTargetArn: arn, maxReceiveCount: most } = policy
  const target = typeof arn === 'string' ? ofArn(arn) : undefined
  if (!target) throw wrong('Invalid value for deadLetterTargetArn.')
  if (!/^\d{1,4}$/.test(String(most)) || Number(most) < 1 || Number(most) > 1000)
    throw wrong(`Invalid value for maxReceiveCount: ${String(most)}, valid values are from 1 to 1000 both inclusive.`)
  const found = target.account === queue.account && target.region === queue.region ? sqs.find(target) : undefined
  if (!found) throw wrong('Dead letter target does not exist.')
  if (isFifo(found) !== isFifo(queue)) throw wrong('Dead-letter queue must be same type of queue as the source.')
  if (!mayBeTarget(found, queue)) throw wrong('Dead letter target does not allow this queue as a source.')
}

/** Whether the target's RedriveAllowPolicy lets that queue redrive to it. */
function mayBeTarget({ attributes }: Queue, source: Queue): boolean {
  if (!attributes['RedriveAllowPolicy']) return true
  const { redrivePermission, sourceQueueArns = [] } = JSON.parse(attributes['RedriveAllowPolicy'])
  if (redrivePermission === 'denyAll') return false
  return redrivePermission !== 'byQueue' || (sourceQueueArns as string[]).includes(arnOf(source))
}

function checkRedriveAllow(text: string): void {
  const wrong = (reason: string): Error => invalidValue('RedriveAllowPolicy', text, reason)
  const policy = mapIn(text)
  if (!policy) throw wrong("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
  const { redrivePermission: permission, sourceQueueArns: sources } = policy
  if (!['allowAll', 'denyAll', 'byQueue'].includes(String(permission)))
    throw wrong("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
  const listed = Array.isArray(sources)
  if (permission === 'byQueue' ? !listed || sources.length < 1 || sources.length > 10 : sources !== undefined)
    throw wrong("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
}

/** Whether what is asked for is what there is: CreateQueue of a queue that is there. The first that differs. */
export function different(queue: Queue, given: Given): string | undefined {
  const now = settings(queue)
  return Object.keys(given).find((name) => !same(now[name] ?? '', given[name]!))
}

/** Documents are compared by what they say. */
function same(one: string, other: string): boolean {
  return one === other || JSON.stringify(mapIn(one) ?? one) === JSON.stringify(mapIn(other) ?? other)
}

function settings(queue: Queue): Record<string, string> {
  const { attributes } = queue
  const fifo = { FifoQueue: 'true', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' }
  const numbers = Object.keys(ranges).filter((name) => name !== 'KmsDataKeyReusePeriodSeconds')
  return {
    ...Object.fromEntries(numbers.map((name) => [name, String(ranges[name]![2])])),
    ...(isFifo(queue) && { ...fifo, ContentBasedDeduplication: 'false' }),
    ...(attributes['KmsMasterKeyId'] && { KmsDataKeyReusePeriodSeconds: '300' }),
    SqsManagedSseEnabled: 'true',
    ...attributes,
  }
}

/** What GetQueueAttributes answers. Throws InvalidAttributeName. */
export function told(queue: Queue, names: readonly string[], sqs: Sqs): Record<string, string> {
  const known = [...counted, 'QueueArn', 'CreatedTimestamp', 'LastModifiedTimestamp', ...Object.keys(choices)]
  const all = [...known, ...Object.keys(ranges), ...documents, 'KmsMasterKeyId', 'FifoQueue']
  for (const name of names) if (name !== 'All' && !all.includes(name)) throw unknownAttribute(name)
  const wanted = (name: string): boolean => names.includes('All') || names.includes(name)
  const counts = counted.some(wanted) ? sqs.messages(queue).counts() : undefined
  const values: Record<string, string> = {
    QueueArn: arnOf(queue),
    ...(counts && {
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    }),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ...settings(queue),
  }
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)))
}

/** The queues that send their dead letters to this one, by their keys. */
export function sourcesOf(queue: Queue, sqs: Sqs): Queue[] {
  const arn = arnOf(queue)
  const sources = sqs
    .queues({ account: queue.account, region: queue.region })
    .filter((one) => redriveOf(one)?.target === arn)
  return sources.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
