// What does the clock of a time zone show? `America/New_York`, `UTC`, `+05:30`, `UTC+05:30`.

/** How far a zone's clock is ahead of UTC at a moment; all in milliseconds. Throws RangeError for no zone. */
export function aheadOf(zone: string): (moment: number) => number {
  if (zone === 'UTC') return () => 0
  const ahead = offsetIn(zone, /^(?:UTC)?([+-])(\d\d):([0-5]\d)$/)
  if (ahead !== undefined) return () => ahead
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (moment) => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
    const { year, month, day, hour, minute, second } = parts as Record<string, number>
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(moment / 1000) * 1000
  }
}

/** An offset from UTC, in milliseconds; undefined where the text has not this form. `form`: of a sign, hours and minutes. */
export function offsetIn(text: string, form: RegExp): number | undefined {
  const [, sign, hours, minutes] = form.exec(text) ?? []
  if (sign === undefined) return undefined
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000)
}
