// JMESPath as the reference has it: jmespath.py 1.0.1, to the byte of its error texts.
//
// Used for `--query`, for paginators' and waiters' expressions, and for endpoint context parameters.

import type { Value } from '../value.ts'
import { interpret } from './interpret.ts'
import { parse } from './parser.ts'

export { JmesPathError } from './errors.ts'

/**
 * An expression made ready to be applied. Throws JmesPathError when it cannot be parsed; the function it returns throws
 * JmesPathError for what only shows on the value: an unknown function, a wrong number or type of arguments.
 */
export function compile(expression: string): (value: Value) => Value {
  const tree = parse(expression)
  return (value) => interpret(tree, value) as Value
}

/** The value of an expression on a value. Throws JmesPathError. */
export function search(expression: string, value: Value): Value {
  return compile(expression)(value)
}
