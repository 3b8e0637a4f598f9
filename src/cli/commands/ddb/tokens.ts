// The words of an expression: `price > 10 AND 'weird name' IN ("a", b"AAEC")`.

import { Failure } from '../../../lib/errors.ts'
import { Decimal } from './decimal.ts'
import { Binary } from './values.ts'

export interface Token {
  readonly type: string
  readonly value: string | boolean | null | Decimal | Binary
  readonly start: number
  /** Not where it ends for quoted ones, whose length it is: the mark below a complaint is drawn by it. */
  readonly end: number
}

const SIMPLE: Readonly<Record<string, string>> = {
  '.': 'dot',
  ',': 'comma',
  ':': 'colon',
  '(': 'lparen',
  ')': 'rparen',
  '{': 'lbrace',
  '}': 'rbrace',
  '[': 'lbracket',
  ']': 'rbracket',
  '=': 'eq',
}
const COMPARATORS: Readonly<Record<string, string>> = { '<>': 'ne', '<=': 'lte', '<': 'lt', '>=': 'gte', '>': 'gt' }
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }
const OPERATIONS = ['and', 'between', 'in', 'or', 'not']

export function emptyExpression(): Failure {
  return new Failure('ParamValidation', 'Expressions must not be empty')
}

/** Throws Failure('ParamValidation') with a mark below the place. */
export function tokensOf(expression: string): Token[] {
  if (expression === '') throw emptyExpression()
  const tokens: Token[] = []
  let at = 0
  const fail = (message: string, position = at): Failure =>
    new Failure('ParamValidation', `${message}\n${expression}\n${' '.repeat(position)}^`)

  const quoted = (delimiter: string): string => {
    const start = at
    let text = ''
    for (at++; expression[at] !== delimiter; at++) {
      if (expression[at] === '\\') text += expression[at++]
      if (at >= expression.length) throw fail(`Unclosed ${delimiter} delimiter`, start)
      text += expression[at]
    }
    at++
    return text.replaceAll(`\\${delimiter}`, delimiter)
  }

  const integer = (): string => {
    const start = at
    at++
    while (/\d/.test(expression[at] ?? '')) at++
    const text = expression.slice(start, at)
    if (text === '-') throw fail(`Unknown token ${text}`, Math.min(at, expression.length - 1))
    return text
  }

  const number = (): Token => {
    const start = at
    let text = integer()
    if (expression[at] === '.') {
      at++
      if (!/\d/.test(expression[at] ?? ''))
        throw fail(`Invalid fractional character ${expression[at] ?? 'None'}`, Math.min(at, expression.length - 1))
      text += `.${integer()}`
    }
    if (expression[at]?.toLowerCase() === 'e') {
      text += expression[at++]
      if (!/[-+\d]/.test(expression[at] ?? ''))
        throw fail(`Invalid exponential character ${expression[at] ?? 'None'}`, Math.min(at, expression.length - 1))
      text += integer()
    }
    return { type: 'literal', value: new Decimal(text), start, end: start + text.length }
  }

  const bytes = (): Token => {
    const start = at++
    const text = quoted('"')
    if (text !== '' && !/^[A-Za-z0-9+/=]+/.test(text)) throw fail(`Invalid base64 string b"${text}"`, start)
    const count = text.replaceAll('=', '').length
    if (count % 4 === 1) {
      throw fail(
        `Invalid base64 string b"${text}": Invalid base64-encoded string: number of data characters (${count}) cannot be ` +
          '1 more than a multiple of 4',
        start,
      )
    }
    if (text.length % 4 !== 0) throw fail(`Invalid base64 string b"${text}": Incorrect padding`, start)
    return { type: 'literal', value: new Binary(text), start, end: text.length + 2 }
  }

  const word = (): Token => {
    const start = at
    while (/\w/.test(expression[at] ?? '')) at++
    const value = expression.slice(start, at)
    const lower = value.toLowerCase()
    if (OPERATIONS.includes(lower)) return { type: lower, value, start, end: at }
    if (Object.hasOwn(WORDS, lower)) return { type: 'literal', value: WORDS[lower]!, start, end: at }
    return { type: 'unquoted_identifier', value, start, end: at }
  }

  while (at < expression.length) {
    const char = expression[at]!
    const start = at
    if (Object.hasOwn(SIMPLE, char)) tokens.push({ type: SIMPLE[char]!, value: char, start, end: ++at })
    else if (/^[bB]"/.test(expression.slice(at, at + 2))) tokens.push(bytes())
    else if (/[A-Za-z_]/.test(char)) tokens.push(word())
    else if (char === "'") {
      const value = quoted("'")
      tokens.push({ type: 'identifier', value, start, end: at - start })
    } else if (char === '"') {
      const value = quoted('"')
      tokens.push({ type: 'literal', value, start, end: at - start })
    } else if (/[ \t\r\n]/.test(char)) at++
    else if (/[-\d]/.test(char)) tokens.push(number())
    else if (char === '<' || char === '>') {
      const sign = ['<>', '<=', '>='].find((two) => expression.startsWith(two, at)) ?? char
      at += sign.length
      tokens.push({ type: COMPARATORS[sign]!, value: sign, start, end: at })
    } else throw fail(`Unrecognized character ${char}`)
  }
  tokens.push({ type: 'eof', value: '', start: expression.length, end: expression.length })
  return tokens
}
