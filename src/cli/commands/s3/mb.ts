// `s3 mb`: makes a bucket.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { bucketAndKey, isDirectoryBucket, isS3Uri } from '../../../transfer/places.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { errorText } from './words.ts'

export const mb = command({
  name: 's3 mb',
  help: 'Creates an S3 bucket.',
  arguments: { path: { positional: true }, tags: { nargs: 2, append: 'words' } },
  run: make,
})

async function make(given: GivenWords, context: Context): Promise<number> {
  const path = given.path as string
  if (!isS3Uri(path)) throw new Failure('ParamValidation', '<S3Uri>\nError: Invalid argument type')
  const { bucket } = bucketAndKey(path)
  if (isDirectoryBucket(bucket)) {
    throw new Failure('ParamValidation', 'Cannot use mb command with a directory bucket.')
  }
  const { region } = await context.settings()
  const configuration: Structure = {}
  // us-east-1 is where buckets are made when nothing is said; saying it is refused.
  if (region !== undefined && region !== 'us-east-1' && region !== 'aws-global') {
    configuration.LocationConstraint = region
  }
  const tags = ((given.tags ?? []) as string[][]).map(([Key, Value]) => ({ Key: Key!, Value: Value! }))
  if (tags.length > 0) configuration.Tags = tags
  const input: Structure = { Bucket: bucket }
  if (bucket.endsWith('-an')) input.BucketNamespace = 'account-regional'
  if (Object.keys(configuration).length > 0) input.CreateBucketConfiguration = configuration
  try {
    await context.call('s3', 'CreateBucket', input)
    context.write(`make_bucket: ${bucket}\n`)
    return 0
  } catch (error) {
    context.warn(`make_bucket failed: ${path} ${errorText(error)}`)
    return 1
  }
}
