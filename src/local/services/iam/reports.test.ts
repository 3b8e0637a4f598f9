// Reports: the credentials of everybody, who used which service, and what the organization leaves open. And what an
// account switches on.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, deny, document, keysOf, otherKeys, told, type Bench } from '../../account.fixture.ts'
import { codeAt, stepAt } from '../../accounts/mfa.ts'
import { certificate } from './keys.fixture.ts'

const arnOf = (kind: string, name: string): string => `arn:aws:iam::${account}:${kind}/${name}`

describe('the credential report', () => {
  const get = async (b: Bench): Promise<Record<string, string>[]> => {
    const { Content, ReportFormat } = await b.call('iam', 'GetCredentialReport')
    expect(ReportFormat).toBe('text/csv')
    const [head, ...lines] = new TextDecoder().decode(Content).split('\n')
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [head!.split(',')[i]!, value])))
  }

  test('has a line for root and each user', async () => {
    const b = bench()
    expect(told(await b.refusal('iam', 'GetCredentialReport'))).toEqual(['ReportNotPresent', 410, ''])
    const keys = await b.user('ana', allow('iam:*'))
    await b.call('iam', 'GetUser', {}, keys)
    await b.call('iam', 'CreateLoginProfile', { UserName: 'ana', Password: 'Correct-Horse-9' })
    await b.call('iam', 'UpdateAccountPasswordPolicy', { MaxPasswordAge: 10 })
    await b.call('iam', 'UploadSigningCertificate', { UserName: 'ana', CertificateBody: certificate })
    const device = (await b.call('iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'ana' })).VirtualMFADevice
    const seed = new TextDecoder().decode(device.Base32StringSeed)
    const step = stepAt(b.now().getTime())
    await b.call('iam', 'EnableMFADevice', {
      UserName: 'ana',
      SerialNumber: device.SerialNumber,
      AuthenticationCode1: codeAt(seed, step),
      AuthenticationCode2: codeAt(seed, step + 1),
    })
    expect(await b.call('iam', 'GenerateCredentialReport')).toEqual({
      State: 'STARTED',
      Description: 'No report exists. Starting a new report generation task',
    })
    expect(await b.call('iam', 'GenerateCredentialReport')).toEqual({ State: 'COMPLETE' })
    const [root, ...users] = await get(b)
    expect(root).toMatchObject({
      user: '<root_account>',
      arn: `arn:aws:iam::${account}:root`,
      password_enabled: 'not_supported',
      mfa_active: 'false',
      access_key_1_active: 'true',
      access_key_2_active: 'false',
    })
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
    expect(users.find(({ user }) => user === 'ana')).toEqual({
      user: 'ana',
      arn: arnOf('user', 'ana'),
      user_creation_time: time,
      password_enabled: 'true',
      password_last_used: 'no_information',
      password_last_changed: time,
      password_next_rotation: time,
      mfa_active: 'true',
      access_key_1_active: 'true',
      access_key_1_last_rotated: time,
      access_key_1_last_used_date: time,
      access_key_1_last_used_region: 'us-east-1',
      access_key_1_last_used_service: 'iam',
      access_key_2_active: 'false',
      access_key_2_last_rotated: 'N/A',
      access_key_2_last_used_date: 'N/A',
      access_key_2_last_used_region: 'N/A',
      access_key_2_last_used_service: 'N/A',
      cert_1_active: 'true',
      cert_1_last_rotated: time,
      cert_2_active: 'false',
      cert_2_last_rotated: 'N/A',
    })
  })

  test('is made anew after four hours, and not before', async () => {
    const b = bench()
    await b.call('iam', 'GenerateCredentialReport')
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
    await b.call('iam', 'GenerateCredentialReport')
    expect(await get(b)).toHaveLength(2)
    b.advance(4 * 3_600_000)
    expect((await b.refusal('iam', 'GetCredentialReport')).code).toBe('ReportExpired')
    await b.call('iam', 'GenerateCredentialReport')
    expect(await get(b)).toHaveLength(3)
  })
})

describe('the access advisor', () => {
  const details = async (b: Bench, Arn: string, more: object = {}) => {
    const { JobId } = await b.call('iam', 'GenerateServiceLastAccessedDetails', { Arn, ...more })
    return { JobId, ...(await b.call('iam', 'GetServiceLastAccessedDetails', { JobId })) }
  }

  test('tells which services a user could use, and when it tried to', async () => {
    const b = bench()
    const keys = await b.user('ana', allow(['iam:List*', 's3:GetObject', 'sqs:*']))
    await b.call('iam', 'ListUsers', {}, keys)
    await b.refusal('s3', 'ListBuckets', {}, keys)
    const report = await details(b, arnOf('user', 'ana'), { Granularity: 'ACTION_LEVEL' })
    expect(report).toMatchObject({ JobStatus: 'COMPLETED', JobType: 'ACTION_LEVEL', IsTruncated: false })
    const [iam, s3, sqs] = report.ServicesLastAccessed
    expect(iam).toMatchObject({
      ServiceName: 'AWS Identity and Access Management (IAM)',
      ServiceNamespace: 'iam',
      LastAuthenticatedEntity: arnOf('user', 'ana'),
      LastAuthenticatedRegion: 'us-east-1',
      TotalAuthenticatedEntities: 1,
      TrackedActionsLastAccessed: [{ ActionName: 'ListUsers', LastAccessedEntity: arnOf('user', 'ana') }],
    })
    expect(iam.LastAuthenticated.getTime()).toBeGreaterThan(b.now().getTime() - 60_000)
    // A refusal is an attempt.
    expect([s3.ServiceNamespace, s3.TrackedActionsLastAccessed[0].ActionName]).toEqual(['s3', 'ListAllMyBuckets'])
    expect([sqs.ServiceNamespace, sqs.LastAuthenticated, sqs.TotalAuthenticatedEntities]).toEqual(['sqs', undefined, 0])
    expect(report.ServicesLastAccessed).toHaveLength(3)
  })

  test('of groups and policies: whoever has them', async () => {
    const b = bench()
    const keys = await b.user('ana')
    await b.user('ben')
    await b.call('iam', 'CreateGroup', { GroupName: 'g' })
    for (const UserName of ['ana', 'ben']) await b.call('iam', 'AddUserToGroup', { UserName, GroupName: 'g' })
    const PolicyArn = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
    await b.call('iam', 'AttachGroupPolicy', { GroupName: 'g', PolicyArn })
    await b.call('iam', 'ListUsers', {}, keys)
    for (const arn of [arnOf('group', 'g'), PolicyArn]) {
      const { JobId, ServicesLastAccessed } = await details(b, arn)
      expect(ServicesLastAccessed.map((each: any) => [each.ServiceNamespace, each.TotalAuthenticatedEntities])).toEqual(
        [['iam', 1]],
      )
      const who = { JobId, ServiceNamespace: 'iam' }
      const { EntityDetailsList } = await b.call('iam', 'GetServiceLastAccessedDetailsWithEntities', who)
      expect(
        EntityDetailsList.map((each: any) => [each.EntityInfo.Name, each.LastAuthenticated !== undefined]),
      ).toEqual([
        ['ana', true],
        ['ben', false],
      ])
    }
  })

  test('of everything, in pages', async () => {
    const b = bench()
    const { JobId } = await b.call('iam', 'GenerateServiceLastAccessedDetails', { Arn: arnOf('user', 'admin') })
    const first = await b.call('iam', 'GetServiceLastAccessedDetails', { JobId, MaxItems: 5 })
    expect([first.ServicesLastAccessed.length, first.IsTruncated]).toEqual([5, true])
    const second = await b.call('iam', 'GetServiceLastAccessedDetails', { JobId, Marker: first.Marker, MaxItems: 1000 })
    expect(second.ServicesLastAccessed.length).toBeGreaterThan(300)
  })

  test('roles by their sessions', async () => {
    const b = bench()
    const trust = document({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' })
    await b.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust })
    await b.call('iam', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: document(allow('iam:*')) })
    const given = await b.call('sts', 'AssumeRole', { RoleArn: arnOf('role', 'r'), RoleSessionName: 'me' })
    await b.call('iam', 'ListUsers', {}, keysOf(given.Credentials))
    const [iam] = (await details(b, arnOf('role', 'r'))).ServicesLastAccessed
    expect(iam.LastAuthenticatedEntity).toBe(arnOf('role', 'r'))
  })

  test('which policies let', async () => {
    const b = bench()
    await b.user('ana', allow('s3:*'))
    await b.call('iam', 'CreateGroup', { GroupName: 'g' })
    await b.call('iam', 'AddUserToGroup', { UserName: 'ana', GroupName: 'g' })
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    await b.call('iam', 'AttachGroupPolicy', { GroupName: 'g', PolicyArn })
    const asked = { Arn: arnOf('user', 'ana'), ServiceNamespaces: ['s3', 'sts'] }
    const {
      PoliciesGrantingServiceAccess: [s3, sts],
    } = await b.call('iam', 'ListPoliciesGrantingServiceAccess', asked)
    expect(s3).toEqual({
      ServiceNamespace: 's3',
      Policies: [
        { PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ana' },
        { PolicyName: 'ReadOnlyAccess', PolicyType: 'MANAGED', PolicyArn },
      ],
    })
    expect(sts.Policies.map((policy: any) => policy.PolicyName)).toEqual(['ReadOnlyAccess'])
  })

  test.each([
    ['GenerateServiceLastAccessedDetails', { Arn: arnOf('user', 'nobody') }, 'NoSuchEntity'],
    ['GenerateServiceLastAccessedDetails', { Arn: 'arn:aws:s3:::bucket-of-mine' }, 'InvalidInput'],
    ['GetServiceLastAccessedDetails', { JobId: crypto.randomUUID() }, 'NoSuchEntity'],
    ['ListPoliciesGrantingServiceAccess', { Arn: arnOf('user', 'nobody'), ServiceNamespaces: ['s3'] }, 'NoSuchEntity'],
  ])('%s %j', async (operation, input, code) => {
    expect((await bench().refusal('iam', operation, input)).code).toBe(code)
  })
})

describe('the report of an organization', () => {
  test('counts what its policies leave open, and who used it', async () => {
    const b = bench()
    await b.call('organizations', 'CreateOrganization')
    const root = (await b.call('organizations', 'ListRoots')).Roots[0].Id
    await b.call('organizations', 'EnablePolicyType', { RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
    const { Organization } = await b.call('organizations', 'DescribeOrganization')
    const EntityPath = `${Organization.Id}/${root}`
    const report = async (more: object = {}) => {
      const { JobId } = await b.call('iam', 'GenerateOrganizationsAccessReport', { EntityPath, ...more })
      return b.call('iam', 'GetOrganizationsAccessReport', { JobId, MaxItems: 1000 })
    }
    const open = await report()
    expect(open.NumberOfServicesAccessible).toBeGreaterThan(400)
    const organizations = open.AccessDetails.find((each: any) => each.ServiceNamespace === 'organizations')
    expect(organizations).toMatchObject({
      ServiceName: 'AWS Organizations',
      Region: 'us-east-1',
      EntityPath: `${EntityPath}/${account}`,
      TotalAuthenticatedEntities: 1,
    })
    const { Policy } = await b.call('organizations', 'CreatePolicy', {
      Name: 'few',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: document(deny('iam:*'), allow(['iam:*', 's3:*', 'sqs:SendMessage'])),
    })
    const PolicyId = Policy.PolicySummary.Id
    await b.call('organizations', 'AttachPolicy', { PolicyId, TargetId: root })
    expect((await report()).NumberOfServicesAccessible).toBe(open.NumberOfServicesAccessible - 1)
    const one = await report({ OrganizationsPolicyId: PolicyId })
    expect(one.AccessDetails.map((each: any) => each.ServiceNamespace)).toEqual(['s3', 'sqs'])
    expect([one.NumberOfServicesAccessible, one.NumberOfServicesNotAccessed]).toEqual([2, 2])
  })

  test('is for its manager, about what is in it', async () => {
    const b = bench()
    const path = 'o-0000000000/r-0000'
    expect((await b.refusal('iam', 'GenerateOrganizationsAccessReport', { EntityPath: path })).code).toBe(
      'InvalidInput',
    )
    await b.call('organizations', 'CreateOrganization')
    expect((await b.refusal('iam', 'GenerateOrganizationsAccessReport', { EntityPath: path })).code).toBe(
      'InvalidInput',
    )
    expect((await b.refusal('iam', 'GetOrganizationsAccessReport', { JobId: crypto.randomUUID() })).code).toBe(
      'NoSuchEntity',
    )
  })
})

describe('features of an account', () => {
  test('which tokens the global endpoint gives', async () => {
    const b = bench()
    await b.call('iam', 'SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: 'v2Token' })
    expect((await b.call('iam', 'GetAccountSummary')).SummaryMap.GlobalEndpointTokenVersion).toBe(2)
  })

  test('tokens for others: on, off, and the same issuer again', async () => {
    const b = bench()
    expect(told(await b.refusal('iam', 'GetOutboundWebIdentityFederationInfo')).slice(0, 2)).toEqual([
      'FeatureDisabled',
      404,
    ])
    const { IssuerIdentifier } = await b.call('iam', 'EnableOutboundWebIdentityFederation')
    expect(await b.call('iam', 'GetOutboundWebIdentityFederationInfo')).toEqual({
      IssuerIdentifier,
      JwtVendingEnabled: true,
    })
    expect((await b.refusal('iam', 'EnableOutboundWebIdentityFederation')).status).toBe(409)
    await b.call('iam', 'DisableOutboundWebIdentityFederation')
    expect((await b.refusal('iam', 'DisableOutboundWebIdentityFederation')).code).toBe('FeatureDisabled')
    expect((await b.call('iam', 'EnableOutboundWebIdentityFederation')).IssuerIdentifier).toBe(IssuerIdentifier)
  })

  test('root of members in the hands of the manager', async () => {
    const b = bench()
    const code = async (operation = 'ListOrganizationsFeatures') => (await b.refusal('iam', operation)).code
    expect(await code()).toBe('OrganizationNotFoundException')
    const { Organization } = await b.call('organizations', 'CreateOrganization')
    expect(await code()).toBe('ServiceAccessNotEnabledException')
    await b.call('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: 'iam.amazonaws.com' })
    await b.call('iam', 'EnableOrganizationsRootCredentialsManagement')
    await b.call('iam', 'EnableOrganizationsRootSessions')
    await b.call('iam', 'DisableOrganizationsRootCredentialsManagement')
    expect(await b.call('iam', 'ListOrganizationsFeatures')).toEqual({
      OrganizationId: Organization.Id,
      EnabledFeatures: ['RootSessions'],
    })
    expect((await b.call('iam', 'DisableOrganizationsRootSessions')).EnabledFeatures).toEqual([])
    expect((await b.refusal('iam', 'ListOrganizationsFeatures', {}, otherKeys)).code).toBe('AccessDenied')
  })
})
