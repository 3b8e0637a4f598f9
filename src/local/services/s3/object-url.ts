// Where is an object that was just made, for whoever made it? At the address that they asked, unless it is AWS's own.

import { percentEncodePath } from '../../../lib/percent.ts'
import type { HttpRequest } from '../../../http/message.ts'
import { hostBucket } from './address.ts'

/** `region`: the bucket's, where it is known. */
export function objectUrl(
  { scheme, host }: Pick<HttpRequest, 'scheme' | 'host'>,
  bucket: { name: string; region?: string },
  key: string,
): string {
  const { name, region } = bucket
  const path = percentEncodePath(key)
  if (scheme === 'virga-local' || /\.amazonaws\.com(:\d+)?$/.test(host))
    return `https://${name}.s3.${region === undefined ? '' : `${region}.`}amazonaws.com/${path}`
  return `${scheme}://${host}/${hostBucket(host) === undefined ? `${name}/` : ''}${path}`
}
