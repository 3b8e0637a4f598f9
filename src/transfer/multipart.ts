// A thing sent in parts becomes an object when the last part is there, or not at all.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import { Exists } from './transfer.ts'
import type { Transfers } from './transfer.ts'
import { only } from './transfer.ts'
import type { Address, Store } from './store.ts'

export interface MultipartOptions<Part> {
  readonly address: Address
  /** Of CreateMultipartUpload. */
  readonly create: Structure
  /** What CompleteMultipartUpload takes is picked from these. */
  readonly extras: Structure
  readonly parts: Iterable<Part> | AsyncIterable<Part>
  /** Sends a part under an upload's id; answers what CompleteMultipartUpload must know of it. */
  readonly send: (part: Part, upload: Structure, signal: AbortSignal) => Promise<CompletedPart>
  /** Last look before all becomes visible; throws where it must not. */
  readonly check?: () => void
  /** An upload that began in an earlier run, and what of it is there. */
  readonly earlier?: { readonly id: string; readonly sent: readonly CompletedPart[] }
  /** Told the id of an upload that begins. It is then left where an interruption ends it, for a later run. */
  readonly began?: (id: string) => void
  /** Told when nothing is left of it, whole or given up. */
  readonly over?: () => void
}

export interface CompletedPart {
  readonly PartNumber: number
  readonly ETag: string
  readonly [checksum: string]: string | number
}

const ofComplete = 'SSECustomerKey SSECustomerAlgorithm SSECustomerKeyMD5 RequestPayer ExpectedBucketOwner IfNoneMatch'

/** Sends all parts, some at a time. Whatever fails, nothing is left of them. Throws what fails first. */
export async function inParts<Part>(
  store: Store,
  { slots, signal }: Pick<Transfers, 'slots' | 'signal'>,
  options: MultipartOptions<Part>,
): Promise<Structure> {
  const { address } = options
  const upload = { ...address, UploadId: options.earlier?.id ?? (await begun(store, options, signal)) }
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
    options.over?.()
    return output
  } catch (error) {
    if (signal.aborted && options.began) throw error
    await store.call('AbortMultipartUpload', upload).catch(() => {})
    options.over?.()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function begun<Part>(
  store: Store,
  { address, create, began }: MultipartOptions<Part>,
  signal: AbortSignal,
): Promise<string> {
  const { UploadId } = await store.call('CreateMultipartUpload', { ...address, ...create }, { signal })
  began?.(UploadId as string)
  return UploadId as string
}

async function sentParts<Part>(
  { parts, send, earlier }: MultipartOptions<Part>,
  upload: Structure,
  slots: Transfers['slots'],
  failing: AbortController,
): Promise<CompletedPart[]> {
  const sent: CompletedPart[] = [...(earlier?.sent ?? [])]
  const underWay = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  try {
    for await (const part of parts) {
      const turn = slots.take()
      if (turn) await turn
      if (failure || failing.signal.aborted) {
        slots.give()
        break
      }
      const sending = send(part, upload, failing.signal)
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
