import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { authorizationDetails, requestAuthorizationDetails } from './authorization-details.ts'
import { decide } from './decide.ts'
import type { MessageOptions } from './messages.ts'
import { accessDeniedMessage, unauthorizedOperationMessage } from './messages.ts'
import type { Decision, PolicyKind, PolicySource, Principal } from './types.ts'

const A = '123456789012'
const john: Principal = {
  type: 'User',
  accountId: A,
  arn: `arn:aws:iam::${A}:user/JohnDoe`,
  principalArn: `arn:aws:iam::${A}:user/JohnDoe`,
  userId: 'AIDAJOHN',
}
const refused = (
  reason: PolicyKind,
  effect: Decision['effect'] = 'IMPLICIT_DENY',
  more: Partial<Decision> = {},
): Decision => ({
  allowed: false,
  effect,
  reason,
  statements: [],
  request: { principal: john, action: 'codecommit:ListRepositories', resource: '*', context: {} },
  ...more,
})

const start = `User: ${john.arn} is not authorized to perform: codecommit:ListRepositories`
const because = (set: string): string => `${start} because no ${set} allows the codecommit:ListRepositories action`

describe('AccessDenied', () => {
  const cases: [PolicyKind, implicit: string, explicit: string][] = [
    ['identity', because('identity-based policy'), 'an identity-based policy'],
    ['resource', because('resource-based policy'), 'a resource-based policy'],
    ['boundary', because('permissions boundary'), 'a permissions boundary'],
    ['session', because('session policy'), 'a session policy'],
    ['scp', because('service control policy'), 'a service control policy'],
    ['rcp', because('resource control policy'), 'a resource control policy'],
    ['vpc-endpoint', because('VPC endpoint policy'), 'a VPC endpoint policy'],
  ]
  for (const [kind, implicit, explicit] of cases) {
    test(kind, () => {
      expect(accessDeniedMessage(refused(kind))).toBe(implicit)
      expect(accessDeniedMessage(refused(kind, 'EXPLICIT_DENY'))).toBe(`${start} with an explicit deny in ${explicit}`)
      expect(accessDeniedMessage(refused(kind), { generation: 'classic' })).toBe(start)
    })
  }

  test('a trust policy is not told, unless asked for', () => {
    expect(accessDeniedMessage(refused('trust'))).toBe(start)
    expect(accessDeniedMessage(refused('trust'), { trustReason: true })).toBe(because('role trust policy'))
    expect(accessDeniedMessage(refused('trust', 'EXPLICIT_DENY'), { trustReason: true })).toBe(
      `${start} with an explicit deny in the role trust policy`,
    )
  })

  test('the ARN of the policy that denies is named from 2026 on', () => {
    const source: PolicySource = { kind: 'identity', arn: `arn:aws:iam::${A}:policy/No`, document: '' }
    const decision = refused('identity', 'EXPLICIT_DENY', {
      decidedBy: { source, index: 0, effect: 'Deny', matched: true },
    })
    expect(accessDeniedMessage(decision)).toBe(
      `${start} with an explicit deny in an identity-based policy: ${source.arn}`,
    )
    expect(accessDeniedMessage(decision, { generation: '2021' })).toBe(
      `${start} with an explicit deny in an identity-based policy`,
    )
  })

  test('resource and action in the service’s spelling', () => {
    const decision = refused('identity', 'IMPLICIT_DENY', {
      request: { principal: john, action: 'sns:Publish', resource: 'arn:aws:sns:us-east-1:1:t', context: {} },
    })
    const message = (options?: MessageOptions): string =>
      accessDeniedMessage(decision, { generation: 'classic', ...options })
    expect(message()).toEndWith('perform: sns:Publish on resource: arn:aws:sns:us-east-1:1:t')
    expect(message({ resource: '"arn"' })).toEndWith('perform: sns:Publish on resource: "arn"')
    expect(message({ resource: null })).toEndWith('perform: sns:Publish')
    expect(accessDeniedMessage(decision, { action: 'SNS:Publish', resource: null })).toEndWith(
      'perform: SNS:Publish because no identity-based policy allows the SNS:Publish action',
    )
  })

  test('strangers from other accounts are told no reason', () => {
    const request = {
      principal: john,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/k',
      resourceAccountId: '210987654321',
      context: {},
    }
    const decision = refused('resource', 'IMPLICIT_DENY', { request })
    expect(accessDeniedMessage(decision)).toEndWith('on resource: arn:aws:s3:::b/k')
    expect(accessDeniedMessage(decision, { sameOrganization: true })).toEndWith(
      'because no resource-based policy allows the s3:GetObject action',
    )
  })

  test('the hint of Access Troubleshooter', () => {
    expect(accessDeniedMessage(refused('identity'), { authorizationId: 'abc123' })).toBe(
      `${because('identity-based policy')}. Go to ` +
        'https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/abc123 for complete details, ' +
        'or call the GetRequestAuthorizationDetails API with the following authorization id: abc123',
    )
  })

  test('EC2', () => {
    expect(unauthorizedOperationMessage(refused('identity'), 'BLOB')).toBe(
      `You are not authorized to perform this operation. ${because('identity-based policy')}. Encoded authorization failure message: BLOB`,
    )
    expect(unauthorizedOperationMessage(refused('identity'))).toBe(
      `You are not authorized to perform this operation. ${because('identity-based policy')}`,
    )
  })
})

describe('the samples of the user guide', () => {
  const shared = process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared')
  const file = join(shared, 'vectors/iam/access-denied-samples.json')
  if (!existsSync(file)) {
    test.skip(`skipped: ${file} is not there`, () => {})
    return
  }
  const kinds: Record<string, PolicyKind> = {
    'service control policy': 'scp',
    'VPC endpoint policy': 'vpc-endpoint',
    'permissions boundary': 'boundary',
    'session policy': 'session',
    'sessions policy': 'session',
    'resource-based policy': 'resource',
    'role trust policy': 'trust',
    'identity-based policy': 'identity',
  }
  const sample =
    /^User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))? (?:because no (.+) allows|with an explicit deny in (?:an?|the) (.+?)(?: trans.*)?$)/
  for (const { message } of JSON.parse(readFileSync(file, 'utf8')) as { message: string }[]) {
    const [, caller, action, resource, implicit, explicit] = sample.exec(message)!
    // One sample says "a sessions policy" where the others say "session"; one is about a chain of two policies.
    const odd = message.includes('sessions policy') || message.includes('transitively')
    test.if(!odd)(message, () => {
      const decision = refused(kinds[(implicit ?? explicit)!]!, implicit ? 'IMPLICIT_DENY' : 'EXPLICIT_DENY', {
        request: { principal: { ...john, arn: caller! }, action: action!, resource: resource ?? '*', context: {} },
      })
      expect(accessDeniedMessage(decision, { trustReason: true })).toBe(message)
    })
  }
})

describe('details', () => {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Yes', Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      {
        Sid: 'VisualEditor0',
        Effect: 'Deny',
        Action: 'ec2:RunInstances',
        Resource: '*',
        Condition: { StringEquals: { 'ec2:Tenancy': 'default' } },
      },
    ],
  })
  const ana: Principal = {
    type: 'AssumedRole',
    accountId: '111122223333',
    arn: 'arn:aws:sts::111122223333:assumed-role/Developer/Ana',
    principalArn: 'arn:aws:iam::111122223333:role/Developer',
    userId: 'AROA123456789EXAMPLE:Ana',
  }
  const policies: PolicySource[] = [
    { kind: 'identity', arn: 'arn:aws:iam::111122223333:policy/P', attachedTo: 'role/Developer', document },
  ]
  const decision = decide(
    {
      principal: ana,
      action: 'ec2:RunInstances',
      resource: 'arn:aws:ec2:us-east-1:111122223333:instance/*',
      context: { 'ec2:tenancy': 'default' },
    },
    policies,
  )

  test('the decoded message has the documented layout', () => {
    const item = (value: string) => ({ items: [{ value }] })
    expect(authorizationDetails(decision, (key) => (key === 'ec2:tenancy' ? 'ec2:Tenancy' : key))).toEqual({
      allowed: false,
      explicitDeny: true,
      matchedStatements: {
        items: [
          {
            statementId: 'VisualEditor0',
            effect: 'DENY',
            principals: item('AROA123456789EXAMPLE'),
            principalGroups: { items: [] },
            actions: item('ec2:RunInstances'),
            resources: item('*'),
            conditions: { items: [{ key: 'ec2:Tenancy', values: item('default') }] },
          },
        ],
      },
      failures: { items: [] },
      context: {
        principal: { id: 'AROA123456789EXAMPLE:Ana', arn: ana.arn },
        action: 'RunInstances',
        resource: decision.request.resource,
        conditions: {
          items: [
            { key: 'ec2:Tenancy', values: item('default') },
            { key: 'aws:Resource', values: item('instance/*') },
            { key: 'aws:Account', values: item('111122223333') },
            { key: 'aws:Region', values: item('us-east-1') },
            { key: 'aws:Service', values: item('ec2') },
            { key: 'aws:Type', values: item('instance') },
            { key: 'aws:ARN', values: item('arn:aws:ec2:us-east-1:111122223333:instance/*') },
          ],
        },
      },
    })
  })

  test('an implicit deny has no statements', () => {
    const details = authorizationDetails(
      decide({ ...decision.request, action: 's3:ListAllMyBuckets', resource: '*' }, policies),
    )
    expect(details).toMatchObject({ allowed: false, explicitDeny: false, matchedStatements: { items: [] } })
  })

  test('the troubleshooter lists evaluations and every policy considered', () => {
    const other: PolicySource = {
      kind: 'boundary',
      name: 'B',
      document: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
    }
    const told = requestAuthorizationDetails([decide(decision.request, [...policies, other])])
    expect(told.evaluations[0]).toMatchObject({
      action: 'ec2:RunInstances',
      evaluatedEffect: 'EXPLICIT_DENY',
      matchedPolicies: [
        {
          uri: 'arn:aws:iam::111122223333:policy/P',
          matchedStatements: [
            { sid: 'Yes', evaluatedEffect: 'ALLOW' },
            { sid: 'VisualEditor0', evaluatedEffect: 'DENY' },
          ],
        },
      ],
    })
    expect(told.policies).toEqual([
      {
        policyType: 'IDENTITY_POLICY',
        uri: 'arn:aws:iam::111122223333:policy/P',
        arn: 'arn:aws:iam::111122223333:policy/P',
        attachedTo: 'role/Developer',
      },
      { policyType: 'PERMISSIONS_BOUNDARY', uri: 'boundary#B' },
    ])
  })
})
