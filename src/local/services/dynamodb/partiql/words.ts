// Which words is a PartiQL statement made of?
//
//   SELECT a."b c" FROM "t"."i" WHERE k = 'it''s' AND n >= ?

import { invalid } from '../errors.ts'

export interface Word {
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'sign' | 'end'
  readonly text: string
}

const form =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|(<<|>>|<>|<=|>=|!=|[=<>()[\]{},.:?*+;-]))/y
const kinds = ['name', 'quoted', 'text', 'number', 'sign'] as const

export const malformed = (what: string): Error => invalid(`Statement wasn't well formed, can't be processed: ${what}`)

/** The words, and a reader's place among them. */
export class Words {
  readonly #all: Word[] = []
  #next = 0

  /** Throws ValidationException. */
  constructor(statement: string) {
    for (let at = 0; statement.slice(at).trim() !== ''; at = form.lastIndex) {
      form.lastIndex = at
      const found = form.exec(statement)
      if (!found) throw malformed(`Unexpected character at ${at + 1}`)
      const group = found.findIndex((part, i) => i > 0 && part !== undefined)
      const text = found[group]!
      const quote = group === 2 ? '"' : group === 3 ? "'" : undefined
      this.#all.push({ kind: kinds[group - 1]!, text: quote ? text.replaceAll(quote + quote, quote) : text })
    }
  }

  peek(ahead = 0): Word {
    return this.#all[this.#next + ahead] ?? { kind: 'end', text: 'end of statement' }
  }

  take(): Word {
    const word = this.peek()
    this.#next++
    return word
  }

  /** Takes the sign if it is next. */
  sign(text: string): boolean {
    const { kind, text: next } = this.peek()
    if (kind !== 'sign' || next !== text) return false
    this.#next++
    return true
  }

  /** Takes the keywords if they are all next. */
  keyword(...keywords: string[]): boolean {
    if (!keywords.every((keyword, i) => this.isKeyword(keyword, i))) return false
    this.#next += keywords.length
    return true
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead)
    return kind === 'name' && text.toUpperCase() === keyword
  }

  expect(text: string): void {
    if (!this.sign(text) && !this.keyword(text)) throw this.unexpected(text)
  }

  unexpected(wanted?: string): Error {
    return malformed(`Unexpected ${this.peek().text}${wanted === undefined ? '' : `, expected ${wanted}`}`)
  }
}
