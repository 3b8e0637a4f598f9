// What do #names and :values stand for, and are all of them used?

import { invalid } from '../errors.ts'
import { takeValue, type AttributeValue } from '../values.ts'

export interface PlaceholderInput {
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Record<string, AttributeValue>
}

export class Placeholders {
  readonly #names: Record<string, string>
  readonly #values: Record<string, AttributeValue>
  readonly #unusedNames: Set<string>
  readonly #unusedValues: Set<string>

  /** Checks what was given; values are put into stored form. Throws ValidationException. */
  constructor({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: PlaceholderInput) {
    checkKeys('Names', '#', names)
    checkKeys('Values', ':', values)
    for (const key in values) {
      try {
        takeValue(values[key]!)
      } catch (error) {
        throw invalid(`ExpressionAttributeValues contains invalid value: ${(error as Error).message} for key ${key}`)
      }
    }
    this.#names = names ?? {}
    this.#values = values ?? {}
    this.#unusedNames = new Set(Object.keys(this.#names))
    this.#unusedValues = new Set(Object.keys(this.#values))
  }

  name(key: string): string | undefined {
    this.#unusedNames.delete(key)
    return Object.hasOwn(this.#names, key) ? this.#names[key] : undefined
  }

  value(key: string): AttributeValue | undefined {
    this.#unusedValues.delete(key)
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined
  }

  /** Every one that was given must have been asked for. */
  checkUse(): void {
    for (const [kind, unused] of [
      ['Names', this.#unusedNames],
      ['Values', this.#unusedValues],
    ] as const)
      if (unused.size > 0)
        throw invalid(
          `Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${[...unused].join(', ')}}`,
        )
  }
}

function checkKeys(kind: string, mark: string, given: object | undefined): void {
  if (!given) return
  const keys = Object.keys(given)
  if (keys.length === 0) throw invalid(`ExpressionAttribute${kind} must not be empty`)
  const form = new RegExp(`^${mark}[0-9a-zA-Z_]+$`)
  for (const key of keys)
    if (!form.test(key)) throw invalid(`ExpressionAttribute${kind} contains invalid key: Syntax error; key: "${key}"`)
}
