// The AWS SDK for JavaScript's document client on Node against the local DynamoDB: one line of JSON a case. Run in the
// folder where it is installed.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const load = createRequire(join(process.cwd(), 'package.json'))
const {
  DynamoDBClient,
  CreateTableCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  DeleteTableCommand,
} = load('@aws-sdk/client-dynamodb')
const {
  DynamoDBDocumentClient,
  PutCommand,
  GetCommand,
  UpdateCommand,
  DeleteCommand,
  QueryCommand,
  BatchWriteCommand,
  BatchGetCommand,
  TransactWriteCommand,
  ExecuteStatementCommand,
  paginateScan,
  NumberValue,
} = load('@aws-sdk/lib-dynamodb')

const settings = { region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL, maxAttempts: 1 }
const client = new DynamoDBClient(settings)
const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
const TableName = 'js-docs'

const equal = (got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want))
    throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(want)}`)
}
const refused = async (name, promise) => {
  try {
    await promise
  } catch (error) {
    equal(error.name, name)
    return error
  }
  throw new Error('was allowed')
}

const cases = {
  async 'a table, waited for'() {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [
          { AttributeName: 'p', AttributeType: 'S' },
          { AttributeName: 's', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'p', KeyType: 'HASH' },
          { AttributeName: 's', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    )
    const { state } = await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName })
    equal(state, 'SUCCESS')
  },
  async 'values of every kind'() {
    const Item = {
      p: 'all',
      s: 1,
      text: 'é\u{1F600}',
      big: NumberValue.from('12345678901234567890.123'),
      bytes: new Uint8Array([0, 255]),
      list: [1, 'two', null, true, { deep: [] }],
      empty: '',
      words: new Set(['a', 'b']),
    }
    await documents.send(new PutCommand({ TableName, Item }))
    const exact = DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
      unmarshallOptions: { wrapNumbers: true },
    })
    const { Item: got } = await exact.send(new GetCommand({ TableName, Key: { p: 'all', s: 1 } }))
    equal(got.big.value, '12345678901234567890.123')
    equal([...got.bytes], [0, 255])
    equal([...got.words].sort(), ['a', 'b'])
    await documents.send(new DeleteCommand({ TableName, Key: { p: 'all', s: 1 } }))
    equal([got.text, got.empty, got.list[2], got.list[4]], [Item.text, '', null, { deep: [] }])
  },
  async 'updates and conditions'() {
    const Key = { p: 'count', s: 1 }
    const add = () =>
      documents.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'ADD n :one SET seen = if_not_exists(seen, :now)',
          ExpressionAttributeValues: { ':one': 1, ':now': 'today' },
          ReturnValues: 'ALL_NEW',
        }),
      )
    await add()
    equal((await add()).Attributes, { ...Key, n: 2, seen: 'today' })
    const error = await refused(
      'ConditionalCheckFailedException',
      documents.send(
        new DeleteCommand({
          TableName,
          Key,
          ConditionExpression: 'n > :n',
          ExpressionAttributeValues: { ':n': 2 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    )
    equal([error.message, error.Item.n.N], ['The conditional request failed', '2'])
  },
  async 'batches, queries, pages'() {
    const items = Array.from({ length: 25 }, (_, s) => ({ p: 'many', s, x: 'x'.repeat(100) }))
    await documents.send(
      new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    )
    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'p = :p AND s BETWEEN :a AND :b',
        ExpressionAttributeValues: { ':p': 'many', ':a': 3, ':b': 20 },
        ScanIndexForward: false,
        Limit: 4,
        ProjectionExpression: 's',
      }),
    )
    equal([Items.map(({ s }) => s), LastEvaluatedKey], [[20, 19, 18, 17], { p: 'many', s: 17 }])
    const { Responses } = await documents.send(
      new BatchGetCommand({
        RequestItems: {
          [TableName]: {
            Keys: [
              { p: 'many', s: 0 },
              { p: 'none', s: 0 },
            ],
          },
        },
      }),
    )
    equal(Responses[TableName].length, 1)
    let count = 0
    for await (const page of paginateScan({ client: documents, pageSize: 10 }, { TableName })) count += page.Count
    equal(count, 26)
  },
  async 'a transaction that is cancelled'() {
    const put = (s, more) => ({ Put: { TableName, Item: { p: 't', s }, ...more } })
    await documents.send(new TransactWriteCommand({ TransactItems: [put(1), put(2)] }))
    const error = await refused(
      'TransactionCanceledException',
      documents.send(
        new TransactWriteCommand({
          TransactItems: [put(3), put(1, { ConditionExpression: 'attribute_not_exists(p)' })],
        }),
      ),
    )
    equal(
      error.CancellationReasons.map(({ Code }) => Code),
      ['None', 'ConditionalCheckFailed'],
    )
  },
  async PartiQL() {
    const { Items } = await documents.send(
      new ExecuteStatementCommand({ Statement: `SELECT s FROM "${TableName}" WHERE p = ?`, Parameters: ['t'] }),
    )
    equal(Items, [{ s: 1 }, { s: 2 }])
  },
  async 'faults in their words'() {
    const error = await refused('ValidationException', documents.send(new GetCommand({ TableName, Key: { p: 'x' } })))
    equal(error.message, 'The provided key element does not match the schema')
    await refused(
      'ResourceNotFoundException',
      documents.send(new GetCommand({ TableName: 'js-none', Key: { p: 'x' } })),
    )
    await refused('ValidationException', client.send(new UpdateTableCommand({ TableName })))
  },
  async 'the table goes'() {
    await client.send(new DeleteTableCommand({ TableName }))
    const { state } = await waitUntilTableNotExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName })
    equal(state, 'SUCCESS')
  },
}

for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
    console.log(JSON.stringify({ case: `documents: ${name}`, ok: true }))
  } catch (error) {
    console.log(
      JSON.stringify({ case: `documents: ${name}`, ok: false, why: String(error?.stack ?? error).slice(0, 900) }),
    )
  }
}
