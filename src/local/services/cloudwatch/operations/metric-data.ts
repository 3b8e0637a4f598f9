// GetMetricData: many metrics and expressions in one request, page by page.

import { invalidToken, validationError } from '../errors.ts'
import { secondOf } from '../metrics/ask.ts'
import type { Query } from '../math/evaluate.ts'
import { checkQueries } from '../queries.ts'
import { resultsOf, type Result } from '../results.ts'
import type { CloudWatchHandler } from '../state.ts'

const mostDatapoints = 100_800

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
