// The store that makes every request through the client's own pipeline: right everywhere, and the only one where there
// is no socket to hold: for the local AWS in this process, behind a proxy, on Node.

import { Failure } from '../lib/errors.ts'
import { piecesOf } from '../lib/stream.ts'
import type { Structure, Value } from '../lib/value.ts'
import { call } from '../client/call.ts'
import type { Settings } from '../client/settings.ts'
import { listedIn } from './listing.ts'
import type { Address, CallOptions, GetOptions, ListOptions, Listed, PutOptions, Sink, Source, Store } from './store.ts'

/** How often a download that broke off is begun again, as the reference does. */
const readAttempts = 5

export class CallStore implements Store {
  readonly settings: Settings

  constructor(settings: Settings) {
    this.settings = settings
  }

  async call(operation: string, input: Structure, { signal }: CallOptions = {}): Promise<Structure> {
    return call(await this.settings.models.operation('s3', operation), input, this.settings, { signal, stream: false })
  }

  async put(
    operation: 'PutObject' | 'UploadPart',
    address: Address,
    extras: Structure,
    source: Source,
    { signal, part, sent }: PutOptions,
  ): Promise<Structure> {
    const input: Structure = { ...address, ...extras, Body: bodyOf(source) }
    if (part !== undefined) input.PartNumber = part
    const output = await this.call(operation, input, { signal })
    sent?.(source.size)
    return output
  }

  async get(address: Address, extras: Structure, sink: Sink, { signal, range }: GetOptions = {}): Promise<void> {
    const operation = await this.settings.models.operation('s3', 'GetObject')
    const input: Structure = { ...address, ...extras }
    if (range !== undefined) input.Range = range
    await untilWhole(signal, async () => {
      const output = await call(operation, input, this.settings, { signal })
      sink.begin(output)
      for await (const piece of bytesOf(output.Body)) sink.write(piece)
    })
  }

  async delete(address: Address, extras: Structure, { signal }: CallOptions = {}): Promise<void> {
    await this.call('DeleteObject', { ...address, ...extras }, { signal })
  }

  async *list(
    bucket: string,
    prefix: string,
    { pageSize, requestPayer, delimiter, signal }: ListOptions,
  ): AsyncGenerator<readonly Listed[]> {
    const input: Structure = { Bucket: bucket, Prefix: prefix }
    if (pageSize !== undefined) input.MaxKeys = pageSize
    if (requestPayer !== undefined) input.RequestPayer = requestPayer
    if (delimiter !== undefined) input.Delimiter = delimiter
    let page: Promise<Structure> | undefined = this.call('ListObjectsV2', input, { signal })
    while (page !== undefined) {
      const output: Structure = await page
      const token = output.NextContinuationToken
      // The next page is on its way while this one is worked on.
      page =
        token === undefined ? undefined : this.call('ListObjectsV2', { ...input, ContinuationToken: token }, { signal })
      page?.catch(() => {})
      yield listedIn(output)
    }
  }

  close(): void {}
}

/** Small ones in one piece; others as what they are, a stretch of a file: sized, and readable again for another attempt. */
function bodyOf(source: Source): Value {
  if (source.size > 16 << 20 && source.blob) return source.blob()
  const bytes = new Uint8Array(source.size)
  source.read(0, bytes)
  return bytes
}

async function* bytesOf(body: Value | undefined): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else if (body instanceof Blob) yield* piecesOf(body.stream())
  else if (body instanceof ReadableStream) yield* piecesOf(body)
}

/** Begins a download anew when it breaks off in the middle or comes damaged. */
export function untilWhole(signal: AbortSignal | undefined, once: () => Promise<void>, attempt = 1): Promise<void> {
  return once().catch((error: unknown) => {
    if (!brokeOff(error) || signal?.aborted) throw error
    if (attempt === readAttempts) throw new Failure('Connection', 'Max Retries Exceeded', { stage: 'read' }, error)
    return untilWhole(signal, once, attempt + 1)
  })
}

function brokeOff(error: unknown): boolean {
  if (!(error instanceof Failure)) return false
  const { kind, detail } = error
  return kind === 'UnreadableResponse' || ((kind === 'Connection' || kind === 'Timeout') && detail.stage === 'read')
}
