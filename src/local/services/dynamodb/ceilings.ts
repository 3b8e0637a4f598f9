// What a table or an index takes on demand at most, and what it takes at once: may it be asked for so?

import { invalidValue } from './errors.ts'
import type { Limits, Table, Throughput, Warm } from './records.ts'

const limitNames = ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const

/** Throws ValidationException. `index` is the one that it is about, if it is not the table. */
export function checkNewLimits(
  limits: Limits | undefined,
  billing: Table['billing'] = 'PROVISIONED',
  index?: string,
): void {
  for (const name of limitNames) {
    const most = limits?.[name]
    if (most === undefined) continue
    if (billing === 'PROVISIONED')
      throw invalidValue(
        `${name} for OnDemandThroughput${index === undefined ? '' : ` for index: ${index}`} cannot be specified when ` +
          'table BillingMode is PROVISIONED.',
      )
    if (most <= 0) throw outside(name, index)
  }
}

const none = -1

/** What there is from now on, where -1 takes a limit away and stays to be seen; throws ValidationException. */
export function changedLimits(
  old: Limits | undefined,
  asked: Limits,
  billing: Table['billing'],
  index?: string,
): Limits {
  for (const name of limitNames) {
    const most = asked[name]
    if (most === undefined) continue
    if (billing === 'PROVISIONED')
      throw invalidValue(
        `${name} for OnDemandThroughput${index === undefined ? '' : ` for index : ${index}`} cannot be specified when ` +
          'the table BillingMode is PROVISIONED',
      )
    if (most <= 0 && most !== none) throw outside(name, index)
  }
  return { ...old, ...asked }
}

function outside(name: string, index: string | undefined): Error {
  const whose = index === undefined ? 'table' : `index : ${index}`
  return invalidValue(`Requested ${name} for OnDemandThroughput for ${whose} is outside of valid range`)
}

const initial = { read: 12_000, write: 4000 }

/** What it takes at once: what was asked for or provisioned, or what everything on demand begins with. */
export function warmOf(billing: Table['billing'], throughput: Throughput, asked?: Warm): Required<Warm> {
  const { read, write } = billing === 'PAY_PER_REQUEST' ? initial : throughput
  return {
    ReadUnitsPerSecond: asked?.ReadUnitsPerSecond ?? read,
    WriteUnitsPerSecond: asked?.WriteUnitsPerSecond ?? write,
  }
}

const units = { ReadUnitsPerSecond: 'ReadCapacityUnits', WriteUnitsPerSecond: 'WriteCapacityUnits' } as const
const unitNames = Object.keys(units) as (keyof typeof units)[]

const guide =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html' +
  '#on-demand-capacity-mode-initial'

/** Throws ValidationException. */
export function checkNewWarm(
  asked: Warm | undefined,
  billing: Table['billing'] = 'PROVISIONED',
  throughput: Throughput,
  index?: string,
): void {
  const least = warmOf(billing, throughput)
  for (const name of unitNames)
    if (asked?.[name] !== undefined && asked[name] < least[name])
      throw tooLow(
        name,
        index,
        billing === 'PAY_PER_REQUEST'
          ? `initial throughput for OnDemand. See: ${guide}`
          : `${units[name]} of ProvisionedThroughput`,
      )
}

/** What is asked for from now on; throws ValidationException. */
export function changedWarm(
  old: Warm | undefined,
  asked: Warm,
  billing: Table['billing'],
  throughput: Throughput,
  index?: string,
): Warm {
  const least = warmOf(billing, throughput, old)
  for (const name of unitNames)
    if (asked[name] !== undefined && asked[name] < least[name])
      throw tooLow(name, index, 'current WarmThroughput, decreasing WarmThroughput is not supported')
  return { ...old, ...asked }
}

function tooLow(name: string, index: string | undefined, than: string): Error {
  const whose = index === undefined ? 'table' : `index ${index}`
  return invalidValue(`Requested ${name} for WarmThroughput for ${whose} is lower than ${than}`)
}
