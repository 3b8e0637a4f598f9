// A bucket may be in another region than the one asked. S3 then says so, in one of many ways; the call is made once more
// where the bucket is, and later calls go there at once.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html

import { AwsError } from '../../lib/errors.ts'
import type { Value } from '../../lib/value.ts'
import type { Settings } from '../settings.ts'
import type { Exchange } from './index.ts'

// Regions of buckets, by client.
const regions = new WeakMap<Settings['retry'], Map<string, string>>()

/** Settings with the bucket's region, where an earlier call found it out. */
export function knownRegion(settings: Settings, bucket: Value | undefined): Settings {
  const region = typeof bucket === 'string' ? regions.get(settings.retry)?.get(bucket) : undefined
  return region === undefined ? settings : { ...settings, region }
}

/** The settings to try again with; undefined where the error is no redirect, or nobody says where to. */
export async function otherRegion(
  error: AwsError,
  { operation, given, settings }: Exchange,
): Promise<Settings | undefined> {
  const bucket = given['Bucket']
  // An access point's ARN says where it is.
  if (typeof bucket !== 'string' || bucket.startsWith('arn:') || !isRedirect(error, operation.name)) return undefined
  const region =
    error.response.headers['x-amz-bucket-region'] ??
    error.response.elements?.['Region'] ??
    // What does not name it when asked will not name it when asked again.
    (operation.name === 'HeadBucket' ? undefined : await asked(bucket, settings))
  if (region === undefined || !/^[a-z0-9-]{1,63}$/i.test(region)) return undefined
  settings.debug?.(`s3: the bucket ${bucket} is in ${region}`)
  let known = regions.get(settings.retry)
  if (!known) regions.set(settings.retry, (known = new Map()))
  known.set(bucket, region)
  return { ...settings, region }
}

function isRedirect(error: AwsError, operation: string): boolean {
  const { code, status, response } = error
  // A HEAD is answered without a body, so without a code.
  const bare = status === 301 || status === 400
  return (
    code === 'PermanentRedirect' ||
    status === 301 ||
    status === 302 ||
    status === 307 ||
    (bare && operation === 'HeadObject') ||
    (bare && operation === 'HeadBucket' && response.headers['x-amz-bucket-region'] !== undefined) ||
    (code === 'AuthorizationHeaderMalformed' && response.elements?.['Region'] !== undefined) ||
    (code === 'IllegalLocationConstraintException' && operation !== 'CreateBucket')
  )
}

/** HeadBucket's answer names the region, whether it succeeds or not. */
async function asked(bucket: string, settings: Settings): Promise<string | undefined> {
  const { call } = await import('../call.ts')
  const head = await settings.models.operation('s3', 'HeadBucket')
  let region: string | undefined
  try {
    await call(head, { Bucket: bucket }, settings, {
      observe: ({ headers }) => (region = headers['x-amz-bucket-region']),
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    region = error.response.headers['x-amz-bucket-region']
  }
  return region
}
