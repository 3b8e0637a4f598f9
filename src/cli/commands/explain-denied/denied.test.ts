// `virga explain denied`: who, what and why, what AWS adds to it, and what to do.

import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'
import type { Answer } from '../../outside.fixture.ts'
import { advice } from './advice.ts'
import { readDenial } from '../../../policy/read-message.ts'

const models = await builtModels()
if (models === undefined) console.log('SKIPPED: there is no build/models.bin')

const ana = 'arn:aws:iam::123456789012:user/ana'
const base = `User: ${ana} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k"`

describe('what to do next', () => {
  const steps = (message: string): string => advice(readDenial(message)!).join('\n')

  test.each<[string, string[]]>([
    [
      `${base} because no identity-based policy allows the s3:GetObject action`,
      [
        'to the user ana',
        '{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}',
        'aws iam put-user-policy --user-name ana --policy-name allow-s3-GetObject',
      ],
    ],
    [
      `${base} with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/No`,
      ['Adding an Allow will not help', 'aws iam get-policy --policy-arn arn:aws:iam::123456789012:policy/No'],
    ],
    [
      `${base} with an explicit deny in an identity-based policy`,
      ['inline policy of the user ana or of one of its groups', 'aws iam list-groups-for-user --user-name ana'],
    ],
    [
      `${base} because no permissions boundary allows the s3:GetObject action`,
      ['a boundary gives nothing, it only limits'],
    ],
    [`${base} because no session policy allows the s3:GetObject action`, ['Get new credentials']],
    [
      `${base} because no resource-based policy allows the s3:GetObject action`,
      ['"Principal":{"AWS":"arn:aws:iam::123456789012:user/ana"}'],
    ],
    [
      `${base} because no service control policy allows the s3:GetObject action`,
      ["Only the organization's management account"],
    ],
    [
      `${base} with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-1`,
      ['aws organizations describe-policy --policy-id p-1'],
    ],
    [`${base} because no VPC endpoint policy allows the s3:GetObject action`, ['describe-vpc-endpoints']],
    [
      'User: arn:aws:sts::123456789012:assumed-role/dev/s is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/x',
      ["the role's trust policy", 'both sides must allow'],
    ],
    [
      'User: arn:aws:sts::123456789012:assumed-role/dev/s is not authorized to perform: sts:AssumeRole because no role trust policy allows the sts:AssumeRole action',
      ['"Principal":{"AWS":"arn:aws:iam::123456789012:role/dev"}'],
    ],
    [
      `User: ${ana} is not authorized to perform: iam:GetUser on resource: user bob because no identity-based policy allows the iam:GetUser action`,
      ['"Resource":"arn:aws:iam::123456789012:user/bob"'],
    ],
    ['Access Denied', ['both sides must allow', 'Block Public Access']],
  ])('%s', (message, parts) => {
    for (const part of parts) expect(steps(message)).toContain(part)
  })
})

describe.skipIf(!models)('the command', () => {
  const xml = (body: string): Answer => ({ headers: { 'content-type': 'text/xml' }, body })
  const details = {
    allowed: false,
    explicitDeny: true,
    matchedStatements: {
      items: [
        {
          statementId: 'No',
          effect: 'DENY',
          actions: { items: [{ value: 'ec2:RunInstances' }] },
          resources: { items: [{ value: '*' }] },
        },
      ],
    },
    context: {
      principal: { id: 'AIDA', arn: ana },
      action: 'RunInstances',
      resource: 'arn:aws:ec2:us-east-1:1:instance/*',
      conditions: { items: [{ key: 'ec2:Tenancy', values: { items: [{ value: 'default' }] } }] },
    },
  }
  const escaped = JSON.stringify(details).replaceAll('"', '&quot;')
  const decoded = xml(
    `<R><DecodeAuthorizationMessageResult><DecodedMessage>${escaped}</DecodedMessage></DecodeAuthorizationMessageResult></R>`,
  )
  const refused: Answer = {
    status: 403,
    headers: { 'content-type': 'text/xml' },
    body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
  }
  const message = `You are not authorized to perform this operation. User: ${ana} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:1:instance/* with an explicit deny in an identity-based policy. Encoded authorization failure message: aBc_-9`

  test('decodes and simulates where that is allowed', async () => {
    const simulated = xml(
      '<R><SimulatePrincipalPolicyResult><EvaluationResults><member><EvalDecision>explicitDeny</EvalDecision></member></EvaluationResults></SimulatePrincipalPolicyResult></R>',
    )
    const { exit, stdout } = await ran({ argv: ['explain', 'denied', message], answers: [decoded, simulated] })
    expect(exit).toBe(0)
    for (const line of [
      `who      ${ana}`,
      'what     ec2:RunInstances',
      'The encoded message says: an explicit deny',
      '  statement No: DENY ec2:RunInstances on *',
      '    ec2:Tenancy = default',
      'Asked now, by its own policies alone, IAM says: explicitDeny',
    ])
      expect(stdout.split('\n')).toContain(line)
  })

  test('and says so where it is not', async () => {
    const { exit, stdout } = await ran({ argv: ['explain', 'denied', message], answers: [refused] })
    expect(exit).toBe(0)
    expect(stdout).toContain(
      'The encoded message was not decoded: no (it takes the permission sts:DecodeAuthorizationMessage)\n',
    )
    expect(stdout).toContain('IAM was asked what it decides now, but: no\n')
    expect(stdout).toContain('Adding an Allow will not help')
  })

  test('asks nobody when told so, and reads standard input', async () => {
    const { exit, stdout, sent } = await ran({ argv: ['explain', 'denied', '--offline'], stdin: message })
    expect([exit, sent.length]).toEqual([0, 0])
    expect(stdout).toStartWith(`who      ${ana}\n`)
  })

  test('what is no denial', async () => {
    const { exit, stderr } = await ran({ argv: ['explain', 'denied', 'NoSuchBucket'] })
    expect([exit, stderr]).toEqual([
      252,
      '\naws: [ERROR]: An error occurred (ParamValidation): this is no denial of AWS: NoSuchBucket\n',
    ])
  })

  test('nothing at all', async () => {
    const { exit, stderr } = await ran({ argv: ['explain', 'denied', ' '] })
    expect([exit, stderr]).toEqual([252, expect.stringContaining('no denial was given')])
  })
})
