// How many requests are under way at once?

/** Places for so many at a time; who comes later waits in line. */
export class Slots {
  limit: number
  #taken = 0
  readonly #waiting: (() => void)[] = []
  #next = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get taken(): number {
    return this.#taken
  }

  /** Undefined when a place was free. */
  take(): Promise<void> | undefined {
    if (this.#taken < this.limit) {
      this.#taken++
      return undefined
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  give(): void {
    this.#taken--
    this.admit()
  }

  /** Lets those in line have what is free; to be called when the limit was raised. */
  admit(): void {
    while (this.#taken < this.limit && this.#next < this.#waiting.length) {
      this.#taken++
      this.#waiting[this.#next++]!()
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting.length = 0
      this.#next = 0
    }
  }

  /** Runs one under a place of its own. */
  async within<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.take()
    if (turn) await turn
    try {
      return await act()
    } finally {
      this.give()
    }
  }
}

/** Completions that are waited for before a rate is believed. */
const leastWindow = 48

/** Rates that differ by less are the same. */
const better = 1.1

/**
 * Places that become more as long as more of them get more done: over a long way a request mostly waits, next door it
 * mostly works. Fewer when the other side says that it is too much.
 */
export class GrowingSlots extends Slots {
  readonly #most: number
  readonly #now: () => number
  /** The rate with half as many places, in completions a millisecond. */
  #before = 0
  #settled = 0
  /** Completions left over from before the limit changed, which tell nothing of it. */
  #old = 0
  #done = 0
  #since: number | undefined

  constructor(start: number, most: number, now: () => number = () => performance.now()) {
    super(start)
    this.#most = most
    this.#now = now
  }

  override give(): void {
    super.give()
    if (this.#old > 0) return void this.#old--
    if (this.limit >= this.#most && this.#settled === 0) return
    this.#since ??= this.#now()
    if (++this.#done < Math.max(leastWindow, this.limit)) return
    const rate = this.#done / Math.max(this.#now() - this.#since, 0.001)
    this.#done = 0
    this.#since = undefined
    if (this.#settled > 0) {
      if (--this.#settled === 0) this.#before = 0
    } else if (rate > this.#before * better) {
      this.#before = rate
      this.#change(this.limit * 2)
    } else {
      this.#settled = 32
      this.#change(this.limit / 2)
    }
  }

  /** Fewer at once, and for a while not more again. */
  tooMany(): void {
    if (this.#old > 0) return // of the same burst
    this.#settled = 64
    this.#change(this.limit / 2)
  }

  #change(limit: number): void {
    this.limit = Math.min(this.#most, Math.max(4, Math.floor(limit)))
    this.#old = this.limit
    this.#done = 0
    this.#since = undefined
    this.admit()
  }
}
