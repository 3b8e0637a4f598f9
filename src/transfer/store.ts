// S3 as the engine sees it: calls by their model names, and the three that carry an object's bytes.

import type { Structure } from '../lib/value.ts'

/** Bytes to send, readable any number of times: a part that fails is sent again. */
export interface Source {
  readonly size: number
  /** The bytes at an offset, at most so many; fewer only at the end. Throws when what is read is no longer what it was. */
  read(offset: number, most: number): Uint8Array
  /** The same as the runtime's own file, where it is one. */
  blob?(): Blob
}

/** Takes what GetObject gives. May be begun several times: each attempt starts anew. */
export interface Sink {
  begin(output: Structure): void
  /** The bytes are only lent. */
  write(data: Uint8Array): void
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface Store {
  /** Throws AwsError, Failure. */
  call(operation: string, input: Structure, options?: CallOptions): Promise<Structure>
  /** PutObject or UploadPart. `sent` is told of every stretch of bytes as it leaves; negative when it must leave again. */
  put(
    operation: 'PutObject' | 'UploadPart',
    input: Structure,
    source: Source,
    options: CallOptions & { sent?: (bytes: number) => void },
  ): Promise<Structure>
  /** GetObject; resolves when the whole body went to the sink and fits its checksum. */
  get(input: Structure, sink: Sink, options?: CallOptions): Promise<void>
  /** The pages of ListObjectsV2 below a prefix. */
  list(bucket: string, prefix: string, options: ListOptions): AsyncIterable<readonly Listed[]>
  /** Lets go of connections. */
  close(): void
}

export interface ListOptions {
  readonly pageSize?: number
  readonly requestPayer?: string
  readonly signal?: AbortSignal
}

/** A line of a listing. */
export interface Listed {
  readonly key: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  readonly etag: string | undefined
  readonly storageClass: string | undefined
  readonly restore: string | undefined
}
