// GetObject, HeadObject, GetObjectAttributes: what there is, and its bytes.

import { describe, versionMember } from '../attributes.ts'
import { checksumMembers, memberOf } from '../checksums.ts'
import { checkReading } from '../conditions.ts'
import { bodyOf } from '../contents.ts'
import { checkKey } from '../encryption.ts'
import { invalidArgument, invalidRequest, methodNotAllowed, noSuchKey, s3Error } from '../errors.ts'
import { expirationOf } from '../lifecycle.ts'
import type { PartRecord, Version } from '../records.ts'
import { sliceOf, type Slice } from '../ranges.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { missingVersion } from '../version-ids.ts'

export const getObject: S3Handler = (input, context) => {
  const { version, output, slice } = found(input, context)
  if (isArchived(version, context.clock().getTime()))
    throw s3Error(403, 'InvalidObjectState', "The operation is not valid for the object's storage class", {
      StorageClass: version.storageClass,
    })
  return { ...output, ...overridden(input, context), Body: bodyOf(context.blobs, version.segments, slice) }
}

export const headObject: S3Handler = (input, context) => ({
  ...found(input, context).output,
  ...overridden(input, context),
})

interface Found {
  version: Version
  output: object
  slice: Slice | undefined
}

/** The version that is asked for, all conditions looked at, and the answer but for the bytes. */
function found(input: Record<string, any>, context: S3Context): Found {
  const { state, answer } = context
  const bucket = state.bucket(input.Bucket)
  const version = versionFor(input as Named, context)
  checkReading(input, withHeaders(version, context))
  checkKey(version.encryption, input)
  const checksums = input.ChecksumMode?.toUpperCase() === 'ENABLED'
  const output: Record<string, any> = describe(version, bucket, context.clock().getTime(), checksums)
  const expiration = expirationOf(bucket, input.Key, version, state)
  if (expiration !== undefined) output['Expiration'] = expiration
  const part = input.PartNumber === undefined ? undefined : partOf(input, version)
  if (part && version.parts) output['PartsCount'] = version.parts.length
  const slice = part?.slice ?? sliceOf(input.Range, version.size)
  if (slice) {
    answer.status = 206
    output['ContentLength'] = slice.end - slice.start
    output['ContentRange'] = `bytes ${slice.start}-${slice.end - 1}/${version.size}`
    if (checksums) Object.assign(output, checksumOfSlice(slice, part, version))
  }
  return { version, output, slice }
}

/** A checksum of the whole says nothing of a piece; a part that was summed by itself has its own. */
function checksumOfSlice({ start, end }: Slice, part: Partial<PartRecord> | undefined, version: Version): object {
  const { checksum, size, parts } = version
  if (!checksum) return {}
  const member = memberOf(checksum.algorithm)
  if (part && parts && checksum.type === 'COMPOSITE') return { [member]: part.checksum }
  return start === 0 && end === size ? {} : { [member]: undefined, ChecksumType: undefined }
}

/** What must be told even when a condition fails. */
function withHeaders(version: Version, { answer }: S3Context): Version {
  answer.headers['etag'] = `"${version.etag}"`
  answer.headers['last-modified'] = new Date(version.modified).toUTCString()
  return version
}

export interface Named {
  Bucket: string
  Key: string
  VersionId?: string
}

/** The same for what changes or asks something a delete marker cannot have: it is refused, even as the newest. */
export function objectFor(input: Named, context: S3Context): Version {
  const newest = input.VersionId === undefined ? context.state.newest(input.Bucket, input.Key) : undefined
  return versionFor(newest?.deleted ? { ...input, VersionId: newest.id } : input, context)
}

/** The object that is meant. Throws NoSuchKey, NoSuchVersion, MethodNotAllowed; says of a delete marker that it is one. */
export function versionFor(input: Named, context: S3Context): Version {
  const { Bucket, Key, VersionId } = input
  const { state, answer } = context
  if (VersionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '')
  const version = VersionId === undefined ? state.newest(Bucket, Key) : state.version(Bucket, Key, VersionId)
  if (!version) throw VersionId === undefined ? noSuchKey(Key) : missingVersion(Key, VersionId)
  if (!version.deleted) return version
  answer.headers['x-amz-delete-marker'] = 'true'
  answer.headers['x-amz-version-id'] = version.id
  if (VersionId === undefined) throw noSuchKey(Key)
  answer.headers['allow'] = 'DELETE'
  answer.headers['last-modified'] = new Date(version.modified).toUTCString()
  throw methodNotAllowed({ Method: context.request.method, ResourceType: 'DeleteMarker' })
}

function partOf(input: Record<string, any>, version: Version): Partial<PartRecord> & { slice?: Slice } {
  const number: number = input.PartNumber
  if (input.Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  if (!(number >= 1 && number <= 10_000))
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', String(number))
  const parts = version.parts ?? [{ number: 1, size: version.size, etag: version.etag }]
  const index = number - 1
  const part = parts[index]
  if (!part)
    throw s3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: number,
      ActualPartCount: parts.length,
    })
  const start = parts.slice(0, index).reduce((sum, each) => sum + each.size, 0)
  return { ...part, slice: part.size === 0 ? undefined : { start, end: start + part.size } }
}

export function isArchived({ storageClass, restored = 0, ready = 0 }: Version, now: number): boolean {
  return (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') && (restored <= now || ready > now)
}

const overrides = {
  ResponseCacheControl: 'CacheControl',
  ResponseContentDisposition: 'ContentDisposition',
  ResponseContentEncoding: 'ContentEncoding',
  ResponseContentLanguage: 'ContentLanguage',
  ResponseContentType: 'ContentType',
  ResponseExpires: 'Expires',
} as const

function overridden(input: Record<string, any>, { caller }: S3Context): object {
  const output: Record<string, any> = {}
  if (caller.accountId === '' && Object.keys(overrides).some((name) => input[name] !== undefined))
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')
  for (const name in overrides) {
    if (input[name] !== undefined) output[overrides[name as keyof typeof overrides]] = input[name]
  }
  return output
}

export const getObjectAttributes: S3Handler = (input, context) => {
  const bucket = context.state.bucket(input.Bucket)
  const version = versionFor(input, context)
  checkKey(version.encryption, input)
  const asked = new Set<string>(
    input.ObjectAttributes.flatMap((each: string) => each.split(',').map((one) => one.trim())),
  )
  for (const name of asked) {
    if (!['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'].includes(name))
      throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes')
  }
  return {
    LastModified: new Date(version.modified),
    ...versionMember(version, bucket),
    ...(asked.has('ETag') && { ETag: version.etag }),
    ...(asked.has('Checksum') && version.checksum && { Checksum: withoutCount(checksumMembers(version.checksum)) }),
    ...(asked.has('ObjectParts') && version.parts && { ObjectParts: partsOf(input, version) }),
    ...(asked.has('StorageClass') && { StorageClass: version.storageClass ?? 'STANDARD' }),
    ...(asked.has('ObjectSize') && { ObjectSize: version.size }),
  }
}

/** GetObjectAttributes leaves out the `-N` of a composite checksum. */
function withoutCount(members: object): object {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value).replace(/-\d+$/, '')]))
}

function partsOf(input: Record<string, any>, version: Version): object {
  const marker: number = input.PartNumberMarker ?? 0
  const most: number = Math.min(input.MaxParts ?? 1000, 1000)
  const after = version.parts!.filter((part) => part.number > marker)
  const page = after.slice(0, most)
  const { checksum } = version
  return {
    TotalPartsCount: version.parts!.length,
    // Only composite checksums have their parts told.
    ...(checksum?.type === 'COMPOSITE' && {
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: most,
      IsTruncated: after.length > page.length,
      Parts: page.map((part) => ({
        PartNumber: part.number,
        Size: part.size,
        ...(part.checksum !== undefined && { [memberOf(checksum.algorithm)]: part.checksum }),
      })),
    }),
  }
}
