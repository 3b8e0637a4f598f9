// What was done already, written down as it is done, so that a run that was cut off can be taken up again.
//
// Lines of JSON, appended: a run that is killed loses its last line at most, and what a line says is checked against S3
// and the disk before it is believed.
//
//   {"pid":4711}
//   {"begins":"bucket/big","beside":[],"at":1767322800000}
//   {"upload":"bucket/big","id":"U","size":20000000,"state":1767322800000,"part":8388608,"members":"9f86d081884c7d65"}
//   {"download":"/big","temporary":"/big.1f2e3d4c","etag":"\"e\"","size":20000000,"part":8388608}
//   {"range":"/big","offset":0,"digest":"6BaxHeIS6qA="}
//   {"done":"upload /a.txt 6 1767322800000 bucket/a.txt"}

import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../lib/errors.ts'
import type { Job } from './entry.ts'

/** An object in parts is about to begin. */
export interface BeginningRecord {
  /** Ids of the uploads of its key that are there already. */
  readonly beside: readonly string[]
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface UploadRecord {
  readonly id: string
  /** Of the source when it began: another one is sent anew. */
  readonly size: number
  /** Its time or its ETag. */
  readonly state: number | string
  readonly part: number
  /** Differs where the object is to get other properties. */
  readonly members: string
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
  readonly #beginnings = new Map<string, BeginningRecord>()
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
    writeSync(this.#file, '\n') // behind a line that may have been cut off
    this.#note({ pid: process.pid })
  }

  #read(line: Record<string, unknown>): void {
    const { pid, begins, upload, download, range, done, over, ...record } = line
    if (typeof pid === 'number' && pid !== process.pid && isRunning(pid)) {
      throw new Failure('InvalidValue', `Another run of this command is under way (process ${pid})`)
    }
    if (typeof begins === 'string') this.#beginnings.set(begins, record as unknown as BeginningRecord)
    if (typeof upload === 'string') {
      this.#uploads.set(upload, record as unknown as UploadRecord)
      this.#beginnings.delete(upload)
    }
    if (typeof download === 'string') {
      this.#downloads.set(download, record as unknown as DownloadRecord)
      this.#ranges.delete(download)
    }
    if (typeof range === 'string') this.#rangesOf(range).set(record.offset as number, record.digest as string)
    if (typeof done === 'string') this.#done.add(done)
    if (typeof over === 'string') this.#forget(over)
  }

  #forget(target: string): void {
    this.#beginnings.delete(target)
    this.#uploads.delete(target)
    this.#downloads.delete(target)
    this.#ranges.delete(target)
  }

  /** Of an upload whose id no run has learnt. */
  beginning(target: string): BeginningRecord | undefined {
    return this.#beginnings.get(target)
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

  /** What earlier runs began and this one has not come upon: its source is gone. */
  get left(): { readonly uploads: readonly string[]; readonly downloads: readonly DownloadRecord[] } {
    return {
      uploads: [...this.#beginnings.keys(), ...this.#uploads.keys()],
      downloads: [...this.#downloads.values()],
    }
  }

  beginsUpload(target: string, record: BeginningRecord): void {
    this.#note({ begins: target, ...record })
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
    this.#forget(target)
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
