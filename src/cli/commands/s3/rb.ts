// `s3 rb`: takes away a bucket, with --force and all that is in it.

import { Failure } from '../../../lib/errors.ts'
import { bucketAndKey, isS3Uri } from '../../../transfer/places.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { transfer } from './transfer.ts'
import { errorText } from './words.ts'

export const rb = command({
  name: 's3 rb',
  help: 'Deletes an empty S3 bucket.',
  arguments: { path: { positional: true }, force: { flag: true } },
  run: removeBucket,
})

async function removeBucket(given: GivenWords, context: Context): Promise<number> {
  const path = given.path as string
  if (!isS3Uri(path)) throw new Failure('ParamValidation', '<S3Uri>\nError: Invalid argument type')
  const { bucket, key } = bucketAndKey(path)
  if (key !== '') {
    throw new Failure('ParamValidation', `Please specify a valid bucket name only. E.g. s3://${bucket}`)
  }
  if (given.force === true && (await transfer('rm', { paths: [path], recursive: true }, context)) !== 0) {
    throw new Failure(
      'InvalidValue',
      'remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted.',
    )
  }
  try {
    await context.call('s3', 'DeleteBucket', { Bucket: bucket })
    context.write(`remove_bucket: ${bucket}\n`)
    return 0
  } catch (error) {
    context.warn(`remove_bucket failed: ${path} ${errorText(error)}`)
    return 1
  }
}
