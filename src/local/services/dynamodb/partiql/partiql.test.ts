// What does PartiQL refuse, and how? Words as others have recorded them from the service.

import { describe, expect, test } from 'bun:test'
import { bench } from '../../../account.fixture.ts'
import { defined, dynamo, key } from '../dynamodb.fixture.ts'

const b = bench()
const { call, refusal, simple, table, put } = dynamo(b)
await simple('plain')
const index = (IndexName: string, keys: string[], Projection: object): object => ({
  IndexName,
  KeySchema: key(...keys),
  Projection,
})
await table('held', {
  AttributeDefinitions: defined({ p: 'S', s: 'S', g: 'S', l: 'S' }),
  KeySchema: key('p', 's'),
  GlobalSecondaryIndexes: [index('some', ['g'], { ProjectionType: 'INCLUDE', NonKeyAttributes: ['held'] })],
  LocalSecondaryIndexes: [index('keys', ['p', 'l'], { ProjectionType: 'KEYS_ONLY' })],
})
await put('held', { p: { S: 'p' }, s: { S: '1' }, g: { S: 'g' }, l: { S: 'l' }, held: { S: 'h' }, lost: { S: 'x' } })

const wrong = 'One or more parameter values were invalid: '

describe('a statement', () => {
  test.each([
    ['SLECT * FROM "plain"', "Statement wasn't well formed, can't be processed: Expected data manipulation"],
    ['SELECT * FROM "held"."none" WHERE p = \'p\'', 'The table does not have the specified index'],
    [
      'SELECT * FROM "held"."some"."more" WHERE p = \'p\'',
      'A path may contain at most 2 components in the FROM clause',
    ],
    ['SELECT * FROM "held"."" WHERE p = \'p\'', 'Path component cannot be an empty string'],
    ['SELECT * FROM "" WHERE p = \'p\'', 'Path component cannot be an empty string'],
    [
      'SELECT p FROM "held"."some" WHERE g = \'g\' AND lost = \'x\'',
      `${wrong}Secondary index some does not project one or more filter attributes: [lost]`,
    ],
    [
      "SELECT p FROM \"held\".\"keys\" WHERE p IN ['p', 'q'] AND NOT lost = 'x'",
      `${wrong}Secondary index keys does not project one or more filter attributes: [lost]`,
    ],
    ['SELECT lost FROM "held"."some" WHERE g = \'g\'', `${wrong}Global secondary index some does not project [lost]`],
    [
      "SELECT p FROM none_such WHERE p = 'p' AND a < true",
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'SELECT p FROM "plain" WHERE p = \'p\' AND a BETWEEN [1] AND 2',
      'Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: L',
    ],
    [
      'DELETE FROM "plain" WHERE p = \'p\' RETURNING MODIFIED OLD *',
      'Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
    ],
  ])('%s', async (Statement, message) => {
    expect(await refusal('ExecuteStatement', { Statement })).toMatchObject({ code: 'ValidationException', message })
  })

  test('of a global index cannot be consistent', async () => {
    const asked = { Statement: 'SELECT * FROM "held"."some" WHERE g = \'g\'', ConsistentRead: true }
    expect((await refusal('ExecuteStatement', asked)).message).toBe(
      'Strongly consistent read is not supported on Global Secondary Indexes',
    )
  })

  test('fetches what a local index lacks', async () => {
    const Statement = 'SELECT lost FROM "held"."keys" WHERE p = \'p\''
    const { Items, ConsumedCapacity } = await call('ExecuteStatement', { Statement, ReturnConsumedCapacity: 'INDEXES' })
    expect(Items).toEqual([{ lost: { S: 'x' } }])
    expect(ConsumedCapacity.Table.CapacityUnits).toBeGreaterThan(0)
  })

  test.each([
    ['SELECT s FROM "held"."some" WHERE lost = \'x\'', []],
    ['SELECT s FROM "held"."some" WHERE NOT lost = \'x\'', [{ s: { S: '1' } }]],
    ['SELECT * FROM "held"."keys" WHERE p = \'p\'', [{ p: { S: 'p' }, s: { S: '1' }, l: { S: 'l' } }]],
  ])('sees what the index holds: %s', async (Statement, Items) => {
    expect((await call('ExecuteStatement', { Statement })).Items).toEqual(Items)
  })
})

test('a statement of a batch fails alone', async () => {
  await put('plain', { p: { S: 'there' } })
  const { Responses } = await call('BatchExecuteStatement', {
    Statements: [
      { Statement: 'SLECT * FROM "plain"' },
      { Statement: 'SELECT * FROM "plain" WHERE p = \'there\'' },
      { Statement: 'SELECT * FROM "plain" WHERE a = \'x\'' },
      { Statement: "SELECT * FROM \"held\".\"some\" WHERE p = 'p' AND s = '1' AND g = 'g'" },
    ],
  })
  const noKey = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.'
  expect(Responses).toEqual([
    {
      Error: {
        Code: 'ValidationError',
        Message: "Statement wasn't well formed, can't be processed: Expected data manipulation",
      },
    },
    { TableName: 'plain', Item: { p: { S: 'there' } } },
    { Error: { Code: 'ValidationError', Message: noKey } },
    { Error: { Code: 'ValidationError', Message: noKey } },
  ])
})

test.each([
  [
    'UPDATE "plain" SET a = 1 WHERE p = \'x\' RETURNING ALL NEW *',
    'RETURNING clause is not supported in ExecuteTransaction.',
  ],
  ['SELECT * FROM "held"."some" WHERE g = \'g\'', 'Reads on indices are not supported within transactions.'],
])('a transaction is refused whole: %s', async (Statement, why) => {
  const error = await refusal('ExecuteTransaction', { TransactStatements: [{ Statement }] })
  expect(error).toMatchObject({
    code: 'ValidationException',
    message: `Validation failed in TransactStatements[0]: ${why}`,
  })
})

test('a removed attribute is not told as one that is new', async () => {
  const Statement = 'UPDATE "plain" REMOVE a WHERE p = \'gone\' RETURNING MODIFIED NEW *'
  await put('plain', { p: { S: 'gone' }, a: { S: 'x' } })
  expect((await call('ExecuteStatement', { Statement })).Items).toEqual([])
  expect((await call('BatchExecuteStatement', { Statements: [{ Statement }] })).Responses).toEqual([
    { TableName: 'plain' },
  ])
})

test('a transaction is done once for its token, and read the second time', async () => {
  await put('plain', { p: { S: 'once' }, n: { N: '0' } })
  const again = async (): Promise<unknown> => {
    const { ConsumedCapacity } = await call('ExecuteTransaction', {
      TransactStatements: [{ Statement: 'UPDATE "plain" SET n = n + 1 WHERE p = \'once\'' }],
      ClientRequestToken: 'token',
      ReturnConsumedCapacity: 'TOTAL',
    })
    return ConsumedCapacity
  }
  expect(await again()).toEqual([{ TableName: 'plain', CapacityUnits: 2, WriteCapacityUnits: 2 }])
  expect(await again()).toEqual([{ TableName: 'plain', CapacityUnits: 2, ReadCapacityUnits: 2 }])
  expect((await call('GetItem', { TableName: 'plain', Key: { p: { S: 'once' } } })).Item.n.N).toBe('1')
})
