import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { lookupIn } from './condition.ts'
import type { PrincipalType } from './match.ts'
import { compileAction, compileResource, isSpared, namingOf, resourceName } from './match.ts'
import type { Principal } from './types.ts'

describe('actions', () => {
  // oxfmt-ignore
  const cases: [pattern: string, action: string, matches: boolean][] = [
    ['*', 's3:GetObject', true], ['s3:*', 's3:GetObject', true], ['s3:GetObject', 's3:GetObject', true],
    ['S3:GETOBJECT', 's3:GetObject', true], ['s3:getobject', 's3:GetObject', true], ['s3:Get*', 's3:GetObjectAcl', true],
    ['s3:*Object', 's3:GetObject', true], ['s3:*Object', 's3:GetObjectAcl', false], ['s3:Get?bject', 's3:GetObject', true],
    ['s3:Get', 's3:GetObject', false], ['ec2:*', 's3:GetObject', false], ['iam:*AccessKey*', 'iam:ListAccessKeys', true],
    ['s3:*', 's3express:CreateSession', false], ['', 's3:GetObject', false],
  ]
  for (const [pattern, action, expected] of cases) {
    test(`${pattern} ${expected ? 'is' : 'is not'} ${action}`, () => {
      expect(compileAction(pattern)(action.toLowerCase())).toBe(expected)
    })
  }

  test('case never matters', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', 'c', ':', '*', 'D'), maxLength: 8 })
    fc.assert(
      fc.property(
        name,
        name,
        (pattern, action) =>
          compileAction(pattern)(action.toLowerCase()) === compileAction(pattern.toUpperCase())(action.toLowerCase()),
      ),
    )
  })
})

describe('resources', () => {
  const context = {
    'aws:username': 'anna',
    'aws:principaltag/star': '*',
    'aws:principaltag/colon': 'a:b',
    'aws:principalaccount': '123456789012',
  }
  // oxfmt-ignore
  const cases: [pattern: string, resource: string, matches: boolean][] = [
    ['*', 'arn:aws:s3:::b/k', true], ['*', '*', true], ['**', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::b', 'arn:aws:s3:::b', true], ['arn:aws:s3:::b', 'arn:aws:s3:::B', false],
    ['arn:aws:s3:::b', 'arn:aws:s3:::b/k', false], ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k/l', true], ['arn:aws:s3:::b*', 'arn:aws:s3:::bucket/key', true],
    ['arn:aws:s3:::*', 'arn:aws:s3:::b', true], ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/kk', false],
    ['arn:aws:s3:::b/*/c', 'arn:aws:s3:::b/x/y/c', true], ['arn:aws:s3:::b', '*', false],
    ['arn:aws:sqs:*:*:q', 'arn:aws:sqs:eu-west-1:123456789012:q', true],
    ['arn:aws:sqs:eu-*:123456789012:q', 'arn:aws:sqs:us-east-1:123456789012:q', false],
    ['arn:aws:sqs:*:q', 'arn:aws:sqs:eu-west-1:123456789012:q', false], // four parts: any resource of account `q`
    ['arn:aws:sqs:*:q', 'arn:aws:sqs:eu-west-1:q:anything', true],
    ['arn:aws:rds:*:*:db:x', 'arn:aws:rds:eu-west-1:1:db:x', true], ['arn:aws:rds:*:*:*', 'arn:aws:rds:eu-west-1:1:db:x', true],
    ['arn:aws:logs:*:*:log-group:/a/*', 'arn:aws:logs:eu-west-1:1:log-group:/a/b:log-stream:c', true],
    ['arn:aws:ec2', 'arn:aws:ec2:eu-west-1:1:instance/i-1', true], ['arn:aws:ec2:*', 'arn:aws:ec2:eu-west-1:1:instance/i-1', true],
    ['arn:aws:ec2', 'arn:aws:s3:::b', false], ['arn:*:s3:::b', 'arn:aws-cn:s3:::b', true],
    ['arn:aws:ec2:*:*:instance/*', 'arn:aws:ec2:eu-west-1:1:instance/*', true],
    ['arn:aws:ec2:*:*:instance/i-1', 'arn:aws:ec2:eu-west-1:1:instance/*', false],
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/anna/x', true],
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/bob/x', false],
    ['arn:aws:s3:::home/${aws:none}/*', 'arn:aws:s3:::home//x', false],
    ['arn:aws:s3:::home/${aws:none}*', 'arn:aws:s3:::home/${aws:none}', false],
    ["arn:aws:s3:::home/${aws:none, 'all'}/*", 'arn:aws:s3:::home/all/x', true],
    ['arn:aws:s3:::home/${aws:PrincipalTag/star}', 'arn:aws:s3:::home/anything', false],
    ['arn:aws:s3:::home/${aws:PrincipalTag/star}', 'arn:aws:s3:::home/*', true],
    ['arn:aws:s3:::home/${aws:PrincipalTag/colon}', 'arn:aws:s3:::home/a:b', true],
    ['arn:aws:s3:::b/${*}', 'arn:aws:s3:::b/*', true], ['arn:aws:s3:::b/${*}', 'arn:aws:s3:::b/x', false],
    ['arn:aws:s3:::b/${?}', 'arn:aws:s3:::b/?', true], ['arn:aws:s3:::b/${$}{x}', 'arn:aws:s3:::b/${x}', true],
    ['arn:aws:iam::${aws:PrincipalAccount}:role/x', 'arn:aws:iam::123456789012:role/x', false], // not before the fifth colon
    ['', '', true], ['b', 'arn:aws:s3:::b', false],
  ]
  for (const [pattern, resource, expected] of cases) {
    test(`${pattern} ${expected ? 'is' : 'is not'} ${resource}`, () => {
      expect(compileResource(pattern, true)(resourceName(resource), lookupIn(context)) ?? false).toBe(expected)
    })
  }

  test('before 2012-10-17 a variable is text', () => {
    const matches = compileResource('arn:aws:s3:::home/${aws:username}', false)
    expect(matches(resourceName('arn:aws:s3:::home/anna'), lookupIn(context))).toBe(false)
    expect(matches(resourceName('arn:aws:s3:::home/${aws:username}'), lookupIn(context))).toBe(true)
  })
})

const A = '123456789012'
const caller = (more: Partial<Principal>): Principal => ({
  type: 'User',
  accountId: A,
  arn: `arn:aws:iam::${A}:user/anna`,
  principalArn: `arn:aws:iam::${A}:user/anna`,
  userId: 'AIDAANNA',
  ...more,
})
const user = caller({})
const session = caller({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${A}:assumed-role/R/S`,
  principalArn: `arn:aws:iam::${A}:role/path/R`,
  userId: 'AROAR:S',
})
const federated = caller({
  type: 'FederatedUser',
  arn: `arn:aws:sts::${A}:federated-user/bob`,
  userId: `${A}:bob`,
  issuerArn: user.arn,
})
const root = caller({
  type: 'Account',
  arn: `arn:aws:iam::${A}:root`,
  principalArn: `arn:aws:iam::${A}:root`,
  userId: A,
})
const service = caller({
  type: 'Service',
  accountId: '',
  arn: '',
  principalArn: '',
  userId: '',
  serviceName: 'sns.amazonaws.com',
})
const anonymous = caller({ type: 'Anonymous', accountId: 'anonymous', arn: '', principalArn: '', userId: 'anonymous' })
const web = caller({
  type: 'WebIdentityUser',
  accountId: '',
  arn: '',
  principalArn: '',
  userId: '',
  federatedProvider: 'accounts.google.com',
})

describe('principals', () => {
  // oxfmt-ignore
  const cases: [who: string, Principal, PrincipalType, value: string, naming: string | undefined][] = [
    ['user', user, 'AWS', '*', 'anyone'], ['user', user, 'AWS', A, 'account'], ['user', user, 'AWS', root.arn, 'account'],
    ['user', user, 'AWS', user.arn, 'itself'], ['user', user, 'AWS', 'AIDAANNA', 'itself'],
    ['user', user, 'AWS', `arn:aws:iam::${A}:user/*`, undefined], ['user', user, 'AWS', '210987654321', undefined],
    ['user', user, 'Service', user.arn, undefined], ['user', user, 'AWS', '', undefined], ['user', user, 'Service', '*', undefined],
    ['user', user, 'AWS', `arn:aws:iam::${A}:user/Anna`, undefined],
    ['session', session, 'AWS', session.principalArn, 'behind'], ['session', session, 'AWS', session.arn, 'itself'],
    ['session', session, 'AWS', 'AROAR', 'behind'], ['session', session, 'AWS', 'AROA', undefined], ['session', session, 'AWS', A, 'account'],
    ['session', session, 'AWS', `arn:aws:iam::${A}:role/R`, undefined], ['session', session, 'AWS', '', undefined],
    ['federated', federated, 'AWS', user.arn, 'behind'], ['federated', federated, 'AWS', federated.arn, 'itself'],
    ['root', root, 'AWS', root.arn, 'account'], ['root', root, 'AWS', A, 'account'], ['root', root, 'AWS', '*', 'anyone'],
    ['service', service, 'Service', 'sns.amazonaws.com', 'itself'], ['service', service, 'Service', 'sqs.amazonaws.com', undefined],
    ['service', service, 'AWS', '*', 'anyone'], ['service', service, 'AWS', '', undefined],
    ['anonymous', anonymous, 'AWS', '*', 'anyone'], ['anonymous', anonymous, 'AWS', 'anonymous', undefined],
    ['anonymous', anonymous, 'AWS', '', undefined],
    ['web', web, 'Federated', 'accounts.google.com', 'itself'], ['web', web, 'Federated', 'graph.facebook.com', undefined],
    ['web', web, 'Service', 'accounts.google.com', undefined], ['user', user, 'Federated', 'accounts.google.com', undefined],
    ['user', caller({ canonicalUserId: 'abc' }), 'CanonicalUser', 'abc', 'account'], ['user', user, 'CanonicalUser', 'abc', undefined],
  ]
  for (const [who, principal, type, value, expected] of cases) {
    test(`${type} ${value} names the ${who}: ${expected ?? 'no'}`, () => {
      expect(namingOf({ type, value }, principal)).toBe(expected as never)
    })
  }

  const entries = (...values: string[]) => values.map((value) => ({ type: 'AWS' as const, value }))
  test('NotPrincipal with Deny spares only who is listed in every way', () => {
    expect(isSpared(entries(user.arn), user, 'Deny')).toBe(false)
    expect(isSpared(entries(user.arn, A), user, 'Deny')).toBe(true)
    expect(isSpared(entries(session.principalArn, A), session, 'Deny')).toBe(false)
    expect(isSpared(entries(session.principalArn, session.arn, root.arn), session, 'Deny')).toBe(true)
    expect(isSpared(entries(A), root, 'Deny')).toBe(true)
    expect(isSpared(entries(A), anonymous, 'Deny')).toBe(false)
  })
  test('NotPrincipal with Allow reaches nobody who is listed in any way', () => {
    expect(isSpared(entries(user.arn), user, 'Allow')).toBe(true)
    expect(isSpared(entries(A), user, 'Allow')).toBe(true)
    expect(isSpared(entries(session.principalArn), session, 'Allow')).toBe(true)
    expect(isSpared(entries('210987654321'), user, 'Allow')).toBe(false)
    expect(isSpared(entries('*'), user, 'Allow')).toBe(true)
  })
})
