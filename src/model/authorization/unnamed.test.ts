// What a refusal names where an operation names nothing: the words of refusals that AWS gave.

import { expect, test } from 'bun:test'
import { spelledInRefusal, unnamedResource } from './unnamed.ts'

const place = { account: '123456789012', region: 'us-east-1' }

test.each([
  ['dynamodb:ListTables', 'arn:aws:dynamodb:us-east-1:123456789012:table/*'],
  ['sqs:ListQueues', 'arn:aws:sqs:us-east-1:123456789012:'],
  ['logs:DescribeLogGroups', 'arn:aws:logs:us-east-1:123456789012:log-group::log-stream:'],
  ['lambda:ListFunctions', '*'],
  ['kms:ListKeys', '*'],
  ['s3:ListAllMyBuckets', undefined],
  ['secretsmanager:ListSecrets', undefined],
  ['ec2:DescribeVpcs', undefined],
])('%s', (action, told) => {
  const resource = unnamedResource(action, place)
  expect(spelledInRefusal(action, resource) ?? (resource === '*' ? undefined : resource)).toBe(told!)
})

test('a secret that is to be made is told by its name', () => {
  const resource = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:MySecret'
  expect(spelledInRefusal('secretsmanager:CreateSecret', resource)).toBe('MySecret')
})
