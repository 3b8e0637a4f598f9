// What an input breaks, in AWS's words.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { models, told } from './account.fixture.ts'
import { checkConstraints } from './constraints.ts'
import type { AwsError } from '../lib/errors.ts'

async function complaint(service: string, operation: string, input: object): Promise<AwsError | undefined> {
  const found = await models.operation(service, operation)
  try {
    checkConstraints(found, input as never)
    return undefined
  } catch (error) {
    return error as AwsError
  }
}

const detected = (...findings: string[]): string =>
  `${findings.length} validation error${findings.length > 1 ? 's' : ''} detected: ${findings.map((each) => `${each}`).join('; ')}`
const at = (value: string, path: string, constraint: string): string =>
  `Value${value} at '${path}' failed to satisfy constraint: Member must ${constraint}`

describe('an input that breaks its model', () => {
  test.each<[string, string, object, string, string]>([
    [
      'sts',
      'GetSessionToken',
      { DurationSeconds: 899 },
      'ValidationError',
      detected(at(" '899'", 'durationSeconds', 'have value greater than or equal to 900')),
    ],
    [
      'sts',
      'GetSessionToken',
      { SerialNumber: 'short', TokenCode: 'abc' },
      'ValidationError',
      detected(
        at(" 'short'", 'serialNumber', 'have length greater than or equal to 9'),
        at(" 'abc'", 'tokenCode', 'have length greater than or equal to 6'),
        at(" 'abc'", 'tokenCode', 'satisfy regular expression pattern: [\\d]*'),
      ),
    ],
    [
      'sts',
      'AssumeRole',
      { RoleArn: 'arn:aws:iam::123456789012:role/r' },
      'ValidationError',
      detected(at(' null', 'roleSessionName', 'not be null')),
    ],
    [
      'iam',
      'CreateUser',
      { UserName: 'u'.repeat(65) },
      'ValidationError',
      detected(at('', 'userName', 'have length less than or equal to 64')),
    ],
    [
      'iam',
      'TagUser',
      {
        UserName: 'u',
        Tags: [
          { Key: 'k', Value: 'v' },
          { Key: '', Value: 'v' },
        ],
      },
      'ValidationError',
      detected(
        at('', 'tags.2.member.key', 'have length greater than or equal to 1'),
        at('', 'tags.2.member.key', 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+'),
      ),
    ],
    ['dynamodb', 'DescribeTable', {}, 'ValidationException', detected(at(' null', 'tableName', 'not be null'))],
    ['kms', 'CreateKey', { KeySpec: 'ROT13' }, 'ValidationException', ''],
    [
      'iam',
      'CreateUser',
      { UserName: 'u', Path: 'x' },
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    ],
  ])('%s %s %j', async (service, operation, input, code, message) => {
    const error = (await complaint(service, operation, input))!
    expect(error.code).toBe(code)
    if (message !== '') expect(told(error)).toEqual([code, 400, message])
    else
      expect(error.message).toMatch(
        /at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: \[.*RSA_2048/,
      )
  })
})

test('what keeps its model is let through', async () => {
  for (const [service, operation, input] of [
    [
      'sts',
      'AssumeRole',
      { RoleArn: 'arn:aws:iam::123456789012:role/r', RoleSessionName: 'a@b.c', Tags: [{ Key: 'é', Value: '' }] },
    ],
    ['iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: '{\n\t"a": "é"}' }],
    ['s3', 'GetObject', {}],
    ['ec2', 'RunInstances', {}],
  ] as const)
    expect(await complaint(service, operation, input)).toBeUndefined()
})

test('every pattern of IAM, STS and a few more can be read', async () => {
  for (const name of ['iam', 'sts', 'dynamodb', 'lambda', 'kms', 'ssm', 'logs', 'sqs', 'service-quotas']) {
    const service = await models.service(name)
    for (const operation of service.operationNames)
      expect(() => {
        try {
          checkConstraints(service.operation(operation), {})
        } catch (error) {
          if ((error as Error).name !== 'AwsError') throw error
        }
      }).not.toThrow()
  }
})

test('hostile text does not hang a pattern', async () => {
  const operation = await models.operation('iam', 'CreatePolicy')
  fc.assert(
    fc.property(fc.string({ minLength: 1000, maxLength: 5000 }), (PolicyDocument) => {
      try {
        checkConstraints(operation, { PolicyName: 'p', PolicyDocument })
      } catch (error) {
        expect((error as Error).name).toBe('AwsError')
      }
    }),
  )
})
