// What does a Metrics Insights query come to? SQL over metrics as they are named, one series for all of them or one a group:
//
//   SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) WHERE InstanceId != 'i-1'
//   GROUP BY InstanceId ORDER BY MAX() DESC LIMIT 10
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html

import { notBuilt } from '../errors.ts'
import { valuesOf, type Asked } from '../metrics/ask.ts'
import { merged, type Bucket } from '../metrics/bucket.ts'
import { metricsIn, type Metric } from '../metrics/names.ts'
import { statisticNamed } from '../metrics/statistic.ts'
import { MathError } from './parse.ts'
import type { MathValue, TimeSeries } from './series.ts'

/** What the query calls a statistic. */
const statistics: Readonly<Record<string, string>> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
}

export interface InsightsQuery {
  readonly statistic: string
  readonly metric: string
  readonly namespace: string
  /** A schema: metrics of exactly these dimensions. */
  readonly dimensions?: readonly string[]
  readonly where: readonly { readonly key: string; readonly value: string; readonly isNot: boolean }[]
  readonly groups: readonly string[]
  readonly order?: { readonly statistic: string; readonly descending: boolean }
  readonly limit: number
}

export function isInsights(text: string): boolean {
  return /^\s*SELECT\b/i.test(text)
}

export function isGrouped(text: string): boolean {
  return isInsights(text) && parseInsights(text).groups.length > 0
}

// --- reading ---------------------------------------------------------------------------------------------------------

interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign' | 'end'
  readonly text: string
}

const token = /\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([A-Za-z_][\w.]*|\d+)|(!=|[(),=]))/y
const most = 500

/** Throws MathError. */
export function parseInsights(text: string): InsightsQuery {
  const all = tokensOf(text)
  let at = 0
  const peek = (): Token => all[at]!
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toUpperCase() === word
  const took = (word: string): boolean => isWord(word) && ++at > 0
  const expect = (what: string, is: boolean): string => {
    if (!is) throw new MathError(`SQL: expected ${what}, found '${peek().text}'`)
    return all[at++]!.text
  }
  const word = (text: string): string => expect(text, isWord(text))
  const sign = (text: string): string => expect(`'${text}'`, peek().kind === 'sign' && peek().text === text)
  const hasSign = (text: string): boolean => peek().kind === 'sign' && peek().text === text && ++at > 0
  const name = (): string => expect('a name', peek().kind === 'name' || peek().kind === 'word')
  const listed = (first: string): string[] => {
    const names = [first]
    while (hasSign(',')) names.push(name())
    return names
  }
  const statistic = (): string => {
    const known = statistics[peek().text.toUpperCase()]
    expect('AVG, COUNT, MAX, MIN or SUM', peek().kind === 'word' && known !== undefined)
    sign('(')
    return known!
  }

  word('SELECT')
  const selected = statistic()
  const metric = name()
  sign(')')
  word('FROM')
  let namespace: string
  let dimensions: string[] | undefined
  if (isWord('SCHEMA') && all[at + 1]?.text === '(') {
    at += 2
    ;[namespace, ...dimensions] = listed(name()) as [string, ...string[]]
    sign(')')
  } else namespace = name()
  const where: InsightsQuery['where'][number][] = []
  if (took('WHERE'))
    do {
      const key = name()
      const isNot = hasSign('!=')
      if (!isNot) sign('=')
      where.push({ key, isNot, value: expect('a value in single quotes', peek().kind === 'text') })
    } while (took('AND'))
  const groups = took('GROUP') && word('BY') ? listed(name()) : []
  let order: InsightsQuery['order']
  if (took('ORDER') && word('BY')) {
    const by = statistic()
    sign(')')
    order = { statistic: by, descending: took('DESC') || (took('ASC') && false) }
  }
  const limit = took('LIMIT') ? Number(expect('a number', /^\d+$/.test(peek().text))) : most
  if (limit < 1 || limit > most) throw new MathError(`SQL: LIMIT must be between 1 and ${most}`)
  expect('the end of the query', peek().kind === 'end')
  for (const key of [...groups, ...where.map((each) => each.key)])
    if (/^(tag\.|AWS\.)/.test(key)) throw notBuilt(`${key} in Metrics Insights queries`)
  return {
    statistic: selected,
    metric,
    namespace,
    ...(dimensions && { dimensions }),
    where,
    groups,
    ...(order && { order }),
    limit,
  }
}

function tokensOf(text: string): Token[] {
  const found: Token[] = []
  token.lastIndex = 0
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex
    const match = token.exec(text)
    if (!match) throw new MathError(`SQL: unexpected character '${text.slice(at).trim()[0]}'`)
    const [, name, quoted, word, sign] = match
    if (name !== undefined) found.push({ kind: 'name', text: name.replaceAll('""', '"') })
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted.replaceAll("''", "'") })
    else found.push(word !== undefined ? { kind: 'word', text: word } : { kind: 'sign', text: sign! })
  }
  return [...found, { kind: 'end', text: 'the end' }]
}

// --- computing -------------------------------------------------------------------------------------------------------

/** One series; several, each called by its group, where the query groups. `period`: seconds. */
export function runInsights(query: InsightsQuery, asked: Asked, period: number): MathValue {
  const { order } = query
  const metrics = metricsIn(asked.rows, asked.place, { namespace: query.namespace, name: query.metric }).metrics.filter(
    (metric) => fits(metric, query),
  )
  if (query.groups.length === 0) return together(query.metric, metrics)
  const groups = new Map<string, Metric[]>()
  for (const metric of metrics) {
    // What has no such dimension is told of as one.
    const label = query.groups.map((key) => dimension(metric, key) ?? 'Other').join(' ')
    const members = groups.get(label)
    if (members) members.push(metric)
    else groups.set(label, [metric])
  }
  const ordered = [...groups].map(([label, members]) => ({ label, members, weight: weightOf(members) }))
  if (order) ordered.sort((a, b) => (order.descending ? -1 : 1) * ((a.weight ?? -Infinity) - (b.weight ?? -Infinity)))
  return ordered
    .map(({ label, members }) => together(label, members))
    .filter(({ points }) => points.size > 0)
    .slice(0, query.limit)

  function bucketsOf(members: readonly Metric[]): Map<number, Bucket> {
    const at = new Map<number, Bucket[]>()
    for (const metric of members)
      for (const buckets of valuesOf(asked, metric, period).values())
        for (const [moment, bucket] of buckets) at.set(moment, [...(at.get(moment) ?? []), bucket])
    return new Map([...at].sort(([a], [b]) => a - b).map(([moment, some]) => [moment, merged(some)]))
  }

  function weightOf(members: readonly Metric[]): number | undefined {
    if (!order) return undefined
    const buckets = [...bucketsOf(members).values()]
    return buckets.length === 0 ? undefined : statisticNamed(order.statistic)!(merged(buckets))
  }

  function together(label: string, members: readonly Metric[]): TimeSeries {
    const statistic = statisticNamed(query.statistic)!
    const points = [...bucketsOf(members)].flatMap(([at, bucket]): [number, number][] => {
      const value = statistic(bucket)
      return value === undefined ? [] : [[at, value]]
    })
    return { label, points: new Map(points), period }
  }
}

function dimension({ Dimensions }: Metric, key: string): string | undefined {
  return Dimensions.find(({ Name }) => Name === key)?.Value
}

function fits(metric: Metric, { dimensions, where }: InsightsQuery): boolean {
  if (dimensions) {
    const own = metric.Dimensions.map(({ Name }) => Name)
    if (own.length !== dimensions.length || !dimensions.every((name) => own.includes(name))) return false
  }
  return where.every(({ key, value, isNot }) => (dimension(metric, key) === value) !== isNot)
}
