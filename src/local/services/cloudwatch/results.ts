// What do queries come to, and what is each result called?

import { roundedStart } from './metrics/ask.ts'
import { defaultLabels, filledIn } from './metrics/labels.ts'
import { evaluate, type Query } from './math/evaluate.ts'
import { isGrouped } from './math/insights.ts'
import type { TimeSeries } from './math/series.ts'
import { inExpression } from './queries.ts'
import type { CloudWatchContext } from './state.ts'

export interface Result {
  readonly Id: string
  readonly Label: string
  readonly points: readonly (readonly [number, number])[]
  readonly messages?: TimeSeries['messages']
  readonly isForbidden?: boolean
}

/** What queries that were checked come to, each with its label. */
export function resultsOf(
  queries: readonly Query[],
  input: { StartTime: Date; EndTime: Date; LabelOptions?: { Timezone?: string } },
  context: CloudWatchContext,
): Result[] {
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
