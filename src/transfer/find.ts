// What is at a place: one thing, or all below it?

import { AwsError } from '../lib/errors.ts'
import type { Timestamp } from '../lib/time.ts'
import type { Structure } from '../lib/value.ts'
import { milliseconds } from './listing.ts'
import type { Entry } from './entry.ts'
import { bucketAndKey } from './places.ts'
import type { Route } from './places.ts'
import type { ListOptions, Store } from './store.ts'
import { fileAt, filesBelow } from './walk.ts'
import type { WalkOptions } from './walk.ts'

export interface FindOptions extends WalkOptions {
  readonly list: ListOptions
  /** Members of HeadObject. */
  readonly head: Structure
  /** It is to be deleted: its name is enough, and folders that people made as empty objects count. */
  readonly forDelete?: boolean
}

/** The entries at a route's source, in S3's order. */
export function find(route: Route, store: Store, options: FindOptions): AsyncIterator<Entry> | Iterator<Entry> {
  const { side, path } = route.from
  if (side === 'local') return route.tree ? filesBelow(path, options) : fileAt(path, options)
  const { bucket, key } = bucketAndKey(path)
  return !route.tree && key !== '' ? oneObject(path, store, options) : new Objects(route, bucket, key, store, options)
}

async function* oneObject(path: string, store: Store, { head, forDelete, list }: FindOptions): AsyncGenerator<Entry> {
  const { bucket, key } = bucketAndKey(path)
  const name = key.slice(key.lastIndexOf('/') + 1)
  if (forDelete) return yield { side: 's3', path, name }
  let found: Structure
  try {
    found = await store.call('HeadObject', { Bucket: bucket, Key: key, ...head }, { signal: list.signal })
  } catch (error) {
    throw missing(error, key)
  }
  yield {
    side: 's3',
    path,
    name,
    size: Number(found.ContentLength),
    modified: milliseconds(found.LastModified as Timestamp),
    etag: found.ETag as string | undefined,
    storageClass: found.StorageClass as string | undefined,
    restore: found.Restore as string | undefined,
    head: found,
  }
}

/** HEAD is answered without words. */
function missing(error: unknown, key: string): unknown {
  if (!(error instanceof AwsError) || error.code !== '404') return error
  const { status, fault, detail, response } = error
  return new AwsError('404', `Key "${key}" does not exist`, { status, fault, detail, response })
}

/** The objects below a prefix. An entry that is there already is answered without a promise. */
class Objects {
  readonly #pages: AsyncIterator<readonly Entry[]>
  #page: readonly Entry[] = []
  #at = 0

  constructor(route: Route, bucket: string, prefix: string, store: Store, options: FindOptions) {
    this.#pages = entriesOf(route, bucket, prefix, store, options)
  }

  next(): Promise<IteratorResult<Entry>> {
    const here = this.#page[this.#at++]
    return (here ? { done: false, value: here } : this.#turn()) as Promise<IteratorResult<Entry>>
  }

  async #turn(): Promise<IteratorResult<Entry>> {
    for (;;) {
      const next = await this.#pages.next()
      if (next.done) return { done: true, value: undefined }
      this.#page = next.value
      this.#at = 1
      const first = this.#page[0]
      if (first) return { done: false, value: first }
    }
  }
}

async function* entriesOf(
  route: Route,
  bucket: string,
  prefix: string,
  store: Store,
  { list, forDelete }: FindOptions,
): AsyncGenerator<readonly Entry[]> {
  for await (const page of store.list(bucket, prefix, list)) {
    const entries: Entry[] = []
    for (const { key, size, modified, etag, storageClass, restore } of page) {
      // Folders that people made as empty objects: folders here come by themselves.
      if (size === 0 && key.endsWith('/') && !forDelete) continue
      if (!route.tree) continue // a bucket is no object
      const name = key.slice(prefix.length)
      entries.push({ side: 's3', path: `${bucket}/${key}`, name, size, modified, etag, storageClass, restore })
    }
    yield entries
  }
}
