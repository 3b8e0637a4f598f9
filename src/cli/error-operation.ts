// Which operation did a service's error answer? Its record is printed by the shapes of that operation's model.

import { AwsError } from '../lib/errors.ts'
import type { Operation } from '../model/model.ts'

const operations = new WeakMap<AwsError, Operation>()

/** Remembers which operation a service's error answered, for the record that may be printed of it. */
export async function named<T>(operation: Operation, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof AwsError && error.response.operation === operation.name) operations.set(error, operation)
    throw error
  }
}

/** Undefined for one that came by no call of `named`. */
export function operationOf(error: AwsError): Operation | undefined {
  return operations.get(error)
}
