// How is a condition read?
//
//   NOT (#a = :x OR size(b.c[0]) BETWEEN :y AND :z) AND attribute_exists(d)
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html

import { order } from '../compare.ts'
import type { AttributeValue, Type } from '../values.ts'
import { typeOf } from '../values.ts'
import type { Placeholders } from './placeholders.ts'
import { literalType, Reader } from './reader.ts'
import { pathText, type Comparator, type Condition, type Operand } from './tree.ts'

export interface ParsedCondition {
  readonly condition: Condition
  /** Attributes into which some path goes. */
  readonly nested: ReadonlySet<string>
}

/** Throws ValidationException. */
export function parseCondition(text: string, parameter: string, placeholders: Placeholders): ParsedCondition {
  const parser = new ConditionParser(text, parameter, placeholders, keywords)
  return { condition: parser.whole(), nested: parser.nested }
}

const keywords = ['AND', 'OR', 'NOT', 'BETWEEN', 'IN']
const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>=']

/** In the order in which they are told. */
const faults = ['parens', 'unknown function', 'misused function', 'reserved', 'condition']
/** Of one comparison; only the first comparison that has any counts. */
const conditionFaults = ['name', 'value', 'count', 'distinct', 'type']

/** By name, with how many operands each has. */
const functions: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
}

const types = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M']
const mostOperators = 300
const mostInList = 100

interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly operands: readonly Operand[]
}

/** What a parenthesis may hold: only what comes after tells whether it is an operand or a condition. */
type Node = Operand | Condition | Call

class ConditionParser extends Reader {
  #operators = 0
  /** What stood in parentheses by itself: one more pair around it is one too many. */
  readonly #enclosed = new WeakSet<object>()

  whole(): Condition {
    const condition = this.#condition(this.#or())
    if (this.peek().kind !== 'end') throw this.unexpected()
    this.settle(faults)
    return condition
  }

  #or(): Node {
    let left = this.#and()
    while (this.isKeyword('OR')) {
      left = this.#condition(left)
      this.#operator()
      left = { kind: 'or', left, right: this.#condition(this.#and()) }
    }
    return left
  }

  #and(): Node {
    let left = this.#not()
    while (this.isKeyword('AND')) {
      left = this.#condition(left)
      this.#operator()
      left = { kind: 'and', left, right: this.#condition(this.#not()) }
    }
    return left
  }

  #not(): Node {
    if (!this.isKeyword('NOT')) return this.#comparison()
    this.#operator()
    return { kind: 'not', inner: this.#condition(this.#not()) }
  }

  #operator(): void {
    this.take()
    if (++this.#operators > mostOperators)
      throw this.error(`The expression contains too many operators; operator count: ${this.#operators}`)
  }

  #comparison(): Node {
    const first = this.#primary()
    const { kind, text } = this.peek()
    if (kind === 'sign' && comparators.includes(text)) {
      this.#operator()
      return this.#checked(this.#compare(text as Comparator, this.#operand(first), this.#operand(this.#primary())))
    }
    if (this.isKeyword('BETWEEN')) {
      this.#operator()
      const low = this.#operand(this.#primary())
      if (!this.keyword('AND')) throw this.unexpected()
      return this.#checked(this.#between(this.#operand(first), low, this.#operand(this.#primary())))
    }
    if (this.isKeyword('IN')) {
      this.#operator()
      return this.#checked({ kind: 'in', of: this.#operand(first), list: this.#list(mostInList) })
    }
    return first
  }

  #primary(): Node {
    if (this.isSign('(')) {
      this.take()
      const inner = this.#or()
      this.expect(')')
      if (this.#enclosed.has(inner)) this.fault('parens', 'The expression has redundant parentheses;')
      this.#enclosed.add(inner)
      // (a).b is a path too.
      return inner
    }
    if (this.peek().kind === 'value') return { kind: 'value', value: this.value() }
    if (this.peek().kind === 'word' && this.isSign('(', 1) && this.isPathNext()) return this.#call()
    return { kind: 'path', path: this.path() }
  }

  #list(most = Infinity): Operand[] {
    this.expect('(')
    const list = [this.#operand(this.#primary())]
    while (this.sign(',')) list.push(this.#operand(this.#primary()))
    this.expect(')')
    if (list.length > most)
      throw this.error(`The IN operator is provided with too many operands; number of operands: ${list.length}`)
    return list
  }

  #call(): Node {
    const name = this.take().text
    const operands = this.#list()
    const count = functions[name]
    if (count === undefined) this.fault('unknown function', `Invalid function name; function: ${name}`)
    else if (count !== operands.length)
      this.fault(
        'count',
        `Incorrect number of operands for operator or function; operator or function: ${name}, ` +
          `number of operands: ${operands.length}`,
      )
    else {
      this.#distinct(name, operands)
      this.#types(name, operands)
      if (name === 'size') return { kind: 'size', of: operands[0]! }
    }
    return { kind: 'call', name, operands }
  }

  #types(name: string, operands: readonly Operand[]): void {
    const [first, second] = operands as [Operand, Operand | undefined]
    const wrong = (type: string): void =>
      this.fault(
        'type',
        `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
      )
    switch (name) {
      case 'attribute_exists':
      case 'attribute_not_exists':
        if (first.kind !== 'path')
          this.fault('type', `Operator or function requires a document path; operator or function: ${name}`)
        return
      case 'begins_with': {
        const type = operands.map(typeNow).find((each) => each !== undefined && each !== 'S' && each !== 'B')
        if (type !== undefined) wrong(type)
        return
      }
      case 'attribute_type': {
        const type = typeNow(second!)
        if (type !== 'S') return wrong(type ?? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}')
        const { value } = second as { value: AttributeValue }
        if (!types.includes(value.S!))
          this.fault('type', `Invalid attribute type name found; type: ${value.S}, valid types: {${types.join(',')}}`)
        return
      }
      case 'size': {
        const type = typeNow(first)
        if (type === 'N' || type === 'BOOL' || type === 'NULL') wrong(type)
      }
    }
  }

  #compare(by: Comparator, left: Operand, right: Operand): Condition {
    this.#distinct(by, [left, right])
    if (by !== '=' && by !== '<>')
      for (const operand of [left, right]) {
        const type = typeNow(operand)
        if (type !== undefined && type !== 'S' && type !== 'N' && type !== 'B')
          this.fault('type', `Incorrect operand type for operator or function; operator: ${by}, operand type: ${type}`)
      }
    return { kind: 'compare', by, left, right }
  }

  #between(of: Operand, low: Operand, high: Operand): Condition {
    const [a, b] = [literalType(low), literalType(high)]
    if (low.kind === 'value' && high.kind === 'value' && a !== undefined && b !== undefined) {
      const bounds =
        `lower bound operand: AttributeValue: {${shownBound(low.value)}}, ` +
        `upper bound operand: AttributeValue: {${shownBound(high.value)}}`
      if (a !== b)
        this.fault('type', `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`)
      else if ((order(low.value, high.value) ?? 0) > 0)
        this.fault(
          'type',
          `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
        )
    }
    return { kind: 'between', of, low, high }
  }

  #distinct(operator: string, operands: readonly Operand[]): void {
    const [a, b] = operands
    if (operands.length !== 2 || a!.kind !== 'path' || b!.kind !== 'path') return
    if (a!.path.length !== b!.path.length || a!.path.some((step, i) => step !== b!.path[i])) return
    this.fault(
      'distinct',
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${operator}, first operand: ${pathText(a!.path)}`,
    )
  }

  /** Keeps the fault of the first comparison that has one. */
  #checked(condition: Condition): Condition {
    const message = this.firstFault(conditionFaults)
    if (message !== undefined) this.fault('condition', message)
    return condition
  }

  #operand(node: Node): Operand {
    if (node.kind === 'path' || node.kind === 'value' || node.kind === 'size') return node
    if (node.kind === 'call') {
      this.#misused(node.name)
      return { kind: 'value', value: {} }
    }
    throw this.unexpected()
  }

  #condition(node: Node): Condition {
    if (node.kind === 'path' || node.kind === 'value') throw this.unexpected()
    if (node.kind === 'size') {
      this.#misused('size')
      return this.#checked(nothing)
    }
    if (node.kind !== 'call') return node
    return this.#checked(conditionOf(node))
  }

  #misused(name: string): void {
    this.fault(
      'misused function',
      `The function is not allowed to be used this way in an expression; function: ${name}`,
    )
  }
}

const nothing: Condition = { kind: 'missing', path: [''] }

/** A faulty call's meaning does not matter: the fault is thrown before anybody asks. */
function conditionOf({ name, operands }: Call): Condition {
  const [first, second] = operands as [Operand, Operand]
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      return first.kind === 'path'
        ? { kind: name === 'attribute_exists' ? 'exists' : 'missing', path: first.path }
        : nothing
    case 'attribute_type':
      return second?.kind === 'value' ? { kind: 'type', of: first, type: second.value.S ?? '' } : nothing
    case 'begins_with':
      return { kind: 'begins', of: first, with: second }
    case 'contains':
      return { kind: 'contains', of: first, with: second }
    default:
      return nothing
  }
}

/** A size is a number whatever the item. */
function typeNow(operand: Operand): Type | undefined {
  return operand.kind === 'size' ? 'N' : literalType(operand)
}

function shownBound(value: AttributeValue): string {
  const type = typeOf(value)
  return `${type}:${String(value[type])}`
}
