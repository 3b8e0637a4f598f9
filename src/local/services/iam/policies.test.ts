// Policies of IAM through its front door: versions, attachments, boundaries, sizes, simulation.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, document, told, type Bench, sentence } from '../../account.fixture.ts'

const arnOf = (kind: string, name: string): string => `arn:aws:iam::${account}:${kind}/${name}`

describe('managed policies', () => {
  const make = async (b: Bench): Promise<string> =>
    (await b.call('iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: document(allow('s3:Get*')) })).Policy.Arn

  test('have five versions at most; the default decides', async () => {
    const b = bench()
    const PolicyArn = await make(b)
    const keys = await b.user('ana')
    await b.call('iam', 'AttachUserPolicy', { UserName: 'ana', PolicyArn })
    const version = (SetAsDefault: boolean) =>
      b.call('iam', 'CreatePolicyVersion', {
        PolicyArn,
        PolicyDocument: document(allow('iam:ListUsers')),
        SetAsDefault,
      })
    await version(false)
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).code).toBe('AccessDenied')
    await b.call('iam', 'SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' })
    expect((await b.call('iam', 'ListUsers', {}, keys)).Users).toHaveLength(2)
    for (let i = 3; i <= 5; i++) await version(true)
    expect(
      told(await b.refusal('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument: document(allow('s3:*')) })),
    ).toEqual([
      'LimitExceeded',
      409,
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    ])
    expect((await b.refusal('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: 'v5' })).message).toBe(
      'Cannot delete the default version of a policy.',
    )
    const { Versions } = await b.call('iam', 'ListPolicyVersions', { PolicyArn })
    expect(Versions.map((each: any) => [each.VersionId, each.IsDefaultVersion])).toEqual([
      ['v5', true],
      ['v4', false],
      ['v3', false],
      ['v2', false],
      ['v1', false],
    ])
  })

  test('cannot go while they are attached', async () => {
    const b = bench()
    const PolicyArn = await make(b)
    await b.call('iam', 'AttachUserPolicy', { UserName: 'admin', PolicyArn })
    expect(told(await b.refusal('iam', 'DeletePolicy', { PolicyArn }))).toEqual([
      'DeleteConflict',
      409,
      'Cannot delete a policy attached to entities.',
    ])
    expect((await b.call('iam', 'ListEntitiesForPolicy', { PolicyArn })).PolicyUsers[0].UserName).toBe('admin')
    expect((await b.call('iam', 'GetPolicy', { PolicyArn })).Policy.AttachmentCount).toBe(1)
    await b.call('iam', 'DetachUserPolicy', { UserName: 'admin', PolicyArn })
    await b.call('iam', 'DeletePolicy', { PolicyArn })
  })

  test("of AWS have AWS's documents", async () => {
    const b = bench()
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
    expect((await b.call('iam', 'GetPolicy', { PolicyArn })).Policy).toMatchObject({
      DefaultVersionId: 'v3',
      PolicyName: 'AmazonS3ReadOnlyAccess',
    })
    const { PolicyVersion } = await b.call('iam', 'GetPolicyVersion', { PolicyArn, VersionId: 'v3' })
    expect(JSON.parse(decodeURIComponent(PolicyVersion.Document)).Statement[0].Action).toContain('s3:Get*')
    expect((await b.refusal('iam', 'DeletePolicy', { PolicyArn })).code).toBe('NoSuchEntity')
    const { Policies } = await b.call('iam', 'ListPolicies', { Scope: 'AWS', OnlyAttached: true })
    expect(Policies.map((policy: any) => policy.PolicyName)).toEqual(['AdministratorAccess'])
  })

  test('bound what a user may', async () => {
    const b = bench()
    const keys = await b.user('ana', allow('iam:*'))
    await b.call('iam', 'PutUserPermissionsBoundary', { UserName: 'ana', PermissionsBoundary: await make(b) })
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, keys))).toBe(
      `User: ${arnOf('user', 'ana')} is not authorized to perform: iam:ListUsers on resource: ${arnOf('user', '')} because no permissions boundary allows the iam:ListUsers action`,
    )
  })
})

describe('limits', () => {
  test('of an inline policy count no white space, and are shared', async () => {
    const b = bench()
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
    const big = (size: number): string =>
      document(allow('s3:Get*', `arn:aws:s3:::${'b'.repeat(size)}`)).replaceAll(',', ',\n      ')
    await b.call('iam', 'PutUserPolicy', { UserName: 'ana', PolicyName: 'one', PolicyDocument: big(1000) })
    expect(
      told(await b.refusal('iam', 'PutUserPolicy', { UserName: 'ana', PolicyName: 'two', PolicyDocument: big(1000) })),
    ).toEqual(['LimitExceeded', 409, 'Maximum policy size of 2048 bytes exceeded for user ana'])
    await b.call('iam', 'PutUserPolicy', { UserName: 'ana', PolicyName: 'one', PolicyDocument: big(1900) })
  })

  test('attached policies of a user are ten', async () => {
    const b = bench()
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
    const { Policies } = await b.call('iam', 'ListPolicies', { Scope: 'AWS', MaxItems: 11 })
    const attach = (policy: any) => b.call('iam', 'AttachUserPolicy', { UserName: 'ana', PolicyArn: policy.Arn })
    for (const policy of Policies.slice(0, 10)) await attach(policy)
    expect(attach(Policies[10])).rejects.toThrow('Cannot exceed quota for PoliciesPerUser: 10')
  })
})

describe('simulation', () => {
  test('of a principal and of policies, by the engine that decides', async () => {
    const b = bench()
    await b.user('ana', allow('s3:GetObject', 'arn:aws:s3:::b/*'))
    const { EvaluationResults } = await b.call('iam', 'SimulatePrincipalPolicy', {
      PolicySourceArn: arnOf('user', 'ana'),
      ActionNames: ['s3:GetObject', 's3:PutObject'],
      ResourceArns: ['arn:aws:s3:::b/k'],
    })
    expect(EvaluationResults.map((result: any) => [result.EvalActionName, result.EvalDecision])).toEqual([
      ['s3:GetObject', 'allowed'],
      ['s3:PutObject', 'implicitDeny'],
    ])
    expect(EvaluationResults[0].MatchedStatements[0].SourcePolicyId).toBe('user_ana_own')
    const custom = await b.call('iam', 'SimulateCustomPolicy', {
      PolicyInputList: [document(allow('ec2:*'))],
      ActionNames: ['ec2:RunInstances', 'iam:PassRole'],
    })
    expect(custom.EvaluationResults.map((result: any) => result.EvalDecision)).toEqual(['allowed', 'implicitDeny'])
    const keys = await b.call('iam', 'GetContextKeysForCustomPolicy', {
      PolicyInputList: [document(allow('s3:*', '*', { StringLike: { 'aws:UserAgent': 'x' } }))],
    })
    expect(keys.ContextKeyNames).toEqual(['aws:UserAgent'])
  })
})
