// Publishing and asking as callers see them.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, sentence, told, type Bench } from '../../account.fixture.ts'

type Input = Record<string, unknown>

const cpu = { Namespace: 'Own', MetricName: 'CPU', Dimensions: [{ Name: 'Host', Value: 'a' }] }

function caller(b: Bench) {
  return (operation: string, input: Input = {}): Promise<any> => b.call('cloudwatch', operation, input)
}

const publish = (b: Bench, value: number, more: Input = {}): Promise<any> =>
  caller(b)('PutMetricData', {
    Namespace: 'Own',
    MetricData: [{ MetricName: 'CPU', Dimensions: cpu.Dimensions, Value: value, ...more }],
  })

describe('what may be published', () => {
  const at = 'MetricData.member.1'
  const set = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 }
  const both = (one: string, other: string): string =>
    `The parameters ${at}.${one} and ${at}.${other} are mutually exclusive and you have specified both.`
  const days = 86_400_000
  test.each([
    ['two kinds', { Value: 1, Values: [1] }, 'InvalidParameterCombination', both('Value', 'Values')],
    ['a set', { Value: 1, StatisticValues: set }, 'InvalidParameterCombination', both('Value', 'StatisticValues')],
    ['nothing', {}, 'InvalidParameterCombination', 'At least one of the parameters must be specified.'],
    [
      'other counts',
      { Values: [1, 2], Counts: [1, 2, 3] },
      'InvalidParameterValue',
      `The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
    ],
    ['no number', { Value: NaN }, 'InvalidParameterValue', `The value NaN for parameter ${at}.Value is invalid.`],
    [
      'a resolution',
      { Value: 1, StorageResolution: 300 },
      'InvalidParameterValue',
      `The parameter ${at}.StorageResolution must be a value in the set [ 1, 60 ].`,
    ],
    [
      'long ago',
      { Value: 1, Timestamp: new Date(Date.now() - 15 * days) },
      'InvalidParameterValue',
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past.`,
    ],
    [
      'far ahead',
      { Value: 1, Timestamp: new Date(Date.now() + days) },
      'InvalidParameterValue',
      `The parameter ${at}.Timestamp must specify a time less than two hours in the future.`,
    ],
    [
      'too many',
      { Values: Array.from({ length: 151 }, (_, i) => i) },
      'InvalidParameterValue',
      `The collection ${at}.Values must not have a size greater than 150.`,
    ],
  ])('not %s', async (_, datum, code, message) => {
    const b = bench()
    const MetricData = [{ MetricName: 'CPU', ...datum }]
    expect(told(await b.refusal('cloudwatch', 'PutMetricData', { Namespace: 'Own', MetricData }))).toEqual([
      code,
      400,
      message,
    ])
    expect((await caller(b)('ListMetrics')).Metrics).toEqual([])
  })

  test('not where AWS publishes, nor more than a thousand', async () => {
    const b = bench()
    const data = (count: number): object[] => Array.from({ length: count }, () => ({ MetricName: 'm', Value: 1 }))
    const refused = async (Namespace: string, count: number): Promise<string> =>
      (await b.refusal('cloudwatch', 'PutMetricData', { Namespace, MetricData: data(count) })).message
    expect(await refused('AWS/EC2', 1)).toBe('The value AWS/ for parameter Namespace is invalid.')
    expect(await refused('Own', 1001)).toBe('The collection MetricData must not have a size greater than 1000.')
    await caller(b)('PutMetricData', { Namespace: 'Own', MetricData: data(1000) })
  })

  test('in some namespaces only, where the policy says so', async () => {
    const b = bench()
    const own = { StringEquals: { 'cloudwatch:namespace': 'Own' } }
    const keys = await b.user('ana', allow('cloudwatch:PutMetricData', '*', own))
    const data = { MetricData: [{ MetricName: 'm', Value: 1 }] }
    await b.call('cloudwatch', 'PutMetricData', { Namespace: 'Own', ...data }, keys)
    const refused = await b.refusal('cloudwatch', 'PutMetricData', { Namespace: 'Other', ...data }, keys)
    expect([refused.code, refused.status]).toEqual(['AccessDenied', 403])
    expect(sentence(refused)).toContain(
      `User: arn:aws:iam::${account}:user/ana is not authorized to perform: cloudwatch:PutMetricData`,
    )
  })
})

describe('statistics', () => {
  test('by period and unit', async () => {
    const b = bench()
    await publish(b, 4, { Unit: 'Percent' })
    await publish(b, 6, { Unit: 'Percent' })
    await publish(b, 1)
    const asked = {
      ...cpu,
      StartTime: new Date(b.now().getTime() - 300_000),
      EndTime: new Date(b.now().getTime() + 60_000),
      Period: 3600,
    }
    const all = await caller(b)('GetMetricStatistics', { ...asked, Statistics: ['Average', 'SampleCount'] })
    expect(all.Label).toBe('CPU')
    const rows = all.Datapoints.map(({ Unit, Average, SampleCount }: any) => [Unit, Average, SampleCount])
    expect(rows.sort()).toEqual([
      ['None', 1, 1],
      ['Percent', 5, 2],
    ])
    const one = await caller(b)('GetMetricStatistics', { ...asked, Unit: 'Percent', ExtendedStatistics: ['p100'] })
    expect(one.Datapoints[0].ExtendedStatistics).toEqual({ p100: 6 })
    const other = await caller(b)('GetMetricStatistics', { ...asked, Dimensions: [], Statistics: ['Sum'] })
    expect(other.Datapoints).toEqual([])
  })

  test.each([
    [
      { Statistics: ['Sum'], Period: 1 },
      'InvalidParameterCombination',
      'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    ],
    [
      { Statistics: ['Sum'], Period: 60, EndTime: new Date(0) },
      'InvalidParameterValue',
      'The parameter StartTime must be less than the parameter EndTime.',
    ],
    [{ Period: 60 }, 'InvalidParameterCombination', 'Must specify either Statistics or ExtendedStatistics'],
    [
      { Period: 60, ExtendedStatistics: ['p101'] },
      'InvalidParameterValue',
      'The value p101 for parameter ExtendedStatistics.member.1 is not supported.',
    ],
    [
      { Statistics: ['Sum'], Period: 61 },
      'InvalidParameterValue',
      'The parameter Period must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.',
    ],
  ])('refused: %j', async (change, code, message) => {
    const asked = { ...cpu, StartTime: new Date(0), EndTime: new Date(86_400_000), ...change }
    expect(told(await bench().refusal('cloudwatch', 'GetMetricStatistics', asked))).toEqual([code, 400, message])
  })
})

describe('data', () => {
  const metric = (Id: string, more: Input = {}): object => ({
    Id,
    MetricStat: { Metric: cpu, Period: 60, Stat: 'Sum', ...more },
  })
  const times = (b: Bench): Input => ({
    StartTime: new Date(b.now().getTime() - 600_000),
    EndTime: new Date(b.now().getTime() + 60_000),
  })

  test('comes page by page, newest first', async () => {
    const b = bench()
    const now = b.now().getTime()
    for (let i = 0; i < 5; i++) await publish(b, i, { Timestamp: new Date(now - i * 60_000) })
    const asked = { ...times(b), MetricDataQueries: [metric('a'), { Id: 'b', Expression: 'a * 2' }], MaxDatapoints: 7 }
    const first = await caller(b)('GetMetricData', asked)
    expect(first.MetricDataResults.map(({ Values, StatusCode, Label }: any) => [Values, StatusCode, Label])).toEqual([
      [[0, 1, 2, 3, 4], 'Complete', 'CPU'],
      [[0, 2], 'PartialData', 'b'],
    ])
    const second = await caller(b)('GetMetricData', { ...asked, NextToken: first.NextToken })
    expect(second.MetricDataResults[1].Values).toEqual([4, 6, 8])
    expect(second.NextToken).toBeUndefined()
    const rising = await caller(b)('GetMetricData', { ...asked, MaxDatapoints: 500, ScanBy: 'TimestampAscending' })
    expect(rising.MetricDataResults[0].Values).toEqual([4, 3, 2, 1, 0])
    expect((await b.refusal('cloudwatch', 'GetMetricData', { ...asked, NextToken: 'x' })).code).toBe('InvalidNextToken')
  })

  test('is labelled by what tells series apart', async () => {
    const b = bench()
    await publish(b, 3)
    const labels = async (...MetricDataQueries: object[]): Promise<string[]> => {
      const { MetricDataResults } = await caller(b)('GetMetricData', { ...times(b), MetricDataQueries })
      return MetricDataResults.map(({ Label }: any) => Label)
    }
    expect(await labels(metric('a'), metric('b', { Stat: 'Minimum' }))).toEqual(['CPU Sum', 'CPU Minimum'])
    expect(await labels(metric('a'), metric('b', { Period: 30 }))).toEqual(['CPU 60', 'CPU 30'])
    expect(await labels(metric('a'), metric('b', { Unit: 'Seconds' }))).toEqual(['CPU', 'CPU'])
    const dynamic = { ...metric('a'), Label: "${PROP('Dim.Host')}: ${LABEL} at most ${MAX}" }
    expect(await labels(dynamic)).toEqual(['a: CPU at most 3'])
    const search = { Id: 's', Expression: "SEARCH('{Own,Host} CPU', 'Sum', 60)", Label: 'found' }
    expect(await labels(search)).toEqual(['found CPU'])
  })

  test('of several units is of one, and says that there were several', async () => {
    const b = bench()
    await publish(b, 60_000, { Unit: 'Milliseconds' })
    await publish(b, 60, { Unit: 'Seconds' })
    const { MetricDataResults } = await caller(b)('GetMetricData', { ...times(b), MetricDataQueries: [metric('a')] })
    expect(MetricDataResults[0]).toMatchObject({
      Values: [60_000],
      Messages: [{ Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'" }],
    })
  })

  const first = 'MetricDataQueries.member.1'
  test.each([
    [
      [{ Id: 'A', Expression: '1' }],
      `The value A for parameter ${first}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    ],
    [[{ Id: 'a' }], `The parameter ${first}.MetricStat is required.\n`],
    [[metric('a'), metric('a')], 'The values for parameter id in MetricDataQueries are not unique.'],
    [
      [{ ...metric('a'), Period: 60 }],
      `The parameters ${first}.Period and ${first}.MetricStat are mutually exclusive and you have specified both.`,
    ],
    [[metric('a', { Stat: 'Mean' })], `The value Mean for parameter ${first}.MetricStat.Stat is not supported.`],
    [[metric('a'), { Id: 'b', Expression: 'a + ' }], "Error in expression 'b': Unexpected 'end of expression'"],
    [
      [metric('a'), { Id: 'b', Expression: 'SUM(a)' }],
      "Error in expression 'b': The expression must come to a time series, not to a single value",
    ],
  ])('refused: %j', async (MetricDataQueries, message) => {
    const b = bench()
    const refused = await b.refusal('cloudwatch', 'GetMetricData', { ...times(b), MetricDataQueries })
    expect(told(refused)).toEqual(['ValidationError', 400, message])
  })

  test('of no time is refused', async () => {
    const b = bench()
    const at = (start: number, end: number): Promise<Error> =>
      b.refusal('cloudwatch', 'GetMetricData', {
        MetricDataQueries: [metric('a')],
        StartTime: new Date(start),
        EndTime: new Date(end),
      })
    expect((await at(0, 0)).message).toBe('The parameter StartTime must not equal parameter EndTime.')
    expect((await at(1000, 0)).message).toBe('The parameter EndTime must be greater than StartTime.')
  })
})

test('metrics are listed, each once, five hundred at a time, for two weeks', async () => {
  const b = bench()
  const list = (input: Input = {}): Promise<any> => caller(b)('ListMetrics', input)
  await publish(b, 1)
  await publish(b, 2)
  const names = Array.from({ length: 600 }, (_, i) => ({ MetricName: `m${i}`, Value: 1 }))
  await caller(b)('PutMetricData', { Namespace: 'Many', MetricData: names })
  expect((await list({ Namespace: 'Own' })).Metrics).toEqual([cpu])
  expect((await list({ Dimensions: [{ Name: 'Host' }] })).Metrics).toEqual([cpu])
  expect((await list({ Dimensions: [{ Name: 'Host', Value: 'b' }] })).Metrics).toEqual([])
  const first = await list({ Namespace: 'Many' })
  const second = await list({ Namespace: 'Many', NextToken: first.NextToken })
  expect([first.Metrics.length, second.Metrics.length, second.NextToken]).toEqual([500, 100, undefined])
  expect(told(await b.refusal('cloudwatch', 'ListMetrics', { NextToken: 'x' }))).toEqual([
    'InvalidParameterValue',
    400,
    'Request parameter NextToken is invalid',
  ])
  b.advance(4 * 3_600_000)
  await publish(b, 3)
  expect((await list({ RecentlyActive: 'PT3H' })).Metrics).toEqual([cpu])
  b.advance(15 * 86_400_000)
  expect((await list()).Metrics).toEqual([])
})

test.each(['StartOTelEnrichment', 'GetOTelEnrichment'])('%s says that it is not built', async (operation) => {
  expect(told(await bench().refusal('cloudwatch', operation)).slice(0, 2)).toEqual(['NotImplemented', 501])
})
