// Filter policies: what AWS refuses to store, and what it lets through.
// Texts as recorded by LocalStack's authors; matching as documented.

import { describe, expect, test } from 'bun:test'
import { checkFilterPolicy, lets, type Attribute, type Scope } from './filter-policy.ts'

const text = (value: string): Attribute => ({ type: 'String', value })
const number = (value: string): Attribute => ({ type: 'Number', value })
const list = (...values: unknown[]): Attribute => ({ type: 'String.Array', value: JSON.stringify(values) })

describe('attributes', () => {
  const byAttributes = (policy: object, attributes: Record<string, Attribute>): boolean =>
    lets(JSON.stringify(policy), 'MessageAttributes', 'body', attributes)

  test.each<[object, Record<string, Attribute>, boolean]>([
    [{}, {}, true],
    [{ a: ['x'] }, { a: text('x') }, true],
    [{ a: ['x'] }, { a: text('y') }, false],
    [{ a: ['x'] }, {}, false],
    [{ a: ['x', 'y'] }, { a: text('y') }, true],
    [{ a: ['x'], b: ['y'] }, { a: text('x') }, false],
    [{ a: ['x'], b: ['y'] }, { a: text('x'), b: text('y') }, true],
    [{ a: ['x'] }, { a: list('z', 'x') }, true],
    [{ a: [true, null] }, { a: list(null) }, true],
    [{ a: [null, { 'anything-but': 'x' }] }, {}, true],
    [{ a: [5] }, { a: list(5) }, true],
    [{ a: [5] }, { a: number('5.0') }, true],
    [{ a: [5] }, { a: text('5') }, false],
    [{ a: [100.123456789, 7] }, { a: number('100.1234567') }, true],
    [{ a: [100.12345] }, { a: number('100.12347') }, false],
    [{ a: [100] }, { a: { type: 'String.Array', value: '100' } }, true],
    [{ a: ['x'] }, { a: { type: 'Binary', value: 'eA==' } }, false],
    [{ a: [{ 'anything-but': 'x' }] }, { a: text('y') }, true],
    [{ a: [{ 'anything-but': 'x' }] }, { a: text('x') }, false],
    [{ a: [{ 'anything-but': 'x' }] }, {}, false],
    [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('y') }, false],
    [{ a: [{ 'anything-but': [1, 2] }] }, { a: number('3') }, true],
    [{ a: [{ 'anything-but': { prefix: 'no' } }] }, { a: text('yes') }, true],
    [{ a: [{ 'anything-but': { prefix: 'no' } }] }, { a: text('none') }, false],
    [{ a: [{ 'anything-but': { suffix: 'ball' } }] }, { a: text('football') }, false],
    [{ a: [{ prefix: 'pre' }] }, { a: text('prefix') }, true],
    [{ a: [{ prefix: 'pre' }] }, { a: text('xpre') }, false],
    [{ a: [{ suffix: 'fix' }] }, { a: text('suffix') }, true],
    [{ a: [{ 'equals-ignore-case': 'TeNNis' }] }, { a: text('tennis') }, true],
    [{ a: [{ exists: true }] }, { a: text('') }, true],
    [{ a: [{ exists: true }] }, {}, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ exists: false }] }, { a: text('x') }, false],
    [{ a: [{ numeric: ['=', 301.5] }] }, { a: number('3.015e2') }, true],
    [{ a: [{ numeric: ['<', 10] }] }, { a: number('10') }, false],
    [{ a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100') }, true],
    [{ a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100.01') }, false],
    [{ a: [{ numeric: ['>=', 0] }] }, { a: text('5') }, false],
    [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.0.255') }, true],
    [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.1.0') }, false],
    [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('nowhere') }, false],
    [{ a: [{ cidr: '2001:db8::/32' }] }, { a: text('2001:db8:ffff::1') }, true],
    [{ a: [{ cidr: '2001:db8::/32' }] }, { a: text('10.0.0.1') }, false],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { c: text('y') }, false],
    [{ c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, false],
    [{ $or: ['x', 'y'] }, { $or: text('y') }, true],
  ])('%j with %j: %p', (policy, attributes, expected) => expect(byAttributes(policy, attributes)).toBe(expected))

  test('no policy lets all through', () => expect(lets(undefined, 'MessageAttributes', '', {})).toBe(true))
})

describe('bodies', () => {
  test.each<[object, unknown, boolean]>([
    [{ a: ['x'] }, { a: 'x' }, true],
    [{ a: ['x'] }, { b: 'x' }, false],
    [{ a: [1] }, { a: 1 }, true],
    [{ a: [1] }, { a: '1' }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [null] }, { b: null }, false],
    [{ a: { b: { c: ['x'] } } }, { a: { b: { c: 'x' } } }, true],
    [{ a: { b: ['x'] } }, { a: [{ b: 'y' }, { b: 'x' }] }, true],
    [{ a: ['x'] }, { a: ['y', 'x'] }, true],
    [{ a: [{ exists: false }] }, { b: 1 }, true],
    [{ 'a.b': ['x'] }, { a: { b: 'x' } }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
    [{ a: [{ numeric: ['>', 1, '<', 3] }] }, { a: [0, 2] }, true],
    [{ a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'y' } }, true],
    [{ a: ['x'] }, ['x'], false],
    [{ a: ['x'] }, 'x', false],
  ])('%j with %j: %p', (policy, body, expected) =>
    expect(lets(JSON.stringify(policy), 'MessageBody', JSON.stringify(body), {})).toBe(expected),
  )

  test('what is no JSON is not let through', () =>
    expect(lets('{"a":["x"]}', 'MessageBody', 'not { JSON', {})).toBe(false))
})

describe('refused', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i}`)
  test.each<[Scope, unknown, string]>([
    [
      'MessageAttributes',
      { a: { b: ['x'] } },
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
    ['MessageBody', { a: 'x' }, 'FilterPolicy: "a" must be an object or an array'],
    ['MessageBody', { a: [] }, 'FilterPolicy: Empty arrays are not allowed'],
    ['MessageBody', { a: [['x']] }, 'FilterPolicy: Match value must be String, number, true, false, or null'],
    ['MessageBody', { a: [{ what: 'x' }] }, 'FilterPolicy: Unrecognized match type what'],
    ['MessageBody', { a: [{ prefix: 'x', suffix: 'y' }] }, 'FilterPolicy: Only one key allowed in match expression'],
    ['MessageBody', { a: [{ prefix: 1 }] }, 'FilterPolicy: prefix match pattern must be a string'],
    ['MessageBody', { a: [{ exists: 'x' }] }, 'FilterPolicy: exists match pattern must be either true or false.'],
    [
      'MessageBody',
      { a: [{ 'anything-but': { numeric: [] } }] },
      'FilterPolicy: Unsupported anything-but pattern: numeric',
    ],
    ['MessageBody', { a: [{ numeric: [] }] }, 'FilterPolicy: Invalid member in numeric match: ]'],
    ['MessageBody', { a: [{ numeric: [1] }] }, 'FilterPolicy: Invalid member in numeric match: 1'],
    ['MessageBody', { a: [{ numeric: ['!', 1] }] }, 'FilterPolicy: Unrecognized numeric range operator: !'],
    ['MessageBody', { a: [{ numeric: ['=', 'x'] }] }, 'FilterPolicy: Value of equals must be numeric'],
    ['MessageBody', { a: [{ numeric: ['<', 1, '>', 2] }] }, 'FilterPolicy: Too many elements in numeric expression'],
    ['MessageBody', { a: [{ numeric: ['>', 1, '>', 2] }] }, 'FilterPolicy: Bad numeric range operator: >'],
    ['MessageBody', { a: [{ numeric: ['>', 1, '<', 'x'] }] }, 'FilterPolicy: Value of < must be numeric'],
    ['MessageBody', { a: [{ numeric: ['>', 3, '<', 2] }] }, 'FilterPolicy: Bottom must be less than top'],
    [
      'MessageBody',
      { a: [{ numeric: ['>', 1, '<', 2, '<', 3] }] },
      'FilterPolicy: Too many terms in numeric range expression',
    ],
    ['MessageBody', { a: [{ cidr: '10.0.0.0' }] }, "FilterPolicy: Malformed CIDR, one '/' required"],
    ['MessageBody', { a: [{ cidr: '10.0.0.0/x' }] }, 'FilterPolicy: Malformed CIDR, mask bits must be an integer'],
    ['MessageBody', { a: [{ cidr: '10.0.0.256/24' }] }, 'FilterPolicy: Nonstandard IP address: 10.0.0.256'],
    [
      'MessageBody',
      Object.fromEntries(many(6).map((key) => [key, ['x']])),
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    ['MessageBody', { a: many(13), b: many(12) }, 'FilterPolicy: Filter policy is too complex'],
    ['MessageBody', { a: { b: { c: many(4) } }, d: { e: many(7) } }, 'FilterPolicy: Filter policy is too complex'],
    ['MessageBody', ['x'], 'FilterPolicy: Filter policy must be a JSON object'],
  ])('%s %j', (scope, policy, message) => {
    expect(() => checkFilterPolicy(JSON.stringify(policy), scope, '')).toThrow(`Invalid parameter: ${message}`)
  })

  test('no JSON, and told as Subscribe tells it', () =>
    expect(() => checkFilterPolicy('{', 'MessageBody', 'Attributes Reason: ')).toThrow(
      'Invalid parameter: Attributes Reason: FilterPolicy: failed to parse JSON.',
    ))

  test('150 combinations are not too many', () => {
    expect(() => checkFilterPolicy(JSON.stringify({ a: many(10), b: many(15) }), 'MessageAttributes', '')).not.toThrow()
    // 3 × 4 × 2 × 3, as the documentation counts
    const nested = { a: { b: { c: many(4) } }, d: { e: many(3) } }
    expect(() => checkFilterPolicy(JSON.stringify(nested), 'MessageBody', '')).not.toThrow()
  })
})
