// What was done already, written down as it is done, so that a run that was cut off can be taken up again.
//
// Lines of JSON, appended: a run that is killed loses its last line at most, and what a line says is checked against S3
// and the disk before it is believed.
//
//   {"pid":4711}
//   {"upload":"bucket/big","id":"U","size":20000000,"modified":1767322800000,"part":8388608}
//   {"download":"/big","temporary":"/big.1f2e3d4c","etag":"\"e\"","size":20000000,"part":8388608}
//   {"range":"/big","offset":0,"digest":"6BaxHeIS6qA="}
//   {"done":"upload /a.txt 6 1767322800000 bucket/a.txt"}

import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../lib/errors.ts'
import type { Job } from './entry.ts'

export interface UploadRecord {
  readonly id: string
  /** Of the file when it began: another file is sent anew. */
  readonly size: number
  readonly modified: number
  readonly part: number
}

export interface DownloadRecord {
  readonly temporary: string
  readonly etag: string | undefined
  readonly size: number
  readonly part: number
}

export class Journal {
  readonly #path: string
  #file: number | undefined
  readonly #uploads = new Map<string, UploadRecord>()
  readonly #downloads = new Map<string, DownloadRecord>()
  /** Digests by offset, for each target. */
  readonly #ranges = new Map<string, Map<number, string>>()
  readonly #done = new Set<string>()

  /** Throws Failure('InvalidValue') where another run is at it, and what the file system throws. */
  constructor(path: string) {
    this.#path = path
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    for (const line of linesIn(path)) this.#read(line)
    this.#file = openSync(path, 'a', 0o600)
    this.#note({ pid: process.pid })
  }

  #read(line: Record<string, unknown>): void {
    const { pid, upload, download, range, done, over, ...record } = line
    if (typeof pid === 'number' && pid !== process.pid && isRunning(pid)) {
      throw new Failure('InvalidValue', `Another run of this command is under way (process ${pid})`)
    }
    if (typeof upload === 'string') this.#uploads.set(upload, record as unknown as UploadRecord)
    if (typeof download === 'string') {
      this.#downloads.set(download, record as unknown as DownloadRecord)
      this.#ranges.delete(download)
    }
    if (typeof range === 'string') this.#rangesOf(range).set(record.offset as number, record.digest as string)
    if (typeof done === 'string') this.#done.add(done)
    if (typeof over === 'string') {
      this.#uploads.delete(over)
      this.#downloads.delete(over)
      this.#ranges.delete(over)
    }
  }

  upload(target: string): UploadRecord | undefined {
    return this.#uploads.get(target)
  }

  download(target: string): DownloadRecord | undefined {
    return this.#downloads.get(target)
  }

  /** Digests of the ranges that were written, by offset. */
  ranges(target: string): ReadonlyMap<number, string> {
    return this.#rangesOf(target)
  }

  wasDone(job: Job): boolean {
    return this.#done.has(lineOf(job))
  }

  beganUpload(target: string, record: UploadRecord): void {
    this.#note({ upload: target, ...record })
  }

  beganDownload(target: string, record: DownloadRecord): void {
    this.#note({ download: target, ...record })
  }

  wrote(target: string, offset: number, digest: string): void {
    this.#note({ range: target, offset, digest })
  }

  done(job: Job): void {
    this.#note({ done: lineOf(job) })
  }

  /** Nothing is left of a transfer in parts: it is whole, or was given up. */
  over(target: string): void {
    this.#note({ over: target })
  }

  /** Of a run that ended: everything was done, and nothing need be remembered. */
  remove(): void {
    this.close()
    unlinkSync(this.#path)
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #note(line: Record<string, unknown>): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  #rangesOf(target: string): Map<number, string> {
    let ranges = this.#ranges.get(target)
    if (!ranges) this.#ranges.set(target, (ranges = new Map()))
    return ranges
  }
}

function* linesIn(path: string): Generator<Record<string, unknown>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return // the first run
  }
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      yield JSON.parse(line) as Record<string, unknown>
    } catch {
      // The run ended while it wrote this.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What was done, of which state of the source. */
function lineOf({ action, entry, target }: Job): string {
  return `${action} ${entry.path} ${entry.size} ${entry.etag ?? entry.modified} ${target}`
}
