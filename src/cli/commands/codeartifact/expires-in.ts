// How long from now, in words: the largest unit and the one below it.

const UNITS = ['year', 'month', 'day', 'hour', 'minute'] as const

/** `12 hours`, `1 day and 2 hours`; half a minute more than it is, because 11:59:31 is meant as 12 hours. */
export function expiresIn(end: Date, now: Date): string {
  const parts = difference(end, now)
  const at = UNITS.findIndex((unit) => parts[unit] > 0)
  if (at < 0) return ''
  const words = [said(parts[UNITS[at]!], UNITS[at]!)]
  const next = UNITS[at + 1]
  if (next !== undefined && parts[next] > 0) words.push(said(parts[next], next))
  return words.join(' and ')
}

function said(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** By the calendar, as dateutil's relativedelta counts. */
function difference(end: Date, now: Date): Record<(typeof UNITS)[number], number> {
  let months = (end.getUTCFullYear() - now.getUTCFullYear()) * 12 + end.getUTCMonth() - now.getUTCMonth()
  const after = (count: number): Date => {
    const date = new Date(now)
    date.setUTCDate(1)
    date.setUTCMonth(date.getUTCMonth() + count)
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
    date.setUTCDate(Math.min(now.getUTCDate(), last))
    return date
  }
  if (months > 0 && after(months) > end) months--
  let rest = Math.max(0, end.getTime() - after(months).getTime()) + 30_000
  const take = (size: number): number => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count
  }
  const [day, hour, minute] = [take(86_400_000), take(3_600_000), take(60_000)]
  return { year: Math.floor(months / 12), month: months % 12, day, hour, minute }
}
