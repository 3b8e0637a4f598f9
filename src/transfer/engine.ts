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

/** Resolves when every job was done or failed. Throws what the jobs' source throws, once what was begun has ended. */
export async function run(
  jobs: AsyncIterable<Job> | Iterable<Job>,
  transfers: Transfers,
  observer: Observer,
  { small, large }: EngineOptions,
): Promise<void> {
  const big = new Slots(large)
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  const stop = (): void => stopping.abort(transfers.signal.reason)
  transfers.signal.addEventListener('abort', stop, { once: true })
  if (transfers.signal.aborted) stop()
  const ended = (job: Job, error?: unknown): void => {
    if (signal.aborted) return // the end of the command is told, not what it did to each
    if (error === undefined) {
      transfers.journal?.done(job)
      observer.done(job)
    } else if (error instanceof Exists) observer.skipped(job)
    else observer.failed(job, error)
  }
  try {
    for await (const job of jobs) {
      const places = isLarge(job, transfers) ? big : small
      const turn = places.take()
      if (turn) await turn
      if (signal.aborted) {
        places.give()
        break
      }
      observer.queued(job)
      const working = perform(job, { ...transfers, signal })
        .then(
          () => ended(job),
          (error) => ended(job, error ?? new Error('unknown')),
        )
        .finally(() => {
          places.give()
          underWay.delete(working)
        })
      underWay.add(working)
    }
  } catch (error) {
    stopping.abort(error)
    throw error
  } finally {
    await Promise.all(underWay)
    transfers.signal.removeEventListener('abort', stop)
  }
  if (signal.aborted) throw new Failure('Interrupted', 'Interrupted')
}

function isLarge({ action, entry }: Job, { sizes }: Transfers): boolean {
  return action !== 'delete' && (entry.size ?? 0) >= sizes.threshold
}

async function perform(job: Job, transfers: Transfers): Promise<void> {
  switch (job.action) {
    case 'upload':
      await upload(job, transfers)
      if (job.moves) unlinkSync(job.entry.path)
      return
    case 'download':
      await download(job, transfers)
      if (job.moves) await removeObject(job.entry.path, transfers.source, transfers)
      return
    case 'copy':
      await copy(job, transfers)
      if (job.moves) await removeObject(job.entry.path, transfers.source, transfers)
      return
    case 'delete':
      return remove(job.entry, transfers.target, transfers)
  }
}
