// Statistics against values computed by hand.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { bucketOf, bucketOfSet, merged, pack, unpack, type Bucket } from './bucket.ts'
import { simpleStatistics, statisticNamed } from './statistic.ts'

const oneToTen = bucketOf([5, 3, 8, 1, 10, 2, 9, 4, 7, 6])

describe('of 1 to 10', () => {
  test.each([
    ['SampleCount', 10],
    ['Sum', 55],
    ['Average', 5.5],
    ['Minimum', 1],
    ['Maximum', 10],
    ['p0', 1],
    ['p10', 1],
    ['p50', 5],
    ['p90', 9],
    ['p95.5', 10],
    ['p100', 10],
    ['tm90', 5],
    ['TM(10%:90%)', 5.5],
    ['TM(:50%)', 3],
    ['TM(2:5)', 4],
    ['tc90', 9],
    ['TC(2:5)', 3],
    ['ts90', 45],
    ['TS(80%:)', 19],
    ['TS(:3)', 6],
    // 2 and 9 stand for what is beyond them.
    ['WM(10%:90%)', 5.5],
    ['wm50', 4],
    ['WM(3:7)', 5.2],
    ['IQM', 5.5],
    ['PR(:3)', 30],
    ['PR(3:7)', 40],
    ['PR(7:)', 30],
  ])('%s', (name, expected) => expect(statisticNamed(name)!(oneToTen)).toBeCloseTo(expected, 10))
})

test('counted values count', () => {
  const bucket = bucketOf([1, 10], [2, 4])
  expect(['SampleCount', 'Sum', 'Maximum', 'p50', 'p30'].map((name) => statisticNamed(name)!(bucket))).toEqual([
    6, 42, 10, 10, 1,
  ])
})

test.each(['p101', 'p', 'P50', 'TM', 'TM()', 'TM(:)', 'TM(90%:10%)', 'TM(10:20%)', 'tm101', 'PR(10%:20%)', 'average'])(
  'no statistic: %s',
  (name) => expect(statisticNamed(name)).toBeUndefined(),
)

describe('a statistic set', () => {
  test('has ends and sum, but no values', () => {
    const bucket = bucketOfSet(10, 55, 1, 10)
    expect(simpleStatistics.map((name) => statisticNamed(name)!(bucket))).toEqual([10, 55, 5.5, 1, 10])
    expect(statisticNamed('p50')!(bucket)).toBeUndefined()
  })
  test('whose values must all be the same has them', () => {
    expect(statisticNamed('p50')!(bucketOfSet(4, 20, 5, 5))).toBe(5)
  })
  test('hides the values it is merged with', () => {
    expect(statisticNamed('p50')!(merged([oneToTen, bucketOfSet(2, 3, 1, 2)]))).toBeUndefined()
  })
})

test('of negative values there are no percentiles', () => {
  expect(statisticNamed('p50')!(bucketOf([-1, 1]))).toBeUndefined()
  expect(statisticNamed('Minimum')!(bucketOf([-1, 1]))).toBe(-1)
})

const values = fc.array(
  fc.integer({ min: 0, max: 1000 }).map((value) => value / 4),
  { minLength: 1, maxLength: 40 },
)
const all = [...simpleStatistics, 'p0', 'p33', 'p50', 'p99', 'tm80', 'TC(20%:80%)', 'WM(5%:95%)', 'PR(10:100)', 'IQM']

test('law: merging the parts is knowing the whole, whichever way they came and were kept', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
      const whole = bucketOf(parts.flat())
      const kept = merged(parts.map((part) => unpack(JSON.parse(JSON.stringify(pack(bucketOf(part)))))))
      for (const name of all) expect(statisticNamed(name)!(kept)).toBeCloseTo(statisticNamed(name)!(whole)!, 8)
    }),
  )
})

test('law: percentiles rise, and are values that came', () => {
  fc.assert(
    fc.property(values, fc.nat(100), fc.nat(100), (given, a, b) => {
      const bucket: Bucket = bucketOf(given)
      const low = statisticNamed(`p${Math.min(a, b)}`)!(bucket)!
      expect(low).toBeLessThanOrEqual(statisticNamed(`p${Math.max(a, b)}`)!(bucket)!)
      expect(given).toContain(low)
    }),
  )
})

test('very many different values are kept to a thousandth', () => {
  const given = Array.from({ length: 5000 }, (_, i) => 100 + i / 7)
  const many = merged(given.map((value) => bucketOf([value])))
  expect(many.values!.length).toBeLessThan(2000)
  expect(statisticNamed('SampleCount')!(many)).toBe(5000)
  const p90 = statisticNamed('p90')!(many)!
  expect(Math.abs(p90 / (100 + 4499 / 7) - 1)).toBeLessThan(0.002)
  expect([many.min, many.max]).toEqual([100, 100 + 4999 / 7])
})
