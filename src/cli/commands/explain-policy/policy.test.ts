// `virga explain policy`: AWS's verdict, the words, the warnings.

import { describe, expect, test } from 'bun:test'
import { inWords } from '../../../policy/wording.ts'
import { builtModels, ran } from '../../outside.fixture.ts'
import { warnings } from './warnings.ts'

const models = await builtModels()
if (models === undefined) console.log('SKIPPED: there is no build/models.bin')

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (more: object): string => document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more })

describe.skipIf(!models)('the command', () => {
  const explain = (stdin: string, ...more: string[]) => ran({ argv: ['explain', 'policy', '-', ...more], stdin })

  test('a document that IAM takes', async () => {
    const { exit, stdout } = await explain(document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }))
    expect([exit, stdout]).toEqual([
      0,
      'IAM takes it as an identity policy; 103 characters count against its quota.\n\nStatement 1 allows\n  the action s3:ListAllMyBuckets\n  on every resource\n',
    ])
  })

  test.each([
    ['{', 'IAM refuses it as an identity policy: Syntax errors in policy.\n'],
    [
      allow({ Action: 's3' }),
      'IAM refuses it as an identity policy: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.\n',
    ],
    [
      document({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', Resource: '*' }),
      'IAM refuses it as a resource policy',
    ],
  ])('%s', async (text, told) => {
    const { exit, stdout } = await explain(text)
    if (told.endsWith('\n')) expect([exit, stdout]).toEqual([255, told])
  })

  test('a trust policy is known by its principals', async () => {
    const text = document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' })
    expect((await explain(text)).stdout).toStartWith('IAM takes it as a trust policy')
    expect((await explain(text, '--type', 'identity')).exit).toBe(255)
  })

  test('a file that is not there', async () => {
    const { exit, stderr } = await ran({ argv: ['explain', 'policy', '/none.json'] })
    expect([exit, stderr]).toEqual([252, expect.stringContaining('/none.json cannot be read')])
  })
})

describe('in words', () => {
  test.each<[object, string]>([
    [{ StringEquals: { 'aws:PrincipalTag/team': 'a' } }, 'only where aws:PrincipalTag/team is a'],
    [{ StringNotEquals: { 'aws:RequestedRegion': ['a', 'b'] } }, 'only where aws:RequestedRegion is none of a, b'],
    [{ StringEquals: { 'aws:RequestedRegion': ['a', 'b'] } }, 'only where aws:RequestedRegion is one of a, b'],
    [
      { BoolIfExists: { 'aws:MultiFactorAuthPresent': true } },
      'only where aws:MultiFactorAuthPresent is true, if the request has it',
    ],
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, 'only where the request has no aws:TokenIssueTime'],
    [{ Null: { 'aws:TokenIssueTime': 'false' } }, 'only where the request has aws:TokenIssueTime'],
    [{ 'ForAnyValue:StringLike': { 'aws:TagKeys': 'x*' } }, 'only where some value of aws:TagKeys is like x*'],
    [
      { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '1.1.1.1'] } },
      'only where aws:SourceIp is in none of 10.0.0.0/8, 1.1.1.1',
    ],
    [
      { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      'only where aws:CurrentTime is before 2026-01-01T00:00:00Z',
    ],
    [{ NumericLessThanEquals: { 's3:max-keys': 10 } }, 'only where s3:max-keys is at most 10'],
  ])('%j', (Condition, line) => expect(inWords(allow({ Condition }))[0]!.at(-1)).toBe(`  ${line}`))

  test('principals, and all but', () => {
    expect(inWords(allow({ Principal: '*' }))[0]![0]).toBe('Statement 1 allows anyone')
    expect(inWords(allow({ NotPrincipal: { AWS: 'arn:aws:iam::1:root' }, Effect: 'Deny' }))[0]![0]).toBe(
      'Statement 1 denies anyone but arn:aws:iam::1:root',
    )
    expect(
      inWords(document({ Sid: 'X', Effect: 'Deny', NotAction: ['iam:*'], NotResource: 'arn:aws:s3:::b' })),
    ).toEqual([['Statement 1 (X) denies', '  every action but iam:*', '  on every resource but arn:aws:s3:::b']])
  })
})

describe.skipIf(!models)('warnings', () => {
  const first = async (text: string): Promise<string | undefined> => (await warnings(text, await models!.actions()))[0]
  const mfa = (effect: string, operator: string, value: string): string =>
    document({
      Effect: effect,
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { [operator]: { 'aws:MultiFactorAuthPresent': value } },
    })

  test.each<[string, string | undefined]>([
    [allow({}), undefined],
    [allow({ Resource: 'arn:aws:s3:::b/*' }), undefined],
    [allow({ Resource: 'arn:aws:s3:::*' }), undefined],
    [allow({ Action: 's3:Get*' }), undefined],
    [allow({ Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:*:123456789012:table/T' }), undefined],
    [allow({ Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/app-*' }), undefined],
    [allow({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }), undefined],
    [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } } }), undefined],
    [
      allow({ Condition: { StringEquals: { 'aws:SourceIp': '203.0.113.0/24' } } }),
      'statement 1: aws:SourceIp is an address: use IpAddress',
    ],
    [
      allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } } }),
      'statement 1: 10.1.0.0/16 is a private address, and aws:SourceIp is a public one: use aws:VpcSourceIp',
    ],
    [
      allow({ Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/33' } } }),
      'statement 1: 203.0.113.0/33 is nothing that IpAddress compares: it never matches',
    ],
    [
      allow({ Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '1h' } } }),
      'statement 1: 1h is nothing that NumericLessThan compares: it never matches',
    ],
    [
      allow({ Condition: { StringEquals: { 's3:prefix': 'home/*' } } }),
      'statement 1: StringEquals takes home/* to the letter: use StringLike for a pattern',
    ],
    [
      allow({ Condition: { 'ForAnyValue:StringEquals': { 'aws:PrincipalArn': 'x' } } }),
      'statement 1: aws:PrincipalArn has one value: ForAnyValue:StringEquals needs no ForAnyValue: before it',
    ],
    [allow({ Action: ['s3:Get*', 's3:GetObject'] }), 'statement 1: the action s3:GetObject is one of s3:Get* already'],
    [
      document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      'statement 1: an Allow with NotAction allows everything that is not named, IAM and what comes in future included',
    ],
    [allow({ Action: 's3:GetObjcet' }), 'statement 1: Amazon S3 has no action s3:GetObjcet (s3:GetObject?)'],
    [allow({ Action: 's4:GetObject' }), 'statement 1: no service has the prefix s4'],
    [
      allow({ Action: 's3:ListAllMyBuckets', Resource: 'arn:aws:s3:::b' }),
      'statement 1: s3:ListAllMyBuckets takes no resource: only "Resource": "*" reaches it',
    ],
    [
      allow({ Action: 'dynamodb:GetItem', Resource: 'arn:aws:s3:::b' }),
      'statement 1: dynamodb:GetItem works on none of these resources; it takes arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}',
    ],
    [
      allow({ Condition: { StringEquals: { 's3:prefx': 'x' } } }),
      'statement 1: no service has the condition key s3:prefx',
    ],
    [
      allow({ Condition: { StringEquals: { 'aws:TagKeys': 'x' } } }),
      'statement 1: aws:TagKeys has several values: StringEquals needs ForAnyValue: or ForAllValues: before it',
    ],
    [allow({ Condition: { StringEquals: { 'accounts.google.com:aud': 'x' } } }), undefined],
    [
      mfa('Deny', 'Bool', 'false'),
      'statement 1: long-term access keys have no aws:MultiFactorAuthPresent, so this Deny does not stop them: use BoolIfExists',
    ],
    [mfa('Deny', 'BoolIfExists', 'false'), undefined],
    [mfa('Allow', 'Bool', 'true'), undefined],
    [
      mfa('Allow', 'BoolIfExists', 'true'),
      'statement 1: …IfExists lets long-term access keys through, which have no aws:MultiFactorAuthPresent: use Bool',
    ],
    [allow({ Action: '*' }), 'statement 1: it allows everything: an administrator'],
    [
      allow({ Action: 'iam:PassRole' }),
      'statement 1: iam:PassRole on every role lets the holder become any of them, by way of a service',
    ],
    [
      document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      'statement 1: an Allow with NotAction allows everything that is not named, IAM and what comes in future included',
    ],
    [allow({ Principal: '*' }), 'statement 1: it allows anyone in the world, without a condition'],
  ])('%s', async (text, warning) => expect(await first(text)).toBe(warning as string))

  test('variables in an old document', async () => {
    const text = JSON.stringify({
      Version: '2008-10-17',
      Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:username}' },
    })
    expect(await warnings(text, await models!.actions())).toContain(
      'variables such as ${aws:username} are plain text here: they need "Version": "2012-10-17"',
    )
  })
})
