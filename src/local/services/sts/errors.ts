// The errors of STS, in its words.

import { AwsError } from '../../../lib/errors.ts'

export const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 })
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message)
export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterValue', message)
