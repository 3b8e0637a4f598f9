// Which action of IAM does an operation of S3 need, and on what? Half of them are not called as their operation.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

/** On the bucket. */
export const bucketActions: Readonly<Record<string, string>> = {
  CreateBucket: 'CreateBucket',
  DeleteBucket: 'DeleteBucket',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketVersioning: 'GetBucketVersioning',
  PutBucketVersioning: 'PutBucketVersioning',
  GetBucketPolicy: 'GetBucketPolicy',
  PutBucketPolicy: 'PutBucketPolicy',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  GetBucketPolicyStatus: 'GetBucketPolicyStatus',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketOwnershipControls: 'GetBucketOwnershipControls',
  PutBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  GetBucketAcl: 'GetBucketAcl',
  PutBucketAcl: 'PutBucketAcl',
  GetBucketTagging: 'GetBucketTagging',
  PutBucketTagging: 'PutBucketTagging',
  DeleteBucketTagging: 'PutBucketTagging',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  GetBucketLifecycle: 'GetLifecycleConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycle: 'PutLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketAbac: 'GetBucketAbac',
  PutBucketAbac: 'PutBucketAbac',
  GetBucketWebsite: 'GetBucketWebsite',
  PutBucketWebsite: 'PutBucketWebsite',
  DeleteBucketWebsite: 'DeleteBucketWebsite',
  GetBucketNotification: 'GetBucketNotification',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotification: 'PutBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketLogging: 'GetBucketLogging',
  PutBucketLogging: 'PutBucketLogging',
  GetBucketRequestPayment: 'GetBucketRequestPayment',
  PutBucketRequestPayment: 'PutBucketRequestPayment',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  GetBucketReplication: 'GetReplicationConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  GetBucketAnalyticsConfiguration: 'GetAnalyticsConfiguration',
  PutBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
  DeleteBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
  ListBucketAnalyticsConfigurations: 'GetAnalyticsConfiguration',
  GetBucketInventoryConfiguration: 'GetInventoryConfiguration',
  PutBucketInventoryConfiguration: 'PutInventoryConfiguration',
  DeleteBucketInventoryConfiguration: 'PutInventoryConfiguration',
  ListBucketInventoryConfigurations: 'GetInventoryConfiguration',
  GetBucketMetricsConfiguration: 'GetMetricsConfiguration',
  PutBucketMetricsConfiguration: 'PutMetricsConfiguration',
  DeleteBucketMetricsConfiguration: 'PutMetricsConfiguration',
  ListBucketMetricsConfigurations: 'GetMetricsConfiguration',
  GetBucketIntelligentTieringConfiguration: 'GetIntelligentTieringConfiguration',
  PutBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
  DeleteBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
  ListBucketIntelligentTieringConfigurations: 'GetIntelligentTieringConfiguration',
}

/** On the object. */
export const objectActions: Readonly<Record<string, string>> = {
  GetObject: 'GetObject',
  HeadObject: 'GetObject',
  GetObjectAttributes: 'GetObject',
  SelectObjectContent: 'GetObject',
  GetObjectTorrent: 'GetObjectTorrent',
  PutObject: 'PutObject',
  CopyObject: 'PutObject',
  DeleteObject: 'DeleteObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  AbortMultipartUpload: 'AbortMultipartUpload',
  ListParts: 'ListMultipartUploadParts',
  GetObjectAcl: 'GetObjectAcl',
  PutObjectAcl: 'PutObjectAcl',
  GetObjectTagging: 'GetObjectTagging',
  PutObjectTagging: 'PutObjectTagging',
  DeleteObjectTagging: 'DeleteObjectTagging',
  GetObjectRetention: 'GetObjectRetention',
  PutObjectRetention: 'PutObjectRetention',
  GetObjectLegalHold: 'GetObjectLegalHold',
  PutObjectLegalHold: 'PutObjectLegalHold',
  RestoreObject: 'RestoreObject',
  RenameObject: 'PutObject',
  UpdateObjectEncryption: 'UpdateObjectEncryption',
}

/** What an action is called when a version is named. */
const versionActions: Readonly<Record<string, string>> = {
  GetObject: 'GetObjectVersion',
  GetObjectAttributes: 'GetObjectVersionAttributes',
  GetObjectTorrent: 'GetObjectVersionTorrent',
  DeleteObject: 'DeleteObjectVersion',
  GetObjectAcl: 'GetObjectVersionAcl',
  PutObjectAcl: 'PutObjectVersionAcl',
  GetObjectTagging: 'GetObjectVersionTagging',
  PutObjectTagging: 'PutObjectVersionTagging',
  DeleteObjectTagging: 'DeleteObjectVersionTagging',
}

export function ofVersion(action: string, versionId: unknown): string {
  return versionId === undefined ? action : (versionActions[action] ?? action)
}

/** All actions, for the judgement of bucket policies: what they work on. */
export function actionTargets(): ReadonlyMap<string, 'bucket' | 'object'> {
  const targets = new Map<string, 'bucket' | 'object'>()
  for (const action of Object.values(bucketActions)) targets.set(action, 'bucket')
  for (const action of Object.values(objectActions)) targets.set(action, 'object')
  for (const action of Object.values(versionActions)) targets.set(action, 'object')
  for (const action of otherObjectActions) targets.set(action, 'object')
  return targets
}

/** The same for the policies of access points, which speak of those, too. */
export function pointActionTargets(): ReadonlyMap<string, 'bucket' | 'object'> {
  return new Map([...actionTargets(), ...pointActions.map((action) => [action, 'bucket'] as const)])
}

const pointActions = [
  'GetAccessPoint',
  'DeleteAccessPoint',
  'GetAccessPointPolicy',
  'PutAccessPointPolicy',
  'DeleteAccessPointPolicy',
  'GetAccessPointPolicyStatus',
]

const otherObjectActions = [
  'GetObjectAttributes',
  'BypassGovernanceRetention',
  'ObjectOwnerOverrideToBucketOwner',
  'ReplicateObject',
  'ReplicateDelete',
  'ReplicateTags',
  'GetObjectVersionForReplication',
  'InitiateReplication',
  'PutObjectAnnotation',
  'GetObjectAnnotation',
  'DeleteObjectAnnotation',
  'ListObjectAnnotations',
]
