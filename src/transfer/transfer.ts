// What every transfer of a command shares.

import type { Structure } from '../lib/value.ts'
import type { Job } from './entry.ts'
import type { Journal } from './journal.ts'
import type { Slots } from './slots.ts'
import type { Store } from './store.ts'

/** From this size on a thing travels in parts of that size, in bytes. */
export interface Sizes {
  readonly threshold: number
  readonly part: number
}

/** Members that go into the requests beside those the engine fills, by kind of transfer; each transfer gets a copy. */
export interface Extras {
  /** PutObject, CreateMultipartUpload, and those of their kin that know the member. */
  readonly upload: (job: Job) => Structure
  /** GetObject. */
  readonly download: Structure
  /** CopyObject, CreateMultipartUpload, UploadPartCopy. */
  readonly copy: Structure
  /** DeleteObject, GetObjectTagging, PutObjectTagging. */
  readonly request: Structure
  /** HeadObject of a copy's source. */
  readonly head: Structure
  /** What of the source's properties a copy takes along; undefined where the caller says it all in `copy`. */
  readonly properties?: 'none' | 'metadata-directive' | 'default' | 'all'
}

export interface Transfers {
  /** Where things come from, and where they go; the same for one side of S3. */
  readonly source: Store
  readonly target: Store
  readonly sizes: Sizes
  readonly extras: Extras
  /** Requests that carry parts. */
  readonly slots: Slots
  readonly signal: AbortSignal
  readonly progress: (job: Job, bytes: number) => void
  /** Told where a thing arrived, but something about it is not as it should be. */
  readonly warn: (warning: Warning) => void
  /** Waits until so many bytes may travel; undefined without a limit. */
  readonly pace?: (bytes: number) => Promise<void> | undefined
  /** Where what is done is written down, for a run that goes on where this one ended. */
  readonly journal?: Journal
}

export interface Warning {
  readonly kind: 'modification time'
  readonly path: string
  readonly error: unknown
}

/** It is there already and shall not be overwritten: no failure. */
export class Exists extends Error {}

/** Of `members`, those that are named. */
export function only(members: Structure, names: string): Structure {
  return Object.fromEntries(Object.entries(members).filter(([name]) => ` ${names} `.includes(` ${name} `)))
}

export function without(members: Structure, names: string): Structure {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !` ${names} `.includes(` ${name} `)))
}
