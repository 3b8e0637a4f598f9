// In which words does EC2 refuse? What several operations say; what one alone says stands with it.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

import { AwsError } from '../../../lib/errors.ts'

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}`)
}

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

/** `Value (x) for parameter y is invalid. …` */
export function invalidParameter(name: string, value: unknown, why = ''): AwsError {
  return invalidValue(`Value (${String(value)}) for parameter ${name} is invalid.${why === '' ? '' : ` ${why}`}`)
}

export function badCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message)
}

export function dependencyViolation(what: string, id: string): AwsError {
  return new AwsError('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`)
}

export function incorrectState(message: string, code = 'IncorrectState'): AwsError {
  return new AwsError(code, message)
}

export function limitExceeded(code: string, message: string): AwsError {
  return new AwsError(code, message)
}

/** Throws MissingParameter for the first that is not there. */
export function need(input: Record<string, unknown>, ...names: string[]): void {
  for (const name of names) if (input[name] === undefined || input[name] === '') throw missingParameter(name)
}

/** The value, where it is one of these; else InvalidParameterValue. Undefined stays so. */
export function oneOf<T extends string>(name: string, value: unknown, values: readonly T[]): T | undefined {
  if (value === undefined || values.includes(value as T)) return value as T | undefined
  throw invalidParameter(name, value, `Expected one of: ${values.join(', ')}.`)
}
