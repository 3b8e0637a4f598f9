// Values by time: what is asked for is what was put, however it has been rolled up since.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { memoryStore } from '../../../store/memory.ts'
import type { Range, Rows } from '../../../store/store.ts'
import { bucketOf } from './bucket.ts'
import { addValues, rollUp, valuesIn } from './series.ts'
import { statisticNamed } from './statistic.ts'

const now = 1_700_000_040
const day = 86_400

function within<T>(body: (rows: Rows) => T): T {
  return memoryStore().namespace('x').transaction(body) as T
}

function put(rows: Rows, second: number, value: number, more: { unit?: string; resolution?: 1 | 60 } = {}): void {
  const { unit = 'None', resolution = 60 } = more
  addValues(rows, 'm', { second, unit, bucket: bucketOf([value]), resolution })
}

const sums = (rows: Rows, start: number, end: number, period: number, unit?: string): [number, number][] =>
  [...(valuesIn(rows, 'm', { start, end, period, unit }, now).get(unit ?? 'None') ?? [])].map(([at, { sum }]) => [
    at,
    sum,
  ])

describe('periods', () => {
  test('begin where the question begins', () =>
    within((rows) => {
      for (let i = 0; i < 10; i++) put(rows, now - 600 + i * 60, i)
      expect(sums(rows, now - 600, now, 300)).toEqual([
        [now - 600, 10],
        [now - 300, 35],
      ])
      expect(sums(rows, now - 540, now, 300)[0]).toEqual([now - 540, 15])
    }))

  test('end before the end', () =>
    within((rows) => {
      put(rows, now - 120, 1)
      put(rows, now - 60, 2)
      expect(sums(rows, now - 120, now - 60, 60)).toEqual([[now - 120, 1]])
    }))

  test('of seconds, for what was kept by the second', () =>
    within((rows) => {
      for (let i = 0; i < 20; i++) put(rows, now - 60 + i, 1, { resolution: 1 })
      expect(sums(rows, now - 60, now, 10)).toEqual([
        [now - 60, 10],
        [now - 50, 10],
      ])
      expect(sums(rows, now - 60, now, 60)).toEqual([[now - 60, 20]])
    }))

  test('units are apart', () =>
    within((rows) => {
      put(rows, now - 60, 1, { unit: 'Seconds' })
      put(rows, now - 60, 5, { unit: 'Count' })
      expect(sums(rows, now - 60, now, 60, 'Seconds')).toEqual([[now - 60, 1]])
      const all = valuesIn(rows, 'm', { start: now - 60, end: now, period: 60 }, now)
      expect([...all.keys()].sort()).toEqual(['Count', 'Seconds'])
    }))
})

describe('what is old answers to coarser periods only', () => {
  test.each([
    ['seconds after three hours', 4 * 3600, 1 as const, 10, 60],
    ['minutes after fifteen days', 16 * day, 60 as const, 60, 300],
    ['five minutes after 63 days', 64 * day, 60 as const, 300, 3600],
  ])('%s', (_, age, resolution, fine, coarse) =>
    within((rows) => {
      const at = Math.floor((now - age) / 3600) * 3600
      put(rows, at, 7, { resolution })
      for (const rolled of [false, true]) {
        if (rolled) rollUp(rows, 'm', now)
        expect(sums(rows, at, at + 3600, fine)).toEqual([])
        expect(sums(rows, at, at + 3600, coarse)).toEqual([[at, 7]])
      }
    }),
  )

  test('after 455 days nothing is left', () =>
    within((rows) => {
      put(rows, now - 456 * day, 7)
      expect(sums(rows, now - 460 * day, now, 3600)).toEqual([])
      rollUp(rows, 'm', now)
      for (const resolution of [1, 60, 300, 3600]) expect(rows.scan(`every ${resolution}`)).toEqual([])
    }))
})

const datum = fc.record({
  age: fc.integer({ min: 0, max: 80 * day }),
  value: fc.nat(100),
  resolution: fc.constantFrom(1 as const, 60 as const),
})
const statistics = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'p50', 'tm90']

test('law: rolled up or not, by the hour every statistic is the same', () => {
  fc.assert(
    fc.property(fc.array(datum, { maxLength: 60 }), (data) =>
      within((rows) => {
        for (const { age, value, resolution } of data) put(rows, now - age, value, { resolution })
        const start = Math.floor((now - 81 * day) / 3600) * 3600
        const told = (): unknown =>
          [...(valuesIn(rows, 'm', { start, end: now + 60, period: 3600 }, now).get('None') ?? [])].map(
            ([at, bucket]) => [at, ...statistics.map((name) => statisticNamed(name)!(bucket))],
          )
        const before = told()
        rollUp(rows, 'm', now)
        expect(told()).toEqual(before)
        // And what is kept is as coarse as it should be.
        const oldest = (table: string): number =>
          Math.min(...rows.scan(table).map(({ key }) => Number(key.split('/')[1])), Infinity)
        expect(oldest('every 1')).toBeGreaterThanOrEqual(now - 3 * 3600 - 60)
        expect(oldest('every 60')).toBeGreaterThanOrEqual(now - 15 * day - 300)
      }),
    ),
    { numRuns: 60 },
  )
})

test('a question reads what it asks for, however much there is', () =>
  within((rows) => {
    for (let i = 0; i < 3000; i++) put(rows, now - i * 60, 1)
    let read = 0
    const counting: Rows = {
      ...rows,
      scan: (table: string, range?: Range) => {
        const found = rows.scan<any>(table, range)
        read += found.length
        return found
      },
    }
    expect(valuesIn(counting, 'm', { start: now - 600, end: now, period: 60 }, now).get('None')!.size).toBe(10)
    expect(read).toBe(10)
  }))
