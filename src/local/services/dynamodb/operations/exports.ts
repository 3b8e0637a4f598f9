// ExportTableToPointInTime: a table as it is, into a bucket, as the caller may write there. It is done when its answer
// is there, though that says IN_PROGRESS, as AWS's does; what went wrong is told by DescribeExport.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
//
//   PREFIX/AWSDynamoDB/ID/_started
//   PREFIX/AWSDynamoDB/ID/data/RANDOM.json.gz           {"Item":{"id":{"S":"a"}}} in each line
//   PREFIX/AWSDynamoDB/ID/manifest-files.json, .md5     a line for each file of data
//   PREFIX/AWSDynamoDB/ID/manifest-summary.json, .md5

import { toBase64, utf8 } from '../../../../lib/bytes.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { md5, md5Hex } from '../../../../lib/hash.ts'
import { gzip } from '../../../../lib/inflate.ts'
import type { SlowHandler } from '../../../service.ts'
import { invalid, invalidValue, notBuilt } from '../errors.ts'
import { allItems } from '../items.ts'
import { arnOf, type Table } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'

/** A row of `exports`, by `account/region/id`. */
interface Export {
  readonly id: string
  readonly arn: string
  readonly tableArn: string
  readonly tableId: string
  readonly token: string
  readonly bucket: string
  readonly owner?: string
  readonly prefix?: string
  readonly algorithm: string
  readonly type?: string
  readonly started: number
  readonly ended: number
  readonly manifest: string
  readonly bytes: number
  readonly items: number
  readonly failure?: { readonly code: string; readonly message: string }
}

interface ExportTable {
  TableArn: string
  ExportTime?: Date
  ClientToken?: string
  S3Bucket: string
  S3BucketOwner?: string
  S3Prefix?: string
  S3SseAlgorithm?: string
  S3SseKmsKeyId?: string
  ExportFormat?: string
  ExportType?: string
}

/** How far back a table is still as it is now: what can be restored lies five minutes behind on AWS, too. */
const lag = 5 * 60_000

export const exportTableToPointInTime: SlowHandler<Dynamo, ExportTable> = async (input, context) => {
  const { ExportFormat = 'DYNAMODB_JSON', ExportType = 'FULL_EXPORT', ClientToken: token = crypto.randomUUID() } = input
  const { S3Prefix } = input
  const prefix = S3Prefix === undefined || S3Prefix === '' ? undefined : S3Prefix.replace(/\/$/, '')
  if (input.S3SseKmsKeyId !== undefined && input.S3SseAlgorithm !== 'KMS')
    throw invalid('Invalid Request: KMS Key Id is not supported for this encryption type')
  if (ExportFormat !== 'DYNAMODB_JSON') throw notBuilt(`export of DynamoDB as ${ExportFormat}`)
  if (ExportType !== 'FULL_EXPORT') throw notBuilt('incremental export of DynamoDB')
  const started = await context.transaction((state) => {
    const table = tableOf(input.TableArn, state)
    const known = all(state).find((one) => one.token === token)
    if (known && (known.tableArn !== arnOf(table) || known.bucket !== input.S3Bucket || known.prefix !== prefix))
      throw new AwsError(
        'ExportConflictException',
        'Export conflict: Duplicate request detected with conflicting parameters',
      )
    if (known) return { known }
    checkTime(input.ExportTime, table, state.now)
    return { table, now: state.now, bytes: state.counts(table).bytes, lines: linesOf(state, table) }
  })
  if (started.known) return { ExportDescription: described(started.known) }
  const { table, now, bytes, lines } = started
  const id = `${String(now).padStart(14, '0')}-${crypto.randomUUID().slice(0, 8)}`
  const folder = `${prefix === undefined ? '' : `${prefix}/`}AWSDynamoDB/${id}`
  const begun: Export = {
    id,
    arn: `${arnOf(table)}/export/${id}`,
    tableArn: arnOf(table),
    tableId: table.id,
    token,
    bucket: input.S3Bucket,
    ...(input.S3BucketOwner !== undefined && { owner: input.S3BucketOwner }),
    ...(input.ExportType !== undefined && { type: input.ExportType }),
    ...(prefix !== undefined && { prefix }),
    algorithm: input.S3SseAlgorithm ?? 'AES256',
    started: now,
    ended: now,
    manifest: `${folder}/manifest-summary.json`,
    bytes,
    items: lines.length,
  }
  const put = async (key: string, body: Uint8Array): Promise<void> => {
    await context.call('s3', 'PutObject', { Bucket: input.S3Bucket, Key: `${folder}/${key}`, Body: body })
  }
  const failure = await written(begun, folder, lines, put).then(() => undefined, failureOf)
  const done: Export = { ...begun, ...(failure && { failure }) }
  await context.transaction((state) => state.rows.put('exports', rowOf(state, id), done))
  return { ExportDescription: { ...described(begun), ...unfinished } }
}

/** What is not known yet when an export begins. */
const unfinished = {
  ExportStatus: 'IN_PROGRESS',
  EndTime: undefined,
  ExportManifest: undefined,
  BilledSizeBytes: undefined,
  ItemCount: undefined,
}

function tableOf(arn: string, state: Dynamo): Table {
  if (!arn.startsWith('arn:')) throw invalidValue('tableArn is not a valid ARN')
  if (!/:table\/[^/]+$/.test(arn)) throw invalid('Invalid Request: Table ARN is invalid.')
  checkOwner(arn, state)
  const table = state.find(arn)
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${arn}`)
  if (!table.recovery)
    throw new AwsError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${table.name}'`,
    )
  return table
}

/** Throws AccessDeniedException for what is another account's. */
export function checkOwner(arn: string, { account }: Dynamo): void {
  if (arn.split(':')[4] !== account) throw new AwsError('AccessDeniedException', 'Access is denied')
}

function checkTime(time: Date | undefined, { recovery }: Table, now: number): void {
  if (time === undefined) return
  if (time.getTime() > now || time.getTime() < recovery!.since)
    throw new AwsError('InvalidExportTimeException', 'Export Time is invalid')
  if (time.getTime() < now - lag) throw notBuilt('history of tables: ExportTableToPointInTime takes them as they are')
}

function linesOf(state: Dynamo, table: Table): string[] {
  return [...allItems(state, table)].map(({ entry }) => `${JSON.stringify({ Item: entry.item })}\n`)
}

async function written(
  one: Export,
  folder: string,
  lines: readonly string[],
  put: (key: string, body: Uint8Array) => Promise<void>,
): Promise<void> {
  await put('_started', new Uint8Array(0))
  const data = gzip(utf8(lines.join('')))
  const name = `data/${crypto.randomUUID().replaceAll('-', '').slice(0, 26)}.json.gz`
  await put(name, data)
  const file = {
    itemCount: lines.length,
    md5Checksum: toBase64(md5(data)),
    etag: md5Hex(data),
    dataFileS3Key: `${folder}/${name}`,
  }
  await withSum('manifest-files.json', `${JSON.stringify(file)}\n`)
  const moment = new Date(one.started).toISOString()
  await withSum(
    'manifest-summary.json',
    JSON.stringify({
      version: '2023-08-01',
      exportArn: one.arn,
      startTime: moment,
      endTime: moment,
      tableArn: one.tableArn,
      tableId: one.tableId,
      exportTime: moment,
      s3Bucket: one.bucket,
      s3Prefix: one.prefix ?? null,
      s3SseAlgorithm: one.algorithm,
      s3SseKmsKeyId: null,
      manifestFilesS3Key: `${folder}/manifest-files.json`,
      billedSizeBytes: one.bytes,
      itemCount: one.items,
      outputFormat: 'DYNAMODB_JSON',
      outputView: 'NEW_IMAGE',
      exportType: 'FULL_EXPORT',
    }),
  )

  async function withSum(key: string, content: string): Promise<void> {
    await put(key, utf8(content))
    await put(key.replace(/json$/, 'md5'), utf8(toBase64(md5(utf8(content)))))
  }
}

/** What S3 refused. Throws what is no answer of a service. */
export function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof AwsError)) throw error
  const code = /^(NoSuchBucket|AccessDenied)$/.test(error.code) ? `S3${error.code}` : 'S3Error'
  const status = `Status Code: ${error.status}; Error Code: ${error.code}`
  return { code, message: `${error.message} (Service: Amazon S3; ${status})` }
}

function rowOf({ account, region }: Dynamo, id: string): string {
  return `${account}/${region}/${id}`
}

function all(state: Dynamo): Export[] {
  return state.rows.scan<any>('exports', { prefix: rowOf(state, '') }).map(({ value }) => value as Export)
}

function statusOf({ failure }: Export): string {
  return failure ? 'FAILED' : 'COMPLETED'
}

function described(one: Export): object {
  return {
    ExportArn: one.arn,
    ExportStatus: statusOf(one),
    StartTime: new Date(one.started),
    EndTime: new Date(one.ended),
    ...(!one.failure && { ExportManifest: one.manifest, BilledSizeBytes: one.bytes, ItemCount: one.items }),
    TableArn: one.tableArn,
    TableId: one.tableId,
    ExportTime: new Date(one.started),
    ClientToken: one.token,
    S3Bucket: one.bucket,
    S3BucketOwner: one.owner,
    S3Prefix: one.prefix,
    S3SseAlgorithm: one.algorithm,
    FailureCode: one.failure?.code,
    FailureMessage: one.failure?.message,
    ExportFormat: 'DYNAMODB_JSON',
    ExportType: one.type,
  }
}

export const describeExport: DynamoHandler<{ ExportArn: string }> = ({ ExportArn }, { state }) => {
  if (!ExportArn.includes('/export/')) throw invalid('Invalid Export ARN')
  checkOwner(ExportArn, state)
  const found = all(state).find(({ arn }) => arn === ExportArn)
  if (!found) throw new AwsError('ExportNotFoundException', `Export not found: ${ExportArn}`)
  return { ExportDescription: described(found) }
}

interface ListExports {
  TableArn?: string
  MaxResults?: number
  NextToken?: string
}

export const listExports: DynamoHandler<ListExports> = ({ TableArn, MaxResults = 25, NextToken }, { state }) => {
  // Those of a table are gone with it, though they can be described still. The newest is first.
  const table = TableArn === undefined ? undefined : state.find(TableArn)
  const found = all(state)
    .filter(
      ({ id, tableId }) =>
        (TableArn === undefined || tableId === table?.id) && (NextToken === undefined || id < NextToken),
    )
    .toSorted((one, other) => (one.id > other.id ? -1 : 1))
  const page = found.slice(0, MaxResults)
  return {
    ExportSummaries: page.map((one) => ({
      ExportArn: one.arn,
      ExportStatus: statusOf(one),
      ExportType: 'FULL_EXPORT',
    })),
    ...(page.length < found.length && { NextToken: page.at(-1)!.id }),
  }
}
