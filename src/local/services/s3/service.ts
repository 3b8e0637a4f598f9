// S3: buckets and objects.

import { httpDate } from '../../../http/response-head.ts'
import { defineService } from '../../service.ts'
import { deliverLines } from './access-logs.ts'
import { inPathStyle, withDirectoryList } from './address.ts'
import { listDirectoryBuckets } from './directory/buckets.ts'
import { renameObject } from './directory/rename-object.ts'
import { createSession, sessionGiver } from './directory/sessions.ts'
import { intercept } from './intercept.ts'
import { withLinkedHeaders } from './linked-headers.ts'
import * as acl from './operations/acl.ts'
import * as settings from './operations/bucket-settings.ts'
import * as buckets from './operations/buckets.ts'
import * as configurations from './operations/configurations.ts'
import { copyObject, uploadPartCopy } from './operations/copy-object.ts'
import { deleteObject, deleteObjects } from './operations/delete-objects.ts'
import { getObject, getObjectAttributes, headObject } from './operations/get-object.ts'
import { listObjects, listObjectsV2, listObjectVersions } from './operations/list-objects.ts'
import { listMultipartUploads, listParts } from './operations/list-uploads.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from './operations/multipart.ts'
import { numberedConfigurations } from './operations/numbered-configurations.ts'
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './operations/notifications.ts'
import { updateObjectEncryption } from './operations/object-encryption.ts'
import * as lock from './operations/object-lock.ts'
import * as policy from './operations/policy.ts'
import { putObject } from './operations/put-object.ts'
import { restoreObject } from './operations/restore-object.ts'
import { selectObjectContent } from './operations/select.ts'
import * as tagging from './operations/tagging.ts'
import { denial, permissions, policiesOf } from './permissions.ts'
import { runErrands } from './replication.ts'
import { newRequestId } from './request-id.ts'
import { tellRestored } from './restores.ts'
import { S3, type S3Handler } from './state.ts'
import { findWays } from './through.ts'

const hour = 3_600_000

export const s3 = defineService<S3>({
  name: 's3',
  scope: 'global',
  state: (rows) => new S3(rows),
  permissions,
  policiesOf,
  denial,
  anonymous: () => true,
  addressed: (request) => withLinkedHeaders(withDirectoryList(inPathStyle(request))),
  learn: (operation, input, context, world) =>
    operation === 'CreateSession'
      ? Promise.resolve(sessionGiver(context, world))
      : findWays(operation, input, context, world),
  intercept,
  async due(background) {
    const now = background.clock().getTime()
    const { errands, restores, lines } = await background.transaction((state) => ({
      errands: state.errands(100),
      restores: state.takeRestores(now),
      lines: state.takeLines(now - (now % hour)),
    }))
    await runErrands(errands, background)
    await tellRestored(restores, background)
    await deliverLines(lines, background)
  },
  newRequestId,
  responseHeaders: () => ({ server: 'AmazonS3', date: httpDate() }),
  operations: {
    ...operationsOf(buckets, settings, policy, acl, lock, configurations, tagging),
    ...numberedConfigurations('Analytics'),
    ...numberedConfigurations('Inventory'),
    ...numberedConfigurations('Metrics'),
    ...numberedConfigurations('IntelligentTiering'),
    GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
    ListDirectoryBuckets: listDirectoryBuckets,
    RenameObject: renameObject,
    GetObject: getObject,
    HeadObject: headObject,
    GetObjectAttributes: getObjectAttributes,
    DeleteObject: deleteObject,
    RestoreObject: restoreObject,
    SelectObjectContent: selectObjectContent,
    UpdateObjectEncryption: updateObjectEncryption,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    CreateMultipartUpload: createMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    AbortMultipartUpload: abortMultipartUpload,
    ListParts: listParts,
    ListMultipartUploads: listMultipartUploads,
  },
  slow: {
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
    CreateSession: createSession,
    PutObject: putObject,
    CopyObject: copyObject,
    DeleteObjects: deleteObjects,
    UploadPart: uploadPart,
    UploadPartCopy: uploadPartCopy,
  },
})

/** A module's handlers are named as their operations, but for the first letter. */
function operationsOf(...modules: Record<string, S3Handler>[]): Record<string, S3Handler> {
  const all = modules.flatMap((handlers) => Object.entries(handlers))
  return Object.fromEntries(all.map(([name, handler]) => [name[0]!.toUpperCase() + name.slice(1), handler]))
}
