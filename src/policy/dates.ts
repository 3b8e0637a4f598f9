// Which instant does a date in a policy or a request mean?
//
// W3C's profile of ISO 8601, or seconds since 1970. IAM's reader is laxer than the profile: `2016-12-13t2:00:00.5+23`
// and a bare `01T` pass, which is known from documents AWS accepted and refused.

const ISO =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:t(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?(z|[+-]\d\d(?::?\d\d)?)?)?)?$/i
const EPOCH = /^\d{1,19}(?:\.\d{1,9})?$/
const LARGEST_LONG = 9223372036854775807n

/** Milliseconds since 1970 (infinite where a Date cannot hold them), or undefined when it is no date for IAM. */
export function parseDate(text: string): number | undefined {
  if (!/[-t]/i.test(text)) {
    if (!EPOCH.test(text) || BigInt(text.split('.')[0]!) > LARGEST_LONG) return undefined
    return Number(text) * 1000
  }
  const found = ISO.exec(text)
  if (!found) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction, zone] = found
  const inRange =
    within(year, -292275054, 292278993) &&
    within(month, 1, 12) &&
    within(day, 1, 31) &&
    within(hours, 0, 23) &&
    within(minutes, 0, 59) &&
    within(seconds, 0, 59)
  if (!inRange) return undefined
  const offset = offsetOf(zone)
  if (offset === undefined) return undefined

  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))
  date.setUTCHours(Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0), 0)
  if (Number.isNaN(date.getTime())) return Number(year) < 0 ? -Infinity : Infinity
  return date.getTime() + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000) - offset * 60_000
}

function within(text: string | undefined, least: number, most: number): boolean {
  return text === undefined || (Number(text) >= least && Number(text) <= most)
}

/** Minutes east of Greenwich. */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'z' || zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 23 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
}
