// Where a bucket's events go: each destination is asked whether it lets S3 in, and gets a test event.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html

import { AwsError } from '../../../../lib/errors.ts'
import type { Structure } from '../../../../lib/value.ts'
import { invalidArgument, malformedXml, notImplemented, s3Error } from '../errors.ts'
import { tell, testEvent, type Destination, type Notifications } from '../events.ts'
import type { Bucket } from '../records.ts'
import type { S3Handler, SlowS3Handler } from '../state.ts'

interface Given {
  Id?: string
  QueueArn?: string
  TopicArn?: string
  Events?: string[]
  Filter?: { Key?: { FilterRules?: { Name?: string; Value?: string }[] } }
}

const known: ReadonlySet<string> = new Set(
  [
    ['ReducedRedundancyLostObject'],
    ['ObjectCreated', '*', 'Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
    ['ObjectRemoved', '*', 'Delete', 'DeleteMarkerCreated'],
    ['ObjectRestore', '*', 'Post', 'Completed', 'Delete'],
    ['Replication', '*', 'OperationFailedReplication', 'OperationMissedThreshold'],
    ['Replication', 'OperationReplicatedAfterThreshold', 'OperationNotTracked'],
    ['LifecycleTransition'],
    ['IntelligentTiering'],
    ['ObjectAcl', 'Put'],
    ['LifecycleExpiration', '*', 'Delete', 'DeleteMarkerCreated'],
    ['ObjectTagging', '*', 'Put', 'Delete'],
  ].flatMap(([kind, ...what]) => (what.length > 0 ? what.map((each) => `s3:${kind}:${each}`) : [`s3:${kind}`])),
)

export const putBucketNotificationConfiguration: SlowS3Handler = async (input, context) => {
  const { Bucket: name, NotificationConfiguration: given, SkipDestinationValidation: unchecked } = input
  if (given?.LambdaFunctionConfigurations?.length)
    throw notImplemented('The local AWS does not deliver the events of S3 to Lambda yet.')
  const queues: Given[] = given?.QueueConfigurations ?? []
  const topics: Given[] = given?.TopicConfigurations ?? []
  const destinations = [
    ...topics.map((one) => destinationOf(one, 'topic')),
    ...queues.map((one) => destinationOf(one, 'queue')),
  ]
  checkTogether(destinations)
  const bucket = await context.transaction((state) => state.bucket(name))
  for (const destination of destinations) checkPlace(destination, bucket)
  const detail: Structure = {}
  for (const destination of unchecked ? [] : destinations)
    await tell(destination, bucket, testEvent(bucket, context.clock()), context).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      const number = Object.keys(detail).length / 2 + 1
      detail[`ArgumentName${number}`] = destination.arn
      detail[`ArgumentValue${number}`] = whyUnreachable(destination, error)
    })
  if (Object.keys(detail).length > 0) throw unable(detail)
  await context.transaction((state) => {
    const { notifies: _before, ...rest } = state.bucket(name)
    const some = destinations.length > 0
    state.putBucket({ ...rest, ...(some && { notifies: true }) })
    const kept: Notifications = { destinations, ...(given?.EventBridgeConfiguration && { eventBridge: true }) }
    if (some || kept.eventBridge) state.putConfiguration(name, 'notification', kept)
    else state.deleteConfiguration(name, 'notification')
  })
}

/** Throws InvalidArgument, MalformedXML. */
function destinationOf({ Id, QueueArn, TopicArn, Events, Filter }: Given, kind: Destination['kind']): Destination {
  const arn = kind === 'queue' ? QueueArn : TopicArn
  const service = kind === 'queue' ? 'sqs' : 'sns'
  if (arn === undefined || !Events?.length) throw malformedXml()
  if (!new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:[\\w-]+(\\.fifo)?$`).test(arn))
    throw invalidArgument('The ARN could not be parsed', kind === 'queue' ? 'Queue' : 'Topic', arn)
  const stray = Events.find((event) => !known.has(event))
  if (stray !== undefined)
    throw invalidArgument('A specified event is not supported for notifications.', 'Event', stray)
  return { Id: Id ?? crypto.randomUUID(), kind, arn, events: Events, rules: rulesOf(Filter) }
}

function rulesOf(filter: Given['Filter']): Destination['rules'] {
  const rules = (filter?.Key?.FilterRules ?? []).map(({ Name = '', Value = '' }) => {
    if (!/^(prefix|suffix)$/i.test(Name))
      throw invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name', Name)
    if (Value.length > 1024)
      throw invalidArgument('filter rule value cannot exceed 1024 bytes', 'FilterRule.Value', Value)
    return { Name: /^prefix$/i.test(Name) ? ('Prefix' as const) : ('Suffix' as const), Value }
  })
  for (const name of ['Prefix', 'Suffix'])
    if (rules.filter((rule) => rule.Name === name).length > 1)
      throw invalidArgument(
        `Cannot specify more than one ${name.toLowerCase()} rule in a filter.`,
        'FilterRule.Name',
        name.toLowerCase(),
      )
  return rules
}

/** No two may want the same event of the same key. */
function checkTogether(destinations: readonly Destination[]): void {
  if (new Set(destinations.map(({ Id }) => Id)).size < destinations.length)
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique', 'Id')
  destinations.forEach((one, at) => {
    for (const other of destinations.slice(at + 1))
      if (one.events.some((event) => other.events.some((each) => overlap(event, each))) && shareKeys(one, other))
        throw invalidArgument(
          'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
        )
  })
}

function overlap(one: string, other: string): boolean {
  const covers = (wide: string, narrow: string): boolean => wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1))
  return one === other || covers(one, other) || covers(other, one)
}

function shareKeys(one: Destination, other: Destination): boolean {
  const rule = ({ rules }: Destination, name: string): string => rules.find(({ Name }) => Name === name)?.Value ?? ''
  const [prefix, prefix2] = [rule(one, 'Prefix'), rule(other, 'Prefix')]
  const [suffix, suffix2] = [rule(one, 'Suffix'), rule(other, 'Suffix')]
  return (
    (prefix.startsWith(prefix2) || prefix2.startsWith(prefix)) && (suffix.endsWith(suffix2) || suffix2.endsWith(suffix))
  )
}

function checkPlace({ kind, arn }: Destination, { region }: Bucket): void {
  if (arn.split(':')[3] !== region)
    throw invalidArgument(
      'The notification destination service region is not valid for the bucket location constraint',
      kind === 'queue' ? 'Queue' : 'Topic',
      arn,
    )
  if (arn.endsWith('.fifo'))
    throw unable({
      ArgumentName1: arn,
      ArgumentValue1: `FIFO ${kind === 'queue' ? 'SQS queues' : 'SNS topics'} are not supported`,
    })
}

function whyUnreachable({ kind }: Destination, { code }: AwsError): string {
  const missing = code === 'QueueDoesNotExist' || code === 'NotFound'
  return missing
    ? `The destination ${kind} does not exist`
    : `Permissions on the destination ${kind} do not allow S3 to publish notifications from this bucket`
}

function unable(detail: Structure): AwsError {
  return s3Error(400, 'InvalidArgument', 'Unable to validate the following destination configurations', detail)
}

export const getBucketNotificationConfiguration: S3Handler = ({ Bucket: name }, { state }) => {
  const { destinations = [], eventBridge } = state.configuration<Notifications>(name, 'notification') ?? {}
  const of = (kind: Destination['kind'], member: string): object[] =>
    destinations
      .filter((one) => one.kind === kind)
      .map(({ Id, arn, events, rules }) => ({
        Id,
        [member]: arn,
        Events: events,
        ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
      }))
  const [topics, queues] = [of('topic', 'TopicArn'), of('queue', 'QueueArn')]
  return {
    ...(topics.length > 0 && { TopicConfigurations: topics }),
    ...(queues.length > 0 && { QueueConfigurations: queues }),
    ...(eventBridge && { EventBridgeConfiguration: {} }),
  }
}
