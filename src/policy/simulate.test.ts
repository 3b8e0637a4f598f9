import { describe, expect, test } from 'bun:test'
import { contextKeysOf } from './context-keys.ts'
import { statementSpans } from './document.ts'
import type { Simulation } from './simulate.ts'
import { contextOfEntries, simulate } from './simulate.ts'
import type { PolicySource, Principal } from './types.ts'

const mateo: Principal = {
  type: 'User',
  accountId: '111122223333',
  arn: 'arn:aws:iam::111122223333:user/mateo',
  principalArn: 'arn:aws:iam::111122223333:user/mateo',
  userId: 'AIDAMATEO',
  userName: 'mateo',
}
const run = (more: Partial<Simulation>) =>
  simulate({ principal: mateo, policies: [], actions: ['s3:PutObject'], context: {}, ...more })
const input = (document: string, id = 'PolicyInputList.1'): PolicySource => ({ kind: 'identity', id, document })
const allowing = (action: string, more = ''): string =>
  `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"${action}","Resource":"*"${more}}}`

describe('simulations, with the examples of the API reference and the CLI', () => {
  const document =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",' +
    '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
  const at = (time: string) =>
    run({
      policies: [input(document)],
      actions: ['dynamodb:CreateBackup'],
      context: contextOfEntries([
        { ContextKeyName: 'aws:CurrentTime', ContextKeyValues: [time], ContextKeyType: 'date' },
      ]),
    })

  test('allowed by the date', () => {
    expect(at('2019-04-25T11:00:00Z')).toEqual([
      {
        EvalActionName: 'dynamodb:CreateBackup',
        EvalResourceName: '*',
        EvalDecision: 'allowed',
        MissingContextValues: [],
        MatchedStatements: [
          {
            SourcePolicyId: 'PolicyInputList.1',
            SourcePolicyType: 'IAM Policy',
            StartPosition: { Line: 1, Column: 38 },
            EndPosition: { Line: 1, Column: 167 },
          },
        ],
      },
    ])
  })
  test('refused by the date', () => {
    expect(at('2014-04-25T11:00:00Z')[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      MatchedStatements: [],
      MissingContextValues: [],
    })
  })
  test('a key that was not given is missing', () => {
    expect(run({ policies: [input(document)], actions: ['dynamodb:CreateBackup'] })[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:CurrentTime'],
    })
  })
  test('… but not of statements about other actions', () => {
    expect(run({ policies: [input(document)] })[0]!.MissingContextValues).toEqual([])
  })

  test('same account: the resource policy outdoes the boundary', () => {
    const resource =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/mateo"},' +
      '"Action":["s3:List*","s3:Put*"],"Resource":["arn:aws:s3:::production/*"]}}'
    const [result] = run({
      policies: [
        input(allowing('iam:*')),
        { kind: 'boundary', id: 'PermissionsBoundaryPolicyInputList.1', document: allowing('iam:*') },
        { kind: 'resource', id: 'ResourcePolicy', document: resource },
      ],
      resources: ['arn:aws:s3:::production/Test'],
      resourceAccountId: '111122223333',
    })
    const matched = [
      {
        SourcePolicyId: 'ResourcePolicy',
        SourcePolicyType: 'Resource Policy',
        StartPosition: { Line: 1, Column: 38 },
        EndPosition: { Line: 1, Column: resource.length },
      },
    ]
    expect(result).toEqual({
      EvalActionName: 's3:PutObject',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      EvalDecisionDetails: {},
      MatchedStatements: matched,
      MissingContextValues: [],
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      ResourceSpecificResults: [
        {
          EvalResourceName: 'arn:aws:s3:::production/Test',
          EvalResourceDecision: 'allowed',
          MatchedStatements: matched,
          MissingContextValues: [],
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
        },
      ],
    })
  })

  test('cross-account: each set is told', () => {
    const resource =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/mateo"},' +
      '"Action":"s3:Put*","Resource":"arn:aws:s3:::mary/*"}}'
    const [result] = run({
      policies: [
        { kind: 'boundary', id: 'b', document: allowing('iam:*') },
        { kind: 'resource', id: 'ResourcePolicy', document: resource },
      ],
      resources: ['arn:aws:s3:::mary/Test'],
      resourceAccountId: '123456789012',
    })
    const details = {
      'IAM Policy': 'implicitDeny',
      'Resource Policy': 'allowed',
      'Permissions Boundary Policy': 'implicitDeny',
    }
    expect(result).toMatchObject({ EvalDecision: 'implicitDeny', EvalDecisionDetails: details, MatchedStatements: [] })
    expect(result!.ResourceSpecificResults![0]).toMatchObject({
      EvalResourceDecision: 'implicitDeny',
      EvalDecisionDetails: details,
      MatchedStatements: [{ SourcePolicyId: 'ResourcePolicy' }],
    })
  })

  test('several resources: the strictest decision, each told apart', () => {
    const [result] = run({
      policies: [
        input(allowing('s3:*')),
        input(
          '{"Version":"2012-10-17","Statement":[\n  {"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/no"}\n]}',
          'P2',
        ),
      ],
      resources: ['arn:aws:s3:::b/yes', 'arn:aws:s3:::b/no'],
      resourceTemplate: () => 'arn:${Partition}:s3:::${BucketName}/${KeyName}',
    })
    expect(result).toMatchObject({
      EvalResourceName: 'arn:${Partition}:s3:::${BucketName}/${KeyName}',
      EvalDecision: 'explicitDeny',
      MatchedStatements: [
        { SourcePolicyId: 'P2', StartPosition: { Line: 1, Column: 38 }, EndPosition: { Line: 2, Column: 78 } },
      ],
    })
    expect(result!.ResourceSpecificResults!.map((one) => one.EvalResourceDecision)).toEqual(['allowed', 'explicitDeny'])
  })

  test('SCPs are told as a detail, not as statements', () => {
    const scp: PolicySource = { kind: 'scp', id: 'scp', level: 'root', document: allowing('ec2:*') }
    expect(run({ policies: [input(allowing('s3:*')), scp] })[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
      MatchedStatements: [],
    })
  })
})

describe('context entries', () => {
  test('lists are lists', () => {
    expect(
      contextOfEntries([
        { ContextKeyName: 'aws:TagKeys', ContextKeyValues: ['a'], ContextKeyType: 'stringList' },
        { ContextKeyName: 'aws:SourceIp', ContextKeyValues: ['1.2.3.4'], ContextKeyType: 'ip' },
      ]),
    ).toEqual({ 'aws:tagkeys': ['a'], 'aws:sourceip': '1.2.3.4' })
  })
})

describe('keys a policy refers to', () => {
  test('in resources, conditions and their values; once, in order, as written', () => {
    expect(
      contextKeysOf([
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:us-west-2:1:table/${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"}}}}',
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":"a:b","NotResource":"*","Condition":{"StringLike":{"AWS:UserName":["${aws:PrincipalTag/x, \'y\'}","${*}"]}}}}',
      ]),
    ).toEqual(['aws:username', 'aws:CurrentTime', 'aws:PrincipalTag/x'])
  })
  test('no variables before 2012-10-17', () => {
    expect(
      contextKeysOf(['{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:s3:::${aws:username}"}}']),
    ).toEqual([])
  })
})

describe('positions of statements', () => {
  const cases: [text: string, spans: [number, number, number, number][]][] = [
    // A recorded answer: {"Version": "2012-10-17", "Statement": [{ … starts at column 41.
    ['{"Version": "2012-10-17", "Statement": [{"a": 1}]}', [[1, 41, 1, 49]]],
    ['{\n  "Statement":{\n    "Sid":"}"\n  }\n}', [[2, 16, 4, 4]]],
    [
      '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Action": ["a"]\n    },\n    {"b":{}}\n  ]\n}',
      [
        [3, 17, 6, 6],
        [6, 6, 7, 13],
      ],
    ],
    ['{"Id":{"Statement":{}},"Statement":{"\\"":[{}]}}', [[1, 37, 1, 47]]],
  ]
  for (const [text, spans] of cases) {
    test(JSON.stringify(text), () => {
      const found = statementSpans(text).map(({ start, end }) => [start.Line, start.Column, end.Line, end.Column])
      expect(found).toEqual(spans)
    })
  }
})
