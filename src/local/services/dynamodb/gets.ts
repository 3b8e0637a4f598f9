// What does a request want to read by its key?

import type { Projection } from './expressions/projection.ts'
import { checkDistinctNames, checkStyle, Expressions } from './request.ts'
import { take, type Item } from './values.ts'

export interface Get {
  readonly key: Item
  readonly projection?: Projection
}

/** Throws ValidationException. */
export function readGet(input: { Key: Item; AttributesToGet?: string[] }): Get {
  checkStyle(input, ['ProjectionExpression'], ['AttributesToGet'])
  take(input.Key)
  return { key: input.Key, projection: readProjection(input) }
}

export function readProjection(input: { AttributesToGet?: string[] }): Projection | undefined {
  checkDistinctNames(input.AttributesToGet)
  const expressions = new Expressions(input)
  const projection = expressions.projection()
  expressions.checkUse()
  return projection
}
