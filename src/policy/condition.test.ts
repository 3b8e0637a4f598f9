import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { compileCondition, failedCondition, lookupIn, parseOperator } from './condition.ts'
import type { Context } from './types.ts'

type Values = string | string[]

function holds(operator: string, policy: Values, request: Values | undefined, context: Context = {}): boolean {
  const parsed = parseOperator(operator)
  if (!parsed) throw new Error(`no operator ${operator}`)
  const condition = compileCondition(operator, parsed, 'Test:Key', [policy].flat(), true)
  const given: Context = request === undefined ? context : { ...context, 'test:key': request }
  return failedCondition([condition], lookupIn(given)) === undefined
}

const ANNA = { 'aws:username': 'anna' }
const SNS = 'arn:aws:sns:eu-west-1:123456789012:topic'

/** operator, value of the policy, value of the request (undefined: key is missing), does it hold */
// oxfmt-ignore
const cases: [string, Values, Values | undefined, boolean][] = [
  // strings
  ['StringEquals', 'a', 'a', true], ['StringEquals', 'a', 'A', false], ['StringEquals', 'a', 'b', false],
  ['StringEquals', 'a', undefined, false], ['StringEquals', ['a', 'b'], 'b', true], ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', 'a*', 'a*', true], ['StringEquals', '${*}', '*', true], ['StringEquals', '${aws:username}', 'anna', true],
  ['StringEquals', '${aws:none}', '', false], ['StringEquals', ['${aws:none}', 'x'], 'x', true],
  ['StringEquals', "${aws:none, 'd'}", 'd', true], ['StringEquals', [], 'a', false], ['StringEquals', '', '', true],
  ['StringNotEquals', 'a', 'b', true], ['StringNotEquals', 'a', 'a', false], ['StringNotEquals', 'a', undefined, true],
  ['StringNotEquals', ['a', 'b'], 'a', false], ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true], ['StringNotEquals', '${aws:none}', 'x', true],
  ['StringNotEquals', ['${aws:none}', 'x'], 'x', false], ['StringNotEquals', [], 'a', true],
  ['StringEqualsIgnoreCase', 'aBc', 'AbC', true], ['StringEqualsIgnoreCase', 'a', 'b', false],
  ['StringEqualsIgnoreCase', 'a', undefined, false], ['StringEqualsIgnoreCase', 'ANNA', '${aws:username}', false],
  ['StringEqualsIgnoreCase', '${aws:username}', 'ANNA', true],
  ['StringNotEqualsIgnoreCase', 'a', 'A', false], ['StringNotEqualsIgnoreCase', 'a', 'b', true],
  ['StringNotEqualsIgnoreCase', 'a', undefined, true],
  ['StringLike', 'home/*', 'home/anna', true], ['StringLike', 'home/?', 'home/ab', false], ['StringLike', 'A*', 'ab', false],
  ['StringLike', '', '', true], ['StringLike', ['x*', 'y*'], 'yes', true], ['StringLike', '*', undefined, false],
  ['StringLike', 'home/${aws:username}/*', 'home/anna/x', true], ['StringLike', '${*}x', '*x', true],
  ['StringLike', '${*}x', 'ax', false], ['StringLike', '*', '', true],
  ['StringNotLike', 'a*', 'b', true], ['StringNotLike', 'a*', 'ab', false], ['StringNotLike', ['a*', 'b*'], 'bc', false],
  ['StringNotLike', '*', undefined, true],
  ['StringEqualsIfExists', 'a', undefined, true], ['StringEqualsIfExists', 'a', 'a', true],
  ['StringEqualsIfExists', 'a', 'b', false], ['StringNotEqualsIfExists', 'a', undefined, true],
  ['StringNotEqualsIfExists', 'a', 'a', false], ['StringLikeIfExists', 'a*', undefined, true],
  // numbers
  ['NumericEquals', '10', '10', true], ['NumericEquals', '10', '10.0', true], ['NumericEquals', '10', '11', false],
  ['NumericEquals', '10', undefined, false], ['NumericEquals', '10', 'ten', false], ['NumericEquals', 'ten', 'ten', false],
  ['NumericEquals', '9007199254740993', '9007199254740992', false], ['NumericEquals', '-1.5', '-1.50', true],
  ['NumericNotEquals', '10', '11', true], ['NumericNotEquals', '10', '10', false], ['NumericNotEquals', '10', undefined, true],
  ['NumericNotEquals', ['10', '11'], '11', false],
  ['NumericLessThan', '10', '9', true], ['NumericLessThan', '10', '10', false], ['NumericLessThan', '10', '9.99', true],
  ['NumericLessThan', '10', undefined, false], ['NumericLessThan', '3600', '1200', true],
  ['NumericLessThanEquals', '10', '10', true], ['NumericLessThanEquals', '10', '11', false],
  ['NumericGreaterThan', '10', '11', true], ['NumericGreaterThan', '10', '10', false], ['NumericGreaterThan', '10', '9', false],
  ['NumericGreaterThanEquals', '10', '10', true], ['NumericGreaterThanEquals', '10', '9', false],
  ['NumericGreaterThanIfExists', '10', undefined, true], ['NumericLessThan', ['1', '100'], '50', true],
  ['NumericEquals', '${aws:number}', '5', false],
  // dates
  ['DateEquals', '2020-04-01T00:00:00Z', '2020-04-01T00:00:00Z', true], ['DateEquals', '2020-04-01', '2020-04-01T00:00:00Z', true],
  ['DateEquals', '1585699200', '2020-04-01T00:00:00Z', true], ['DateEquals', '2020-04-01T00:00:00Z', '1585699200', true],
  ['DateEquals', '2020-04-01T02:00:00+02:00', '2020-04-01T00:00:00Z', true], ['DateEquals', 'someday', '2020-04-01', false],
  ['DateEquals', '2020-04-01T00:00:00Z', undefined, false],
  ['DateNotEquals', '2020-04-01', '2020-04-02', true], ['DateNotEquals', '2020-04-01', '2020-04-01', false],
  ['DateNotEquals', '2020-04-01', undefined, true],
  ['DateLessThan', '2020-04-01T00:00:00Z', '2020-03-31T23:59:59Z', true], ['DateLessThan', '2020-04-01', '2020-04-01', false],
  ['DateLessThan', '2020-06-30T23:59:59Z', '2020-05-01T00:00:00Z', true],
  ['DateLessThanEquals', '2020-04-01', '2020-04-01', true], ['DateLessThanEquals', '2020-04-01', '2020-04-02', false],
  ['DateGreaterThan', '2020-04-01', '2020-04-02', true], ['DateGreaterThan', '2020-04-01', '2020-04-01', false],
  ['DateGreaterThan', '2020-04-01T00:00:00.5Z', '2020-04-01T00:00:00.6Z', true],
  ['DateGreaterThanEquals', '2020-04-01', '2020-04-01', true], ['DateGreaterThanEquals', '2020-04-01', '2020-03-31', false],
  ['DateGreaterThanIfExists', '2020-04-01', undefined, true], ['DateLessThan', '2020-04-01', 'never', false],
  // booleans
  ['Bool', 'true', 'true', true], ['Bool', 'true', 'false', false], ['Bool', 'false', 'false', true],
  ['Bool', 'false', undefined, false], ['Bool', 'true', undefined, false], ['Bool', 'True', 'true', true],
  ['Bool', 'yes', 'yes', false], ['BoolIfExists', 'false', undefined, true], ['BoolIfExists', 'false', 'true', false],
  ['Bool', ['true', 'false'], 'false', true],
  // binary
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true], ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false],
  ['BinaryEquals', 'YQ==', 'YQ', true], ['BinaryEquals', 'YQ==', undefined, false], ['BinaryEquals', '!', '!', false],
  ['BinaryEqualsIfExists', 'YQ==', undefined, true],
  // addresses
  ['IpAddress', '203.0.113.0/24', '203.0.113.255', true], ['IpAddress', '203.0.113.0/24', '203.0.114.0', false],
  ['IpAddress', '203.0.113.5', '203.0.113.5', true], ['IpAddress', '203.0.113.5', '203.0.113.6', false],
  ['IpAddress', '203.0.113.77/24', '203.0.113.1', true], ['IpAddress', '0.0.0.0/0', '8.8.8.8', true],
  ['IpAddress', '10.0.0.0/9', '10.127.255.255', true], ['IpAddress', '10.0.0.0/9', '10.128.0.0', false],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:9::1', true],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false], ['IpAddress', '::1', '0:0:0:0:0:0:0:1', true],
  ['IpAddress', '0.0.0.0/0', '2001:db8::1', false], ['IpAddress', '::/0', '1.2.3.4', false],
  ['IpAddress', '127.0.0.0/8', '::ffff:127.0.0.1', true], ['IpAddress', 'nowhere', 'nowhere', false],
  ['IpAddress', '1.2.3.4/33', '1.2.3.4', false], ['IpAddress', '1.2.3.256', '1.2.3.256', false],
  ['IpAddress', '203.0.113.0/24', undefined, false], ['IpAddress', ['10.0.0.0/8', '192.168.0.0/16'], '192.168.9.9', true],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', false], ['NotIpAddress', '203.0.113.0/24', '8.8.8.8', true],
  ['NotIpAddress', ['192.0.2.0/24', '203.0.113.0/24'], '203.0.113.9', false],
  ['NotIpAddress', '203.0.113.0/24', undefined, true], ['NotIpAddressIfExists', '203.0.113.0/24', '203.0.113.1', false],
  // ARNs
  ['ArnEquals', SNS, SNS, true], ['ArnLike', 'arn:aws:sns:*:123456789012:*', SNS, true],
  ['ArnEquals', 'arn:aws:sns:*:123456789012:top?c', SNS, true], ['ArnLike', 'arn:aws:sns:*:topic', SNS, false],
  ['ArnLike', 'arn:aws:*:topic', SNS, false], ['ArnLike', '*', SNS, true], ['ArnLike', 'arn:aws:sns:*:*:*', 'no arn', false],
  ['ArnLike', 'arn:aws:iam::*:role/*', 'arn:aws:iam::1:role/a/b:c', true],
  ['ArnLike', 'arn:aws:sns:eu-*:123456789012:topic', 'arn:aws:sns:eu-west-1:x:123456789012:topic', false],
  ['ArnLike', 'arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/anna', true],
  ['ArnLike', 'arn:aws:iam::1:user/${aws:none}', 'arn:aws:iam::1:user/', false],
  ['ArnLike', SNS, undefined, false], ['ArnLikeIfExists', SNS, undefined, true],
  ['ArnNotEquals', SNS, SNS, false], ['ArnNotEquals', SNS, `${SNS}2`, true], ['ArnNotLike', 'arn:aws:sns:*:*:*', SNS, false],
  ['ArnNotLike', SNS, undefined, true], ['ArnNotLike', ['arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:*'], SNS, false],
  // Null
  ['Null', 'true', undefined, true], ['Null', 'true', 'x', false], ['Null', 'false', undefined, false],
  ['Null', 'false', 'x', true], ['Null', 'true', [], true], ['Null', 'false', [], false], ['Null', ['true', 'false'], 'x', true],
  ['Null', 'false', '', true],
  // one value asked, several given
  ['StringEquals', 'a', ['b', 'a'], true], ['StringNotEquals', 'a', ['b', 'a'], false], ['StringNotEquals', 'a', ['b', 'c'], true],
  // sets
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true], ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false], ['ForAllValues:StringEquals', 'a', undefined, true],
  ['ForAllValues:StringEquals', 'a', [], true], ['ForAllValues:StringEquals', 'a', '', true],
  ['ForAllValues:StringEquals', 'a', ['a', ''], false], ['ForAllValues:StringEquals', 'a', 'a', true],
  ['ForAllValues:StringEquals', 'Department', ['Department'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true], ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false],
  ['ForAllValues:StringNotEquals', 'a', undefined, true],
  ['ForAllValues:StringLike', 'key1*', ['key1', 'key12'], true], ['ForAllValues:StringLike', 'key1*', ['key1', 'key2'], false],
  ['ForAllValues:StringLikeIfExists', 'a*', undefined, true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b'], true], ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y'], false],
  ['ForAnyValue:StringEquals', 'a', undefined, false], ['ForAnyValue:StringEquals', 'a', [], false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true], ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['ForAnyValue:StringNotEquals', 'a', undefined, false],
  ['ForAnyValue:StringLike', ['webservice/*'], ['x', 'webservice/1'], true],
  ['ForAnyValue:StringEqualsIfExists', 'a', undefined, true], ['ForAnyValue:StringEqualsIfExists', 'a', ['b'], false],
  ['ForAnyValue:NumericGreaterThan', '5', ['1', '6'], true], ['ForAnyValue:IpAddress', '10.0.0.0/8', ['1.1.1.1', '10.1.1.1'], true],
  ['ForAllValues:ArnLike', 'arn:aws:sns:*:*:*', [SNS, SNS], true], ['ForAnyValue:Bool', 'true', ['false', 'true'], true],
]

describe('conditions', () => {
  for (const [operator, policy, request, expected] of cases) {
    test(`${operator} ${JSON.stringify(policy)} / ${JSON.stringify(request) ?? 'no key'} → ${expected}`, () => {
      expect(holds(operator, policy, request, ANNA)).toBe(expected)
    })
  }

  test('unknown operators are none', () => {
    for (const name of [
      'stringequals',
      'StringMatches',
      'ForAnyValue::StringEquals',
      'ForSome:StringEquals',
      '',
      'constructor',
      '__proto__',
      'toString',
      'IfExists',
    ])
      expect(parseOperator(name)).toBeUndefined()
  })

  test('the failure names operator and key, and whether it was missing', () => {
    const condition = compileCondition('Bool', parseOperator('Bool')!, 'aws:MultiFactorAuthPresent', ['true'], true)
    const failed = { element: 'Condition', operator: 'Bool', key: 'aws:MultiFactorAuthPresent', expected: ['true'] }
    expect(failedCondition([condition], lookupIn({}))).toEqual({ ...failed, missing: true } as never)
    expect(failedCondition([condition], lookupIn({ 'aws:multifactorauthpresent': 'false' }))).toEqual(failed as never)
  })

  test('variables in values only from 2012-10-17, and not in numbers', () => {
    const old = compileCondition('StringEquals', parseOperator('StringEquals')!, 'k', ['${aws:username}'], false)
    expect(failedCondition([old], lookupIn({ ...ANNA, k: 'anna' }))).toBeDefined()
    expect(failedCondition([old], lookupIn({ ...ANNA, k: '${aws:username}' }))).toBeUndefined()
    expect(holds('NumericEquals', '${test:key}', '5')).toBe(false)
  })
})

describe('laws of the sets', () => {
  const value = fc.constantFrom('a', 'b', 'c', 'd')
  const values = fc.array(value, { minLength: 1, maxLength: 4 })

  test('ForAllValues of a negation is the negation of ForAnyValue', () => {
    fc.assert(
      fc.property(
        values,
        values,
        (policy, request) =>
          holds('ForAllValues:StringNotEquals', policy, request) ===
          !holds('ForAnyValue:StringEquals', policy, request),
      ),
    )
  })
  test('ForAnyValue of a negation is the negation of ForAllValues', () => {
    fc.assert(
      fc.property(
        values,
        values,
        (policy, request) =>
          holds('ForAnyValue:StringNotEquals', policy, request) ===
          !holds('ForAllValues:StringEquals', policy, request),
      ),
    )
  })
  test('for one value they are the operator itself', () => {
    fc.assert(
      fc.property(values, value, (policy, request) => {
        const plain = holds('StringEquals', policy, request)
        return (
          holds('ForAllValues:StringEquals', policy, [request]) === plain &&
          holds('ForAnyValue:StringEquals', policy, [request]) === plain
        )
      }),
    )
  })
  test('a negated operator is the negation of its positive, key missing or not', () => {
    const pairs = [
      ['StringEquals', 'StringNotEquals'],
      ['StringLike', 'StringNotLike'],
      ['NumericEquals', 'NumericNotEquals'],
      ['DateEquals', 'DateNotEquals'],
      ['IpAddress', 'NotIpAddress'],
      ['ArnLike', 'ArnNotLike'],
      ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
      ['ArnEquals', 'ArnNotEquals'],
    ] as const
    const any = fc.oneof(value, fc.constantFrom('1', '2', '2020-01-01', '10.0.0.1', '10.0.0.0/8', SNS, '*', ''))
    const request = fc.option(fc.oneof(any, fc.array(any)), { nil: undefined })
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs),
        fc.array(any),
        request,
        ([positive, negative], policy, given) => holds(positive, policy, given) !== holds(negative, policy, given),
      ),
    )
  })
  test('IfExists only ever changes the answer for a missing key, to true', () => {
    const operator = fc.constantFrom('StringEquals', 'NumericLessThan', 'Bool', 'IpAddress', 'ForAnyValue:StringLike')
    fc.assert(
      fc.property(
        operator,
        values,
        fc.option(values, { nil: undefined }),
        (name, policy, given) =>
          holds(`${name}IfExists`, policy, given) === (given === undefined || holds(name, policy, given)),
      ),
    )
  })
  test('more values: positive operators can only gain, negated only lose', () => {
    fc.assert(
      fc.property(
        values,
        value,
        value,
        (policy, more, given) =>
          holds('StringEquals', [...policy, more], given) >= holds('StringEquals', policy, given) &&
          holds('StringNotEquals', [...policy, more], given) <= holds('StringNotEquals', policy, given),
      ),
    )
  })
})
