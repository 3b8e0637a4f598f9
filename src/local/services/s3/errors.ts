// The errors of S3, in its words. Elements beside code and message are the error's `detail`.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

import { AwsError } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'

const error = (status: number, code: string, message: string, detail: Structure = {}): AwsError =>
  new AwsError(code, message, { status, detail })

export const noSuchBucket = (BucketName: string): AwsError =>
  error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName })
export const bucketTaken = (BucketName: string): AwsError =>
  error(
    409,
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { BucketName },
  )
export const bucketOwned = (BucketName: string): AwsError =>
  error(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName },
  )
export const noSuchKey = (Key: string): AwsError =>
  error(404, 'NoSuchKey', 'The specified key does not exist.', { Key })
export const noSuchVersion = (Key: string, VersionId: string): AwsError =>
  error(404, 'NoSuchVersion', 'The specified version does not exist.', { Key, VersionId })
export const invalidVersion = (id: string): AwsError => invalidArgument('Invalid version id specified', 'versionId', id)
export const noSuchUpload = (UploadId: string): AwsError =>
  error(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId },
  )
export const accessDenied = (message = 'Access Denied'): AwsError => error(403, 'AccessDenied', message)
export const invalidArgument = (message: string, ArgumentName?: string, ArgumentValue?: string): AwsError =>
  error(400, 'InvalidArgument', message, { ArgumentName, ArgumentValue })
export const invalidRequest = (message: string, detail: Structure = {}): AwsError =>
  error(400, 'InvalidRequest', message, detail)
export const malformedXml = (): AwsError =>
  error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
export const preconditionFailed = (Condition: string): AwsError =>
  error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition })
export const conditionalConflict = (Condition: string, Key: string): AwsError =>
  error(
    409,
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition, Key },
  )
/** Not an error, but answered in an error's place: a 304 has no body. */
export const notModified = (): AwsError => error(304, 'NotModified', 'Not Modified')
export const methodNotAllowed = (detail: Structure): AwsError =>
  error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', detail)
export const notImplemented = (message: string, detail: Structure = {}): AwsError =>
  error(501, 'NotImplemented', message, detail)

export { error as s3Error }
