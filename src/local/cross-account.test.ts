// Two accounts of one world: what one lets the other do, both sides must allow.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html

import { describe, expect, test } from 'bun:test'
import type { Credentials } from '../lib/credentials.ts'
import { account, allow, bench, deny, document, keysOf, otherKeys, type Bench } from './account.fixture.ts'

const other = '210987654321'

/** A world in which the other account's user has these permissions. */
async function settled(...statements: object[]): Promise<Bench> {
  const b = bench()
  await b.call('s3', 'CreateBucket', { Bucket: 'theirs' })
  await b.call('s3', 'PutObject', { Bucket: 'theirs', Key: 'k', Body: new TextEncoder().encode('x') })
  await b.world.identities.transaction((rows) => {
    const user = rows.get<any>(`users/${other}`, 'other')
    rows.put(`users/${other}`, 'other', {
      ...user,
      inline: statements.length > 0 ? { p: document(...statements) } : {},
    })
  })
  return b
}

async function verdict(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'allowed',
    (error) => error.code,
  )
}

describe('a bucket of another account', () => {
  const get = (b: Bench, keys: Credentials = otherKeys) =>
    verdict(b.call('s3', 'GetObject', { Bucket: 'theirs', Key: 'k' }, keys))
  const share = (b: Bench, AWS: string, Effect = 'Allow') =>
    b.call('s3', 'PutBucketPolicy', {
      Bucket: 'theirs',
      Policy: document({ Effect, Principal: { AWS }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::theirs/*' }),
    })
  const mine = allow('s3:GetObject', 'arn:aws:s3:::theirs/*')
  const user = `arn:aws:iam::${other}:user/other`

  test.each([
    ['neither side allows', [], undefined, 'AccessDenied'],
    ['only its own side allows', [mine], undefined, 'AccessDenied'],
    ['only the bucket allows', [], user, 'AccessDenied'],
    ['both allow, the bucket by the user', [mine], user, 'allowed'],
    ['both allow, the bucket by the account', [mine], `arn:aws:iam::${other}:root`, 'allowed'],
    ['both allow, the bucket by the number', [mine], other, 'allowed'],
    ['the bucket allows another user', [mine], `arn:aws:iam::${other}:user/nobody`, 'AccessDenied'],
    ['the bucket allows another account', [mine], 'arn:aws:iam::333333333333:root', 'AccessDenied'],
    ['its own side denies', [mine, deny('s3:*')], user, 'AccessDenied'],
  ])('%s', async (_, statements, shared, expected) => {
    const b = await settled(...statements)
    if (shared) await share(b, shared)
    expect(await get(b)).toBe(expected)
  })

  test('the bucket denies whom it is shared with', async () => {
    const b = await settled(mine)
    await b.call('s3', 'PutBucketPolicy', {
      Bucket: 'theirs',
      Policy: document(
        { Effect: 'Allow', Principal: { AWS: other }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::theirs/*' },
        { Effect: 'Deny', Principal: { AWS: user }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::theirs/*' },
      ),
    })
    expect(await get(b)).toBe('AccessDenied')
  })

  test('a session that the bucket names still needs its own side', async () => {
    const b = await settled(allow('sts:AssumeRole'), allow('iam:*'))
    const trust = document({ Effect: 'Allow', Principal: { AWS: other }, Action: 'sts:AssumeRole' })
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust }, otherKeys)
    const assume = { RoleArn: `arn:aws:iam::${other}:role/r`, RoleSessionName: 'me' }
    const keys = keysOf((await b.call('sts', 'AssumeRole', assume, otherKeys)).Credentials)
    await share(b, `arn:aws:sts::${other}:assumed-role/r/me`)
    expect(await get(b, keys)).toBe('AccessDenied')
    const PolicyDocument = document(mine)
    await b.call('iam', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument }, otherKeys)
    expect(await get(b, keys)).toBe('allowed')
  })

  test('strangers are told no reason', async () => {
    const b = await settled(mine)
    const error = await b.refusal('s3', 'GetObject', { Bucket: 'theirs', Key: 'k' }, otherKeys)
    expect(error.message).toBe('Access Denied')
  })
})

describe('a role of another account', () => {
  const RoleArn = `arn:aws:iam::${account}:role/shared`
  const trusting = (statement: object) => document({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement })
  const principal = { Principal: { AWS: `arn:aws:iam::${other}:root` } }
  const assume = (b: Bench, more: object = {}) =>
    b.call('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'me', ...more }, otherKeys)

  async function shared(trust: object, ...statements: object[]): Promise<Bench> {
    const b = await settled(...statements)
    await b.call('iam', 'CreateRole', { RoleName: 'shared', AssumeRolePolicyDocument: trusting(trust) })
    return b
  }

  test.each([
    ['both sides allow', principal, [allow('sts:AssumeRole', RoleArn)], {}, 'allowed'],
    ['the caller may not', principal, [], {}, 'AccessDenied'],
    ['the caller may take another', principal, [allow('sts:AssumeRole', `${RoleArn}2`)], {}, 'AccessDenied'],
    [
      'even if the trust names the caller',
      { Principal: { AWS: `arn:aws:iam::${other}:user/other` } },
      [],
      {},
      'AccessDenied',
    ],
    ['the role trusts others', { Principal: { AWS: '333333333333' } }, [allow('sts:AssumeRole')], {}, 'AccessDenied'],
    [
      'without the external id',
      { ...principal, Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } },
      [allow('sts:*')],
      {},
      'AccessDenied',
    ],
    [
      'with the external id',
      { ...principal, Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } },
      [allow('sts:*')],
      { ExternalId: 'x1' },
      'allowed',
    ],
  ])('%s', async (_, trust, statements, more, expected) => {
    expect(await verdict(assume(await shared(trust, ...statements), more))).toBe(expected)
  })

  test('is used with the permissions of its own account', async () => {
    const b = await shared(principal, allow('sts:AssumeRole'))
    const PolicyDocument = document(allow('iam:ListUsers'))
    await b.call('iam', 'PutRolePolicy', { RoleName: 'shared', PolicyName: 'p', PolicyDocument })
    const keys = keysOf((await assume(b)).Credentials)
    expect((await b.call('iam', 'ListUsers', {}, keys)).Users.map((user: any) => user.UserName)).toEqual(['admin'])
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Account).toBe(account)
  })
})

test('accounts do not see each other', async () => {
  const b = await settled(allow('iam:*'))
  await b.user('ana')
  const listed = await b.call('iam', 'ListUsers', {}, otherKeys)
  expect(listed.Users.map((user: any) => user.UserName)).toEqual(['other'])
  expect((await b.refusal('iam', 'GetUser', { UserName: 'ana' }, otherKeys)).code).toBe('NoSuchEntity')
  const { AccessKeyMetadata } = await b.call('iam', 'ListAccessKeys', { UserName: 'ana' })
  const theirs = { AccessKeyId: AccessKeyMetadata[0].AccessKeyId }
  expect((await b.refusal('iam', 'GetAccessKeyLastUsed', theirs, otherKeys)).code).toBe('AccessDenied')
  expect((await b.call('sts', 'GetAccessKeyInfo', theirs)).Account).toBe(account)
})
