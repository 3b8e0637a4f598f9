// What can be wrong with a request to SQS, by the names of the model; query-names.ts knows the older codes.
// Texts: AWS's, as recorded by LocalStack's tests (2022-2024) and by moto's.

import { AwsError } from '../../../lib/errors.ts'
import type { CallContext } from '../../service.ts'

export function sqsError(code: string, message: string, status = 400): AwsError {
  return new AwsError(code, message, { status })
}

/** The old protocol still tells of its WSDL. */
export function noSuchQueue({ request }: Pick<CallContext, 'request'>): AwsError {
  const old = request.headers['x-amz-target'] === undefined && request.scheme !== 'virga-local'
  return sqsError('QueueDoesNotExist', `The specified queue does not exist${old ? ' for this wsdl version' : ''}.`)
}

export function invalidParameter(message: string): AwsError {
  return sqsError('InvalidParameterValue', message)
}

export function invalidValue(name: string, value: unknown, reason: string): AwsError {
  return invalidParameter(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`)
}

export function missingParameter(name: string): AwsError {
  return sqsError('MissingParameter', `The request must contain the parameter ${name}.`)
}

export function unknownAttribute(name: string): AwsError {
  return sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
}

export function invalidAttribute(name: string, reason?: string): AwsError {
  const why = reason === undefined ? '' : ` Reason: ${reason}`
  return sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${why}`)
}

export function invalidHandle(handle: string): AwsError {
  return sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, 404)
}

export function invalidAction(name: string): AwsError {
  return sqsError('InvalidAction', `The action ${name} is not valid for this endpoint.`)
}
