// Widgets as they are read, and charts pixel by pixel: what zlib makes of the PNG.

import { describe, expect, test } from 'bun:test'
import { inflateSync } from 'node:zlib'
import type { AwsError } from '../../../../lib/errors.ts'
import { draw, type Line } from './chart.ts'
import { readWidget } from './widget.ts'

const now = Date.parse('2026-11-18T12:00:00Z')
const hour = 3_600_000

describe('a widget', () => {
  const read = (widget: object) => readWidget(JSON.stringify(widget), now)

  test('is six hundred by four hundred, of the last three hours', () => {
    expect(read({})).toMatchObject({ width: 600, height: 400, start: now - 3 * hour, end: now, queries: [] })
  })

  test.each([
    [{ start: '-P1D', end: '-PT30M' }, now - 24 * hour, now - hour / 2],
    [{ start: '-P1WT1H' }, now - 169 * hour, now],
    [{ start: '2026-11-18T00:00:00Z', end: '2026-11-18T06:00:00Z' }, now - 12 * hour, now - 6 * hour],
  ])('is of the time it says: %j', (widget, start, end) => expect(read(widget)).toMatchObject({ start, end }))

  test('says of its metrics only what is another than above', () => {
    const metrics = [
      ['AWS/SQS', 'NumberOfMessagesSent', 'QueueName', 'a', { stat: 'Sum', period: 60 }],
      ['...', 'b', { yAxis: 'right', color: '#123456' }],
      ['.', 'SentMessageSize', '.', '.'],
      [{ expression: 'virga0 * 2' }],
    ]
    const { queries, styles } = read({ metrics, stat: 'Maximum' })
    const metric = (MetricName: string, Value: string) => ({
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value }],
    })
    expect(queries.map(({ MetricStat, Expression }) => MetricStat ?? Expression)).toEqual([
      { Metric: metric('NumberOfMessagesSent', 'a'), Period: 60, Stat: 'Sum' },
      { Metric: metric('NumberOfMessagesSent', 'b'), Period: 300, Stat: 'Maximum' },
      { Metric: metric('SentMessageSize', 'b'), Period: 300, Stat: 'Maximum' },
      'virga0 * 2',
    ])
    expect(styles.get('virga1')).toEqual({ side: 'right', colour: '#123456' })
  })

  test.each([
    ['{', 'InvalidParameterValue', 'it is not JSON'],
    ['[]', 'InvalidParameterValue', 'it is not a JSON object'],
    ['{"width": 2001}', 'InvalidParameterValue', 'width must be between 1 and 2000'],
    ['{"metrics": [["only"]]}', 'InvalidParameterValue', 'metrics[0] is not a namespace'],
    ['{"metrics": "x"}', 'InvalidParameterValue', 'metrics must be an array'],
    ['{"start": "PT0H"}', 'InvalidParameterValue', 'start must be before end'],
    ['{"start": "soon"}', 'InvalidParameterValue', 'soon is no time'],
    ['{"timezone": "here"}', 'InvalidParameterValue', 'here is no time zone'],
    ['{"view": "pie"}', 'NotImplemented', 'view is pie'],
  ])('that cannot be is refused: %s', (text, code, words) => {
    let error: AwsError | undefined
    try {
      readWidget(text, now)
    } catch (thrown) {
      error = thrown as AwsError
    }
    expect([error?.code, error?.message.includes(words)]).toEqual([code, true])
  })

  test('bears parts that are no parts', () => {
    const odd = { yAxis: null, annotations: { horizontal: [null, 'x', { value: 'y' }] }, legend: null, title: 7 }
    expect(read(odd)).toMatchObject({ levels: [], title: '7' })
  })
})

/** The colour of each pixel. */
function decoded(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const chunks = new Map<string, Uint8Array>()
  for (let at = 8; at < bytes.length; at += view.getUint32(at) + 12)
    chunks.set(
      new TextDecoder().decode(bytes.subarray(at + 4, at + 8)),
      bytes.subarray(at + 8, at + 8 + view.getUint32(at)),
    )
  const header = chunks.get('IHDR')!
  const [width, height] = [0, 4].map((at) => new DataView(header.buffer, header.byteOffset).getUint32(at)) as [
    number,
    number,
  ]
  const rows = inflateSync(chunks.get('IDAT')!)
  expect(rows.length).toBe((width + 1) * height)
  const palette = Buffer.from(chunks.get('PLTE')!)
  const colour = (x: number, y: number) => {
    const index = rows[y * (width + 1) + 1 + x]! * 3
    return `#${palette.subarray(index, index + 3).toString('hex')}`
  }
  /** The rows of a column in which a colour is, from above. */
  const rowsOf = (x: number, wanted: string) =>
    Array.from({ length: height }, (_, y) => y).filter((y) => colour(x, y) === wanted)
  return { width, height, colour, rowsOf }
}

describe('a chart', () => {
  const blue = '#1f77b4'
  const orange = '#ff7f0e'
  const flat = (value: number, more: Partial<Line> = {}): Line => ({
    label: 'x',
    side: 'left',
    points: [0, 1, 2, 3].map((i) => [now / 1000 - 10_800 + i * 3600, value]),
    ...more,
  })
  const chart = (lines: Line[], widget: object = {}) =>
    decoded(draw(readWidget(JSON.stringify({ width: 300, height: 200, ...widget }), now), lines))

  test('has a line as high as its values', () => {
    const { width, height, colour, rowsOf } = chart([flat(10), flat(5)])
    expect([width, height, colour(299, 0)]).toEqual([300, 200, '#ffffff'])
    const [high] = rowsOf(150, blue)
    const [low] = rowsOf(150, orange)
    const axis = rowsOf(150, '#16191f').find((y) => y > low!)!
    expect(Math.abs(axis - low! - (low! - high!))).toBeLessThanOrEqual(1)
  })

  test('stacks what is stacked', () => {
    const { rowsOf } = chart([flat(10), flat(5)], { stacked: true })
    const [first, second] = [rowsOf(150, blue), rowsOf(150, orange)]
    expect(second.at(-1)).toBe(first[0]! - 1)
    expect(first.length / second.length).toBeCloseTo(2, 0)
  })

  test('draws a level, and what goes by the other axis', () => {
    const levels = { annotations: { horizontal: [{ value: 5, label: 'half' }] } }
    const { rowsOf } = chart([flat(10), flat(1000, { side: 'right', colour: '#00ff00' })], levels)
    const [line] = rowsOf(150, blue)
    const [other] = rowsOf(150, '#00ff00')
    expect([rowsOf(150, '#d13212').length, line === undefined || Math.abs(line - other!) <= 1]).toEqual([1, true])
  })

  test.each([
    [[], {}],
    [[flat(0)], {}],
    [[flat(-5), flat(1e12)], { theme: 'dark' }],
    [[flat(1e-9)], { legend: { position: 'hidden' } }],
    [[flat(1, { points: [[now / 1000 - 60, 1]] })], { yAxis: { left: { min: 5, max: 5 } } }],
    [[flat(1)], { width: 1, height: 1 }],
    [Array.from({ length: 100 }, (_, i) => flat(i)), { start: '-P100W' }],
  ])('is drawn of whatever there is: %#', (lines, widget) => {
    const { width } = chart(lines as Line[], widget)
    expect(width).toBeGreaterThan(0)
  })
})
