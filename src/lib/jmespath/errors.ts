// What a bad expression, or a good one on unfitting data, is answered with: jmespath.py's own words, which the
// reference prints.

import { Failure } from '../errors.ts'

/** An expression that cannot be compiled, or cannot be evaluated on this value. The reference ends with 255 on the latter. */
export class JmesPathError extends Failure {
  constructor(message: string) {
    super('InvalidValue', message)
    this.name = 'JmesPathError'
  }
}

/** A character or literal that is no token. `position` counts code points. */
export function lexerError(expression: string, position: number, message: string): JmesPathError {
  return new JmesPathError(`Bad jmespath expression: ${message}:\n${expression}\n${' '.repeat(position)}^`)
}

/** A token where the grammar has no place for it. */
export function parseError(
  expression: string,
  position: number,
  token: string,
  type: string,
  message: string,
): JmesPathError {
  return new JmesPathError(
    `${message}: Parse error at column ${position}, token "${token}" (${type.toUpperCase()}), ` +
      `for expression:\n"${expression}"\n${' '.repeat(position + 1)}^`,
  )
}

export function incompleteError(expression: string): JmesPathError {
  const underline = ' '.repeat([...expression].length + 1) + '^'
  return new JmesPathError(`Invalid jmespath expression: Incomplete expression:\n"${expression}"\n${underline}`)
}

export function tooDeep(): JmesPathError {
  return new JmesPathError('maximum recursion depth exceeded')
}
