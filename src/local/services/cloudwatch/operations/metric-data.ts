// GetMetricData: many metrics and expressions in one request, page by page.

import { invalidToken, validationError } from '../errors.ts'
import { roundedStart, secondOf } from '../metrics/ask.ts'
import { defaultLabels, filledIn } from '../metrics/labels.ts'
import { evaluate, type Query } from '../math/evaluate.ts'
import { isGrouped } from '../math/insights.ts'
import type { TimeSeries } from '../math/series.ts'
import { checkQueries, inExpression } from '../queries.ts'
import type { CloudWatchContext, CloudWatchHandler } from '../state.ts'

const mostDatapoints = 100_800

interface Result {
  readonly Id: string
  readonly Label: string
  readonly points: readonly (readonly [number, number])[]
  readonly messages?: TimeSeries['messages']
  readonly isForbidden?: boolean
}

export const getMetricData: CloudWatchHandler = (input, context) => {
  const queries = input.MetricDataQueries as readonly Query[]
  const { StartTime, EndTime, MaxDatapoints = mostDatapoints, NextToken, ScanBy } = input
  checkQueries(queries, 'MetricDataQueries')
  if (secondOf(StartTime) === secondOf(EndTime))
    throw validationError('The parameter StartTime must not equal parameter EndTime.')
  if (StartTime > EndTime) throw validationError('The parameter EndTime must be greater than StartTime.')
  if (!(MaxDatapoints >= 1 && MaxDatapoints <= mostDatapoints))
    throw validationError(`The parameter MaxDatapoints must be between 1 and ${mostDatapoints}.`)
  const results = resultsOf(queries, input, context)
  const rising = ScanBy === 'TimestampAscending'
  return page(
    results.map((result) => (rising ? result : { ...result, points: [...result.points].reverse() })),
    MaxDatapoints,
    NextToken,
  )
}

function resultsOf(queries: readonly Query[], input: any, context: CloudWatchContext): Result[] {
  const { state, account, region, clock } = context
  const now = clock().getTime()
  const finest = Math.min(60, ...queries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : [])))
  const evaluated = evaluate(queries, {
    rows: state.rows,
    place: state.place,
    start: roundedStart(input.StartTime.getTime(), finest, now),
    end: Math.ceil(input.EndTime.getTime() / 1000),
    now,
  })
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false)
  const metrics = returned.filter(({ MetricStat }) => MetricStat)
  const labels = defaultLabels(metrics.map((query) => evaluated.of(query)[0]!))
  const defaults = new Map(metrics.map(({ Id }, i) => [Id, labels[i]!]))
  const place = { account, region, now, timezone: input.LabelOptions?.Timezone ?? '+0000' }
  return returned.flatMap((query): Result[] => {
    const { Id, Label, AccountId } = query
    if (AccountId !== undefined && AccountId !== account)
      return [{ Id, Label: Label ?? Id, points: [], isForbidden: true }]
    const all = inExpression(Id, () => evaluated.of(query))
    const own = query.MetricStat ? [defaults.get(Id)!] : ownLabels(query, all)
    return all.map((series, i) => ({
      Id,
      Label: Label === undefined ? own[i]! : labelled(Label, own[i]!, series, all.length > 1 || isSearch(query)),
      points: [...series.points],
      messages: series.messages,
    }))

    function labelled(label: string, given: string, series: TimeSeries, isOneOfMany: boolean): string {
      if (label.includes('${')) return filledIn(label, series, given, place)
      return isOneOfMany ? `${label} ${given}`.trim() : label
    }
  })
}

/** What may come to several series is labelled so, were it only one. */
function isSearch({ Expression = '' }: Query): boolean {
  return /^\s*SEARCH\b/.test(Expression) || isGrouped(Expression)
}

/** An expression is called by its id; each of several series by what tells it from the others. */
function ownLabels(query: Query, all: readonly TimeSeries[]): string[] {
  if (all.length === 1 && !isSearch(query)) return [query.Id]
  const metrics = all.filter(({ source }) => source)
  return metrics.length === all.length ? defaultLabels(all) : all.map(({ label }) => label)
}

/** As many datapoints as fit, result by result; the token says how many went before. */
function page(results: readonly Result[], most: number, token: string | undefined): object {
  const total = results.reduce((all, { points }) => all + points.length, 0)
  const before = token === undefined ? 0 : Number(/^virga-(\d+)$/.exec(atobOrNothing(token))?.[1] ?? NaN)
  if (!(before >= 0 && before <= total)) throw invalidToken()
  let skipped = 0
  const end = before + most
  const shown = results.map(({ Id, Label, points, messages, isForbidden }) => {
    const [from, to] = [Math.max(0, before - skipped), Math.max(0, Math.min(points.length, end - skipped))]
    const ends = skipped + points.length <= end
    skipped += points.length
    const here = points.slice(from, to)
    return {
      Id,
      Label,
      Timestamps: here.map(([at]) => new Date(at * 1000)),
      Values: here.map(([, value]) => value),
      StatusCode: isForbidden ? 'Forbidden' : ends ? 'Complete' : 'PartialData',
      ...(messages && { Messages: messages }),
    }
  })
  return {
    MetricDataResults: shown,
    ...(end < total && { NextToken: btoa(`virga-${end}`) }),
    Messages: [],
  }
}

function atobOrNothing(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}
