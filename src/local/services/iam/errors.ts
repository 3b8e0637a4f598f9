// The errors of IAM, in IAM's words.

import { AwsError } from '../../../lib/errors.ts'

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, { status: 404 })
export const alreadyExists = (message: string): AwsError =>
  new AwsError('EntityAlreadyExists', message, { status: 409 })
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, { status: 409 })
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, { status: 409 })
export const quotaExceeded = (quota: string, limit: number): AwsError =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`)
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', message)
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message)
export const malformedDocument = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message)
export const badCode = (): AwsError =>
  new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', { status: 403 })
