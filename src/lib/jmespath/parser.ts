// Which tree does a JMESPath expression mean? A top-down operator precedence parser, with jmespath.py's binding powers,
// leniences and error texts.

import { repr, str } from '../python.ts'
import type { Value } from '../value.ts'
import { incompleteError, parseError, tooDeep, type JmesPathError } from './errors.ts'
import { tokenize, type Token, type TokenType } from './lexer.ts'

export type Comparator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'
export type Integer = number | bigint

export type Node =
  | { readonly type: 'current' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'literal'; readonly value: Value }
  | { readonly type: 'index'; readonly at: Integer }
  | { readonly type: 'slice'; readonly start?: Integer; readonly stop?: Integer; readonly step?: Integer }
  /** Each step is evaluated on the result of the one before: `a.b`, `a[0]`, `a | b`. */
  | { readonly type: 'path' | 'indexed' | 'pipe'; readonly steps: readonly Node[] }
  | { readonly type: 'comparison'; readonly operator: Comparator; readonly left: Node; readonly right: Node }
  | { readonly type: 'or' | 'and'; readonly left: Node; readonly right: Node }
  | { readonly type: 'not' | 'expref' | 'flatten'; readonly expression: Node }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly type: 'projection' | 'values'; readonly base: Node; readonly each: Node }
  | { readonly type: 'filter'; readonly base: Node; readonly each: Node; readonly condition: Node }
  | { readonly type: 'list'; readonly items: readonly Node[] }
  | { readonly type: 'hash'; readonly entries: readonly (readonly [string, Node])[] }

const current: Node = { type: 'current' }

const power: Readonly<Record<TokenType, number>> = {
  eof: 0,
  unquoted_identifier: 0,
  quoted_identifier: 0,
  literal: 0,
  rbracket: 0,
  rparen: 0,
  comma: 0,
  rbrace: 0,
  number: 0,
  current: 0,
  expref: 0,
  colon: 0,
  pipe: 1,
  or: 2,
  and: 3,
  eq: 5,
  gt: 5,
  lt: 5,
  gte: 5,
  lte: 5,
  ne: 5,
  flatten: 9,
  star: 20,
  filter: 21,
  dot: 40,
  not: 45,
  lbrace: 50,
  lbracket: 55,
  lparen: 60,
}
/** Tokens that bind less than this end a projection. */
const projectionStop = 10
/** How deep a tree may be; Python's own limit on recursion lies below. */
const deepest = 1000

/** Throws JmesPathError. */
export function parse(expression: string): Node {
  return new Parser(expression).whole()
}

class Parser {
  private readonly expressionText: string
  private readonly tokens: readonly Token[]
  private at = 0
  private depth = 0

  constructor(expression: string) {
    this.expressionText = expression
    this.tokens = tokenize(expression)
  }

  whole(): Node {
    const node = this.expression(0)
    const token = this.token
    if (token.type !== 'eof') throw this.error(token, `Unexpected token: ${str(token.value)}`)
    return node
  }

  private expression(binding: number): Node {
    const outer = this.depth
    this.deeper()
    let left = this.prefix(this.take())
    while (binding < power[this.token.type]) {
      this.deeper()
      left = this.infix(this.token, left)
    }
    this.depth = outer
    return left
  }

  private deeper(): void {
    if (++this.depth > deepest) throw tooDeep()
  }

  /** What a token means where an expression begins. */
  private prefix(token: Token): Node {
    switch (token.type) {
      case 'literal':
        return { type: 'literal', value: token.value }
      case 'unquoted_identifier':
        return { type: 'field', name: token.value as string }
      case 'quoted_identifier':
        if (this.token.type === 'lparen') {
          throw this.error({ ...this.token, start: 0 }, 'Quoted identifier not allowed for function names.')
        }
        return { type: 'field', name: token.value as string }
      case 'current':
        return current
      case 'star':
        return { type: 'values', base: current, each: this.token.type === 'rbracket' ? current : this.rest(power.star) }
      case 'filter':
        return this.filter(current)
      case 'flatten':
        return { type: 'projection', base: { type: 'flatten', expression: current }, each: this.rest(power.flatten) }
      case 'lbrace':
        return this.hash()
      case 'lparen': {
        const inner = this.expression(0)
        this.expect('rparen')
        return inner
      }
      case 'not':
        return { type: 'not', expression: this.expression(power.not) }
      case 'expref':
        return { type: 'expref', expression: this.expression(power.expref) }
      case 'lbracket':
        return this.bracket()
      case 'eof':
        throw incompleteError(this.expressionText)
      default:
        throw this.error(token, 'invalid token')
    }
  }

  /** What a token means after an expression. */
  private infix(token: Token, left: Node): Node {
    switch (token.type) {
      case 'star':
      case 'not':
      case 'lbrace':
        throw this.error(token, 'invalid token')
    }
    this.at++
    switch (token.type) {
      case 'dot':
        if (this.token.type === 'star') {
          this.at++
          return { type: 'values', base: left, each: this.rest(power.dot) }
        }
        return chain('path', left, this.member(power.dot))
      case 'pipe':
        return { type: 'pipe', steps: [left, this.expression(power.pipe)] }
      case 'or':
      case 'and':
        return { type: token.type, left, right: this.expression(power[token.type]) }
      case 'filter':
        return this.filter(left)
      case 'flatten':
        return { type: 'projection', base: { type: 'flatten', expression: left }, each: this.rest(power.flatten) }
      case 'lparen':
        return this.call(left)
      case 'lbracket':
        return this.indexed(left)
      default:
        return {
          type: 'comparison',
          operator: token.type as Comparator,
          left,
          right: this.expression(power[token.type]),
        }
    }
  }

  private call(left: Node): Node {
    if (left.type !== 'field') {
      const name = this.tokens[this.at - 2] as Token
      throw this.error(name, `Invalid function name '${str(name.value)}'`)
    }
    const args: Node[] = []
    // As in jmespath.py the comma between arguments may be left out, and one may follow the last.
    while (this.token.type !== 'rparen') {
      args.push(this.expression(0))
      if (this.token.type === 'comma') this.at++
    }
    this.at++
    return { type: 'call', name: left.name, args }
  }

  /** After `[` where an expression begins: an index, a slice, `[*]`, or a multi-select list. */
  private bracket(): Node {
    if (this.token.type === 'number' || this.token.type === 'colon') {
      return this.projectedIfSlice(current, this.index())
    }
    if (this.token.type === 'star' && this.tokens[this.at + 1]?.type === 'rbracket') {
      this.at += 2
      return { type: 'projection', base: current, each: this.rest(power.star) }
    }
    return this.list()
  }

  /** After `[` that follows an expression: an index, a slice or `[*]`. */
  private indexed(left: Node): Node {
    if (this.token.type === 'number' || this.token.type === 'colon') {
      const right = this.index()
      // A slice right after an index is not a projection in jmespath.py: `a[0][:2].b` looks for b in the list.
      return left.type === 'indexed' ? chain('indexed', left, right) : this.projectedIfSlice(left, right)
    }
    this.expect('star')
    this.expect('rbracket')
    return { type: 'projection', base: left, each: this.rest(power.star) }
  }

  private projectedIfSlice(left: Node, right: Node): Node {
    const indexed: Node = { type: 'indexed', steps: [left, right] }
    return right.type === 'slice' ? { type: 'projection', base: indexed, each: this.rest(power.star) } : indexed
  }

  private index(): Node {
    if (this.token.type === 'colon' || this.tokens[this.at + 1]?.type === 'colon') return this.slice()
    const at = this.take().value as Integer
    this.expect('rbracket')
    return { type: 'index', at }
  }

  private slice(): Node {
    const parts: Integer[] = []
    let part = 0
    while (this.token.type !== 'rbracket') {
      const token = this.token
      if (token.type === 'colon' && part < 2) part++
      else if (token.type === 'number') parts[part] = token.value as Integer
      else throw this.error(token, 'syntax error')
      this.at++
    }
    this.at++
    return { type: 'slice', start: parts[0], stop: parts[1], step: parts[2] }
  }

  private filter(base: Node): Node {
    const condition = this.expression(0)
    this.expect('rbracket')
    const each = this.token.type === 'flatten' ? current : this.rest(power.filter)
    return { type: 'filter', base, each, condition }
  }

  /** The right-hand side of a projection: what is applied to each element. */
  private rest(binding: number): Node {
    const token = this.token
    if (power[token.type] < projectionStop) return current
    if (token.type === 'lbracket' || token.type === 'filter') return this.expression(binding)
    if (token.type === 'dot') {
      this.at++
      return this.member(binding)
    }
    throw this.error(token, 'syntax error')
  }

  /** What may follow a dot. */
  private member(binding: number): Node {
    const token = this.token
    switch (token.type) {
      case 'quoted_identifier':
      case 'unquoted_identifier':
      case 'star':
        return this.expression(binding)
      case 'lbracket':
        this.at++
        return this.list()
      case 'lbrace':
        this.at++
        return this.hash()
    }
    const allowed = ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']
    throw this.error(token, `Expecting: ${repr(allowed)}, got: ${token.type}`)
  }

  private list(): Node {
    const items: Node[] = []
    for (;;) {
      items.push(this.expression(0))
      if (this.token.type === 'rbracket') break
      this.expect('comma')
    }
    this.at++
    return { type: 'list', items }
  }

  private hash(): Node {
    const entries: [string, Node][] = []
    for (;;) {
      const key = this.token
      if (key.type !== 'quoted_identifier' && key.type !== 'unquoted_identifier') {
        throw this.unexpected(repr(['quoted_identifier', 'unquoted_identifier']))
      }
      this.at++
      this.expect('colon')
      entries.push([key.value as string, this.expression(0)])
      if (this.token.type === 'comma') this.at++
      else if (this.token.type === 'rbrace') break
    }
    this.at++
    return { type: 'hash', entries }
  }

  private get token(): Token {
    return this.tokens[this.at] as Token
  }

  private take(): Token {
    return this.tokens[this.at++] as Token
  }

  private expect(type: TokenType): void {
    if (this.token.type !== type) throw this.unexpected(type)
    this.at++
  }

  private unexpected(expected: string): JmesPathError {
    if (this.token.type === 'eof') return incompleteError(this.expressionText)
    return this.error(this.token, `Expecting: ${expected}, got: ${this.token.type}`)
  }

  private error(token: Token, message: string): JmesPathError {
    return parseError(this.expressionText, token.start, str(token.value), token.type, message)
  }
}

function chain(type: 'path' | 'indexed', left: Node, right: Node): Node {
  return left.type === type ? { type, steps: [...left.steps, right] } : { type, steps: [left, right] }
}
