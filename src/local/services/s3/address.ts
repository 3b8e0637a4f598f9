// Which bucket does a host name? `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
//
// An access point's, `name-123456789012.s3-accesspoint.us-east-1.amazonaws.com`, stands in a bucket's place as its ARN; that of
// `name-123456789012.127.0.0.1`, too, because clients put no bucket before an address: it has no region, which is the
// signature's. In `name-123456789012.localhost` it looks like a bucket: through.ts tells them apart.

import { percentEncode } from '../../../lib/percent.ts'
import type { HttpRequest } from '../../../http/message.ts'
import { pointArn, pointOfLabel } from './access-points.ts'

/** ListDirectoryBuckets looks as ListBuckets does; who signs it tells. */
export function withDirectoryList(request: HttpRequest): HttpRequest {
  const { method, path, query, headers } = request
  if (method !== 'GET' || path !== '/' || /(?:^|&)x-id=/.test(query)) return request
  const signed = headers['authorization'] ?? query
  if (!/(\/|%2F)s3express(\/|%2F)aws4_request/i.test(signed)) return request
  return { ...request, query: `${query}${query && '&'}x-id=ListDirectoryBuckets` }
}

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
    if (/^s3-accesspoint(-fips)?$/.test(label)) return pointOfHost(labels.slice(0, i).join('.'), labels.slice(i + 1))
    if (label === 's3' || /^s3(-(?!website)|express-)/.test(label))
      return i === 0 ? undefined : labels.slice(0, i).join('.')
  }
  const beforeAddress = /^(.+)\.\d+\.\d+\.\d+\.\d+$/.exec(name)?.[1]
  return beforeAddress === undefined ? /^(.+)\.localhost$/.exec(name)?.[1] : pointOfHost(beforeAddress, [''])
}

/** `behind`: the labels after the one that says it is an access point's host. */
function pointOfHost(label: string, behind: readonly string[]): string | undefined {
  const point = pointOfLabel(label)
  const region = behind[0] === 'dualstack' ? behind[1] : behind[0]
  return point && region !== undefined ? pointArn({ ...point, region }) : undefined
}

/** `bucket.s3-website-us-east-1.amazonaws.com`, `bucket.s3-website.localhost`: the bucket as a web site. */
export function websiteBucket(host: string): string | undefined {
  return /^(.+?)\.s3-website[.-]/.exec(withoutPort(host))?.[1]
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}
