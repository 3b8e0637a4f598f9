// How do the words of a command line become options and positionals?
//
// As Python's argparse does it, because scripts rely on its habits: unambiguous prefixes, `--option=value`, the last of
// a repeated option wins, negative numbers are values, `--` ends the options, and what is not known is handed on to
// the next layer. Its error texts are what people search for.
// https://docs.python.org/3/library/argparse.html

import { Failure } from '../lib/errors.ts'
import { parseFloatingPoint, parseInteger, repr } from '../lib/python.ts'
import { filter } from '../lib/iterate.ts'
import { closeMatches } from './close-matches.ts'
import { USAGE } from './usage.ts'

/** One option (`--name`) or positional of a parser. */
export interface Option {
  /** As typed: `--query`, or a positional's name: `outfile`. */
  readonly name: string
  /** The key of its value. */
  readonly into: string
  readonly positional?: boolean
  /** How many words it takes: one where undefined, none where `flag` is given. */
  readonly nargs?: '?' | '*' | '+' | number
  /** What an option without words stores. */
  readonly flag?: unknown
  /** What `nargs: '?'` stores when the word is left out. */
  readonly whenEmpty?: unknown
  readonly choices?: readonly string[]
  /** The conversion done here, whose failure is a usage error. Others are done later. */
  readonly convert?: 'int' | 'float'
  readonly required?: boolean
  /** Adds its words to a list at each turn; 'named' with the option before them. */
  readonly append?: 'words' | 'named'
  /** Parsing ends here and nothing else counts: `--version`. */
  readonly stops?: boolean
}

export interface Parsed {
  /** What was given, by `into`. */
  readonly values: Record<string, unknown>
  /** What this parser does not know, in order. */
  readonly rest: string[]
  /** The option that stopped the parsing. */
  readonly stopped?: string
}

/** Throws Failure('ParamValidation') with argparse's text and `usage`. */
export function parseKnown(options: readonly Option[], words: readonly string[], usage: string = USAGE): Parsed {
  return new Parser(options, words, usage).parse()
}

export function usageError(message: string, usage: string = USAGE): Failure {
  return new Failure('ParamValidation', `${message}\n\n${usage}`, { usage: true })
}

/** What one word could mean: an option with its `=value`, or (undefined) an option of another parser. */
interface Meaning {
  option: Option | undefined
  explicit: string | undefined
}

class Parser {
  readonly #options = new Map<string, Option>()
  readonly #all: readonly Option[]
  #positionals: Option[] = []
  readonly #words: readonly string[]
  readonly #usage: string
  /** Per word: 'O' an option, 'A' an argument, '-' the separator `--`. */
  #pattern = ''
  readonly #meanings = new Map<number, Meaning[]>()
  #lastOption = -1
  readonly #values: Record<string, unknown> = {}
  readonly #seen = new Set<Option>()
  readonly #rest: string[] = []
  #stopped: string | undefined

  constructor(options: readonly Option[], words: readonly string[], usage: string) {
    this.#all = options
    for (const option of options) {
      if (option.positional) this.#positionals.push(option)
      else this.#options.set(option.name, option)
    }
    this.#words = words
    this.#usage = usage
  }

  parse(): Parsed {
    this.#classify()
    let at = 0
    while (at <= this.#lastOption && this.#stopped === undefined) {
      let next = at
      while (!this.#meanings.has(next)) next++
      if (at !== next) {
        const end = this.#takePositionals(at)
        if (end > at) {
          at = end
          continue
        }
        this.#rest.push(...this.#words.slice(at, next))
        at = next
      }
      at = this.#takeOption(at)
    }
    if (this.#stopped === undefined) {
      at = this.#takePositionals(at)
      this.#rest.push(...this.#words.slice(at))
      this.#requireAll()
    }
    return {
      values: this.#values,
      rest: this.#rest,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
    }
  }

  #classify(): void {
    for (const word of this.#words) {
      if (word === '--') break
      const meanings = this.#meaningsOf(word)
      if (meanings !== undefined) this.#meanings.set((this.#lastOption = this.#pattern.length), meanings)
      this.#pattern += meanings === undefined ? 'A' : 'O'
    }
    const ended = this.#pattern.length
    if (ended < this.#words.length) this.#pattern += `-${'A'.repeat(this.#words.length - ended - 1)}`
  }

  /** Undefined where the word is an argument. */
  #meaningsOf(word: string): Meaning[] | undefined {
    if (word[0] !== '-' || word.length === 1) return undefined
    const exact = this.#options.get(word)
    if (exact !== undefined) return [{ option: exact, explicit: undefined }]
    const equals = word.indexOf('=')
    const prefix = equals < 0 ? word : word.slice(0, equals)
    const explicit = equals < 0 ? undefined : word.slice(equals + 1)
    const named = equals < 0 ? undefined : this.#options.get(prefix)
    if (named !== undefined) return [{ option: named, explicit }]
    if (word[1] === '-') {
      const matches = filter(this.#options.values(), (option) => option.name.startsWith(prefix))
      if (matches.length > 0) return matches.map((option) => ({ option, explicit }))
    }
    // Like a number is enough: `-1h` is a value too.
    if (/^-\.?\d/.test(word)) return undefined
    if (word.includes(' ')) return undefined
    return [{ option: undefined, explicit: undefined }]
  }

  #takeOption(at: number): number {
    const meanings = this.#meanings.get(at)!
    if (meanings.length > 1) {
      const matches = meanings.map(({ option }) => option!.name).join(', ')
      throw usageError(`ambiguous option: ${this.#words[at]} could match ${matches}`, this.#usage)
    }
    const { option, explicit } = meanings[0]!
    if (option === undefined) {
      this.#rest.push(this.#words[at]!)
      return at + 1
    }
    if (explicit !== undefined) {
      if (takes(option, 1) !== 1) throw this.#error(option, `ignored explicit argument ${repr(explicit)}`)
      this.#store(option, [explicit])
      return at + 1
    }
    let available = 0
    while (this.#pattern[at + 1 + available] === 'A') available++
    const count = takes(option, available)
    if (count === undefined) throw this.#error(option, expectation(option))
    this.#store(option, this.#words.slice(at + 1, at + 1 + count))
    return at + 1 + count
  }

  /** Fills as many positionals as the words from `at` on allow; returns where it stopped. */
  #takePositionals(at: number): number {
    const counts = this.#positionalCounts(this.#pattern.slice(at))
    for (const [index, count] of counts.entries()) {
      const words = this.#words.slice(at, at + count)
      const separator = this.#pattern.slice(at, at + count).indexOf('-')
      if (separator >= 0) words.splice(separator, 1)
      at += count
      this.#store(this.#positionals[index]!, words)
    }
    this.#positionals = this.#positionals.slice(counts.length)
    return at
  }

  #positionalCounts(pattern: string): number[] {
    // Nearly always one is left, for one word or for none: no expression is compiled for that.
    if (this.#positionals.length === 1) {
      const { nargs } = this.#positionals[0]!
      if (nargs === undefined && pattern[0] === 'A' && pattern[1] !== '-') return [1]
      if ((nargs === '?' || nargs === '*') && pattern === '') return [0]
    }
    for (let length = this.#positionals.length; length > 0; length--) {
      let expression = '^'
      for (const positional of this.#positionals.slice(0, length)) expression += positionalPattern(positional)
      const match = new RegExp(expression).exec(pattern)
      if (match === null) continue
      const counts: number[] = []
      for (const group of match.slice(1)) counts.push(group.length)
      // A positional that may be left out waits for what follows the next option.
      if (pattern[match[0].length] === 'O') while (counts.length > 0 && counts[counts.length - 1] === 0) counts.pop()
      return counts
    }
    return []
  }

  #store(option: Option, words: readonly string[]): void {
    this.#seen.add(option)
    if (option.stops) this.#stopped = option.into
    if ('flag' in option) {
      this.#values[option.into] = option.flag
    } else if (option.append !== undefined) {
      const turn = option.append === 'named' ? [option.name, ...words] : [...words]
      this.#values[option.into] = [...((this.#values[option.into] as unknown[]) ?? []), turn]
    } else if (option.nargs === undefined) {
      this.#values[option.into] = this.#converted(option, words[0]!)
    } else if (option.nargs === '?') {
      if (words.length > 0) this.#values[option.into] = this.#converted(option, words[0]!)
      else if (!option.positional) this.#values[option.into] = option.whenEmpty
    } else if (!option.positional || words.length > 0 || option.nargs !== '*') {
      this.#values[option.into] = words.map((word) => this.#converted(option, word))
    }
  }

  #converted(option: Option, word: string): unknown {
    if (option.convert !== undefined) {
      const number = option.convert === 'int' ? parseInteger(word) : parseFloatingPoint(word)
      if (number === undefined) throw this.#error(option, `invalid ${option.convert} value: ${repr(word)}`)
      return number
    }
    if (option.choices !== undefined && !option.choices.includes(word)) {
      const close = closeMatches(word, option.choices)
      const maybe = close.length === 0 ? '' : `\nMaybe you meant:\n\n${close.map((match) => `  * ${match}`).join('\n')}`
      throw this.#error(option, `Found invalid choice '${word}'\n${maybe}`)
    }
    return word
  }

  #requireAll(): void {
    const missing: string[] = []
    for (const option of this.#all) if (required(option) && !this.#seen.has(option)) missing.push(option.name)
    if (missing.length === 0) return
    throw usageError(`the following arguments are required: ${missing.join(', ')}`, this.#usage)
  }

  #error(option: Option, message: string): Failure {
    return usageError(`argument ${option.name}: ${message}`, this.#usage)
  }
}

function required(option: Option): boolean {
  if (option.positional) return option.nargs !== '?' && option.nargs !== '*'
  return option.required === true
}

/** How many of the available words an option takes; undefined where there are too few. */
function takes(option: Option, available: number): number | undefined {
  if ('flag' in option) return 0
  switch (option.nargs) {
    case undefined:
      return available >= 1 ? 1 : undefined
    case '?':
      return Math.min(available, 1)
    case '*':
      return available
    case '+':
      return available >= 1 ? available : undefined
    default:
      return available >= option.nargs ? option.nargs : undefined
  }
}

function expectation(option: Option): string {
  switch (option.nargs) {
    case undefined:
      return 'expected one argument'
    case '+':
      return 'expected at least one argument'
    default:
      return `expected ${option.nargs} argument${option.nargs === 1 ? '' : 's'}`
  }
}

function positionalPattern(option: Option): string {
  switch (option.nargs) {
    case undefined:
      return '(-*A-*)'
    case '?':
      return '(-*A?-*)'
    case '*':
      return '(-*[A-]*)'
    case '+':
      return '(-*A[A-]*)'
    default:
      return `(-*${'A-*'.repeat(option.nargs)})`
  }
}
