// What can be wrong with the queries of a request, before anything is computed?

import { validationError } from './errors.ts'
import { checkExpression, type Query } from './math/evaluate.ts'
import { MathError } from './math/parse.ts'
import { isPeriod } from './metrics/ask.ts'
import { statisticNamed } from './metrics/statistic.ts'

const mostQueries = 500

/** What is wrong with queries themselves, in AWS's words. `name`: the parameter they came in. */
export function checkQueries(queries: readonly Query[], name: string): void {
  if (queries.length === 0) throw validationError(`The parameter ${name} is required.`)
  if (queries.length > mostQueries)
    throw validationError(`The collection ${name} must not have a size greater than ${mostQueries}.`)
  queries.forEach(({ Id, MetricStat, Expression, Period }, i) => {
    const place = `${name}.member.${i + 1}`
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id))
      throw validationError(
        `The value ${Id} for parameter ${place}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      )
    // AWS says the empty line too.
    if (!MetricStat && Expression === undefined)
      throw validationError(`The parameter ${place}.MetricStat is required.\n`)
    if (MetricStat && Expression !== undefined)
      throw validationError(
        `The parameters ${place}.Expression and ${place}.MetricStat are mutually exclusive and you have specified both.`,
      )
    if (MetricStat && Period !== undefined)
      throw validationError(
        `The parameters ${place}.Period and ${place}.MetricStat are mutually exclusive and you have specified both.`,
      )
    for (const [period, where] of [
      [MetricStat?.Period, `${place}.MetricStat.Period`],
      [Period, `${place}.Period`],
    ] as const)
      if (period !== undefined && !isPeriod(period))
        throw validationError(
          `The parameter ${where} must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.`,
        )
    if (!MetricStat) return
    if (!statisticNamed(MetricStat.Stat))
      throw validationError(`The value ${MetricStat.Stat} for parameter ${place}.MetricStat.Stat is not supported.`)
    for (const member of ['Namespace', 'MetricName'] as const)
      if (MetricStat.Metric[member] === undefined)
        throw validationError(`The parameter ${place}.MetricStat.Metric.${member} is required.\n`)
  })
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    throw validationError(`The values for parameter id in ${name} are not unique.`)
  for (const { Id, Expression } of queries)
    if (Expression !== undefined) inExpression(Id, () => checkExpression(Expression))
}

/** An expression's fault as AWS says it. */
export function inExpression<T>(id: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof MathError) throw validationError(`Error in expression '${id}': ${error.message}`)
    throw error
  }
}
