// An input that its model forbids: Organizations tells the kind of the first fault, not where it is. The texts of patterns
// and enums are recorded, the others are those of AWS's documentation of InvalidInputException.

import { AwsError } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Operation } from '../../../model/model.ts'
import { checkConstraints } from '../../constraints.ts'
import { invalidInput } from './errors.ts'

const kinds = [
  ['must not be null', 'INPUT_REQUIRED', 'You must include a value for all required parameters.'],
  ['regular expression pattern', 'INVALID_PATTERN', 'You provided a value that does not match the required pattern.'],
  ['enum value set', 'INVALID_ENUM', 'You specified an invalid value.'],
  ['length less', 'MAX_LENGTH_EXCEEDED', 'You provided a string parameter that is longer than allowed.'],
  ['length greater', 'MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.'],
  ['value less', 'MAX_VALUE_EXCEEDED', 'You provided a numeric parameter that has a larger value than allowed.'],
  ['value greater', 'MIN_VALUE_EXCEEDED', 'You provided a numeric parameter that has a smaller value than allowed.'],
] as const

export function checked(operation: Operation, input: Structure): Structure {
  try {
    checkConstraints(operation, input)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const constraint = /failed to satisfy constraint: Member must [^;]*/.exec(error.message)?.[0] ?? ''
    const [, reason, message] = kinds.find(([words]) => constraint.includes(words)) ?? kinds[1]
    throw invalidInput(message, reason)
  }
  return input
}
