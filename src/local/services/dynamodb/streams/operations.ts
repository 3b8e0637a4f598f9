// ListStreams, DescribeStream, GetShardIterator, GetRecords.

import { AwsError } from '../../../../lib/errors.ts'
import type { Permission } from '../../../service.ts'
import { invalid } from '../errors.ts'
import { expire } from '../items.ts'
import { streamArn } from '../records.ts'
import type { Dynamo, DynamoContext, DynamoHandler } from '../state.ts'
import { shown } from '../values.ts'
import { changeRows, isOld, sequenceNumber, streamsOf, type Change, type Stream } from './records.ts'

export function permissions(operation: string, input: any, _: DynamoContext): readonly Permission[] {
  const action = `dynamodb:${operation}`
  switch (operation) {
    case 'ListStreams':
      return [{ action, resource: '*' }]
    case 'GetRecords':
      return [{ action, resource: readIterator(input.ShardIterator)[0] }]
    default:
      return [{ action, resource: input.StreamArn }]
  }
}

function arnOf(stream: Stream): string {
  return streamArn({ ...stream, name: stream.table }, stream.label)
}

function find(state: Dynamo, arn: string): Stream {
  const [, name] = /:table\/([^/]+)\/stream\//.exec(arn) ?? []
  const stream = name === undefined ? undefined : streamsOf(state, name).find((each) => arnOf(each) === arn)
  if (!stream) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`)
  return stream
}

interface ListStreams {
  TableName?: string
  Limit?: number
  ExclusiveStartStreamArn?: string
}

const listStreams: DynamoHandler<ListStreams> = (input, { state }) => {
  const { TableName, Limit: limit = 100, ExclusiveStartStreamArn: start } = input
  const all = streamsOf(state, TableName === undefined ? undefined : state.refer(TableName).name)
  const from = start === undefined ? 0 : all.findIndex((stream) => arnOf(stream) === start) + 1
  const page = all.slice(from, from + limit)
  return {
    Streams: page.map((stream) => ({
      StreamArn: arnOf(stream),
      StreamLabel: stream.label,
      TableName: stream.table,
    })),
    ...(from + limit < all.length && { LastEvaluatedStreamArn: arnOf(page.at(-1)!) }),
  }
}

const describeStream: DynamoHandler<{ StreamArn: string; ExclusiveStartShardId?: string }> = (input, { state }) => {
  const stream = find(state, input.StreamArn)
  const shard = {
    ShardId: stream.shard,
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(stream.label, 1),
      ...(stream.closed !== undefined && { EndingSequenceNumber: newest(state, stream) }),
    },
  }
  return {
    StreamDescription: {
      StreamArn: input.StreamArn,
      StreamLabel: stream.label,
      StreamStatus: stream.closed === undefined ? 'ENABLED' : 'DISABLED',
      StreamViewType: stream.view,
      CreationRequestDateTime: new Date(stream.created),
      TableName: stream.table,
      KeySchema: stream.keys,
      Shards: input.ExclusiveStartShardId === undefined ? [shard] : [],
    },
  }
}

/** The last number that was given out; the first, where none was. */
function newest(state: Dynamo, stream: Stream): string {
  const [last] = state.rows.scan(changeRows(stream), { reverse: true, limit: 1 })
  return last?.key ?? sequenceNumber(stream.label, 1)
}

function afterNewest(state: Dynamo, stream: Stream): string {
  const [last] = state.rows.scan(changeRows(stream), { reverse: true, limit: 1 })
  return last ? `${last.key}~` : '0'
}

interface GetShardIterator {
  StreamArn: string
  ShardId: string
  ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'
  SequenceNumber?: string
}

const getShardIterator: DynamoHandler<GetShardIterator> = (input, { state }) => {
  const { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber: number } = input
  const stream = find(state, StreamArn)
  if (stream.shard !== ShardId)
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard does not exist: ${ShardId}`)
  const byNumber = type.endsWith('SEQUENCE_NUMBER')
  if (byNumber && number === undefined)
    throw invalid('The SequenceNumber parameter is required for the given ShardIteratorType.')
  const place = {
    TRIM_HORIZON: () => '0',
    LATEST: () => afterNewest(state, stream),
    AT_SEQUENCE_NUMBER: () => number!.padStart(21, '0'),
    AFTER_SEQUENCE_NUMBER: () => `${number!.padStart(21, '0')}~`,
  }[type]()
  return { ShardIterator: writeIterator(StreamArn, state.now, place) }
}

/** `place`: the least key of a change that is still to come. */
function writeIterator(arn: string, now: number, place: string): string {
  return `${arn}|1|${btoa(`${now} ${place}`)}`
}

function readIterator(text: string): [arn: string, at: number, place: string] {
  const [arn, , rest] = text.split('|')
  let words: string[] = []
  try {
    words = atob(rest ?? '').split(' ')
  } catch {
    // Not one of ours: told below.
  }
  if (arn === undefined || words.length !== 2) throw invalid('Invalid ShardIterator')
  return [arn, Number(words[0]), words[1]!]
}

const life = 15 * 60_000

const getRecords: DynamoHandler<{ ShardIterator: string; Limit?: number }> = (input, { state }) => {
  const [arn, at, place] = readIterator(input.ShardIterator)
  if (state.now - at > life)
    throw new AwsError(
      'ExpiredIteratorException',
      'Iterator expired. The iterator was created more than 15 minutes ago.',
    )
  const stream = find(state, arn)
  // What time takes away is told, too, though nobody has looked at the table since.
  const table = state.find(stream.table)
  if (table) expire(state, table)
  const rows = state.rows.scan<any>(changeRows(stream), { from: place, limit: input.Limit ?? 1000 })
  const changes = rows.filter(({ value }) => !isOld(state, value as Change))
  const last = rows.at(-1)?.key
  const isOver = stream.closed !== undefined && (last ?? place) >= newest(state, stream)
  return {
    Records: changes.map(({ key, value }) => shownChange(stream, key, value as Change)),
    NextShardIterator: isOver ? undefined : writeIterator(arn, state.now, last === undefined ? place : `${last}~`),
  }
}

function shownChange(stream: Stream, number: string, change: Change): object {
  const { keys, before, after, binary } = change
  return {
    eventID: change.id,
    eventName: change.isInsert ? 'INSERT' : change.isRemoval ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: stream.region,
    dynamodb: {
      // To the second, as the service rounds it.
      ApproximateCreationDateTime: new Date(Math.floor(change.at / 1000) * 1000),
      Keys: shown(keys, true),
      NewImage: after && shown(after, binary),
      OldImage: before && shown(before, binary),
      SequenceNumber: number,
      SizeBytes: change.size,
      StreamViewType: stream.view,
    },
    ...(change.byService && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  }
}

export const handlers = { listStreams, describeStream, getShardIterator, getRecords }
