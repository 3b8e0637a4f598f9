// What was published? A datum as it came, checked in AWS's order and words, as a bucket of values at a moment.

import { invalidCombination, invalidValue } from '../errors.ts'
import { bucketOf, bucketOfSet, type Bucket } from './bucket.ts'
import type { Dimension } from './names.ts'
import type { Values } from './series.ts'

export interface MetricDatum {
  readonly MetricName: string
  readonly Dimensions?: readonly Dimension[]
  readonly Timestamp?: Date
  readonly Value?: number
  readonly StatisticValues?: {
    readonly SampleCount: number
    readonly Sum: number
    readonly Minimum: number
    readonly Maximum: number
  }
  readonly Values?: readonly number[]
  readonly Counts?: readonly number[]
  readonly Unit?: string
  readonly StorageResolution?: number
}

const past = 14 * 86_400_000
const future = 2 * 3_600_000
const largest = 2 ** 360

/** `place`: `MetricData.member.1`; `now`: milliseconds. */
export function readDatum(datum: MetricDatum, place: string, now: number): Values {
  const { Timestamp, Unit, StorageResolution } = datum
  const resolution = StorageResolution ?? 60
  if (resolution !== 1 && resolution !== 60)
    throw invalidValue(`The parameter ${place}.StorageResolution must be a value in the set [ 1, 60 ].`)
  const bucket = valuesOf(datum, place)
  const moment = Timestamp?.getTime() ?? now
  if (moment < now - past)
    throw invalidValue(`The parameter ${place}.Timestamp must specify a time no more than two weeks in the past.`)
  if (moment > now + future)
    throw invalidValue(`The parameter ${place}.Timestamp must specify a time less than two hours in the future.`)
  return { second: moment / 1000, unit: Unit ?? 'None', bucket, resolution }
}

function valuesOf(datum: MetricDatum, place: string): Bucket {
  const { Value, Values, Counts, StatisticValues } = datum
  const both = (one: string, other: string): Error =>
    invalidCombination(
      `The parameters ${place}.${one} and ${place}.${other} are mutually exclusive and you have specified both.`,
    )
  const hasValues = Values !== undefined && Values.length > 0
  if (Value !== undefined && hasValues) throw both('Value', 'Values')
  if (Value !== undefined && StatisticValues !== undefined) throw both('Value', 'StatisticValues')
  if (Value === undefined && !hasValues && StatisticValues === undefined)
    throw invalidCombination('At least one of the parameters must be specified.')
  if (hasValues) {
    for (const [name, list] of Object.entries({ Values, Counts }))
      if (list && list.length > 150)
        throw invalidValue(`The collection ${place}.${name} must not have a size greater than 150.`)
    if (Counts && Counts.length > 0 && Counts.length !== Values.length)
      throw invalidValue(`The parameters ${place}.Values and ${place}.Counts must be of the same size.`)
    Values.forEach((value, i) => checkValue(value, `${place}.Values.member.${i + 1}`))
    Counts?.forEach((count, i) => {
      checkValue(count, `${place}.Counts.member.${i + 1}`)
      if (count < 0)
        throw invalidValue(`The parameter ${place}.Counts.member.${i + 1} must be greater than or equal to 0.`)
    })
    // AWS lets a statistic set come beside the values; the values count.
    return bucketOf(Values, Counts && Counts.length > 0 ? Counts : undefined)
  }
  if (StatisticValues) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues
    for (const [name, value] of Object.entries(StatisticValues)) checkValue(value, `${place}.StatisticValues.${name}`)
    if (SampleCount <= 0)
      throw invalidValue(`The parameter ${place}.StatisticValues.SampleCount must be greater than 0.`)
    if (Maximum < Minimum)
      throw invalidValue(
        `The parameter ${place}.StatisticValues.Maximum must be greater than or equal to ${place}.StatisticValues.Minimum.`,
      )
    return bucketOfSet(SampleCount, Sum, Minimum, Maximum)
  }
  checkValue(Value!, `${place}.Value`)
  return bucketOf([Value!])
}

function checkValue(value: number, name: string): void {
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter ${name} is invalid.`)
  if (Math.abs(value) > largest)
    throw invalidValue(`The value ${value} for parameter ${name} must be between -2^360 and 2^360.`)
}
