// What do requests about items have in common? Expressions or their older forms, never both; and each input is read
// once, though permissions and the operation both ask what is in it.

import { invalid, invalidValue } from './errors.ts'
import { parseCondition, type ParsedCondition } from './expressions/condition.ts'
import { Placeholders, type PlaceholderInput } from './expressions/placeholders.ts'
import { parseProjection, type Projection } from './expressions/projection.ts'
import { keyAttributes } from './keys.ts'
import type { Table } from './records.ts'

const readOnce = new WeakMap<object, unknown>()

/** What `read` makes of the input, made when it is first asked for. */
export function once<I extends object, T>(input: I, read: (input: I) => T): T {
  if (!readOnce.has(input)) readOnce.set(input, read(input))
  return readOnce.get(input) as T
}

type Input = Record<string, any>

/** Expression parameters and the older ones must not be mixed. Throws ValidationException. */
export function checkStyle(input: Input, expressions: readonly string[], others: readonly string[]): void {
  const [modern, old] = [expressions, others].map((names) => names.filter((name) => input[name] !== undefined))
  if (modern!.length > 0 && old!.length > 0)
    throw invalid(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${old!.join(', ')}} Expression parameters: {${modern!.join(', ')}}`,
    )
  if (input['ExpressionAttributeNames'] !== undefined && modern!.length === 0)
    throw invalid('ExpressionAttributeNames can only be specified when using expressions')
  const withValues = expressions.filter((name) => name !== 'ProjectionExpression')
  if (
    withValues.length > 0 &&
    input['ExpressionAttributeValues'] !== undefined &&
    withValues.every((name) => input[name] === undefined)
  )
    throw invalid(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
    )
}

/** The #names and :values of a request, and its expressions by parameter. */
export class Expressions {
  readonly placeholders: Placeholders
  readonly #input: Input

  constructor(input: Input & PlaceholderInput) {
    this.placeholders = new Placeholders(input)
    this.#input = input
  }

  condition(parameter: string): ParsedCondition | undefined {
    const text = this.#input[parameter]
    return text === undefined ? undefined : parseCondition(text, parameter, this.placeholders)
  }

  projection(): Projection | undefined {
    const text = this.#input['ProjectionExpression']
    if (text !== undefined) return parseProjection(text, this.placeholders)
    const names = this.#input['AttributesToGet'] as string[] | undefined
    return names && { paths: names.map((name) => [name]), nested: new Set() }
  }

  checkUse(): void {
    this.placeholders.checkUse()
  }
}

export function checkDistinctNames(names: readonly string[] | undefined): void {
  const twice = names?.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw invalidValue(`Duplicate value in attribute name: ${twice}`)
}

/** Paths must not lead into what is a key's attribute. */
export function checkNested(nested: ReadonlySet<string> | undefined, table: Table): void {
  if (!nested || nested.size === 0) return
  const bad = (what: string, name: string): Error =>
    invalid(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        `${what}: ${name}`,
    )
  for (const { name } of keyAttributes(table)) if (nested.has(name)) throw bad('Key', name)
  for (const index of table.indexes)
    for (const { name } of keyAttributes(index)) if (nested.has(name)) throw bad('IndexKey', name)
}

export const largestItem = 400 * 1024
