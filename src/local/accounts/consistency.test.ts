// Changes in IAM that take their time, by the account's clock.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, document, keysOf, type Bench } from '../account.fixture.ts'
import { changeSettings } from '../settings.ts'

async function slow(): Promise<Bench> {
  const b = bench()
  await b.call('sts', 'GetCallerIdentity')
  await changeSettings(b.world, { consistency: 5 })
  return b
}

const may = (b: Bench, operation: string, keys: any) =>
  b.call('iam', operation, {}, keys).then(
    () => 'yes',
    (error) => error.code,
  )

describe('with a delay', () => {
  test('a new key is unknown at first; IAM itself shows it', async () => {
    const b = await slow()
    const keys = await b.user('ana', allow('iam:ListUsers'))
    expect((await b.call('iam', 'ListAccessKeys', { UserName: 'ana' })).AccessKeyMetadata).toHaveLength(1)
    expect(await may(b, 'ListUsers', keys)).toBe('InvalidClientTokenId')
    b.advance(4_000)
    expect(await may(b, 'ListUsers', keys)).toBe('InvalidClientTokenId')
    b.advance(2_000)
    expect(await may(b, 'ListUsers', keys)).toBe('yes')
  })

  test('so does what is taken away', async () => {
    const b = await slow()
    const keys = await b.user('ana', allow('iam:ListUsers'))
    b.advance(6_000)
    await b.call('iam', 'DeleteUserPolicy', { UserName: 'ana', PolicyName: 'own' })
    expect(await may(b, 'ListUsers', keys)).toBe('yes')
    b.advance(6_000)
    expect(await may(b, 'ListUsers', keys)).toBe('AccessDenied')
    await b.call('iam', 'DeleteAccessKey', { UserName: 'ana', AccessKeyId: keys.accessKeyId })
    expect(await may(b, 'ListUsers', keys)).toBe('AccessDenied')
    b.advance(6_000)
    expect(await may(b, 'ListUsers', keys)).toBe('InvalidClientTokenId')
  })

  test('each change comes at its own time', async () => {
    const b = await slow()
    const keys = await b.user('ana')
    b.advance(6_000)
    const put = (action: string) =>
      b.call('iam', 'PutUserPolicy', { UserName: 'ana', PolicyName: 'p', PolicyDocument: document(allow(action)) })
    await put('iam:ListUsers')
    b.advance(3_000)
    await put('iam:ListRoles')
    const seen = async () => [await may(b, 'ListUsers', keys), await may(b, 'ListRoles', keys)]
    expect(await seen()).toEqual(['AccessDenied', 'AccessDenied'])
    b.advance(3_000)
    expect(await seen()).toEqual(['yes', 'AccessDenied'])
    b.advance(3_000)
    expect(await seen()).toEqual(['AccessDenied', 'yes'])
  })

  test('a new role cannot be assumed yet', async () => {
    const b = await slow()
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 'sts:AssumeRole',
    })
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument })
    const assume = { RoleArn: `arn:aws:iam::${account}:role/r`, RoleSessionName: 'me' }
    expect((await b.refusal('sts', 'AssumeRole', assume)).code).toBe('AccessDenied')
    b.advance(6_000)
    const { Credentials } = await b.call('sts', 'AssumeRole', assume)
    await b.call('sts', 'GetCallerIdentity', {}, keysOf(Credentials))
  })

  test('what is noted of use is noted of what is there', async () => {
    const b = await slow()
    const keys = await b.user('ana', allow('iam:*'))
    b.advance(6_000)
    await b.call('iam', 'UpdateAccessKey', { UserName: 'ana', AccessKeyId: keys.accessKeyId, Status: 'Inactive' })
    expect(await may(b, 'ListUsers', keys)).toBe('yes')
    const listed = await b.call('iam', 'ListAccessKeys', { UserName: 'ana' })
    expect(listed.AccessKeyMetadata[0].Status).toBe('Inactive')
    b.advance(6_000)
    expect(await may(b, 'ListUsers', keys)).toBe('InvalidClientTokenId')
  })
})

test('without one, at once', async () => {
  const b = bench()
  const keys = await b.user('ana', allow('iam:ListUsers'))
  expect(await may(b, 'ListUsers', keys)).toBe('yes')
})
