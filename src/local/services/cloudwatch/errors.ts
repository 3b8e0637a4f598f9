// CloudWatch's refusals, by their codes.

import { AwsError } from '../../../lib/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message)
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The parameter ${name} is required.`)
}

export function invalidToken(message = 'Request parameter NextToken is invalid'): AwsError {
  return new AwsError('InvalidNextToken', message)
}

/** What AWS leaves without a text. */
export function noSuchAlarm(): AwsError {
  return new AwsError('ResourceNotFound', '', { status: 404 })
}

export function noSuchResource(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Resource not found: ${arn}`, {
    status: 404,
    detail: { ResourceId: arn },
  })
}

export function notBuilt(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS has no ${what} yet.`, { status: 501 })
}
