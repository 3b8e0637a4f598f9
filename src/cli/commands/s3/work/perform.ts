// The jobs of a part, done by the engine that does them for a single process.

import { statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { Failure } from '../../../../lib/errors.ts'
import type { Settings } from '../../../../client/settings.ts'
import { run } from '../../../../transfer/engine.ts'
import type { Observer } from '../../../../transfer/engine.ts'
import type { Action, Job } from '../../../../transfer/entry.ts'
import { SourceChanged } from '../../../../transfer/file-source.ts'
import type { Direction } from '../check.ts'
import { s3Config } from '../config.ts'
import { Tally, kindOf } from '../telling.ts'
import { large, storesFor, transfersFor } from '../transfers.ts'
import { errorText } from '../words.ts'
import type { Part, PartResult } from './message.ts'

const actions: Readonly<Record<Direction, Action>> = {
  locals3: 'upload',
  s3local: 'download',
  s3s3: 'copy',
  s3: 'delete',
}

/** Throws Failure('Interrupted') when the signal says so. */
export async function perform(part: Part, root: string, settings: Settings, signal: AbortSignal): Promise<PartResult> {
  const { task, direction, command, given, jobs } = part
  const config = s3Config(settings.key('s3'))
  const stores = storesFor(direction, given, settings, config)
  const positions = new Map(jobs.map((job, position) => [job, position]))
  const failed: [number, string, string][] = []
  const skipped: number[] = []
  const tally = new Tally()
  const observer: Observer = {
    queued: () => {},
    done: (job) => tally.finished(job),
    failed: (job, error) => void failed.push([positions.get(job)!, placesOf(job), errorText(error)]),
    skipped: (job) => void skipped.push(positions.get(job)!),
  }
  const allowed = jobs.filter((job) => {
    const refusal = refused(job, root)
    if (refusal !== undefined) observer.failed(job, refusal)
    return refusal === undefined
  })
  try {
    const transfers = transfersFor(command, actions[direction], given, { settings, config, stores, signal })
    const silent = { progress: () => {}, warn: () => {} }
    await run([allowed], { ...transfers, ...silent }, observer, { small: stores.small, large: large(config) })
  } finally {
    stores.source.close()
    stores.target.close()
  }
  return { task, part: part.part, done: tally.done, bytes: tally.bytes, failed, skipped }
}

function placesOf(job: Job): string {
  return `${kindOf(job)} of ${job.entry.path}${job.target === undefined ? '' : ` to ${job.target}`}`
}

/** Files that this worker may not touch, and files that are not what was meant any more. */
function refused({ action, entry, target }: Job, root: string): Error | undefined {
  const local = action === 'download' ? target : entry.side === 'local' ? entry.path : undefined
  if (local === undefined) return undefined
  if (!resolve(local).startsWith(root.endsWith(sep) ? root : root + sep)) {
    return new Failure('InvalidValue', `${local} is outside the folder that this worker may touch (--root ${root})`)
  }
  if (action !== 'upload') return undefined
  const found = statSync(local, { throwIfNoEntry: false })
  // One that is gone fails in the engine's own words.
  if (found === undefined || (found.size === entry.size && found.mtimeMs === entry.modified)) return undefined
  return new SourceChanged(local)
}
