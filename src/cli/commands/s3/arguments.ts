// The arguments that the commands which move objects share. Names, order and choices are the reference's; ours, which it
// does not have, stand at the end.

import type { AddedArgument } from '../../changes/change.ts'

type Arguments = Readonly<Record<string, AddedArgument>>

export const integer: AddedArgument = { type: 'integer', schema: { type: 'integer' } }
export const recursive: AddedArgument = { flag: true }
export const requestPayer: AddedArgument = { nargs: '?', choices: ['requester'], whenEmpty: 'requester' }
const filter: AddedArgument = { nargs: 1, append: 'named', into: 'filters' }

export const transferArguments: Arguments = {
  dryrun: { flag: true },
  quiet: { flag: true },
  include: filter,
  exclude: filter,
  acl: {
    choices: [
      'private',
      'public-read',
      'public-read-write',
      'authenticated-read',
      'aws-exec-read',
      'bucket-owner-read',
      'bucket-owner-full-control',
      'log-delivery-write',
    ],
  },
  'follow-symlinks': { flag: true, default: true },
  'no-follow-symlinks': { flag: false, into: 'follow-symlinks' },
  'no-guess-mime-type': { flag: false },
  sse: { nargs: '?', choices: ['AES256', 'aws:kms'], whenEmpty: 'AES256' },
  'sse-c': { nargs: '?', choices: ['AES256'], whenEmpty: 'AES256' },
  'sse-c-key': { type: 'blob' },
  'sse-kms-key-id': {},
  'sse-c-copy-source': { nargs: '?', choices: ['AES256'], whenEmpty: 'AES256' },
  'sse-c-copy-source-key': { type: 'blob' },
  'storage-class': {
    choices: [
      'STANDARD',
      'REDUCED_REDUNDANCY',
      'STANDARD_IA',
      'ONEZONE_IA',
      'INTELLIGENT_TIERING',
      'GLACIER',
      'DEEP_ARCHIVE',
      'GLACIER_IR',
    ],
  },
  grants: { nargs: '+' },
  'website-redirect': {},
  'content-type': {},
  'cache-control': {},
  'content-disposition': {},
  'content-encoding': {},
  'content-language': {},
  expires: {},
  'source-region': {},
  'only-show-errors': { flag: true },
  'no-progress': { flag: false },
  'progress-frequency': integer,
  'progress-multiline': { flag: true },
  'page-size': integer,
  'ignore-glacier-warnings': { flag: true },
  'force-glacier-transfer': { flag: true },
  'request-payer': requestPayer,
  'checksum-mode': { choices: ['ENABLED'] },
  'checksum-algorithm': {
    choices: ['CRC64NVME', 'CRC32', 'SHA256', 'SHA1', 'CRC32C', 'SHA512', 'XXHASH64', 'XXHASH3', 'XXHASH128'],
  },
}

export const metadataArguments: Arguments = {
  metadata: { type: 'map', schema: { type: 'map' } },
  'copy-props': { choices: ['none', 'metadata-directive', 'default', 'all'], default: 'default' },
  'metadata-directive': { choices: ['COPY', 'REPLACE'] },
}

export const caseConflict: AddedArgument = { choices: ['ignore', 'skip', 'warn', 'error'], default: 'ignore' }

export const removalArguments: Arguments = {
  dryrun: transferArguments.dryrun!,
  quiet: transferArguments.quiet!,
  recursive,
  'request-payer': requestPayer,
  include: filter,
  exclude: filter,
  'only-show-errors': transferArguments['only-show-errors']!,
  'page-size': integer,
}

/** Ours: what the reference lacks. */
export const ownArguments: Arguments = {
  events: ours('Prints a line of JSON for each event on stdout, instead of lines for people.'),
  summarize: ours('Says at the end what was done, and what was passed over and why.'),
  plan: ours('Shows and counts all that would be done before any of it is, and asks.'),
  yes: ours('Agrees to the plan.'),
}

/** Ours, where files are moved. */
export const ownTransferArguments: Arguments = {
  ...ownArguments,
  'time-left': ours('A progress line that tells rate, files and time left, on a terminal only.'),
  resume: ours(
    'Writes down what was done, and goes on where an earlier run of the same command with --resume was cut off.',
  ),
}

/** Ours, for sync. */
export const ownSyncArguments: Arguments = {
  ...ownTransferArguments,
  checksum: ours('Compares content by checksums, not size and time. Digests of local files are remembered.'),
  'max-delete': { ...integer, beside: true, help: 'With --delete: deletes nothing if it were more than so many.' },
  'allow-empty-source': ours('With --delete: deletes everything at the destination if the source has nothing.'),
  queue: {
    beside: true,
    help: 'The URL of an SQS queue: the work is put there, and s3 worker does it, on any machines.',
  },
  detach: ours('With --queue: does not wait for the workers. s3 result tells how it went.'),
}

function ours(help: string): AddedArgument {
  return { flag: true, beside: true, help }
}
