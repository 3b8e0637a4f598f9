import { describe, expect, test } from 'bun:test'
import { lookupIn } from './condition.ts'
import type { Context } from './types.ts'
import { keysOfTemplate, parseTemplate, resolveTemplate, splitAtColons } from './variables.ts'
import { literalOf } from './wildcard.ts'

const context: Context = {
  'aws:username': 'anna',
  'aws:principaltag/Team': 'blue*',
  'aws:userid': 'AIDA1',
  'aws:tagkeys': ['a'],
  'empty:key': '',
}

const resolved = (text: string, variables = true): string | undefined => {
  const pattern = resolveTemplate(parseTemplate(text, variables), lookupIn(context))
  return pattern && literalOf(pattern)
}

describe('policy variables', () => {
  // oxfmt-ignore
  const cases: [text: string, resolved: string | undefined][] = [
    ['plain', 'plain'],
    ['${aws:username}', 'anna'],
    ['home/${aws:username}/x', 'home/anna/x'],
    ['${AWS:UserName}', 'anna'],
    ['${aws:PrincipalTag/team}', 'blue*'],
    ['${aws:missing}', undefined],
    ["${aws:missing, 'company-wide'}", 'company-wide'],
    ["${aws:username, 'nobody'}", 'anna'],
    ["${aws:missing,'x'}", 'x'],
    ["${aws:missing, ''}", ''],
    ["${aws:missing, 'a}b'}c", 'a}bc'],
    ['${aws:tagkeys}', undefined],
    ["${aws:tagkeys, 'x'}", undefined],
    ['${*}${?}${$}', '*?$'],
    ['${$}{aws:username}', '${aws:username}'],
    ['${aws:username}${aws:userid}', 'annaAIDA1'],
    ['${aws:username', '${aws:username'],
    ['$aws:username}', '$aws:username}'],
    ['${}', undefined],
    ['${empty:key}', ''],
    ['${__proto__}', undefined],
    ['${constructor}', undefined],
  ]
  for (const [text, expected] of cases) {
    test(`${text} → ${expected ?? 'no value'}`, () => expect(resolved(text)).toBe(expected as string))
  }

  test('before 2012-10-17 they are text', () => {
    expect(resolved('${aws:username}${*}', false)).toBe('${aws:username}${*}')
  })

  test('what they hold is literal', () => {
    const pattern = resolveTemplate(parseTemplate('${aws:PrincipalTag/Team}*', true), lookupIn(context))!
    expect(pattern[0]).toBe('blue*')
    expect(pattern.length).toBe(2)
  })

  test('colons inside do not separate', () => {
    const segments = splitAtColons(parseTemplate('arn:aws:s3:::b/${aws:username}:x', true), 6)
    expect(segments.length).toBe(6)
    expect(keysOfTemplate(segments[5]!)).toEqual(['aws:username'])
  })
})
