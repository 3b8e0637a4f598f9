// Which bucket does a host name? `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html

import { percentEncode } from '../../../lib/percent.ts'
import type { HttpRequest } from '../../../http/message.ts'

/** The request in path style: `/bucket/key`, and `/bucket` without a slash behind it. */
export function inPathStyle(request: HttpRequest): HttpRequest {
  const bucket = hostBucket(request.host)
  if (bucket !== undefined) {
    const path = `/${percentEncode(bucket)}${request.path === '/' ? '' : request.path}`
    return { ...request, path }
  }
  return /^\/[^/]+\/$/.test(request.path) ? { ...request, path: request.path.slice(0, -1) } : request
}

const ofHosts = new Map<string, string | undefined>()

export function hostBucket(host: string): string | undefined {
  if (ofHosts.has(host)) return ofHosts.get(host)
  if (ofHosts.size > 1000) ofHosts.clear()
  const bucket = bucketIn(host)
  ofHosts.set(host, bucket)
  return bucket
}

function bucketIn(host: string): string | undefined {
  const name = withoutPort(host)
  const labels = name.split('.')
  for (let i = labels.length - 1; i >= 0; i--) {
    const label = labels[i]!
    if (label === 's3' || /^s3-(?!website)/.test(label)) return i === 0 ? undefined : labels.slice(0, i).join('.')
  }
  const local = /^(.+)\.localhost$/.exec(name)?.[1]
  return local
}

/** `bucket.s3-website-us-east-1.amazonaws.com`, `bucket.s3-website.localhost`: the bucket as a web site. */
export function websiteBucket(host: string): string | undefined {
  return /^(.+?)\.s3-website[.-]/.exec(withoutPort(host))?.[1]
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}
