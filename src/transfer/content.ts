// Is what is here the same as what is there, byte for byte? By checksums, without fetching anything.
//
// An ETag is the MD5 of an object that was put in one piece and not encrypted by KMS or a customer's key; the listing
// tells it. Where it is something else, HeadObject tells the checksum that S3 keeps of the whole object. Where it keeps
// none, size and time must do.

import { toBase64, toHex } from '../lib/bytes.ts'
import type { ChecksumName } from '../lib/checksum.ts'
import type { Structure } from '../lib/value.ts'
import type { Entry } from './entry.ts'
import type { HashCache } from './hash-cache.ts'
import type { Store } from './store.ts'
import { addressOf } from './places.ts'

export interface ContentOptions {
  readonly cache: HashCache
  /** The store a side of S3 lies in. */
  readonly storeOf: (side: 'source' | 'target') => Store
  /** Members of HeadObject. */
  readonly head: Structure
  /** What counts where nothing is known of the content. */
  readonly otherwise: (source: Entry, target: Entry) => boolean | Promise<boolean>
}

/** Whether `source` must be sent because `target` is something else. */
export function contentDiffers(options: ContentOptions): (source: Entry, target: Entry) => boolean | Promise<boolean> {
  return (source, target) => {
    if (source.size !== target.size) return true
    if (source.side === 's3' && target.side === 's3') return objectsDiffer(source, target, options)
    const [file, object] = source.side === 'local' ? [source, target] : [target, source]
    const md5 = plainMd5(object)
    if (md5 !== undefined && toHex(options.cache.digest(file.path, 'md5')) === md5) return false
    return fileDiffers(file, object, source, target, options)
  }
}

function plainMd5({ etag }: Entry): string | undefined {
  return /^"?([0-9a-f]{32})"?$/.exec(etag ?? '')?.[1]
}

async function fileDiffers(
  file: Entry,
  object: Entry,
  source: Entry,
  target: Entry,
  options: ContentOptions,
): Promise<boolean> {
  const head = await headOf(object, object === source ? 'source' : 'target', options)
  for (const [name, digest] of checksumsIn(head)) return toBase64(options.cache.digest(file.path, name)) !== digest
  // Its MD5 is known and is another, unless encryption made the ETag something else.
  if (plainMd5(object) !== undefined && !isEncryptedAway(head)) return true
  return options.otherwise(source, target)
}

async function objectsDiffer(source: Entry, target: Entry, options: ContentOptions): Promise<boolean> {
  if (plainMd5(source) !== undefined && source.etag === target.etag) return false
  const [from, to] = await Promise.all([headOf(source, 'source', options), headOf(target, 'target', options)])
  const known = new Map(checksumsIn(to))
  for (const [name, digest] of checksumsIn(from)) {
    const other = known.get(name)
    if (other !== undefined) return digest !== other
  }
  const plain = [source, target].every((entry) => plainMd5(entry) !== undefined) && ![from, to].some(isEncryptedAway)
  return plain ? source.etag !== target.etag : options.otherwise(source, target)
}

async function headOf(object: Entry, side: 'source' | 'target', { storeOf, head }: ContentOptions): Promise<Structure> {
  return (
    object.head ?? storeOf(side).call('HeadObject', { ...addressOf(object.path), ...head, ChecksumMode: 'ENABLED' })
  )
}

const kept: readonly (readonly [string, ChecksumName])[] = [
  ['ChecksumCRC64NVME', 'crc64nvme'],
  ['ChecksumCRC32', 'crc32'],
  ['ChecksumCRC32C', 'crc32c'],
  ['ChecksumSHA1', 'sha1'],
  ['ChecksumSHA256', 'sha256'],
]

/** Those of the whole object, in base64: a checksum of parts' checksums ends with their number. */
function* checksumsIn(head: Structure): Generator<[ChecksumName, string]> {
  if (head.ChecksumType === 'COMPOSITE') return
  for (const [member, name] of kept) {
    const value = head[member]
    if (typeof value === 'string' && !value.includes('-')) yield [name, value]
  }
}

function isEncryptedAway(head: Structure): boolean {
  return String(head.ServerSideEncryption ?? '').startsWith('aws:kms') || head.SSECustomerAlgorithm !== undefined
}
