// Metric math against values computed by hand; - is a moment without a value.

import { describe, expect, test } from 'bun:test'
import { memoryStore } from '../../../store/memory.ts'
import type { Asked } from '../metrics/ask.ts'
import { bucketOf } from '../metrics/bucket.ts'
import { touchMetric } from '../metrics/names.ts'
import { addValues } from '../metrics/series.ts'
import { checkExpression, evaluate, type Query } from './evaluate.ts'
import { parseExpression } from './parse.ts'

const start = 1_700_000_040 - (1_700_000_040 % 60)
const place = '123456789012/us-east-1'

const metrics: Record<string, string> = {
  m1: '30 20 0 0',
  m2: '20 - 20 -',
  m3: '1 1 0 0 -',
  m4: '30 - 0 0 30',
  m5: '0 0 20 - 20',
  up: '1 3 6 10',
  gap: '- 2 - - 8',
  none: '- - - -',
}

/** What an expression comes to over five minutes, series by series. */
function computed(expression: string): string[] {
  return memoryStore()
    .namespace('x')
    .transaction((rows) => {
      for (const [name, text] of Object.entries(metrics)) {
        const metric = touchMetric(rows, place, { Namespace: 'n', MetricName: name }, start * 1000)
        text.split(' ').forEach((value, i) => {
          if (value === '-') return
          const bucket = bucketOf([Number(value)])
          addValues(rows, metric.id, { second: start + i * 60, unit: 'None', bucket, resolution: 60 })
        })
      }
      const end = start + 300
      const asked: Asked = { rows, place, start, end, now: end * 1000 }
      const queries: Query[] = [
        ...Object.keys(metrics).map((Id) => ({
          Id,
          MetricStat: { Metric: { Namespace: 'n', MetricName: Id }, Period: 60, Stat: 'Sum' },
        })),
        { Id: 'half', Expression: 'm1 / 2' },
        { Id: 'round', Expression: 'about + 1' },
        { Id: 'about', Expression: 'round + 1' },
        { Id: 'e', Expression: expression },
      ]
      return evaluate(queries, asked)
        .of(queries.at(-1)!)
        .map(({ points }) =>
          Array.from({ length: 5 }, (_, i) => points.get(start + i * 60) ?? '-')
            .map((value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value))
            .join(' '),
        )
    }) as string[]
}

describe('one series', () => {
  test.each([
    // Arithmetic: what is missing is 0; what would be divided by 0 is dropped.
    ['m1 + m2', '50 20 20 0 -'],
    ['m1 - 5', '25 15 -5 -5 -'],
    ['100 / m1', '3.333 5 - - -'],
    ['-m1', '-30 -20 0 0 -'],
    ['2 * 3 + m1', '36 26 6 6 -'],
    ['m1 * (1 + 1) ^ 2', '120 80 0 0 -'],
    ['half + half', '30 20 0 0 -'],
    // The tables of AWS's documentation.
    ['m1 < m2', '0 0 1 0 -'],
    ['m1 >= 30', '1 0 0 0 -'],
    ['m1 > 15 AND m2 > 15', '1 0 0 0 -'],
    ['m1 > 15 && m2 > 15', '1 0 0 0 -'],
    ['m1 > 15 OR m2 > 15', '1 1 1 0 -'],
    ['m1 == 20 || m1 == 0', '0 1 1 1 -'],
    ['m1 != 0', '1 1 0 0 -'],
    ['IF(m3, m4, m5)', '30 0 20 - -'],
    ['IF(m3, 5, m5)', '5 5 20 - -'],
    ['IF(m3, m4, 5)', '30 0 5 5 -'],
    ['IF(m1 > 10, 1, 0)', '1 1 0 0 -'],
    ['IF(m1 > 10, m1)', '30 20 - - -'],
    ['IF(1, m1, m2)', '30 20 0 0 -'],
    ['IF(0, m1, m2)', '20 - 20 - -'],
    // Over one series a number, over several a series.
    ['m1 - MIN(m1)', '30 20 0 0 -'],
    ['m1 / MAX(m1)', '1 0.667 0 0 -'],
    ['m1 - AVG(m1)', '17.5 7.5 -12.5 -12.5 -'],
    ['TIME_SERIES(SUM(m1))', '50 50 50 50 50'],
    ['TIME_SERIES(STDDEV(up))', '3.391 3.391 3.391 3.391 3.391'],
    ['SUM([m1, m2])', '50 20 20 0 -'],
    ['AVG([m1, m2])', '25 10 10 0 -'],
    ['MAX([m1, m2])', '30 20 20 0 -'],
    ['MIN([m1, m2])', '20 20 0 0 -'],
    ['SUM(METRICS("m1"))', '30 20 0 0 -'],
    ['DATAPOINT_COUNT([m1, m2])', '2 1 2 1 -'],
    ['m1 / DATAPOINT_COUNT(m1)', '7.5 5 0 0 -'],
    ['m1 * METRIC_COUNT([m1, m2, m3])', '90 60 0 0 -'],
    // Steps.
    ['DIFF(up)', '- 2 3 4 -'],
    ['DIFF_TIME(gap)', '- - - - 180'],
    ['RATE(up) * 60', '- 2 3 4 -'],
    ['RUNNING_SUM(up)', '1 4 10 20 -'],
    ['PERIOD(m1) + m1', '90 80 60 60 -'],
    ['ABS(m1 - 25)', '5 5 25 25 -'],
    ['CEIL(up / 4)', '1 1 2 3 -'],
    ['FLOOR(up / 4)', '0 0 1 2 -'],
    ['LOG10(m1)', '1.477 1.301 - - -'],
    ['LOG(up)', '0 1.099 1.792 2.303 -'],
    // Filling.
    ['FILL(gap, 0)', '0 2 0 0 8'],
    ['FILL(gap, REPEAT)', '- 2 2 2 8'],
    ['FILL(gap, LINEAR)', '- 2 4 6 8'],
    ['FILL(gap, up)', '1 2 6 10 8'],
    ['FILL(none, 7)', '7 7 7 7 7'],
    ['EPOCH(up) - EPOCH(up) + MINUTE(up) * 0', '0 0 0 0 0'],
    // Arrays.
    ['FIRST(SORT([m1, up], SUM, ASC))', '1 3 6 10 -'],
    ['LAST(SORT([m1, up], SUM, ASC))', '30 20 0 0 -'],
    ['FIRST([m1 > 5, m2])', '1 1 0 0 -'],
  ])('%s', (expression, expected) => expect(computed(expression)).toEqual([expected]))
})

describe('several', () => {
  test.each([
    ['[m1, m2] / 10', ['3 2 0 0 -', '2 - 2 - -']],
    ['SORT([up, m1, m2], MAX, DESC, 2)', ['30 20 0 0 -', '20 - 20 - -']],
    ['SLICE([up, m1, m2], 1)', ['30 20 0 0 -', '20 - 20 - -']],
    ['SLICE([up, m1, m2], 0, 1)', ['1 3 6 10 -']],
    ['REMOVE_EMPTY([none, m2])', ['20 - 20 - -']],
    ['METRICS("m1") + 1', ['31 21 1 1 -']],
    ["SEARCH('{n} MetricName=up', 'Sum', 60)", ['1 3 6 10 -']],
    ["SEARCH('{n} up OR gap', 'Sum', 60)", ['- 2 - - 8', '1 3 6 10 -']],
    ['SUM(SEARCH(\'"up" OR "gap"\', \'Sum\', 60))', ['1 5 6 10 8']],
  ])('%s', (expression, expected) => expect(computed(expression)).toEqual(expected))
})

describe('refused', () => {
  test.each([
    ['m1 +', "Unexpected 'end of expression'"],
    ['m1 ? 2', "Unexpected character '?'"],
    ['(m1', "Expected ')' but found 'end of expression'"],
    ['m9 + 1', "Undefined variable 'm9'"],
    ['FOO(m1)', "Unknown function 'FOO'"],
    ['toString(m1)', "Unknown function 'toString'"],
    ['SUM(m1)', 'The expression must come to a time series, not to a single value'],
    ['5', 'The expression must come to a time series, not to a single value'],
    ['SORT(m1, FOO, ASC)', 'SORT goes by AVG, MIN, MAX or SUM'],
    ['FILL(m1, SOMETHING)', "FILL takes a number, a time series, REPEAT or LINEAR, not 'SOMETHING'"],
    ['round', "The expression 'round' depends on itself"],
    ["SEARCH('{n} (up', 'Sum', 60)", "Expected ')' in the search"],
  ])('%s', (expression, message) => expect(() => computed(expression)).toThrow(message))

  test.each([
    ['ANOMALY_DETECTION_BAND(m1, 2)', /no anomaly detection \(ANOMALY_DETECTION_BAND\) yet/],
    ['SELECT AVG(CPUUtilization) FROM "AWS/EC2" GROUP BY tag.team', /no tag.team in Metrics Insights queries yet/],
  ])('not built: %s', (expression, message) => expect(() => checkExpression(expression)).toThrow(message))

  test('what has no end', () => {
    const rows = memoryStore()
      .namespace('x')
      .transaction((inner) => inner) as Asked['rows']
    const asked: Asked = { rows, place, start: 0, end: start, now: start * 1000 }
    const query = { Id: 'a', Expression: 'TIME_SERIES(1)', Period: 1 }
    expect(() => evaluate([query], asked).of(query)).toThrow('more than 1008000 datapoints')
  })

  test('what is nested without end', () => {
    expect(() => parseExpression('('.repeat(10_000))).toThrow('nested too deeply')
    expect(() => parseExpression('-'.repeat(10_000) + '1')).toThrow('nested too deeply')
  })
})
