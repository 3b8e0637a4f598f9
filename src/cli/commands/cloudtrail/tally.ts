// How many digests and logs were sound, how many not, and what is said of each on the way.

import type { Context } from '../command.ts'
import { shown } from './digests.ts'
import type { Digest, Listener, Log } from './digests.ts'
import { dateOf } from './signature.ts'

export class Tally implements Listener {
  readonly #from: Date
  readonly #to: Date
  readonly #verbose: boolean
  readonly #context: Context
  readonly #counts = { digest: [0, 0], 'backfill digest': [0, 0], log: [0, 0] } as Record<
    string,
    [valid: number, invalid: number]
  >
  /** An empty line stands before what comes next. */
  #spaced = true
  #foundFrom: Date | undefined
  #foundTo: Date | undefined

  constructor(from: Date, to: Date, verbose: boolean, context: Context) {
    this.#from = from
    this.#to = to
    this.#verbose = verbose
    this.#context = context
  }

  get failed(): boolean {
    return Object.values(this.#counts).some(([, invalid]) => invalid > 0)
  }

  async digest(digest: Digest, backfill: boolean): Promise<void> {
    const start = latest(await dateOf(digest.digestStartTime), this.#from)
    const end = earliest(await dateOf(digest.digestEndTime), this.#to)
    if (this.#foundFrom === undefined || start < this.#foundFrom) this.#foundFrom = start
    if (this.#foundTo === undefined || end > this.#foundTo) this.#foundTo = end
    this.#counts[kindOf(backfill)]![0]++
    this.#good(`${mark(backfill)}Digest file\ts3://${digest.digestS3Bucket}/${digest.digestS3Object}\tvalid`)
  }

  /** `wrong`: what is wrong with it. */
  log({ s3Bucket, s3Object }: Log, wrong: string | undefined): void {
    const place = `Log file\ts3://${s3Bucket}/${s3Object}\t`
    this.#counts.log![wrong === undefined ? 0 : 1]++
    if (wrong === undefined) this.#good(`${place}valid`)
    else this.#bad(`${place}INVALID: ${wrong}`)
  }

  missing(bucket: string, key: string, backfill: boolean): void {
    this.invalid(`Digest file\ts3://${bucket}/${key}\tINVALID: not found`, backfill)
  }

  invalid(message: string, backfill: boolean): void {
    this.#counts[kindOf(backfill)]![1]++
    this.#bad(`${mark(backfill)}${message}`)
  }

  gap(from: Date, to: Date, backfill: boolean): void {
    this.#bad(`${mark(backfill)}No log files were delivered by CloudTrail between ${shown(from)} and ${shown(to)}`)
  }

  #good(line: string): void {
    if (!this.#verbose) return
    this.#spaced = false
    this.#context.write(`${line}\n`)
  }

  #bad(line: string): void {
    this.#context.outside.stderr.write(`${this.#spaced ? '' : '\n'}${line}\n\n`)
    this.#spaced = true
  }

  summary(): void {
    const { write } = this.#context
    if (!this.#spaced) write('\n')
    write(`Results requested for ${shown(this.#from)} to ${shown(this.#to)}\n`)
    const digests = [...this.#counts.digest!, ...this.#counts['backfill digest']!]
    if (digests.every((count) => count === 0)) return void write('No digests found\n')
    write(
      this.#foundFrom === undefined || this.#foundTo === undefined
        ? 'No valid digests found in range\n'
        : `Results found for ${shown(this.#foundFrom)} to ${shown(this.#foundTo)}:\n`,
    )
    for (const [name, [valid, invalid]] of Object.entries(this.#counts)) {
      const total = valid + invalid
      if (total === 0) continue
      write(
        `\n${valid}/${total} ${name} files valid${invalid > 0 ? `, ${invalid}/${total} ${name} files INVALID` : ''}`,
      )
    }
    write('\n')
  }
}

function kindOf(backfill: boolean): string {
  return backfill ? 'backfill digest' : 'digest'
}

function mark(backfill: boolean): string {
  return backfill ? '(backfill) ' : ''
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b
}

function earliest(a: Date, b: Date): Date {
  return a < b ? a : b
}
