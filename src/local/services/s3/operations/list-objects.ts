// ListObjectsV2, ListObjects and ListObjectVersions: keys in the order of their UTF-8 bytes, rolled up at a delimiter.

import { afterPrefix } from '../../../store/order.ts'
import { isThere } from '../conditions.ts'
import { invalidArgument, invalidVersion } from '../errors.ts'
import { wholeSecond } from '../moments.ts'
import { ownerMember } from '../names.ts'
import type { Bucket, Version } from '../records.ts'
import type { S3, S3Context, S3Handler } from '../state.ts'
import { openToken, tokenFor } from '../tokens.ts'
import { placeOf } from '../version-ids.ts'

const longest = 1000

/** A key with its versions, or a common prefix. */
type Entry = { key: string; version: Version } | { prefix: string }

interface Page {
  entries: Entry[]
  truncated: boolean
}

interface Asked {
  prefix: string
  delimiter: string
  limit: number
  /** Keys greater than this one. */
  after?: string
  /** No key before this one: where a common prefix was the last that was told. */
  from?: string
}

/** Reads on in steps, jumping over what a common prefix stands for. */
function page(bucket: Bucket, state: S3, asked: Asked, wanted: (version: Version) => boolean): Page {
  const { prefix, delimiter, limit } = asked
  const entries: Entry[] = []
  if (limit === 0) return { entries, truncated: false }
  let { after, from } = asked
  let common: string | undefined
  for (;;) {
    const step = Math.min(longest, limit - entries.length + 1)
    const rows = state.objects(bucket.name, { prefix, after, from, limit: step })
    for (const { key, value: version } of rows) {
      after = key
      if ((common !== undefined && key.startsWith(common)) || !wanted(version)) continue
      if (entries.length === limit) return { entries, truncated: true }
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      common = end < 0 ? undefined : key.slice(0, end + delimiter.length)
      entries.push(common === undefined ? { key, version } : { prefix: common })
    }
    if (rows.length < step) return { entries, truncated: false }
    from = undefined
    if (common === undefined || !after!.startsWith(common)) continue
    from = afterPrefix(common)
    after = undefined
    if (from === undefined) return { entries, truncated: false }
  }
}

/** Where to go on after an entry. */
function positionAfter(entry: Entry): string {
  return 'prefix' in entry ? `p${entry.prefix}` : `k${entry.key}`
}

function from(position: string): Pick<Asked, 'after' | 'from'> {
  const text = position.slice(1)
  return position.startsWith('p') ? { from: afterPrefix(text) ?? '\u{10ffff}' } : { after: text }
}

/** Where a client's own marker points: behind all that is rolled up with it. */
function fromMarker(marker: string, prefix: string, delimiter: string): Pick<Asked, 'after' | 'from'> {
  if (marker === '') return {}
  const at = delimiter === '' || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length)
  return at < 0 ? { after: marker } : from(`p${marker.slice(0, at + delimiter.length)}`)
}

export const listObjectsV2: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const { Prefix: prefix = '', Delimiter: delimiter = '', StartAfter = '', ContinuationToken, FetchOwner } = input
  const maxKeys = checkedMaxKeys(input.MaxKeys)
  if (ContinuationToken === '')
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token')
  const encoded = encoderFor(input.EncodingType)
  const start =
    ContinuationToken === undefined ? fromMarker(StartAfter, prefix, delimiter) : from(openToken(ContinuationToken))
  const { entries, truncated } = page(bucket, state, { prefix, delimiter, limit: maxKeys, ...start }, isThere)
  return {
    Name: bucket.name,
    Prefix: encoded(prefix),
    ...(delimiter !== '' && { Delimiter: encoded(delimiter) }),
    MaxKeys: maxKeys,
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    KeyCount: entries.length,
    IsTruncated: truncated,
    ...(ContinuationToken !== undefined && { ContinuationToken }),
    ...(truncated && { NextContinuationToken: tokenFor(positionAfter(entries.at(-1)!)) }),
    // Where a token goes on, it is not looked at.
    ...(input.StartAfter !== undefined && ContinuationToken === undefined && { StartAfter: encoded(StartAfter) }),
    ...listed(entries, bucket, { encoded, owner: FetchOwner }, context),
  }
}

export const listObjects: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: marker = '' } = input
  const maxKeys = checkedMaxKeys(input.MaxKeys)
  const encoded = encoderFor(input.EncodingType)
  const { entries, truncated } = page(
    bucket,
    state,
    { prefix, delimiter, limit: maxKeys, ...fromMarker(marker, prefix, delimiter) },
    isThere,
  )
  const last = entries.at(-1)
  return {
    Name: bucket.name,
    Prefix: encoded(prefix),
    Marker: encoded(marker),
    ...(truncated &&
      delimiter !== '' && { NextMarker: encoded('prefix' in last! ? last.prefix : (last as { key: string }).key) }),
    MaxKeys: maxKeys,
    ...(delimiter !== '' && { Delimiter: encoded(delimiter) }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    IsTruncated: truncated,
    ...listed(entries, bucket, { encoded, owner: true }, context),
  }
}

/** How a listing tells its keys, and whether it tells owners. */
interface Telling {
  readonly encoded: (text: string) => string
  readonly owner: boolean
}

function listed(entries: readonly Entry[], bucket: Bucket, telling: Telling, context: S3Context): object {
  const Contents: object[] = []
  const CommonPrefixes: object[] = []
  for (const entry of entries) {
    if ('prefix' in entry) CommonPrefixes.push({ Prefix: telling.encoded(entry.prefix) })
    else Contents.push(summary(entry.key, entry.version, bucket, telling, context))
  }
  return { ...(Contents.length > 0 && { Contents }), ...(CommonPrefixes.length > 0 && { CommonPrefixes }) }
}

function summary(
  key: string,
  version: Version,
  bucket: Bucket,
  { encoded, owner }: Telling,
  context: S3Context,
): object {
  const { checksum } = version
  return {
    Key: encoded(key),
    LastModified: wholeSecond(version.modified),
    ETag: `"${version.etag}"`,
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm.toUpperCase()], ChecksumType: checksum.type }),
    Size: version.size,
    ...(owner && { Owner: ownerMember(version.owner ?? bucket.owner, context) }),
    StorageClass: version.storageClass ?? 'STANDARD',
    ...restoreStatus(version, context),
  }
}

/** Told to who asks for it, of what was archived and is being, or has been, brought back. */
function restoreStatus({ restored, ready = 0 }: Version, { request, clock }: S3Context): object {
  if (restored === undefined || restored <= clock().getTime()) return {}
  if (!/\bRestoreStatus\b/.test(request.headers['x-amz-optional-object-attributes'] ?? '')) return {}
  const isComing = ready > clock().getTime()
  return {
    RestoreStatus: { IsRestoreInProgress: isComing, ...(!isComing && { RestoreExpiryDate: new Date(restored) }) },
  }
}

export const listObjectVersions: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '', VersionIdMarker: idMarker } = input
  const maxKeys = checkedMaxKeys(input.MaxKeys)
  const encoded = encoderFor(input.EncodingType)
  if (idMarker && !/^(null|[\w.]{32})$/.test(idMarker)) throw invalidVersion(idMarker)
  if (idMarker !== undefined && keyMarker === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      idMarker,
    )
  if (idMarker === '') throw invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', '')

  const told: (Entry & { newest?: boolean })[] = []
  let truncated = false
  const add = (entry: Entry & { newest?: boolean }): void => {
    if (told.length < maxKeys) told.push(entry)
    else truncated = maxKeys > 0
  }
  const versionsOf = (key: string, newest: Version): Version[] => [
    newest,
    ...(bucket.versioning ? state.older(bucket.name, key) : []),
  ]

  // The rest of the key that the last page ended in.
  const begun = idMarker === undefined ? undefined : state.newest(bucket.name, keyMarker)
  if (begun) {
    const versions = versionsOf(keyMarker, begun)
    // It may be gone by now.
    const place = versions.find((version) => version.id === idMarker)?.seq ?? placeOf(idMarker!) ?? -1
    for (const version of versions.filter(({ seq }) => seq < place))
      add({ key: keyMarker, version, newest: version === begun })
  }
  if (!truncated) {
    const start = fromMarker(keyMarker, prefix, delimiter)
    const found = page(bucket, state, { prefix, delimiter, limit: maxKeys - told.length + 1, ...start }, () => true)
    for (const entry of found.entries) {
      if ('prefix' in entry) add(entry)
      else
        for (const version of versionsOf(entry.key, entry.version))
          add({ key: entry.key, version, newest: version === entry.version })
      if (truncated) break
    }
  }
  const last = truncated ? told.at(-1) : undefined
  const Versions: object[] = []
  const DeleteMarkers: object[] = []
  const CommonPrefixes: object[] = []
  for (const [Place, entry] of told.entries()) {
    if ('prefix' in entry) CommonPrefixes.push({ Prefix: encoded(entry.prefix) })
    else {
      const { key, version, newest } = entry
      const common = { VersionId: version.id, IsLatest: newest ?? false, Place }
      if (version.deleted)
        DeleteMarkers.push({
          Owner: ownerMember(bucket.owner, context),
          Key: encoded(key),
          ...common,
          LastModified: wholeSecond(version.modified),
        })
      else Versions.push({ ...summary(key, version, bucket, { encoded, owner: true }, context), ...common })
    }
  }
  return {
    Name: bucket.name,
    Prefix: encoded(prefix),
    KeyMarker: encoded(keyMarker),
    VersionIdMarker: idMarker ?? '',
    ...(last &&
      ('prefix' in last
        ? { NextKeyMarker: encoded(last.prefix) }
        : { NextKeyMarker: encoded(last.key), NextVersionIdMarker: last.version.id })),
    MaxKeys: maxKeys,
    ...(delimiter !== '' && { Delimiter: encoded(delimiter) }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    IsTruncated: truncated,
    ...(Versions.length > 0 && { Versions }),
    ...(DeleteMarkers.length > 0 && { DeleteMarkers }),
    ...(CommonPrefixes.length > 0 && { CommonPrefixes }),
  }
}

function checkedMaxKeys(given: number | undefined): number {
  if (given !== undefined && Math.abs(given) > 2_147_483_647)
    throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', String(given))
  if (given !== undefined && given < 0)
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', String(given))
  return Math.min(given ?? longest, longest)
}

/** `url`: so that XML can carry any key; as Java's URLEncoder does it, but for slashes. */
export function encoderFor(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text
  if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type)
  return (text) =>
    encodeURIComponent(text)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase())
}
