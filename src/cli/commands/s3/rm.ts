// `s3 rm`: an object, or all below a prefix, is deleted.

import { command } from '../command.ts'
import { ownArguments, removalArguments } from './arguments.ts'
import { transfer } from './transfer.ts'

export const rm = command({
  name: 's3 rm',
  help: 'Deletes an S3 object.',
  arguments: { paths: { nargs: 1, positional: true }, ...removalArguments, ...ownArguments },
  run: (given, context) => transfer('rm', given, context),
})
