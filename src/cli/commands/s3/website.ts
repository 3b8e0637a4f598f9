// `s3 website`: a bucket serves its objects as web pages.

import type { Structure } from '../../../lib/value.ts'
import { bucketAndKey } from '../../../transfer/places.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'

export const website = command({
  name: 's3 website',
  help: 'Set the website configuration for a bucket.',
  arguments: { paths: { nargs: 1, positional: true }, 'index-document': {}, 'error-document': {} },
  run: configure,
})

async function configure(given: GivenWords, context: Context): Promise<number> {
  const [path] = given.paths as [string]
  const bucket = path.replace(/^s3:\/\//, '').replace(/\/$/, '')
  bucketAndKey(bucket) // refuses what is no bucket
  const configuration: Structure = {}
  if (given['index-document'] !== undefined) configuration.IndexDocument = { Suffix: given['index-document'] }
  if (given['error-document'] !== undefined) configuration.ErrorDocument = { Key: given['error-document'] }
  await context.call('s3', 'PutBucketWebsite', { Bucket: bucket, WebsiteConfiguration: configuration })
  return 0
}
