// How fast may bytes travel? So many a second over all transfers together, where somebody set a limit.

import { sleep } from '../client/retry.ts'

/** Answers when so many bytes may go: at once as long as the rate allows, else after its share of time. */
export function pacer(
  bytesPerSecond: number,
  now: () => number = () => performance.now(),
  pause: (seconds: number) => Promise<void> = sleep,
): (bytes: number) => Promise<void> | undefined {
  let free = now()
  return (bytes) => {
    const time = now()
    const wait = free - time
    free = Math.max(free, time) + (bytes / bytesPerSecond) * 1000
    return wait > 0 ? pause(wait / 1000) : undefined
  }
}
