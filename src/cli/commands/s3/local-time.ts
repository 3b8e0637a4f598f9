// Moments as people here read them: `2026-01-02 04:04:05` in the machine's own time zone.

/**
 * Formats milliseconds since 1970. What a Date would be asked for each line is asked once an hour of listed time: time
 * zones change on the quarter of an hour only.
 */
export function localTimes(): (milliseconds: number) => string {
  let quarter = Number.NaN
  let offset = 0
  let day = Number.NaN
  let date = ''
  return (milliseconds) => {
    const seconds = Math.floor(milliseconds / 1000)
    if (Math.floor(seconds / 900) !== quarter) {
      quarter = Math.floor(seconds / 900)
      offset = new Date(milliseconds).getTimezoneOffset() * 60
    }
    const local = seconds - offset
    if (Math.floor(local / 86_400) !== day) {
      day = Math.floor(local / 86_400)
      date = new Date(day * 86_400_000).toISOString().slice(0, 10)
    }
    const second = local - day * 86_400
    return `${date} ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
  }
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
