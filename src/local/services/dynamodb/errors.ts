// The errors of DynamoDB. Texts: answers of the service, as its users and its test doubles have recorded them.

import { AwsError } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

/** What most faults of a value begin with. */
export const invalidValue = (what: string): AwsError => invalid(`One or more parameter values were invalid: ${what}`)

/** What empty keys are told with: faults of a request, and never a reason why a part of a transaction was not done. */
export const notValid = 'One or more parameter values are not valid.'

/** Of items and indexes, the resource is not named. */
export const noTable = (name?: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found${name === undefined ? '' : `: Table: ${name} not found`}`,
  )

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message)

export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message)

export const tooMany = (message: string): AwsError => new AwsError('LimitExceededException', message)

/** `item` is what there was instead, where the caller asked to be told. */
export const conditionFailed = (item?: Structure): AwsError =>
  new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    ...(item && { detail: { Item: item } }),
  })

export const throttled = (message: string): AwsError => new AwsError('ProvisionedThroughputExceededException', message)

export const keyMismatch = (): AwsError => invalid('The provided key element does not match the schema')

export const notBuilt = (what: string): AwsError =>
  new AwsError('NotImplemented', `The local AWS has no ${what} yet.`, { status: 501 })
