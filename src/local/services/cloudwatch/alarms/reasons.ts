// Why is an alarm in its state? In AWS's words, and as the JSON that goes with them.

import { numberText, stringifyCompact } from '../../../../lib/json.ts'
import { Float } from '../../../../lib/value.ts'
import type { TreatMissing } from './decide.ts'
import type { StateValue, Watch } from './record.ts'

/** A datapoint that was evaluated; without a value it is missing. */
export interface Datapoint {
  /** Seconds since 1970, at its beginning. */
  readonly at: number
  readonly value?: number
  readonly samples?: number
}

const operators: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
}

const treated: Readonly<Record<string, string>> = { breaching: 'Breaching', notBreaching: 'NonBreaching' }

const mostTold = 5

/** What an alarm with a threshold looked at. */
interface Evaluated {
  /** Oldest first. */
  readonly points: readonly Datapoint[]
  /** Those of them that the state comes from. */
  readonly crossed: readonly Datapoint[]
  readonly missing: TreatMissing
}

export function reasonOf(
  value: StateValue,
  old: StateValue,
  watch: Watch,
  { points, crossed, missing }: Evaluated,
): string {
  const unknown = watch.EvaluationPeriods - points.filter((point) => point.value !== undefined).length
  if (value === 'INSUFFICIENT_DATA') return `Insufficient Data: ${counted(unknown)} ${be(unknown)} unknown.`
  const filling = `${unknown} missing ${datapoints(unknown)} ${be(unknown)} treated as [${treated[missing]}]`
  const isFilled = unknown > 0 && treated[missing] !== undefined
  if (crossed.length === 0) {
    const periods = watch.EvaluationPeriods
    return `Threshold Crossed: no datapoints were received for ${periods} period${periods === 1 ? '' : 's'} and ${filling}.`
  }
  const told = crossed
    .slice(-mostTold)
    .reverse()
    .map(({ at, value: number }) => `${double(number!)} (${shortTime(at)})`)
    .join(', ')
  const not = value === 'OK' ? 'not ' : ''
  const threshold = `${be(crossed.length)} ${not}${operators[watch.ComparisonOperator]} the threshold (${double(watch.Threshold!)})`
  const asM = watch.DatapointsToAlarm !== undefined
  const count = asM
    ? `${crossed.length} out of the last ${watch.EvaluationPeriods} datapoints`
    : counted(crossed.length)
  const many = crossed.length > mostTold
  const needed =
    value === 'ALARM' ? watch.DatapointsToAlarm! : watch.EvaluationPeriods - (watch.DatapointsToAlarm ?? 0) + 1
  const from = old === 'INSUFFICIENT_DATA' ? (value === 'ALARM' ? 'OK' : 'ALARM') : old
  const rule = asM ? ` (minimum ${needed} ${datapoints(needed)} for ${from} -> ${value} transition)` : ''
  const also = isFilled ? ` and ${filling}` : ''
  const recent = many ? ` The most recent datapoints which crossed the threshold: [${told}].` : ''
  return `Threshold Crossed: ${count}${many ? '' : ` [${told}]`} ${threshold}${also}${rule}.${recent}`
}

/** StateReasonData. `queried`: milliseconds. */
export function reasonData(watch: Watch, points: readonly Datapoint[], period: number, queried: number): string {
  const known = points.filter(({ value }) => value !== undefined)
  return stringifyCompact({
    version: '1.0',
    queryDate: longTime(queried),
    ...(known.length > 0 && { startDate: longTime(known[0]!.at * 1000) }),
    ...(watch.Unit !== undefined && { unit: watch.Unit }),
    ...(watch.Metrics === undefined && { statistic: watch.Statistic ?? watch.ExtendedStatistic! }),
    period,
    recentDatapoints: known.map(({ value }) => new Float(value!)),
    threshold: new Float(watch.Threshold!),
    evaluatedDatapoints: [...points].reverse().map(({ at, value, samples }) => ({
      timestamp: longTime(at * 1000),
      ...(samples !== undefined && { sampleCount: new Float(samples) }),
      ...(value !== undefined && { value: new Float(value) }),
    })),
  })
}

function counted(count: number): string {
  return `${count} ${datapoints(count)}`
}

function datapoints(count: number): string {
  return count === 1 ? 'datapoint' : 'datapoints'
}

function be(count: number): string {
  return count === 1 ? 'was' : 'were'
}

function double(value: number): string {
  return numberText(new Float(value))
}

/** `26/10/23 16:42:00` */
function shortTime(second: number): string {
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(second * 1000).toISOString())!
  return `${day}/${month}/${year} ${time}`
}

/** `2023-10-26T16:42:00.000+0000` */
export function longTime(moment: number): string {
  return new Date(moment).toISOString().replace('Z', '+0000')
}
