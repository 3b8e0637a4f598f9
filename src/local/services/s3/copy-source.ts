// What does x-amz-copy-source name?  `bucket/key`, `/bucket/key?versionId=…`, percent-encoded.

import { percentDecode } from '../../../lib/percent.ts'
import { invalidArgument } from './errors.ts'

export interface CopySource {
  bucket: string
  key: string
  versionId?: string
}

export function parsedSource(header: string): CopySource {
  const [path, versionId] = header.split(/\?versionId=/) as [string, string | undefined]
  const text = percentDecode(path).replace(/^\//, '')
  const slash = text.indexOf('/')
  if (slash <= 0 || slash === text.length - 1)
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', 'x-amz-copy-source')
  if (versionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '')
  return {
    bucket: text.slice(0, slash),
    key: text.slice(slash + 1),
    ...(versionId !== undefined && { versionId: percentDecode(versionId) }),
  }
}
