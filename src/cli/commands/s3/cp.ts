// `s3 cp`: a file or an object, or all below a folder or prefix, is copied.

import { command } from '../command.ts'
import { caseConflict, metadataArguments, ownTransferArguments, recursive, transferArguments } from './arguments.ts'
import { transfer } from './transfer.ts'

export const cp = command({
  name: 's3 cp',
  help: 'Copies a local file or S3 object to another location locally or in S3.',
  arguments: {
    paths: { nargs: 2, positional: true },
    ...transferArguments,
    ...metadataArguments,
    'expected-size': {},
    recursive,
    'case-conflict': caseConflict,
    'no-overwrite': { flag: true },
    ...ownTransferArguments,
  },
  run: (given, context) => transfer('cp', given, context),
})
