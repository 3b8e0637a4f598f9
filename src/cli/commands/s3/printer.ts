// What is seen of transfers while they run: a line for each that ended, and one that tells how far all have come.
//
//   Completed 8.0 MiB/~19.1 MiB (12.5 MiB/s) with ~3 file(s) remaining (calculating...)\r
//   upload: ./a.txt to s3://bucket/a.txt
//
// The progress line is written over again and again; whatever follows is padded so that nothing of it is left.

import type { Job } from '../../../transfer/entry.ts'
import type { Observer } from '../../../transfer/engine.ts'
import { sizeText } from './sizes.ts'

export type Verbosity = 'quiet' | 'errors' | 'no progress' | 'progress'

export interface PrinterOptions {
  readonly verbosity: Verbosity
  /** Seconds between two progress lines. */
  readonly progressEvery?: number
  readonly multiline?: boolean
  readonly write: (text: string) => void
  readonly warn: (text: string) => void
  /** Milliseconds. */
  readonly now: () => number
  /** `./a.txt to s3://bucket/a.txt`. */
  readonly locate: (job: Job) => string
  readonly errorText: (error: unknown) => string
}

/** Progress lines that follow each other faster than this are not seen by anybody. */
const leastPause = 50

export class Printer implements Observer {
  readonly #options: PrinterOptions
  #started: number | undefined
  /** Bytes moved, and those of failed transfers that will not move any more. */
  #moved = 0
  #lost = 0
  #expected = 0
  #speed = 0
  #files = 0
  #finished = 0
  #total: number | undefined
  #failed = 0
  #warned = 0
  #fatal = false
  #width = 0
  #lastProgress = Number.NEGATIVE_INFINITY
  readonly #underWay = new Map<Job, number>()

  constructor(options: PrinterOptions) {
    this.#options = options
  }

  get exitCode(): number {
    return this.#failed > 0 || this.#fatal ? 1 : this.#warned > 0 ? 2 : 0
  }

  queued(job: Job): void {
    this.#started ??= this.#options.now()
    this.#underWay.set(job, 0)
    this.#expected += job.entry.size ?? 0
    this.#files++
  }

  progress(job: Job, bytes: number): void {
    const before = this.#underWay.get(job)
    if (before === undefined) return
    this.#underWay.set(job, before + bytes)
    this.#moved += bytes
    if (job.entry.size === undefined) this.#expected += bytes
    const elapsed = this.#options.now() - this.#started!
    if (elapsed > 0) this.#speed = (this.#moved / elapsed) * 1000
    this.#showProgress(this.#options.progressEvery === undefined && elapsed === 0)
  }

  done(job: Job): void {
    this.#underWay.delete(job)
    this.#finished++
    if (this.#options.verbosity !== 'errors') this.#say(`${kindOf(job)}: ${this.#options.locate(job)}`)
    this.#again()
  }

  failed(job: Job, error: unknown): void {
    if (this.#fatal) return
    this.#lost += (job.entry.size ?? 0) - (this.#underWay.get(job) ?? 0)
    this.#underWay.delete(job)
    this.#finished++
    this.#failed++
    this.#complain(`${kindOf(job)} failed: ${this.#options.locate(job)} ${this.#options.errorText(error)}`)
    this.#again()
  }

  skipped(job: Job): void {
    this.#underWay.delete(job)
    this.#finished++
    if (this.#width > 0) this.#options.write(`${' '.repeat(this.#width)}\r`)
    this.#width = 0
  }

  dryRun(job: Job): void {
    this.#say(`(dryrun) ${kindOf(job)}: ${this.#options.locate(job)}`)
  }

  /** A line that begins with `warning: `. */
  warning(text: string): void {
    this.#warned++
    this.#complain(text)
    this.#again()
  }

  /** The end of the command: what follows is not told any more. */
  fatal(text: string): void {
    if (this.#fatal) return
    this.#complain(text)
    this.#fatal = true
  }

  /** No more are coming. */
  allQueued(): void {
    this.#total = this.#files
    if (this.#width > 0 && !this.#remains()) this.#say('')
  }

  #again(): void {
    this.#width = 0
    if (this.#remains()) this.#showProgress(false)
  }

  #remains(): boolean {
    return this.#total !== this.#files || this.#finished !== this.#files
  }

  #showProgress(first: boolean): void {
    const { verbosity, progressEvery, now, multiline = false } = this.#options
    if (verbosity !== 'progress' || this.#fatal) return
    const time = now()
    if (!first && time - this.#lastProgress < Math.max(leastPause, (progressEvery ?? 0) * 1000)) return
    this.#lastProgress = time
    const text = this.#progressText().padEnd(this.#width)
    this.#options.write(text + (multiline ? '\n' : '\r'))
    this.#width = multiline ? 0 : text.length
  }

  #progressText(): string {
    const final = this.#total === this.#files
    const about = (text: string): string => (final ? text : `~${text}`)
    const remaining = `${about(String(this.#files - this.#finished))} file(s) remaining`
    const calculating = final ? '' : ' (calculating...)'
    if (this.#expected === 0) return `Completed ${this.#finished} file(s) with ${remaining}${calculating}`
    const bytes = `${sizeText(this.#moved + this.#lost)}/${about(sizeText(this.#expected))}`
    return `Completed ${bytes} (${sizeText(this.#speed)}/s) with ${remaining}${calculating}`
  }

  #say(text: string): void {
    if (this.#options.verbosity === 'quiet' || this.#fatal) return
    this.#options.write(`${text.padEnd(this.#width)}\n`)
  }

  #complain(text: string): void {
    if (this.#options.verbosity === 'quiet' || this.#fatal) return
    this.#options.warn(`${text.padEnd(this.#width)}\n`)
  }
}

function kindOf({ action, moves }: Job): string {
  return moves ? 'move' : action
}
