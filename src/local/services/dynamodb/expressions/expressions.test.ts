// Expressions: what they mean, what they make of an item, and how each fault is told. The texts are the service's, as
// the tests of dynalite hold them against it.

import { describe, expect, test } from 'bun:test'
import type { AttributeValue, Item } from '../values.ts'
import { applied } from './apply.ts'
import { parseCondition } from './condition.ts'
import { holds } from './evaluate.ts'
import { Placeholders } from './placeholders.ts'
import { parseProjection, project } from './projection.ts'
import { parseUpdate } from './update.ts'

const values: Record<string, AttributeValue> = {
  ':s': { S: 'a' },
  ':t': { S: 'b' },
  ':one': { N: '1' },
  ':two': { N: '2' },
  ':b': { B: 'YQ==' },
  ':ss': { SS: ['a', 'b'] },
  ':l': { L: [{ S: 'a' }] },
  ':m': { M: { x: { S: 'a' } } },
  ':yes': { BOOL: true },
  ':null': { NULL: true },
  ':SS': { S: 'SS' },
  ':bad': { S: 'QQ' },
}
const names = { '#name': 'name', '#a': 'a', '#b': 'b' }

const given = (): Placeholders =>
  new Placeholders({ ExpressionAttributeNames: names, ExpressionAttributeValues: structuredClone(values) })

function message(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    return (error as Error).message
  }
  return 'no fault'
}

const item: Item = {
  s: { S: 'abc' },
  n: { N: '10' },
  zero: { N: '0' },
  bin: { B: 'YWJj' },
  ss: { SS: ['b', 'a'] },
  ns: { NS: ['1', '2'] },
  l: { L: [{ S: 'a' }, { N: '1' }, { M: { x: { L: [{ S: 'deep' }] } } }] },
  m: { M: { x: { S: 'a' }, y: { N: '5' } } },
  yes: { BOOL: true },
  n2: { NULL: true },
  name: { S: 'reserved' },
  emoji: { S: '\u{1F600}' },
}

describe('a condition holds, or not', () => {
  test.each([
    ['s = :s', false],
    ['begins_with(s, :s)', true],
    ['contains(s, :t)', true],
    ['contains(ss, :s) AND contains(ns, :one)', true],
    ['contains(l, :s)', true],
    ['contains(l[2].x, :s)', false],
    ['ss = :ss', true],
    ['m.x = :s', true],
    ['m = :m', false],
    ['m <> :m', true],
    ['gone <> :s', true],
    ['gone = :s', false],
    ['gone < :one', false],
    ['n > :two', true],
    ['n < s', false],
    ['n BETWEEN :one AND :two', false],
    ['zero BETWEEN zero AND n', true],
    ['n IN (:one, :two)', false],
    [':one IN (l[1])', true],
    ['attribute_exists(l[2].x[0])', true],
    ['attribute_exists(l[3])', false],
    ['attribute_not_exists(m.z)', true],
    ['attribute_type(ss, :SS)', true],
    ['size(s) > :two', true],
    ['size(bin) > size(ns)', true],
    ['size(m) = :two', true],
    ['size(n) = :two', false],
    ['yes = :yes AND n2 = :null', true],
    ['bin > :b', true],
    ['NOT s = :s AND NOT gone = :s', true],
    ['s = :s OR n > :two AND yes = :yes', true],
    ['(s = :s OR n > :two) AND yes <> :yes', false],
    ['#name <> :s', true],
    ['not ( n > :one )', false],
  ])('%s: %p', (text, wanted) => {
    expect(holds(parseCondition(text, 'FilterExpression', given()).condition, item)).toBe(wanted)
  })
})

describe('a faulty condition is told', () => {
  test.each([
    ['', 'The expression can not be empty;'],
    ['s', 'Syntax error; token: "<EOF>", near: "s"'],
    ['s = ', 'Syntax error; token: "<EOF>", near: "="'],
    ['s = :s AND', 'Syntax error; token: "<EOF>", near: "AND"'],
    ['s == :s', 'Syntax error; token: "=", near: "== :s"'],
    ['_s = :s', 'Syntax error; token: "_", near: "_s"'],
    ['(s = :s', 'Syntax error; token: "<EOF>", near: ":s"'],
    ['((s = :s))', 'The expression has redundant parentheses;'],
    ['abort = :s', 'Attribute name is a reserved keyword; reserved keyword: abort'],
    ['a.size = :s', 'Attribute name is a reserved keyword; reserved keyword: size'],
    ['#none = :s', 'An expression attribute name used in the document path is not defined; attribute name: #none'],
    ['s = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
    ['foo(s)', 'Invalid function name; function: foo'],
    ['size(s)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(s) = :s',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'begins_with(s)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    [
      'begins_with(s, :one)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    ['attribute_exists(:s)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      'attribute_type(s, :one)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
    ],
    [
      'attribute_type(s, :bad)',
      'Invalid attribute type name found; type: QQ, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'size(:one) = :one',
      'Incorrect operand type for operator or function; operator or function: size, operand type: N',
    ],
    ['s < :yes', 'Incorrect operand type for operator or function; operator: <, operand type: BOOL'],
    [
      's BETWEEN :t AND :s',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        'lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
    ],
    [
      's BETWEEN :one AND :s',
      'The BETWEEN operator requires same data type for lower and upper bounds; ' +
        'lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
    ],
    [
      'a[1] = a[1]',
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        'operator: =, first operand: [a, [1]]',
    ],
    // Of several faults, the one that is told first.
    ['abort = :none AND foo(s) AND ((s = :s))', 'The expression has redundant parentheses;'],
    ['abort = :none AND foo(s)', 'Invalid function name; function: foo'],
    ['abort = :none', 'Attribute name is a reserved keyword; reserved keyword: abort'],
    [`${'s = :s OR '.repeat(500)}s = :s`, 'Expression size has exceeded the maximum allowed size;'],
    [`${'s=:s OR '.repeat(400)}s=:s`, 'The expression contains too many operators; operator count: 301'],
  ])('%s', (text, wanted) => {
    expect(message(() => parseCondition(text, 'ConditionExpression', given()))).toBe(
      `Invalid ConditionExpression: ${wanted}`,
    )
  })
})

describe('an update makes of the item', () => {
  const old: Item = {
    k: { S: 'k' },
    n: { N: '10' },
    l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] },
    m: { M: { x: { S: 'x' } } },
    ss: { SS: ['a', 'c'] },
  }
  test.each<[string, Item]>([
    ['SET n = n + :one', { n: { N: '11' } }],
    ['SET n = :one - n', { n: { N: '-9' } }],
    ['SET n = l, l = n', { n: old['l']!, l: old['n']! }],
    ['SET p = if_not_exists(p, :two) + :one', { p: { N: '3' } }],
    ['SET l = list_append(l, :l)', { l: { L: [...old['l']!.L!, { S: 'a' }] } }],
    [
      'SET l[1] = :s, l[9] = :one, l[5] = :two',
      {
        l: { L: [{ N: '0' }, { S: 'a' }, { N: '2' }, { N: '2' }, { N: '1' }] },
      },
    ],
    ['REMOVE l[0], l[2]', { l: { L: [{ N: '1' }] } }],
    ['REMOVE l[0] SET l[1] = :s', { l: { L: [{ S: 'a' }, { N: '2' }] } }],
    ['REMOVE m.x, gone SET m.y = :one', { m: { M: { y: { N: '1' } } } }],
    ['ADD n :two, ss :ss, z :one', { n: { N: '12' }, ss: { SS: ['a', 'c', 'b'] }, z: { N: '1' } }],
    ['DELETE ss :ss', { ss: { SS: ['c'] } }],
    ['SET #name = :s', { name: { S: 'a' } }],
  ])('%s', (text, changed) => {
    const before = structuredClone(old)
    const { changes } = parseUpdate(text, given())
    expect(applied(changes, old)).toEqual({ ...old, ...changed })
    // The old item is as it was: a stream may show it.
    expect(old).toEqual(before)
  })

  test('what is removed, and a set that is emptied', () => {
    expect(applied(parseUpdate('REMOVE n, l', given()).changes, old)).toEqual({
      k: old['k']!,
      m: old['m']!,
      ss: old['ss']!,
    })
    expect(applied(parseUpdate('DELETE ss :ss', given()).changes, { ss: { SS: ['a'] } })).toEqual({})
  })

  test.each([
    ['SET p = gone', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = m + :one', 'An operand in the update expression has an incorrect data type'],
    ['SET l = list_append(n, :l)', 'An operand in the update expression has an incorrect data type'],
    ['ADD m :one', 'An operand in the update expression has an incorrect data type'],
    ['DELETE n :ss', 'An operand in the update expression has an incorrect data type'],
    ['SET gone.x = :one', 'The document path provided in the update expression is invalid for update'],
    ['SET n[0] = :one', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE gone.x', 'The document path provided in the update expression is invalid for update'],
    ['DELETE gone.x :ss', 'The document path provided in the update expression is invalid for update'],
  ])('%s cannot be', (text, wanted) => {
    expect(message(() => applied(parseUpdate(text, given()).changes, old))).toBe(wanted)
  })
})

describe('a faulty update is told', () => {
  test.each([
    ['', 'The expression can not be empty;'],
    ['SET', 'Syntax error; token: "<EOF>", near: "SET"'],
    ['whatever', 'Syntax error; token: "whatever", near: "whatever"'],
    ['SET a = :s,', 'Syntax error; token: "<EOF>", near: ","'],
    ['SET abort = :s', 'Attribute name is a reserved keyword; reserved keyword: abort'],
    ['SET a = foo(b)', 'Invalid function name; function: foo'],
    ['SET a = :s SET b = :s', 'The "SET" section can only be used once in an update expression;'],
    ['SET #none = :s', 'An expression attribute name used in the document path is not defined; attribute name: #none'],
    ['SET a = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
    [
      'SET a = :s REMOVE a.b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; ' +
        'path one: [a], path two: [a, b]',
    ],
    [
      'SET a.b = :s, a[0] = :s',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; ' +
        'path one: [a, b], path two: [a, [0]]',
    ],
    ['ADD a :s', 'Incorrect operand type for operator or function; operator: ADD, operand type: STRING'],
    ['DELETE a :one', 'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER'],
    [
      'SET a = if_not_exists(:s, b)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'SET a = list_append(b)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'SET a = list_append(b, :s)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    ['SET a = :s + :one', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'],
  ])('%s', (text, wanted) => {
    expect(message(() => parseUpdate(text, given()))).toBe(`Invalid UpdateExpression: ${wanted}`)
  })
})

describe('a projection leaves', () => {
  test.each<[string, Item]>([
    ['n, gone', { n: { N: '10' } }],
    ['m.x, m.z', { m: { M: { x: { S: 'a' } } } }],
    ['l[2].x[0], l[0]', { l: { L: [{ S: 'a' }, { M: { x: { L: [{ S: 'deep' }] } } }] } }],
    ['l[7], s.x, n[0]', {}],
    ['#name', { name: { S: 'reserved' } }],
  ])('%s', (text, wanted) => expect(project(parseProjection(text, given()).paths, item)).toEqual(wanted))

  test.each([
    ['a, a', 'overlap', '[a], path two: [a]'],
    ['a.b, a.b.c', 'overlap', '[a, b], path two: [a, b, c]'],
    ['a.b, a[1]', 'conflict', '[a, b], path two: [a, [1]]'],
  ])('not %s', (text, verb, paths) =>
    expect(message(() => parseProjection(text, given()))).toBe(
      `Invalid ProjectionExpression: Two document paths ${verb} with each other; ` +
        `must remove or rewrite one of these paths; path one: ${paths}`,
    ),
  )
})

describe('placeholders', () => {
  test.each([
    [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ ExpressionAttributeNames: { a: 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [{ ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty'],
    [
      { ExpressionAttributeValues: { ':a': { N: 'x' } } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a',
    ],
  ])('%j', (input, wanted) => expect(message(() => new Placeholders(input))).toBe(wanted))

  test('those that nothing uses', () => {
    const placeholders = new Placeholders({
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':a': { S: 'a' }, ':c': { S: 'c' } },
    })
    parseCondition('#a = :a', 'FilterExpression', placeholders)
    expect(message(() => placeholders.checkUse())).toBe(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
    )
  })
})

test('attributes that are called like members of every object', () => {
  const odd = JSON.parse('{"__proto__":{"S":"p"},"constructor":{"S":"c"}}') as Item
  const placeholders = new Placeholders({
    ExpressionAttributeNames: { '#p': '__proto__', '#c': 'toString' },
    ExpressionAttributeValues: { ':p': { S: 'q' } },
  })
  expect(holds(parseCondition('attribute_exists(#c)', 'FilterExpression', placeholders).condition, odd)).toBe(false)
  const after = applied(parseUpdate('SET #p = :p', placeholders).changes, odd)
  expect(JSON.stringify(after)).toBe('{"__proto__":{"S":"q"},"constructor":{"S":"c"}}')
})
