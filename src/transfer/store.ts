// S3 as the engine sees it: calls by their model names, and the few that are made for every object.

import type { Structure } from '../lib/value.ts'

/** Bytes to send, readable any number of times: a part that fails is sent again. */
export interface Source {
  readonly size: number
  /** Fills `into` from an offset on, as far as there is something. Throws where what is read is no longer what it was. */
  read(offset: number, into: Uint8Array): number
  /** All of it, where it is in memory. */
  readonly bytes?: Uint8Array
  /** The same as the runtime's own file, where it is one. */
  blob?(): Blob
}

/** Takes what GetObject gives. May be begun several times: each attempt starts anew. */
export interface Sink {
  /** Told, of a range, which one it is: ContentLength, and ContentRange where the server says it. */
  begin(output: Structure): void
  /** The bytes are only lent. */
  write(data: Uint8Array): void
}

export type Address = { readonly Bucket: string; readonly Key: string }

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface GetOptions extends CallOptions {
  /** `bytes=0-99`: so much of the object. */
  readonly range?: string
}

export interface PutOptions extends CallOptions {
  /** The number of the part that is put. */
  readonly part?: number
  /** Told of every stretch of bytes as it leaves; negative for those that must leave again. */
  readonly sent?: (bytes: number) => void
}

/**
 * `extras` are members beside the address. Requests with the same object for them are of one kind: what can be prepared
 * for all of them is prepared once. What differs in each request of a kind is an option.
 */
export interface Store {
  /** Throws AwsError, Failure. */
  call(operation: string, input: Structure, options?: CallOptions): Promise<Structure>
  put(
    operation: 'PutObject' | 'UploadPart',
    address: Address,
    extras: Structure,
    source: Source,
    options: PutOptions,
  ): Promise<Structure>
  /** Resolves when the whole body went to the sink and fits its checksum. */
  get(address: Address, extras: Structure, sink: Sink, options?: GetOptions): Promise<void>
  delete(address: Address, extras: Structure, options?: CallOptions): Promise<void>
  /** The pages of ListObjectsV2 below a prefix. */
  list(bucket: string, prefix: string, options: ListOptions): AsyncIterable<readonly Listed[]>
  /** Lets go of connections. */
  close(): void
}

export interface ListOptions {
  /** What lies behind the next one is one line for all that have it in common. */
  readonly delimiter?: string
  readonly pageSize?: number
  readonly requestPayer?: string
  /** Names, sizes and times are enough. */
  readonly brief?: boolean
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
  /** It is no object, but what many have in common up to the delimiter; those of a page come first. */
  readonly common?: true
}
