// `s3 sync`: what is new or changed at the source goes to the target, and with --delete what is gone there goes here too.

import { command } from '../command.ts'
import { caseConflict, metadataArguments, ownSyncArguments, transferArguments } from './arguments.ts'
import { transfer } from './transfer.ts'

export const sync = command({
  name: 's3 sync',
  help:
    'Syncs directories and S3 prefixes. Recursively copies new and updated files from the source directory to the ' +
    'destination. Only creates folders in the destination if they contain one or more files.',
  arguments: {
    paths: { nargs: 2, positional: true },
    ...transferArguments,
    ...metadataArguments,
    'case-conflict': caseConflict,
    'no-overwrite': { flag: true },
    'size-only': { flag: true, beside: true },
    'exact-timestamps': { flag: true, beside: true },
    delete: { flag: true, beside: true },
    ...ownSyncArguments,
  },
  run: (given, context) => transfer('sync', given, context),
})
