// How is each fault of a request told? Bodies as they stand on the wire, and the answers to them, whole. Kept by hand
// beside what dynalite 4 answers to the same, whose tests were held against the service.

import { describe, expect, test } from 'bun:test'
import { bench } from '../../account.fixture.ts'
import { dynamo, raw } from './dynamodb.fixture.ts'

const b = bench()
const { simple, table } = dynamo(b)
await simple('plain')
await table('ranged', {
  AttributeDefinitions: ['p', 's', 'g'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'p', KeyType: 'HASH' },
    { AttributeName: 's', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-g',
      KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
})

const attribute = 'com.amazonaws.dynamodb.v20120810.AttributeValue'

describe('a body of the wrong kinds', () => {
  test.each([
    ['{"TableName": 23}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"TableName": 3.5}', 'DECIMAL_VALUE cannot be converted to String'],
    ['{"TableName": true}', 'TRUE_VALUE cannot be converted to String'],
    ['{"TableName": []}', 'Unrecognized collection type class java.lang.String'],
    ['{"TableName": {}}', 'Start of structure or map found where not expected'],
    ['{"Key": "x"}', 'Unexpected field type'],
    ['{"Key": []}', `Unrecognized collection type java.util.Map<java.lang.String, ${attribute}>`],
    ['{"Key": {"a": "x"}}', 'Unexpected value type in payload'],
    ['{"Key": {"a": []}}', `Unrecognized collection type class ${attribute}`],
    ['{"Key": {"a": {"N": 1}}}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"Key": {"a": {"B": 1}}}', 'only base-64-encoded strings are convertible to bytes'],
    ['{"Key": {"a": {"B": "abc"}}}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 3'],
    ['{"Key": {"a": {"B": "+/+="}}}', 'Invalid last non-pad Base64 character dectected'],
    ['{"Key": {"a": {"BOOL": "x"}}}', 'Unexpected token received from parser'],
    ['{"Key": {"a": {"SS": "x"}}}', 'Unexpected field type'],
    ['{"Key": {"a": {"L": {}}}}', 'Start of structure or map found where not expected'],
    ['{"ConsistentRead": 1}', 'NUMBER_VALUE cannot be converted to Boolean'],
    ['{"AttributesToGet": "x"}', 'Unexpected field type'],
    [`{"Key": {"a": ${'{"L":['.repeat(50_000)}${']}'.repeat(50_000)}}}`, 'The body is nested too deeply'],
  ])('%.60s', async (body, Message) => {
    expect(await raw(b, 'GetItem', body)).toEqual({
      __type: 'com.amazon.coral.service#SerializationException',
      Message,
    })
  })
})

async function told(operation: string, body: object): Promise<unknown> {
  const { __type, message } = await raw(b, operation, JSON.stringify(body))
  return [String(__type).replace(/.*#/, ''), message]
}

const wrong = 'One or more parameter values were invalid: '

describe('a value that cannot be', () => {
  test.each([
    [{}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [{ M: { a: {} } }, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [{ NULL: false }, `${wrong}Null attribute value types must have the value of true`],
    [{ SS: [] }, `${wrong}An string set  may not be empty`],
    [{ NS: [] }, `${wrong}An number set  may not be empty`],
    [{ BS: [] }, `${wrong}Binary sets should not be empty`],
    [{ SS: ['a', 'a'] }, `${wrong}Input collection [a, a] contains duplicates.`],
    [{ BS: ['Yg==', 'Yg=='] }, `${wrong}Input collection [Yg==, Yg==]of type BS contains duplicates.`],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ N: '' }, 'The parameter cannot be converted to a numeric value'],
    [{ L: [{ N: 'x' }] }, 'The parameter cannot be converted to a numeric value: x'],
  ])('%j', async (value, message) => {
    expect(await told('PutItem', { TableName: 'none', Item: { p: value } })).toEqual(['ValidationException', message])
  })
})

describe('a key that does not fit', () => {
  test.each([
    ['GetItem', { Key: {} }, 'The provided key element does not match the schema'],
    ['GetItem', { Key: { p: { N: '1' } } }, 'The provided key element does not match the schema'],
    [
      'GetItem',
      { Key: { p: { S: '' } } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p',
    ],
    [
      'GetItem',
      { Key: { p: { S: 'x'.repeat(2049) } } },
      `${wrong}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    ['PutItem', { Item: { q: { S: 'x' } } }, `${wrong}Missing the key p in the item`],
    ['PutItem', { Item: { p: { N: '1' } } }, `${wrong}Type mismatch for key p expected: S actual: N`],
    [
      'PutItem',
      { Item: { p: { S: '' } } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p',
    ],
    [
      'UpdateItem',
      { Key: { p: { S: 'x' } }, AttributeUpdates: { p: { Value: { S: 'y' } } } },
      `${wrong}Cannot update attribute p. This attribute is part of the key`,
    ],
  ])('%s %.60j', async (operation, input, message) => {
    expect(await told(operation, { TableName: 'plain', ...input })).toEqual(['ValidationException', message])
  })
})

describe('a request that cannot be', () => {
  const eq = (S: string): object => ({ ComparisonOperator: 'EQ', AttributeValueList: [{ S }] })
  test.each([
    [
      'GetItem',
      { TableName: 'abc;', ReturnConsumedCapacity: 'hi' },
      "3 validation errors detected: Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'abc;' at 'tableName' failed to satisfy " +
        "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value null at 'key' failed to " +
        'satisfy constraint: Member must not be null',
    ],
    ['DescribeTable', {}, "The parameter 'TableName' is required but was not present in the request"],
    ['ListTagsOfResource', {}, 'Invalid TableArn'],
    ['UntagResource', {}, 'Invalid TableArn'],
    ['PutItem', { TableName: 'plain', Item: {}, ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [
      'PutItem',
      { TableName: 'plain', Item: {}, Expected: { a: {} } },
      `${wrong}Value must be provided when Exists is null for Attribute: a`,
    ],
    [
      'PutItem',
      { TableName: 'plain', Item: {}, Expected: { a: { Exists: false, Value: { S: 'x' } } } },
      `${wrong}Value cannot be used when Exists is false for Attribute: a`,
    ],
    [
      'PutItem',
      { TableName: 'plain', Item: {}, Expected: { a: eq('x') }, ConditionExpression: 'a = b' },
      'Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ],
    [
      'UpdateItem',
      { TableName: 'plain', Key: {}, AttributeUpdates: { a: { Action: 'ADD', Value: { S: 'x' } } } },
      `${wrong}ADD action is not supported for the type S`,
    ],
    [
      'Query',
      { TableName: 'plain' },
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    ],
    ['Query', { TableName: 'plain', KeyConditions: { x: eq('a') } }, 'Query condition missed key schema element: p'],
    ['Query', { TableName: 'plain', KeyConditions: { p: eq('a'), s: eq('b') } }, 'Query key condition not supported'],
    [
      'Query',
      { TableName: 'ranged', KeyConditions: { p: eq('a') }, QueryFilter: { s: eq('b') } },
      'QueryFilter can only contain non-primary key attributes: Primary key attribute: s',
    ],
    [
      'Query',
      { TableName: 'ranged', KeyConditions: { p: eq('a') }, ExclusiveStartKey: { p: { S: 'a' } } },
      'The provided starting key is invalid',
    ],
    [
      'Query',
      {
        TableName: 'ranged',
        KeyConditions: { p: eq('a') },
        ExclusiveStartKey: { p: { S: 'b' }, s: { S: 'b' } },
      },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      'Scan',
      { TableName: 'ranged', IndexName: 'by-g', Select: 'ALL_ATTRIBUTES' },
      `${wrong}Select type ALL_ATTRIBUTES is not supported for global secondary index by-g because its projection type is not ALL`,
    ],
    [
      'Scan',
      { TableName: 'ranged', Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [
      'Scan',
      { TableName: 'ranged', ScanFilter: { a: { ComparisonOperator: 'LT', AttributeValueList: [{ SS: ['x'] }] } } },
      `${wrong}ComparisonOperator LT is not valid for SS AttributeValue type`,
    ],
    [
      'BatchGetItem',
      { RequestItems: { plain: { Keys: [{ p: { S: 'a' } }, { p: { S: 'a' } }] } } },
      'Provided list of item keys contains duplicates',
    ],
    [
      'BatchWriteItem',
      { RequestItems: { 'a;': [{}] } },
      "1 validation error detected: Value '{a;=[WriteRequest(putRequest=null, deleteRequest=null)]}' at 'requestItems' failed to satisfy constraint: Map keys " +
        'must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater ' +
        'than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]',
    ],
    [
      'BatchWriteItem',
      { RequestItems: { plain: [{ PutRequest: { Item: { p: { N: '5' } } } }] } },
      'The provided key element does not match the schema',
    ],
    [
      'BatchGetItem',
      { RequestItems: { plain: { Keys: Array.from({ length: 101 }, (_, i) => ({ p: { S: `${i}` } })) } } },
      "1 validation error detected: Value at 'requestItems.plain.member.keys' failed to satisfy constraint: " +
        'Member must have length less than or equal to 100',
    ],
    [
      'BatchGetItem',
      {
        RequestItems: {
          plain: { Keys: [{ p: { S: 'a' } }], ProjectionExpression: 'p' },
          ranged: { Keys: [{ p: { S: 'a' }, s: { S: 'a' } }], AttributesToGet: ['p'] },
        },
      },
      'Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
    ],
    [
      'CreateTable',
      {
        TableName: 'three',
        AttributeDefinitions: [{ AttributeName: 'p', AttributeType: 'S' }],
        KeySchema: ['HASH', 'RANGE', 'RANGE'].map((KeyType, i) => ({ AttributeName: `k${i}`, KeyType })),
        BillingMode: 'PAY_PER_REQUEST',
      },
      "1 validation error detected: Value '[KeySchemaElement(attributeName=k0, keyType=HASH), " +
        'KeySchemaElement(attributeName=k1, keyType=RANGE), KeySchemaElement(attributeName=k2, keyType=RANGE)]' +
        "' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
    ],
    [
      'UpdateTable',
      { TableName: 'plain' },
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
        'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
        'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
    ],
  ])('%s %.70j', async (operation, input, message) => {
    expect(await told(operation, input)).toEqual(['ValidationException', message])
  })
})

describe('an index key that cannot be', () => {
  const item = { p: { S: 'a' }, s: { S: 'a' } }
  const set = { UpdateExpression: 'SET g = :g', Key: item }
  test.each([
    ['PutItem', { Item: { ...item, g: { S: 'x'.repeat(2049) } } }],
    ['UpdateItem', { ...set, ExpressionAttributeValues: { ':g': { S: 'x'.repeat(2049) } } }],
  ])('%s of one too long', async (operation, input) => {
    const message = `${wrong}Size of hashkey has exceeded the maximum size limit of2048 bytes`
    expect(await told(operation, { TableName: 'ranged', ...input })).toEqual(['ValidationException', message])
  })
})

// Recorded by others from the service: what is empty is the request's fault, what is of the wrong type the part's.
describe('a key in a transaction', () => {
  const empty =
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'
  const update = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'x' } } }
  const part = (kind: string, p: object): object =>
    kind === 'Put'
      ? { Item: { p } }
      : {
          Key: { p },
          ...(kind === 'Update' && update),
          ...(kind === 'ConditionCheck' && { ConditionExpression: 'attribute_not_exists(p)' }),
        }
  const transact = (kind: string, p: object): Promise<Record<string, unknown>> =>
    raw(
      b,
      'TransactWriteItems',
      JSON.stringify({ TransactItems: [{ [kind]: { TableName: 'plain', ...part(kind, p) } }] }),
    )

  test.each(['Put', 'Update', 'Delete', 'ConditionCheck'])('%s', async (kind) => {
    expect(await transact(kind, { S: '' })).toMatchObject({ message: empty })
    const mismatch =
      kind === 'Put'
        ? `${wrong}Type mismatch for key p expected: S actual: N`
        : 'The provided key element does not match the schema'
    expect(await transact(kind, { N: '5' })).toMatchObject({
      CancellationReasons: [{ Code: 'ValidationError', Message: mismatch }],
    })
  })
})
