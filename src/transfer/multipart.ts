// A thing sent in parts becomes an object when the last part is there, or not at all.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { Exists } from './transfer.ts'
import type { Transfers } from './transfer.ts'
import { only } from './transfer.ts'
import type { Address, Store } from './store.ts'

interface Numbered {
  /** From 1. */
  readonly number: number
}

export interface MultipartOptions<Part extends Numbered> {
  readonly address: Address
  /** Of CreateMultipartUpload. */
  readonly create: Structure
  /** What CompleteMultipartUpload takes is picked from these. */
  readonly extras: Structure
  readonly parts: Iterable<Part> | AsyncIterable<Part>
  /** What sends a part of this upload, told its address and id; answers what CompleteMultipartUpload must know of it. */
  readonly sender: (upload: Structure) => (part: Part, signal: AbortSignal) => Promise<CompletedPart>
  /** Last look before all becomes visible; throws where it must not. */
  readonly check?: () => void
  /** Given, the upload is left where an interruption ends it. */
  readonly resumption?: Resumption
}

/** For a later run to go on where this one ends. */
export interface Resumption {
  /** An upload that began in an earlier run, and what of it is there. */
  readonly earlier?: { readonly id: string; readonly sent: readonly CompletedPart[] }
  /** Bytes of each part. */
  readonly part: number
  /** Asked before an upload begins. */
  readonly begins: () => Promise<void>
  /** Told the id of an upload that began. */
  readonly began: (id: string) => void
  /** Told when nothing is left of it, whole or given up. */
  readonly over: () => void
}

export interface CompletedPart {
  readonly PartNumber: number
  readonly ETag: string
  readonly [checksum: string]: string | number
}

const ofComplete = 'SSECustomerKey SSECustomerAlgorithm SSECustomerKeyMD5 RequestPayer ExpectedBucketOwner IfNoneMatch'

/** Sends all parts, some at a time. Whatever fails, nothing is left of them. Throws what fails first. */
export async function inParts<Part extends Numbered>(
  store: Store,
  { slots, signal }: Pick<Transfers, 'slots' | 'signal'>,
  options: MultipartOptions<Part>,
): Promise<Structure> {
  const { address, resumption } = options
  const upload = { ...address, UploadId: resumption?.earlier?.id ?? (await begun(store, options, signal)) }
  const failing = new AbortController()
  const stop = (): void => failing.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const parts = await sentParts(options, upload, slots, failing)
    options.check?.()
    const completed: Structure = {
      ...upload,
      ...only(options.extras, ofComplete),
      MultipartUpload: { Parts: parts.sort((a, b) => a.PartNumber - b.PartNumber) },
    }
    const output = await store.call('CompleteMultipartUpload', completed, { signal })
    resumption?.over()
    return output
  } catch (error) {
    if (signal.aborted && resumption) throw error
    await store.call('AbortMultipartUpload', upload).catch(() => {})
    resumption?.over()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function begun<Part extends Numbered>(
  store: Store,
  { address, create, resumption }: MultipartOptions<Part>,
  signal: AbortSignal,
): Promise<string> {
  await resumption?.begins()
  const { UploadId } = await store.call('CreateMultipartUpload', { ...address, ...create }, { signal })
  resumption?.began(UploadId as string)
  return UploadId as string
}

async function sentParts<Part extends Numbered>(
  { parts, sender, resumption }: MultipartOptions<Part>,
  upload: Structure,
  slots: Transfers['slots'],
  failing: AbortController,
): Promise<CompletedPart[]> {
  const sent: CompletedPart[] = [...(resumption?.earlier?.sent ?? [])]
  const have = new Set(sent.map(({ PartNumber }) => PartNumber))
  const underWay = new Set<Promise<void>>()
  const send = sender(upload)
  let failure: { error: unknown } | undefined
  try {
    for await (const part of parts) {
      if (have.has(part.number)) continue
      const turn = slots.take()
      if (turn) await turn
      if (failure || failing.signal.aborted) {
        slots.give()
        break
      }
      const sending = send(part, failing.signal)
        .then((completed) => void sent.push(completed))
        .catch((error) => {
          failure ??= { error }
          failing.abort(error)
        })
        .finally(() => {
          slots.give()
          underWay.delete(sending)
        })
      underWay.add(sending)
    }
  } catch (error) {
    failure ??= { error }
    failing.abort(error)
  }
  await Promise.all(underWay)
  if (failure) throw failure.error
  failing.signal.throwIfAborted()
  return sent
}

/** S3 found that something is there already, where nothing may be overwritten. */
export function asExists(error: unknown, extras: Structure): unknown {
  const refused = error instanceof AwsError && error.code === 'PreconditionFailed'
  return refused && extras.IfNoneMatch !== undefined ? new Exists() : error
}
