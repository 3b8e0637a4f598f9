// `s3 presign`: a link with which anybody may fetch an object for a while.

import { link } from '../../../client/presign.ts'
import { bucketAndKey } from '../../../transfer/places.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { integer } from './arguments.ts'

export const presign = command({
  name: 's3 presign',
  help: 'Generate a pre-signed URL for an Amazon S3 object.',
  arguments: { path: { positional: true }, 'expires-in': { ...integer, default: 3600 } },
  run: printLink,
})

async function printLink(given: GivenWords, context: Context): Promise<number> {
  const { bucket, key } = bucketAndKey(given.path as string)
  const operation = await context.outside.models.operation('s3', 'GetObject')
  const expires = Number(given['expires-in'])
  const { url } = await link(operation, { Bucket: bucket, Key: key }, await context.settings(), { expires })
  context.write(`${url}\n`)
  return 0
}
