import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../lib/errors.ts'
import { policySize } from './document.ts'
import { validateBucketPolicy } from './validate-bucket.ts'
import type { S3Target } from './validate-bucket.ts'
import { principalsIn, resourcePolicyProblem, validateIdentityPolicy, validateTrustPolicy } from './validate.ts'

const shared = process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared')
const vectors = join(shared, 'vectors/iam/moto_invalid_policies.json')

function problemOf(validate: () => void): string | undefined {
  try {
    validate()
    return undefined
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return error.message
  }
}

describe('documents AWS refused, with its texts', () => {
  if (!existsSync(vectors)) {
    test.skip(`skipped: ${vectors} is not there`, () => {})
    return
  }
  const cases = JSON.parse(readFileSync(vectors, 'utf8')) as { document: unknown; error_message: string }[]
  for (const [i, { document, error_message }] of cases.entries()) {
    test(`${i}: ${error_message}`, () => {
      expect(problemOf(() => validateIdentityPolicy(JSON.stringify(document)))).toBe(error_message)
    })
  }
})

const identity = (statement: object, more: object = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement, ...more })
const one = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b' }

describe('identity policies', () => {
  const cases: [what: string, text: string, problem: string | undefined][] = [
    ['plain', identity(one), undefined],
    ['list', identity([one, one]), undefined],
    ['star action', identity({ ...one, Action: '*' }), undefined],
    ['any action name', identity({ ...one, Action: 'iam: no such thing ' }), undefined],
    ['parts left out', identity({ ...one, Resource: 'arn:aws:anything' }), undefined],
    ['service that is none', identity({ ...one, Resource: 'arn:aws:no-service:::x' }), undefined],
    ['IAM user without account', identity({ ...one, Resource: 'arn:aws:iam:::user/x' }), undefined],
    ['IAM star', identity({ ...one, Resource: 'arn:aws:iam::123456789012:*' }), undefined],
    [
      'access point with region',
      identity({ ...one, Resource: 'arn:aws:s3:us-west-2:123456789012:accesspoint/a/object/*' }),
      undefined,
    ],
    [
      'empty Sids twice',
      identity([
        { ...one, Sid: '' },
        { ...one, Sid: '' },
      ]),
      undefined,
    ],
    ['unknown operator that asks nothing', identity({ ...one, Condition: { a: {}, x: {} } }), undefined],
    ['no values', identity({ ...one, Condition: { DateGreaterThan: { a: [] } } }), undefined],
    [
      'numbers and booleans',
      identity({ ...one, Condition: { Bool: { a: true }, NumericEquals: { b: [1, 2] } } }),
      undefined,
    ],
    [
      'odd dates',
      identity({
        ...one,
        Condition: { DateLessThan: { a: ['01T', '2016-12-13t2:00:00.593194+23', '-292275054', '0', '2019-07'] } },
      }),
      undefined,
    ],
    [
      'both set operators',
      identity({ ...one, Condition: { 'ForAnyValue:StringEqualsIfExists': { a: 'b' } } }),
      undefined,
    ],
    ['variables', identity({ ...one, Resource: 'arn:aws:iam::*:user/${aws:username}' }), undefined],
    ['Id', identity(one, { Id: 'x' }), undefined],
    ['empty', '', 'Syntax errors in policy.'],
    ['null', 'null', 'Syntax errors in policy.'],
    ['a list', '[]', 'Syntax errors in policy.'],
    [
      'a key twice',
      '{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      'Syntax errors in policy.',
    ],
    [
      'a key twice, escaped',
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","\\u0053id":"","Sid":""}}',
      'Syntax errors in policy.',
    ],
    [
      'deep',
      `{"Version":"2012-10-17","Statement":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'Syntax errors in policy.',
    ],
    [
      '__proto__',
      '{"Version":"2012-10-17","__proto__":{},"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      'Syntax errors in policy.',
    ],
    [
      'constructor as element',
      '{"Version":"2012-10-17","Statement":{"constructor":1,"Effect":"Allow","Action":"*","Resource":"*"}}',
      'Syntax errors in policy.',
    ],
    [
      '__proto__ as operator',
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"__proto__":{"a":"b"}}}}',
      'Syntax errors in policy.',
    ],
    ['null value', identity({ ...one, Condition: { Bool: { a: null } } }), 'Syntax errors in policy.'],
    ['principal', identity({ ...one, Principal: '*' }), 'Policy document should not specify a principal.'],
    [
      'service with a star',
      identity({ ...one, Resource: 'arn:aws:s*:::b' }),
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    [
      'month 13',
      identity({ ...one, Condition: { DateEquals: { a: '2020-13-01' } } }),
      'The policy failed legacy parsing',
    ],
  ]
  for (const [what, text, problem] of cases) {
    test(`${what} → ${problem ?? 'fine'}`, () =>
      expect(problemOf(() => validateIdentityPolicy(text))).toBe(problem as string))
  }
  test('the error is a client’s, 400', () => {
    try {
      validateIdentityPolicy('')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'MalformedPolicyDocument', status: 400, fault: 'client' })
    }
  })
})

describe('trust policies', () => {
  const trust = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }
  const cases: [what: string, text: string, problem: string | undefined][] = [
    ['plain', identity(trust), undefined],
    ['old version', identity(trust, { Version: '2008-10-17' }), undefined],
    ['no version', JSON.stringify({ Statement: trust }), undefined],
    ['anyone', identity({ ...trust, Principal: { AWS: '*' } }), undefined],
    [
      'tags too',
      identity({ ...trust, Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }),
      undefined,
    ],
    [
      'web identity',
      identity({ ...trust, Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'x' } }),
      undefined,
    ],
    ['no JSON', '{ "a": 1, }', 'This policy contains invalid Json'],
    ['resource', identity({ ...trust, Resource: '*' }), 'Has prohibited field Resource'],
    ['no principal', identity({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
    [
      'another service',
      identity({ ...trust, Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'misspelt',
      identity({ ...trust, Action: 'sts:TagSessions' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'bare star',
      identity({ ...trust, Principal: '*' }),
      'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
    ],
    ['wrong effect', identity({ ...trust, Effect: 'Perhaps' }), 'Syntax errors in policy.'],
    ['principal that is none', identity({ ...trust, Principal: { Everyone: 'x' } }), 'Syntax errors in policy.'],
  ]
  for (const [what, text, problem] of cases) {
    test(`${what} → ${problem ?? 'fine'}`, () =>
      expect(problemOf(() => validateTrustPolicy(text))).toBe(problem as string))
  }
  test('its principals', () => {
    expect(principalsIn(identity([trust, { ...trust, Principal: { Service: ['a', 'b'] } }]))).toEqual([
      { type: 'AWS', value: '123456789012' },
      { type: 'Service', value: 'a' },
      { type: 'Service', value: 'b' },
    ])
  })
})

describe('bucket policies', () => {
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }
  const actions = new Map<string, S3Target>([
    ['GetObject', 'object'],
    ['ListBucket', 'bucket'],
  ])
  const cases: [what: string, text: string, problem: string | undefined][] = [
    ['plain', identity(statement), undefined],
    ['old version', identity(statement, { Version: '2008-10-17' }), undefined],
    ['spaces in Sid', identity({ ...statement, Sid: 'a b' }), undefined],
    ['bucket by pattern', identity({ ...statement, Resource: 'arn:aws:s3:::*' }), undefined],
    [
      'user',
      identity({ ...statement, Principal: { AWS: ['arn:aws:iam::123456789012:user/a', '123456789012', 'AIDAXYZ'] } }),
      undefined,
    ],
    ['all actions', identity({ ...statement, Action: 's3:*', Resource: 'arn:aws:s3:::b' }), undefined],
    ['no object', 'x', "Policies must be valid JSON and the first byte must be '{'"],
    ['empty', '', "Policies must be valid JSON and the first byte must be '{'"],
    ['no JSON', '{', 'This policy contains invalid Json'],
    ['no statement', '{"Version":"2012-10-17"}', 'Missing required field Statement'],
    ['empty list', identity([]), 'Could not parse the policy: Statement is empty!'],
    ['version', identity(statement, { Version: '2013-10-17' }), 'The policy must contain a valid version string'],
    ['unknown field', identity(statement, { Statements: [] }), 'Unknown field Statements'],
    ['no principal', identity({ ...statement, Principal: undefined }), 'Missing required field Principal'],
    ['bad principal', identity({ ...statement, Principal: { AWS: 'user' } }), 'Invalid principal in policy'],
    [
      'wildcard in principal',
      identity({ ...statement, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } }),
      'Invalid principal in policy',
    ],
    ['no action', identity({ ...statement, Action: undefined }), 'Missing required field Action'],
    ['action of another service', identity({ ...statement, Action: 'ec2:RunInstances' }), 'Policy has invalid action'],
    ['unknown action', identity({ ...statement, Action: 's3:HeadObject' }), 'Policy has invalid action'],
    ['no resource', identity({ ...statement, Resource: undefined }), 'Statement is missing required element'],
    ['another bucket', identity({ ...statement, Resource: 'arn:aws:s3:::c/*' }), 'Policy has invalid resource'],
    ['star', identity({ ...statement, Resource: '*' }), 'Policy has invalid resource'],
    [
      'object action on a bucket',
      identity({ ...statement, Resource: 'arn:aws:s3:::b' }),
      'Action does not apply to any resource(s) in statement',
    ],
    [
      'bucket action on objects',
      identity({ ...statement, Action: 's3:ListBucket' }),
      'Action does not apply to any resource(s) in statement',
    ],
    [
      'operator',
      identity({ ...statement, Condition: { StringEqual: { a: 'b' } } }),
      'Invalid Condition type : StringEqual',
    ],
    ['effect', identity({ ...statement, Effect: 'allow' }), 'Invalid effect: allow'],
  ]
  for (const [what, text, problem] of cases) {
    test(`${what} → ${problem ?? 'fine'}`, () =>
      expect(problemOf(() => validateBucketPolicy(text, 'b', actions))).toBe(problem as string))
  }
  test('the code is MalformedPolicy', () => {
    expect(() => validateBucketPolicy('', 'b')).toThrow(
      expect.objectContaining({ code: 'MalformedPolicy', status: 400 }),
    )
  })
})

describe('other resource policies', () => {
  test('need a principal, an action and the grammar', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }
    expect(resourcePolicyProblem(identity(statement))).toBeUndefined()
    expect(resourcePolicyProblem(identity({ ...statement, Principal: undefined }))).toBe(
      'Missing required field Principal',
    )
    expect(resourcePolicyProblem('{')).toBe('Syntax errors in policy.')
  })
})

test('white space does not count', () => expect(policySize('{ "a":\n\t1 }')).toBe(7))
