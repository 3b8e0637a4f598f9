// What does JSON typed by a person mean, and if it is not JSON, what is wrong with it?
//
// The complaint is Python's, which people know and search for: `Expecting value: line 1 column 9 (char 8)`.

import { parseJson } from '../../lib/json.ts'
import type { Value } from '../../lib/value.ts'

export class JsonError extends Error {}

/** Integers beyond 2^53 are bigint, `1.0` is a Float, keys keep their order. Throws JsonError with json.loads' text. */
export function jsonValue(text: string): Value {
  try {
    return parseJson(text, { wire: true })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    new Scan(text).document()
    throw new JsonError(error.message)
  }
}

/** Walks the text as Python's scanner does and throws where that would. */
class Scan {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    if (this.#text.startsWith('\ufeff')) throw this.#error('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0)
    this.#skipSpace()
    this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#error('Extra data', this.#at)
  }

  #value(): void {
    const char = this.#text[this.#at]
    if (char === '"') return this.#string()
    if (char === '{') return this.#object()
    if (char === '[') return this.#array()
    const scalar = /null|true|false|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
    scalar.lastIndex = this.#at
    if (!scalar.test(this.#text)) throw this.#error('Expecting value', this.#at)
    this.#at = scalar.lastIndex
  }

  #object(): void {
    this.#at++
    this.#skipSpace()
    if (this.#skip('}')) return
    do {
      if (this.#text[this.#at] !== '"') {
        throw this.#error('Expecting property name enclosed in double quotes', this.#at)
      }
      this.#string()
      this.#skipSpace()
      if (!this.#skip(':')) throw this.#error("Expecting ':' delimiter", this.#at)
      this.#skipSpace()
      this.#value()
    } while (!this.#ends('}', 'object'))
  }

  #array(): void {
    this.#at++
    this.#skipSpace()
    if (this.#skip(']')) return
    do this.#value()
    while (!this.#ends(']', 'array'))
  }

  /** After an element: true at the end, false after a comma. */
  #ends(close: string, what: string): boolean {
    this.#skipSpace()
    if (this.#skip(close)) return true
    const comma = this.#at
    if (!this.#skip(',')) throw this.#error("Expecting ',' delimiter", comma)
    this.#skipSpace()
    if (this.#text[this.#at] === close) throw this.#error(`Illegal trailing comma before end of ${what}`, comma)
    return false
  }

  #string(): void {
    const begin = this.#at++
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw this.#error('Unterminated string starting at', begin)
      if (char < ' ') throw this.#error('Invalid control character at', this.#at)
      this.#at++
      if (char === '"') return
      if (char === '\\') this.#escape(begin)
    }
  }

  #escape(begin: number): void {
    const char = this.#text[this.#at]
    if (char === undefined) throw this.#error('Unterminated string starting at', begin)
    if (char === 'u' && !/^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.#at + 1, this.#at + 5))) {
      throw this.#error('Invalid \\uXXXX escape', this.#at)
    }
    if (!'"\\/bfnrtu'.includes(char)) throw this.#error('Invalid \\escape', this.#at - 1)
    this.#at++
  }

  #skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  /** Python counts code points. */
  #error(what: string, at: number): JsonError {
    const before = Array.from(this.#text.slice(0, at))
    const line = before.filter((char) => char === '\n').length + 1
    const column = before.length - before.lastIndexOf('\n')
    return new JsonError(`${what}: line ${line} column ${column} (char ${before.length})`)
  }
}
