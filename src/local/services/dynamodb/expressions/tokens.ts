// Which words is an expression made of?
//
//   SET #n.tags[0] = :v   →   SET | #n | . | tags | [ | 0 | ] | = | :v | <EOF>

import { invalid } from '../errors.ts'

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'sign' | 'end'
  /** As it stands; `<EOF>` at the end. */
  readonly text: string
  readonly at: number
}

const words = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>()[\],.+-]))/y

const kinds = ['word', 'name', 'value', 'number', 'sign'] as const

/** The tokens, and a reader's place among them. Faults are told as of the expression's parameter. */
export class Tokens {
  readonly #text: string
  readonly #parameter: string
  readonly #all: Token[] = []
  #next = 0

  /** `parameter`: `ConditionExpression`. Throws ValidationException. */
  constructor(text: string, parameter: string) {
    this.#text = text
    this.#parameter = parameter
    if (text === '') throw this.error('The expression can not be empty;')
    if (text.length > 4096) throw this.error('Expression size has exceeded the maximum allowed size;')
    for (let at = 0; text.slice(at).trim() !== '';) {
      words.lastIndex = at
      const found = words.exec(text)
      if (!found) {
        // No word of the language: a fault once it is met.
        const start = at + /^\s*/.exec(text.slice(at))![0].length
        const odd = String.fromCodePoint(text.codePointAt(start)!)
        this.#all.push({ kind: 'sign', text: odd, at: start })
        at = start + odd.length
        continue
      }
      const group = found.findIndex((part, i) => i > 0 && part !== undefined)
      const word = found[group]!
      at = words.lastIndex
      this.#all.push({ kind: kinds[group - 1]!, text: word, at: at - word.length })
    }
    this.#all.push({ kind: 'end', text: '<EOF>', at: text.length })
  }

  peek(ahead = 0): Token {
    return this.#all[Math.min(this.#next + ahead, this.#all.length - 1)]!
  }

  take(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  isSign(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'sign' && token.text === text
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'word' && token.text.toUpperCase() === keyword
  }

  /** Takes the sign if it is next. */
  sign(text: string): boolean {
    if (!this.isSign(text)) return false
    this.#next++
    return true
  }

  keyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false
    this.#next++
    return true
  }

  expect(text: string): void {
    if (!this.sign(text)) throw this.unexpected()
  }

  /** The next token does not belong there. */
  unexpected(): Error {
    const { text } = this.peek()
    const from = this.#all[Math.max(0, this.#next - 1)]!
    const to = this.#all[Math.min(this.#next + 1, this.#all.length - 1)]!
    const near = this.#text.slice(from.at, to.kind === 'end' ? to.at : to.at + to.text.length).trim()
    return this.error(`Syntax error; token: "${text}", near: "${near}"`)
  }

  error(what: string): Error {
    return invalid(`Invalid ${this.#parameter}: ${what}`)
  }
}
