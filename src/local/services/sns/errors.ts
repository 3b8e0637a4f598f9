// What can be wrong with a request to SNS. Texts: AWS's, as LocalStack's and moto's authors recorded them.

import { AwsError } from '../../../lib/errors.ts'

export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`)
}

export function notFound(what: string): AwsError {
  return new AwsError('NotFound', `${what} does not exist`, { status: 404 })
}

/** What is wrong with a message attribute. */
export function invalidAttribute(message: string): AwsError {
  return new AwsError('ParameterValueInvalid', message)
}

export function notBuilt(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS ${what} yet.`, { status: 501 })
}

export function limitExceeded(code: string, message: string): AwsError {
  return new AwsError(code, message, { status: 403 })
}
