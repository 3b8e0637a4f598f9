// Who may do what: tables, indexes, what is looked at, the parts of a transaction, other accounts.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, deny, document, otherKeys, sentence } from '../../account.fixture.ts'
import { defined, dynamo, key } from './dynamodb.fixture.ts'

describe('permissions', () => {
  test('name the table, the index, and what is looked at', async () => {
    const b = bench()
    const { call, simple, put, refusal } = dynamo(b)
    await simple('perm')
    await put('perm', { p: { S: 'ana' }, open: { S: 'o' }, secret: { S: 's' } })
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/perm`
    const ana = await b.user(
      'ana',
      allow(['dynamodb:GetItem', 'dynamodb:Query'], arn, {
        'ForAllValues:StringEquals': {
          'dynamodb:LeadingKeys': ['${aws:username}'],
          'dynamodb:Attributes': ['p', 'open'],
        },
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      }),
    )
    const get = (p: string, ProjectionExpression?: string): object => ({
      TableName: 'perm',
      Key: { p: { S: p } },
      ProjectionExpression,
      ...(ProjectionExpression?.includes('#o') && { ExpressionAttributeNames: { '#o': 'open' } }),
    })
    expect((await call('GetItem', get('ana', 'p, #o'), ana)).Item).toEqual({ p: { S: 'ana' }, open: { S: 'o' } })
    for (const input of [get('ana'), get('bob', 'p, #o'), get('ana', 'secret')])
      expect(sentence(await refusal('GetItem', input, ana))).toBe(
        `User: arn:aws:iam::${account}:user/ana is not authorized to perform: dynamodb:GetItem on resource: ${arn} ` +
          'because no identity-based policy allows the dynamodb:GetItem action',
      )
    expect((await refusal('Scan', { TableName: 'perm' }, ana)).code).toBe('AccessDeniedException')
  })

  test('of a transaction are those of its parts', async () => {
    const b = bench()
    const { call, simple, refusal } = dynamo(b)
    await simple('parts')
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/parts`
    const inside = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } }
    const ana = await b.user('ana', allow('dynamodb:PutItem', arn, inside), allow('dynamodb:PartiQLInsert', arn))
    const Item = { p: { S: 'x' } }
    await call('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'parts', Item } }] }, ana)
    expect((await refusal('PutItem', { TableName: 'parts', Item }, ana)).code).toBe('AccessDeniedException')
    const check = { ConditionCheck: { TableName: 'parts', Key: Item, ConditionExpression: 'attribute_exists(p)' } }
    expect((await refusal('TransactWriteItems', { TransactItems: [check] }, ana)).message).toContain(
      'dynamodb:ConditionCheckItem',
    )
    await call('ExecuteStatement', { Statement: `INSERT INTO parts VALUE {'p':'y'}` }, ana)
    expect((await refusal('ExecuteStatement', { Statement: 'SELECT * FROM parts' }, ana)).message).toContain(
      'dynamodb:PartiQLSelect',
    )
  })

  test('of an index are its own', async () => {
    const b = bench()
    const { call, simple, refusal } = dynamo(b)
    await simple('idx', {
      AttributeDefinitions: defined({ p: 'S', g: 'S' }),
      GlobalSecondaryIndexes: [{ IndexName: 'by-g', KeySchema: key('g'), Projection: { ProjectionType: 'ALL' } }],
    })
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/idx`
    const ana = await b.user('ana', allow('dynamodb:*', `${arn}/index/*`), deny('dynamodb:Scan', '*'))
    const query = {
      TableName: 'idx',
      IndexName: 'by-g',
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: { ':g': { S: 'x' } },
    }
    expect((await call('Query', query, ana)).Count).toBe(0)
    expect((await refusal('Scan', { TableName: 'idx', IndexName: 'by-g' }, ana)).message).toContain('explicit deny')
  })

  test('of another account come by the table’s own policy and its ARN', async () => {
    const b = bench()
    const { call, simple, put, refusal } = dynamo(b)
    await simple('shared')
    await put('shared', { p: { S: 'x' } })
    const TableName = `arn:aws:dynamodb:us-east-1:${account}:table/shared`
    const get = { TableName, Key: { p: { S: 'x' } } }
    expect((await refusal('GetItem', get, otherKeys)).code).toBe('AccessDeniedException')
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::210987654321:user/other' },
          Action: 'dynamodb:GetItem',
          Resource: TableName,
        },
      ],
    })
    const other = '210987654321'
    await b.world.identities.transaction((rows) => {
      const user = rows.get<any>(`users/${other}`, 'other')
      rows.put(`users/${other}`, 'other', { ...user, inline: { p: document(allow('dynamodb:*')) } })
    })
    const { RevisionId } = await call('PutResourcePolicy', { ResourceArn: TableName, Policy })
    expect(await call('GetResourcePolicy', { ResourceArn: TableName })).toEqual({ Policy, RevisionId })
    expect((await call('GetItem', get, otherKeys)).Item).toEqual({ p: { S: 'x' } })
    expect((await refusal('Scan', { TableName }, otherKeys)).code).toBe('AccessDeniedException')
    await call('DeleteResourcePolicy', { ResourceArn: TableName })
    expect((await refusal('GetResourcePolicy', { ResourceArn: TableName })).code).toBe('PolicyNotFoundException')
  })
})
