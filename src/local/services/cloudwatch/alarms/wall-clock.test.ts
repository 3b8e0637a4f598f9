// Ends of periods by the clocks of several zones, and windows that cannot be.

import { expect, test } from 'bun:test'
import type { AwsError } from '../../../../lib/errors.ts'
import { checkWindow, lastEnd } from './wall-clock.ts'

test.each([
  // 2026-11-18 is a Wednesday.
  ['2026-11-18T13:47:21Z', 60, undefined, '2026-11-18T13:47:00Z'],
  ['2026-11-18T13:47:21Z', 3600, undefined, '2026-11-18T13:00:00Z'],
  ['2026-11-18T13:47:21Z', 3600, 'Asia/Kolkata', '2026-11-18T13:30:00Z'],
  ['2026-11-18T13:47:21Z', 3600, '+05:45', '2026-11-18T13:15:00Z'],
  ['2026-11-18T13:47:21Z', 86_400, undefined, '2026-11-18T00:00:00Z'],
  ['2026-11-18T13:47:21Z', 86_400, 'America/New_York', '2026-11-18T05:00:00Z'],
  ['2026-11-18T03:47:21Z', 86_400, 'UTC-05:00', '2026-11-17T05:00:00Z'],
  ['2026-11-18T13:47:21Z', 604_800, undefined, '2026-11-16T00:00:00Z'],
  ['2026-11-16T00:00:00Z', 604_800, undefined, '2026-11-16T00:00:00Z'],
  ['2026-11-16T03:00:00Z', 604_800, 'America/New_York', '2026-11-09T05:00:00Z'],
  // In Berlin the clocks go forward on the 29th of March at 1:00 UTC.
  ['2026-03-29T12:00:00Z', 86_400, 'Europe/Berlin', '2026-03-28T23:00:00Z'],
  ['2026-03-30T12:00:00Z', 86_400, 'Europe/Berlin', '2026-03-29T22:00:00Z'],
])('at %s, %d s by %s', (now, period, Timezone, end) => {
  const at = lastEnd(Date.parse(now) / 1000, period, Timezone === undefined ? {} : { Timezone })
  expect(new Date(at * 1000).toISOString()).toBe(end.replace('Z', '.000Z'))
})

test.each([
  [{}, 60, 'Exactly one of SlidingWindow and WallClockWindow must be set in EvaluationWindow'],
  [
    { WallClockWindow: {} },
    120,
    'Period must be one of 60, 300, 3600, 86400, 604800 for an alarm with a WallClockWindow',
  ],
  [{ WallClockWindow: { Timezone: 'Mars/Base' } }, 60, 'The time zone Mars/Base is not valid.'],
  [{ WallClockWindow: { Timezone: '+05:31' } }, 60, 'The time zone +05:31 is not valid.'],
  [{ WallClockWindow: { Timezone: '-03:30' } }, 60, undefined],
  [{ WallClockWindow: { Timezone: 'Europe/Berlin' } }, 604_800, undefined],
  [{ SlidingWindow: {} }, 120, undefined],
])('%j with periods of %d', (window, period, message) => {
  let refused: string | undefined
  try {
    checkWindow(window, period)
  } catch (error) {
    refused = (error as AwsError).message
  }
  expect(refused).toBe(message!)
})
