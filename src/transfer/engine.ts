// Does the jobs, many at a time: the one place that knows how many, and what becomes of each.

import { Failure } from '../lib/errors.ts'
import { copy } from './copy.ts'
import { download } from './download.ts'
import type { Job } from './entry.ts'
import { remove, removeObject } from './remove.ts'
import { Slots } from './slots.ts'
import { Exists } from './transfer.ts'
import type { Transfers } from './transfer.ts'
import { upload } from './upload.ts'
import { unlinkSync } from 'node:fs'

/** Told of everything that happens, in order for each job. */
export interface Observer {
  queued(job: Job): void
  done(job: Job): void
  failed(job: Job, error: unknown): void
  /** It is there already. */
  skipped(job: Job): void
}

export interface EngineOptions {
  /** For jobs of one request each. */
  readonly small: Slots
  /** Jobs of many parts at a time; their parts have places of their own. */
  readonly large: number
}

/**
 * Resolves when every job was done or failed. Jobs come in batches, so that a small one costs no promise of its own before
 * it begins. Throws what the jobs' source throws, once what was begun has ended.
 */
export async function run(
  batches: AsyncIterable<readonly Job[]> | Iterable<readonly Job[]>,
  given: Transfers,
  observer: Observer,
  { small, large }: EngineOptions,
): Promise<void> {
  const big = new Slots(large)
  const stopping = new AbortController()
  const { signal } = stopping
  const stop = (): void => stopping.abort(given.signal.reason)
  given.signal.addEventListener('abort', stop, { once: true })
  if (given.signal.aborted) stop()
  const transfers: Transfers = { ...given, signal }
  const underWay = new Count()

  const ended = (job: Job, places: Slots, error?: unknown): void => {
    // Where the command ends, that is told, not what it did to each.
    if (!signal.aborted) tell(job, error, transfers, observer)
    places.give()
    underWay.less()
  }
  try {
    for await (const batch of batches) {
      for (const job of batch) {
        const places = isLarge(job, transfers) ? big : small
        const turn = places.take()
        if (turn) await turn
        if (signal.aborted) {
          places.give()
          break
        }
        observer.queued(job)
        underWay.more()
        perform(job, transfers).then(
          () => ended(job, places),
          (error) => ended(job, places, error ?? new Error('unknown')),
        )
      }
      if (signal.aborted) break
    }
  } catch (error) {
    stopping.abort(error)
    throw error
  } finally {
    await underWay.none()
    given.signal.removeEventListener('abort', stop)
  }
  if (signal.aborted) throw new Failure('Interrupted', 'Interrupted')
}

/** How many are under way, and who waits until none is. */
class Count {
  #count = 0
  #waiting: (() => void) | undefined

  more(): void {
    this.#count++
  }

  less(): void {
    if (--this.#count === 0) this.#waiting?.()
  }

  none(): Promise<void> | undefined {
    return this.#count === 0 ? undefined : new Promise((resolve) => (this.#waiting = resolve))
  }
}

function tell(job: Job, error: unknown, { journal }: Transfers, observer: Observer): void {
  if (error instanceof Exists) observer.skipped(job)
  else if (error !== undefined) observer.failed(job, error)
  else {
    journal?.done(job)
    observer.done(job)
  }
}

function isLarge({ action, entry }: Job, { sizes }: Transfers): boolean {
  return action !== 'delete' && (entry.size ?? 0) >= sizes.threshold
}

function perform(job: Job, transfers: Transfers): Promise<unknown> {
  try {
    switch (job.action) {
      case 'upload':
        return job.moves ? upload(job, transfers).then(() => unlinkSync(job.entry.path)) : upload(job, transfers)
      case 'download':
        return withoutSource(job, transfers, download(job, transfers))
      case 'copy':
        return withoutSource(job, transfers, copy(job, transfers))
      case 'delete':
        return remove(job.entry, transfers.target, transfers)
    }
  } catch (error) {
    return Promise.reject(error) // a job that fails at once fails like any other
  }
}

function withoutSource(job: Job, transfers: Transfers, transferred: Promise<void>): Promise<void> {
  if (!job.moves) return transferred
  return transferred.then(() => removeObject(job.entry.path, transfers.source, transfers))
}
