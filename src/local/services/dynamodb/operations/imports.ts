// ImportTable: a new table of what stands in a bucket, read as the caller may read there. It is done when its answer is
// there, though that says IN_PROGRESS, as AWS's does. What of it is no item is counted, and the rest is in the table.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html

import { AwsError } from '../../../../lib/errors.ts'
import { gunzip } from '../../../../lib/inflate.ts'
import { readBody, type Body } from '../../../../http/message.ts'
import type { CallContext, SlowHandler } from '../../../service.ts'
import { invalid, notBuilt } from '../errors.ts'
import { itemsIn, type CsvOptions } from '../import-formats.ts'
import { checkIndexKeys } from '../indexes.ts'
import { readItem, write } from '../items.ts'
import { checkItemKey, rowKey } from '../keys.ts'
import { arnOf, type Table } from '../records.ts'
import { largestItem } from '../request.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'
import { takeEntry } from '../writes.ts'
import { checkOwner, failureOf } from './exports.ts'
import { plannedTable, type CreateTable } from './tables.ts'

interface Source {
  S3Bucket: string
  S3BucketOwner?: string
  S3KeyPrefix?: string
}

interface ImportTable {
  ClientToken?: string
  S3BucketSource: Source
  InputFormat: string
  InputFormatOptions?: { Csv?: CsvOptions }
  InputCompressionType?: string
  TableCreationParameters: CreateTable
}

/** A row of `imports`, by `account/region/id`. */
interface Import {
  readonly id: string
  readonly arn: string
  readonly token: string
  readonly tableArn: string
  readonly tableId: string
  readonly input: Omit<ImportTable, 'ClientToken'>
  readonly started: number
  readonly bytes: number
  readonly seen: number
  readonly imported: number
  readonly failure?: { readonly code: string; readonly message: string }
}

export const importTable: SlowHandler<Dynamo, ImportTable> = async (asked, context) => {
  const { ClientToken: token = crypto.randomUUID(), ...input } = asked
  if (input.InputFormatOptions?.Csv && input.InputFormat !== 'CSV')
    throw invalid(`Invalid Request: Unsupported InputFormatOptions for the given input format: ${input.InputFormat}.`)
  if (input.InputFormat === 'ION') throw notBuilt('import of DynamoDB from ION')
  if (input.InputCompressionType === 'ZSTD') throw notBuilt('import of DynamoDB from ZSTD')
  const { quota } = context
  const known = await context.transaction((state) => {
    const before = all(state).find((one) => one.token === token)
    if (before && before.input.TableCreationParameters.TableName !== input.TableCreationParameters.TableName)
      throw new AwsError(
        'ImportConflictException',
        'Import conflict: Duplicate request detected with conflicting parameters',
      )
    if (!before) plannedTable(input.TableCreationParameters, { state, quota })
    return before
  })
  if (known) return { ImportTableDescription: described(known) }
  const { texts, failure } = await textsOf(input, context).then(
    (read) => ({ texts: read, failure: undefined }),
    (error: unknown) => ({ texts: [], failure: failureOf(error) }),
  )
  return context.transaction((state) => {
    const table = plannedTable(input.TableCreationParameters, { state, quota })
    const id = `${String(state.now).padStart(14, '0')}-${crypto.randomUUID().slice(0, 8)}`
    const begun: Import = {
      id,
      arn: `${arnOf(table)}/import/${id}`,
      token,
      tableArn: arnOf(table),
      tableId: table.id,
      input,
      started: state.now,
      bytes: 0,
      seen: 0,
      imported: 0,
    }
    const done: Import = failure ? { ...begun, failure } : { ...begun, ...filled(state, table, input, texts) }
    state.rows.put('imports', rowOf(state, id), done)
    return { ImportTableDescription: { ...described(begun), ...unfinished } }
  })
}

const unfinished = { ImportStatus: 'IN_PROGRESS', EndTime: undefined }

/** The files, plain. */
async function textsOf({ S3BucketSource: source, InputCompressionType }: ImportTable, context: CallContext) {
  const { S3Bucket: Bucket, S3KeyPrefix: Prefix } = source
  const texts: { bytes: number; text: string }[] = []
  let ContinuationToken: string | undefined
  do {
    const page = (await context.call('s3', 'ListObjectsV2', {
      Bucket,
      ...(Prefix !== undefined && { Prefix }),
      ...(ContinuationToken !== undefined && { ContinuationToken }),
    })) as { Contents?: { Key: string; Size: number }[]; NextContinuationToken?: string }
    for (const { Key } of page.Contents ?? []) {
      const object = (await context.call('s3', 'GetObject', { Bucket, Key })) as unknown as { Body: Body }
      const bytes = await readBody(object.Body)
      const plain = InputCompressionType === 'GZIP' ? opened(bytes) : bytes
      texts.push({ bytes: bytes.length, text: new TextDecoder().decode(plain) })
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  return texts
}

function opened(bytes: Uint8Array): Uint8Array {
  try {
    return gunzip(bytes)
  } catch {
    throw new AwsError('InvalidCompression', 'The file is not compressed by GZIP')
  }
}

function filled(
  state: Dynamo,
  table: Table,
  { InputFormat, InputFormatOptions }: ImportTable,
  texts: readonly { bytes: number; text: string }[],
): Pick<Import, 'bytes' | 'seen' | 'imported' | 'failure'> {
  state.keep(table)
  let [seen, imported] = [0, 0]
  for (const { text } of texts)
    for (const raw of itemsIn(text, InputFormat, table.attributes, InputFormatOptions?.Csv)) {
      seen++
      if (raw !== undefined && put(state, table, raw)) imported++
    }
  const failure = seen > imported && {
    code: 'ItemValidationError',
    message:
      'Some of the items failed validation checks and were not imported. ' +
      'Please check CloudWatch error logs for more details.',
  }
  return { bytes: texts.reduce((sum, { bytes }) => sum + bytes, 0), seen, imported, ...(failure && { failure }) }
}

/** False for what is no item of this table. */
function put(state: Dynamo, table: Table, raw: object): boolean {
  try {
    const entry = takeEntry(raw as never)
    if (entry.size > largestItem) return false
    checkItemKey(table, entry.item)
    checkIndexKeys(table, entry.item)
    const key = rowKey(table, entry.item)
    write(state, table, key, { before: readItem(state, table, key), after: entry })
    return true
  } catch (error) {
    if (error instanceof AwsError) return false
    throw error
  }
}

function rowOf({ account, region }: Dynamo, id: string): string {
  return `${account}/${region}/${id}`
}

function all(state: Dynamo): Import[] {
  return state.rows.scan<any>('imports', { prefix: rowOf(state, '') }).map(({ value }) => value as Import)
}

function statusOf({ failure }: Import): string {
  return failure ? 'FAILED' : 'COMPLETED'
}

function described({ arn, token, tableArn, tableId, input, ...one }: Import): object {
  const [, , , region, account] = tableArn.split(':')
  return {
    ImportArn: arn,
    ImportStatus: statusOf({ ...one } as Import),
    TableArn: tableArn,
    TableId: tableId,
    ClientToken: token,
    ...input,
    S3BucketSource: { S3BucketOwner: account, ...input.S3BucketSource },
    InputCompressionType: input.InputCompressionType ?? 'NONE',
    CloudWatchLogGroupArn: `arn:aws:logs:${region}:${account}:log-group:/aws-dynamodb/imports:*`,
    ErrorCount: one.seen - one.imported,
    StartTime: new Date(one.started),
    EndTime: new Date(one.started),
    ProcessedSizeBytes: one.bytes,
    ProcessedItemCount: one.seen,
    ImportedItemCount: one.imported,
    FailureCode: one.failure?.code,
    FailureMessage: one.failure?.message,
  }
}

export const describeImport: DynamoHandler<{ ImportArn: string }> = ({ ImportArn }, { state }) => {
  if (!ImportArn.includes('/import/')) throw invalid('Invalid Import ARN')
  checkOwner(ImportArn, state)
  const found = all(state).find(({ arn }) => arn === ImportArn)
  if (!found) throw new AwsError('ImportNotFoundException', `Import not found: ${ImportArn}`)
  return { ImportTableDescription: described(found) }
}

interface ListImports {
  TableArn?: string
  PageSize?: number
  NextToken?: string
}

export const listImports: DynamoHandler<ListImports> = ({ TableArn, PageSize = 25, NextToken }, { state }) => {
  const found = all(state).filter(
    ({ tableArn, arn }) =>
      (TableArn === undefined || tableArn === TableArn) && (NextToken === undefined || arn > NextToken),
  )
  const page = found.toSorted((one, other) => (one.arn < other.arn ? -1 : 1)).slice(0, PageSize)
  return {
    ImportSummaryList: page.map((one) => ({
      ImportArn: one.arn,
      ImportStatus: statusOf(one),
      TableArn: one.tableArn,
      S3BucketSource: one.input.S3BucketSource,
      InputFormat: one.input.InputFormat,
      StartTime: new Date(one.started),
      EndTime: new Date(one.started),
    })),
    ...(page.length < found.length && { NextToken: page.at(-1)!.arn }),
  }
}
