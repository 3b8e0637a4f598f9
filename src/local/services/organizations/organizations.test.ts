// Organizations through its front door, and what its policies do to every request of its accounts.

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
  sentence,
  told,
  type Bench,
} from '../../account.fixture.ts'
import type { Credentials } from '../../../lib/credentials.ts'

const other = '210987654321'
const org = (b: Bench, operation: string, input: object = {}, keys?: Credentials) =>
  b.call('organizations', operation, input, keys)
const refused = (b: Bench, operation: string, input: object = {}, keys?: Credentials) =>
  b.refusal('organizations', operation, input, keys)

/** An organization with both types of control policies on, one member account, and the keys of its administrator. */
async function settled() {
  const b = bench()
  await org(b, 'CreateOrganization')
  const root: string = (await org(b, 'ListRoots')).Roots[0].Id
  for (const PolicyType of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'])
    await org(b, 'EnablePolicyType', { RootId: root, PolicyType })
  const { CreateAccountStatus } = await org(b, 'CreateAccount', { Email: 'dev@example.com', AccountName: 'dev' })
  const status = await org(b, 'DescribeCreateAccountStatus', { CreateAccountRequestId: CreateAccountStatus.Id })
  const member: string = status.CreateAccountStatus.AccountId
  const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
  const assumed = await b.call('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'admin' })
  const policy = async (Type: string, Content: string, TargetId: string) => {
    const made = await org(b, 'CreatePolicy', { Type, Content, Name: Content.slice(0, 99), Description: '' })
    const { Id: PolicyId, Arn } = made.Policy.PolicySummary
    await org(b, 'AttachPolicy', { PolicyId, TargetId })
    return { PolicyId, Arn }
  }
  const scp = (content: string, target = member) => policy('SERVICE_CONTROL_POLICY', content, target)
  const rcp = (content: string, target = member) => policy('RESOURCE_CONTROL_POLICY', content, target)
  return { b, root, member, keys: keysOf(assumed.Credentials), scp, rcp }
}

describe('an organization', () => {
  test('is made, described and deleted', async () => {
    const b = bench()
    expect(told(await refused(b, 'DescribeOrganization'))).toEqual([
      'AWSOrganizationsNotInUseException',
      400,
      'Your account is not a member of an organization.',
    ])
    const { Organization } = await org(b, 'CreateOrganization', { FeatureSet: 'ALL' })
    expect(Organization.Id).toMatch(/^o-[a-z0-9]{10}$/)
    expect(Organization).toMatchObject({
      Arn: `arn:aws:organizations::${account}:organization/${Organization.Id}`,
      FeatureSet: 'ALL',
      MasterAccountId: account,
      MasterAccountArn: `arn:aws:organizations::${account}:account/${Organization.Id}/${account}`,
    })
    expect((await org(b, 'DescribeOrganization')).Organization).toEqual(Organization)
    expect((await refused(b, 'CreateOrganization')).code).toBe('AlreadyInOrganizationException')
    expect((await refused(b, 'LeaveOrganization')).code).toBe('MasterCannotLeaveOrganizationException')
    await org(b, 'DeleteOrganization')
    expect((await refused(b, 'ListRoots')).code).toBe('AWSOrganizationsNotInUseException')
  })

  test('makes accounts that are usable by their role at once', async () => {
    const { b, member, keys, root } = await settled()
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Arn).toBe(
      `arn:aws:sts::${member}:assumed-role/OrganizationAccountAccessRole/admin`,
    )
    await b.call('iam', 'CreateUser', { UserName: 'first' }, keys)
    expect((await b.call('iam', 'ListUsers', {}, keys)).Users.map((user: any) => user.Arn)).toEqual([
      `arn:aws:iam::${member}:user/first`,
    ])
    const { Accounts } = await org(b, 'ListAccounts')
    expect(Accounts.map((each: any) => [each.Id, each.JoinedMethod, each.Status])).toEqual(
      [
        [account, 'INVITED', 'ACTIVE'],
        [member, 'CREATED', 'ACTIVE'],
      ].toSorted(),
    )
    expect((await org(b, 'DescribeAccount', { AccountId: member })).Account).toMatchObject({
      Name: 'dev',
      Email: 'dev@example.com',
      Paths: [expect.stringMatching(new RegExp(`^o-[a-z0-9]+/${root}/${member}/$`))],
    })
  })

  test('an address is one account', async () => {
    const { b } = await settled()
    const { CreateAccountStatus } = await org(b, 'CreateAccount', { Email: 'DEV@example.com', AccountName: 'again' })
    expect(CreateAccountStatus.State).toBe('IN_PROGRESS')
    const { CreateAccountStatuses } = await org(b, 'ListCreateAccountStatus', { States: ['FAILED'] })
    expect(CreateAccountStatuses).toEqual([
      expect.objectContaining({ Id: CreateAccountStatus.Id, FailureReason: 'EMAIL_ALREADY_EXISTS' }),
    ])
  })

  test('a closed account is closed to its own users', async () => {
    const { b, member, keys } = await settled()
    await b.call('iam', 'CreateUser', { UserName: 'first' }, keys)
    const user = keysOf((await b.call('iam', 'CreateAccessKey', { UserName: 'first' }, keys)).AccessKey)
    await b.call('sts', 'GetCallerIdentity', {}, user)
    await org(b, 'CloseAccount', { AccountId: member })
    for (const closed of [keys, user])
      expect((await b.refusal('sts', 'GetCallerIdentity', {}, closed)).code).toBe('InvalidClientTokenId')
    expect((await refused(b, 'CloseAccount', { AccountId: member })).code).toBe('AccountAlreadyClosedException')
    expect((await refused(b, 'CloseAccount', { AccountId: account })).code).toBe('ConstraintViolationException')
  })
})

describe('units', () => {
  test('are made below the root and each other; accounts move between them', async () => {
    const { b, root, member } = await settled()
    const unit = async (ParentId: string, Name: string): Promise<string> =>
      (await org(b, 'CreateOrganizationalUnit', { ParentId, Name })).OrganizationalUnit.Id
    const outer = await unit(root, 'outer')
    const inner = await unit(outer, 'inner')
    expect(inner).toMatch(new RegExp(`^ou-${root.slice(2)}-[a-z0-9]{8}$`))
    await org(b, 'MoveAccount', { AccountId: member, SourceParentId: root, DestinationParentId: inner })
    expect((await org(b, 'ListParents', { ChildId: member })).Parents).toEqual([
      { Id: inner, Type: 'ORGANIZATIONAL_UNIT' },
    ])
    expect((await org(b, 'ListParents', { ChildId: outer })).Parents).toEqual([{ Id: root, Type: 'ROOT' }])
    expect((await org(b, 'ListAccountsForParent', { ParentId: inner })).Accounts.map((each: any) => each.Id)).toEqual([
      member,
    ])
    expect((await org(b, 'ListChildren', { ParentId: root, ChildType: 'ACCOUNT' })).Children).toEqual([
      { Id: account, Type: 'ACCOUNT' },
    ])
    expect(
      (await org(b, 'ListOrganizationalUnitsForParent', { ParentId: root })).OrganizationalUnits.map(
        (u: any) => u.Name,
      ),
    ).toEqual(['outer'])
    await org(b, 'UpdateOrganizationalUnit', { OrganizationalUnitId: inner, Name: 'core' })
    const described = await org(b, 'DescribeOrganizationalUnit', { OrganizationalUnitId: inner })
    expect(described.OrganizationalUnit.Name).toBe('core')
    expect((await refused(b, 'DeleteOrganizationalUnit', { OrganizationalUnitId: inner })).code).toBe(
      'OrganizationalUnitNotEmptyException',
    )
    expect((await refused(b, 'CreateOrganizationalUnit', { ParentId: root, Name: 'outer' })).message).toBe(
      'An OU with the same name already exists.',
    )
    await org(b, 'MoveAccount', { AccountId: member, SourceParentId: inner, DestinationParentId: root })
    await org(b, 'DeleteOrganizationalUnit', { OrganizationalUnitId: inner })
    await org(b, 'DeleteOrganizationalUnit', { OrganizationalUnitId: outer })
  })

  const nowhere = 'ou-none-12345678'
  test.each([
    ['DescribeOrganizationalUnit', { OrganizationalUnitId: nowhere }, 'OrganizationalUnitNotFoundException'],
    ['CreateOrganizationalUnit', { ParentId: nowhere, Name: 'x' }, 'ParentNotFoundException'],
    ['ListChildren', { ParentId: nowhere, ChildType: 'ACCOUNT' }, 'ParentNotFoundException'],
    ['ListParents', { ChildId: '000000000000' }, 'ChildNotFoundException'],
    ['DescribeAccount', { AccountId: '000000000000' }, 'AccountNotFoundException'],
    ['DescribePolicy', { PolicyId: 'p-12345678' }, 'PolicyNotFoundException'],
    ['ListPoliciesForTarget', { TargetId: nowhere, Filter: 'SERVICE_CONTROL_POLICY' }, 'TargetNotFoundException'],
    ['EnablePolicyType', { RootId: 'r-none', PolicyType: 'TAG_POLICY' }, 'RootNotFoundException'],
    ['DescribeHandshake', { HandshakeId: 'h-12345678' }, 'HandshakeNotFoundException'],
    ['DescribeCreateAccountStatus', { CreateAccountRequestId: 'car-12345678' }, 'CreateAccountStatusNotFoundException'],
    ['DescribeResourcePolicy', {}, 'ResourcePolicyNotFoundException'],
    ['ListTagsForResource', { ResourceId: nowhere }, 'TargetNotFoundException'],
    ['EnableAWSServiceAccess', { ServicePrincipal: 'moon' }, 'InvalidInputException'],
    ['EnableAWSServiceAccess', { ServicePrincipal: 'moon.amazonaws.com' }, 'InvalidInputException'],
    ['EnablePolicyType', { RootId: 'r-none', PolicyType: 'MOON_POLICY' }, 'InvalidInputException'],
    ['CreatePolicy', { Name: 'moon' }, 'InvalidInputException'],
    ['DescribeAccount', { AccountId: 'moon' }, 'InvalidInputException'],
    ['ListRoots', { MaxResults: 21 }, 'InvalidInputException'],
    ['EnableAllFeatures', {}, 'HandshakeConstraintViolationException'],
  ])('%s %j', async (operation, input, code) => {
    const { b } = await settled()
    expect((await refused(b, operation, input)).code).toBe(code)
  })
})

describe('policies', () => {
  const scp = document(deny('s3:*'))
  const create = { Name: 'no-s3', Description: 'no', Type: 'SERVICE_CONTROL_POLICY', Content: scp }

  test('full access is attached to everything, and the last may not go', async () => {
    const { b, root, member } = await settled()
    const { Targets } = await org(b, 'ListTargetsForPolicy', { PolicyId: 'p-FullAWSAccess' })
    expect(Targets.map((target: any) => target.Type).toSorted()).toEqual(['ACCOUNT', 'ACCOUNT', 'ROOT'])
    const unit = await org(b, 'CreateOrganizationalUnit', { ParentId: root, Name: 'new' })
    for (const [Filter, Name] of [
      ['SERVICE_CONTROL_POLICY', 'FullAWSAccess'],
      ['RESOURCE_CONTROL_POLICY', 'RCPFullAWSAccess'],
    ] as const) {
      const listed = await org(b, 'ListPoliciesForTarget', { TargetId: unit.OrganizationalUnit.Id, Filter })
      expect(listed.Policies).toEqual([expect.objectContaining({ Name, AwsManaged: true })])
      const error = await refused(b, 'DetachPolicy', { PolicyId: `p-${Name}`, TargetId: member })
      expect(told(error)).toEqual([
        'ConstraintViolationException',
        400,
        'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
      ])
      expect(error.detail).toEqual({ Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' })
    }
  })

  test('are made, changed, attached, detached and deleted', async () => {
    const { b, member } = await settled()
    const made = await org(b, 'CreatePolicy', create)
    const { Id: PolicyId, Arn } = made.Policy.PolicySummary
    expect(Arn).toMatch(
      new RegExp(`^arn:aws:organizations::${account}:policy/o-[a-z0-9]{10}/service_control_policy/${PolicyId}$`),
    )
    expect((await refused(b, 'CreatePolicy', create)).code).toBe('DuplicatePolicyException')
    await org(b, 'UpdatePolicy', { PolicyId, Name: 'no-sqs', Content: document(deny('sqs:*')) })
    expect((await org(b, 'DescribePolicy', { PolicyId })).Policy).toMatchObject({
      PolicySummary: { Name: 'no-sqs', Description: 'no' },
      Content: document(deny('sqs:*')),
    })
    await org(b, 'AttachPolicy', { PolicyId, TargetId: member })
    expect((await refused(b, 'AttachPolicy', { PolicyId, TargetId: member })).code).toBe(
      'DuplicatePolicyAttachmentException',
    )
    expect((await refused(b, 'DeletePolicy', { PolicyId })).code).toBe('PolicyInUseException')
    const { Policies } = await org(b, 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' })
    expect(Policies.map((policy: any) => policy.Name).toSorted()).toEqual(['FullAWSAccess', 'no-sqs'])
    await org(b, 'DetachPolicy', { PolicyId, TargetId: member })
    expect((await refused(b, 'DetachPolicy', { PolicyId, TargetId: member })).code).toBe('PolicyNotAttachedException')
    await org(b, 'DeletePolicy', { PolicyId })
  })

  test('five of a type on a target', async () => {
    const { b, member, scp: attach } = await settled()
    for (let i = 0; i < 4; i++) await attach(document(deny(`s3:Put${i}*`)))
    const { Policy } = await org(b, 'CreatePolicy', create)
    const error = await refused(b, 'AttachPolicy', { PolicyId: Policy.PolicySummary.Id, TargetId: member })
    expect(error.detail).toEqual({ Reason: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' })
  })

  const everybody = { Principal: '*' }
  test.each([
    ['an SCP with a principal', 'SERVICE_CONTROL_POLICY', document({ ...deny('s3:*'), ...everybody })],
    ['an SCP that is no JSON', 'SERVICE_CONTROL_POLICY', '{'],
    ['an RCP without a principal', 'RESOURCE_CONTROL_POLICY', document(deny('s3:*'))],
    ['an RCP that allows', 'RESOURCE_CONTROL_POLICY', document({ ...allow('s3:*'), ...everybody })],
    ['an RCP for one', 'RESOURCE_CONTROL_POLICY', document({ ...deny('s3:*'), Principal: { AWS: account } })],
    ['an RCP about everything', 'RESOURCE_CONTROL_POLICY', document({ ...deny('*'), ...everybody })],
    ['a tag policy that is no object', 'TAG_POLICY', '[]'],
  ])('refuses %s', async (_, Type, Content) => {
    const { b } = await settled()
    expect(told(await refused(b, 'CreatePolicy', { Name: 'x', Description: '', Type, Content }))).toEqual([
      'MalformedPolicyDocumentException',
      400,
      'The provided policy document does not meet the requirements of the specified policy type.',
    ])
  })

  test("AWS's own cannot be changed; long ones are refused; types must be on", async () => {
    const { b, root, member } = await settled()
    expect((await refused(b, 'UpdatePolicy', { PolicyId: 'p-FullAWSAccess', Name: 'x' })).detail).toEqual({
      Reason: 'IMMUTABLE_POLICY',
    })
    const Content = document(deny(Array.from({ length: 600 }, (_, i) => `s3:Get${i}`)))
    expect((await refused(b, 'CreatePolicy', { ...create, Content })).code).toBe('ConstraintViolationException')
    const { Policy } = await org(b, 'CreatePolicy', create)
    const RootId = { RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' }
    expect((await refused(b, 'EnablePolicyType', RootId)).code).toBe('PolicyTypeAlreadyEnabledException')
    await org(b, 'DisablePolicyType', RootId)
    expect((await refused(b, 'DisablePolicyType', RootId)).code).toBe('PolicyTypeNotEnabledException')
    const attach = { PolicyId: Policy.PolicySummary.Id, TargetId: member }
    expect((await refused(b, 'AttachPolicy', attach)).code).toBe('PolicyTypeNotEnabledException')
  })
})

describe('service control policies', () => {
  test('deny whoever is in the account, and are named', async () => {
    const { b, keys, scp, member } = await settled()
    await b.call('s3', 'CreateBucket', { Bucket: 'before' }, keys)
    const { Arn } = await scp(document(deny('iam:ListUsers')))
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, keys))).toBe(
      `User: arn:aws:sts::${member}:assumed-role/OrganizationAccountAccessRole/admin is not authorized to perform: ` +
        `iam:ListUsers on resource: arn:aws:iam::${member}:user/ with an explicit deny in a service control policy: ${Arn}`,
    )
    await b.call('iam', 'ListRoles', {}, keys)
  })

  test('allow only what every level allows', async () => {
    const { b, keys, scp, root, member } = await settled()
    await scp(document(allow('iam:*')), root)
    await b.call('iam', 'ListUsers', {}, keys)
    await org(b, 'DetachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: root })
    await b.call('iam', 'ListUsers', {}, keys)
    expect((await b.refusal('sts', 'DecodeAuthorizationMessage', { EncodedMessage: 'x' }, keys)).message).toContain(
      'because no service control policy allows the sts:DecodeAuthorizationMessage action',
    )
    await scp(document(allow('sts:*')), member)
    // Another level is no help.
    expect((await b.refusal('sts', 'DecodeAuthorizationMessage', { EncodedMessage: 'x' }, keys)).code).toBe(
      'AccessDenied',
    )
  })

  test('go by the path: a unit binds what is below it', async () => {
    const { b, keys, scp, root, member } = await settled()
    const unit = await org(b, 'CreateOrganizationalUnit', { ParentId: root, Name: 'narrow' })
    const { Id } = unit.OrganizationalUnit
    await scp(document(deny('iam:ListUsers')), Id)
    await b.call('iam', 'ListUsers', {}, keys)
    await org(b, 'MoveAccount', { AccountId: member, SourceParentId: root, DestinationParentId: Id })
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('AccessDenied')
    await org(b, 'MoveAccount', { AccountId: member, SourceParentId: Id, DestinationParentId: root })
    await b.call('iam', 'ListUsers', {}, keys)
  })

  test('do not bind the management account, but do bind root of a member', async () => {
    const { b, scp, root } = await settled()
    const { Handshake } = await org(b, 'InviteAccountToOrganization', { Target: { Id: other, Type: 'ACCOUNT' } })
    const otherAdmin = await adminOf(b)
    await org(b, 'AcceptHandshake', { HandshakeId: Handshake.Id }, otherAdmin)
    await scp(document(deny('iam:ListUsers')), root)
    await b.call('iam', 'ListUsers', {}, adminKeys)
    expect((await b.refusal('iam', 'ListUsers', {}, otherAdmin)).message).toContain('service control policy')
  })

  test('and disabling the type lifts them', async () => {
    const { b, keys, scp, root } = await settled()
    await scp(document(deny('iam:ListUsers')))
    await org(b, 'DisablePolicyType', { RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
    await b.call('iam', 'ListUsers', {}, keys)
  })
})

describe('resource control policies', () => {
  test('guard the resources of an account against everybody, in the services they reach', async () => {
    const { b, keys, rcp, member } = await settled()
    await b.call('s3', 'CreateBucket', { Bucket: 'guarded' }, keys)
    const { Arn } = await rcp(document({ ...deny('s3:ListBucket'), Principal: '*' }))
    expect((await b.refusal('s3', 'ListObjectsV2', { Bucket: 'guarded' }, keys)).message).toContain(
      `with an explicit deny in a resource control policy: ${Arn}`,
    )
    await b.call('s3', 'GetBucketLocation', { Bucket: 'guarded' }, keys)
    // A role's trust is a resource of STS.
    await rcp(document({ ...deny('sts:AssumeRole'), Principal: '*' }))
    const role = { RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`, RoleSessionName: 'me' }
    expect((await b.refusal('sts', 'AssumeRole', role)).message).toContain('resource control policy')
  })

  test('leave alone what belongs to the management account', async () => {
    const { b, rcp, root } = await settled()
    await b.call('s3', 'CreateBucket', { Bucket: 'managers' })
    await rcp(document({ ...deny('s3:ListBucket'), Principal: '*' }), root)
    await b.call('s3', 'ListObjectsV2', { Bucket: 'managers' })
  })
})

test('a policy can ask which organization the caller is in', async () => {
  const { b, keys, root, member } = await settled()
  const { Id } = (await org(b, 'DescribeOrganization')).Organization
  await b.call('s3', 'CreateBucket', { Bucket: 'ours' })
  await b.call('s3', 'DeletePublicAccessBlock', { Bucket: 'ours' })
  const statement = (Condition: object) => ({
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:ListBucket',
    Resource: 'arn:aws:s3:::ours',
    Condition,
  })
  const list = (Condition: object) =>
    b.call('s3', 'PutBucketPolicy', { Bucket: 'ours', Policy: document(statement(Condition)) }).then(() =>
      b.call('s3', 'ListObjectsV2', { Bucket: 'ours' }, keys).then(
        () => true,
        () => false,
      ),
    )
  expect(await list({ StringEquals: { 'aws:PrincipalOrgID': Id } })).toBe(true)
  expect(await list({ StringEquals: { 'aws:PrincipalOrgID': 'o-0000000000' } })).toBe(false)
  expect(await list({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${Id}/${root}/*` } })).toBe(true)
  expect(await list({ StringEquals: { 'aws:ResourceOrgID': Id, 'aws:PrincipalAccount': member } })).toBe(true)
})

describe('handshakes', () => {
  test('invite an account of this world, which accepts, declines or is told no more', async () => {
    const { b } = await settled()
    const keys = await adminOf(b)
    const invite = async () =>
      (await org(b, 'InviteAccountToOrganization', { Target: { Id: other, Type: 'ACCOUNT' }, Notes: 'come' })).Handshake
    const first = await invite()
    expect(first).toMatchObject({ Action: 'INVITE', State: 'OPEN' })
    expect((await refused(b, 'InviteAccountToOrganization', { Target: { Id: other, Type: 'ACCOUNT' } })).code).toBe(
      'DuplicateHandshakeException',
    )
    expect((await org(b, 'DescribeHandshake', { HandshakeId: first.Id }, keys)).Handshake).toEqual(first)
    expect((await refused(b, 'AcceptHandshake', { HandshakeId: first.Id })).code).toBe('AccessDeniedException')
    await org(b, 'DeclineHandshake', { HandshakeId: first.Id }, keys)
    expect((await refused(b, 'AcceptHandshake', { HandshakeId: first.Id }, keys)).code).toBe(
      'InvalidHandshakeTransitionException',
    )
    const second = await invite()
    await org(b, 'CancelHandshake', { HandshakeId: second.Id })
    const third = await invite()
    await org(b, 'AcceptHandshake', { HandshakeId: third.Id }, keys)
    expect((await org(b, 'DescribeAccount', { AccountId: other })).Account.JoinedMethod).toBe('INVITED')
    const states = (listed: any) => listed.Handshakes.map((each: any) => each.State).toSorted()
    expect(states(await org(b, 'ListHandshakesForOrganization'))).toEqual(['ACCEPTED', 'CANCELED', 'DECLINED'])
    expect(states(await org(b, 'ListHandshakesForAccount', {}, keys))).toEqual(['ACCEPTED', 'CANCELED', 'DECLINED'])
    await org(b, 'LeaveOrganization', {}, keys)
    expect((await refused(b, 'DescribeOrganization', {}, keys)).code).toBe('AWSOrganizationsNotInUseException')
  })

  test('end after fifteen days', async () => {
    const { b } = await settled()
    const keys = await adminOf(b)
    const invited = await org(b, 'InviteAccountToOrganization', { Target: { Id: other, Type: 'ACCOUNT' } })
    b.advance(16 * 86_400_000)
    const { Id: HandshakeId } = invited.Handshake
    expect((await org(b, 'DescribeHandshake', { HandshakeId }, keys)).Handshake.State).toBe('EXPIRED')
    expect((await refused(b, 'AcceptHandshake', { HandshakeId }, keys)).code).toBe(
      'InvalidHandshakeTransitionException',
    )
  })

  test('all features come when every invited account has agreed', async () => {
    const b = bench()
    await org(b, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' })
    const keys = await adminOf(b)
    const { Roots } = await org(b, 'ListRoots')
    const type = { RootId: Roots[0].Id, PolicyType: 'SERVICE_CONTROL_POLICY' }
    expect((await refused(b, 'EnablePolicyType', type)).code).toBe('PolicyTypeNotAvailableForOrganizationException')
    const invited = await org(b, 'InviteAccountToOrganization', { Target: { Id: other, Type: 'ACCOUNT' } })
    await org(b, 'AcceptHandshake', { HandshakeId: invited.Handshake.Id }, keys)
    const all = (await org(b, 'EnableAllFeatures')).Handshake
    expect((await refused(b, 'AcceptHandshake', { HandshakeId: all.Id })).code).toBe(
      'InvalidHandshakeTransitionException',
    )
    const filter = { Filter: { ActionType: 'APPROVE_ALL_FEATURES' } }
    const [approval] = (await org(b, 'ListHandshakesForAccount', filter, keys)).Handshakes
    await org(b, 'AcceptHandshake', { HandshakeId: approval.Id }, keys)
    await org(b, 'AcceptHandshake', { HandshakeId: all.Id })
    expect((await org(b, 'DescribeOrganization')).Organization.FeatureSet).toBe('ALL')
    await org(b, 'EnablePolicyType', type)
  })
})

describe('who may', () => {
  test('members see their organization and nothing more', async () => {
    const { b, keys } = await settled()
    await org(b, 'DescribeOrganization', {}, keys)
    for (const operation of ['ListAccounts', 'ListRoots', 'CreateAccount'] as const) {
      const input = operation === 'CreateAccount' ? { Email: 'x@example.com', AccountName: 'x' } : {}
      expect(told(await refused(b, operation, input, keys))).toEqual([
        'AccessDeniedException',
        400,
        "You don't have permissions to access this resource.",
      ])
    }
  })

  test('users of the management account need leave', async () => {
    const { b, member } = await settled()
    const { Id } = (await org(b, 'DescribeOrganization')).Organization
    const arn = `arn:aws:organizations::${account}:account/${Id}/${member}`
    const keys = await b.user('ana', allow('organizations:DescribeAccount', arn))
    await org(b, 'DescribeAccount', { AccountId: member }, keys)
    expect((await refused(b, 'DescribeAccount', { AccountId: account }, keys)).code).toBe('AccessDeniedException')
  })

  test('delegated administrators may read', async () => {
    const { b, keys, member } = await settled()
    const delegate = { AccountId: member, ServicePrincipal: 'iam.amazonaws.com' }
    await org(b, 'RegisterDelegatedAdministrator', delegate)
    expect((await refused(b, 'RegisterDelegatedAdministrator', delegate)).code).toBe(
      'AccountAlreadyRegisteredException',
    )
    expect((await org(b, 'ListAccounts', {}, keys)).Accounts).toHaveLength(2)
    expect((await refused(b, 'CreateAccount', { Email: 'x@example.com', AccountName: 'x' }, keys)).code).toBe(
      'AccessDeniedException',
    )
    expect((await org(b, 'ListDelegatedAdministrators')).DelegatedAdministrators).toEqual([
      expect.objectContaining({ Id: member, Name: 'dev' }),
    ])
    expect((await org(b, 'ListDelegatedServicesForAccount', { AccountId: member })).DelegatedServices).toEqual([
      expect.objectContaining({ ServicePrincipal: 'iam.amazonaws.com' }),
    ])
    expect((await refused(b, 'RemoveAccountFromOrganization', { AccountId: member })).code).toBe(
      'ConstraintViolationException',
    )
    await org(b, 'DeregisterDelegatedAdministrator', delegate)
    expect((await refused(b, 'DeregisterDelegatedAdministrator', delegate)).code).toBe('AccountNotRegisteredException')
    await org(b, 'RemoveAccountFromOrganization', { AccountId: member })
    expect((await org(b, 'ListAccounts')).Accounts).toHaveLength(1)
  })

  test("and whom the organization's resource policy lets", async () => {
    const { b, keys, member } = await settled()
    const Content = document({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${member}:root` },
      Action: 'organizations:ListPolicies',
      Resource: '*',
      Condition: { StringEquals: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' } },
    })
    const { ResourcePolicy } = await org(b, 'PutResourcePolicy', { Content, Tags: [{ Key: 'a', Value: 'b' }] })
    expect((await org(b, 'DescribeResourcePolicy')).ResourcePolicy).toEqual(ResourcePolicy)
    await org(b, 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' }, keys)
    expect((await refused(b, 'ListPolicies', { Filter: 'TAG_POLICY' }, keys)).code).toBe('AccessDeniedException')
    expect((await refused(b, 'ListRoots', {}, keys)).code).toBe('AccessDeniedException')
    const tags = await org(b, 'ListTagsForResource', { ResourceId: ResourcePolicy.ResourcePolicySummary.Id })
    expect(tags.Tags).toEqual([{ Key: 'a', Value: 'b' }])
    await org(b, 'DeleteResourcePolicy')
    expect((await refused(b, 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' }, keys)).code).toBe(
      'AccessDeniedException',
    )
  })
})

test('tags of everything', async () => {
  const { b, root, member, scp } = await settled()
  const unit = await org(b, 'CreateOrganizationalUnit', { ParentId: root, Name: 'u', Tags: [{ Key: 'a', Value: '1' }] })
  const { PolicyId } = await scp(document(deny('s3:*')))
  for (const ResourceId of [root, member, unit.OrganizationalUnit.Id, PolicyId]) {
    await org(b, 'TagResource', {
      ResourceId,
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '' },
      ],
    })
    await org(b, 'UntagResource', { ResourceId, TagKeys: ['b'] })
    expect((await org(b, 'ListTagsForResource', { ResourceId })).Tags).toEqual([{ Key: 'a', Value: '2' }])
  }
})

test('trusted services are noted', async () => {
  const { b } = await settled()
  await org(b, 'EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' })
  await org(b, 'EnableAWSServiceAccess', { ServicePrincipal: 'iam.amazonaws.com' })
  await org(b, 'DisableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' })
  expect((await org(b, 'ListAWSServiceAccessForOrganization')).EnabledServicePrincipals).toEqual([
    { ServicePrincipal: 'iam.amazonaws.com', DateEnabled: expect.any(Date) },
  ])
})

test('lists come in pages', async () => {
  const { b, root } = await settled()
  for (let i = 0; i < 5; i++) await org(b, 'CreateOrganizationalUnit', { ParentId: root, Name: `u${i}` })
  const first = await org(b, 'ListOrganizationalUnitsForParent', { ParentId: root, MaxResults: 3 })
  const rest = await org(b, 'ListOrganizationalUnitsForParent', { ParentId: root, NextToken: first.NextToken })
  expect([first.OrganizationalUnits.length, rest.OrganizationalUnits.length, rest.NextToken]).toEqual([3, 2, undefined])
  const bad = await refused(b, 'ListOrganizationalUnitsForParent', { ParentId: root, NextToken: 'x' })
  expect(bad.detail).toEqual({ Reason: 'INVALID_NEXT_TOKEN' })
})

test('what is not built says so', async () => {
  const { b } = await settled()
  const error = await refused(b, 'ListAccountsWithInvalidEffectivePolicy', { PolicyType: 'TAG_POLICY' })
  expect([error.code, error.status]).toEqual(['NotImplemented', 501])
})

/** The other account's user of the seed may do nothing; this makes it an administrator. */
async function adminOf(b: Bench): Promise<Credentials> {
  await b.world.identities.transaction((rows) => {
    const user = rows.get<any>(`users/${other}`, 'other')
    if (user)
      rows.put(`users/${other}`, 'other', { ...user, attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] })
  })
  return otherKeys
}

test('nobody gives a tag of AWS', async () => {
  const { b, root } = await settled()
  const Tags = [{ Key: 'AWS:x', Value: 'y' }]
  const error = await refused(b, 'TagResource', { ResourceId: root, Tags })
  expect([error.code, error.detail?.['Reason']]).toEqual(['InvalidInputException', 'INVALID_SYSTEM_TAGS_PARAMETER'])
  expect((await b.refusal('iam', 'CreateUser', { UserName: 'u', Tags })).code).toBe('InvalidInput')
})

test('lists are in the order in which things were made', async () => {
  const { b, root, scp } = await settled()
  const names = ['c', 'a', 'd', 'b']
  for (const name of names) {
    await org(b, 'CreateAccount', { Email: `${name}@example.com`, AccountName: name })
    await org(b, 'CreateOrganizationalUnit', { ParentId: root, Name: name })
    await scp(document({ Sid: name, ...allow('*') }), root)
  }
  const listed = async (operation: string, member: string, input: object = {}) =>
    (await org(b, operation, input))[member].map(({ Name, AccountName = Name }: any) => AccountName)
  expect(await listed('ListAccounts', 'Accounts')).toEqual([expect.any(String), 'dev', ...names])
  expect(await listed('ListCreateAccountStatus', 'CreateAccountStatuses')).toEqual(['dev', ...names])
  expect(await listed('ListOrganizationalUnitsForParent', 'OrganizationalUnits', { ParentId: root })).toEqual(names)
  const policies = await listed('ListPolicies', 'Policies', { Filter: 'SERVICE_CONTROL_POLICY' })
  expect(policies.map((name: string) => /"Sid":"(.)"/.exec(name)?.[1] ?? name)).toEqual(['FullAWSAccess', ...names])
})

describe('an effective policy', () => {
  const tag = (settings: object) => JSON.stringify({ tags: { project: settings } })
  const content = async (b: Bench, input: object = {}, keys?: Credentials) => {
    const told = await org(b, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY', ...input }, keys)
    return [told.EffectivePolicy.TargetId, JSON.parse(told.EffectivePolicy.PolicyContent).tags.project]
  }

  test('is merged from the root down, in the order of attachment', async () => {
    const { b, root, member, keys } = await settled()
    expect((await refused(b, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY' })).code).toBe(
      'EffectivePolicyNotFoundException',
    )
    await org(b, 'EnablePolicyType', { RootId: root, PolicyType: 'TAG_POLICY' })
    const made = async (Name: string, settings: object) => {
      const { Policy } = await org(b, 'CreatePolicy', {
        Type: 'TAG_POLICY',
        Name,
        Description: '',
        Content: tag(settings),
      })
      return Policy.PolicySummary.Id as string
    }
    const second = await made('second', { tag_key: { '@@assign': 'project' } })
    const first = await made('first', { tag_key: { '@@assign': 'PROJECT' }, tag_value: { '@@assign': ['a', 'b'] } })
    const own = await made('own', { tag_value: { '@@remove': ['a'] } })
    for (const [PolicyId, TargetId] of [
      [first, root],
      [second, root],
      [own, member],
    ])
      await org(b, 'AttachPolicy', { PolicyId, TargetId })
    expect(await content(b)).toEqual([account, { tag_key: 'PROJECT', tag_value: ['a', 'b'] }])
    expect(await content(b, { TargetId: member })).toEqual([member, { tag_key: 'PROJECT', tag_value: ['b'] }])
    expect(await content(b, {}, keys)).toEqual([member, { tag_key: 'PROJECT', tag_value: ['b'] }])
    // Attached anew, it comes last.
    await org(b, 'DetachPolicy', { PolicyId: first, TargetId: root })
    await org(b, 'AttachPolicy', { PolicyId: first, TargetId: root })
    expect(await content(b)).toEqual([account, { tag_key: 'project', tag_value: ['a', 'b'] }])
    expect((await refused(b, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY', TargetId: root })).code).toBe(
      'TargetNotFoundException',
    )
  })

  test('of another account is the business of the management account', async () => {
    const { b, root, keys } = await settled()
    await org(b, 'EnablePolicyType', { RootId: root, PolicyType: 'TAG_POLICY' })
    const another = { PolicyType: 'TAG_POLICY', TargetId: account }
    expect((await refused(b, 'DescribeEffectivePolicy', another, keys)).code).toBe('AccessDeniedException')
    // A resource policy that lets in for something else changes nothing, neither for another account nor for oneself.
    const statement = { Effect: 'Allow', Principal: '*', Action: 'organizations:ListRoots', Resource: '*' }
    await org(b, 'PutResourcePolicy', { Content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) })
    expect((await refused(b, 'DescribeEffectivePolicy', another, keys)).code).toBe('AccessDeniedException')
    expect((await refused(b, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY' }, keys)).code).toBe(
      'EffectivePolicyNotFoundException',
    )
  })
})
