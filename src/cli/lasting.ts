// How long does something still last, in words?

/** `11 h 58 min`, `4 min`, `30 s`, `2 days`; `ended` for what is past. */
export function timeLeft(until: Date, now: Date): string {
  const seconds = Math.floor((until.getTime() - now.getTime()) / 1000)
  if (seconds <= 0) return 'ended'
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** `2026-01-02 03:04 UTC` */
export function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `AKIA…MPLE`: enough to know it by. */
export function shortKey(accessKeyId: string): string {
  return accessKeyId.length <= 8 ? accessKeyId : `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`
}
