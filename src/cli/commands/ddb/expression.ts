// An expression in which names and values stand as they are becomes one for DynamoDB, which wants placeholders:
// `a.b > 10` is `#n0.#n1 > :n2` with {#n0: a, #n1: b} and {:n2: 10}.
//
//   expression = simple *(("and" / "or") simple) / operand *("," operand)
//   simple     = "(" expression ")" / "not" simple / function / operand [comparison / "in" … / "between" …]
//   operand    = path / literal ; path = name ["[" n "]"] *("." …) ; literal = number / "text" / b"…" / [ … ] / { … }

import { Failure } from '../../../lib/errors.ts'
import { repr } from '../../../lib/python.ts'
import { Decimal } from './decimal.ts'
import { emptyExpression, tokensOf } from './tokens.ts'
import type { Token } from './tokens.ts'
import { Binary, Members } from './values.ts'
import type { Attribute } from './values.ts'

export interface Placed {
  readonly expression: string
  readonly names: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, Attribute>>
  /** How many placeholders it has. */
  readonly count: number
}

/** Placeholders are counted from `first`. Throws Failure('ParamValidation'). */
export function placed(expression: string, first = 0): Placed {
  const parser = new Parser(expression, first)
  const text = parser.all().trim()
  const { names, values } = parser
  return { expression: text, names, values, count: Object.keys(names).length + Object.keys(values).length }
}

const SIGNS: Readonly<Record<string, string>> = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' }

/** What was read is written at once, in the order in which it is read: the numbers of the placeholders depend on it. */
class Parser {
  readonly names: Record<string, string> = {}
  readonly values: Record<string, Attribute> = {}
  readonly #expression: string
  readonly #first: number
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(expression: string, first: number) {
    this.#expression = expression
    this.#first = first
    this.#tokens = tokensOf(expression)
  }

  all(): string {
    const text = this.#expressionText()
    if (!this.#is('eof')) throw this.#unexpected('eof')
    return text
  }

  get #current(): Token | undefined {
    return this.#tokens[this.#at]
  }

  #is(...types: string[]): boolean {
    return this.#current !== undefined && types.includes(this.#current.type)
  }

  #take(...types: string[]): Token {
    const token = this.#current
    if (token === undefined || !types.includes(token.type))
      throw this.#unexpected(types.length === 1 ? types[0]! : types)
    this.#at++
    return token
  }

  #expressionText(): string {
    if (this.#current === undefined || this.#is('eof')) throw emptyExpression()
    const isName = this.#is('identifier', 'unquoted_identifier')
    const began = this.#at
    let text = this.#simple()
    // A list of names: a projection.
    if (isName && this.#is('comma') && this.#isPathFrom(began)) {
      this.#at++
      return [text, ...this.#operands()].map((each) => each.trim()).join(', ')
    }
    while (this.#is('and', 'or')) {
      const { type } = this.#take('and', 'or')
      text = `${text}${type.toUpperCase()} ${this.#simple()}`
    }
    return text
  }

  /** Whether nothing but a path was read since. */
  #isPathFrom(began: number): boolean {
    return this.#tokens.slice(began, this.#at).every(({ type }) => {
      return ['identifier', 'unquoted_identifier', 'dot', 'lbracket', 'rbracket', 'literal'].includes(type)
    })
  }

  #simple(): string {
    if (this.#is('lparen')) {
      this.#at++
      const inner = this.#expressionText()
      this.#take('rparen')
      return `( ${inner}) `
    }
    if (this.#is('not')) {
      this.#at++
      return `NOT ${this.#simple()}`
    }
    return this.#condition()
  }

  #condition(): string {
    if (this.#tokens[this.#at + 1]?.type === 'lparen') return this.#function()
    if (!this.#is('literal', 'identifier', 'unquoted_identifier', 'lbracket', 'lbrace')) {
      const token = this.#current!
      throw this.#told(`Unknown expression type starting at token \`${shown(token.value)}\``, token)
    }
    const left = this.#operand()
    if (this.#is('in')) {
      this.#at++
      this.#take('lparen')
      const choices = this.#operands()
        .map((each) => each.trim())
        .join(', ')
      this.#take('rparen')
      return `${left}IN (${choices}) `
    }
    if (this.#is('between')) {
      this.#at++
      const low = this.#operand()
      this.#take('and')
      return `${left}BETWEEN ${low}AND ${this.#operand()}`
    }
    if (!this.#is(...Object.keys(SIGNS))) return left
    const { type } = this.#take(...Object.keys(SIGNS))
    return `${left}${SIGNS[type]!} ${this.#operand()}`
  }

  #function(): string {
    const { value } = this.#take('identifier', 'unquoted_identifier')
    this.#take('lparen')
    const given = this.#operands()
      .map((each) => each.trim())
      .join(', ')
    this.#take('rparen')
    return `${value as string}(${given}) `
  }

  #operands(): string[] {
    const operands = [this.#operand()]
    while (this.#is('comma')) {
      this.#at++
      operands.push(this.#operand())
    }
    return operands
  }

  #operand(): string {
    if (this.#is('literal', 'lbracket', 'lbrace')) return `${this.#placeValue(this.#literal())} `
    if (this.#is('identifier', 'unquoted_identifier')) return this.#path()
    throw this.#unexpected(['literal', 'lbracket', 'lbrace', 'identifier', 'unquoted_identiifer'])
  }

  #path(): string {
    let text = this.#step()
    while (this.#is('dot')) {
      this.#at++
      text = `${text.trim()}.${this.#step()}`
    }
    return text
  }

  #step(): string {
    const token = this.#current!
    this.#at++
    const name = `#n${this.#next()}`
    this.names[name] = String(token.value)
    if (!this.#is('lbracket')) return `${name} `
    this.#at++
    const index = this.#literal()
    if (!(index instanceof Decimal) || !index.isWhole) {
      throw this.#told('Invalid token value: List indices must be whole numbers.', this.#current!, '\n')
    }
    this.#take('rbracket')
    return `${name}[${index.text}] `
  }

  #placeValue(value: Attribute): string {
    const name = `:n${this.#next()}`
    this.values[name] = value
    return name
  }

  #next(): number {
    return this.#first + Object.keys(this.names).length + Object.keys(this.values).length
  }

  #literal(): Attribute {
    if (this.#is('literal')) return this.#take('literal').value
    if (this.#is('lbracket')) {
      this.#at++
      const items: Attribute[] = []
      while (!this.#is('rbracket')) {
        items.push(this.#literal())
        if (!this.#is('comma')) break
        this.#at++
      }
      this.#take('rbracket')
      return items
    }
    if (!this.#is('lbrace')) throw this.#unexpected(['literal', 'lbracket', 'lbrace'])
    this.#at++
    const isMap = this.#is('rbrace') || this.#tokens[this.#at + 1]?.type === 'colon'
    const value = isMap ? this.#map() : this.#set()
    this.#take('rbrace')
    return value
  }

  #map(): Attribute {
    const map: Record<string, Attribute> = {}
    while (!this.#is('rbrace')) {
      const { value: key } = this.#current!
      if (typeof key !== 'string') {
        throw this.#told(
          `Invalid token value: Keys must be of type \`str\`, found \`${classOf(key)}\``,
          this.#current!,
          '\n',
        )
      }
      this.#take('literal')
      this.#take('colon')
      map[key] = this.#literal()
      if (!this.#is('comma')) break
      this.#at++
    }
    return map
  }

  #set(): Attribute {
    const items: (string | Decimal | Binary)[] = []
    const first = this.#current?.value ?? null
    for (;;) {
      if (!this.#is('literal')) throw this.#unexpected('literal')
      const { value } = this.#current!
      if (typeof value !== 'string' && !(value instanceof Decimal) && !(value instanceof Binary)) {
        throw this.#told(
          "Invalid token value: Sets may only contain numbers, strings, or bytes, but literal of type `<class 'str'>` was found",
          this.#current!,
          '\n',
        )
      }
      if (classOf(value) !== classOf(first)) {
        throw this.#told(
          `Invalid token value: Set values must all be of the same type. First type was \`${classOf(first)}\`, but found ` +
            "value of type `<class 'str'>`",
          this.#current!,
          '\n',
        )
      }
      items.push(value)
      this.#at++
      if (!this.#is('comma')) return new Members(unique(items))
      this.#at++
    }
  }

  #unexpected(expected: string | readonly string[]): Failure {
    const end = this.#expression.length
    const token = this.#current ?? { type: 'None', value: null, start: end, end }
    const wanted = typeof expected === 'string' ? expected : repr([...expected])
    return this.#told(
      `Unexpected token \`${shown(token.value)}\` of type \`${token.type}\`. Expected type: ${wanted}`,
      token,
    )
  }

  #told(message: string, { start, end }: Pick<Token, 'start' | 'end'>, after = ''): Failure {
    const mark = ' '.repeat(start) + '^'.repeat(Math.max(end - start, 1))
    return new Failure('ParamValidation', `${message}\n${this.#expression}\n${mark}${after}`)
  }
}

function shown(value: Token['value']): string {
  if (value instanceof Decimal) return value.text
  if (value instanceof Binary) return value.base64
  if (value === null) return 'None'
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : value
}

function classOf(value: Token['value']): string {
  if (value instanceof Decimal) return "<class 'decimal.Decimal'>"
  if (value instanceof Binary) return "<class 'awscli.customizations.dynamodb.types.Binary'>"
  return value === null ? "<class 'NoneType'>" : typeof value === 'boolean' ? "<class 'bool'>" : "<class 'str'>"
}

function unique(items: readonly (string | Decimal | Binary)[]): (string | Decimal | Binary)[] {
  return [...new Map(items.map((item) => [shown(item), item])).values()]
}
