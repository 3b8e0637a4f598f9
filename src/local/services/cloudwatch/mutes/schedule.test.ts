// When mute rules are at work: a table of expressions and moments.

import { expect, test } from 'bun:test'
import { checkSchedule, lastWindow } from './schedule.ts'

const at = (text: string): number => Date.parse(text)

// Expression, duration, time zone, now; the window that began last.
const windows: readonly [string, string, string | undefined, string, string?][] = [
  ['cron(0 2 * * *)', 'PT4H', undefined, '2026-03-05T03:00:00Z', '2026-03-05T02:00:00Z'],
  ['cron(0 2 * * *)', 'PT4H', undefined, '2026-03-05T01:59:00Z', '2026-03-04T02:00:00Z'],
  ['cron(0 18 * * FRI)', 'P2DT12H', undefined, '2026-03-09T05:00:00Z', '2026-03-06T18:00:00Z'],
  ['cron(0 2 * * 7)', 'PT1H', undefined, '2026-03-08T02:00:00Z', '2026-03-08T02:00:00Z'],
  ['cron(0 1 1 * *)', 'PT6H', undefined, '2026-03-01T02:00:00Z', '2026-03-01T01:00:00Z'],
  ['cron(0 1 1 * *)', 'PT6H', undefined, '2026-03-20T02:00:00Z'],
  ['cron(30 9-17 * * MON-FRI)', 'PT30M', undefined, '2026-03-06T17:45:00Z', '2026-03-06T17:30:00Z'],
  ['cron(0,30 0 1,15 JAN,JUL *)', 'PT1H', undefined, '2026-07-15T00:40:00Z', '2026-07-15T00:30:00Z'],
  ['cron(0 2 * * *)', 'PT1H', 'America/New_York', '2026-01-15T07:30:00Z', '2026-01-15T07:00:00Z'],
  ['cron(0 2 * * *)', 'PT1H', 'America/New_York', '2026-07-15T06:30:00Z', '2026-07-15T06:00:00Z'],
  ['cron(0 9 * * *)', 'PT1H', 'Asia/Tokyo', '2026-01-15T00:10:00Z', '2026-01-15T00:00:00Z'],
  ['at(2026-05-01T10:00)', 'PT1H', 'Europe/London', '2026-05-01T09:30:00Z', '2026-05-01T09:00:00Z'],
  ['at(2026-05-01T10:00)', 'PT1H', undefined, '2026-05-01T09:30:00Z'],
]

for (const [Expression, Duration, Timezone, now, start] of windows)
  test(`${Expression} ${Timezone ?? ''} at ${now}`, () => {
    const found = lastWindow({ Expression, Duration, ...(Timezone !== undefined && { Timezone }) }, at(now))
    expect(found && new Date(found.start).toISOString()).toBe(start && new Date(start).toISOString())
  })

const wrong: readonly [string, string, string?][] = [
  ['cron(0 2 * *)', 'PT1H'],
  ['cron(60 2 * * *)', 'PT1H'],
  ['cron(5-1 2 * * *)', 'PT1H'],
  ['cron(*/5 * * * *)', 'PT1H'],
  ['cron(0 2 * * FUN)', 'PT1H'],
  ['rate(5 minutes)', 'PT1H'],
  ['at(2026-13-01T10:00)', 'PT1H'],
  ['cron(0 2 * * *)', 'PT30S'],
  ['cron(0 2 * * *)', 'P16D'],
  ['cron(0 2 * * *)', 'P'],
  ['cron(0 2 * * *)', 'PT'],
  ['cron(0 2 * * *)', 'PT1H', 'Nowhere/City'],
]

for (const [Expression, Duration, Timezone] of wrong)
  test(`${Expression} for ${Duration} ${Timezone ?? ''} is refused`, () => {
    expect(() => checkSchedule({ Expression, Duration, ...(Timezone !== undefined && { Timezone }) })).toThrow(
      expect.objectContaining({ code: 'ValidationError' }),
    )
  })
