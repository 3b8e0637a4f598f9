// Where are the values of a metric? In rows by resolution and time, one a stretch of time, so that a question costs what it
// asks for however much there is. What gets old is kept at a coarser resolution, as AWS keeps it:
//
//   below a minute  3 hours      a minute  15 days      5 minutes  63 days      an hour  455 days
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention

import type { Rows } from '../../../store/store.ts'
import { merged, pack, unpack, type Bucket, type PackedBucket } from './bucket.ts'

/** Seconds. */
const resolutions = [1, 60, 300, 3600] as const
type Resolution = (typeof resolutions)[number]

const day = 86_400
/** How long each is kept (seconds). */
const retention: Readonly<Record<Resolution, number>> = { 1: 3 * 3600, 60: 15 * day, 300: 63 * day, 3600: 455 * day }

/** What one row holds: by unit. */
type Row = Record<string, PackedBucket>

/** Buckets by unit, and then by the second at which each begins. */
export type Series = Map<string, Map<number, Bucket>>

function tableOf(resolution: Resolution): string {
  return `every ${resolution}`
}

function keyOf(id: string, second: number): string {
  return `${id}/${String(second).padStart(11, '0')}`
}

function secondOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1))
}

export interface Values {
  /** Since 1970, whole or not. */
  readonly second: number
  readonly unit: string
  readonly bucket: Bucket
  readonly resolution: 1 | 60
}

/** Adds what came for one metric; a row is written once, however much of it belongs there. */
export function addValues(rows: Rows, id: string, ...all: readonly Values[]): void {
  const byRow = new Map<
    string,
    { readonly resolution: Resolution; readonly second: number; readonly units: Map<string, Bucket[]> }
  >()
  for (const { second: moment, unit, bucket, resolution } of all) {
    const second = Math.floor(moment / resolution) * resolution
    const place = `${resolution} ${second}`
    let row = byRow.get(place)
    if (!row) byRow.set(place, (row = { resolution, second, units: new Map() }))
    const there = row.units.get(unit)
    if (there) there.push(bucket)
    else row.units.set(unit, [bucket])
  }
  for (const { resolution, second, units } of byRow.values()) addTo(rows, id, resolution, second, units)
}

/** Whether values came in the minute of a moment, of whatever unit. */
export function hasMinute(rows: Rows, id: string, moment: number): boolean {
  return rows.get(tableOf(60), keyOf(id, Math.floor(moment / 60) * 60)) !== undefined
}

type Units = ReadonlyMap<string, readonly Bucket[]>

function addTo(rows: Rows, id: string, resolution: Resolution, second: number, units: Units): void {
  const key = keyOf(id, second)
  const row = (rows.get<Row & Record<string, never>>(tableOf(resolution), key) ?? {}) as Row
  for (const [unit, buckets] of units) row[unit] = pack(merged(row[unit] ? [unpack(row[unit]), ...buckets] : buckets))
  rows.put(tableOf(resolution), key, row)
}

export interface Stretch {
  /** Seconds since 1970; `end` exclusive. */
  readonly start: number
  readonly end: number
  /** Seconds. Periods are counted from `start`. */
  readonly period: number
  readonly unit?: string | undefined
}

/** The values from `start` to `end`, in periods. What is too old for the period asked for is not there. */
export function valuesIn(rows: Rows, id: string, { start, end, period, unit }: Stretch, now: number): Series {
  const found = new Map<string, Map<number, Bucket[]>>()
  for (const resolution of resolutions) {
    // Both ends, and no prefix: a database starts at one bound only.
    const range = { from: keyOf(id, start), before: keyOf(id, end) }
    for (const { key, value } of rows.scan<Row & Record<string, never>>(tableOf(resolution), range)) {
      const second = secondOf(key)
      if (!isTold(second, period, resolution, now)) continue
      const at = start + Math.floor((second - start) / period) * period
      for (const [name, packed] of Object.entries(value as Row)) {
        if (unit !== undefined && name !== unit) continue
        const periods = found.get(name) ?? new Map<number, Bucket[]>()
        found.set(name, periods)
        const bucket = unpack(packed)
        const known = periods.get(at)
        if (known) known.push(bucket)
        else periods.set(at, [bucket])
      }
    }
  }
  return new Map([...found].map(([name, periods]) => [name, mergedIn(periods)]))
}

/** The second of the first value from `start` on, before `end`. */
export function firstValueIn(rows: Rows, id: string, start: number, end: number): number | undefined {
  const found = resolutions.flatMap((resolution) =>
    rows
      .scan(tableOf(resolution), { from: keyOf(id, start), before: keyOf(id, end), limit: 1 })
      .map(({ key }) => secondOf(key)),
  )
  return found.length === 0 ? undefined : Math.min(...found)
}

function mergedIn(periods: Map<number, Bucket[]>): Map<number, Bucket> {
  return new Map([...periods].sort(([a], [b]) => a - b).map(([at, buckets]) => [at, merged(buckets)]))
}

/** Old values answer only to periods that their resolution then divides. */
function isTold(second: number, period: number, resolution: Resolution, now: number): boolean {
  const coarsest = resolutionAt(now - second)
  if (coarsest === undefined) return false
  return coarsest <= 1 || period % Math.max(coarsest, resolution) === 0
}

/** At which resolution something of this age (seconds) is kept; undefined: not at all. */
function resolutionAt(age: number): Resolution | undefined {
  return resolutions.find((resolution) => age <= retention[resolution])
}

/** Folds what has become too old for its resolution into the next, and forgets the oldest. `now`: seconds. */
export function rollUp(rows: Rows, id: string, now: number): void {
  for (const [i, resolution] of resolutions.entries()) {
    const next = resolutions[i + 1]
    const table = tableOf(resolution)
    // Never half of a coarser stretch.
    const edge = Math.floor((now - retention[resolution]) / (next ?? 1)) * (next ?? 1)
    for (const { key, value } of rows.scan<Row & Record<string, never>>(table, {
      from: keyOf(id, 0),
      before: keyOf(id, Math.max(0, edge)),
    })) {
      rows.delete(table, key)
      if (!next) continue
      const units = Object.entries(value as Row).map(([unit, packed]) => [unit, [unpack(packed)]] as const)
      addTo(rows, id, next, Math.floor(secondOf(key) / next) * next, new Map(units))
    }
  }
}
