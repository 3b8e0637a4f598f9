// What is remembered of requests: who, what, how it ended, and why; as a list, as a tree, as a policy.

import { describe, expect, test } from 'bun:test'
import { account, adminKeys, allow, bench, deny, document } from '../account.fixture.ts'
import { changeSettings } from '../settings.ts'
import { leastPrivilege } from './least-privilege.ts'
import { entries, entryNamed } from './keep.ts'
import { drawn } from './tree.ts'

const ana = `arn:aws:iam::${account}:user/ana`

test('every request is kept with its caller, its end and its decisions', async () => {
  const b = bench()
  const keys = await b.user('ana', allow('iam:GetUser', ana))
  await b.call('iam', 'GetUser', {}, keys)
  const refused = await b.refusal('iam', 'ListUsers', {}, keys)
  await b.refusal('sts', 'GetCallerIdentity', {}, { ...keys, secretAccessKey: 'wrong' })
  await b.refusal('sts', 'GetCallerIdentity', {}, null)
  const [unsigned, forged, denied, allowed] = await entries(b.world)
  expect(allowed).toMatchObject({
    number: 4,
    service: 'iam',
    operation: 'GetUser',
    status: 200,
    principal: ana,
    account,
    region: 'us-east-1',
  })
  expect(allowed!.decisions).toMatchObject([
    {
      action: 'iam:GetUser',
      resource: ana,
      effect: 'ALLOW',
      decidedBy: 0,
      statements: [{ matched: true, effect: 'Allow' }],
    },
  ])
  expect(denied).toMatchObject({ status: 403, code: 'AccessDenied', requestId: refused.response.requestId })
  expect(denied!.decisions).toMatchObject([
    {
      effect: 'IMPLICIT_DENY',
      reason: 'identity',
      statements: [{ matched: false, failed: { element: 'Action' }, names: ['iam:GetUser'] }],
    },
  ])
  expect(forged).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch', decisions: [] })
  expect(forged!.principal).toBeUndefined()
  expect(unsigned).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' })
})

test('nothing that was sent is kept', async () => {
  const b = bench()
  await b.call('iam', 'CreateUser', { UserName: 'ana' })
  await b.call('iam', 'CreateLoginProfile', { UserName: 'ana', Password: 'S3cret-password-!' })
  const kept = JSON.stringify(await entries(b.world))
  expect(kept).not.toContain('S3cret-password-!')
  expect(kept).not.toContain(adminKeys.secretAccessKey)
})

test('only the newest are kept, or none', async () => {
  const b = bench()
  await changeSettings(b.world, { trail: 3 })
  for (let i = 0; i < 5; i++) await b.call('sts', 'GetCallerIdentity')
  expect((await entries(b.world)).map(({ number }) => number)).toEqual([5, 4, 3])
  await changeSettings(b.world, { trail: 0 })
  await b.call('sts', 'GetCallerIdentity')
  expect((await entries(b.world)).map(({ number }) => number)).toEqual([5, 4, 3])
})

test('what was written together is one list with what stands alone, as once everything did', async () => {
  const b = bench()
  await changeSettings(b.world, { trail: 80 })
  await b.call('sts', 'GetCallerIdentity')
  const [first] = await entries(b.world)
  await b.world.store.namespace('trail').transaction((rows) => rows.put('requests', '000000000001', first))
  for (let i = 0; i < 75; i++) await b.call('sts', 'GetCallerIdentity')
  const numbers = async (): Promise<number[]> => (await entries(b.world)).map(({ number }) => number)
  expect(await numbers()).toEqual(Array.from({ length: 76 }, (_, index) => 76 - index))
  for (let i = 0; i < 10; i++) await b.call('sts', 'GetCallerIdentity')
  expect(await numbers()).toEqual(Array.from({ length: 80 }, (_, index) => 86 - index))
})

test('a denial by IAM has an id that stands for its details for a day', async () => {
  const b = bench()
  const keys = await b.user('ana')
  const { message } = await b.refusal('iam', 'ListUsers', {}, keys)
  const id = /the following authorization id: ([a-z0-9]{25})$/.exec(message)![1]!
  expect(message).toEndWith(
    `because no identity-based policy allows the iam:ListUsers action. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/${id} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ${id}`,
  )
  expect(await entryNamed(b.world, id)).toMatchObject({ operation: 'ListUsers', authorizationId: id })
  b.advance(24 * 3600 * 1000 + 1000)
  expect(await entryNamed(b.world, id)).toBeUndefined()
})

describe('messages of every generation', () => {
  const base = `User: ${ana} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/`
  const policy = `arn:aws:iam::${account}:policy/No`
  test.each([
    ['classic', base],
    ['2021', `${base} with an explicit deny in an identity-based policy`],
    ['2026-01', `${base} with an explicit deny in an identity-based policy: ${policy}`],
  ] as const)('%s', async (messages, text) => {
    const b = bench()
    await changeSettings(b.world, { messages })
    const keys = await b.user('ana')
    await b.call('iam', 'CreatePolicy', { PolicyName: 'No', PolicyDocument: document(deny('iam:ListUsers')) })
    await b.call('iam', 'AttachUserPolicy', { UserName: 'ana', PolicyArn: policy })
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).message).toBe(text)
  })
})

test('a decision as a tree', async () => {
  const b = bench()
  const keys = await b.user(
    'ana',
    { Sid: 'Look', ...allow('iam:Get*') },
    { Sid: 'Office', ...allow('iam:ListUsers', '*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }) },
    allow('iam:ListUsers', 'arn:aws:iam::*:user/x'),
    { Sid: 'Mfa', ...deny('iam:ListUsers', '*', { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '60' } }) },
  )
  await b.refusal('iam', 'ListUsers', {}, keys)
  const tree = drawn((await entryNamed(b.world, undefined))!).split('\n')
  expect(tree.slice(1, 3)).toEqual([
    `by ${ana} with key ${keys.accessKeyId}, from 127.0.0.1`,
    'answered 403 AccessDenied',
  ])
  expect(tree.slice(4)).toEqual([
    `iam:ListUsers on arn:aws:iam::${account}:user/`,
    '└─ DENIED: no identity-based policy allows it',
    '   └─ identity-based policies: no Allow applies',
    '      └─ own, inline policy of user/ana',
    '         ├─ ✗ Allow "Look": the action is not among iam:Get*',
    '         ├─ ✗ Allow "Office": condition IpAddress aws:SourceIp does not hold (it wants 203.0.113.0/24)',
    '         ├─ ✗ Allow statement 3: the resource is not among arn:aws:iam::*:user/x',
    '         └─ ✗ Deny "Mfa": condition NumericGreaterThan aws:MultiFactorAuthAge: the request has no such key (it wants 60)',
    '',
  ])
  await b.call('iam', 'GetUser', {}, keys)
  const [newest] = await entries(b.world)
  expect(drawn(newest!)).toContain('✓ Allow "Look" applies: iam:Get*  ← this decided')
})

test('the least policy for what was done', async () => {
  const b = bench()
  const keys = await b.user('ana', allow('iam:*'))
  await b.call('iam', 'ListUsers', {}, keys)
  await b.call('iam', 'GetUser', {}, keys)
  await b.call('iam', 'ListGroupsForUser', { UserName: 'ana' }, keys)
  await b.refusal('s3', 'ListBuckets', {}, keys)
  const kept = await entries(b.world)
  const one = [
    { Effect: 'Allow', Action: ['iam:GetUser', 'iam:ListGroupsForUser'], Resource: ana },
    { Effect: 'Allow', Action: 'iam:ListUsers', Resource: `arn:aws:iam::${account}:user/*` },
  ]
  expect(leastPrivilege(kept, { principal: 'ana', denied: false })).toEqual({
    Version: '2012-10-17',
    Statement: one as never,
  })
  expect(leastPrivilege(kept, { principal: 'ana', denied: true })!.Statement).toContainEqual({
    Effect: 'Allow',
    Action: 's3:ListAllMyBuckets',
    Resource: '*',
  })
  expect(leastPrivilege(kept, { principal: 'nobody', denied: true })).toBeUndefined()
})

test('the policy of the trail is enough to do it again', async () => {
  const b = bench()
  const keys = await b.user('ana', allow('*'))
  const work = async (): Promise<void> => {
    await b.call('iam', 'CreateGroup', { GroupName: 'g' }, keys)
    await b.call('iam', 'AddUserToGroup', { GroupName: 'g', UserName: 'ana' }, keys)
    await b.call('iam', 'RemoveUserFromGroup', { GroupName: 'g', UserName: 'ana' }, keys)
    await b.call('iam', 'DeleteGroup', { GroupName: 'g' }, keys)
    await b.call('s3', 'ListBuckets', {}, keys)
  }
  await work()
  const policy = leastPrivilege(await entries(b.world), { principal: 'ana', denied: false })
  await b.call('iam', 'PutUserPolicy', { UserName: 'ana', PolicyName: 'own', PolicyDocument: JSON.stringify(policy) })
  await work()
  await b.refusal('iam', 'ListGroups', {}, keys)
})
