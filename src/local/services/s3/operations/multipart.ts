// Multipart uploads: begun, fed part by part, completed into one object, or given up.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

import { fromBase64, toBase64 } from '../../../../lib/bytes.ts'
import type { Structure } from '../../../../lib/value.ts'
import { checksum as newChecksum, combineCrcs, isCrc, type ChecksumName } from '../../../../lib/checksum.ts'
import { askedAttributes, writtenMember } from '../attributes.ts'
import {
  algorithmNamed,
  checksumIn,
  checksumMembers,
  checkType,
  compositeOf,
  defaultAlgorithm,
  defaultType,
  memberOf,
  multipartEtag,
  promisedChecksum,
} from '../checksums.ts'
import { checkCompleting, isThere } from '../conditions.ts'
import { checkKey, encryptionMembers } from '../encryption.ts'
import { invalidArgument, invalidRequest, malformedXml, noSuchUpload, s3Error } from '../errors.ts'
import { announce } from '../events.ts'
import { expirationOf } from '../lifecycle.ts'
import { objectUrl } from '../object-url.ts'
import { receive, storing } from '../receive.ts'
import type { Bucket, Part, StoredChecksum, Upload, Version } from '../records.ts'
import { replicate } from '../replication.ts'
import type { S3Context, S3Handler, SlowS3Handler } from '../state.ts'
import { newVersionId, placeOf } from '../version-ids.ts'

export const createMultipartUpload: S3Handler = (input, context) => {
  const { state, caller, account, clock } = context
  const bucket = state.bucket(input.Bucket)
  const algorithm = input.ChecksumAlgorithm === undefined ? undefined : algorithmNamed(input.ChecksumAlgorithm)
  if (algorithm === undefined && input.ChecksumType !== undefined)
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  const type = algorithm && typeOf(algorithm, input.ChecksumType)
  const newest = state.newest(bucket.name, input.Key)
  const initiated = clock().getTime()
  const upload: Upload = {
    key: input.Key,
    id: newVersionId(initiated, 128),
    initiated,
    initiator: { arn: caller.principal.arn, account },
    attributes: askedAttributes(input, bucket, context),
    ...(isThere(newest) && { replaces: newest.seq }),
    ...(algorithm && { checksum: { algorithm, type: type! } }),
  }
  state.putUpload(bucket.name, upload)
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    ...encryptionMembers(upload.attributes.encryption),
    ...(algorithm && { ChecksumAlgorithm: algorithm.toUpperCase(), ChecksumType: type }),
  }
}

function typeOf(algorithm: ChecksumName, asked: string | undefined): StoredChecksum['type'] {
  if (asked === undefined) return defaultType(algorithm)
  if (asked !== 'FULL_OBJECT' && asked !== 'COMPOSITE')
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
  checkType(algorithm, asked)
  return asked
}

const mostParts = 10_000

export function checkPartNumber(number: number): void {
  if (!(number >= 1 && number <= mostParts))
    throw invalidArgument(
      `Part number must be an integer between 1 and ${mostParts}, inclusive`,
      'partNumber',
      String(number),
    )
}

export const uploadPart: SlowS3Handler = async (input, context) => {
  checkPartNumber(input.PartNumber)
  const upload = await context.transaction((state) => state.upload(input.Bucket, input.Key, input.UploadId))
  checkKey(upload.attributes.encryption, input, true)
  const algorithm = upload.checksum?.algorithm
  const promised = promisedChecksum(context.request.headers)
  if (algorithm !== undefined && promised && promised.algorithm !== algorithm)
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${promised.algorithm}`,
    )
  const received = await receive(context, algorithm as ChecksumName | undefined, algorithm === undefined)
  const { size, etag, checksum, common } = received
  return storing(
    received,
    context.transaction((state) => {
      state.upload(input.Bucket, input.Key, input.UploadId)
      const segments = received.segments()
      state.putPart(input.Bucket, input.UploadId, {
        number: input.PartNumber,
        size,
        etag,
        modified: context.clock().getTime(),
        segments,
        // Without an algorithm of its own, an upload is summed as S3 does it for all.
        checksum: algorithm === undefined ? common! : checksum.value,
      })
      return {
        ETag: `"${etag}"`,
        ...(promised || algorithm ? { [memberOf(checksum.algorithm)]: checksum.value } : {}),
        ...encryptionMembers(upload.attributes.encryption),
      }
    }),
  )
}

interface Completed {
  PartNumber?: number
  ETag?: string
  [checksum: string]: string | number | undefined
}

const leastPart = 5 * 1024 ** 2

export const completeMultipartUpload: S3Handler = (input, context) => {
  const { state, clock } = context
  const bucket = state.bucket(input.Bucket)
  const upload = state.findUpload(bucket.name, input.Key, input.UploadId)
  if (!upload) return completedAgain(input as Named, bucket, context)
  const asked: Completed[] = input.MultipartUpload?.Parts ?? []
  if (asked.length === 0)
    throw input.MultipartUpload ? malformedXml() : invalidRequest('You must specify at least one part')
  const given = new Map(state.parts(bucket.name, upload.id).map((part) => [part.number, part]))
  const parts = chosenParts(asked, given, upload)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size)
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
    )
  checkCompleting(input, upload, state.newest(bucket.name, upload.key))
  const checksum = checksumOf(upload, parts, input)
  const etag = multipartEtag(parts.map((part) => part.etag))
  const version = state.put(bucket, upload.key, {
    ...upload.attributes,
    modified: clock().getTime(),
    size,
    etag,
    segments: parts.flatMap((part) => part.segments),
    parts: parts.map(({ number, size: partSize, etag: partEtag, checksum: partChecksum }) => ({
      number,
      size: partSize,
      etag: partEtag,
      ...(partChecksum !== undefined && { checksum: partChecksum }),
    })),
    upload: upload.id,
    ...(checksum && { checksum }),
  })
  state.deleteUpload(bucket.name, upload, true)
  announce('ObjectCreated:CompleteMultipartUpload', bucket, { key: upload.key, version }, context)
  replicate(bucket, upload.key, version, context)
  return completed(version, upload.key, bucket, context)
}

type Named = Record<'Key' | 'UploadId', string>

/** Whoever heard no answer may ask again. Throws NoSuchUpload. */
function completedAgain({ Key, UploadId }: Named, bucket: Bucket, context: S3Context): Structure {
  const version = context.state.uploaded(bucket.name, Key, UploadId)
  if (!version) throw noSuchUpload(UploadId)
  return completed(version, Key, bucket, context)
}

function completed(version: Version, key: string, bucket: Bucket, { state, request }: S3Context): Structure {
  return {
    Location: objectUrl(request, bucket, key),
    Bucket: bucket.name,
    Key: key,
    ETag: `"${version.etag}"`,
    Expiration: expirationOf(bucket, key, version, state),
    ...checksumMembers(version.checksum),
    ...encryptionMembers(version.encryption),
    ...writtenMember(version),
  }
}

/** The parts that are named, in ascending order, each the one that was uploaded. */
function chosenParts(asked: readonly Completed[], given: ReadonlyMap<number, Part>, upload: Upload): Part[] {
  let before = 0
  const parts = asked.map((one) => {
    const { PartNumber: number, ETag } = one
    if (number === undefined || ETag === undefined) throw malformedXml()
    if (number <= before)
      throw s3Error(
        400,
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { UploadId: upload.id },
      )
    before = number
    const part = given.get(number)
    const etag = ETag.replace(/^"|"$/g, '')
    if (!part || part.etag !== etag) throw badPart({ etag, number }, upload.id)
    checkPartChecksum(one, part, upload)
    return part
  })
  const small = parts.slice(0, -1).find((part) => part.size < leastPart)
  if (small)
    throw s3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ETag: small.etag,
      MinSizeAllowed: leastPart,
      PartNumber: small.number,
      ProposedSize: small.size,
    })
  return parts
}

function checkPartChecksum(one: Completed, part: Part, { id, checksum }: Upload): void {
  const told = checksumIn(one)
  if (!checksum) {
    if (told && (told.algorithm !== defaultAlgorithm || told.value !== part.checksum)) throw badPart(part, id)
    return
  }
  if (!told) {
    if (checksum.type === 'FULL_OBJECT') return
    throw invalidRequest(
      `The upload was created using a ${checksum.algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    )
  }
  if (told.algorithm !== checksum.algorithm)
    throw s3Error(
      400,
      'BadDigest',
      `The ${told.algorithm} you specified for part ${part.number} did not match what we received.`,
    )
  if (told.value !== part.checksum) throw badPart(part, id)
}

function badPart({ etag, number }: Pick<Part, 'etag' | 'number'>, UploadId: string): Error {
  return s3Error(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { ETag: etag, PartNumber: number, UploadId },
  )
}

/** The whole's checksum: of the parts' checksums, or, as CRCs allow, of all bytes. */
function checksumOf(upload: Upload, parts: readonly Part[], input: Record<string, any>): StoredChecksum | undefined {
  const told = checksumIn(input)
  const { checksum = { algorithm: defaultAlgorithm, type: 'FULL_OBJECT' as const } } = upload
  if (input['ChecksumType'] !== undefined && input['ChecksumType'] !== checksum.type) {
    const mode = upload.checksum?.type ?? 'null'
    throw invalidRequest(
      `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
    )
  }
  // S3 sums nobody's own keys unasked.
  if (!upload.checksum && upload.attributes.encryption?.customer) return undefined
  if (parts.some((part) => part.checksum === undefined)) return undefined
  const algorithm = checksum.algorithm as ChecksumName
  const value =
    checksum.type === 'FULL_OBJECT' && isCrc(algorithm)
      ? toBase64(
          combineCrcs(
            algorithm,
            parts.map((part) => ({ digest: fromBase64(part.checksum!), length: part.size })),
          ),
        )
      : compositeOf(
          algorithm,
          parts.map((part) => part.checksum!),
          (data) => newChecksum(algorithm).update(data).digest(),
        )
  if (told && told.algorithm === algorithm && told.value !== value && told.value !== value.replace(/-\d+$/, ''))
    throw s3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
  return { algorithm, value, type: checksum.type }
}

export const abortMultipartUpload: S3Handler = ({ Bucket, Key, UploadId }, { state }) => {
  const upload = state.findUpload(Bucket, Key, UploadId)
  // One that was ended may be given up again; what was never begun may not.
  if (!upload && placeOf(UploadId) === undefined) throw noSuchUpload(UploadId)
  if (upload) state.deleteUpload(Bucket, upload, true)
}
