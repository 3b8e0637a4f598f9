// What tests of DynamoDB begin with: calls, tables of the usual kinds, and what a stream has told.

import { text, utf8 } from '../../../lib/bytes.ts'
import type { AwsError } from '../../../lib/errors.ts'
import { readBody } from '../../../http/message.ts'
import { sign } from '../../../sign/sigv4.ts'
import { adminKeys, type Bench } from '../../account.fixture.ts'
import { serve } from '../../serve.ts'

export const key = (...names: string[]): object[] =>
  names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' }))
export const defined = (names: Record<string, string>): object[] =>
  Object.entries(names).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
export const throughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }

export function dynamo(b: Bench) {
  const call = (operation: string, input: object = {}, keys = adminKeys): Promise<any> =>
    b.call('dynamodb', operation, input, keys)
  const refusal = (operation: string, input: object = {}, keys = adminKeys): Promise<AwsError> =>
    b.refusal('dynamodb', operation, input, keys)
  const table = (TableName: string, more: object = {}): Promise<any> =>
    call('CreateTable', {
      TableName,
      AttributeDefinitions: defined({ p: 'S', s: 'N' }),
      KeySchema: key('p', 's'),
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    })
  const simple = (TableName: string, more: object = {}): Promise<any> =>
    table(TableName, { AttributeDefinitions: defined({ p: 'S' }), KeySchema: key('p'), ...more })
  const put = (TableName: string, Item: object): Promise<any> => call('PutItem', { TableName, Item })
  return { call, refusal, table, simple, put }
}

/** All records of a table's stream. */
export async function streamOf(b: Bench, TableName: string): Promise<any[]> {
  const call = (operation: string, input: object): Promise<any> => b.call('dynamodbstreams', operation, input)
  const { Streams } = await call('ListStreams', { TableName })
  const { StreamArn } = Streams.at(-1)
  const { StreamDescription } = await call('DescribeStream', { StreamArn })
  let { ShardIterator } = await call('GetShardIterator', {
    StreamArn,
    ShardId: StreamDescription.Shards[0].ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  })
  const records: any[] = []
  while (ShardIterator !== undefined) {
    const page = await call('GetRecords', { ShardIterator, Limit: 10 })
    records.push(...page.Records)
    if (page.Records.length === 0) break
    ShardIterator = page.NextShardIterator
  }
  return records
}

/** Sends a body as it stands, signed; the answer's body as it stands. */
export async function raw(b: Bench, operation: string, body: string): Promise<Record<string, unknown>> {
  const request = sign(
    {
      method: 'POST',
      path: '/',
      query: '',
      scheme: 'http',
      host: 'localhost',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: utf8(body),
    },
    { credentials: adminKeys, region: 'us-east-1', service: 'dynamodb', date: new Date() },
  )
  const response = await serve(request, b.world)
  return JSON.parse(text(await readBody(response.body))) as Record<string, unknown>
}
