// S3: buckets and objects.

import { defineService } from '../../service.ts'
import { inPathStyle } from './address.ts'
import * as buckets from './operations/buckets.ts'
import { copyObject, uploadPartCopy } from './operations/copy-object.ts'
import { deleteObject, deleteObjects } from './operations/delete-objects.ts'
import { getObject, getObjectAttributes, headObject } from './operations/get-object.ts'
import { listObjects, listObjectsV2, listObjectVersions } from './operations/list-objects.ts'
import { listMultipartUploads, listParts } from './operations/list-uploads.ts'
import { abortMultipartUpload, completeMultipartUpload, createMultipartUpload, uploadPart } from './operations/multipart.ts'
import * as policy from './operations/policy.ts'
import { putObject } from './operations/put-object.ts'
import * as tagging from './operations/tagging.ts'
import { denial, permissions, policiesOf } from './permissions.ts'
import { newRequestId } from './request-id.ts'
import { S3 } from './state.ts'

export const s3 = defineService<S3>({
  name: 's3',
  scope: 'global',
  state: (rows) => new S3(rows),
  permissions,
  policiesOf,
  denial,
  anonymous: () => true,
  addressed: inPathStyle,
  newRequestId,
  responseHeaders: () => ({ server: 'AmazonS3', date: new Date().toUTCString() }),
  operations: {
    CreateBucket: buckets.createBucket,
    HeadBucket: buckets.headBucket,
    DeleteBucket: buckets.deleteBucket,
    ListBuckets: buckets.listBuckets,
    GetBucketLocation: buckets.getBucketLocation,
    GetObject: getObject,
    HeadObject: headObject,
    GetObjectAttributes: getObjectAttributes,
    DeleteObject: deleteObject,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    CreateMultipartUpload: createMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    AbortMultipartUpload: abortMultipartUpload,
    ListParts: listParts,
    ListMultipartUploads: listMultipartUploads,
    GetObjectTagging: tagging.getObjectTagging,
    PutObjectTagging: tagging.putObjectTagging,
    DeleteObjectTagging: tagging.deleteObjectTagging,
    GetBucketPolicy: policy.getBucketPolicy,
    PutBucketPolicy: policy.putBucketPolicy,
    DeleteBucketPolicy: policy.deleteBucketPolicy,
    GetBucketPolicyStatus: policy.getBucketPolicyStatus,
  },
  slow: {
    PutObject: putObject,
    CopyObject: copyObject,
    DeleteObjects: deleteObjects,
    UploadPart: uploadPart,
    UploadPartCopy: uploadPartCopy,
  },
})
