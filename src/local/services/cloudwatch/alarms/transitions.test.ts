// Whoever looks after an hour sees what somebody saw who looked every minute.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { memoryStore } from '../../../store/memory.ts'
import { bucketOf } from '../metrics/bucket.ts'
import { touchMetric } from '../metrics/names.ts'
import { addValues } from '../metrics/series.ts'
import type { TreatMissing } from './decide.ts'
import { historyOf } from './history.ts'
import { findAlarm, putAlarm, type Alarm } from './record.ts'
import { afterHand, runDue } from './transitions.ts'

const start = 1_700_000_040_000 - (1_700_000_040_000 % 60_000)
const place = '123456789012/us-east-1'
const metric = { Namespace: 'n', MetricName: 'm' }

interface Story {
  readonly values: readonly { readonly minute: number; readonly value: number }[]
  readonly missing: TreatMissing
  readonly periods: number
  readonly needed: number
}

/** How the alarm's state changed over an hour, looked after at these minutes. */
function changes({ values, missing, periods, needed }: Story, looks: readonly number[]): unknown {
  return memoryStore()
    .namespace('x')
    .transaction((rows) => {
      const { id } = touchMetric(rows, place, metric, start)
      for (const { minute, value } of values)
        addValues(rows, id, {
          second: start / 1000 + minute * 60,
          unit: 'None',
          bucket: bucketOf([value]),
          resolution: 60,
        })
      const alarm: Alarm = {
        name: 'a',
        place,
        actionsEnabled: true,
        actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
        configured: start,
        state: { value: 'INSUFFICIENT_DATA', reason: '', updated: start, transitioned: start },
        watch: {
          ...metric,
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: periods,
          DatapointsToAlarm: Math.min(needed, periods),
          Threshold: 5,
          ComparisonOperator: 'GreaterThanThreshold',
          TreatMissingData: missing,
        },
      }
      putAlarm(rows, { ...alarm, next: afterHand(alarm, start) })
      for (const minute of looks) while (runDue(rows, start + minute * 60_000, 7));
      const history = historyOf(rows, place, 'a', start).map(({ at, summary }) => [(at - start) / 60_000, summary])
      return { history, state: findAlarm(rows, place, 'a')!.state }
    })
}

const story = fc.record({
  values: fc.array(fc.record({ minute: fc.integer({ min: -5, max: 70 }), value: fc.nat(10) }), { maxLength: 12 }),
  missing: fc.constantFrom('missing', 'ignore', 'breaching', 'notBreaching') satisfies fc.Arbitrary<TreatMissing>,
  periods: fc.integer({ min: 1, max: 4 }),
  needed: fc.integer({ min: 1, max: 4 }),
})

test('law: however seldom it is looked after, an alarm goes through the same states at the same times', () => {
  const always = Array.from({ length: 61 }, (_, i) => i)
  fc.assert(
    fc.property(story, fc.uniqueArray(fc.nat(60)), (told, looks) => {
      const sometimes = [...looks.toSorted((a, b) => a - b), 60]
      expect(changes(told, sometimes)).toEqual(changes(told, always))
    }),
    { numRuns: 40 },
  )
})
