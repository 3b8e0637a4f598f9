// IAM through its front door: results, errors in its words, limits. Permissions are serve.test.ts's.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, document, keysOf, rootKeys, told, sentence } from '../../account.fixture.ts'
import { codeAt, stepAt } from '../../accounts/mfa.ts'

const arnOf = (kind: string, name: string): string => `arn:aws:iam::${account}:${kind}/${name}`
const trust = document({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'sts:AssumeRole',
})

describe('users', () => {
  test('are made, found, renamed and deleted', async () => {
    const b = bench()
    const { User } = await b.call('iam', 'CreateUser', {
      UserName: 'Ana',
      Path: '/staff/',
      Tags: [{ Key: 'team', Value: 'sea' }],
    })
    expect(User).toMatchObject({
      Path: '/staff/',
      UserName: 'Ana',
      Arn: arnOf('user', 'staff/Ana'),
      Tags: [{ Key: 'team', Value: 'sea' }],
    })
    expect(User.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/)
    expect(User.CreateDate.getMilliseconds()).toBe(0)
    expect((await b.call('iam', 'GetUser', { UserName: 'ana' })).User).toEqual(User)
    await b.call('iam', 'UpdateUser', { UserName: 'Ana', NewUserName: 'Anna', NewPath: '/' })
    expect((await b.call('iam', 'ListUsers')).Users.map((user: any) => user.Arn)).toEqual([
      arnOf('user', 'admin'),
      arnOf('user', 'Anna'),
    ])
    await b.call('iam', 'DeleteUser', { UserName: 'Anna' })
    expect((await b.call('iam', 'ListUsers', { PathPrefix: '/staff/' })).Users).toEqual([])
  })

  test('without a name, the caller is meant', async () => {
    const b = bench()
    expect((await b.call('iam', 'GetUser')).User.UserName).toBe('admin')
    expect((await b.call('iam', 'GetUser', {}, rootKeys)).User).toMatchObject({
      UserId: account,
      Arn: `arn:aws:iam::${account}:root`,
    })
  })

  test('keep their keys when they are renamed', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.call('iam', 'UpdateUser', { UserName: 'ana', NewUserName: 'anna' })
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Arn).toBe(arnOf('user', 'anna'))
  })
})

describe('errors', () => {
  const cases: [string, object, [string, number, string]][] = [
    ['GetUser', { UserName: 'nobody' }, ['NoSuchEntity', 404, 'The user with name nobody cannot be found.']],
    ['CreateUser', { UserName: 'ADMIN' }, ['EntityAlreadyExists', 409, 'User with name ADMIN already exists.']],
    ['GetRole', { RoleName: 'none' }, ['NoSuchEntity', 404, 'The role with name none cannot be found.']],
    ['GetGroup', { GroupName: 'none' }, ['NoSuchEntity', 404, 'The group with name none cannot be found.']],
    [
      'GetInstanceProfile',
      { InstanceProfileName: 'none' },
      ['NoSuchEntity', 404, 'Instance Profile none cannot be found.'],
    ],
    [
      'GetPolicy',
      { PolicyArn: arnOf('policy', 'none') },
      ['NoSuchEntity', 404, `Policy ${arnOf('policy', 'none')} was not found.`],
    ],
    [
      'GetPolicy',
      { PolicyArn: 'no arn but long enough' },
      ['ValidationError', 400, 'Invalid ARN:  Could not be parsed!'],
    ],
    [
      'AttachUserPolicy',
      { UserName: 'admin', PolicyArn: arnOf('policy', 'none') },
      ['NoSuchEntity', 404, `Policy ${arnOf('policy', 'none')} does not exist or is not attachable.`],
    ],
    [
      'GetUserPolicy',
      { UserName: 'admin', PolicyName: 'none' },
      ['NoSuchEntity', 404, 'The user policy with name none cannot be found.'],
    ],
    [
      'DeleteUser',
      { UserName: 'admin' },
      ['DeleteConflict', 409, 'Cannot delete entity, must delete access keys first.'],
    ],
    ['GetLoginProfile', { UserName: 'admin' }, ['NoSuchEntity', 404, 'Login Profile for User admin cannot be found.']],
    [
      'GetAccountPasswordPolicy',
      {},
      ['NoSuchEntity', 404, `The Password Policy with domain name ${account} cannot be found.`],
    ],
    [
      'DeleteAccessKey',
      { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' },
      ['NoSuchEntity', 404, 'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.'],
    ],
    [
      'CreateUser',
      { UserName: 'a b' },
      [
        'ValidationError',
        400,
        'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
      ],
    ],
    [
      'UpdateAccessKey',
      { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', Status: 'On' },
      [
        'ValidationError',
        400,
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
      ],
    ],
    [
      'CreateRole',
      { RoleName: 'r', AssumeRolePolicyDocument: trust, MaxSessionDuration: 10 },
      [
        'ValidationError',
        400,
        "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
      ],
    ],
    [
      'CreatePolicy',
      { PolicyName: 'p', PolicyDocument: '{}' },
      ['MalformedPolicyDocument', 400, 'Syntax errors in policy.'],
    ],
    [
      'CreatePolicy',
      { PolicyName: 'p', PolicyDocument: document(allow('s3')) },
      ['MalformedPolicyDocument', 400, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    ],
    [
      'CreateRole',
      {
        RoleName: 'r',
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Principal: { AWS: arnOf('user', 'nobody') },
          Action: 'sts:AssumeRole',
        }),
      },
      ['MalformedPolicyDocument', 400, `Invalid principal in policy: "AWS":"${arnOf('user', 'nobody')}"`],
    ],
    ['DeleteAccountAlias', { AccountAlias: 'none' }, ['NoSuchEntity', 404, 'The account alias none cannot be found.']],
    [
      'DeleteVirtualMFADevice',
      { SerialNumber: arnOf('mfa', 'none') },
      ['NoSuchEntity', 404, `MFA Device with serial number ${arnOf('mfa', 'none')} does not exist.`],
    ],
  ]
  test.each(cases)('%s %j', async (operation, input, expected) => {
    expect(told(await bench().refusal('iam', operation, input))).toEqual(expected)
  })
})

describe('access keys', () => {
  test('are two at most, and their secret is told once', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.call('iam', 'CreateAccessKey', { UserName: 'ana' })
    expect(told(await b.refusal('iam', 'CreateAccessKey', { UserName: 'ana' }))).toEqual([
      'LimitExceeded',
      409,
      'Cannot exceed quota for AccessKeysPerUser: 2',
    ])
    const { AccessKeyMetadata } = await b.call('iam', 'ListAccessKeys', { UserName: 'ana' })
    expect(AccessKeyMetadata).toHaveLength(2)
    expect(JSON.stringify(AccessKeyMetadata)).not.toContain(keys.secretAccessKey)
  })

  test('that are inactive are no keys', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.call('iam', 'UpdateAccessKey', { UserName: 'ana', AccessKeyId: keys.accessKeyId, Status: 'Inactive' })
    expect((await b.refusal('sts', 'GetCallerIdentity', {}, keys)).code).toBe('InvalidClientTokenId')
    await b.call('iam', 'UpdateAccessKey', { UserName: 'ana', AccessKeyId: keys.accessKeyId, Status: 'Active' })
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Account).toBe(account)
  })

  test('remember when they were last used', async () => {
    const b = bench()
    const keys = await b.user('ana')
    const lastUsed = () => b.call('iam', 'GetAccessKeyLastUsed', { AccessKeyId: keys.accessKeyId })
    expect(await lastUsed()).toEqual({ UserName: 'ana', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } })
    await b.call('sts', 'GetCallerIdentity', {}, keys)
    expect(await lastUsed()).toMatchObject({
      AccessKeyLastUsed: { ServiceName: 'sts', Region: 'us-east-1', LastUsedDate: expect.any(Date) },
    })
  })
})

describe('groups', () => {
  test('hand their policies to their members', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.call('iam', 'CreateGroup', { GroupName: 'readers' })
    await b.call('iam', 'AttachGroupPolicy', {
      GroupName: 'readers',
      PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
    })
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('AccessDenied')
    await b.call('iam', 'AddUserToGroup', { GroupName: 'readers', UserName: 'ana' })
    expect((await b.call('iam', 'ListUsers', {}, keys)).Users).toHaveLength(2)
    expect((await b.call('iam', 'GetGroup', { GroupName: 'readers' })).Users.map((user: any) => user.UserName)).toEqual(
      ['ana'],
    )
    expect((await b.call('iam', 'ListGroupsForUser', { UserName: 'ana' })).Groups[0].GroupName).toBe('readers')
    expect((await b.refusal('iam', 'DeleteGroup', { GroupName: 'readers' })).message).toBe(
      'Cannot delete entity, must remove users from group first.',
    )
    await b.call('iam', 'RemoveUserFromGroup', { GroupName: 'readers', UserName: 'ana' })
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('AccessDenied')
  })

  test('are ten at most for a user', async () => {
    const b = bench()
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
    for (let i = 0; i <= 10; i++) await b.call('iam', 'CreateGroup', { GroupName: `g${i}` })
    for (let i = 0; i < 10; i++) await b.call('iam', 'AddUserToGroup', { GroupName: `g${i}`, UserName: 'ana' })
    expect((await b.refusal('iam', 'AddUserToGroup', { GroupName: 'g10', UserName: 'ana' })).message).toBe(
      'Cannot exceed quota for GroupsPerUser: 10',
    )
  })
})

describe('roles and instance profiles', () => {
  test('a role keeps its trust policy, encoded as IAM does', async () => {
    const b = bench()
    await b.call('iam', 'CreateRole', {
      RoleName: 'dev',
      AssumeRolePolicyDocument: trust,
      Description: 'for work',
      MaxSessionDuration: 7200,
    })
    const { Role } = await b.call('iam', 'GetRole', { RoleName: 'dev' })
    expect(Role).toMatchObject({
      Arn: arnOf('role', 'dev'),
      Description: 'for work',
      MaxSessionDuration: 7200,
      RoleLastUsed: {},
    })
    expect(Role.AssumeRolePolicyDocument).toStartWith('%7B%22Version%22%3A%222012-10-17%22')
    expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toBe(trust)
    await b.call('iam', 'UpdateRole', { RoleName: 'dev', Description: 'changed' })
    expect((await b.call('iam', 'GetRole', { RoleName: 'dev' })).Role).toMatchObject({
      Description: 'changed',
      MaxSessionDuration: 7200,
    })
  })

  test('a profile holds one role, and keeps it from being deleted', async () => {
    const b = bench()
    for (const RoleName of ['one', 'two'])
      await b.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust })
    await b.call('iam', 'CreateInstanceProfile', { InstanceProfileName: 'p' })
    await b.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'one' })
    expect(
      (await b.refusal('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'two' })).message,
    ).toBe('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
    expect((await b.refusal('iam', 'DeleteRole', { RoleName: 'one' })).message).toBe(
      'Cannot delete entity, must remove roles from instance profile first.',
    )
    expect(
      (await b.call('iam', 'ListInstanceProfilesForRole', { RoleName: 'one' })).InstanceProfiles[0].InstanceProfileName,
    ).toBe('p')
    await b.call('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName: 'p', RoleName: 'one' })
    await b.call('iam', 'DeleteRole', { RoleName: 'one' })
    await b.call('iam', 'DeleteInstanceProfile', { InstanceProfileName: 'p' })
  })

  test('adding a role to a profile passes it', async () => {
    const b = bench()
    await b.call('iam', 'CreateRole', { RoleName: 'one', AssumeRolePolicyDocument: trust })
    await b.call('iam', 'CreateInstanceProfile', { InstanceProfileName: 'p' })
    const keys = await b.user('ana', allow('iam:AddRoleToInstanceProfile'))
    const input = { InstanceProfileName: 'p', RoleName: 'one' }
    expect(sentence(await b.refusal('iam', 'AddRoleToInstanceProfile', input, keys))).toBe(
      `User: ${arnOf('user', 'ana')} is not authorized to perform: iam:PassRole on resource: ${arnOf('role', 'one')} because no identity-based policy allows the iam:PassRole action`,
    )
  })
})

test('lists are paged', async () => {
  const b = bench()
  for (let i = 1; i <= 5; i++) await b.call('iam', 'CreateUser', { UserName: `u${i}` })
  const names: string[] = []
  for (let Marker: string | undefined, pages = 0; pages < 10; pages++) {
    const output = await b.call('iam', 'ListUsers', { MaxItems: 2, Marker })
    names.push(...output.Users.map((user: any) => user.UserName))
    expect(output.IsTruncated).toBe(output.Marker !== undefined)
    if (!output.IsTruncated) break
    Marker = output.Marker
  }
  expect(names).toEqual(['admin', 'u1', 'u2', 'u3', 'u4', 'u5'])
})

describe('tags', () => {
  test('replace by key, whatever its case, and go', async () => {
    const b = bench()
    await b.call('iam', 'TagUser', {
      UserName: 'admin',
      Tags: [
        { Key: 'Team', Value: 'sea' },
        { Key: 'cost', Value: '1' },
      ],
    })
    await b.call('iam', 'TagUser', { UserName: 'admin', Tags: [{ Key: 'team', Value: 'land' }] })
    expect((await b.call('iam', 'ListUserTags', { UserName: 'admin' })).Tags).toEqual([
      { Key: 'cost', Value: '1' },
      { Key: 'team', Value: 'land' },
    ])
    await b.call('iam', 'UntagUser', { UserName: 'admin', TagKeys: ['cost'] })
    expect((await b.call('iam', 'GetUser', { UserName: 'admin' })).User.Tags).toEqual([{ Key: 'team', Value: 'land' }])
  })

  test('are conditions: of the caller, the resource and the request', async () => {
    const b = bench()
    const keys = await b.user(
      'ana',
      allow('iam:DeleteUser', '*', { StringEquals: { 'aws:ResourceTag/owner': '${aws:PrincipalTag/name}' } }),
      allow('iam:CreateUser', '*', { StringEquals: { 'aws:RequestTag/env': 'dev' } }),
    )
    await b.call('iam', 'TagUser', { UserName: 'ana', Tags: [{ Key: 'name', Value: 'ana' }] })
    expect((await b.refusal('iam', 'CreateUser', { UserName: 'x' }, keys)).code).toBe('AccessDenied')
    await b.call('iam', 'CreateUser', { UserName: 'x', Tags: [{ Key: 'env', Value: 'dev' }] }, keys)
    expect((await b.refusal('iam', 'DeleteUser', { UserName: 'x' }, keys)).code).toBe('AccessDenied')
    await b.call('iam', 'TagUser', { UserName: 'x', Tags: [{ Key: 'owner', Value: 'ana' }] })
    await b.call('iam', 'DeleteUser', { UserName: 'x' }, keys)
  })
})

describe('passwords', () => {
  test('obey the policy and change', async () => {
    const b = bench()
    const keys = await b.user('ana', allow('iam:ChangePassword'))
    expect((await b.refusal('iam', 'CreateLoginProfile', { UserName: 'ana', Password: 'short' })).code).toBe(
      'PasswordPolicyViolation',
    )
    await b.call('iam', 'CreateLoginProfile', {
      UserName: 'ana',
      Password: 'Correct horse 1',
      PasswordResetRequired: true,
    })
    expect((await b.call('iam', 'GetLoginProfile', { UserName: 'ana' })).LoginProfile.PasswordResetRequired).toBe(true)
    await b.call('iam', 'UpdateAccountPasswordPolicy', { MinimumPasswordLength: 14, RequireSymbols: true })
    expect((await b.call('iam', 'GetAccountPasswordPolicy')).PasswordPolicy).toMatchObject({
      MinimumPasswordLength: 14,
      RequireSymbols: true,
      ExpirePasswords: false,
    })
    expect(
      (
        await b.refusal(
          'iam',
          'ChangePassword',
          { OldPassword: 'Correct horse 1', NewPassword: 'Abcdefghijklmnop1' },
          keys,
        )
      ).message,
    ).toBe('Password should have at least one symbol')
    expect(
      (await b.refusal('iam', 'ChangePassword', { OldPassword: 'wrong', NewPassword: 'Battery staple 2' }, keys)).code,
    ).toBe('AccessDenied')
    await b.call('iam', 'ChangePassword', { OldPassword: 'Correct horse 1', NewPassword: 'Battery staple 2' }, keys)
  })
})

describe('MFA devices', () => {
  test('are enabled by two codes in a row, and resynchronized', async () => {
    const b = bench()
    await b.user('ana')
    const { VirtualMFADevice } = await b.call('iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'ana' })
    const { SerialNumber } = VirtualMFADevice
    expect(SerialNumber).toBe(arnOf('mfa', 'ana'))
    const seed = new TextDecoder().decode(VirtualMFADevice.Base32StringSeed)
    const code = (offset: number): string => codeAt(seed, stepAt(b.now().getTime()) + offset)
    const enable = (first: number, second: number) => ({
      UserName: 'ana',
      SerialNumber,
      AuthenticationCode1: code(first),
      AuthenticationCode2: code(second),
    })
    expect(told(await b.refusal('iam', 'EnableMFADevice', enable(0, 0)))).toEqual([
      'InvalidAuthenticationCode',
      403,
      'Authentication code for device is not valid.',
    ])
    await b.call('iam', 'EnableMFADevice', enable(-1, 0))
    expect((await b.call('iam', 'ListMFADevices', { UserName: 'ana' })).MFADevices[0]).toMatchObject({
      SerialNumber,
      UserName: 'ana',
    })
    expect(
      (await b.call('iam', 'ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })).VirtualMFADevices[0].User
        .UserName,
    ).toBe('ana')
    await b.call('iam', 'ResyncMFADevice', enable(20, 21))
    expect((await b.refusal('iam', 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('DeleteConflict')
    await b.call('iam', 'DeactivateMFADevice', { UserName: 'ana', SerialNumber })
    await b.call('iam', 'DeleteVirtualMFADevice', { SerialNumber })
  })
})

describe('the account', () => {
  test('has an alias and a summary', async () => {
    const b = bench()
    await b.call('iam', 'CreateAccountAlias', { AccountAlias: 'sandbox' })
    expect((await b.call('iam', 'ListAccountAliases')).AccountAliases).toEqual(['sandbox'])
    const { SummaryMap } = await b.call('iam', 'GetAccountSummary')
    expect(SummaryMap).toMatchObject({ Users: 1, Groups: 0, UsersQuota: 5000, AccountAccessKeysPresent: 1 })
  })

  test('tells everything at once, by kind and by page', async () => {
    const b = bench()
    await b.user('ana', allow('s3:*'))
    await b.call('iam', 'CreateRole', { RoleName: 'dev', AssumeRolePolicyDocument: trust })
    const all = await b.call('iam', 'GetAccountAuthorizationDetails')
    expect(all.UserDetailList.map((user: any) => user.UserName)).toEqual(['admin', 'ana'])
    expect(all.UserDetailList[1].UserPolicyList[0].PolicyName).toBe('own')
    expect(all.RoleDetailList[0].RoleName).toBe('dev')
    expect(all.Policies[0].PolicyName).toBe('AdministratorAccess')
    const users = await b.call('iam', 'GetAccountAuthorizationDetails', { Filter: ['User'], MaxItems: 1 })
    expect([users.UserDetailList.length, users.RoleDetailList ?? [], users.IsTruncated]).toEqual([1, [], true])
  })
})

test('accounts do not see each other', async () => {
  const b = bench()
  const other = keysOf({ AccessKeyId: 'AKIAOTHEROTHEROTHER1', SecretAccessKey: 'other secret' })
  expect((await b.call('sts', 'GetCallerIdentity', {}, other)).Account).toBe('210987654321')
  expect((await b.refusal('iam', 'GetUser', { UserName: 'admin' }, other)).message).toContain(
    'user/other is not authorized',
  )
})
