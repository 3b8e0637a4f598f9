// `s3 mv`: copies, and then takes away what was copied.

import { command } from '../command.ts'
import { caseConflict, metadataArguments, ownTransferArguments, recursive, transferArguments } from './arguments.ts'
import { transfer } from './transfer.ts'

export const mv = command({
  name: 's3 mv',
  help: 'Moves a local file or S3 object to another location locally or in S3.',
  arguments: {
    paths: { nargs: 2, positional: true },
    ...transferArguments,
    ...metadataArguments,
    recursive,
    'validate-same-s3-paths': { flag: true },
    'case-conflict': caseConflict,
    'no-overwrite': { flag: true },
    ...ownTransferArguments,
  },
  run: (given, context) => transfer('mv', given, context),
})
