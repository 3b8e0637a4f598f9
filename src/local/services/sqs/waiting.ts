// Who waits for a message? Long polls of this process are woken when one of its own sends; what other processes do is
// seen a moment later. Whether there is anything to receive only the store can tell.

const waiting = new Map<string, Set<() => void>>()

/** Tells those who wait for the queue (its id) that something may have come. */
export function arrived(queue: string): void {
  for (const wake of waiting.get(queue) ?? []) wake()
}

/** Until something arrives, or at the latest `most` milliseconds. */
export function arrival(queue: string, most: number): Promise<void> {
  return new Promise((done) => {
    const here = waiting.get(queue) ?? new Set()
    waiting.set(queue, here)
    const wake = (): void => {
      clearTimeout(timer)
      here.delete(wake)
      if (here.size === 0) waiting.delete(queue)
      done()
    }
    const timer = setTimeout(wake, most)
    here.add(wake)
  })
}
