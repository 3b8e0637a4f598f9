// Quotas are what limits enforce, and what asking for more changes.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, keysOf, told, type Bench } from '../../account.fixture.ts'
import { changeSettings } from '../../settings.ts'
import { putQuotas, quotasIn } from '../../quotas/applied.ts'
import { quotas } from '../../quotas/registry.ts'

const service = 'service-quotas'
const vcpus = { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' }
const roles = { ServiceCode: 'iam', QuotaCode: 'L-FE177D64' }

async function ask(b: Bench, quota: object, DesiredValue: number, more: object = {}) {
  return (await b.call(service, 'RequestServiceQuotaIncrease', { ...quota, DesiredValue, ...more })).RequestedQuota
}

async function status(b: Bench, RequestId: string) {
  return (await b.call(service, 'GetRequestedServiceQuotaChange', { RequestId })).RequestedQuota
}

describe('what there is', () => {
  test('services and their quotas, applied and by default', async () => {
    const b = bench()
    const { Services } = await b.call(service, 'ListServices')
    expect(Services).toContainEqual({ ServiceCode: 'iam', ServiceName: 'AWS Identity and Access Management (IAM)' })
    const applied = (await b.call(service, 'GetServiceQuota', vcpus)).Quota
    expect(applied).toMatchObject({
      QuotaArn: `arn:aws:servicequotas:us-east-1:${account}:ec2/L-1216C47A`,
      Value: 1152,
      Adjustable: true,
      GlobalQuota: false,
      Unit: 'None',
      QuotaName: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
      UsageMetric: { MetricNamespace: 'AWS/Usage', MetricDimensions: { Resource: 'vCPU' } },
    })
    expect((await b.call(service, 'GetAWSDefaultServiceQuota', vcpus)).Quota).toMatchObject({
      QuotaArn: 'arn:aws:servicequotas:us-east-1::ec2/L-1216C47A',
      Value: 5,
    })
    const { Quotas } = await b.call(service, 'ListServiceQuotas', { ServiceCode: 'iam' })
    expect(Quotas).toHaveLength(quotas().filter((quota) => quota.service === 'iam').length)
  })

  test('pages', async () => {
    const b = bench()
    const first = await b.call(service, 'ListServiceQuotas', { ServiceCode: 'iam', MaxResults: 5 })
    const second = await b.call(service, 'ListServiceQuotas', {
      ServiceCode: 'iam',
      MaxResults: 5,
      NextToken: first.NextToken,
    })
    expect(first.Quotas).toHaveLength(5)
    expect(second.Quotas[0]).not.toEqual(first.Quotas[0])
    expect((await b.refusal(service, 'ListServices', { NextToken: 'x' })).code).toBe('InvalidPaginationTokenException')
  })

  test('what there is not', async () => {
    const b = bench()
    expect(told(await b.refusal(service, 'ListServiceQuotas', { ServiceCode: 'none' }))).toEqual([
      'NoSuchResourceException',
      400,
      'This service is not available in the current Region. Choose a different Region or a different service.',
    ])
    expect((await b.refusal(service, 'GetServiceQuota', { ServiceCode: 'ec2', QuotaCode: 'L-00000000' })).code).toBe(
      'NoSuchResourceException',
    )
  })
})

describe('asking for more', () => {
  test('waits, becomes a case, and is granted', async () => {
    const b = bench()
    const asked = await ask(b, vcpus, 2000)
    expect(asked).toMatchObject({ Status: 'PENDING', DesiredValue: 2000, QuotaRequestedAtLevel: 'ACCOUNT' })
    expect(asked.CaseId).toBeUndefined()
    b.advance(61_000)
    expect(await status(b, asked.Id)).toMatchObject({ Status: 'CASE_OPENED', CaseId: expect.stringMatching(/^\d+$/) })
    expect((await b.call(service, 'GetServiceQuota', vcpus)).Quota.Value).toBe(1152)
    b.advance(240_000)
    expect((await status(b, asked.Id)).Status).toBe('APPROVED')
    expect((await b.call(service, 'GetServiceQuota', vcpus)).Quota.Value).toBe(2000)
    const history = await b.call(service, 'ListRequestedServiceQuotaChangeHistoryByQuota', vcpus)
    expect(history.RequestedQuotas.map((each: { Id: string }) => each.Id)).toEqual([asked.Id])
    expect(
      (await b.call(service, 'ListRequestedServiceQuotaChangeHistory', { Status: 'PENDING' })).RequestedQuotas,
    ).toEqual([])
  })

  test('once at a time', async () => {
    const b = bench()
    await ask(b, vcpus, 2000)
    expect(told(await b.refusal(service, 'RequestServiceQuotaIncrease', { ...vcpus, DesiredValue: 3000 }))).toEqual([
      'ResourceAlreadyExistsException',
      400,
      'Only one open service quota increase request is allowed per quota.',
    ])
    b.advance(301_000)
    expect((await ask(b, vcpus, 3000)).Status).toBe('PENDING')
  })

  test.each([
    ['not more than now', vcpus, 1152],
    ['less than now', vcpus, 1],
    ['what cannot be raised', { ServiceCode: 'iam', QuotaCode: 'L-F55AF5E4' }, 6000],
  ])('%s', async (_, quota, DesiredValue) => {
    expect((await bench().refusal(service, 'RequestServiceQuotaIncrease', { ...quota, DesiredValue })).code).toBe(
      'IllegalArgumentException',
    )
  })

  test('beyond what AWS gives', async () => {
    const b = bench()
    const asked = await ask(b, roles, 10_001)
    b.advance(301_000)
    expect((await status(b, asked.Id)).Status).toBe('NOT_APPROVED')
  })

  test.each([
    ['deny', 'DENIED'],
    ['wait', 'CASE_OPENED'],
  ] as const)('where the setting says %s', async (quotas, end) => {
    const b = bench()
    await changeSettings(b.world, { quotas })
    const asked = await ask(b, roles, 2000)
    b.advance(3_600_000)
    expect((await status(b, asked.Id)).Status).toBe(end)
  })

  test('without leave to open a case, until one is asked for', async () => {
    const b = bench()
    await changeSettings(b.world, { quotas: 'wait' })
    const asked = await ask(b, vcpus, 2000, { SupportCaseAllowed: false })
    b.advance(61_000)
    expect((await status(b, asked.Id)).Status).toBe('PENDING')
    await b.call(service, 'CreateSupportCase', { RequestId: asked.Id })
    expect((await status(b, asked.Id)).Status).toBe('CASE_OPENED')
    expect((await b.refusal(service, 'CreateSupportCase', { RequestId: asked.Id })).code).toBe(
      'ResourceAlreadyExistsException',
    )
  })
})

test('somebody may answer a request that waits', async () => {
  const b = bench()
  await changeSettings(b.world, { quotas: 'wait' })
  const asked = await ask(b, roles, 2000)
  await b.world.identities.transaction((rows) => {
    const known = quotasIn(rows, account, b.now().getTime(), 'wait')
    known.requests[0]!.verdict = 'approve'
    putQuotas(rows, account, known)
  })
  expect((await status(b, asked.Id)).Status).toBe('APPROVED')
  expect((await b.call(service, 'GetServiceQuota', roles)).Quota.Value).toBe(2000)
})

test('a limit is the quota: it refuses in the words of its service, and lets through once it is raised', async () => {
  const b = bench()
  const attach = async (name: string): Promise<unknown> => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    })
    const { Policy } = await b.call('iam', 'CreatePolicy', { PolicyName: name, PolicyDocument })
    return b.call('iam', 'AttachUserPolicy', { UserName: 'ana', PolicyArn: Policy.Arn })
  }
  await b.call('iam', 'CreateUser', { UserName: 'ana' })
  for (let i = 0; i < 10; i++) await attach(`p${i}`)
  const refused = await attach('eleventh').catch((error: { code: string; message: string }) => error)
  expect(refused).toMatchObject({ code: 'LimitExceeded', message: 'Cannot exceed quota for PoliciesPerUser: 10' })
  await ask(b, { ServiceCode: 'iam', QuotaCode: 'L-4019AD8B' }, 20)
  b.advance(301_000)
  await attach('twelfth')
  expect((await b.call('iam', 'GetAccountSummary')).SummaryMap.AttachedPoliciesPerUserQuota).toBe(20)
})

describe('the template of an organization', () => {
  const entry = { ServiceCode: 'iam', QuotaCode: 'L-FE177D64', AwsRegion: 'us-east-1' }

  test('is asked for in every account made from then on', async () => {
    const b = bench()
    expect((await b.refusal(service, 'AssociateServiceQuotaTemplate')).code).toBe('NoAvailableOrganizationException')
    await b.call('organizations', 'CreateOrganization', { FeatureSet: 'ALL' })
    const put = await b.call(service, 'PutServiceQuotaIncreaseRequestIntoTemplate', { ...entry, DesiredValue: 2000 })
    expect(put.ServiceQuotaIncreaseRequestInTemplate).toMatchObject({ ...entry, DesiredValue: 2000, GlobalQuota: true })
    const association = async (): Promise<string> =>
      (await b.call(service, 'GetAssociationForServiceQuotaTemplate')).ServiceQuotaTemplateAssociationStatus
    expect(await association()).toBe('DISASSOCIATED')
    await b.call(service, 'AssociateServiceQuotaTemplate')
    expect(await association()).toBe('ASSOCIATED')
    const made = await b.call('organizations', 'CreateAccount', { AccountName: 'new', Email: 'new@example.com' })
    const { CreateAccountStatus } = await b.call('organizations', 'DescribeCreateAccountStatus', {
      CreateAccountRequestId: made.CreateAccountStatus.Id,
    })
    const { Credentials } = await b.call('sts', 'AssumeRole', {
      RoleArn: `arn:aws:iam::${CreateAccountStatus.AccountId}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'new',
    })
    const keys = keysOf(Credentials)
    const { RequestedQuotas } = await b.call(service, 'ListRequestedServiceQuotaChangeHistory', {}, keys)
    expect(RequestedQuotas).toMatchObject([{ QuotaCode: 'L-FE177D64', DesiredValue: 2000, Status: 'PENDING' }])
    b.advance(301_000)
    expect((await b.call(service, 'GetServiceQuota', roles, keys)).Quota.Value).toBe(2000)
    await b.call(service, 'DisassociateServiceQuotaTemplate')
    expect((await b.refusal(service, 'DisassociateServiceQuotaTemplate')).code).toBe(
      'ServiceQuotaTemplateNotInUseException',
    )
  })

  test('is listed, and entries taken out', async () => {
    const b = bench()
    await b.call('organizations', 'CreateOrganization', { FeatureSet: 'ALL' })
    await b.call(service, 'PutServiceQuotaIncreaseRequestIntoTemplate', { ...entry, DesiredValue: 2000 })
    const list = async (input: object): Promise<number> =>
      (await b.call(service, 'ListServiceQuotaIncreaseRequestsInTemplate', input))
        .ServiceQuotaIncreaseRequestInTemplateList.length
    expect([await list({}), await list({ ServiceCode: 'ec2' }), await list({ AwsRegion: 'us-east-1' })]).toEqual([
      1, 0, 1,
    ])
    await b.call(service, 'GetServiceQuotaIncreaseRequestFromTemplate', entry)
    await b.call(service, 'DeleteServiceQuotaIncreaseRequestFromTemplate', entry)
    expect((await b.refusal(service, 'GetServiceQuotaIncreaseRequestFromTemplate', entry)).code).toBe(
      'NoSuchResourceException',
    )
  })
})

test('tags are for quotas that were raised', async () => {
  const b = bench()
  const ResourceARN = `arn:aws:servicequotas:us-east-1:${account}:ec2/L-0263D0A3`
  expect((await b.refusal(service, 'ListTagsForResource', { ResourceARN })).code).toBe('NoSuchResourceException')
  await ask(b, { ServiceCode: 'ec2', QuotaCode: 'L-0263D0A3' }, 20)
  b.advance(301_000)
  await b.call(service, 'TagResource', {
    ResourceARN,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await b.call(service, 'UntagResource', { ResourceARN, TagKeys: ['a'] })
  expect((await b.call(service, 'ListTagsForResource', { ResourceARN })).Tags).toEqual([{ Key: 'b', Value: '2' }])
})

test('a report of what is used, the fullest first', async () => {
  const b = bench()
  await b.call('iam', 'CreateGroup', { GroupName: 'g' })
  const { ReportId, Status } = await b.call(service, 'StartQuotaUtilizationReport')
  expect(Status).toBe('PENDING')
  expect((await b.call(service, 'GetQuotaUtilizationReport', { ReportId })).Status).toBe('IN_PROGRESS')
  b.advance(3000)
  const report = await b.call(service, 'GetQuotaUtilizationReport', { ReportId })
  expect(report.Status).toBe('COMPLETED')
  expect(report.Quotas[0]).toMatchObject({ QuotaName: 'Groups per account', AppliedValue: 300, Utilization: 100 / 300 })
  const percentages = report.Quotas.map(({ Utilization }: any) => Utilization)
  expect(percentages).toEqual([...percentages].sort((x: number, y: number) => y - x))
  expect((await b.refusal(service, 'GetQuotaUtilizationReport', { ReportId: 'nobodys' })).code).toBe(
    'NoSuchResourceException',
  )
})

test('automatic management is switched on, changed, told and switched off', async () => {
  const b = bench()
  const told = (): Promise<any> => b.call(service, 'GetAutoManagementConfiguration')
  expect(await told()).toEqual({ OptInStatus: 'DISABLED' })
  const ExclusionList = { iam: ['L-FE177D64'] }
  await b.call(service, 'StartAutoManagement', { OptInLevel: 'ACCOUNT', OptInType: 'NotifyOnly', ExclusionList })
  expect(await told()).toEqual({
    OptInLevel: 'ACCOUNT',
    OptInType: 'NotifyOnly',
    OptInStatus: 'ENABLED',
    ExclusionList: { iam: [{ QuotaCode: 'L-FE177D64', QuotaName: 'Roles per account' }] },
  })
  await b.call(service, 'UpdateAutoManagement', { OptInType: 'NotifyAndAdjust' })
  expect((await told()).OptInType).toBe('NotifyAndAdjust')
  await b.call(service, 'StopAutoManagement')
  expect(await told()).toEqual({ OptInStatus: 'DISABLED' })
})

test('not more than twenty requests are open', async () => {
  const b = bench()
  await changeSettings(b.world, { quotas: 'wait' })
  const adjustable = quotas().filter(({ most, global }) => most !== undefined && !global)
  const raise = ({ service: ServiceCode, code: QuotaCode, value, applied }: (typeof adjustable)[number]): object => ({
    ServiceCode,
    QuotaCode,
    DesiredValue: (applied ?? value) + 1,
  })
  for (const quota of adjustable.slice(0, 20)) await b.call(service, 'RequestServiceQuotaIncrease', raise(quota))
  const refused = await b.refusal(service, 'RequestServiceQuotaIncrease', raise(adjustable[20]!))
  expect(refused.code).toBe('QuotaExceededException')
})

test('who may ask goes by the service and the quota', async () => {
  const b = bench()
  const ec2 = { StringEquals: { 'servicequotas:service': 'ec2' } }
  const keys = await b.user('ana', allow('servicequotas:RequestServiceQuotaIncrease', '*', ec2))
  await b.call(service, 'RequestServiceQuotaIncrease', { ...vcpus, DesiredValue: 2000 }, keys)
  const refused = await b.refusal(service, 'RequestServiceQuotaIncrease', { ...roles, DesiredValue: 2000 }, keys)
  expect(refused.message).toContain(`on resource: arn:aws:servicequotas::${account}:iam/L-FE177D64`)
  const one = await b.user('ben', allow('servicequotas:GetServiceQuota', `arn:aws:servicequotas:*:*:ec2/L-1216C47A`))
  await b.call(service, 'GetServiceQuota', vcpus, one)
  expect((await b.refusal(service, 'GetServiceQuota', roles, one)).code).toBe('AccessDeniedException')
})

test('every quota is there once, and can be told', () => {
  const codes = quotas().map(({ service: of, code }) => `${of}/${code}`)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { code, value, applied = value, most = applied } of quotas()) {
    expect(code).toMatch(/^L-[0-9A-F]{8}$/)
    expect(most).toBeGreaterThanOrEqual(applied)
  }
})
