// How is an update read?
//
//   SET a.b = if_not_exists(a.b, :zero) + :one, #l = list_append(#l, :more) REMOVE c[0], d ADD n :n DELETE s :members
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html

import { typeOf, type AttributeValue, type Type } from '../values.ts'
import type { Placeholders } from './placeholders.ts'
import { DistinctPaths, literalType, Reader } from './reader.ts'
import type { Change, NewValue, Path } from './tree.ts'

export interface ParsedUpdate {
  readonly changes: readonly Change[]
  readonly paths: readonly Path[]
  readonly nested: ReadonlySet<string>
}

/** Throws ValidationException. */
export function parseUpdate(text: string, placeholders: Placeholders): ParsedUpdate {
  const parser = new UpdateParser(text, 'UpdateExpression', placeholders, sections)
  const { changes, paths } = parser.whole()
  return { changes, paths, nested: parser.nested }
}

const sections = ['SET', 'REMOVE', 'ADD', 'DELETE']
const faults = [
  'reserved',
  'unknown function',
  'section',
  'name',
  'value',
  'overlap',
  'conflict',
  'operand',
  'function',
]

/** As messages of ADD and DELETE call them. */
const typeNames: Readonly<Partial<Record<Type, string>>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
}

class UpdateParser extends Reader {
  readonly #paths = new DistinctPaths(this)
  readonly #changes: Change[] = []

  whole(): { changes: readonly Change[]; paths: readonly Path[] } {
    const seen = new Set<string>()
    do {
      const section = this.peek().text.toUpperCase()
      if (this.peek().kind !== 'word' || !sections.includes(section)) throw this.unexpected()
      this.take()
      do this.#changes.push(this.#change(section))
      while (this.sign(','))
      if (seen.has(section))
        this.fault('section', `The "${section}" section can only be used once in an update expression;`)
      seen.add(section)
    } while (this.peek().kind !== 'end')
    this.settle(faults)
    return { changes: this.#changes, paths: this.#paths.all }
  }

  #change(section: string): Change {
    const path = this.path()
    switch (section) {
      case 'SET': {
        this.expect('=')
        const value = this.#sum()
        this.#paths.add(path)
        return { kind: 'set', path, value }
      }
      case 'REMOVE':
        this.#paths.add(path)
        return { kind: 'remove', path }
      default: {
        const value = this.value()
        this.#paths.add(path)
        this.#checkOperand(section, value)
        return { kind: section === 'ADD' ? 'add' : 'delete', path, value }
      }
    }
  }

  #checkOperand(section: string, value: AttributeValue): void {
    const type = literalType({ kind: 'value', value })
    const name = type && typeNames[type]
    if (name !== undefined && !(section === 'ADD' && type === 'N'))
      this.fault(
        'operand',
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${name}`,
      )
  }

  #sum(): NewValue {
    const left = this.#operand()
    const sign = this.isSign('+') ? '+' : this.isSign('-') ? '-' : undefined
    if (sign === undefined) return left
    this.take()
    const right = this.#operand()
    this.#checkTypes(sign, [left, right], 'N')
    return { kind: sign === '+' ? 'plus' : 'minus', left, right }
  }

  #operand(): NewValue {
    if (this.sign('(')) {
      const inner = this.#sum()
      this.expect(')')
      return inner
    }
    if (this.peek().kind === 'value') return { kind: 'value', value: this.value() }
    if (this.peek().kind === 'word' && this.isSign('(', 1) && this.isPathNext()) return this.#call()
    return { kind: 'path', path: this.path() }
  }

  #call(): NewValue {
    const name = this.take().text
    this.expect('(')
    const operands = [this.#operand()]
    while (this.sign(',')) operands.push(this.#operand())
    this.expect(')')
    const [first, second] = operands as [NewValue, NewValue]
    if (name !== 'if_not_exists' && name !== 'list_append')
      this.fault('unknown function', `Invalid function name; function: ${name}`)
    else if (operands.length !== 2)
      this.fault(
        'function',
        `Incorrect number of operands for operator or function; operator or function: ${name}, ` +
          `number of operands: ${operands.length}`,
      )
    else if (name === 'list_append') {
      this.#checkTypes(name, operands, 'L')
      return { kind: 'append', left: first, right: second }
    } else if (first.kind === 'path') return { kind: 'default', path: first.path, otherwise: second }
    else this.fault('function', `Operator or function requires a document path; operator or function: ${name}`)
    return first
  }

  #checkTypes(name: string, operands: readonly NewValue[], wanted: Type): void {
    const wrong = operands.map(literalType).find((type) => type !== undefined && type !== wanted)
    if (wrong !== undefined)
      this.fault(
        'function',
        `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${wrong}`,
      )
  }
}

/** What type the new value will have, whatever the item; undefined where that depends on it. */
export function typeOfNew(value: NewValue): Type | undefined {
  switch (value.kind) {
    case 'value':
      return typeOf(value.value)
    case 'plus':
    case 'minus':
      return 'N'
    case 'append':
      return 'L'
    case 'default':
      return typeOfNew(value.otherwise)
    case 'path':
      return undefined
  }
}
