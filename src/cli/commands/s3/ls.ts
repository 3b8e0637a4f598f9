// `s3 ls`: the buckets, or the objects and prefixes below a prefix, a line each.
//
//                              PRE photos/
//   2026-01-02 04:04:05       1024 notes.txt

import { milliseconds } from '../../../transfer/listing.ts'
import { SocketStore } from '../../../transfer/socket-store.ts'
import { bucketAndKey } from '../../../transfer/places.ts'
import type { Timestamp } from '../../../lib/time.ts'
import type { Structure } from '../../../lib/value.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { integer, recursive, requestPayer } from './arguments.ts'
import { localTimes } from './local-time.ts'
import { sizeText } from './sizes.ts'

export const ls = command({
  name: 's3 ls',
  help: 'List S3 objects and common prefixes under a prefix or all S3 buckets.',
  arguments: {
    paths: { nargs: '?', positional: true, default: 's3://' },
    recursive,
    'page-size': integer,
    'human-readable': { flag: true },
    summarize: { flag: true },
    'request-payer': requestPayer,
    'bucket-name-prefix': {},
    'bucket-region': {},
  },
  run: list,
})

async function list(given: GivenWords, context: Context): Promise<number> {
  const { bucket, key } = bucketAndKey(given.paths as string)
  if (bucket === '') {
    await listBuckets(given, context)
    if (given.summarize === true) context.write(summary(new Listing(given, context)))
    return 0
  }
  const listing = new Listing(given, context)
  await listObjects(bucket, key, given, context, listing)
  listing.flush()
  if (given.summarize === true) context.write(summary(listing))
  return key !== '' && listing.nothing ? 1 : 0
}

async function listBuckets(given: GivenWords, context: Context): Promise<void> {
  const time = localTimes()
  const input: Structure = {}
  if (given['page-size'] !== undefined) input.MaxBuckets = given['page-size']
  if (given['bucket-name-prefix']) input.Prefix = given['bucket-name-prefix']
  if (given['bucket-region']) input.BucketRegion = given['bucket-region']
  for await (const page of context.pages('s3', 'ListBuckets', input)) {
    for (const { CreationDate, Name } of (page.Buckets ?? []) as Structure[]) {
      context.write(`${time(milliseconds(CreationDate as Timestamp))} ${String(Name)}\n`)
    }
  }
}

/** All below a prefix, or what is at its level only: deeper ones are shown by what they have in common. */
async function listObjects(
  bucket: string,
  prefix: string,
  given: GivenWords,
  context: Context,
  listing: Listing,
): Promise<void> {
  const store = new SocketStore(await context.settings())
  const deep = given.recursive === true
  const pageSize = given['page-size'] as number | undefined
  const payer = given['request-payer'] as string | undefined
  const options = {
    brief: true,
    ...(deep ? {} : { delimiter: '/' }),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(payer ? { requestPayer: payer } : {}),
  }
  for await (const page of store.list(bucket, prefix, options)) {
    for (const { key, size, modified, common } of page) {
      if (common) listing.prefix(key)
      else listing.object(deep ? key : key.slice(key.lastIndexOf('/') + 1), size, modified)
    }
  }
  store.close()
}

class Listing {
  objects = 0
  bytes = 0
  nothing = true
  readonly human: boolean
  readonly #write: (text: string) => void
  readonly #time = localTimes()
  #held = ''

  constructor(given: GivenWords, context: Context) {
    this.human = given['human-readable'] === true
    this.#write = context.write
  }

  prefix(prefix: string): void {
    const parts = prefix.split('/')
    this.#line(`${'PRE'.padStart(30)} ${parts.at(-2) ?? prefix}/\n`)
  }

  object(name: string, size: number, modified: number): void {
    this.objects++
    this.bytes += size
    const shown = this.human ? sizeText(size) : String(size)
    this.#line(`${this.#time(modified)} ${shown.padStart(10)} ${name}\n`)
  }

  #line(text: string): void {
    this.nothing = false
    this.#held += text
    if (this.#held.length > 1 << 16) this.flush()
  }

  flush(): void {
    if (this.#held !== '') this.#write(this.#held)
    this.#held = ''
  }
}

function summary({ objects, bytes, human }: Listing): string {
  return `\nTotal Objects: ${objects}\n   Total Size: ${human ? sizeText(bytes) : bytes}\n`
}
