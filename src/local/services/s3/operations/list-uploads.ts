// ListParts and ListMultipartUploads.

import { invalidArgument } from '../errors.ts'
import { abortOf } from '../lifecycle.ts'
import { ownerMember } from '../names.ts'
import { memberOf } from '../checksums.ts'
import { wholeSecond } from '../moments.ts'
import type { Bucket, Upload } from '../records.ts'
import type { S3Context, S3Handler } from '../state.ts'
import { placeOf } from '../version-ids.ts'
import { encoderFor } from './list-objects.ts'

const longest = 1000

export const listParts: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const upload = state.upload(bucket.name, input.Key, input.UploadId)
  const marker = limitOf('part-number-marker', numberOf(input.PartNumberMarker), 0)
  const most = Math.min(limitOf('max-parts', input.MaxParts), longest)
  const found = state.parts(bucket.name, upload.id, marker, most + 1)
  const page = found.slice(0, most)
  const { checksum } = upload
  return {
    ...abortOf(bucket, upload.key, upload.initiated, state),
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    ...peopleOf(upload, bucket, context),
    StorageClass: upload.attributes.storageClass ?? 'STANDARD',
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: most,
    IsTruncated: found.length > page.length,
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm.toUpperCase(), ChecksumType: checksum.type }),
    Parts: page.map((part) => ({
      PartNumber: part.number,
      LastModified: wholeSecond(part.modified),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(checksum && part.checksum !== undefined && { [memberOf(checksum.algorithm)]: part.checksum }),
    })),
  }
}

function peopleOf({ initiator: { arn }, attributes }: Upload, bucket: Bucket, context: S3Context): object {
  const name = context.buckets === 'classic' && { DisplayName: arn.split(/[:/]/).at(-1) }
  return { Initiator: { ID: arn, ...name }, Owner: ownerMember(attributes.owner ?? bucket.owner, context) }
}

function numberOf(given: string | undefined): number | undefined {
  return given === undefined ? undefined : Number(given)
}

function limitOf(name: string, given: number | undefined, byDefault = longest): number {
  if (given === undefined) return byDefault
  if (!Number.isInteger(given) || Math.abs(given) > 2_147_483_647)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, String(given))
  if (given < 0)
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(given))
  return given
}

export const listMultipartUploads: S3Handler = (input, context) => {
  const { state } = context
  const bucket = state.bucket(input.Bucket)
  const {
    Prefix: prefix = '',
    Delimiter: delimiter = '',
    KeyMarker: keyMarker = '',
    UploadIdMarker: idMarker = '',
  } = input
  const most = Math.min(limitOf('max-uploads', input.MaxUploads), longest)
  const encoded = encoderFor(input.EncodingType)
  // By key, and of one key by the time they were begun.
  const uploads = state
    .uploads(bucket.name, { prefix })
    .sort((a, b) => (a.key === b.key ? a.initiated - b.initiated : 0))
  const first = keyMarker === '' ? 0 : idMarker === '' ? firstBehind(uploads, keyMarker) : firstAfter(idMarker)

  /** The upload of the marker may have been ended by now. */
  function firstAfter(id: string): number {
    const place = placeOf(id)
    if (place === undefined) throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', id)
    const at = uploads.findIndex((upload) => upload.key === keyMarker && upload.id === id)
    if (at >= 0) return at + 1
    const next = uploads.findIndex((upload) => upload.key === keyMarker && upload.initiated > place)
    return next >= 0 ? next : firstBehind(uploads, keyMarker)
  }

  const told: (Upload | string)[] = []
  let truncated = false
  for (const upload of uploads.slice(first)) {
    const end = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length)
    const entry = end < 0 ? upload : upload.key.slice(0, end + delimiter.length)
    if (typeof entry === 'string' && (entry === told.at(-1) || keyMarker.startsWith(entry))) continue
    if (told.length === most) {
      truncated = most > 0
      break
    }
    told.push(entry)
  }
  // Of a common prefix S3 tells no marker.
  const last = told.at(-1)
  const { key: nextKey = '', id: nextId = '' } = typeof last === 'object' ? last : {}
  const Uploads = told
    .filter((entry) => typeof entry !== 'string')
    .map((upload) => ({
      UploadId: upload.id,
      Key: encoded(upload.key),
      Initiated: wholeSecond(upload.initiated),
      ...peopleOf(upload, bucket, context),
      StorageClass: upload.attributes.storageClass ?? 'STANDARD',
      ...(upload.checksum && {
        ChecksumAlgorithm: upload.checksum.algorithm.toUpperCase(),
        ChecksumType: upload.checksum.type,
      }),
    }))
  const CommonPrefixes = told.filter((entry) => typeof entry === 'string').map((entry) => ({ Prefix: encoded(entry) }))
  return {
    Bucket: bucket.name,
    KeyMarker: encoded(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: encoded(nextKey),
    NextUploadIdMarker: nextId,
    ...(input.Prefix !== undefined && { Prefix: encoded(prefix) }),
    ...(delimiter !== '' && { Delimiter: encoded(delimiter) }),
    MaxUploads: most,
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    IsTruncated: truncated,
    ...(Uploads.length > 0 && { Uploads }),
    ...(CommonPrefixes.length > 0 && { CommonPrefixes }),
  }
}

/** Uploads are in the order of keys, so those behind a key begin somewhere. */
function firstBehind(uploads: readonly Upload[], key: string): number {
  let at = uploads.findLastIndex((upload) => upload.key === key) + 1
  if (at === 0) at = uploads.findIndex((upload) => Buffer.compare(Buffer.from(upload.key), Buffer.from(key)) > 0)
  return at < 0 ? uploads.length : at
}
