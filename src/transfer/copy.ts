// An object becomes another object without passing through this machine; and what of its properties goes along?
//
// CopyObject takes everything by itself. A copy in parts is a new object, so its properties are looked up and given
// again: metadata from HeadObject, tags from GetObjectTagging, in a header as long as they fit into one.

import { AwsError, Failure } from '../lib/errors.ts'
import { percentEncode } from '../lib/percent.ts'
import type { Structure } from '../lib/value.ts'
import { takenUp } from './earlier-upload.ts'
import type { Job } from './entry.ts'
import { asExists, inParts } from './multipart.ts'
import { partsOf, partSize } from './parts.ts'
import { addressOf } from './places.ts'
import { completedPart } from './upload.ts'
import { only, without } from './transfer.ts'
import type { Transfers } from './transfer.ts'

const metadataMembers = 'CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Expires Metadata'

const ofPartCopies =
  'CopySourceSSECustomerKey CopySourceSSECustomerAlgorithm CopySourceSSECustomerKeyMD5 ' +
  'SSECustomerKey SSECustomerAlgorithm SSECustomerKeyMD5 RequestPayer ExpectedBucketOwner'

const notOfCreate =
  'CopySourceIfMatch CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince ' +
  'CopySourceSSECustomerKey CopySourceSSECustomerAlgorithm CopySourceSSECustomerKeyMD5 ' +
  'MetadataDirective TaggingDirective AnnotationDirective IfNoneMatch'

/** Bytes of tags that a header holds. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-tagging) */
const mostTags = 2048

export async function copy(job: Job, transfers: Transfers): Promise<void> {
  const { target, sizes, signal, progress } = transfers
  const { size } = job.entry
  const large = size! >= sizes.threshold
  const { extras, tags, annotations } = await withProperties(job, large, transfers)
  const from = addressOf(job.entry.path)
  const address = addressOf(job.target!)
  const copySource = { Bucket: from.Bucket, Key: from.Key }
  try {
    if (large) await inPartCopies(job, copySource, extras, transfers)
    else {
      await target.call('CopyObject', { ...address, ...extras, CopySource: copySource }, { signal })
      progress(job, size!)
    }
  } catch (error) {
    throw asExists(error, extras)
  }
  try {
    if (tags)
      await target.call(
        'PutObjectTagging',
        { ...address, Tagging: { TagSet: tags }, ...transfers.extras.request },
        { signal },
      )
    for (const name of annotations ?? []) await copyAnnotation(name, from, address, transfers)
  } catch (error) {
    // Without its tags it is not the copy that was asked for.
    await target.call('DeleteObject', { ...address, ...transfers.extras.request }).catch(() => {})
    throw error
  }
}

interface Properties {
  readonly extras: Structure
  /** Those that fit into no header and are put when the object is there. */
  readonly tags?: Structure[]
  readonly annotations?: readonly string[]
}

async function withProperties(job: Job, large: boolean, transfers: Transfers): Promise<Properties> {
  const {
    extras: { copy: given, properties },
  } = transfers
  const extras = { ...given }
  if (properties === undefined) return { extras }
  if (properties !== 'all') extras.AnnotationDirective = 'EXCLUDE'
  if (properties === 'none') return { extras: { ...extras, MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE' } }
  await addMetadata(job, large, extras, transfers)
  if (properties === 'metadata-directive') return { extras: { ...extras, TaggingDirective: 'REPLACE' } }
  if (!large) return { extras }
  const tags = await tagsFor(job, extras, transfers)
  return properties === 'all' ? { extras, tags, annotations: await annotationsOf(job, transfers) } : { extras, tags }
}

/** What the caller said of the metadata replaces that one thing only; the rest is the source's. */
async function addMetadata(
  job: Job,
  large: boolean,
  extras: Structure,
  { source, extras: { head }, signal }: Transfers,
): Promise<void> {
  const said = Object.keys(only(extras, metadataMembers)).length > 0
  if (!large && !said) return
  if (!large) extras.MetadataDirective = 'REPLACE'
  const known =
    job.entry.head ?? (await source.call('HeadObject', { ...addressOf(job.entry.path), ...head }, { signal }))
  for (const [name, value] of Object.entries(only(known, metadataMembers))) extras[name] ??= value
}

async function tagsFor(job: Job, extras: Structure, transfers: Transfers): Promise<Structure[] | undefined> {
  const { source, signal } = transfers
  const input = { ...addressOf(job.entry.path), ...transfers.extras.request }
  const tags = ((await source.call('GetObjectTagging', input, { signal })).TagSet ?? []) as Structure[]
  if (tags.length === 0) return undefined
  const header = tags.map(({ Key, Value }) => `${percentEncode(String(Key))}=${percentEncode(String(Value))}`).join('&')
  if (Buffer.byteLength(header) > mostTags) return tags
  extras.Tagging = header
  return undefined
}

async function annotationsOf(job: Job, { source, extras, signal }: Transfers): Promise<string[]> {
  const input = { ...addressOf(job.entry.path), ...extras.request }
  const names: string[] = []
  let token: unknown
  do {
    const page: Structure = await source.call(
      'ListObjectAnnotations',
      { ...input, ...(token === undefined ? {} : { ContinuationToken: token as string }) },
      { signal },
    )
    for (const item of (page.Annotations ?? []) as Structure[]) names.push(String(item.AnnotationName))
    token = page.NextContinuationToken
  } while (token !== undefined)
  return names
}

async function copyAnnotation(
  name: string,
  from: Structure,
  to: Structure,
  { source, target, extras, signal }: Transfers,
): Promise<void> {
  const got = await source.call('GetObjectAnnotation', { ...from, AnnotationName: name, ...extras.request }, { signal })
  const payload = got.AnnotationPayload ?? got.Body
  if (payload === undefined) throw new Failure('UnreadableResponse', `The annotation ${name} came without its content`)
  await target.call(
    'PutObjectAnnotation',
    { ...to, AnnotationName: name, AnnotationPayload: payload, ...extras.request },
    { signal },
  )
}

async function inPartCopies(job: Job, copySource: Structure, extras: Structure, transfers: Transfers): Promise<void> {
  const { target, sizes, progress, journal } = transfers
  const { size, etag } = job.entry
  const create = without(extras, notOfCreate)
  const part = partSize(sizes.part, size)
  const whole = {
    target: job.target!,
    size: size!,
    state: etag,
    create,
    part,
    // Each was copied under the condition that the source is what its ETag says.
    fits: () => true,
    completed: (number: number, there: Structure) => completedPart(number, there, extras),
    have: (bytes: number) => progress(job, bytes),
  }
  const resumption = journal && (await takenUp(whole, transfers))
  await inParts(target, transfers, {
    address: addressOf(job.target!),
    create,
    extras,
    parts: partsOf(size!, resumption?.part ?? part),
    ...(resumption ? { resumption } : {}),
    sender:
      (upload) =>
      async ({ number, offset, length }, signal) => {
        const input: Structure = {
          ...upload,
          ...only(extras, ofPartCopies),
          CopySource: copySource,
          CopySourceRange: `bytes=${offset}-${offset + length - 1}`,
          PartNumber: number,
        }
        if (etag !== undefined) input.CopySourceIfMatch = etag
        const output = await target.call('UploadPartCopy', input, { signal }).catch((error) => {
          throw asChanged(error, copySource)
        })
        progress(job, length)
        return completedPart(number, output.CopyPartResult as Structure, extras)
      },
  })
}

function asChanged(error: unknown, { Bucket, Key }: Structure): unknown {
  if (!(error instanceof AwsError) || error.code !== 'PreconditionFailed') return error
  return new Failure(
    'InvalidValue',
    `Contents of stored object "${String(Key)}" in bucket "${String(Bucket)}" did not match expected ETag.`,
  )
}
