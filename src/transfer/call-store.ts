// The store that makes every request through the client's own pipeline: right everywhere, and the only one where there
// is no socket to hold: for the local AWS in this process, behind a proxy, on Node.

import { AwsError, Failure } from '../lib/errors.ts'
import { piecesOf } from '../lib/stream.ts'
import { parseTimestamp } from '../lib/time.ts'
import type { Timestamp } from '../lib/time.ts'
import type { Structure, Value } from '../lib/value.ts'
import { call } from '../client/call.ts'
import type { Settings } from '../client/settings.ts'
import type { CallOptions, ListOptions, Listed, Sink, Source, Store } from './store.ts'

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
    input: Structure,
    source: Source,
    { signal, sent }: CallOptions & { sent?: (bytes: number) => void },
  ): Promise<Structure> {
    const output = await this.call(operation, { ...input, Body: bodyOf(source) }, { signal })
    sent?.(source.size)
    return output
  }

  async get(input: Structure, sink: Sink, { signal }: CallOptions = {}): Promise<void> {
    const operation = await this.settings.models.operation('s3', 'GetObject')
    for (let attempt = 1; ; attempt++) {
      const output = await call(operation, input, this.settings, { signal })
      sink.begin(output)
      try {
        for await (const piece of bytesOf(output.Body)) sink.write(piece)
        return
      } catch (error) {
        if (!brokeOff(error) || attempt === readAttempts || signal?.aborted) throw error
      }
    }
  }

  async *list(
    bucket: string,
    prefix: string,
    { pageSize, requestPayer, signal }: ListOptions,
  ): AsyncGenerator<readonly Listed[]> {
    const input: Structure = { Bucket: bucket, Prefix: prefix }
    if (pageSize !== undefined) input.MaxKeys = pageSize
    if (requestPayer !== undefined) input.RequestPayer = requestPayer
    let page: Promise<Structure> | undefined = this.call('ListObjectsV2', input, { signal })
    while (page !== undefined) {
      const output: Structure = await page
      const token = output.NextContinuationToken
      // The next page is on its way while this one is worked on.
      page = token === undefined ? undefined : this.call('ListObjectsV2', { ...input, ContinuationToken: token }, { signal })
      page?.catch(() => {})
      yield ((output.Contents ?? []) as Structure[]).map(listed)
    }
  }

  close(): void {}
}

function listed(item: Structure): Listed {
  const restore = item.RestoreStatus as Structure | undefined
  return {
    key: item.Key as string,
    size: Number(item.Size),
    modified: milliseconds(item.LastModified as Timestamp),
    etag: item.ETag as string | undefined,
    storageClass: item.StorageClass as string | undefined,
    restore: restore?.IsRestoreInProgress === false ? 'ongoing-request="false"' : undefined,
  }
}

/** Milliseconds since 1970, of a timestamp in any of the forms in which one may come. */
export function milliseconds(time: Timestamp): number {
  const { seconds, micros } = parseTimestamp(time)
  return seconds * 1000 + micros / 1000
}

/** Small ones in one piece; others as what they are, a stretch of a file: sized, and readable again for another attempt. */
function bodyOf(source: Source): Value {
  return source.size > 16 << 20 && source.blob ? source.blob() : source.read(0, source.size).slice()
}

async function* bytesOf(body: Value | undefined): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else if (body instanceof Blob) yield* piecesOf(body.stream())
  else if (body instanceof ReadableStream) yield* piecesOf(body)
}

/** Whether the response stopped in the middle, or came damaged. */
export function brokeOff(error: unknown): boolean {
  if (error instanceof AwsError) return false
  if (!(error instanceof Failure)) return false
  return error.kind === 'Connection' || error.kind === 'Timeout' || error.kind === 'UnreadableResponse'
}
