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
