// What composite alarms' rules mean, and which are refused.

import { describe, expect, test } from 'bun:test'
import type { StateValue } from './record.ts'
import { childrenOf, holds, parseRule } from './rule.ts'

const world: Record<string, StateValue> = { hot: 'ALARM', cold: 'OK', new: 'INSUFFICIENT_DATA', 'disk full': 'ALARM' }
const truth = (text: string): boolean => holds(parseRule(text), (name) => world[name])

describe('what holds', () => {
  test.each([
    ['ALARM(hot)', true],
    ['ALARM(cold)', false],
    ['OK(cold)', true],
    ['INSUFFICIENT_DATA(new)', true],
    ['INSUFFICIENT_DATA(hot)', false],
    ['TRUE', true],
    ['FALSE', false],
    ['NOT FALSE', true],
    ['NOT NOT ALARM(hot)', true],
    ['ALARM("hot")', true],
    ['ALARM("disk full") AND ALARM( hot )', true],
    ['ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:hot)', true],
    ['ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk full")', true],
    // AND binds more closely than OR.
    ['TRUE OR FALSE AND FALSE', true],
    ['(TRUE OR FALSE) AND FALSE', false],
    ['ALARM(cold) OR ALARM(new) OR ALARM(hot)', true],
    ['(ALARM(hot) OR ALARM(cold)) AND OK(cold)', true],
    ['ALARM(hot) AND NOT ALARM(cold)', true],
    ['ALARM(gone)', false],
    ['NOT ALARM(gone)', true],
    ['AT_LEAST(2, ALARM, (hot, cold, "disk full"))', true],
    ['AT_LEAST(3, ALARM, (hot, cold, "disk full"))', false],
    ['AT_LEAST(50%, NOT OK, (hot, cold))', true],
  ])('%s', (text, expected) => expect(truth(text)).toBe(expected))
})

test('names are told once each', () => {
  expect(childrenOf(parseRule('ALARM(a) AND (OK(b) OR ALARM("a"))'))).toEqual(['a', 'b'])
})

test.each([
  ['', 'AlarmRule must not contain leading or trailing whitespace or be null'],
  [' TRUE', 'AlarmRule must not contain leading or trailing whitespace or be null'],
  ['ALARM(', "Error in AlarmRule [Unsupported token '<EOF>' at char 6]"],
  ['ALARM()', "Error in AlarmRule [Unsupported token ')' at char 6]"],
  ['()', "Error in AlarmRule [Unsupported token ')' at char 1]"],
  ['ALARM(disk full)', "Error in AlarmRule [Unsupported token 'full' at char 11, must be: ')']"],
  ['ALARM(a) OK(b)', "Error in AlarmRule [Unsupported token 'OK' at char 9]"],
  ['ALARMED(a)', "Error in AlarmRule [Unsupported token 'ALARMED' at char 0]"],
  ['TRUE AND', "Error in AlarmRule [Unsupported token '<EOF>' at char 8]"],
  ['(TRUE', "Error in AlarmRule [Unsupported token '<EOF>' at char 5, must be: ')']"],
])('refused: %p', (text, message) => {
  expect(() => parseRule(text)).toThrow(message)
})

test('not more than a hundred alarms, nor deeper than can be followed', () => {
  expect(() => parseRule(Array.from({ length: 101 }, (_, i) => `ALARM(a${i})`).join(' OR '))).toThrow('more than 100')
  expect(() => parseRule('('.repeat(5000) + 'TRUE' + ')'.repeat(5000))).toThrow('too many elements')
})
