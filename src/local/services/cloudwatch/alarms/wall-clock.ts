// When did the last whole period by the wall clock end? At the top of the hour, at midnight, at the start of the week.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html

import { validationError } from '../errors.ts'
import { aheadOf } from '../zones.ts'

export interface EvaluationWindow {
  readonly WallClockWindow?: { readonly Timezone?: string }
  readonly SlidingWindow?: object
}

/** Seconds. */
const week = 604_800
const periods: readonly number[] = [60, 300, 3600, 86_400, week]

/** Throws ValidationError. `period`: seconds. */
export function checkWindow(window: EvaluationWindow, period: number): void {
  const { WallClockWindow: wall, SlidingWindow: sliding } = window
  if ((wall === undefined) === (sliding === undefined))
    throw validationError('Exactly one of SlidingWindow and WallClockWindow must be set in EvaluationWindow')
  if (!wall) return
  if (!periods.includes(period))
    throw validationError(`Period must be one of ${periods.join(', ')} for an alarm with a WallClockWindow`)
  const zone = wall.Timezone ?? 'UTC'
  if (!isZone(zone)) throw validationError(`The time zone ${zone} is not valid.`)
}

/** The name of one, or an offset in steps of five minutes. */
function isZone(zone: string): boolean {
  try {
    const ahead = aheadOf(zone)(0)
    return ahead % 300_000 === 0 || !/\d$/.test(zone)
  } catch {
    return false
  }
}

/** The Monday of the week in which 1970 began: as nothing else is documented, weeks begin as in ISO 8601. */
const monday = -3 * 86_400

/**
 * The end of the last whole period at `now` (seconds). The periods before it are taken to be as long as itself, also across
 * a change of the clocks.
 */
export function lastEnd(now: number, period: number, { Timezone = 'UTC' }: { readonly Timezone?: string }): number {
  const ahead = aheadOf(Timezone)
  const shown = now + ahead(now * 1000) / 1000
  const first = period === week ? monday : 0
  const end = first + Math.floor((shown - first) / period) * period
  // As far ahead as the clock was then.
  return end - ahead((end - (shown - now)) * 1000) / 1000
}
