// What is seen of transfers while they run: a line for each that ended, and one that tells how far all have come.
//
//   Completed 8.0 MiB/~19.1 MiB (12.5 MiB/s) with ~3 file(s) remaining (calculating...)\r
//   upload: ./a.txt to s3://bucket/a.txt
//
// The progress line is written over again and again; whatever follows is padded so that nothing of it is left.

import type { Job, Skip } from '../../../transfer/entry.ts'
import { sizeText } from './sizes.ts'
import { kindOf, Tally } from './telling.ts'
import type { Telling } from './telling.ts'

/** `progress` as the reference shows it, `time left` with what it lacks. */
export type Verbosity = 'quiet' | 'errors' | 'no progress' | 'progress' | 'time left'

export interface PrinterOptions {
  readonly verbosity: Verbosity
  /** Seconds between two progress lines. */
  readonly progressEvery?: number
  readonly multiline?: boolean
  /** How wide the terminal is; left out where stdout is none. */
  readonly columns?: () => number
  readonly write: (text: string) => void
  readonly warn: (text: string) => void
  /** Milliseconds. */
  readonly now: () => number
  /** `./a.txt to s3://bucket/a.txt`. */
  readonly locate: (job: Job) => string
  readonly errorText: (error: unknown) => string
}

/** Progress lines that follow each other faster than this, in milliseconds, are not seen by anybody. */
const leastPause = 50

export class Printer implements Telling {
  readonly tally = new Tally()
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
  #width = 0
  #lastProgress = Number.NEGATIVE_INFINITY
  readonly #underWay = new Map<Job, number>()

  constructor(options: PrinterOptions) {
    this.#options = options
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
    this.#showProgress()
  }

  done(job: Job): void {
    this.#ended(job)
    this.tally.finished(job)
    const { verbosity, locate } = this.#options
    if (verbosity !== 'errors' && verbosity !== 'quiet') this.#say(`${kindOf(job)}: ${locate(job)}`)
    this.#again()
  }

  failed(job: Job, error: unknown): void {
    if (this.tally.fatal) return
    this.#lost += (job.entry.size ?? 0) - (this.#underWay.get(job) ?? 0)
    this.#ended(job)
    this.tally.failed++
    this.#complain(`${kindOf(job)} failed: ${this.#options.locate(job)} ${this.#options.errorText(error)}`)
    this.#again()
  }

  skipped(job: Job): void {
    this.#ended(job)
    this.tally.passedOver('exists', false)
    if (this.#width > 0) this.#options.write(`${' '.repeat(this.#width)}\r`)
    this.#width = 0
  }

  #ended(job: Job): void {
    this.#underWay.delete(job)
    this.#finished++
  }

  dryRun(job: Job): void {
    this.#say(`(dryrun) ${kindOf(job)}: ${this.#options.locate(job)}`)
  }

  passedOver(_path: string, why: Skip, warning?: string): void {
    this.tally.passedOver(why, warning !== undefined)
    if (warning !== undefined) this.#told(warning)
  }

  warning(text: string): void {
    this.tally.warned++
    this.#told(text)
  }

  #told(warning: string): void {
    this.#complain(warning)
    this.#again()
  }

  fatal(text: string): void {
    if (this.tally.fatal) return
    this.#complain(text)
    this.tally.fatal = true
  }

  allQueued(): void {
    this.#total = this.#files
    if (this.#width > 0 && !this.#remains()) this.#say('')
  }

  #again(): void {
    this.#width = 0
    if (this.#remains()) this.#showProgress()
  }

  #remains(): boolean {
    return this.#total !== this.#files || this.#finished !== this.#files
  }

  #showProgress(): void {
    const { verbosity, progressEvery = 0, now, multiline = false, columns } = this.#options
    if ((verbosity !== 'progress' && verbosity !== 'time left') || this.tally.fatal) return
    const time = now()
    if (time - this.#lastProgress < Math.max(leastPause, progressEvery * 1000)) return
    this.#lastProgress = time
    const whole = verbosity === 'progress' ? this.#progressText() : this.#timeLeftText()
    // A line that runs over the terminal's edge cannot be written over.
    const shown = columns === undefined || multiline ? whole : whole.slice(0, columns() - 1)
    const text = shown.padEnd(this.#width)
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

  /** `3.2 GiB of 10.0 GiB  32 %  118.4 MiB/s  412 of 1204 files  57 s left` */
  #timeLeftText(): string {
    const final = this.#total === this.#files
    const moved = this.#moved + this.#lost
    const share = this.#expected > 0 ? `  ${Math.floor((100 * moved) / this.#expected)} %` : ''
    const files = `${this.#finished} of ${final ? '' : 'at least '}${this.#files} files`
    const left = final && this.#speed > 0 ? `  ${durationText((this.#expected - moved) / this.#speed)} left` : ''
    return `${sizeText(moved)} of ${sizeText(this.#expected)}${share}  ${sizeText(this.#speed)}/s  ${files}${left}`
  }

  #say(text: string): void {
    if (this.#options.verbosity === 'quiet' || this.tally.fatal) return
    this.#options.write(`${text.padEnd(this.#width)}\n`)
  }

  #complain(text: string): void {
    if (this.#options.verbosity === 'quiet' || this.tally.fatal) return
    this.#options.warn(`${text.padEnd(this.#width)}\n`)
  }
}

/** `57 s`, `12 min 5 s`, `3 h 20 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
