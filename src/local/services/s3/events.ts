// What happens in a bucket, and who is told of it? The events of S3, by the bucket's notification configuration, into
// queues and topics whose policies let S3 in.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import { AwsError } from '../../../lib/errors.ts'
import type { CallContext } from '../../service.ts'
import { bucketArn, canonicalId } from './names.ts'
import type { Bucket, Version } from './records.ts'
import { newRequestId } from './request-id.ts'
import type { S3Context } from './state.ts'

/** Without `s3:` before it. */
type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'ObjectRestore:Post'
  | 'ObjectRestore:Completed'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete'
  | 'ObjectAcl:Put'
  | 'LifecycleExpiration:Delete'
  | 'LifecycleExpiration:DeleteMarkerCreated'
  | 'LifecycleTransition'

/** A destination of a bucket, as it is kept. */
export interface Destination {
  Id: string
  kind: 'queue' | 'topic'
  arn: string
  /** `s3:ObjectCreated:*` … */
  events: string[]
  rules: { Name: 'Prefix' | 'Suffix'; Value: string }[]
}

export interface Notifications {
  destinations: Destination[]
  eventBridge?: true
}

interface Facts {
  readonly key: string
  readonly version?: Version
  /** Members of the record beside `s3`: glacierEventData, lifecycleEventData. */
  readonly more?: object
}

/** Tells whoever wants to hear it, once the transaction is through. Called inside it. */
export function announce(name: EventName, bucket: Bucket, facts: Facts, context: S3Context): void {
  if (!bucket.notifies) return
  const { destinations } = context.state.configuration<Notifications>(bucket.name, 'notification')!
  for (const destination of destinations) {
    if (!wants(destination, name, facts.key)) continue
    const record = recordOf(name, bucket, facts, destination, context)
    context.afterwards(() => tell(destination, bucket, { Records: [record] }, context).catch(dropped))
  }
}

/** Whoever does not let S3 in any more is not told; S3 says nothing of it. */
function dropped(error: unknown): void {
  if (!(error instanceof AwsError)) throw error
}

function wants({ events, rules }: Destination, name: EventName, key: string): boolean {
  return (
    events.some((event) => event === `s3:${name}` || event === `s3:${name.split(':')[0]}:*`) &&
    rules.every(({ Name, Value }) => (Name === 'Prefix' ? key.startsWith(Value) : key.endsWith(Value)))
  )
}

/** Throws the AwsError of the queue or topic. */
export async function tell(
  { kind, arn }: Pick<Destination, 'kind' | 'arn'>,
  bucket: Bucket,
  message: object,
  { callAs, request }: Pick<CallContext, 'callAs' | 'request'>,
): Promise<void> {
  const [, , , region, account, name] = arn.split(':') as [string, string, string, string, string, string]
  const by = { service: 's3.amazonaws.com', sourceArn: bucketArn(bucket.name), sourceAccount: bucket.owner }
  const text = JSON.stringify(message)
  const trace = request.headers['x-amzn-trace-id']
  const where = { account, region }
  if (kind === 'topic')
    await callAs(by, 'sns', 'Publish', { TopicArn: arn, Message: text, Subject: 'Amazon S3 Notification' }, where)
  else {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`
    const traced = trace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }
    await callAs(by, 'sqs', 'SendMessage', { QueueUrl, MessageBody: text, ...traced }, where)
  }
}

/** Who did it, in S3's words: `AWS:AIDA…`; the rules of a lifecycle are S3 itself. */
function doer(name: EventName, { caller, sourceIp }: CallContext): { id: string; address: string } {
  if (name.startsWith('Lifecycle') || caller.principal.type === 'Service')
    return { id: 's3.amazonaws.com', address: 's3.amazonaws.com' }
  const { principal } = caller
  return { id: principal.type === 'Anonymous' ? 'Anonymous' : `AWS:${principal.userId}`, address: sourceIp }
}

function recordOf(name: EventName, bucket: Bucket, facts: Facts, { Id }: Destination, context: S3Context): object {
  const { id, address } = doer(name, context)
  const { key, version, more } = facts
  const isGone = name === 'ObjectRemoved:Delete' || name === 'LifecycleExpiration:Delete'
  // What changes only what is said of an object is told without its size, and in no order.
  const isAside = /^Object(Tagging|Acl):/.test(name)
  const now = context.clock()
  return {
    eventVersion: /^Object(Created|Removed)/.test(name) ? '2.1' : '2.3',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: now.toISOString(),
    eventName: name,
    userIdentity: { principalId: id },
    requestParameters: { sourceIPAddress: address },
    responseElements: { 'x-amz-request-id': context.requestId, 'x-amz-id-2': btoa(context.requestId).repeat(2) },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: Id,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: canonicalId(bucket.owner).slice(0, 14).toUpperCase() },
        arn: bucketArn(bucket.name),
      },
      object: {
        key: encodedKey(key),
        ...(version && !isGone && !isAside && !version.deleted && { size: version.size }),
        ...(version && !isGone && { eTag: version.deleted ? emptyEtag : version.etag }),
        ...(version && bucket.versioning && version.id !== 'null' && { versionId: version.id }),
        ...(!isAside && {
          sequencer: (version?.seq ?? now.getTime()).toString(16).toUpperCase().padStart(18, '0'),
        }),
      },
    },
    ...more,
  }
}

const emptyEtag = 'd41d8cd98f00b204e9800998ecf8427e'

/** As a form has it: `red+flower.jpg`. */
function encodedKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
}

/** What a destination gets when it is named in a configuration. */
export function testEvent({ name }: Bucket, now: Date): object {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: now.toISOString(),
    Bucket: name,
    RequestId: newRequestId(),
    HostId: btoa(newRequestId() + newRequestId() + newRequestId()),
  }
}
