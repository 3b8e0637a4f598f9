// What do the queries of one request come to? Metrics are read, expressions computed from each other in whatever order
// they need, and never twice.

import { notBuilt } from '../errors.ts'
import { seriesOf, statOf, type Asked, type MetricStat } from '../metrics/ask.ts'
import { metricsIn, type Metric } from '../metrics/names.ts'
import { statisticNamed } from '../metrics/statistic.ts'
import { functions, operators, type Grid } from './functions.ts'
import { isInsights, parseInsights, runInsights } from './insights.ts'
import { calls, MathError, namesIn, parseExpression, type Expression } from './parse.ts'
import { parseSearch } from './search.ts'
import { isArray, isSeries, mapEach, mapPoints, type MathValue, type TimeSeries } from './series.ts'

export interface Query {
  readonly Id: string
  readonly MetricStat?: MetricStat
  readonly Expression?: string
  readonly Label?: string
  readonly ReturnData?: boolean
  readonly Period?: number
  readonly AccountId?: string
}

const unbuilt: Readonly<Record<string, string>> = {
  ANOMALY_DETECTION_BAND: 'anomaly detection (ANOMALY_DETECTION_BAND)',
  INSIGHT_RULE_METRIC: 'Contributor Insights (INSIGHT_RULE_METRIC)',
  SERVICE_QUOTA: 'SERVICE_QUOTA in metric math',
  DB_PERF_INSIGHTS: 'Performance Insights (DB_PERF_INSIGHTS)',
  LAMBDA: 'data source connectors (LAMBDA)',
}

/** An expression that can be computed here; the tree of metric math. Throws MathError, or NotImplemented. */
export function checkExpression(text: string): Expression | undefined {
  if (!isInsights(text)) return readExpression(text)
  parseInsights(text)
  return undefined
}

function readExpression(text: string): Expression {
  const tree = parseExpression(text)
  for (const [name, what] of Object.entries(unbuilt)) if (calls(tree, name)) throw notBuilt(what)
  return tree
}

export interface Evaluated {
  /** The series of a query that returns data: several for an array. Throws MathError. */
  of(query: Query): readonly TimeSeries[]
}

/** At most this many series come of one search. */
const mostFound = 500

/** Those that are listed: values came for them in the last two weeks. */
function recentMetrics({ rows, place, now }: Asked): readonly Metric[] {
  return metricsIn(rows, place, { since: now - 14 * 86_400_000 }).metrics
}

export function evaluate(queries: readonly Query[], asked: Asked): Evaluated {
  return new Evaluation(queries, asked)
}

class Evaluation implements Evaluated {
  readonly #queries: readonly Query[]
  readonly #asked: Asked
  readonly #byId: ReadonlyMap<string, Query>
  readonly #metricPeriods: readonly number[]
  readonly #done = new Map<string, MathValue>()
  /** Queries that are being computed: one that is met again depends on itself. */
  readonly #underway = new Set<string>()
  #listed: readonly Metric[] | undefined

  constructor(queries: readonly Query[], asked: Asked) {
    this.#queries = queries
    this.#asked = asked
    this.#byId = new Map(queries.map((query) => [query.Id, query]))
    this.#metricPeriods = queries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : []))
  }

  of(query: Query): readonly TimeSeries[] {
    const value = this.#valueOf(query)
    if (isArray(value)) return value
    if (isSeries(value)) return [value]
    throw new MathError('The expression must come to a time series, not to a single value')
  }

  #valueOf(query: Query): MathValue {
    const known = this.#done.get(query.Id)
    if (known !== undefined) return known
    if (this.#underway.has(query.Id)) throw new MathError(`The expression '${query.Id}' depends on itself`)
    this.#underway.add(query.Id)
    const value = query.MetricStat
      ? seriesOf(this.#asked, query.MetricStat, query.Id)
      : isInsights(query.Expression!)
        ? runInsights(parseInsights(query.Expression!), this.#asked, query.Period ?? 60)
        : this.#compute(readExpression(query.Expression!), this.#gridOf(query))
    this.#underway.delete(query.Id)
    this.#done.set(query.Id, value)
    return value
  }

  #gridOf({ Expression, Period }: Query): Grid {
    const named = namesIn(parseExpression(Expression!)).flatMap((id) => this.#byId.get(id)?.MetricStat?.Period ?? [])
    const period =
      Period ?? Math.max(...(named.length > 0 ? named : this.#metricPeriods.length > 0 ? this.#metricPeriods : [60]))
    return { start: this.#asked.start, end: this.#asked.end, period }
  }

  #compute(tree: Expression, grid: Grid): MathValue {
    switch (tree.kind) {
      case 'number':
        return tree.value
      case 'text':
        return tree.value
      case 'name':
        return this.#named(tree.name)
      case 'negated':
        return mapEach(
          this.#compute(tree.operand, grid),
          (series) => mapPoints(series, (value) => -value),
          (value) => -value,
        )
      case 'list':
        return tree.items.flatMap((item) => {
          const value = this.#compute(item, grid)
          if (isArray(value)) return value
          if (isSeries(value)) return [value]
          throw new MathError('An array holds time series only')
        })
      case 'operator':
        return operators[tree.operator]!(this.#compute(tree.left, grid), this.#compute(tree.right, grid))
      case 'call':
        return this.#called(tree.name, tree.given, grid)
    }
  }

  #named(name: string): MathValue {
    const query = this.#byId.get(name)
    if (query) return this.#valueOf(query)
    // Words that functions take: SORT(METRICS(), AVG, DESC), FILL(m1, REPEAT).
    if (/^[A-Z]+$/.test(name)) return name
    throw new MathError(`Undefined variable '${name}'`)
  }

  #called(name: string, given: readonly Expression[], grid: Grid): MathValue {
    if (name === 'METRICS') {
      const part = given[0] === undefined ? '' : this.#compute(given[0], grid)
      if (typeof part !== 'string') throw new MathError('METRICS takes a text')
      return this.#queries
        .filter(({ MetricStat, Id }) => MetricStat && Id.includes(part))
        .map((query) => this.#valueOf(query) as TimeSeries)
    }
    const values = given.map((each) => this.#compute(each, grid))
    if (name === 'SEARCH') return this.#found(values, grid)
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined
    if (!known) throw new MathError(`Unknown function '${name}'`)
    return known(values, grid)
  }

  #found([search, stat, period]: readonly MathValue[], grid: Grid): MathValue {
    if (typeof search !== 'string' || typeof stat !== 'string')
      throw new MathError('SEARCH takes a search and a statistic as texts, and a period')
    if (!statisticNamed(stat)) throw new MathError(`'${stat}' is no statistic`)
    const fits = parseSearch(search)
    const metrics = (this.#listed ??= recentMetrics(this.#asked)).filter(fits).slice(0, mostFound)
    const seconds = typeof period === 'number' ? period : grid.period
    return metrics.map((metric) => seriesOf(this.#asked, statOf(metric, stat, seconds)))
  }
}
