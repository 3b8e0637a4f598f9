// Support: cases from opening to resolving, attachments, and service limits as Trusted Advisor sees them.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, sentence, told, type Bench } from '../../account.fixture.ts'
import { changeSettings } from '../../settings.ts'

const call = (b: Bench, operation: string, input: object = {}): Promise<any> => b.call('support', operation, input)

async function opened(b: Bench, more: object = {}): Promise<string> {
  return (await call(b, 'CreateCase', { subject: 'It hums', communicationBody: 'Why?', ...more })).caseId
}

describe('a case', () => {
  test('is opened, answered, resolved and opened again', async () => {
    const b = bench()
    const caseId = await opened(b, { severityCode: 'high', serviceCode: 'amazon-ec2', ccEmailAddresses: ['a@b.c'] })
    expect(caseId).toMatch(new RegExp(`^case-${account}-muen-\\d{4}-[0-9a-f]{16}$`))
    const [one] = (await call(b, 'DescribeCases')).cases
    expect(one).toMatchObject({
      caseId,
      subject: 'It hums',
      status: 'opened',
      serviceCode: 'amazon-ec2',
      severityCode: 'high',
      submittedBy: `arn:aws:iam::${account}:user/admin`,
      ccEmailAddresses: ['a@b.c'],
      language: 'en',
      recentCommunications: { communications: [{ caseId, body: 'Why?', attachmentSet: [] }] },
    })
    b.advance(1000)
    const added = await call(b, 'AddCommunicationToCase', { caseId, communicationBody: 'Still' })
    expect(added).toEqual({ result: true })
    const { communications } = await call(b, 'DescribeCommunications', { caseId })
    expect(communications.map(({ body }: any) => body)).toEqual(['Still', 'Why?'])
    const resolved = await call(b, 'ResolveCase', { caseId })
    expect(resolved).toEqual({ initialCaseStatus: 'opened', finalCaseStatus: 'resolved' })
    expect((await call(b, 'DescribeCases')).cases).toEqual([])
    expect((await call(b, 'DescribeCases', { includeResolvedCases: true })).cases[0].status).toBe('resolved')
    await call(b, 'AddCommunicationToCase', { caseId, communicationBody: 'Again' })
    expect((await call(b, 'DescribeCases', { caseIdList: [caseId] })).cases[0].status).toBe('reopened')
    const byDisplay = await call(b, 'DescribeCases', { displayId: one.displayId, includeCommunications: false })
    expect(byDisplay.cases[0].recentCommunications).toBeUndefined()
  })

  test('that is nobody’s is not found', async () => {
    const b = bench()
    for (const [operation, input] of [
      ['DescribeCases', { caseIdList: ['case-x'] }],
      ['DescribeCommunications', { caseId: 'case-x' }],
      ['ResolveCase', { caseId: 'case-x' }],
      ['AddCommunicationToCase', { caseId: 'case-x', communicationBody: 'x' }],
    ] as const)
      expect((await b.refusal('support', operation, input)).code).toBe('CaseIdNotFound')
  })

  test('stands for a request for a higher quota, and with it', async () => {
    const b = bench()
    await changeSettings(b.world, { quotas: 'wait' })
    const quota = { ServiceCode: 'iam', QuotaCode: 'L-FE177D64' }
    const request = { ...quota, DesiredValue: 2000 }
    const { RequestedQuota } = await b.call('service-quotas', 'RequestServiceQuotaIncrease', request)
    b.advance(61_000)
    const [one] = (await call(b, 'DescribeCases')).cases
    const status = async (): Promise<any> =>
      (await b.call('service-quotas', 'GetRequestedServiceQuotaChange', { RequestId: RequestedQuota.Id }))
        .RequestedQuota
    expect(one.displayId).toBe((await status()).CaseId)
    expect(one.subject).toContain('Roles per account')
    expect(one.recentCommunications.communications[0].body).toContain('New limit value: 2000')
    await call(b, 'ResolveCase', { caseId: one.caseId })
    expect((await status()).Status).toBe('CASE_CLOSED')
    await b.call('service-quotas', 'RequestServiceQuotaIncrease', request)
  })

  test('is granted: the answer is in the case', async () => {
    const b = bench()
    const request = { ServiceCode: 'iam', QuotaCode: 'L-FE177D64', DesiredValue: 2000 }
    await b.call('service-quotas', 'RequestServiceQuotaIncrease', request)
    b.advance(301_000)
    const [one] = (await call(b, 'DescribeCases', { includeResolvedCases: true })).cases
    expect(one.status).toBe('resolved')
    expect(one.recentCommunications.communications[0]).toMatchObject({
      submittedBy: 'Amazon Web Services',
      body: 'We have approved and processed your limit increase request.',
    })
  })
})

describe('attachments', () => {
  const file = (name: string): object => ({ fileName: name, data: new TextEncoder().encode(name) })

  test('come with a case, and are read again', async () => {
    const b = bench()
    const set = await call(b, 'AddAttachmentsToSet', { attachments: [file('a.txt')] })
    await call(b, 'AddAttachmentsToSet', { attachmentSetId: set.attachmentSetId, attachments: [file('b.txt')] })
    const caseId = await opened(b, { attachmentSetId: set.attachmentSetId })
    const [{ attachmentSet }] = (await call(b, 'DescribeCommunications', { caseId })).communications
    expect(attachmentSet.map(({ fileName }: any) => fileName)).toEqual(['a.txt', 'b.txt'])
    const { attachment } = await call(b, 'DescribeAttachment', { attachmentId: attachmentSet[1].attachmentId })
    expect(new TextDecoder().decode(attachment.data)).toBe('b.txt')
  })

  test('are three at most, for an hour', async () => {
    const b = bench()
    const four = ['a', 'b', 'c', 'd'].map(file)
    expect((await b.refusal('support', 'AddAttachmentsToSet', { attachments: four })).code).toBe(
      'AttachmentSetSizeLimitExceeded',
    )
    const { attachmentSetId } = await call(b, 'AddAttachmentsToSet', { attachments: [file('a')] })
    b.advance(3_601_000)
    const input = { subject: 'x', communicationBody: 'x', attachmentSetId }
    expect((await b.refusal('support', 'CreateCase', input)).code).toBe('AttachmentSetExpired')
    expect((await b.refusal('support', 'CreateCase', { ...input, attachmentSetId: 'as-x' })).code).toBe(
      'AttachmentSetIdNotFound',
    )
    expect((await b.refusal('support', 'DescribeAttachment', { attachmentId: 'x' })).code).toBe('AttachmentIdNotFound')
  })
})

test('what can be chosen', async () => {
  const b = bench()
  const { services } = await call(b, 'DescribeServices', { serviceCodeList: ['amazon-ec2'] })
  expect(services).toMatchObject([{ code: 'amazon-ec2', categories: expect.any(Array) }])
  const levels = async (): Promise<string[]> =>
    (await call(b, 'DescribeSeverityLevels')).severityLevels.map(({ code }: any) => code)
  expect(await levels()).toEqual(['low', 'normal', 'high', 'urgent'])
  await changeSettings(b.world, { support: 'enterprise' })
  expect(await levels()).toContain('critical')
  const about = { issueType: 'technical', serviceCode: 'amazon-ec2', categoryCode: 'apis' }
  expect((await call(b, 'DescribeSupportedLanguages', about)).supportedLanguages[0].code).toBe('en')
  const options = await call(b, 'DescribeCreateCaseOptions', { ...about, language: 'en' })
  expect(options.communicationTypes.map(({ type }: any) => type)).toEqual(['web', 'chat', 'call'])
  const odd = { subject: 'x', communicationBody: 'x', severityCode: 'odd' }
  expect((await b.refusal('support', 'CreateCase', odd)).code).toBe('InvalidParameterValueException')
})

describe('Trusted Advisor', () => {
  const groups = 'sU7XX0l7J9'

  test('tells how near the account is to its quotas', async () => {
    const b = bench()
    const { checks } = await call(b, 'DescribeTrustedAdvisorChecks', { language: 'en' })
    expect(checks.map(({ id }: any) => id)).toContain(groups)
    const status = async (): Promise<string> =>
      (await call(b, 'DescribeTrustedAdvisorCheckResult', { checkId: groups })).result.status
    expect(await status()).toBe('ok')
    for (let i = 0; i < 241; i++) await b.call('iam', 'CreateGroup', { GroupName: `g${i}` })
    const { result } = await call(b, 'DescribeTrustedAdvisorCheckResult', { checkId: groups })
    expect(result).toMatchObject({
      status: 'warning',
      resourcesSummary: { resourcesProcessed: 1, resourcesFlagged: 1 },
      flaggedResources: [{ metadata: ['-', 'IAM', 'Groups per account', '300', '241', 'Yellow'] }],
    })
    const request = { ServiceCode: 'iam', QuotaCode: 'L-F4A5425F', DesiredValue: 500 }
    await b.call('service-quotas', 'RequestServiceQuotaIncrease', request)
    b.advance(301_000)
    expect(await status()).toBe('ok')
    const { summaries } = await call(b, 'DescribeTrustedAdvisorCheckSummaries', { checkIds: [groups] })
    expect(summaries[0]).toMatchObject({ checkId: groups, hasFlaggedResources: false })
  })

  test('looks at other services as its own role', async () => {
    const b = bench()
    const vpcs = 'jL7PP0l7J9'
    const result = async (): Promise<any> =>
      (await call(b, 'DescribeTrustedAdvisorCheckResult', { checkId: vpcs })).result
    // The default one is there.
    expect((await result()).flaggedResources[0].metadata).toEqual([
      'us-east-1',
      'VPC',
      'VPCs per Region',
      '5',
      '1',
      'Green',
    ])
    for (let i = 0; i < 4; i++) await b.call('ec2', 'CreateVpc', { CidrBlock: `10.${i}.0.0/16` })
    expect((await result()).status).toBe('error')
    const { Role } = await b.call('iam', 'GetRole', { RoleName: 'AWSServiceRoleForTrustedAdvisor' })
    expect(Role.Path).toBe('/aws-service-role/trustedadvisor.amazonaws.com/')
  })

  test('is refreshed, and then not for a while', async () => {
    const b = bench()
    const { status } = await call(b, 'RefreshTrustedAdvisorCheck', { checkId: groups })
    expect(status).toMatchObject({ checkId: groups, status: 'enqueued' })
    b.advance(6000)
    const { statuses } = await call(b, 'DescribeTrustedAdvisorCheckRefreshStatuses', { checkIds: [groups] })
    expect(statuses[0].status).toBe('success')
    expect(statuses[0].millisUntilNextRefreshable).toBeGreaterThan(0)
  })

  test('says which checks are not built', async () => {
    const refused = await bench().refusal('support', 'DescribeTrustedAdvisorCheckResult', { checkId: 'Qch7DwouX1' })
    expect(told(refused).slice(0, 2)).toEqual(['NotImplemented', 501])
  })
})

test.each(['basic', 'developer'] as const)('with the %s plan there is no API', async (support) => {
  const b = bench()
  await changeSettings(b.world, { support })
  expect(told(await b.refusal('support', 'DescribeCases'))).toEqual([
    'SubscriptionRequiredException',
    400,
    'Amazon Web Services Premium Support Subscription is required to use this service.',
  ])
})

test('who may', async () => {
  const b = bench()
  const keys = await b.user('ana', allow('support:Describe*'))
  await b.call('support', 'DescribeCases', {}, keys)
  const refused = await b.refusal('support', 'CreateCase', { subject: 'x', communicationBody: 'x' }, keys)
  expect(refused.code).toBe('AccessDeniedException')
  expect(sentence(refused)).toContain('is not authorized to perform: support:CreateCase')
})
