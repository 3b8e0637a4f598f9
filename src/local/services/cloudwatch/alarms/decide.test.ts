// The tables of AWS's documentation: 0 does not breach, X does, - is missing; five datapoints are looked at.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { breaches, decide, isSignificant, type TreatMissing } from './decide.ts'

const treatments: readonly TreatMissing[] = ['missing', 'ignore', 'breaching', 'notBreaching']
const states = { ok: 'OK', alarm: 'ALARM', none: 'INSUFFICIENT_DATA', stay: undefined } as const
type Short = keyof typeof states

const read = (text: string): (boolean | undefined)[] =>
  text.split(' ').map((each) => (each === '-' ? undefined : each === 'X'))

const threeOfThree: [string, Short, Short, Short, Short][] = [
  ['0 - X - X', 'ok', 'ok', 'ok', 'ok'],
  ['0 - - - -', 'ok', 'ok', 'ok', 'ok'],
  ['- - - - -', 'none', 'stay', 'alarm', 'ok'],
  ['0 X X - X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['- - X - -', 'alarm', 'stay', 'alarm', 'ok'],
  ['- - - - X', 'none', 'stay', 'alarm', 'ok'],
  ['X - - - -', 'alarm', 'stay', 'alarm', 'ok'],
]

const twoOfThree: [string, Short, Short, Short, Short][] = [
  ['0 - X - X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['0 0 X 0 X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['0 - X - -', 'ok', 'ok', 'alarm', 'ok'],
  ['- - - - 0', 'ok', 'ok', 'alarm', 'ok'],
  ['- - - X -', 'alarm', 'stay', 'alarm', 'ok'],
  ['- - - - X', 'none', 'stay', 'alarm', 'ok'],
]

describe.each([
  ['3 of 3', 3, threeOfThree],
  ['2 of 3', 2, twoOfThree],
] as const)('%s', (_, needed, table) => {
  for (const [points, ...expected] of table)
    test.each(treatments.map((treatment, i) => [treatment, states[expected[i]!]] as const))(
      `${points}, %s`,
      (treatment, state) => expect(decide(read(points), 3, needed, treatment)).toBe(state as never),
    )
})

const points = fc.array(fc.constantFrom(true, false, undefined), { minLength: 5, maxLength: 5 })
const kinds = fc.constantFrom(...treatments)

test('law: how missing data is treated does not matter where enough is there', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 3 }), kinds, kinds, (given, needed, one, other) => {
      fc.pre(given.filter((point) => point !== undefined).length >= 3)
      expect(decide(given, 3, needed, one)).toBe(decide(given, 3, needed, other)!)
    }),
  )
})

test('law: what does not breach never alarms unless the missing does; what all breaches is never OK', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 3 }), kinds, (given, needed, treatment) => {
      const there = given.filter((point) => point !== undefined)
      const state = decide(given, 3, needed, treatment)
      if (!there.includes(true) && treatment !== 'breaching') expect(state).not.toBe('ALARM')
      if (!there.includes(false) && treatment !== 'notBreaching') expect(state).not.toBe('OK')
    }),
  )
})

test.each([
  ['GreaterThanThreshold', 5, false, 6, true],
  ['GreaterThanOrEqualToThreshold', 4, false, 5, true],
  ['LessThanThreshold', 5, false, 4, true],
  ['LessThanOrEqualToThreshold', 6, false, 5, true],
])('%s 5', (operator, first, whether, second, also) => {
  expect([breaches(operator, first, 5), breaches(operator, second, 5)]).toEqual([whether, also])
})

test('a percentile needs samples', () => {
  expect([isSignificant(0.99, 999), isSignificant(0.99, 1001)]).toEqual([false, true])
  expect([isSignificant(0.1, 99), isSignificant(0.1, 100)]).toEqual([false, true])
})
