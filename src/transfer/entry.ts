// What is known of a file or an object before it is moved.

import type { Structure } from '../lib/value.ts'

export interface Entry {
  readonly side: 's3' | 'local'
  /** `bucket/key`, or an absolute path. */
  readonly path: string
  /** Below its root. */
  readonly name: string
  /** Bytes; undefined where nobody asked. */
  readonly size?: number
  /** Milliseconds since 1970. */
  readonly modified?: number
  readonly etag?: string
  readonly storageClass?: string
  /** `ongoing-request="false", expiry-date="…"`: an archived object that can be read for a while. */
  readonly restore?: string
  /** The answer to HeadObject, where it was asked. */
  readonly head?: Structure
}

/** Why something was passed over. */
export type Skip =
  | 'missing' // it is not there any more, or its link leads nowhere
  | 'special' // a device, a pipe, a socket
  | 'unreadable'
  | 'archived' // in GLACIER or DEEP_ARCHIVE, not restored
  | 'outside' // its name would lead out of the target's folder
  | 'exists' // and shall not be overwritten
  | 'case' // another name differs by case only
  | 'done' // by an earlier run that was cut off

export type Action = 'upload' | 'download' | 'copy' | 'delete'

/** One thing to do. */
export interface Job {
  readonly action: Action
  readonly entry: Entry
  /** `bucket/key` or an absolute path; undefined for a delete. */
  readonly target?: string
  /** The source is removed afterwards. */
  readonly moves: boolean
}
