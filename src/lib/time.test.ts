// Do timestamps mean what botocore and dateutil take them for, and are they written the same way?

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { moment } from './date-text.ts'
import { dateOf, formatHttpDate, formatIso8601, formatIso8601Millis, isoformat, parseTimestamp } from './time.ts'
import type { Moment } from './date-text.ts'
import { Float } from './value.ts'

/** What dateutil.parser.parse makes of a text on 31 March 2026, as isoformat; after '!' the reason why not. */
const texts: [text: string, meaning: string][] = [
  ['2026-01-02', '2026-01-02T00:00:00'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02T03:04:05.5Z', '2026-01-02T03:04:05.500000+00:00'],
  ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456+00:00'],
  ['2026-01-02T03:04:05,25Z', '2026-01-02T03:04:05.250000+00:00'],
  ['2026-01-02 03:04:05', '2026-01-02T03:04:05'],
  ['2026-01-02 03:04', '2026-01-02T03:04:00'],
  ['2026-01-02T03:04', '2026-01-02T03:04:00'],
  ['2026-01-02T03', '2026-01-02T03:00:00'],
  ['2026-01-02T03Z', '2026-01-02T03:00:00+00:00'],
  ['2026-01-02T03:04:05+01:00', '2026-01-02T03:04:05+01:00'],
  ['2026-01-02T03:04:05+0530', '2026-01-02T03:04:05+05:30'],
  ['2026-01-02T03:04:05-08', '2026-01-02T03:04:05-08:00'],
  ['2026-01-02T03:04:05 +01:00', '2026-01-02T03:04:05+01:00'],
  ['2026-01-02T03:04:05z', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02 03:04:05 UTC', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02 03:04:05 GMT', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02 03:04:05 GMT+3', '2026-01-02T03:04:05-03:00'],
  ['2026-01-02 03:04:05 UTC+3', '2026-01-02T03:04:05-03:00'],
  ['20260102', '2026-01-02T00:00:00'],
  ['20260102T030405', '2026-01-02T03:04:05'],
  ['20260102T030405Z', '2026-01-02T03:04:05+00:00'],
  ['20260102T0304', '2026-01-02T03:04:00'],
  ['20260102030405', '2026-01-02T03:04:05'],
  ['2026-1-2', '2026-01-02T00:00:00'],
  ['2026/01/02', '2026-01-02T00:00:00'],
  ['2026/1/2 3:04', '2026-01-02T03:04:00'],
  ['2026.01.02', '2026-01-02T00:00:00'],
  ['01/02/2026', '2026-01-02T00:00:00'],
  ['13/02/2026', '2026-02-13T00:00:00'],
  ['01-02-2026', '2026-01-02T00:00:00'],
  ['1/2/26', '2026-01-02T00:00:00'],
  ['12/31/99', '1999-12-31T00:00:00'],
  ['Jan 2 2026', '2026-01-02T00:00:00'],
  ['Jan 2, 2026', '2026-01-02T00:00:00'],
  ['January 2, 2026', '2026-01-02T00:00:00'],
  ['2 Jan 2026', '2026-01-02T00:00:00'],
  ['2 January 2026', '2026-01-02T00:00:00'],
  ['02-Jan-2026', '2026-01-02T00:00:00'],
  ['02/Jan/2026', '2026-01-02T00:00:00'],
  ['02/Jan/2026:03:04:05 +0000', '! Unknown string format'],
  ['Jan 2026', '2026-01-31T00:00:00'],
  ['Sept 2 2026', '2026-09-02T00:00:00'],
  ['Fri, 02 Jan 2026 03:04:05 GMT', '2026-01-02T03:04:05+00:00'],
  ['Friday, January 2, 2026 3:04:05 PM', '2026-01-02T15:04:05'],
  ['Fri Jan  2 03:04:05 2026', '2026-01-02T03:04:05'],
  ['Fri Jan  2 03:04:05 UTC 2026', '2026-01-02T03:04:05+00:00'],
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37+00:00'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37+00:00'],
  ['Jan 2 2026 3:04 pm', '2026-01-02T15:04:00'],
  ['Jan 2 2026 3:04pm', '2026-01-02T15:04:00'],
  ['Jan 2 2026 3pm', '2026-01-02T15:00:00'],
  ['Jan 2 2026 12am', '2026-01-02T00:00:00'],
  ['2026-01-02 12:00 AM', '2026-01-02T00:00:00'],
  ['2026-01-02 12:30 p.m.', '2026-01-02T12:30:00'],
  ['2026-01-02T24:00:00Z', '! hour must be in 0..23'],
  ['2026-01-02T23:59:60Z', '! second must be in 0..59'],
  ['2026-13-01', '! month must be in 1..12'],
  ['2026-02-30', '! day is out of range for month'],
  ['2026-01-02T25:00:00', '! hour must be in 0..23'],
  ['2026-01-02T03:60:00', '! minute must be in 0..59'],
  ['2026-01', '2026-01-31T00:00:00'],
  ['2026-W01-1', '! Unknown string format'],
  ['2026-002', '! Unknown string format'],
  ['hello', '! Unknown string format'],
  ['now', '! Unknown string format'],
  ['yesterday', '! Unknown string format'],
  ['2026-01-02T03:04:05Z garbage', '! Unknown string format'],
  ['', '! String does not contain a date'],
  ['2026-01-02T03:04:05.000+00:00', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02T03:04:05.000000Z', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02T03:04:05EST', '2026-01-02T03:04:05'],
  ['2026-01-02 03:04:05 PST', '2026-01-02T03:04:05'],
  ['2nd January 2026', '2026-01-02T00:00:00'],
  ['January 2nd, 2026', '2026-01-02T00:00:00'],
  ['the 2nd of January 2026', '! Unknown string format'],
  ['2026-01-02T03:04:05+14:00', '2026-01-02T03:04:05+14:00'],
  ['2026-01-02T03:04:05-00:00', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02T03:04:05+00:00:30', '! Unknown string format'],
  ['3:04 pm', '2026-03-31T15:04:00'],
  ['10:30', '2026-03-31T10:30:00'],
]

function shown({ seconds, micros, offset }: Moment): string {
  const local = formatIso8601({ seconds: seconds + (offset ?? 0), micros }).slice(0, -1)
  if (offset === undefined) return local
  const minutes = Math.abs(offset) / 60
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${local}${offset < 0 ? '-' : '+'}${digits.join(':')}`
}

describe('texts mean what dateutil takes them for', () => {
  test.each(texts)('%s', (text, meaning) => {
    const found = moment(text, new Date(2026, 2, 31))
    expect(typeof found === 'string' ? `! ${found.slice(0, found.lastIndexOf(': '))}` : shown(found)).toBe(meaning)
  })
})

describe('isoformat, as AWS CLI prints the timestamps of the wire', () => {
  const cases: [wire: string | number | Float, text: string][] = [
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678000+00:00'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678901+00:00'],
    ['2026-01-02T03:04:05+05:30', '2026-01-02T03:04:05+05:30'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05'],
    ['Fri, 02 Jan 2026 03:04:05 GMT', '2026-01-02T03:04:05+00:00'],
    [1767323045, '2026-01-02T03:04:05+00:00'],
    ['1767323045', '2026-01-02T03:04:05+00:00'],
    [new Float(1767323045.678), '2026-01-02T03:04:05.678000+00:00'],
    [new Float(1.767323045678901e9), '2026-01-02T03:04:05.678901+00:00'],
    [0, '1970-01-01T00:00:00+00:00'],
    [-1, '1969-12-31T23:59:59+00:00'],
    [new Float(-0.5), '1969-12-31T23:59:59.500000+00:00'],
  ]
  // Epoch numbers are shown in the local zone.
  const zone = process.env['TZ']
  beforeAll(() => {
    process.env['TZ'] = 'UTC'
  })
  afterAll(() => {
    process.env['TZ'] = zone ?? 'UTC'
  })
  test.each(cases.map(([wire, text]) => [String(wire), wire, text] as const))('%s', (_, wire, text) => {
    expect(isoformat(wire)).toBe(text)
  })
  test('elsewhere', () => {
    process.env['TZ'] = 'America/New_York'
    expect(isoformat(1767323045)).toBe('2026-01-01T22:04:05-05:00')
    expect(isoformat(1782961445)).toBe('2026-07-01T23:04:05-04:00')
    expect(isoformat('2026-01-02T03:04:05Z')).toBe('2026-01-02T03:04:05+00:00')
    process.env['TZ'] = 'UTC'
  })
  test('what is no timestamp', () => {
    expect(() => isoformat('soon')).toThrow('Invalid timestamp "soon": Unknown string format: soon')
    expect(() => isoformat(1e15)).toThrow('out of range')
  })
})

describe('written', () => {
  const date = new Date('2026-01-02T03:04:05.600Z')
  test('as botocore sends it', () => {
    expect(formatIso8601(parseTimestamp('2026-01-02T04:04:05+01:00'))).toBe('2026-01-02T03:04:05Z')
    expect(formatIso8601(parseTimestamp(date))).toBe('2026-01-02T03:04:05.600000Z')
    expect(formatHttpDate(parseTimestamp(date))).toBe('Fri, 02 Jan 2026 03:04:05 GMT')
  })
  test('as services answer', () => {
    expect(formatIso8601Millis(parseTimestamp(date))).toBe('2026-01-02T03:04:05.600Z')
    expect(formatIso8601Millis(parseTimestamp(1767323045))).toBe('2026-01-02T03:04:05Z')
  })
  test('any date reads back', () => {
    const dates = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (one) => {
        expect(dateOf(parseTimestamp(formatIso8601(parseTimestamp(one))))).toEqual(one)
        expect(dateOf(parseTimestamp(formatIso8601Millis(parseTimestamp(one))))).toEqual(one)
        expect(dateOf(parseTimestamp(one))).toEqual(one)
      }),
    )
  })
})

const file = join(
  process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'),
  'vectors/misc/date_time_format_test_suite.json',
)
if (!existsSync(file)) console.log(`timestamp vectors: skipped, ${file} is not there`)

interface Vector {
  iso8601: string
  canonical_seconds: string
  canonical_nanos: number
  error: boolean
  smithy_format_value?: string
}

test.skipIf(!existsSync(file))('the timestamps of smithy-rs', () => {
  const suite = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Vector[]>
  const failures: string[] = []
  let count = 0
  let beyond = 0
  const check = (vector: Vector, got: () => string, want: string): void => {
    count++
    try {
      const found = got()
      if (found !== want) failures.push(`${vector.smithy_format_value}: ${found} is not ${want}`)
    } catch (error) {
      failures.push(`${vector.smithy_format_value}: ${(error as Error).message}`)
    }
  }
  /** Trailing zeros of a fraction are a matter of taste. */
  const trimmed = (text: string): string => text.replace(/(\.\d*?)0*(?=$|Z| GMT)/, '$1').replace(/\.(?=$|Z| GMT)/, '')
  for (const [name, vectors] of Object.entries(suite)) {
    if (name === 'description') continue
    for (const vector of vectors) {
      const { canonical_seconds: seconds, canonical_nanos: nanos, error, smithy_format_value: text } = vector
      const exact = { seconds: Number(seconds), micros: Math.floor(nanos / 1000) }
      if (error) {
        // Years that Python does not have either.
        check(
          vector,
          () => {
            try {
              return formatIso8601(exact)
            } catch {
              return 'refused'
            }
          },
          'refused',
        )
      } else if (name.startsWith('parse_')) {
        // A double has not always room for microseconds, and the vendor's text of a negative fraction is not its value.
        const inexact = nanos !== 0 && (Number(seconds) < 0 || Number(seconds) > 1e9 || nanos % 1000 !== 0)
        if (name === 'parse_epoch_seconds' && inexact) beyond++
        else
          check(
            vector,
            () => {
              const { seconds: s, micros } = parseTimestamp(text!)
              return `${s} ${micros}`
            },
            `${exact.seconds} ${exact.micros}`,
          )
      } else if (name === 'format_date_time' && nanos % 1000 === 0) {
        check(vector, () => trimmed(formatIso8601(exact)), trimmed(text!))
      } else if (name === 'format_http_date') {
        check(vector, () => formatHttpDate(exact), text!.replace(/\.\d+/, ''))
      } else {
        beyond++
      }
    }
  }
  console.log(
    `timestamp vectors: ${count - failures.length} of ${count}; ${beyond} more are finer than microseconds or doubles are, or only print numbers`,
  )
  expect(failures).toEqual([])
})
