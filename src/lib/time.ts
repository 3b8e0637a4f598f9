// Timestamps: which moment does this text or number mean, and how is it written?
//
// A Date holds milliseconds; AWS sends and people type microseconds, and AWS CLI prints them. So a timestamp is read
// into a Moment first: whole seconds, microseconds, and the offset it was given with.

import { map } from './iterate.ts'
import { moment as momentOfText } from './date-text.ts'
import type { Moment } from './date-text.ts'
import { Failure } from './errors.ts'
import { parseFloatingPoint } from './python.ts'
import type { Float } from './value.ts'

export type Timestamp = Date | number | bigint | string | Float

/**
 * Reads whatever may stand for a timestamp, as botocore's parse_timestamp does: a Date, epoch seconds (as a number or
 * as text), ISO 8601, RFC 822, and what people type. Throws Failure('InvalidValue').
 */
export function parseTimestamp(value: Timestamp): Moment {
  if (value instanceof Date) {
    const seconds = Math.floor(value.getTime() / 1000)
    if (Number.isNaN(seconds)) throw new Failure('InvalidValue', 'Invalid timestamp: an invalid Date')
    return { seconds, micros: (value.getTime() - seconds * 1000) * 1000, offset: 0 }
  }
  if (typeof value !== 'string') return epochMoment(Number(value))
  const number = parseFloatingPoint(value)
  if (number !== undefined) return epochMoment(number)
  const found = momentOfText(value)
  if (typeof found === 'string') throw new Failure('InvalidValue', `Invalid timestamp "${value}": ${found}`)
  return found
}

/** Epoch seconds: rounded to microseconds, half to even, and shown in the local zone. */
function epochMoment(value: number): Moment {
  if (!Number.isFinite(value)) throw new Failure('InvalidValue', `Invalid timestamp "${value}"`)
  let seconds = Math.floor(value)
  let micros = roundHalfEven((value - seconds) * 1e6)
  if (micros === 1_000_000) {
    seconds++
    micros = 0
  }
  return { seconds, micros, offset: localOffset(seconds) }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Seconds the local zone is ahead of UTC at a moment. */
function localOffset(seconds: number): number {
  const minutes = new Date(seconds * 1000).getTimezoneOffset()
  return Number.isNaN(minutes) || minutes === 0 ? 0 : -minutes * 60
}

/** Microseconds are cut off. */
export function dateOf(moment: Moment): Date {
  return new Date(moment.seconds * 1000 + Math.floor(moment.micros / 1000))
}

/** `2026-01-02T03:04:05Z`; microseconds where there are any: `2026-01-02T03:04:05.120000Z`. What botocore sends. */
export function formatIso8601({ seconds, micros }: Moment): string {
  return clock(seconds) + (micros ? `.${sixDigits(micros)}` : '') + 'Z'
}

/** `Fri, 02 Jan 2026 03:04:05 GMT`. */
export function formatHttpDate({ seconds }: Moment): string {
  return new Date(seconds * 1000).toUTCString()
}

/** `2026-01-02T03:04:05Z` with milliseconds where there are any: what the services answer. */
export function formatIso8601Millis({ seconds, micros }: Moment): string {
  const millis = Math.floor(micros / 1000)
  return clock(seconds) + (millis ? `.${String(millis).padStart(3, '0')}` : '') + 'Z'
}

/**
 * What AWS CLI prints for a timestamp of the wire: Python's `parse_timestamp(value).isoformat()`.
 * `1767322800` → `2026-01-02T03:00:00+00:00` in the local zone; text keeps the offset it has, or has not.
 */
export function isoformat(value: Timestamp): string {
  const { seconds, micros, offset } = parseTimestamp(value)
  const fraction = micros ? `.${sixDigits(micros)}` : ''
  if (offset === undefined) return clock(seconds) + fraction
  return clock(seconds + offset) + fraction + offsetText(offset)
}

function offsetText(offset: number): string {
  const size = Math.abs(offset)
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60]
  if (size % 60) parts.push(size % 60)
  return (offset < 0 ? '-' : '+') + map(parts, (part) => String(part).padStart(2, '0')).join(':')
}

function sixDigits(micros: number): string {
  return String(micros).padStart(6, '0')
}

/** `2026-01-02T03:04:05` of a moment, in UTC. */
function clock(seconds: number): string {
  const date = new Date(seconds * 1000)
  const year = date.getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) throw new Failure('InvalidValue', `year ${year} is out of range`)
  return date.toISOString().slice(0, 19)
}
