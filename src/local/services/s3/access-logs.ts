// Server access logs: a line for each request to a bucket that asks for them, delivered to another bucket some time after.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
//
// A line is noted when its request ends. When the hour is over, by the account's clock, `due` puts what was noted in it into
// objects, as the service that AWS calls logging.s3.amazonaws.com: the target's policy or list must let it in.

import { AwsError } from '../../../lib/errors.ts'
import { utf8 } from '../../../lib/bytes.ts'
import { hostId } from '../../../wire/rest-xml.ts'
import type { Background, Ended } from '../../service.ts'
import { pointArn } from './access-points.ts'
import { bucketArn, canonicalId } from './names.ts'
import type { Bucket, LogTarget } from './records.ts'
import type { S3, S3Context } from './state.ts'
import { waysOf } from './through.ts'

export const logService = 'logging.s3.amazonaws.com'

/** A noted line. */
export interface Line {
  /** The bucket that was asked. */
  source: string
  time: number
  target: LogTarget
  text: string
}

/** Sees to it that the request is noted, where its bucket wants that. */
export function noteAccess(bucket: Bucket, key: string | undefined, context: S3Context): void {
  const { logs } = bucket
  if (!logs || context.caller.principal.type === 'Service') return
  const time = context.clock().getTime()
  context.atEnd(async (ended) => {
    const text = lineOf(bucket, key, context, ended)
    await ended.transaction((state: S3) => state.putLine({ source: bucket.name, time, target: logs, text }))
  })
}

function lineOf(bucket: Bucket, key: string | undefined, context: S3Context, { response, error }: Ended): string {
  const { request, caller, requestId, clock, sourceIp } = context
  const signed = caller.accessKeyId !== undefined
  const { point } = waysOf(context)
  const byQuery = /(?:^|&)(?:X-Amz-)?Signature=/.test(request.query)
  const sent = response.headers['content-length']
  const size =
    response.headers['content-range']?.split('/')[1] ??
    (request.method === 'PUT' ? request.headers['content-length'] : sent)
  const fields = [
    canonicalId(bucket.owner),
    bucket.name,
    `[${logTime(clock())}]`,
    sourceIp,
    signed ? (caller.principal.type === 'Account' ? canonicalId(caller.accountId) : caller.principal.arn) : undefined,
    requestId,
    operationOf(context, key !== undefined),
    key === undefined ? undefined : encodeURIComponent(key).replaceAll('%2F', '/'),
    quoted(`${request.method} ${request.path}${request.query && `?${request.query}`} HTTP/1.1`),
    response.status,
    error?.code,
    sent === '0' ? undefined : sent,
    key === undefined ? undefined : size,
    1,
    1,
    quoted(request.headers['referer']),
    quoted(request.headers['user-agent']),
    response.headers['x-amz-version-id'],
    hostId(requestId),
    signed ? 'SigV4' : undefined,
    undefined,
    signed ? (byQuery ? 'QueryString' : 'AuthHeader') : undefined,
    request.host,
    undefined,
    point && pointArn(point),
    undefined,
  ]
  return `${fields.map((field) => field ?? '-').join(' ')}\n`
}

function quoted(text: string | undefined): string {
  return text === undefined ? '"-"' : `"${text.replaceAll('"', '%22')}"`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `06/Feb/2019:00:00:38 +0000` */
function logTime(now: Date): string {
  const [date, time] = now.toISOString().split('T') as [string, string]
  const [year, month, day] = date.split('-') as [string, string, string]
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}

/** Where the resource is not called as its query parameter is. */
const resources: Readonly<Record<string, string>> = {
  delete: 'MULTI_OBJECT_DELETE',
  logging: 'LOGGING_STATUS',
  policy: 'BUCKETPOLICY',
  notification: 'NOTIFICATION',
  partNumber: 'PART',
  uploadId: 'UPLOAD',
  versions: 'BUCKETVERSIONS',
}

/** `REST.GET.OBJECT`, `REST.PUT.PART`, `REST.GET.VERSIONING` … */
function operationOf({ operation, request }: S3Context, ofObject: boolean): string {
  if (operation === 'CopyObject') return 'REST.COPY.OBJECT'
  if (operation === 'UploadPartCopy') return 'REST.COPY.PART'
  const asked = request.query.split('&').map((pair) => pair.split('=')[0]!)
  const named = asked.find((name) => resources[name] ?? (/^[a-z]+$/i.test(name) && !plain.has(name)))
  const resource = named ? (resources[named] ?? named.toUpperCase()) : ofObject ? 'OBJECT' : 'BUCKET'
  return `REST.${request.method}.${resource}`
}

/** Parameters that say how, not what. */
const plain = new Set(['prefix', 'delimiter', 'marker', 'versionId', 'Signature', 'Expires', 'AWSAccessKeyId'])

/** Delivers lines: one object for each bucket that was asked and place it logs to. S3 promises no line. */
export async function deliverLines(lines: readonly Line[], background: Background<S3>): Promise<void> {
  const { transaction, callAs } = background
  const files = new Map<string, Line[]>()
  for (const line of lines) {
    const file = JSON.stringify([line.source, line.target])
    files.set(file, [...(files.get(file) ?? []), line])
  }
  for (const [first, ...more] of files.values()) {
    const source = await transaction((state) => state.findBucket(first!.source))
    if (!source) continue
    const by = { service: logService, sourceArn: bucketArn(source.name), sourceAccount: source.owner }
    const where = { account: source.owner, region: source.region }
    const Body = utf8([first!, ...more].map((line) => line.text).join(''))
    const object = { Bucket: first!.target.bucket, Key: keyOf(first!, source), Body, ContentType: 'text/plain' }
    // A bucket that no longer lets it in gets nothing; S3 says nothing of it.
    await callAs(by, 's3', 'PutObject', object, where).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
    })
  }
}

function keyOf({ target, time }: Line, source: Bucket): string {
  const moment = new Date(time).toISOString()
  const [year, month, day] = moment.slice(0, 10).split('-')
  const folder = target.partitioned ? `${source.owner}/${source.region}/${source.name}/${year}/${month}/${day}/` : ''
  const unique = crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
  return `${target.prefix}${folder}${moment.slice(0, 19).replaceAll(/[T:]/g, '-')}-${unique}`
}
