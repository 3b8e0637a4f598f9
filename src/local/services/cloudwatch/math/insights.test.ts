// Metrics Insights queries against values computed by hand; - is a moment without a value.

import { describe, expect, test } from 'bun:test'
import { memoryStore } from '../../../store/memory.ts'
import type { Asked } from '../metrics/ask.ts'
import { bucketOf } from '../metrics/bucket.ts'
import { touchMetric, type Dimension } from '../metrics/names.ts'
import { addValues } from '../metrics/series.ts'
import { evaluate } from './evaluate.ts'
import { parseInsights } from './insights.ts'

const start = 1_700_000_040 - (1_700_000_040 % 60)
const place = '123456789012/us-east-1'

const metrics: [namespace: string, name: string, dimensions: string, values: string][] = [
  ['AWS/EC2', 'CPU', 'InstanceId=a Type=t3', '10 20 -'],
  ['AWS/EC2', 'CPU', 'InstanceId=b Type=t3', '30 - 40'],
  ['AWS/EC2', 'CPU', 'InstanceId=c Type=m5', '1 2 3'],
  ['AWS/EC2', 'CPU', 'InstanceId=a', '7 7 7'],
  ['AWS/EC2', 'Other', 'InstanceId=a', '99 99 99'],
  ['mine', 'CPU', '', '5 - 5'],
]

/** `label: values` of each series. */
function computed(expression: string, more: string[] = []): string[] {
  return memoryStore()
    .namespace('x')
    .transaction((rows) => {
      for (const [Namespace, MetricName, dimensions, text] of metrics) {
        const Dimensions = dimensions.split(' ').flatMap((pair): Dimension[] => {
          const [Name, Value] = pair.split('=')
          return Value === undefined ? [] : [{ Name: Name!, Value }]
        })
        const metric = touchMetric(rows, place, { Namespace, MetricName, Dimensions }, start * 1000)
        text.split(' ').forEach((value, i) => {
          if (value === '-') return
          const bucket = bucketOf([Number(value)])
          addValues(rows, metric.id, { second: start + i * 60, unit: 'None', bucket, resolution: 60 })
        })
      }
      const asked: Asked = { rows, place, start, end: start + 180, now: (start + 180) * 1000 }
      const queries = [expression, ...more].map((Expression, i) => ({ Id: `q${i}`, Expression }))
      return evaluate(queries, asked)
        .of(queries.at(-1)!)
        .map(
          ({ label, points }) =>
            `${label}: ${Array.from({ length: 3 }, (_, i) => points.get(start + i * 60) ?? '-').join(' ')}`,
        )
    }) as string[]
}

test.each<[string, string[]]>([
  ['SELECT SUM(CPU) FROM "AWS/EC2"', ['CPU: 48 29 50']],
  ['select max(CPU) from "AWS/EC2"', ['CPU: 30 20 40']],
  ['SELECT MIN(CPU) FROM SCHEMA("AWS/EC2", InstanceId)', ['CPU: 7 7 7']],
  ['SELECT COUNT(CPU) FROM SCHEMA("AWS/EC2", Type, InstanceId)', ['CPU: 3 2 2']],
  ['SELECT AVG(CPU) FROM SCHEMA("AWS/EC2", InstanceId, Type) WHERE Type = \'t3\'', ['CPU: 20 20 40']],
  [`SELECT SUM(CPU) FROM "AWS/EC2" WHERE Type='t3' AND "InstanceId" != 'b'`, ['CPU: 10 20 -']],
  ['SELECT SUM(CPU) FROM mine', ['CPU: 5 - 5']],
  ['SELECT SUM(Nothing) FROM mine', ['Nothing: - - -']],
  [
    'SELECT SUM(CPU) FROM SCHEMA("AWS/EC2", InstanceId, Type) GROUP BY InstanceId ORDER BY MAX() DESC LIMIT 2',
    ['b: 30 - 40', 'a: 10 20 -'],
  ],
  ['SELECT SUM(CPU) FROM "AWS/EC2" GROUP BY Type ORDER BY SUM()', ['m5: 1 2 3', 'Other: 7 7 7', 't3: 40 20 40']],
  ['SELECT SUM(CPU) FROM "AWS/EC2" WHERE Type = \'m5\' GROUP BY InstanceId, Type', ['c m5: 1 2 3']],
  ['SELECT SUM(CPU) FROM "AWS/EC2" WHERE Type = \'none\' GROUP BY Type', []],
])('%s', (expression, series) => expect(computed(expression)).toEqual(series))

test('metric math goes on with it', () => {
  expect(computed('SELECT SUM(CPU) FROM mine', ['q0 * 2'])).toEqual(['CPU: 10 - 10'])
  expect(computed('SELECT SUM(CPU) FROM "AWS/EC2" GROUP BY Type', ['SUM(q0)'])).toEqual(['SUM: 48 29 50'])
})

describe('refused', () => {
  test.each([
    ['SELECT', "SQL: expected AVG, COUNT, MAX, MIN or SUM, found 'the end'"],
    ['SELECT P99(CPU) FROM x', "SQL: expected AVG, COUNT, MAX, MIN or SUM, found 'P99'"],
    ['SELECT AVG(CPU)', "SQL: expected FROM, found 'the end'"],
    ['SELECT AVG(CPU) FROM AWS/EC2', "SQL: unexpected character '/'"],
    ['SELECT AVG(CPU) FROM x WHERE a = b', "SQL: expected a value in single quotes, found 'b'"],
    ["SELECT AVG(CPU) FROM x WHERE a = 'b' OR c = 'd'", "SQL: expected the end of the query, found 'OR'"],
    ['SELECT AVG(CPU) FROM x LIMIT 501', 'SQL: LIMIT must be between 1 and 500'],
    ['SELECT AVG(CPU) FROM x GROUP BY', "SQL: expected a name, found 'the end'"],
  ])('%s', (text, message) => expect(() => parseInsights(text)).toThrow(message))
})
