// Where does the local AWS keep what it knows? Rows in ordered tables, and objects too big for a row.
//
// Everything that changes rows happens inside `transaction`, whose body is a plain synchronous function of the rows.
// That one rule buys the rest: no other request comes between its lines, a failure or a kill leaves nothing half done,
// two processes may share a store, and a store across a network may run the body again once it has fetched the rows
// the first run missed. So a body touches rows and nothing else; it must bear being run twice.

/** What a row holds: anything JSON can say. Services keep moments as milliseconds and bytes as base64. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json | undefined }

/** Which part of a table to read. Keys are ordered by their UTF-8 bytes, as S3 orders its own. */
export interface Range {
  /** Only keys that begin so. */
  prefix?: string
  /** Only keys greater than this one. */
  after?: string
  /** Only keys greater than or equal to this one. */
  from?: string
  /** Only keys less than this one. */
  before?: string
  limit?: number
  /** Greatest key first. */
  reverse?: boolean
}

export interface Row<T = Json> {
  key: string
  value: T
}

/** The tables of one namespace, valid while the body of a transaction runs. A value read is the reader's own copy. */
export interface Rows {
  get<T = Json>(table: string, key: string): T | undefined
  /** As `get`, but everybody's, read once for many requests: nobody may change it. The memory store freezes it, for tests. */
  look<T = Json>(table: string, key: string): T | undefined
  put(table: string, key: string, value: unknown): void
  /** True when there was such a row. */
  delete(table: string, key: string): boolean
  scan<T = Json>(table: string, range?: Range): Row<T>[]
  /** The keys alone of what `scan` gives. */
  keys(table: string, range?: Range): string[]
  /** One more row refers to this blob: it is kept. */
  keep(blob: string): void
  /** One row fewer refers to it: with none left it goes, some time after. */
  drop(blob: string): void
}

/**
 * A blob being written: nothing of it is seen before `commit`, and nothing of it stays after `abort`, which also takes
 * back a commit whose transaction failed.
 */
export interface BlobWriter {
  /**
   * To be awaited where it gives a promise: a store across a network takes no more than it can send. The bytes are the
   * store's until the end: nobody may change them.
   */
  write(chunk: Uint8Array): void | Promise<void>
  /**
   * The new blob's id, for a row that a transaction must soon `keep`: a blob that nobody keeps is swept away. Cheapest
   * inside that transaction; called again, when the body is run again, it gives the same id.
   */
  commit(): string
  abort(): void
}

export interface Blobs {
  create(): BlobWriter
  /**
   * The bytes from `start` to `end` (exclusive; default: all): bytes where they are few, else a Blob or stream that is
   * read on demand. Undefined when there is no such blob; a stream says so by ending in an error. What was opened
   * stays readable for at least half a minute after a `drop`.
   */
  open(
    id: string,
    start?: number,
    end?: number,
  ): Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | undefined
}

/** One namespace (a service's, in an account and region or across them) of a store. */
export interface Namespace {
  /** Runs `body` atomically: all its changes are kept, or, when it throws, none. */
  transaction<T>(body: (rows: Rows) => T): T | Promise<T>
  /**
   * Another number than before once anything in the namespace may have changed, whoever did it: for those who remember
   * what they made of its rows (known.ts). Absent where it cannot be told without asking across a network.
   */
  version?(): number
  readonly blobs: Blobs
}

export interface Store {
  /** `iam/123456789012`, `s3`: any text. */
  namespace(name: string): Namespace
  /** Forgets everything, in every namespace, but the snapshots. */
  reset(): void | Promise<void>
  /** Nobody asks for anything at the moment: gives back memory that only makes answers quicker. */
  rest?(): void
  close(): void | Promise<void>
  readonly snapshots: Snapshots
}

type Answer<T> = T | Promise<T>

export interface SnapshotNote {
  name: string
  /** Milliseconds. */
  made: number
  rows: number
  blobs: number
  /** Of its blobs. */
  bytes: number
}

export interface SnapshotRow {
  space: string
  table: string
  key: string
  /** As JSON text. */
  value: string
}

export interface SnapshotBlob {
  id: string
  size: number
  /** How many rows refer to it. */
  references: number
}

/** The store as it was at a moment, under a name: its rows as copies, its blobs by reference. */
export interface Snapshots {
  list(): Answer<SnapshotNote[]>
  /** False: there is one of that name. */
  take(name: string): Answer<boolean>
  /** Everything becomes as it was then, at once for everybody. False: there is none of that name. */
  restore(name: string): Answer<boolean>
  /** False: there was none of that name. */
  forget(name: string): Answer<boolean>
  /** The next `snapshotPage` of its rows, in order, after one of them. */
  rows(name: string, after?: SnapshotRow): Answer<SnapshotRow[]>
  /** All its blobs, for `Blobs.open`. */
  blobs(name: string): Answer<SnapshotBlob[]>
  /** An empty one, to be filled by the next two. */
  create(name: string): Answer<void>
  /** A row that is there twice may come from a damaged file: it is the reader of the file who says so. */
  addRows(name: string, rows: readonly SnapshotRow[]): Answer<void>
  /** False: the store has other bytes under that id. */
  addBlob(name: string, blob: SnapshotBlob, pieces: AsyncIterable<Uint8Array>): Promise<boolean>
}

/** Blobs no row refers to are kept this long (milliseconds): a reader may be about to open one, a writer to keep it. */
export const blobGrace = 60_000

/** A row may have 400 KiB. */
export const snapshotPage = 100
