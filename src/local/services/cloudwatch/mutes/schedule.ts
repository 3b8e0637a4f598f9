// When is a mute rule at work? Cron expressions for what comes again, at expressions for what comes once, each for a while,
// by the clock of a time zone.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html

import { validationError } from '../errors.ts'
import { aheadOf } from '../zones.ts'

export interface Schedule {
  readonly Expression: string
  readonly Duration: string
  readonly Timezone?: string
}

/** Milliseconds: from, and until but not at. */
export interface Window {
  readonly start: number
  readonly end: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Throws ValidationError. */
export function checkSchedule(schedule: Schedule): void {
  durationOf(schedule)
  timesOf(schedule)
  try {
    clockOf(schedule.Timezone ?? 'UTC')
  } catch {
    throw validationError(`The time zone ${schedule.Timezone} is not valid.`)
  }
}

export function comesOnce({ Expression }: Schedule): boolean {
  return Expression.startsWith('at(')
}

/** The last window that began by `now`; undefined before the first. */
export function lastWindow(schedule: Schedule, now: number): Window | undefined {
  const length = durationOf(schedule)
  const start = lastStart(schedule, now, length)
  return start === undefined ? undefined : { start, end: start + length }
}

/** `PT4H`, `P2DT12H`: a minute to fifteen days. */
function durationOf({ Duration }: Schedule): number {
  const [all, days, hours, minutes] = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(Duration) ?? []
  const length = Number(days ?? 0) * day + Number(hours ?? 0) * hour + Number(minutes ?? 0) * minute
  if (all === undefined || length < minute || length > 15 * day)
    throw validationError(`The duration ${Duration} is not an ISO 8601 duration between PT1M and P15D.`)
  return length
}

// --- expressions -------------------------------------------------------------------------------------------------------

interface Cron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly fits: (date: Date) => boolean
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const weekdays = 'SUN MON TUE WED THU FRI SAT'.split(' ')

function timesOf({ Expression }: Schedule): { readonly at: number } | Cron {
  const [, moment] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)$/.exec(Expression) ?? []
  if (moment !== undefined) {
    const at = Date.parse(`${moment}:00Z`)
    if (!Number.isNaN(at)) return { at }
  }
  const fields = /^cron\((.+)\)$/.exec(Expression)?.[1]?.trim().split(/\s+/)
  if (fields?.length !== 5) throw badExpression(Expression)
  const [minutes, hours, dates, inMonths, onDays] = fields as [string, string, string, string, string]
  const numbers = (text: string, least: number, most: number, names: readonly string[] = []): number[] =>
    numbersIn(text, least, most, names, Expression)
  const [byDate, byMonth] = [numbers(dates, 1, 31), numbers(inMonths, 1, 12, ['', ...months])]
  const byDay = numbers(onDays, 0, 7, weekdays).map((each) => each % 7)
  return {
    minutes: numbers(minutes, 0, 59),
    hours: numbers(hours, 0, 23),
    fits(date) {
      if (!byMonth.includes(date.getUTCMonth() + 1)) return false
      const [isDate, isDay] = [byDate.includes(date.getUTCDate()), byDay.includes(date.getUTCDay())]
      // As cron has it: where both are limited, either will do.
      return dates !== '*' && onDays !== '*' ? isDate || isDay : isDate && isDay
    },
  }
}

/** `*`, `1-5`, `1,15`, `MON-FRI`, rising. */
function numbersIn(text: string, least: number, most: number, names: readonly string[], whole: string): number[] {
  const numberOf = (word: string): number => {
    const value = names.includes(word.toUpperCase())
      ? names.indexOf(word.toUpperCase())
      : /^\d+$/.test(word)
        ? Number(word)
        : NaN
    if (!(value >= least && value <= most)) throw badExpression(whole)
    return value
  }
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [from, to] = part === '*' ? [least, most] : (part.split('-').map(numberOf) as [number, number?])
    if (part.split('-').length > 2 || (to !== undefined && to < from)) throw badExpression(whole)
    for (let n = from; n <= (to ?? from); n++) found.add(n)
  }
  return [...found].sort((a, b) => a - b)
}

function badExpression(text: string): Error {
  return validationError(`The schedule expression ${text} is not valid.`)
}

function lastStart(schedule: Schedule, now: number, length: number): number | undefined {
  const times = timesOf(schedule)
  const toUtc = clockOf(schedule.Timezone ?? 'UTC')
  if ('at' in times) {
    const start = toUtc(times.at)
    return start <= now ? start : undefined
  }
  // No window that began earlier is still open; a day more on both sides for the time zones.
  const tomorrow = Math.floor(now / day) * day + day
  for (let date = tomorrow; date > now - length - 2 * day; date -= day) {
    if (!times.fits(new Date(date))) continue
    for (const h of times.hours.toReversed())
      for (const m of times.minutes.toReversed()) {
        const start = toUtc(date + h * hour + m * minute)
        if (start <= now) return start
      }
  }
  return undefined
}

// --- time zones --------------------------------------------------------------------------------------------------------

/** From what a zone's clock shows, as if it were UTC, to the moment (milliseconds). Throws RangeError for no zone. */
function clockOf(zone: string): (shown: number) => number {
  const ahead = aheadOf(zone)
  // The offset at about that time, and then at the time that follows from it: right on the days when clocks change, too.
  return (shown) => shown - ahead(shown - ahead(shown))
}
