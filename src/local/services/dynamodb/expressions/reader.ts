// What do all expressions have in common? Document paths, #names, :values; and faults of several kinds, of which the
// service tells the one that is first in its order, not the one that stands first in the text.

import { typeOf, type AttributeValue, type Type } from '../values.ts'
import type { Placeholders } from './placeholders.ts'
import { isReserved } from './reserved-words.ts'
import { Tokens } from './tokens.ts'
import { pathText, type Path } from './tree.ts'

/** Nesting of a document, and so of a path to what is in it. */
const deepest = 32

export class Reader extends Tokens {
  readonly #placeholders: Placeholders
  readonly #faults = new Map<string, string>()
  /** Keywords that are no attribute's name. */
  readonly #keywords: readonly string[]
  /** Attributes into which some path goes: `a` of `a.b`. */
  readonly nested = new Set<string>()

  constructor(text: string, parameter: string, placeholders: Placeholders, keywords: readonly string[]) {
    super(text, parameter)
    this.#placeholders = placeholders
    this.#keywords = keywords
  }

  /** The first fault of a kind is kept. */
  fault(kind: string, message: string): void {
    if (!this.#faults.has(kind)) this.#faults.set(kind, message)
  }

  /** The fault to be told, by kinds. */
  firstFault(kinds: readonly string[]): string | undefined {
    for (const kind of kinds) {
      const message = this.#faults.get(kind)
      if (message !== undefined) return message
    }
    return undefined
  }

  /** Throws the first fault, by kinds, if there is one. */
  settle(kinds: readonly string[]): void {
    const message = this.firstFault(kinds)
    if (message !== undefined) throw this.error(message)
  }

  isPathNext(): boolean {
    const { kind, text } = this.peek()
    return kind === 'name' || (kind === 'word' && !this.#keywords.includes(text.toUpperCase()))
  }

  path(): Path {
    const path: (string | number)[] = [this.#step()]
    for (;;) {
      if (this.sign('.')) path.push(this.#step())
      else if (this.isSign('[')) {
        this.take()
        if (this.peek().kind !== 'number') throw this.unexpected()
        path.push(Number(this.take().text))
        this.expect(']')
      } else break
    }
    if (path.length > 1) this.nested.add(path[0] as string)
    if (path.length > deepest)
      throw this.error(`The document path has too many nesting elements; nesting levels: ${path.length}`)
    return path
  }

  #step(): string {
    if (!this.isPathNext()) throw this.unexpected()
    const { kind, text } = this.take()
    if (kind === 'word') {
      if (isReserved(text)) this.fault('reserved', `Attribute name is a reserved keyword; reserved keyword: ${text}`)
      return text
    }
    const name = this.#placeholders.name(text)
    if (name === undefined)
      this.fault(
        'name',
        `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
      )
    return name ?? text
  }

  /** Where nothing stands for it, an empty value: the fault is told later. */
  value(): AttributeValue {
    if (this.peek().kind !== 'value') throw this.unexpected()
    const { text } = this.take()
    const value = this.#placeholders.value(text)
    if (value === undefined)
      this.fault('value', `An expression attribute value used in expression is not defined; attribute value: ${text}`)
    return value ?? {}
  }
}

/** Undefined for what is only known when there is an item, and for what no :value stands for. */
export function literalType(operand: { kind: string; value?: unknown }): Type | undefined {
  if (operand.kind !== 'value') return undefined
  const value = operand.value as AttributeValue
  return Object.keys(value).length === 0 ? undefined : typeOf(value)
}

/** Paths that were met, of which none may be, or lead into, another. */
export class DistinctPaths {
  readonly all: Path[] = []
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  add(path: Path): void {
    for (const other of this.all) {
      const verb = meeting(other, path)
      if (verb === undefined) continue
      this.#reader.fault(
        verb,
        `Two document paths ${verb} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${pathText(other)}, path two: ${pathText(path)}`,
      )
      break
    }
    this.all.push(path)
  }
}

/** They conflict where one takes for a map what the other takes for a list. */
function meeting(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (typeof a[i] !== typeof b[i]) return 'conflict'
    if (a[i] !== b[i]) return undefined
  }
  return 'overlap'
}
