// What moment does a piece of text mean?
//
// AWS CLI hands timestamps to python-dateutil, which takes nearly anything a person writes: `2026-01-02`,
// `20260102T030405Z`, `Jan 2 2026 3:04 pm`, `Fri, 02 Jan 2026 03:04:05 GMT`, `10:30` (today). This reads the forms
// that people use, with the same meaning; where dateutil would guess wildly, this refuses.
// https://dateutil.readthedocs.io/en/stable/parser.html

export interface Moment {
  /** Since 1970-01-01T00:00:00Z, rounded down. */
  readonly seconds: number
  /** 0 to 999999, to be added. */
  readonly micros: number
  /** Seconds east of Greenwich as written, or the local zone's for an epoch number; undefined where the text names none. */
  readonly offset?: number
}

interface Fields {
  year?: number
  month?: number
  day?: number
  weekday?: number
  hour?: number
  minute?: number
  second?: number
  micros?: number
  offset?: number
}

/** The moment, or the reason there is none, in dateutil's words. */
export function moment(text: string, now = new Date()): Moment | string {
  const fields = isoFields(text) ?? looseFields(text)
  if (typeof fields === 'string') return fields
  return built(fields, text, now)
}

/** The forms of ISO 8601 that services send: by far the most common, so they are tried first. */
function isoFields(text: string): Fields | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = found
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    micros: microsOf(fraction),
    offset: zone === undefined ? undefined : offsetOf(zone),
  }
}

/** Six digits; more are cut off. */
function microsOf(fraction = ''): number {
  return Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** `Z`, `+01:00`, `-0530`, `+09`, in seconds. */
function offsetOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.length < 3 ? digits : digits.slice(0, -2))
  const minutes = digits.length < 3 ? 0 : Number(digits.slice(-2))
  const seconds = hours * 3600 + minutes * 60
  return zone.startsWith('-') && seconds ? -seconds : seconds
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WEEKDAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

function looseFields(text: string): Fields | string {
  const unknown = `Unknown string format: ${text}`
  const fields: Fields = {}
  let rest = text.trim().replace(/(?<=\d)T$/i, '')
  if (rest === '') return `String does not contain a date: ${text}`

  rest = takeClock(rest, fields)
  const numbers: string[] = []
  for (const word of rest.split(/[\s,;./-]+/)) {
    if (word === '') continue
    const lower = word.toLowerCase()
    const month = MONTH_NAMES.indexOf(lower) >= 0 ? MONTH_NAMES.indexOf(lower) : monthAbbreviated(lower)
    const weekday = WEEKDAY_NAMES.indexOf(lower) >= 0 ? WEEKDAY_NAMES.indexOf(lower) : WEEKDAYS.indexOf(lower)
    if (month >= 0 && fields.month === undefined) fields.month = month + 1
    else if (weekday >= 0) fields.weekday = weekday
    else if (/^\d+(?:st|nd|rd|th)?$/i.test(word)) numbers.push(word.replace(/\D/g, ''))
    else if (!['at', 'on', 'and', 'ad', 'of', 't'].includes(lower)) return unknown
  }
  return placeNumbers(fields, numbers) ? fields : unknown
}

function monthAbbreviated(word: string): number {
  return word === 'sept' ? 8 : MONTHS.indexOf(word)
}

/** Takes `10:20`, `10:20:30.5 +01:00`, `10h36m28.5s`, `3 pm`, `T101112Z` out of the text. */
function takeClock(text: string, fields: Fields): string {
  const colons = /(^|[\sT,])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s*([ap])\.?m\b\.?)?/i.exec(text)
  if (colons) {
    setClock(fields, colons[2]!, colons[3], colons[4], colons[5])
    halfDay(fields, colons[6])
    return around(text, colons, fields)
  }
  const spelled = /(^-?|[\sT])(\d{1,2})h(?:(\d{1,2})m)?(?:(\d{1,2})(?:\.(\d+))?s)?(?=$|\s)/i.exec(text)
  if (spelled) {
    setClock(fields, spelled[2]!, spelled[3], spelled[4], spelled[5])
    return around(text, spelled, fields)
  }
  const twelve = /(^|\s)(\d{1,2})\s*([ap])\.?m\b\.?/i.exec(text)
  if (twelve) {
    setClock(fields, twelve[2]!)
    halfDay(fields, twelve[3])
    return around(text, twelve, fields)
  }
  const compact = /(?<=^(?:\d{8}|\d{4}-\d\d-\d\d))[T\s](\d\d)(\d\d)?(?:(\d\d)(?:\.(\d+))?)?(?=$|[Z+-]|\s)/i.exec(text)
  if (compact) {
    setClock(fields, compact[1]!, compact[2], compact[3], compact[4])
    return around(text, compact, fields)
  }
  const joined = /(?<=^\d{8})(\d\d)(\d\d)(\d\d)?$/.exec(text)
  if (joined) {
    setClock(fields, joined[1]!, joined[2], joined[3])
    return around(text, joined, fields)
  }
  return text
}

function setClock(fields: Fields, hour: string, minute = '0', second = '0', fraction?: string): void {
  fields.hour = Number(hour)
  fields.minute = Number(minute)
  fields.second = Number(second)
  fields.micros = microsOf(fraction)
}

/** What is left of the text without the clock and the zone that follows it: `Z`, `UTC`, `GMT`, `+01:00`, `-0530`. */
function around(text: string, clock: RegExpExecArray, fields: Fields): string {
  const before = text.slice(0, clock.index)
  const after = text.slice(clock.index + clock[0].length)
  const zone = /^(?:\s*(Z|[A-Z]{3,5})(?![A-Za-z]))?(\s*[+-]\d{1,2}(?::?\d{2})?(?![\d:]))?/.exec(
    after.replace(/^(\s*)z/, '$1Z'),
  )!
  const [, name, offset] = zone
  if (name !== undefined && monthAbbreviated(name.toLowerCase()) >= 0) return `${before} ${after}`
  if (offset !== undefined) {
    const seconds = offsetOf(offset.trim())
    // `GMT+3` says that adding three hours to this clock gives GMT, as in POSIX.
    fields.offset = name !== undefined && !offset.startsWith(' ') && seconds !== 0 ? -seconds : seconds
  } else if (name === 'Z' || name === 'UTC' || name === 'GMT') {
    fields.offset = 0
  }
  return `${before} ${after.slice(zone[0].length)}`
}

function halfDay(fields: Fields, letter: string | undefined): void {
  if (letter === undefined || fields.hour === undefined) return
  if (/p/i.test(letter) && fields.hour < 12) fields.hour += 12
  else if (/a/i.test(letter) && fields.hour === 12) fields.hour = 0
}

/** Says which number is the year, the month and the day: month first where it is open, as dateutil does. */
function placeNumbers(fields: Fields, numbers: string[]): boolean {
  const [first, second, third] = numbers
  if (numbers.length > 3 || numbers.some((text) => text.length === 3)) return false
  if (numbers.length === 1 && first!.length === 8 && fields.month === undefined) {
    fields.year = Number(first!.slice(0, 4))
    fields.month = Number(first!.slice(4, 6))
    fields.day = Number(first!.slice(6))
    return true
  }
  const isYear = (text: string): boolean => text.length > 2 || Number(text) > 31
  const year = (text: string): number => {
    const number = Number(text)
    return text.length > 2 || number >= 100 ? number : number + (number < 69 ? 2000 : 1900)
  }
  if (fields.month !== undefined) {
    if (third !== undefined) return false
    if (second === undefined) {
      if (first !== undefined) {
        if (isYear(first)) fields.year = year(first)
        else fields.day = Number(first)
      }
      return true
    }
    const [yearText, dayText] = isYear(first!) ? [first!, second] : [second, first!]
    fields.year = year(yearText)
    fields.day = Number(dayText)
    return true
  }
  if (numbers.length === 0) return fields.hour !== undefined || fields.weekday !== undefined
  if (numbers.length === 1) {
    if (isYear(first!)) fields.year = year(first!)
    else fields.day = Number(first)
    return true
  }
  if (numbers.length === 2) {
    if (isYear(first!)) [fields.year, fields.month] = [year(first!), Number(second)]
    else if (isYear(second!)) [fields.month, fields.year] = [Number(first), year(second!)]
    else if (Number(first) > 12) [fields.day, fields.month] = [Number(first), Number(second)]
    else [fields.month, fields.day] = [Number(first), Number(second)]
    return true
  }
  if (isYear(first!)) {
    const monthLast = Number(second) > 12
    fields.year = year(first!)
    fields.month = Number(monthLast ? third : second)
    fields.day = Number(monthLast ? second : third)
    return true
  }
  const dayFirst = Number(first) > 12
  fields.month = Number(dayFirst ? second : first)
  fields.day = Number(dayFirst ? first : second)
  fields.year = year(third!)
  return true
}

/** What is not named is taken from today's midnight. */
function built(fields: Fields, text: string, now: Date): Moment | string {
  const year = fields.year ?? now.getFullYear()
  const month = fields.month ?? now.getMonth() + 1
  if (year < 1 || year > 9999) return `year ${year} is out of range: ${text}`
  if (month < 1 || month > 12) return `month must be in 1..12: ${text}`
  const last = daysIn(year, month)
  let day = fields.day ?? Math.min(now.getDate(), last)
  if (day < 1 || day > last) return `day is out of range for month: ${text}`
  const { hour = 0, minute = 0, second = 0, micros = 0, offset } = fields
  if (hour > 23) return `hour must be in 0..23: ${text}`
  if (minute > 59) return `minute must be in 0..59: ${text}`
  if (second > 59) return `second must be in 0..59: ${text}`
  if (Math.abs(offset ?? 0) >= 86_400) return `offset must be strictly between a day back and a day ahead: ${text}`
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (fields.weekday !== undefined && fields.day === undefined) {
    day += (fields.weekday + 8 - date.getUTCDay()) % 7
    date.setUTCFullYear(year, month - 1, day)
  }
  date.setUTCHours(hour, minute, second)
  return { seconds: date.getTime() / 1000 - (offset ?? 0), micros, offset }
}

function daysIn(year: number, month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}
