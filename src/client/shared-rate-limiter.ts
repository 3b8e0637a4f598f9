// A rate limiter whose state is a file, so that all processes of a user slow down together: a loop of commands that is
// throttled backs off as one program would, where each command alone would begin anew at full speed.
//
// ~/.virga/rate-limits/default-EC2-eu-west-1.json   one file for a profile, a service and a region

import { join } from 'node:path'
import { changeFile, readText } from '../lib/shared-file.ts'
import { RateLimiter } from './rate-limiter.ts'
import type { RateState } from './rate-limiter.ts'
import type { Limiter } from './retry.ts'

/** Seconds after the last throttle from which on nobody holds back any more. */
const forgotten = 300

export class SharedRateLimiter implements Limiter {
  readonly #file: string
  #quiet = true

  /** @param name what the limit is for; characters that are none in a file name are left out */
  constructor(folder: string, name: string) {
    this.#file = join(folder, `${name.replace(/[^\w.-]+/g, '_')}.json`)
  }

  /** While nobody is throttled this costs one look at a file that is not there. */
  async acquire(now: number): Promise<number> {
    this.#quiet = stateIn(readText(this.#file) ?? '', now) === undefined
    if (this.#quiet) return 0
    let wait = 0
    await this.#change(now, (limiter) => (wait = limiter.acquire(now)))
    return wait
  }

  async answered(throttled: boolean, now: number): Promise<void> {
    if (throttled || !this.#quiet) await this.#change(now, (limiter) => limiter.answered(throttled, now))
  }

  /** A place that cannot be written to is no reason for a call to fail: then nobody is told. */
  async #change(now: number, use: (limiter: RateLimiter) => void): Promise<void> {
    const change = (text: string): string => {
      const limiter = new RateLimiter(now, stateIn(text, now))
      use(limiter)
      return JSON.stringify(limiter.state)
    }
    await changeFile(this.#file, change).catch(() => {})
  }
}

/** Undefined for a file that is empty, damaged or too old to matter. */
function stateIn(text: string, now: number): RateState | undefined {
  try {
    const state = JSON.parse(text) as RateState
    const whole =
      typeof state.enabled === 'boolean' &&
      Number.isFinite(state.fillRate + state.tokens + state.bucket + state.measuredRate)
    return whole && state.lastThrottle <= now && now - state.lastThrottle < forgotten ? state : undefined
  } catch {
    return undefined
  }
}
