// STS: whose role one may take, for how long, with what, and what comes with it.

import { describe, expect, test } from 'bun:test'
import {
  account,
  adminKeys,
  allow,
  bench,
  deny,
  document,
  keysOf,
  otherKeys,
  rootKeys,
  told,
  type Bench,
  sentence,
} from '../../account.fixture.ts'
import { codeAt, stepAt } from '../../accounts/mfa.ts'
import { accountOf } from '../../accounts/ids.ts'
import type { Credentials } from '../../../lib/credentials.ts'

const RoleArn = `arn:aws:iam::${account}:role/dev`
const ana = `arn:aws:iam::${account}:user/ana`
const assume = { RoleArn, RoleSessionName: 'work' }
const denied = (action = 'sts:AssumeRole', user = ana): [string, number, string] => [
  'AccessDenied',
  403,
  `User: ${user} is not authorized to perform: ${action} on resource: ${RoleArn}`,
]

async function role(
  b: Bench,
  principal: object | string,
  condition?: object,
  actions: string[] = ['sts:AssumeRole'],
  permissions: object[] = [allow('iam:*')],
): Promise<void> {
  const AssumeRolePolicyDocument = document({
    Effect: 'Allow',
    Principal: principal,
    Action: actions,
    ...(condition && { Condition: condition }),
  })
  await b.call('iam', 'CreateRole', { RoleName: 'dev', AssumeRolePolicyDocument, MaxSessionDuration: 7200 })
  if (permissions.length > 0)
    await b.call('iam', 'PutRolePolicy', {
      RoleName: 'dev',
      PolicyName: 'own',
      PolicyDocument: document(...permissions),
    })
}

describe('AssumeRole', () => {
  test('needs the trust policy and the caller to agree', async () => {
    const b = bench()
    const keys = await b.user('ana')
    expect(told(await b.refusal('sts', 'AssumeRole', assume, keys))).toEqual(denied())
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    expect(told(await b.refusal('sts', 'AssumeRole', assume, keys))[0]).toBe('AccessDenied')
    await b.call('iam', 'PutUserPolicy', {
      UserName: 'ana',
      PolicyName: 'own',
      PolicyDocument: document(allow('sts:AssumeRole', RoleArn)),
    })
    const output = await b.call('sts', 'AssumeRole', assume, keys)
    expect(output.AssumedRoleUser).toEqual({
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:work$/),
      Arn: `arn:aws:sts::${account}:assumed-role/dev/work`,
    })
    expect(output.PackedPolicySize).toBeUndefined()
    expect(output.Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(accountOf(output.Credentials.AccessKeyId)).toBe(account)
    expect(output.Credentials.SessionToken).toStartWith('FwoGZXIvYXdz')
    expect(await b.call('sts', 'GetCallerIdentity', {}, keysOf(output.Credentials))).toEqual({
      UserId: output.AssumedRoleUser.AssumedRoleId,
      Account: account,
      Arn: output.AssumedRoleUser.Arn,
    })
    expect((await b.call('iam', 'ListUsers', {}, keysOf(output.Credentials))).Users).toHaveLength(2)
    expect((await b.call('iam', 'GetRole', { RoleName: 'dev' })).Role.RoleLastUsed.Region).toBe('us-east-1')
  })

  test('a trust policy that names the user is enough in one account', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await role(b, { AWS: ana })
    expect((await b.call('sts', 'AssumeRole', assume, keys)).Credentials).toBeDefined()
    const bob = await b.user('bob', allow('sts:*'))
    expect(told(await b.refusal('sts', 'AssumeRole', assume, bob))).toEqual(
      denied('sts:AssumeRole', `arn:aws:iam::${account}:user/bob`),
    )
  })

  test('from another account both must allow', async () => {
    const b = bench()
    await role(b, { AWS: 'arn:aws:iam::210987654321:root' })
    expect((await b.refusal('sts', 'AssumeRole', assume, otherKeys)).code).toBe('AccessDenied')
    const theirs = await b.call('iam', 'GetUser', {}, otherKeys).catch((error) => error.code)
    expect(theirs).toBe('AccessDenied')
  })

  test('never for root', async () => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    expect(told(await b.refusal('sts', 'AssumeRole', assume, rootKeys))).toEqual([
      'AccessDenied',
      403,
      'Roles may not be assumed by root accounts.',
    ])
  })

  test.each<[string, object, object, boolean]>([
    ['external id', { StringEquals: { 'sts:ExternalId': 'secret' } }, { ExternalId: 'secret' }, true],
    ['wrong external id', { StringEquals: { 'sts:ExternalId': 'secret' } }, { ExternalId: 'guess' }, false],
    ['no external id', { StringEquals: { 'sts:ExternalId': 'secret' } }, {}, false],
    ['session name', { StringLike: { 'sts:RoleSessionName': 'w*' } }, {}, true],
    ['another session name', { StringLike: { 'sts:RoleSessionName': 'x*' } }, {}, false],
    ['MFA that was not given', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, {}, false],
  ])('conditions of the trust policy: %s', async (_, condition, input, allowed) => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:user/admin` }, condition)
    const code = await b.call('sts', 'AssumeRole', { ...assume, ...input }).then(
      () => 'allowed',
      (error) => error.code,
    )
    expect(code).toBe(allowed ? 'allowed' : 'AccessDenied')
  })

  test('with an MFA code, which counts for the trust policy but not for the session', async () => {
    const b = bench()
    const mfa = await device(b, 'admin')
    const trusting = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    await role(b, { AWS: `arn:aws:iam::${account}:user/admin` }, trusting, undefined, [
      allow('iam:ListUsers', '*', trusting),
      allow('iam:ListRoles'),
    ])
    const { Credentials } = await b.call('sts', 'AssumeRole', { ...assume, ...mfa.code(1) })
    expect((await b.refusal('iam', 'ListUsers', {}, keysOf(Credentials))).code).toBe('AccessDenied')
    expect((await b.call('iam', 'ListRoles', {}, keysOf(Credentials))).Roles).toHaveLength(1)
  })

  test('lasts as long as asked, within the role and the chain', async () => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:root` }, undefined, undefined, [allow('sts:*')])
    expect(told(await b.refusal('sts', 'AssumeRole', { ...assume, DurationSeconds: 10_000 }))).toEqual([
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ])
    expect(told(await b.refusal('sts', 'AssumeRole', { ...assume, DurationSeconds: 10 }))).toEqual([
      'ValidationError',
      400,
      "1 validation error detected: Value '10' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ])
    const { Credentials } = await b.call('sts', 'AssumeRole', { ...assume, DurationSeconds: 7200 })
    expect(
      told(await b.refusal('sts', 'AssumeRole', { ...assume, DurationSeconds: 7200 }, keysOf(Credentials))),
    ).toEqual([
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ])
    b.advance(7100_000)
    expect((await b.call('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).Account).toBe(account)
    b.advance(200_000)
    expect((await b.refusal('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).code).toBe('ExpiredToken')
  })

  test('session policies cut, explicit denies name them', async () => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    const session = (Policy: string) => b.call('sts', 'AssumeRole', { ...assume, Policy })
    const one = await session(document(allow('iam:ListRoles')))
    expect(one.PackedPolicySize).toBeGreaterThan(0)
    expect((await b.call('iam', 'ListRoles', {}, keysOf(one.Credentials))).Roles).toHaveLength(1)
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, keysOf(one.Credentials)))).toBe(
      `User: arn:aws:sts::${account}:assumed-role/dev/work is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/ because no session policy allows the iam:ListUsers action`,
    )
    const two = await session(document(allow('*'), deny('iam:ListUsers')))
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, keysOf(two.Credentials)))).toEndWith(
      'with an explicit deny in a session policy',
    )
    expect((await b.refusal('sts', 'AssumeRole', { ...assume, Policy: '{' })).code).toBe('MalformedPolicyDocument')
    expect(
      (
        await b.refusal('sts', 'AssumeRole', {
          ...assume,
          Policy: document(allow('s3:Get*', `arn:aws:s3:::${'x'.repeat(2000)}`)),
        })
      ).code,
    ).toBe('PackedPolicyTooLarge')
  })

  test("session tags: need sts:TagSession, stand in for the role's, go down the chain", async () => {
    const b = bench()
    const tagged = { ...assume, Tags: [{ Key: 'Team', Value: 'sea' }], TransitiveTagKeys: ['team'] }
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    expect(told(await b.refusal('sts', 'AssumeRole', tagged))).toEqual(
      denied('sts:TagSession', `arn:aws:iam::${account}:user/admin`),
    )
    await b.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'dev',
      PolicyDocument: document({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      }),
    })
    await b.call('iam', 'TagRole', { RoleName: 'dev', Tags: [{ Key: 'team', Value: 'land' }] })
    await b.call('iam', 'PutRolePolicy', {
      RoleName: 'dev',
      PolicyName: 'own',
      PolicyDocument: document(
        allow('iam:ListUsers', '*', { StringEquals: { 'aws:PrincipalTag/team': 'sea' } }),
        allow('sts:*'),
      ),
    })
    const { Credentials } = await b.call('sts', 'AssumeRole', tagged)
    expect((await b.call('iam', 'ListUsers', {}, keysOf(Credentials))).Users).toHaveLength(1)
    const chained = await b.call('sts', 'AssumeRole', assume, keysOf(Credentials))
    expect((await b.call('iam', 'ListUsers', {}, keysOf(chained.Credentials))).Users).toHaveLength(1)
    expect(
      told(
        await b.refusal('sts', 'AssumeRole', { ...assume, Tags: [{ Key: 'TEAM', Value: 'x' }] }, keysOf(Credentials)),
      ),
    ).toEqual([
      'InvalidParameterValue',
      400,
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    ])
    expect((await b.refusal('sts', 'AssumeRole', { ...assume, TransitiveTagKeys: ['x'] })).message).toBe(
      'The specified transitive tag key must be included in the requested tags.',
    )
    expect(
      (
        await b.refusal('sts', 'AssumeRole', {
          ...assume,
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'A', Value: '2' },
          ],
        })
      ).message,
    ).toBe('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    const named = await b.call('sts', 'AssumeRole', { ...assume, SourceIdentity: 'ana' })
    expect(named.SourceIdentity).toBe('ana')
    expect(
      (await b.refusal('sts', 'AssumeRole', { ...assume, SourceIdentity: 'bob' }, keysOf(named.Credentials))).code,
    ).toBe('AccessDenied')
  })

  test.each(['nothing-valid-in-here!', 'arn:a::::something/test-role', 'arn::b:::something/test-role'])(
    'refuses the ARN %s',
    async (arn) => {
      const error = await bench().refusal('sts', 'AssumeRole', { ...assume, RoleArn: arn })
      expect(told(error)).toEqual(['ValidationError', 400, `${arn} is invalid`])
    },
  )

  test("a session's name keeps its pattern", async () => {
    const error = await bench().refusal('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'Session1:2' })
    expect(told(error)).toEqual([
      'ValidationError',
      400,
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ])
  })

  test('sessions of a deleted role are over', async () => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:root` }, undefined, undefined, [])
    const { Credentials } = await b.call('sts', 'AssumeRole', assume)
    await b.call('iam', 'DeleteRole', { RoleName: 'dev' })
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    expect((await b.refusal('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).code).toBe('InvalidClientTokenId')
  })

  test('sessions are revoked by policy', async () => {
    const b = bench()
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    const { Credentials } = await b.call('sts', 'AssumeRole', assume)
    b.advance(10_000)
    const now = b.now().toISOString()
    await b.call('iam', 'PutRolePolicy', {
      RoleName: 'dev',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument: document(deny('*', '*', { DateLessThan: { 'aws:TokenIssueTime': now } })),
    })
    expect((await b.refusal('iam', 'ListUsers', {}, keysOf(Credentials))).message).toContain(
      'explicit deny in an identity-based policy',
    )
    b.advance(10_000)
    const fresh = await b.call('sts', 'AssumeRole', assume)
    expect((await b.call('iam', 'ListUsers', {}, keysOf(fresh.Credentials))).Users).toHaveLength(1)
  })
})

interface Device {
  serial: string
  /** SerialNumber and TokenCode, `steps` of thirty seconds from now. */
  code(steps?: number): { SerialNumber: string; TokenCode: string }
}

async function device(b: Bench, UserName: string): Promise<Device> {
  const { VirtualMFADevice } = await b.call('iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: UserName })
  const { SerialNumber, Base32StringSeed } = VirtualMFADevice
  const seed = new TextDecoder().decode(Base32StringSeed)
  const at = (steps: number): string => codeAt(seed, stepAt(b.now().getTime()) + steps)
  await b.call('iam', 'EnableMFADevice', {
    UserName,
    SerialNumber,
    AuthenticationCode1: at(-2),
    AuthenticationCode2: at(-1),
  })
  return { serial: SerialNumber, code: (steps = 0) => ({ SerialNumber, TokenCode: at(steps) }) }
}

describe('GetSessionToken', () => {
  test('gives the same caller, with MFA where a code was given', async () => {
    const b = bench()
    const keys = await b.user('ana', allow('iam:ListUsers', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))
    const mfa = await device(b, 'ana')
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('AccessDenied')
    const { Credentials } = await b.call('sts', 'GetSessionToken', mfa.code(), keys)
    expect((await b.call('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).Arn).toBe(ana)
    expect((await b.call('iam', 'ListUsers', {}, keysOf(Credentials))).Users).toHaveLength(2)
    expect(Credentials.Expiration.getTime() - b.now().getTime()).toBeWithin(43_190_000, 43_200_001)
  })

  test("takes a code once, and only a right one, of one's own device", async () => {
    const b = bench()
    const keys = await b.user('ana')
    const mfa = await device(b, 'ana')
    const used = mfa.code()
    await b.call('sts', 'GetSessionToken', used, keys)
    const wrong = 'MultiFactorAuthentication failed with invalid MFA one time pass code. '
    expect(told(await b.refusal('sts', 'GetSessionToken', used, keys))).toEqual(['AccessDenied', 403, wrong])
    expect(told(await b.refusal('sts', 'GetSessionToken', mfa.code(5), keys))).toEqual(['AccessDenied', 403, wrong])
    await b.call('sts', 'GetSessionToken', mfa.code(1), keys)
    const notYours =
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.'
    expect(told(await b.refusal('sts', 'GetSessionToken', mfa.code(1), await b.user('bob')))).toEqual([
      'AccessDenied',
      403,
      notYours,
    ])
    expect((await b.refusal('sts', 'GetSessionToken', { SerialNumber: mfa.serial }, keys)).message).toBe(
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    )
  })

  test('without MFA it may not call IAM, and of STS only two operations', async () => {
    const b = bench()
    const { Credentials } = await b.call('sts', 'GetSessionToken')
    const keys = keysOf(Credentials)
    expect(told(await b.refusal('iam', 'ListUsers', {}, keys))).toEqual([
      'InvalidClientTokenId',
      403,
      'The security token included in the request is invalid',
    ])
    expect(told(await b.refusal('sts', 'GetSessionToken', {}, keys))).toEqual([
      'AccessDenied',
      403,
      'Cannot call GetSessionToken with session credentials',
    ])
    expect(told(await b.refusal('sts', 'GetFederationToken', { Name: 'xy' }, keys))).toEqual([
      'AccessDenied',
      403,
      'Cannot call GetFederationToken with session credentials',
    ])
    await role(b, { AWS: `arn:aws:iam::${account}:root` })
    expect((await b.call('sts', 'AssumeRole', assume, keys)).Credentials).toBeDefined()
  })

  test("root's lasts an hour", async () => {
    const b = bench()
    const { Credentials } = await b.call('sts', 'GetSessionToken', {}, rootKeys)
    expect(Credentials.Expiration.getTime() - b.now().getTime()).toBeWithin(3_590_000, 3_600_001)
    expect((await b.call('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).Arn).toBe(`arn:aws:iam::${account}:root`)
  })
})

describe('GetFederationToken', () => {
  const get = (b: Bench, input: object, keys: Credentials = adminKeys) =>
    b.call('sts', 'GetFederationToken', { Name: 'guest', ...input }, keys)

  test('gives what both the user and the session policy allow', async () => {
    const b = bench()
    const output = await get(b, { Policy: document(allow('lambda:List*')) })
    expect(output.FederatedUser).toEqual({
      FederatedUserId: `${account}:guest`,
      Arn: `arn:aws:sts::${account}:federated-user/guest`,
    })
    const keys = keysOf(output.Credentials)
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Arn).toBe(
      `arn:aws:sts::${account}:federated-user/guest`,
    )
    expect((await b.refusal('lambda', 'ListFunctions', {}, keys)).code).toBe('NotImplemented')
    expect((await b.refusal('lambda', 'GetFunction', { FunctionName: 'f' }, keys)).message).toContain(
      'because no session policy allows the lambda:GetFunction action',
    )
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('InvalidClientTokenId')
    expect((await b.refusal('sts', 'AssumeRole', assume, keys)).code).toBe('AccessDenied')
  })

  test('without a session policy gives nothing, and needs leave', async () => {
    const b = bench()
    const keys = keysOf((await get(b, {})).Credentials)
    expect((await b.refusal('lambda', 'ListFunctions', {}, keys)).code).toBe('AccessDeniedException')
    const error = await b.refusal('sts', 'GetFederationToken', { Name: 'guest' }, await b.user('ana'))
    expect(error.message).toBe(
      `User: ${ana} is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::${account}:federated-user/guest because no identity-based policy allows the sts:GetFederationToken action`,
    )
  })
})

test('GetAccessKeyInfo knows the account of any key', async () => {
  const b = bench()
  expect((await b.call('sts', 'GetAccessKeyInfo', { AccessKeyId: 'AKIARZPUZDIKGB2VALC4' })).Account).toBe(
    '123456789012',
  )
  expect((await b.call('sts', 'GetAccessKeyInfo', { AccessKeyId: otherKeys.accessKeyId })).Account).toBe('210987654321')
})

describe('whom a trust policy names', () => {
  const trusting = (AWS: string | string[]) =>
    document({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' })
  const arn = (kind: string, name: string, of = account) => `arn:aws:iam::${of}:${kind}/${name}`
  const assume = { RoleArn: arn('role', 'r'), RoleSessionName: 'me' }
  const shown = async (b: Bench, RoleName = 'r') =>
    JSON.parse(decodeURIComponent((await b.call('iam', 'GetRole', { RoleName })).Role.AssumeRolePolicyDocument))
      .Statement[0].Principal.AWS

  test('is not whoever has the name later', async () => {
    const b = bench()
    const first = await b.user('ana')
    const { UserId } = (await b.call('iam', 'GetUser', { UserName: 'ana' })).User
    const AssumeRolePolicyDocument = trusting(arn('user', 'ana'))
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument })
    await b.call('sts', 'AssumeRole', assume, first)
    await b.call('iam', 'DeleteAccessKey', { UserName: 'ana', AccessKeyId: first.accessKeyId })
    await b.call('iam', 'DeleteUser', { UserName: 'ana' })
    expect(await shown(b)).toBe(UserId)
    const second = await b.user('ana')
    expect(await shown(b)).toBe(UserId)
    expect((await b.refusal('sts', 'AssumeRole', assume, second)).code).toBe('AccessDenied')
    // What it shows can no longer be saved; the name, saved again, means the new one.
    const dangling = await b.refusal('iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'r',
      PolicyDocument: trusting(UserId),
    })
    expect(dangling.message).toBe(`Invalid principal in policy: "AWS":"${UserId}"`)
    await b.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument: AssumeRolePolicyDocument })
    await b.call('sts', 'AssumeRole', assume, second)
  })

  test('goes along when it is renamed', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting(arn('user', 'ana')) })
    await b.call('iam', 'UpdateUser', { UserName: 'ana', NewUserName: 'anna', NewPath: '/staff/' })
    expect(await shown(b)).toBe(arn('user', 'staff/anna'))
    await b.call('sts', 'AssumeRole', assume, keys)
  })

  test('may be told by its id, and is shown by its ARN', async () => {
    const b = bench()
    const keys = await b.user('ana')
    const { UserId } = (await b.call('iam', 'GetUser', { UserName: 'ana' })).User
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting([UserId]) })
    expect(await shown(b)).toEqual([arn('user', 'ana')])
    await b.call('sts', 'AssumeRole', assume, keys)
  })

  test('a role that is made anew is not trusted either', async () => {
    const b = bench()
    const root = trusting(`arn:aws:iam::${account}:root`)
    const make = () => b.call('iam', 'CreateRole', { RoleName: 'first', AssumeRolePolicyDocument: root })
    const keys = await b.user('ana', allow('sts:AssumeRole'))
    const chained = async () => {
      const first = await b.call('sts', 'AssumeRole', { ...assume, RoleArn: arn('role', 'first') }, keys)
      return b.call('sts', 'AssumeRole', assume, keysOf(first.Credentials))
    }
    await make()
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting(arn('role', 'first')) })
    await chained()
    await b.call('iam', 'DeleteRole', { RoleName: 'first' })
    await make()
    expect(await chained().then(String, (error) => error.code)).toBe('AccessDenied')
  })

  test.each([
    ['nobody', arn('user', 'nobody')],
    ['a role that is not there', arn('role', 'nobody')],
    ['the wrong path', arn('user', 'staff/admin')],
    ["nobody of another account's", arn('user', 'nobody', '210987654321')],
    ['an id that nobody has', 'AIDAQQQQQQQQQQQQQQQQQ'],
  ])('must be there: %s', async (_, name) => {
    const error = await bench().refusal('iam', 'CreateRole', {
      RoleName: 'r',
      AssumeRolePolicyDocument: trusting(name),
    })
    expect(told(error)).toEqual(['MalformedPolicyDocument', 400, `Invalid principal in policy: "AWS":"${name}"`])
  })

  test('may be in another account', async () => {
    const b = bench()
    await b.call('sts', 'GetCallerIdentity')
    const AssumeRolePolicyDocument = trusting([arn('user', 'other', '210987654321'), arn('user', 'x', '333333333333')])
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument })
    expect(await shown(b)).toHaveLength(2)
  })
})
