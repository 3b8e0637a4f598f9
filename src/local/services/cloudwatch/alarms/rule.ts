// What does a composite alarm's rule say? `(ALARM(cpu) OR ALARM("disk full")) AND NOT OK(arn:aws:…)` as a tree.
//
//   or = and { OR and }   and = not { AND not }   not = NOT not | atom
//   atom = ( or ) | TRUE | FALSE | STATE( name ) | AT_LEAST( 2 | 50%, [NOT] STATE, ( name, … ) )
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html

import { validationError } from '../errors.ts'
import { nameIn, type StateValue } from './record.ts'

export type Rule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly alarm: string; readonly state: StateValue }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'all' | 'any'; readonly rules: readonly Rule[] }
  | { readonly kind: 'least'; readonly count: number; readonly rules: readonly Rule[] }

interface Token {
  readonly text: string
  readonly at: number
  readonly isQuoted: boolean
}

const mostElements = 500
const mostChildren = 100

/** Throws ValidationError. */
export function parseRule(text: string): Rule {
  if (text.trim() !== text || text === '')
    throw validationError('AlarmRule must not contain leading or trailing whitespace or be null')
  const tokens = tokensOf(text)
  const rule = new RuleReader(tokens, text.length).whole()
  if (tokens.length > 4 * mostElements) throw validationError('AlarmRule has too many elements')
  if (childrenOf(rule).length > mostChildren)
    throw validationError(`AlarmRule must not reference more than ${mostChildren} alarms`)
  return rule
}

/** Reads the grammar above, a method a line of it. */
class RuleReader {
  readonly #tokens: readonly Token[]
  /** Characters of the text: where its end is complained of. */
  readonly #length: number
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens
    this.#length = length
  }

  whole(): Rule {
    const rule = this.#or()
    if (this.#at < this.#tokens.length) throw this.#wrong()
    return rule
  }

  #or(): Rule {
    if (++this.#depth > mostElements) throw validationError('AlarmRule has too many elements')
    const rule = this.#chain('any', 'OR', () => this.#and())
    this.#depth--
    return rule
  }

  #and(): Rule {
    return this.#chain('all', 'AND', () => this.#not())
  }

  #chain(kind: 'all' | 'any', word: string, operand: () => Rule): Rule {
    const rules = [operand()]
    while (this.#takes(word)) rules.push(operand())
    return rules.length === 1 ? rules[0]! : { kind, rules }
  }

  #not(): Rule {
    let negations = 0
    while (this.#takes('NOT')) negations++
    const rule = this.#atom()
    return negations % 2 === 1 ? { kind: 'not', rule } : rule
  }

  #atom(): Rule {
    if (this.#takes('(')) {
      const rule = this.#or()
      this.#expect(')')
      return rule
    }
    if (this.#takes('TRUE')) return { kind: 'constant', value: true }
    if (this.#takes('FALSE')) return { kind: 'constant', value: false }
    if (this.#takes('AT_LEAST')) return this.#least()
    const state = this.#state()
    this.#expect('(')
    const alarm = this.#name()
    this.#expect(')')
    return { kind: 'state', state, alarm }
  }

  #least(): Rule {
    this.#expect('(')
    const [, number, percent] = /^(\d+)(%?)$/.exec(this.#tokens[this.#at]?.text ?? '') ?? []
    if (number === undefined) throw this.#wrong()
    this.#at++
    this.#expect(',')
    const isNot = this.#takes('NOT')
    const state = this.#state()
    this.#expect(',')
    this.#expect('(')
    const names = [this.#name()]
    while (this.#takes(',')) names.push(this.#name())
    this.#expect(')')
    this.#expect(')')
    const count = percent === '%' ? Math.ceil((Number(number) / 100) * names.length) : Number(number)
    const rules = names.map((alarm): Rule => {
      const rule: Rule = { kind: 'state', state, alarm }
      return isNot ? { kind: 'not', rule } : rule
    })
    return { kind: 'least', count, rules }
  }

  #state(): StateValue {
    const state = ['ALARM', 'OK', 'INSUFFICIENT_DATA'].find((word) => this.#takes(word))
    if (state === undefined) throw this.#wrong()
    return state as StateValue
  }

  #name(): string {
    const token = this.#tokens[this.#at]
    if (!token || (!token.isQuoted && /^[(),]$/.test(token.text))) throw this.#wrong()
    this.#at++
    return nameIn(token.text)
  }

  /** Whether this word comes next; then it is passed. */
  #takes(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.text !== word || token.isQuoted) return false
    this.#at++
    return true
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw this.#wrong(word)
  }

  #wrong(only?: string): Error {
    const token = this.#tokens[this.#at]
    return unsupported(token?.text ?? '<EOF>', token?.at ?? this.#length, only)
  }
}

/** `only`: the one token that could have stood there. What AWS calls the end of the rule was not seen. */
function unsupported(token: string, at: number, only?: string): Error {
  const rather = only === undefined ? '' : `, must be: '${only}'`
  return validationError(`Error in AlarmRule [Unsupported token '${token}' at char ${at}${rather}]`)
}

/** A name that is not quoted may hold commas but no blanks. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))/y
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const start = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) throw unsupported(text[start]!, start)
    const [whole, quoted, sign, word] = match
    const at = start + whole.length - whole.trimStart().length
    tokens.push({ text: quoted?.replace(/\\(.)/g, '$1') ?? sign ?? word!, at, isQuoted: quoted !== undefined })
    const inCall = sign === '(' && /^(ALARM|OK|INSUFFICIENT_DATA)$/.test(tokens.at(-2)?.text ?? '')
    const bare = inCall ? /\s*([^"()\s]+)/y : undefined
    if (!bare) continue
    bare.lastIndex = pattern.lastIndex
    const name = bare.exec(text)
    if (!name) continue
    tokens.push({ text: name[1]!, at: bare.lastIndex - name[1]!.length, isQuoted: true })
    pattern.lastIndex = bare.lastIndex
  }
  return tokens
}

/** The names of the alarms it goes by, each once. */
export function childrenOf(rule: Rule): string[] {
  const all = (each: Rule): string[] =>
    each.kind === 'constant'
      ? []
      : each.kind === 'state'
        ? [each.alarm]
        : each.kind === 'not'
          ? all(each.rule)
          : each.rules.flatMap(all)
  return [...new Set(all(rule))]
}

/** `stateOf` an alarm that is not there is undefined, and so in no state. */
export function holds(rule: Rule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value
    case 'state':
      return stateOf(rule.alarm) === rule.state
    case 'not':
      return !holds(rule.rule, stateOf)
    case 'all':
      return rule.rules.every((each) => holds(each, stateOf))
    case 'any':
      return rule.rules.some((each) => holds(each, stateOf))
    case 'least':
      return rule.rules.filter((each) => holds(each, stateOf)).length >= rule.count
  }
}
