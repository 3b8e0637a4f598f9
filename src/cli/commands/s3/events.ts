// What happens, for programs: a line of JSON for each event, on stdout, instead of lines for people.
//
//   {"event":"done","action":"upload","source":"/a.txt","target":"s3://bucket/a.txt","bytes":6}
//   {"event":"failed","action":"upload","source":"/b","target":"s3://bucket/b","code":"AccessDenied","error":"An error …"}
//   {"event":"skipped","path":"/c","reason":"unreadable"}
//   {"event":"progress","bytes":1048576,"expected":3145728,"files":1,"expectedFiles":3,"final":false}
//   {"event":"end","exit":1,"done":{"upload":2},"failed":1,"skipped":{"unreadable":1},"bytes":12,"seconds":0.4}

import { AwsError } from '../../../lib/errors.ts'
import type { Job, Skip } from '../../../transfer/entry.ts'
import { kindOf, Tally } from './telling.ts'
import type { Telling } from './telling.ts'

export interface EventsOptions {
  readonly write: (text: string) => void
  /** Milliseconds. */
  readonly now: () => number
  readonly errorText: (error: unknown) => string
}

/** Milliseconds between two events of progress. */
const progressEvery = 500

export class Events implements Telling {
  readonly tally = new Tally()
  readonly #options: EventsOptions
  readonly #started: number
  #bytes = 0
  #expected = 0
  #files = 0
  #finished = 0
  #final = false
  #lastProgress: number

  constructor(options: EventsOptions) {
    this.#options = options
    this.#started = options.now()
    this.#lastProgress = this.#started
  }

  queued(job: Job): void {
    this.#files++
    this.#expected += job.entry.size ?? 0
  }

  progress(_job: Job, bytes: number): void {
    this.#bytes += bytes
    const now = this.#options.now()
    if (now - this.#lastProgress < progressEvery) return
    this.#lastProgress = now
    this.#tell('progress', {
      bytes: this.#bytes,
      expected: this.#expected,
      files: this.#finished,
      expectedFiles: this.#files,
      final: this.#final,
    })
  }

  done(job: Job): void {
    this.#finished++
    this.tally.finished(job)
    this.#tell('done', { ...described(job), bytes: job.entry.size })
  }

  failed(job: Job, error: unknown): void {
    this.#finished++
    this.tally.failed++
    const code = error instanceof AwsError ? error.code : (error as { code?: unknown }).code
    this.#tell('failed', { ...described(job), code, error: this.#options.errorText(error) })
  }

  skipped(job: Job): void {
    this.#finished++
    this.tally.passedOver('exists', false)
    this.#tell('skipped', { ...described(job), reason: 'exists' })
  }

  dryRun(job: Job): void {
    this.#tell('would', { ...described(job), bytes: job.entry.size })
  }

  passedOver(path: string, why: Skip, warning?: string): void {
    this.tally.passedOver(why, warning !== undefined)
    this.#tell('skipped', { path, reason: why })
  }

  warning(text: string): void {
    this.tally.warned++
    this.#tell('warning', { warning: text.replace(/^warning: /, '') })
  }

  fatal(text: string): void {
    if (this.tally.fatal) return
    this.#tell('fatal', { error: text.replace(/^fatal error: /, '') })
    this.tally.fatal = true
  }

  allQueued(): void {
    this.#final = true
  }

  end(): void {
    const { exitCode, done, failed, skipped, bytes } = this.tally
    const seconds = Math.round(this.#options.now() - this.#started) / 1000
    this.#tell('end', { exit: exitCode, done, failed, skipped, bytes, seconds })
  }

  #tell(event: string, details: Record<string, unknown>): void {
    this.#options.write(`${JSON.stringify({ event, ...details })}\n`)
  }
}

function described(job: Job): Record<string, unknown> {
  const { action, entry, target } = job
  const place = (side: 's3' | 'local', path: string): string => (side === 's3' ? `s3://${path}` : path)
  return {
    action: kindOf(job),
    source: place(entry.side, entry.path),
    target: target === undefined ? undefined : place(action === 'download' ? 'local' : 's3', target),
  }
}
