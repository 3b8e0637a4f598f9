// How many requests are under way at once?

/** Places for so many at a time; whoever comes later waits in line. */
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

/** Both in milliseconds. */
interface Clock {
  now(): number
  /** How long the thread has worked that makes the requests. */
  worked(): number
}

export const ownClock: Clock = {
  now: () => performance.now(),
  worked() {
    const { user, system } = (process as ThreadClock).threadCpuUsage?.() ?? process.cpuUsage()
    return (user + system) / 1000
  },
}

/** Node has it from 23.9 on. */
type ThreadClock = typeof process & { threadCpuUsage?(): NodeJS.CpuUsage }

/** Completions that are waited for before a rate is believed. */
const leastWindow = 48

/** Rates that differ by less are the same. */
const better = 1.1

/** So many requests are made in a millisecond, and so many at once at most before their rates are compared. */
const madeInTime = 20
const mostAtFirst = 256

/** The share of time in which the thread works from which on more requests would only wait here and not there. */
const busy = 0.75

/**
 * Places that become more as long as more of them get more done: over a long way a request mostly waits, next door it
 * mostly works. Fewer when the other side says that it is too much.
 */
export class GrowingSlots extends Slots {
  readonly #most: number
  readonly #clock: Clock
  /** The rate with half as many places, in completions a millisecond. */
  #before = 0
  #settled = 0
  /** Completions left over from before the limit changed, which tell nothing of it. */
  #old = 0
  #done = 0
  /** When the completions that are counted began, their waiting included: over a long way they come in bursts. */
  #since = 0
  #workedBefore = 0

  constructor(start: number, most: number, clock: Clock = ownClock) {
    super(start)
    this.#most = most
    this.#clock = clock
    this.#begin()
  }

  override give(): void {
    super.give()
    if (this.#old > 0) {
      if (--this.#old === 0) this.#begin()
      return
    }
    if (this.limit >= this.#most && this.#settled === 0) return
    if (++this.#done < Math.max(leastWindow, this.limit)) return
    const elapsed = Math.max(this.#clock.now() - this.#since, 0.001)
    const worked = this.#clock.worked() - this.#workedBefore
    const rate = this.#done / elapsed
    this.#begin()
    if (this.#settled > 0) {
      if (--this.#settled === 0) this.#before = 0
    } else if (worked > elapsed * busy) this.#before = 0
    else if (rate > this.#before * better) {
      this.#before = rate
      this.#change(this.limit * 2)
    } else {
      this.#settled = 32
      this.#change(this.limit / 2)
    }
  }

  /**
   * The first answer: it was waited for so many milliseconds, in which nothing was to be done. As many requests as are made
   * meanwhile are worth having under way; more would only be more connections.
   */
  waited(time: number): void {
    const wanted = Math.min(Math.round(time * madeInTime), mostAtFirst, this.#most)
    if (wanted <= this.limit) return
    this.limit = wanted
    this.admit()
  }

  /** Fewer at once, and for a while not more again. */
  tooMany(): void {
    if (this.#old > 0) return // of the same burst
    this.#settled = 64
    this.#change(this.limit / 2)
  }

  #begin(): void {
    this.#done = 0
    this.#since = this.#clock.now()
    this.#workedBefore = this.#clock.worked()
  }

  #change(limit: number): void {
    this.#old = this.limit
    this.limit = Math.min(this.#most, Math.max(4, Math.floor(limit)))
    this.admit()
  }
}
