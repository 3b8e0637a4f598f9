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
  let at = 0
  let depth = 0
  const wrong = (only?: string): Error => unsupported(tokens[at]?.text ?? '<EOF>', tokens[at]?.at ?? text.length, only)
  const isNext = (word: string): boolean => tokens[at]?.text === word && !tokens[at]!.isQuoted
  const expect = (word: string): void => {
    if (!isNext(word)) throw wrong(word)
    at++
  }
  const chain = (kind: 'all' | 'any', word: string, operand: () => Rule): Rule => {
    const rules = [operand()]
    while (isNext(word)) {
      at++
      rules.push(operand())
    }
    return rules.length === 1 ? rules[0]! : { kind, rules }
  }
  const or = (): Rule => {
    if (++depth > mostElements) throw validationError('AlarmRule has too many elements')
    const rule = chain('any', 'OR', and)
    depth--
    return rule
  }
  const and = (): Rule => chain('all', 'AND', not)
  const not = (): Rule => {
    let negations = 0
    while (isNext('NOT')) {
      at++
      negations++
    }
    const rule = atom()
    return negations % 2 === 1 ? { kind: 'not', rule } : rule
  }
  const isState = (): boolean => ['ALARM', 'OK', 'INSUFFICIENT_DATA'].some(isNext)
  const name = (): string => {
    const token = tokens[at]
    if (!token || (!token.isQuoted && /^[(),]$/.test(token.text))) throw wrong()
    at++
    return nameIn(token.text)
  }
  const atom = (): Rule => {
    if (isNext('(')) {
      at++
      const rule = or()
      expect(')')
      return rule
    }
    for (const [word, value] of [
      ['TRUE', true],
      ['FALSE', false],
    ] as const)
      if (isNext(word)) {
        at++
        return { kind: 'constant', value }
      }
    if (isNext('AT_LEAST')) return least()
    if (!isState()) throw wrong()
    const state = tokens[at++]!.text as StateValue
    expect('(')
    const alarm = name()
    expect(')')
    return { kind: 'state', state, alarm }
  }
  const least = (): Rule => {
    at++
    expect('(')
    const number = /^(\d+)(%?)$/.exec(tokens[at]?.text ?? '')
    if (!number) throw wrong()
    at++
    expect(',')
    const isNot = isNext('NOT')
    if (isNot) at++
    if (!isState()) throw wrong()
    const state = tokens[at++]!.text as StateValue
    expect(',')
    expect('(')
    const names = [name()]
    while (isNext(',')) {
      at++
      names.push(name())
    }
    expect(')')
    expect(')')
    const count = number[2] === '%' ? Math.ceil((Number(number[1]) / 100) * names.length) : Number(number[1])
    const rules = names.map((alarm): Rule => {
      const rule: Rule = { kind: 'state', state, alarm }
      return isNot ? { kind: 'not', rule } : rule
    })
    return { kind: 'least', count, rules }
  }
  const rule = or()
  if (at < tokens.length) throw wrong()
  if (tokens.length > 4 * mostElements) throw validationError('AlarmRule has too many elements')
  if (childrenOf(rule).length > mostChildren)
    throw validationError(`AlarmRule must not reference more than ${mostChildren} alarms`)
  return rule
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
