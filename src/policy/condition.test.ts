// How a condition is read, what its failure says, and laws of the operators. Which hold for what: cases/conditions.json.

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

describe('conditions', () => {
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
