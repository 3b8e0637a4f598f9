// Bytes become an object of S3: in one request, or from 8 MB on in parts.

import type { Structure } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import { callWith } from './clients.ts'

const PART = 8 * 1024 * 1024
/** S3 takes so many parts of one object. */
const MOST_PARTS = 10_000

export interface Upload {
  readonly Bucket: string
  readonly Key: string
  /** Members of PutObject and CreateMultipartUpload: ServerSideEncryption, Metadata … */
  readonly extras?: Structure
  /** Bytes that are on their way, since it was last told. */
  readonly progress?: (bytes: number) => void
}

/** Returns what S3 answered: ETag, VersionId. What was sent of an upload that fails is taken back. */
export async function uploadFile(
  settings: Settings,
  body: Blob,
  { Bucket, Key, extras = {}, progress }: Upload,
): Promise<Structure> {
  const to = { Bucket, Key }
  if (body.size < PART) {
    progress?.(body.size)
    return callWith(settings, 's3', 'PutObject', { ...to, Body: body, ...extras })
  }
  const { UploadId } = await callWith(settings, 's3', 'CreateMultipartUpload', { ...to, ...extras })
  try {
    const Parts = await sendParts(settings, body, { ...to, UploadId }, progress)
    return await callWith(settings, 's3', 'CompleteMultipartUpload', { ...to, UploadId, MultipartUpload: { Parts } })
  } catch (error) {
    await callWith(settings, 's3', 'AbortMultipartUpload', { ...to, UploadId }).catch(() => {})
    throw error
  }
}

async function sendParts(
  settings: Settings,
  body: Blob,
  to: Structure,
  progress: Upload['progress'],
): Promise<Structure[]> {
  const size = Math.max(PART, Math.ceil(body.size / MOST_PARTS))
  const parts: Structure[] = []
  for (let at = 0; at < body.size; at += size) {
    const piece = body.slice(at, at + size)
    const PartNumber = parts.length + 1
    progress?.(piece.size)
    const output = await callWith(settings, 's3', 'UploadPart', { ...to, PartNumber, Body: piece })
    const sums = Object.entries(output).filter(([name]) => name.startsWith('Checksum'))
    parts.push({ ETag: output.ETag, PartNumber, ...Object.fromEntries(sums) })
  }
  return parts
}
