// In which state is an alarm, by the datapoints of its evaluation range?
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
//
// There are more datapoints in the range than evaluation periods. Those that exist are preferred over missing ones however
// old they are, and only when there are too few does it matter how missing ones are treated.

import type { StateValue } from './record.ts'

export type TreatMissing = 'missing' | 'ignore' | 'breaching' | 'notBreaching'

/** How many datapoints more than the evaluation periods are looked at. */
export const spare = 2

/** `points`: whether each breaches, oldest first; undefined where it is missing. Undefined: the state stays as it is. */
export function decide(
  points: readonly (boolean | undefined)[],
  periods: number,
  needed: number,
  missing: TreatMissing,
): StateValue | undefined {
  const there = points.filter((point) => point !== undefined).slice(-periods)
  const breaching = there.filter(Boolean).length
  const filled = periods - there.length
  if (filled === 0 || missing === 'notBreaching') return breaching >= needed ? 'ALARM' : 'OK'
  if (missing === 'breaching') return breaching + filled >= needed ? 'ALARM' : 'OK'
  if (breaching >= needed) return 'ALARM'
  if (breaching < there.length) return 'OK'
  if (missing === 'ignore') return undefined
  // All that is there breaches, and nothing came since: the oldest may be enough by its age.
  const age = points.length - points.indexOf(true)
  return breaching > 0 && age >= needed ? 'ALARM' : 'INSUFFICIENT_DATA'
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}

export function breaches(operator: string, value: number, threshold: number): boolean {
  return comparisons[operator]!(value, threshold)
}

/** Whether a percentile of so few values says anything. */
export function isSignificant(percentile: number, samples: number): boolean {
  return samples >= 10 / (percentile >= 0.5 ? 1 - percentile : percentile)
}
