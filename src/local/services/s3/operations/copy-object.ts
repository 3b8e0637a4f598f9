// CopyObject and UploadPartCopy: the copy shares the source's bytes; nothing is written twice.

import { toBase64 } from '../../../../lib/bytes.ts'
import { checksum as newChecksum, type ChecksumName } from '../../../../lib/checksum.ts'
import { hasher } from '../../../../lib/hash.ts'
import type { Structure } from '../../../../lib/value.ts'
import type { CallContext } from '../../../service.ts'
import { describedAs, storedAs, versionMember, writtenMember } from '../attributes.ts'
import { algorithmNamed, memberOf, sumMember } from '../checksums.ts'
import { checkSource, checkWriting } from '../conditions.ts'
import { piecesOfSegments, segmentsOf } from '../contents.ts'
import { parsedSource } from '../copy-source.ts'
import { checkKey, encryptionMembers, sourceKey } from '../encryption.ts'
import { announce } from '../events.ts'
import { invalidArgument, invalidRequest, noSuchKey, s3Error } from '../errors.ts'
import { wholeSecond } from '../moments.ts'
import { largestPut } from '../receive.ts'
import type { Attributes, Bucket, Segment, StoredChecksum, Version } from '../records.ts'
import type { Slice } from '../ranges.ts'
import { replicate } from '../replication.ts'
import type { S3, SlowS3Handler } from '../state.ts'
import { headerTags } from '../tags.ts'
import { missingVersion } from '../version-ids.ts'
import { isArchived } from './get-object.ts'
import { checkPartNumber } from './multipart.ts'

interface Source {
  version: Version
  bucket: Bucket
}

function sourceFor(input: Record<string, any>, state: S3, now: number): Source {
  const { bucket: name, key, versionId } = parsedSource(input['CopySource'])
  const bucket = state.bucket(name)
  const version = versionId === undefined ? state.newest(name, key) : state.version(name, key, versionId)
  if (!version) throw versionId === undefined ? noSuchKey(key) : missingVersion(key, versionId)
  if (version.deleted)
    throw versionId === undefined
      ? noSuchKey(key)
      : invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.')
  checkSource(input, version)
  checkKey(version.encryption, sourceKey(input))
  if (isArchived(version, now))
    throw s3Error(
      403,
      'ObjectNotInActiveTierError',
      'The source object of the COPY operation is not in the active tier and is only stored in Amazon S3 Glacier.',
    )
  return { version, bucket }
}

export const copyObject: SlowS3Handler = async (input, context) => {
  const now = (): number => context.clock().getTime()
  for (const [name, header] of [
    ['MetadataDirective', 'x-amz-metadata-directive'],
    ['TaggingDirective', 'x-amz-tagging-directive'],
  ] as const) {
    if (input[name] !== undefined && input[name] !== 'COPY' && input[name] !== 'REPLACE')
      throw invalidArgument(
        name === 'MetadataDirective' ? 'Unknown metadata directive.' : 'Unknown tagging directive.',
        header,
        input[name],
      )
  }
  const source = await context.transaction((state) => {
    const found = sourceFor(input, state, now())
    checkChanges(input, found, state.bucket(input.Bucket))
    return found
  })
  const { version } = source
  if (version.size > largestPut)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${largestPut}`,
    )
  const algorithm =
    input.ChecksumAlgorithm !== undefined
      ? algorithmNamed(input.ChecksumAlgorithm)
      : ((version.checksum?.algorithm ?? 'crc64nvme') as ChecksumName)
  const sums = isPlain(version, algorithm)
    ? { etag: version.etag, checksum: version.checksum! }
    : await sumsOf(context, version.segments, algorithm)

  return context.transaction((state) => {
    const bucket = state.bucket(input.Bucket)
    sourceFor(input, state, now())
    checkWriting(input, input.Key, state.newest(bucket.name, input.Key))
    const copied = state.put(bucket, input.Key, {
      ...copiedAttributes(input, version, bucket, context),
      modified: now(),
      size: version.size,
      segments: version.segments,
      ...sums,
    })
    const inState = { ...context, state }
    announce('ObjectCreated:Copy', bucket, { key: input.Key, version: copied }, inState)
    replicate(bucket, input.Key, copied, inState)
    return {
      ...sourceMember(version),
      ...versionMember(copied, bucket),
      ...encryptionMembers(copied.encryption),
      CopyObjectResult: {
        ETag: `"${copied.etag}"`,
        LastModified: wholeSecond(copied.modified),
        ...sumMember(copied.checksum),
      },
    }
  })
}

function sourceMember(version: Version): Structure {
  const { VersionId } = writtenMember(version)
  return VersionId === undefined ? {} : { CopySourceVersionId: VersionId }
}

/** An object may be copied onto itself only to change something. */
function checkChanges(input: Record<string, any>, { version, bucket }: Source, target: Bucket): void {
  const { bucket: name, key, versionId } = parsedSource(input['CopySource'])
  if (name !== input['Bucket'] || key !== input['Key'] || versionId !== undefined) return
  const changing = [
    'StorageClass',
    'WebsiteRedirectLocation',
    'ServerSideEncryption',
    'SSECustomerKey',
    'ChecksumAlgorithm',
  ]
  if (input['MetadataDirective'] === 'REPLACE' || changing.some((member) => input[member] !== undefined)) return
  if (version.encryption?.customer || (bucket === target && target.encryption)) return
  if (target.encryption !== undefined) return
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  )
}

function copiedAttributes(
  input: Record<string, any>,
  version: Version,
  bucket: Bucket,
  context: CallContext,
): Attributes {
  const described =
    input['MetadataDirective'] === 'REPLACE'
      ? describedAs(input)
      : {
          headers: version.headers,
          ...(version.expires !== undefined && { expires: version.expires }),
          ...(version.metadata && { metadata: version.metadata }),
        }
  const tags = input['TaggingDirective'] === 'REPLACE' ? headerTags(input['Tagging']) : version.tags
  return { ...described, ...storedAs(input, bucket, context), ...(tags && { tags }) }
}

/** Whether ETag and checksum of the source are what a plain PUT of its bytes would give. */
function isPlain(version: Version, algorithm: ChecksumName): boolean {
  return (
    version.parts === undefined && version.checksum?.algorithm === algorithm && version.checksum.type === 'FULL_OBJECT'
  )
}

async function sumsOf(
  context: CallContext,
  segments: readonly Segment[],
  algorithm: ChecksumName,
): Promise<{ etag: string; checksum: StoredChecksum }> {
  const md5 = hasher('md5')
  const running = newChecksum(algorithm)
  for await (const piece of piecesOfSegments(context.blobs, segments)) {
    md5.update(piece)
    running.update(piece)
  }
  return { etag: md5.hex(), checksum: { algorithm, value: toBase64(running.digest()), type: 'FULL_OBJECT' } }
}

export const uploadPartCopy: SlowS3Handler = async (input, context) => {
  checkPartNumber(input.PartNumber)
  const now = (): number => context.clock().getTime()
  const { source, upload, slice } = await context.transaction((state) => {
    const upload = state.upload(input.Bucket, input.Key, input.UploadId)
    const source = sourceFor(input, state, now())
    return { source, upload, slice: sourceSlice(input.CopySourceRange, source.version.size) }
  })
  checkKey(upload.attributes.encryption, input, true)
  const segments = segmentsOf(source.version.segments, slice)
  const algorithm = (upload.checksum?.algorithm ?? 'crc64nvme') as ChecksumName
  const { etag, checksum } = await sumsOf(context, segments, algorithm)
  return context.transaction((state) => {
    state.upload(input.Bucket, input.Key, input.UploadId)
    const modified = now()
    const size = segments.reduce((sum, segment) => sum + segment.size, 0)
    state.putPart(input.Bucket, input.UploadId, {
      number: input.PartNumber,
      size,
      etag,
      checksum: checksum.value,
      modified,
      segments,
    })
    return {
      ...sourceMember(source.version),
      ...encryptionMembers(upload.attributes.encryption),
      CopyPartResult: {
        ETag: `"${etag}"`,
        LastModified: wholeSecond(modified),
        ...(upload.checksum && { [memberOf(algorithm)]: checksum.value }),
      },
    }
  })
}

/** `bytes=first-last`, both there and inside the source. */
function sourceSlice(range: string | undefined, size: number): Slice | undefined {
  if (range === undefined) return undefined
  const found = /^bytes=(\d+)-(\d+)$/.exec(range)
  if (!found || Number(found[1]) > Number(found[2]))
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      range,
    )
  const [start, last] = [Number(found[1]), Number(found[2])]
  if (start >= size) throw invalidRequest('The specified copy range is invalid for the source object size')
  if (last >= size)
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      'x-amz-copy-source-range',
      range,
    )
  return { start, end: last + 1 }
}
