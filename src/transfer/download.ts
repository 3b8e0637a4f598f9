// An object becomes a file, or goes out as a stream.

import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { AwsError, Failure } from '../lib/errors.ts'
import { fromBase64, toBase64 } from '../lib/bytes.ts'
import { checksum, combineCrcs, isCrc } from '../lib/checksum.ts'
import type { Checksum, CrcName } from '../lib/checksum.ts'
import type { Structure } from '../lib/value.ts'
import type { Job } from './entry.ts'
import { partsOf } from './parts.ts'
import type { Part } from './parts.ts'
import type { Address, Sink } from './store.ts'
import { isSpecial, lastingName, TargetFile } from './target-file.ts'
import type { Transfers } from './transfer.ts'
import { addressOf } from './places.ts'

/** Throws what S3 and the file system throw; what is at the target then stays what it was. */
export function download(job: Job, transfers: Transfers): Promise<void> {
  const target = job.target!
  if (isSpecial(target)) return toSpecial(job, target, transfers)
  return job.entry.size! < transfers.sizes.threshold ? small(job, target, transfers) : large(job, target, transfers)
}

async function toSpecial(job: Job, target: string, transfers: Transfers): Promise<void> {
  const file = openSync(target, 'w')
  try {
    await downloadTo(job, (bytes) => writeAll(file, bytes), transfers)
  } finally {
    closeSync(file)
  }
}

/** Takes its name last, when the object's time is on it. */
function finished(file: TargetFile, { entry: { modified } }: Job, { warn }: Transfers): void {
  if (modified !== undefined) {
    try {
      file.setModified(modified)
    } catch (error) {
      warn({ kind: 'modification time', path: file.path, error })
    }
  }
  file.finish()
}

function small(job: Job, target: string, transfers: Transfers): Promise<void> {
  const file = transfers.journal ? begunAnew(target) : new TargetFile(target)
  return whole(job, file, transfers)
    .then(() => {
      if (job.entry.size === 0) transfers.progress(job, 0)
      if (transfers.signal.aborted) throw transfers.signal.reason
      finished(file, job, transfers)
    })
    .catch((error: unknown) => {
      file.discard()
      throw error
    })
}

/** With a journal an interruption leaves what is there, for a later run to go on with. */
async function large(job: Job, target: string, transfers: Transfers): Promise<void> {
  const { journal, sizes, signal } = transfers
  const { etag, size } = job.entry
  const { file, have } = journal
    ? takenUp(job, target, transfers)
    : { file: new TargetFile(target), have: new Map<number, string>() }
  if (have.size === 0)
    journal?.beganDownload(target, { temporary: file.temporary, etag, size: size!, part: sizes.part })
  try {
    file.open()
    await inRanges(job, file, have, transfers)
    signal.throwIfAborted()
    finished(file, job, transfers)
    journal?.over(target)
  } catch (error) {
    if (signal.aborted && journal) file.leave()
    else {
      file.discard()
      journal?.over(target)
    }
    throw error
  }
}

/** What an earlier run wrote of the same object, as far as it is still there. */
function takenUp(
  job: Job,
  target: string,
  { journal, sizes, progress }: Transfers,
): { file: TargetFile; have: Map<number, string> } {
  const { etag, size } = job.entry
  const record = journal!.download(target)
  const fits =
    record && record.etag === etag && record.size === size && record.part === sizes.part && etag !== undefined
  const file = fits ? goingOn(target, record.temporary) : undefined
  const have = new Map<number, string>()
  if (!file) {
    if (record) rmSync(record.temporary, { force: true })
    return { file: begunAnew(target), have }
  }
  const told = journal!.ranges(target)
  for (const { offset, length } of partsOf(size!, sizes.part)) {
    const digest = told.get(offset)
    if (digest === undefined || writtenDigest(file, offset, length) !== digest) continue
    have.set(offset, digest)
    progress(job, length)
  }
  return { file, have }
}

/** Over what an earlier run may have left. */
function begunAnew(target: string): TargetFile {
  return new TargetFile(target, { temporary: lastingName(target), file: 'begins anew' })
}

function goingOn(target: string, temporary: string): TargetFile | undefined {
  return existsSync(temporary) ? new TargetFile(target, { temporary, file: 'goes on' }) : undefined
}

function writtenDigest(file: TargetFile, offset: number, length: number): string | undefined {
  const running = checksum(journalled)
  const block = new Uint8Array(1 << 20)
  for (let at = 0; at < length;) {
    const got = file.read(offset + at, block.subarray(0, Math.min(block.length, length - at)))
    if (got === 0) return undefined
    running.update(block.subarray(0, got))
    at += got
  }
  return toBase64(running.digest())
}

/** The checksum by which ranges are known again, where the object has none of its own. */
const journalled: CrcName = 'crc64nvme'

function whole(job: Job, file: TargetFile, { source, extras, signal, progress, pace }: Transfers): Promise<void> {
  let at = 0
  const sink = {
    begin() {
      if (at === 0) return
      progress(job, -at)
      file.truncate((at = 0))
    },
    write(data: Uint8Array) {
      file.write(data, at)
      at += data.length
      progress(job, data.length)
    },
  }
  const get = (): Promise<void> => source.get(addressOf(job.entry.path), extras.download, sink, { signal })
  const turn = pace?.(job.entry.size ?? 0)
  return turn ? turn.then(get) : get()
}

/** All ranges at once, as many as there are places for. The object must be the same for all of them. */
async function inRanges(
  job: Job,
  file: TargetFile,
  have: ReadonlyMap<number, string>,
  transfers: Transfers,
): Promise<void> {
  const { slots, signal, sizes, journal } = transfers
  const size = job.entry.size!
  const expected = wholeChecksum(job)
  const failing = new AbortController()
  const stop = (): void => failing.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const underWay: Promise<void>[] = []
  const digests: { digest: Uint8Array; length: number }[] = []
  // What is taken up is known by one kind of checksum, so the whole is put together of that kind.
  const name = journal ? journalled : expected?.name
  const get = rangesOf(job, transfers)
  for (const part of partsOf(size, sizes.part)) {
    const written = have.get(part.offset)
    if (written !== undefined) {
      digests[part.number - 1] = { digest: fromBase64(written), length: part.length }
      continue
    }
    const turn = slots.take()
    if (turn) await turn
    if (failing.signal.aborted || signal.aborted) {
      slots.give()
      break
    }
    const newChecksum = name && (() => checksum(name))
    underWay.push(
      range(job, part, { get, file, signal: failing.signal, newChecksum }, transfers)
        .then((digest) => {
          if (!digest) return
          digests[part.number - 1] = { digest, length: part.length }
          journal?.wrote(job.target!, part.offset, toBase64(digest))
        })
        .catch((error) => failing.abort(error))
        .finally(() => slots.give()),
    )
  }
  await Promise.all(underWay)
  signal.removeEventListener('abort', stop)
  failing.signal.throwIfAborted()
  if (expected && expected.name === name) compare(expected, combineCrcs(expected.name, digests))
}

type GetRange = (part: Pick<Part, 'offset' | 'length'>, sink: Sink, signal: AbortSignal) => Promise<void>

/** Gets ranges of an object that must be the same for all of them: requests of one kind. */
function rangesOf({ entry }: Job, { source, extras }: Transfers): GetRange {
  const address = addressOf(entry.path)
  const { size, etag } = entry
  const members = etag === undefined ? extras.download : { ...extras.download, IfMatch: etag }
  return async ({ offset, length }, sink, signal) => {
    const last = offset + length === size
    try {
      await source.get(address, members, sink, {
        signal,
        range: `bytes=${offset}-${last ? '' : offset + length - 1}`,
      })
    } catch (error) {
      throw asChanged(error, address)
    }
  }
}

/** From where, and to where, the ranges of one object go. */
interface Ways {
  readonly get: GetRange
  readonly file: TargetFile
  readonly signal: AbortSignal
  readonly newChecksum: (() => Checksum) | undefined
}

/** One range into the file; its checksum, if one is wanted. */
async function range(
  job: Job,
  { offset, length }: Part,
  { get, file, signal, newChecksum }: Ways,
  { progress, pace }: Transfers,
): Promise<Uint8Array | undefined> {
  const turn = pace?.(length)
  if (turn) await turn
  let at = 0
  let running = newChecksum?.()
  const sink = {
    begin(output: Structure) {
      requireRange(output, offset, length)
      if (at === 0) return
      progress(job, -at)
      at = 0
      running = newChecksum?.()
    },
    write(data: Uint8Array) {
      if (at + data.length > length)
        throw new Failure('UnreadableResponse', 'S3 sent more than the range that was asked for')
      file.write(data, offset + at)
      running?.update(data)
      at += data.length
      progress(job, data.length)
    },
  }
  await get({ offset, length }, sink, signal)
  if (at !== length) throw new Failure('UnreadableResponse', 'S3 sent less than the range that was asked for')
  return running?.digest()
}

/** A server that knows no ranges answers with everything, which would be written in the wrong place. */
function requireRange(output: Structure, offset: number, length: number): void {
  const [, from] = /^bytes (\d+)-/.exec(String(output.ContentRange ?? '')) ?? []
  const fits = output.ContentRange === undefined ? Number(output.ContentLength) === length : Number(from) === offset
  if (!fits)
    throw new Failure('UnreadableResponse', `S3 answered another range than bytes ${offset} to ${offset + length - 1}`)
}

function asChanged(error: unknown, { Bucket, Key }: Address): unknown {
  if (!(error instanceof AwsError) || error.code !== 'PreconditionFailed') return error
  return new Failure(
    'InvalidValue',
    `Contents of stored object "${Key}" in bucket "${Bucket}" did not match expected ETag.`,
  )
}

interface Expected {
  readonly name: CrcName
  readonly value: string
}

/** The checksum of the whole object, where HeadObject told one that can be put together from its ranges. */
function wholeChecksum({ entry: { head } }: Job): Expected | undefined {
  if (head?.ChecksumType !== 'FULL_OBJECT') return undefined
  for (const [member, name] of [
    ['ChecksumCRC64NVME', 'crc64nvme'],
    ['ChecksumCRC32C', 'crc32c'],
    ['ChecksumCRC32', 'crc32'],
  ] as const) {
    const value = head[member]
    if (typeof value === 'string' && !value.includes('-') && isCrc(name)) return { name, value }
  }
  return undefined
}

function compare({ value }: Expected, digest: Uint8Array): void {
  if (toBase64(digest) === toBase64(fromBase64(value))) return
  throw new Failure(
    'UnreadableResponse',
    `Expected checksum ${value} did not match calculated checksum: ${toBase64(digest)}`,
  )
}

/** Hands an object on in order, piece by piece. What was handed on cannot be taken back, so nothing is handed on twice. */
export async function downloadTo(job: Job, write: (bytes: Uint8Array) => void, transfers: Transfers): Promise<void> {
  const { source, extras, signal, sizes, progress } = transfers
  const head =
    job.entry.head ??
    (await source.call('HeadObject', { ...addressOf(job.entry.path), ...extras.download }, { signal }))
  const size = Number(head.ContentLength)
  const known: Job = { ...job, entry: { ...job.entry, size, etag: head.ETag as string | undefined } }
  if (size < sizes.threshold) {
    const bytes = new Collected()
    await source.get(addressOf(job.entry.path), extras.download, bytes, { signal })
    write(bytes.whole())
    progress(job, size)
    return
  }
  await rangesInOrder(known, write, transfers)
}

class Collected {
  #pieces: Uint8Array[] = []
  begin(): void {
    this.#pieces = []
  }
  write(data: Uint8Array): void {
    this.#pieces.push(Buffer.from(data))
  }
  whole(): Uint8Array {
    return Buffer.concat(this.#pieces)
  }
}

/** A range in memory that is used again for a later one. */
class Held {
  readonly #room: Uint8Array
  #length = 0

  constructor(room: Uint8Array) {
    this.#room = room
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length)
  }

  begin(): void {
    this.#length = 0
  }

  write(data: Uint8Array): void {
    if (this.#length + data.length > this.#room.length) throw anotherRange()
    this.#room.set(data, this.#length)
    this.#length += data.length
  }
}

/** Ranges are fetched side by side, but only some ahead of the one that is being handed on: they are what is in memory. */
async function rangesInOrder(job: Job, write: (bytes: Uint8Array) => void, transfers: Transfers): Promise<void> {
  const { sizes, slots, signal, progress } = transfers
  const ahead = Math.max(2, slots.limit)
  const size = job.entry.size!
  const longest = Math.min(sizes.part, size)
  const fetched: Promise<Held>[] = []
  const free: Held[] = []
  const failing = new AbortController()
  const stop = (): void => failing.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const get = rangesOf(job, transfers)
  const fetchPart = async (part: Part): Promise<Held> => {
    const held = free.pop() ?? new Held(new Uint8Array(longest))
    await slots.within(() => get(part, held, failing.signal))
    if (held.bytes.length !== part.length) throw anotherRange()
    return held
  }
  const handOn = async (next: Promise<Held>): Promise<void> => {
    const held = await next
    write(held.bytes)
    progress(job, held.bytes.length)
    free.push(held)
  }
  try {
    for (const part of partsOf(size, sizes.part)) {
      const next = fetchPart(part)
      next.catch((error) => failing.abort(error))
      fetched.push(next)
      if (fetched.length === ahead) await handOn(fetched.shift()!)
    }
    for (const next of fetched) await handOn(next)
  } finally {
    failing.abort()
    signal.removeEventListener('abort', stop)
  }
}

function anotherRange(): Failure {
  return new Failure('UnreadableResponse', 'S3 sent another range than the one asked for')
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}
