// How fast may a client send after it was throttled? Adaptive mode's answer: CUBIC, as TCP does it.
//
// The first throttle switches the limiter on; each further one lowers the rate to 0.7 of what was being sent, and
// success lets it rise along a cubic curve past the rate that was last too much. Times are seconds, rates are
// requests a second.

const scale = 0.4
const beta = 0.7
const smoothing = 0.8
const bucketSeconds = 0.5
const minFillRate = 0.5
const minCapacity = 1

/** The curve: where the sending rate stands `now`, given when and at which rate it was last cut. */
export class Cubic {
  maxRate: number
  lastThrottle: number
  constructor(maxRate: number, lastThrottle: number) {
    this.maxRate = maxRate
    this.lastThrottle = lastThrottle
  }

  succeeded(now: number): number {
    return scale * (now - this.lastThrottle - this.#inflection()) ** 3 + this.maxRate
  }

  throttled(rate: number, now: number): number {
    this.maxRate = rate
    this.lastThrottle = now
    return rate * beta
  }

  /** Seconds after a cut at which the old rate is reached again. */
  #inflection(): number {
    return Math.cbrt((this.maxRate * (1 - beta)) / scale)
  }
}

/** All there is to know of a limiter, to be kept and taken up again. */
export interface RateState {
  enabled: boolean
  maxRate: number
  lastThrottle: number
  fillRate: number
  capacity: number
  tokens: number
  filledAt: number | null
  measuredRate: number
  bucket: number
  sentInBucket: number
}

export class RateLimiter {
  readonly #cubic: Cubic
  #enabled = false
  #fillRate = 0
  #capacity = 0
  #tokens = 0
  #filledAt: number | undefined
  /** What was really sent, smoothed. */
  #measuredRate = 0
  #bucket: number
  #sentInBucket = 0

  constructor(now: number, state?: RateState) {
    this.#cubic = new Cubic(state?.maxRate ?? 0, state?.lastThrottle ?? now)
    this.#bucket = state?.bucket ?? Math.floor(now)
    if (!state) return
    this.#enabled = state.enabled
    this.#fillRate = state.fillRate
    this.#capacity = state.capacity
    this.#tokens = state.tokens
    this.#filledAt = state.filledAt ?? undefined
    this.#measuredRate = state.measuredRate
    this.#sentInBucket = state.sentInBucket
  }

  get state(): RateState {
    return {
      enabled: this.#enabled,
      maxRate: this.#cubic.maxRate,
      lastThrottle: this.#cubic.lastThrottle,
      fillRate: this.#fillRate,
      capacity: this.#capacity,
      tokens: this.#tokens,
      filledAt: this.#filledAt ?? null,
      measuredRate: this.#measuredRate,
      bucket: this.#bucket,
      sentInBucket: this.#sentInBucket,
    }
  }

  get measuredRate(): number {
    return this.#measuredRate
  }

  get fillRate(): number {
    return this.#fillRate
  }

  /** Takes the token for one request; answers the seconds to wait before it may go, 0 for at once. */
  acquire(now: number): number {
    if (!this.#enabled) return 0
    this.#refill(now)
    // The debt of those who wait is kept as negative tokens, so that callers queue up behind each other.
    this.#tokens -= 1
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#fillRate
  }

  /** To be told of every answer, throttled or not. */
  answered(throttled: boolean, now: number): void {
    this.#measure(now)
    let rate: number
    if (throttled) {
      const sending = this.#enabled ? Math.min(this.#measuredRate, this.#fillRate) : this.#measuredRate
      rate = this.#cubic.throttled(sending, now)
      this.#enabled = true
    } else {
      rate = this.#cubic.succeeded(now)
    }
    this.#refill(now)
    rate = Math.min(rate, 2 * this.#measuredRate)
    this.#fillRate = Math.max(rate, minFillRate)
    this.#capacity = Math.max(rate, minCapacity)
    this.#tokens = Math.min(this.#tokens, this.#capacity)
  }

  #measure(now: number): void {
    const bucket = Math.floor(now / bucketSeconds) * bucketSeconds
    this.#sentInBucket += 1
    if (bucket <= this.#bucket) return
    const rate = this.#sentInBucket / (bucket - this.#bucket)
    this.#measuredRate = rate * smoothing + this.#measuredRate * (1 - smoothing)
    this.#sentInBucket = 0
    this.#bucket = bucket
  }

  #refill(now: number): void {
    if (this.#filledAt !== undefined) {
      this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#fillRate)
    }
    this.#filledAt = now
  }
}
