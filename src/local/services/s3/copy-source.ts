// What does x-amz-copy-source name?  `bucket/key`, `/bucket/key?versionId=…`, or through an access point
// `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/object/key`; percent-encoded.

import { percentDecode, percentEncode } from '../../../lib/percent.ts'
import { invalidArgument } from './errors.ts'

export interface CopySource {
  /** A name, an alias, or the ARN of an access point. */
  bucket: string
  key: string
  versionId?: string
}

export function parsedSource(header: string): CopySource {
  const [path, versionId] = header.split(/\?versionId=/) as [string, string | undefined]
  const text = percentDecode(path).replace(/^\//, '')
  const arn = /^arn:[^/]*:accesspoint[:/][^/]+(?=\/object\/)/.exec(text)?.[0]
  const slash = arn === undefined ? text.indexOf('/') : arn.length + '/object'.length
  if (slash <= 0 || slash === text.length - 1)
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', 'x-amz-copy-source')
  if (versionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '')
  return {
    bucket: arn ?? text.slice(0, slash),
    key: text.slice(slash + 1),
    ...(versionId !== undefined && { versionId: percentDecode(versionId) }),
  }
}

/** The header again, of a bucket by its name. */
export function sourceHeader({ bucket, key, versionId }: CopySource): string {
  const version = versionId === undefined ? '' : `?versionId=${percentEncode(versionId)}`
  return `${bucket}/${percentEncode(key)}${version}`
}
