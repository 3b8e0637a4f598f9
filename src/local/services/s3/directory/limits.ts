// What may be asked of buckets but not of directory buckets? They have no versions, lists, tags, locks or web sites, and keys
// are listed by folders.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html

import type { AwsError } from '../../../../lib/errors.ts'
import { invalidArgument, notImplemented, s3Error } from '../errors.ts'

export function notForDirectories(detail: Record<string, string> = {}): AwsError {
  return notImplemented('A header you provided implies functionality that is not implemented', detail)
}

/** Members that no request to a directory bucket may have, and what their headers are called. */
const missing: Readonly<Record<string, string>> = {
  ACL: 'x-amz-acl',
  GrantFullControl: 'x-amz-grant-full-control',
  GrantRead: 'x-amz-grant-read',
  GrantReadACP: 'x-amz-grant-read-acp',
  GrantWriteACP: 'x-amz-grant-write-acp',
  Tagging: 'x-amz-tagging',
  ObjectLockMode: 'x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'x-amz-object-lock-retain-until-date',
  ObjectLockLegalHoldStatus: 'x-amz-object-lock-legal-hold',
  SSECustomerAlgorithm: 'x-amz-server-side-encryption-customer-algorithm',
  WebsiteRedirectLocation: 'x-amz-website-redirect-location',
}

const storing: ReadonlySet<string> = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload'])

/** Throws NotImplemented, InvalidArgument or InvalidStorageClass; completes what is stored with the one class there is. */
export function limitToDirectory(operation: string, input: Record<string, any>): void {
  for (const [member, Header] of Object.entries(missing))
    if (input[member] !== undefined) throw notForDirectories({ Header })
  if (input['VersionId'] !== undefined && input['VersionId'] !== 'null')
    throw invalidArgument('Invalid version id specified', 'versionId', input['VersionId'])
  if (operation === 'ListObjectsV2' || operation === 'ListMultipartUploads') checkListing(input)
  if (!storing.has(operation)) return
  const { StorageClass = 'EXPRESS_ONEZONE' } = input
  if (StorageClass !== 'EXPRESS_ONEZONE')
    throw s3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested: StorageClass,
    })
  input['StorageClass'] = StorageClass
}

function checkListing({ Prefix = '', Delimiter = '/', StartAfter }: Record<string, any>): void {
  if (Delimiter !== '/') throw invalidArgument('The only delimiter of a directory bucket is /.', 'delimiter', Delimiter)
  if (Prefix !== '' && !Prefix.endsWith('/'))
    throw invalidArgument('A prefix in a directory bucket must end in its delimiter, /.', 'prefix', Prefix)
  if (StartAfter !== undefined) throw notForDirectories({ Header: 'start-after' })
}
