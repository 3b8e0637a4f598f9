// What has an earlier run, which was cut off, left of an object in parts: can this one go on with it?
//
// What cannot be gone on with is given up, so that nobody pays for parts that nobody will complete. A run that is killed
// between CreateMultipartUpload and its answer never learns the upload's id. So it writes down beforehand which uploads
// of that key there are: the one that is there besides, began about then and has no parts is its own.

import { rmSync } from 'node:fs'
import { AwsError } from '../lib/errors.ts'
import { sha256Hex } from '../lib/hash.ts'
import type { Timestamp } from '../lib/time.ts'
import type { Structure } from '../lib/value.ts'
import type { BeginningRecord } from './journal.ts'
import { milliseconds } from './listing.ts'
import type { CompletedPart, Resumption } from './multipart.ts'
import type { Part } from './parts.ts'
import { addressOf } from './places.ts'
import type { Address, Store } from './store.ts'
import { only } from './transfer.ts'
import type { Transfers } from './transfer.ts'

/** An object that is to be sent in parts. */
export interface Whole {
  readonly target: string
  readonly size: number
  /** Another one where the source is no longer what it was; undefined where that cannot be told. */
  readonly state: number | string | undefined
  /** Of CreateMultipartUpload: other members make another object. */
  readonly create: Structure
  /** Bytes of each part, where it begins anew. */
  readonly part: number
  /** Whether a part that S3 has, as ListParts tells it, is that part of the source. */
  readonly fits: (part: Part, there: Structure) => boolean
  readonly completed: (number: number, there: Structure) => CompletedPart
  /** Told the bytes of each part that need not be sent. */
  readonly have: (bytes: number) => void
}

/** Longest time, in milliseconds, between the line in the journal and what S3's clock says of the upload. */
const longestBeginning = 15 * 60 * 1000

const ofRequests = 'RequestPayer ExpectedBucketOwner'

/** How `whole` is sent under the journal. */
export async function takenUp(whole: Whole, transfers: Transfers): Promise<Resumption> {
  const journal = transfers.journal!
  const { target, size, state, part, create } = whole
  const members = sha256Hex(JSON.stringify(create)).slice(0, 16)
  const record = journal.upload(target)
  const isSame = record && state !== undefined && record.state === state && record.members === members
  const sent = isSame && record.size === size ? await partsThere(whole, record, transfers) : undefined
  if (sent === undefined) await giveUp(target, transfers, create)
  const { store, request } = requests(transfers, create)
  return {
    ...(sent ? { earlier: { id: record!.id, sent } } : {}),
    part: sent ? record!.part : part,
    begins: async () => {
      const beside = await uploadsOf(addressOf(target), store, request, transfers.signal)
      if (beside) journal.beginsUpload(target, { beside: beside.map(({ id }) => id), at: Date.now() })
    },
    began: (id) => journal.beganUpload(target, { id, size, state: state ?? '', part, members }),
    over: () => journal.over(target),
  }
}

/** Aborts what the journal knows to be begun for a target, and not over. */
export async function giveUp(target: string, transfers: Transfers, extras: Structure = {}): Promise<void> {
  const journal = transfers.journal!
  const record = journal.upload(target)
  const beginning = journal.beginning(target)
  if (!record && !beginning) return
  const { store, request } = requests(transfers, extras)
  const address = addressOf(target)
  const id = record?.id ?? (await unnamed(address, beginning!, store, request, transfers.signal))
  if (id !== undefined) {
    try {
      await store.call('AbortMultipartUpload', { ...address, ...request, UploadId: id }, transfers)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error // S3 has it no more, or we may not
    }
  }
  journal.over(target)
}

function requests({ target: store }: Transfers, extras: Structure): { store: Store; request: Structure } {
  return { store, request: only(extras, ofRequests) }
}

/** Of a run in which all went well: what of earlier ones nobody came upon, because its source is gone. */
export async function giveUpLeft(transfers: Transfers): Promise<void> {
  const { uploads, downloads } = transfers.journal!.left
  for (const target of uploads) await giveUp(target, transfers)
  for (const { temporary } of downloads) rmSync(temporary, { force: true })
}

/** The parts that are there already; undefined where S3 knows no such upload. */
async function partsThere(
  { target, size, create, fits, completed, have }: Whole,
  record: { readonly id: string; readonly part: number },
  transfers: Transfers,
): Promise<CompletedPart[] | undefined> {
  const { store, request } = requests(transfers, create)
  const sent: CompletedPart[] = []
  const input = { ...addressOf(target), ...request, UploadId: record.id }
  try {
    for (let marker: Structure[string]; ;) {
      const page = await store.call(
        'ListParts',
        marker === undefined ? input : { ...input, PartNumberMarker: marker },
        transfers,
      )
      for (const there of (page.Parts ?? []) as Structure[]) {
        const number = Number(there.PartNumber)
        const offset = (number - 1) * record.part
        const length = Math.min(record.part, size - offset)
        if (Number(there.Size) !== length || !fits({ number, offset, length }, there)) continue
        sent.push(completed(number, there))
        have(length)
      }
      if (page.IsTruncated !== true) return sent
      marker = page.NextPartNumberMarker
    }
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchUpload') return undefined
    throw error
  }
}

interface Begun {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The uploads of one key; undefined where S3 does not tell us. */
async function uploadsOf(
  { Bucket, Key }: Address,
  store: Store,
  request: Structure,
  signal: AbortSignal,
): Promise<Begun[] | undefined> {
  const found: Begun[] = []
  try {
    for (let from: Structure = {}; ;) {
      const page = await store.call('ListMultipartUploads', { Bucket, Prefix: Key, ...request, ...from }, { signal })
      const uploads = (page.Uploads ?? []) as Structure[]
      const ours = uploads.filter((upload) => upload.Key === Key)
      for (const { UploadId, Initiated } of ours)
        found.push({ id: UploadId as string, at: milliseconds(Initiated as Timestamp) })
      // They come by key, and the prefix itself is the first of all keys that begin with it.
      if (page.IsTruncated !== true || ours.length < uploads.length) return found
      from = only(
        { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker },
        'KeyMarker UploadIdMarker',
      )
    }
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}

/** The upload that a run began without learning its id. Of several none: the others are somebody else's. */
async function unnamed(
  address: Address,
  { beside, at }: BeginningRecord,
  store: Store,
  request: Structure,
  signal: AbortSignal,
): Promise<string | undefined> {
  const uploads = (await uploadsOf(address, store, request, signal)) ?? []
  const candidates = uploads.filter((upload) => !beside.includes(upload.id) && upload.at <= at + longestBeginning)
  if (candidates.length !== 1) return undefined
  const { id } = candidates[0]!
  try {
    const page = await store.call('ListParts', { ...address, ...request, UploadId: id, MaxParts: 1 }, { signal })
    return ((page.Parts ?? []) as Structure[]).length === 0 ? id : undefined
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}
