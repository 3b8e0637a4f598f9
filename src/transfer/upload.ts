// A file, or a stream, becomes an object.

import { concat, toBase64, toHex } from '../lib/bytes.ts'
import { canCompute, checksum } from '../lib/checksum.ts'
import type { ChecksumName } from '../lib/checksum.ts'
import type { Structure } from '../lib/value.ts'
import { giveUp, takenUp } from './earlier-upload.ts'
import type { Whole } from './earlier-upload.ts'
import type { Job } from './entry.ts'
import { SourceFile } from './file-source.ts'
import { asExists, inParts } from './multipart.ts'
import type { CompletedPart } from './multipart.ts'
import { partsOf, partSize } from './parts.ts'
import { addressOf } from './places.ts'
import type { Address, Source } from './store.ts'
import { only } from './transfer.ts'
import type { Transfers } from './transfer.ts'

const ofParts =
  'ChecksumAlgorithm SSECustomerKey SSECustomerAlgorithm SSECustomerKeyMD5 RequestPayer ExpectedBucketOwner'
const notOfCreate = ' IfNoneMatch '

/** Files of so many bytes are read at once: hundreds of them may wait for S3, and none is open while it does. */
const readAtOnce = 32 * 1024

/** Throws Exists, SourceChanged, what the file system and S3 throw. */
export function upload(job: Job, transfers: Transfers): Promise<unknown> {
  const address = addressOf(job.target!)
  const extras = transfers.extras.upload(job)
  // Of a folder to a bucket: it is refused for having no key, before anything is read.
  if (address.Key === '') return transfers.target.call('PutObject', address)
  const file = new SourceFile(job.entry.path)
  const sent =
    file.size <= readAtOnce && !transfers.journal
      ? whole(job, address, extras, sourceOf(file.content()), transfers)
      : fromFile(job, address, extras, file, transfers)
  return sent.catch((error: unknown) => {
    throw asExists(error, extras)
  })
}

/** Closes the file. */
async function fromFile(
  job: Job,
  address: Address,
  extras: Structure,
  file: SourceFile,
  transfers: Transfers,
): Promise<void> {
  try {
    const isSmall = file.size < transfers.sizes.threshold
    // Where an earlier run found it larger.
    if (isSmall && transfers.journal) await giveUp(job.target!, transfers, extras)
    if (file.size <= readAtOnce) await whole(job, address, extras, sourceOf(file.content()), transfers)
    else if (isSmall) await whole(job, address, extras, file, transfers)
    else await parted(job, address, extras, file, transfers)
  } finally {
    file.close()
  }
}

function whole(job: Job, address: Address, extras: Structure, source: Source, transfers: Transfers): Promise<unknown> {
  const { target, signal, progress, pace } = transfers
  const put = (): Promise<unknown> =>
    target.put('PutObject', address, extras, source, { signal, sent: (bytes) => progress(job, bytes) })
  const turn = pace?.(source.size)
  return turn ? turn.then(put) : put()
}

async function parted(
  job: Job,
  address: Address,
  extras: Structure,
  file: SourceFile,
  transfers: Transfers,
): Promise<void> {
  const { journal, progress, sizes } = transfers
  const create = createFrom(extras)
  const part = partSize(sizes.part, file.size)
  const algorithm = String(extras.ChecksumAlgorithm ?? '').toLowerCase()
  const whole: Whole = {
    target: job.target!,
    size: file.size,
    state: file.modified,
    create,
    part,
    fits: ({ offset, length }, there) => isSame(file.part(offset, length), there, algorithm),
    completed: (number, there) => completedPart(number, there, extras),
    have: (bytes) => progress(job, bytes),
  }
  const resumption = journal && (await takenUp(whole, transfers))
  await inParts(transfers.target, transfers, {
    address,
    create,
    extras,
    parts: partsOf(file.size, resumption?.part ?? part),
    ...(resumption ? { resumption } : {}),
    sender: (upload) => {
      const send = partSender(job, upload, extras, transfers)
      return ({ number, offset, length }, signal) => send(number, file.part(offset, length), signal)
    },
    check: () => file.requireUnchanged(),
  })
}

/** By the checksum that S3 tells of the part, or by its ETag where that is an MD5. */
function isSame(source: Source, part: Structure, algorithm: string): boolean {
  const told = part[`Checksum${algorithm.toUpperCase()}`]
  if (typeof told === 'string' && canCompute(algorithm)) return toBase64(digestOf(source, algorithm)) === told
  return `"${toHex(digestOf(source, 'md5'))}"` === part.ETag
}

function digestOf(source: Source, name: ChecksumName): Uint8Array {
  const running = checksum(name)
  const block = new Uint8Array(1 << 20)
  for (let at = 0; at < source.size;) {
    const length = source.read(at, block)
    running.update(block.subarray(0, length))
    at += length
  }
  return running.digest()
}

/** All parts of an upload are requests of one kind. */
function partSender(
  job: Job,
  { UploadId }: Structure,
  extras: Structure,
  { target, progress, pace }: Transfers,
): (number: number, source: Source, signal: AbortSignal) => Promise<CompletedPart> {
  const members = { ...only(extras, ofParts), UploadId }
  const sent = (bytes: number): void => progress(job, bytes)
  return async (part, source, signal) => {
    const turn = pace?.(source.size)
    if (turn) await turn
    const output = await target.put('UploadPart', addressOf(job.target!), members, source, { signal, part, sent })
    return completedPart(part, output, extras)
  }
}

/** With its checksum, where S3 answers the one that was asked for. */
export function completedPart(number: number, output: Structure, extras: Structure): CompletedPart {
  const name = `Checksum${String(extras.ChecksumAlgorithm)}`
  const checksum = output[name]
  const part = { ETag: output.ETag as string, PartNumber: number }
  return typeof checksum === 'string' ? { ...part, [name]: checksum } : part
}

function createFrom(extras: Structure): Structure {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => !notOfCreate.includes(` ${name} `)))
}

/**
 * Sends what comes out of a stream: whole where it ends below the threshold, else part by part as it comes.
 * @param expected its size, where somebody knows it: parts grow so that they suffice
 */
export async function uploadStream(
  job: Job,
  stream: AsyncIterable<Uint8Array>,
  transfers: Transfers,
  expected?: number,
): Promise<void> {
  const address = addressOf(job.target!)
  const extras = transfers.extras.upload(job)
  const { threshold } = transfers.sizes
  const size = partSize(transfers.sizes.part, expected)
  const pieces = cut(stream, Math.max(threshold, size))
  try {
    const first = await pieces.next()
    const bytes = first.done ? new Uint8Array(0) : first.value
    if (expected === undefined ? bytes.length < threshold : expected < threshold) {
      const all = [bytes]
      for await (const more of pieces) all.push(more)
      await whole(job, address, extras, sourceOf(concat(all)), transfers)
      return
    }
    await inParts(transfers.target, transfers, {
      address,
      create: createFrom(extras),
      extras,
      parts: numbered(bytes, pieces, size),
      sender: (upload) => {
        const send = partSender(job, upload, extras, transfers)
        return ({ number, bytes: part }, signal) => send(number, sourceOf(part), signal)
      },
    })
  } catch (error) {
    throw asExists(error, extras)
  }
}

function sourceOf(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    bytes,
    read(offset, into) {
      const stretch = bytes.subarray(offset, offset + into.length)
      into.set(stretch)
      return stretch.length
    },
  }
}

async function* numbered(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  size: number,
): AsyncGenerator<{ number: number; bytes: Uint8Array }> {
  let number = 0
  for await (const bytes of cut(chained(first, rest), size)) yield { number: ++number, bytes }
}

async function* chained(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

/** The stream in pieces of one size; the last may be smaller. */
async function* cut(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(0)
  let filled = 0
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length;) {
      if (filled === piece.length) piece = grown(piece, filled, size)
      const taken = Math.min(piece.length - filled, bytes.length - at)
      piece.set(bytes.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled === size) {
        yield piece
        piece = new Uint8Array(0)
        filled = 0
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}

function grown(piece: Uint8Array, filled: number, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, Math.max(1 << 16, piece.length * 2)))
  larger.set(piece.subarray(0, filled))
  return larger
}
