// What is known of the values of one stretch of time? Their count, sum and ends, and how often each value came: enough for
// every statistic, and small however many values there were.

/** A value and how often it came, by rising values. */
export type Distribution = readonly (readonly [value: number, count: number])[]

export interface Bucket {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** Undefined where values came as statistic sets, of which nobody knows what is in them. */
  readonly values?: Distribution | undefined
}

/** As a row holds it: no distribution where all values are one, or where it is not known. */
export type PackedBucket = readonly [count: number, sum: number, min: number, max: number, values?: readonly number[]]

export function bucketOf(values: readonly number[], counts?: readonly number[]): Bucket {
  const pairs = values.map((value, i): [number, number] => [value, counts?.[i] ?? 1])
  const kept = sorted(pairs.filter(([, count]) => count > 0))
  if (kept.length === 0) return { count: 0, sum: 0, min: 0, max: 0, values: [] }
  return {
    count: kept.reduce((all, [, count]) => all + count, 0),
    sum: kept.reduce((all, [value, count]) => all + value * count, 0),
    min: kept[0]![0],
    max: kept.at(-1)![0],
    values: kept,
  }
}

/** Of a statistic set the values are known only where they must all be the same. */
export function bucketOfSet(count: number, sum: number, min: number, max: number): Bucket {
  const known = min === max && Math.abs(sum - min * count) <= 1e-9 * Math.abs(sum)
  return { count, sum, min, max, ...(known && { values: [[min, count]] as const }) }
}

export function merged(buckets: readonly Bucket[]): Bucket {
  const all = buckets.filter(({ count }) => count > 0)
  if (all.length === 0) return buckets[0] ?? bucketOf([])
  if (all.length === 1) return all[0]!
  const bucket = {
    count: all.reduce((sum, each) => sum + each.count, 0),
    sum: all.reduce((sum, each) => sum + each.sum, 0),
    min: Math.min(...all.map(({ min }) => min)),
    max: Math.max(...all.map(({ max }) => max)),
  }
  return lazily(bucket, () => {
    const known = all.map(({ values }) => values)
    return known.every((values) => values !== undefined) ? coarse(sorted(known.flat())) : undefined
  })
}

/** Most questions are about sums and ends: values are looked through only when they are asked for. */
function lazily(bucket: Omit<Bucket, 'values'>, read: () => Distribution | undefined): Bucket {
  let found: { values: Distribution | undefined } | undefined
  return {
    ...bucket,
    get values() {
      found ??= { values: read() }
      return found.values
    },
  }
}

export function pack({ count, sum, min, max, values }: Bucket): PackedBucket {
  return values && min !== max ? [count, sum, min, max, values.flat()] : [count, sum, min, max]
}

export function unpack([count, sum, min, max, flat]: PackedBucket): Bucket {
  if (!flat) return bucketOfSet(count, sum, min, max)
  return lazily({ count, sum, min, max }, () =>
    Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const),
  )
}

function sorted(pairs: readonly (readonly [number, number])[]): [number, number][] {
  const together: [number, number][] = []
  for (const [value, count] of pairs.toSorted(([a], [b]) => a - b)) {
    const last = together.at(-1)
    if (last && last[0] === value) last[1] += count
    else together.push([value, count])
  }
  return together
}

/** More different values than this in one stretch are told apart by a thousandth only. */
const most = 1000

function coarse(values: [number, number][]): [number, number][] {
  if (values.length <= most) return values
  const [first, last] = [values[0]!, values.at(-1)!]
  const rounded = values.slice(1, -1).map(([value, count]): [number, number] => {
    const step = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 9)
    return [Math.min(last[0], Math.max(first[0], Math.round(value / step) * step)), count]
  })
  return sorted([first, ...rounded, last])
}
