// What does a request to a directory bucket ask IAM? Once for a session, CreateSession; what comes with its credentials is
// asked no more. Who comes without is asked each time for the session that he could have had.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-authenticating-authorizing.html

import type { Context } from '../../../../policy/types.ts'
import type { Permission, Session } from '../../../service.ts'
import { accessDenied } from '../errors.ts'
import type { Bucket } from '../records.ts'
import type { S3Context } from '../state.ts'
import { notForDirectories } from './limits.ts'
import { directoryArn } from './zones.ts'

export type Mode = NonNullable<Session['bucket']>['mode']

/** Those of a zone, and the least that a session must be good for. */
const inZone: Readonly<Record<string, Mode>> = {
  HeadBucket: 'ReadOnly',
  GetObject: 'ReadOnly',
  HeadObject: 'ReadOnly',
  GetObjectAttributes: 'ReadOnly',
  ListObjectsV2: 'ReadOnly',
  ListParts: 'ReadOnly',
  ListMultipartUploads: 'ReadOnly',
  PutObject: 'ReadWrite',
  CopyObject: 'ReadWrite',
  RenameObject: 'ReadWrite',
  DeleteObject: 'ReadWrite',
  DeleteObjects: 'ReadWrite',
  CreateMultipartUpload: 'ReadWrite',
  UploadPart: 'ReadWrite',
  UploadPartCopy: 'ReadWrite',
  CompleteMultipartUpload: 'ReadWrite',
  AbortMultipartUpload: 'ReadWrite',
}

/** Those of a region, each with an action of its own. */
const ofRegion: Readonly<Record<string, string>> = {
  DeleteBucket: 'DeleteBucket',
  GetBucketPolicy: 'GetBucketPolicy',
  PutBucketPolicy: 'PutBucketPolicy',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
}

/** For the judgement of policies: whatever a policy of a directory bucket may speak of. */
export function directoryActions(): ReadonlyMap<string, 'bucket'> {
  const actions = ['CreateSession', ...Object.values(ofRegion)]
  return new Map(actions.map((action) => [action, 'bucket']))
}

/** Throws AccessDenied where a session is not for this, NotImplemented for what there is not. */
export function toDirectory(operation: string, bucket: Bucket, context: S3Context): readonly Permission[] {
  const regional = ofRegion[operation]
  if (regional !== undefined) return [onDirectory(regional, bucket)]
  const mode = inZone[operation]
  if (mode === undefined) throw notForDirectories()
  return toEnter(bucket, mode, context)
}

/** To read or write in the bucket. */
export function toEnter(bucket: Bucket, mode: Mode, { caller }: S3Context): readonly Permission[] {
  const held = caller.session?.bucket
  if (!held) return [toCreateSession(bucket, mode)]
  // It may have been made by somebody else since the session began.
  if (held.name !== bucket.name || held.owner !== bucket.owner) throw accessDenied()
  if (mode === 'ReadWrite' && held.mode === 'ReadOnly') throw accessDenied()
  return []
}

export function toCreateSession(bucket: Pick<Bucket, 'name' | 'owner' | 'region'>, mode: Mode): Permission {
  return onDirectory('CreateSession', bucket, { 's3express:sessionmode': mode })
}

export function onDirectory(
  action: string,
  bucket: Pick<Bucket, 'name' | 'owner' | 'region'>,
  context: Context = {},
): Permission {
  return { action: `s3express:${action}`, resource: directoryArn(bucket), resourceAccountId: bucket.owner, context }
}
