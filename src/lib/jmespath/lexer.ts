// Which tokens does a JMESPath expression consist of? Positions count code points, for the caret in error texts.

import { parseJson } from '../json.ts'
import type { Value } from '../value.ts'
import { JmesPathError, lexerError } from './errors.ts'

export type TokenType =
  | 'dot'
  | 'star'
  | 'rbracket'
  | 'comma'
  | 'colon'
  | 'current'
  | 'lparen'
  | 'rparen'
  | 'lbrace'
  | 'rbrace'
  | 'unquoted_identifier'
  | 'quoted_identifier'
  | 'flatten'
  | 'filter'
  | 'lbracket'
  | 'literal'
  | 'number'
  | 'or'
  | 'pipe'
  | 'and'
  | 'expref'
  | 'lte'
  | 'lt'
  | 'gte'
  | 'gt'
  | 'ne'
  | 'not'
  | 'eq'
  | 'eof'

export interface Token {
  readonly type: TokenType
  readonly value: Value
  readonly start: number
}

const single: Readonly<Record<string, TokenType>> = {
  '.': 'dot',
  '*': 'star',
  ']': 'rbracket',
  ',': 'comma',
  ':': 'colon',
  '@': 'current',
  '(': 'lparen',
  ')': 'rparen',
  '{': 'lbrace',
  '}': 'rbrace',
}
/** A character, the token it begins when a second one follows, and the token it is alone. */
const double: Readonly<Record<string, readonly [follower: string, both: TokenType, alone: TokenType]>> = {
  '|': ['|', 'or', 'pipe'],
  '&': ['&', 'and', 'expref'],
  '<': ['=', 'lte', 'lt'],
  '>': ['=', 'gte', 'gt'],
  '!': ['=', 'ne', 'not'],
}

/** Throws JmesPathError. */
export function tokenize(expression: string): Token[] {
  if (expression === '') throw new JmesPathError('Invalid JMESPath expression: cannot be empty.')
  const chars = [...expression]
  const tokens: Token[] = []
  let at = 0

  const add = (type: TokenType, value: Value, length: number) => {
    tokens.push({ type, value, start: at })
    at += length
  }
  const run = (from: number, allowed: RegExp) => {
    let end = from
    while (end < chars.length && allowed.test(chars[end] as string)) end++
    return chars.slice(at, end).join('')
  }

  while (at < chars.length) {
    const char = chars[at] as string
    const next = chars[at + 1]
    if (Object.hasOwn(single, char)) add(single[char] as TokenType, char, 1)
    else if (/[A-Za-z_]/.test(char)) {
      const name = run(at, /[A-Za-z0-9_]/)
      add('unquoted_identifier', name, name.length)
    } else if (' \t\n\r'.includes(char)) at++
    else if (char === '[') {
      if (next === ']') add('flatten', '[]', 2)
      else if (next === '?') add('filter', '[?', 2)
      else add('lbracket', '[', 1)
    } else if (Object.hasOwn(double, char)) {
      const [follower, both, alone] = double[char] as readonly [string, TokenType, TokenType]
      if (next === follower) add(both, char + next, 2)
      else add(alone, char, 1)
    } else if (char === '=') {
      if (next !== '=') throw lexerError(expression, at, "Unknown token '='")
      add('eq', '==', 2)
    } else if (/[0-9-]/.test(char)) {
      const digits = run(at + 1, /[0-9]/)
      if (digits === '-') throw lexerError(expression, at, "Unknown token '-'")
      const number = Number(digits)
      add('number', Number.isSafeInteger(number) ? number + 0 : BigInt(digits), digits.length)
    } else if (char === "'") {
      const [text, end] = delimited(expression, chars, at)
      add('literal', text.replaceAll("\\'", "'"), end - at)
    } else if (char === '`') {
      const [text, end] = delimited(expression, chars, at)
      add('literal', literal(expression, at, text.replaceAll('\\`', '`')), end - at)
    } else if (char === '"') {
      const [text, end] = delimited(expression, chars, at)
      add('quoted_identifier', quoted(expression, at, `"${text}"`), end - at)
    } else throw lexerError(expression, at, `Unknown token ${char}`)
  }
  tokens.push({ type: 'eof', value: '', start: chars.length })
  return tokens
}

/** The text up to the next unescaped delimiter, its escapes still in it, and the place after the delimiter. */
function delimited(expression: string, chars: readonly string[], start: number): [text: string, end: number] {
  const delimiter = chars[start]
  for (let at = start + 1; at < chars.length; at++) {
    if (chars[at] === delimiter) return [chars.slice(start + 1, at).join(''), at + 1]
    if (chars[at] === '\\') at++
  }
  throw lexerError(expression, start, `Unclosed ${delimiter} delimiter`)
}

/** JSON, or (deprecated since JEP 12, and everywhere in people's scripts) a bare word: `foo`. */
function literal(expression: string, start: number, text: string): Value {
  const value = json(text) ?? json(`"${text.trimStart()}"`)
  if (value === undefined) throw lexerError(expression, start, `Bad token ${text}`)
  return value.json
}

function quoted(expression: string, start: number, text: string): Value {
  const value = json(text)
  if (value === undefined) throw lexerError(expression, start, stringProblem(text))
  return value.json
}

function json(text: string): { json: Value } | undefined {
  try {
    return { json: parseJson(text, { wire: true }) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/** What Python finds wrong first in a string literal that is closed. */
function stringProblem(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const found = /[\0-\x1f]|\\(?:u(?![0-9a-fA-F]{4})|[^"\\/bfnrtu])/.exec(text.replaceAll('\\\\', '__'))
  if (found?.[0].startsWith('\\u')) return 'Invalid \\uXXXX escape'
  return found?.[0].startsWith('\\') ? 'Invalid \\escape' : 'Invalid control character at'
}
