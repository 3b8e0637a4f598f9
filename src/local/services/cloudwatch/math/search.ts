// Which metrics does SEARCH find? A schema of namespace and dimension names, and terms that must be in a metric's names:
//
//   {AWS/EC2,InstanceId} MetricName="CPUUtilization" (web OR db) NOT "i-123"
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html

import type { Metric } from '../metrics/names.ts'
import { MathError } from './parse.ts'

export type Search = (metric: Metric) => boolean

interface Token {
  readonly kind: 'term' | 'exact' | 'property' | 'sign'
  readonly text: string
}

/** Throws MathError. */
export function parseSearch(text: string): Search {
  const { schema, rest } = schemaOf(text)
  const tokens = tokensOf(rest)
  let at = 0
  const peek = (): Token | undefined => tokens[at]
  const isSign = (sign: string): boolean => peek()?.kind === 'sign' && peek()?.text === sign
  const either = (): Search => {
    const options = [all()]
    while (isSign('OR')) {
      at++
      options.push(all())
    }
    return (metric) => options.some((fits) => fits(metric))
  }
  const all = (): Search => {
    const parts = [one()]
    while (peek() && !isSign('OR') && !isSign(')')) {
      if (isSign('AND')) at++
      parts.push(one())
    }
    return (metric) => parts.every((fits) => fits(metric))
  }
  const one = (): Search => {
    const token = peek()
    if (!token) throw new MathError('The search ends where a term is needed')
    at++
    if (token.kind === 'sign') {
      if (token.text === 'NOT') {
        const inner = one()
        return (metric) => !inner(metric)
      }
      if (token.text !== '(') throw new MathError(`Unexpected '${token.text}' in the search`)
      const inner = either()
      if (!isSign(')')) throw new MathError("Expected ')' in the search")
      at++
      return inner
    }
    if (token.kind === 'property') {
      const wanted = peek()
      if (!wanted || wanted.kind === 'sign') throw new MathError(`A value must follow ${token.text}=`)
      at++
      return (metric) => propertyOf(metric, token.text).some((value) => isMatch(wanted, value))
    }
    return (metric) => namesOf(metric).some((name) => isMatch(token, name))
  }
  if (tokens.length === 0) {
    if (!schema) throw new MathError('A search needs a schema or a term')
    return schema
  }
  const terms = either()
  if (at < tokens.length) throw new MathError(`Unexpected '${peek()!.text}' in the search`)
  return schema ? (metric) => schema(metric) && terms(metric) : terms
}

function schemaOf(text: string): { schema?: Search; rest: string } {
  const found = /^\s*\{((?:"(?:[^"\\]|\\.)*"|[^}"])*)\}\s*,?/.exec(text)
  if (!found) return { rest: text }
  const names = [...found[1]!.matchAll(/"((?:[^"\\]|\\.)*)"|([^",\s][^",]*)/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? unescaped(quoted) : plain!.trim(),
  )
  const [namespace, ...dimensions] = names
  if (namespace === undefined) throw new MathError('The schema of a search begins with a namespace')
  const wanted = [...dimensions].sort().join('\n')
  // A schema without dimensions is about the namespace; one with, about exactly these.
  const schema: Search = (metric) =>
    metric.Namespace === namespace &&
    (dimensions.length === 0 ||
      metric.Dimensions.map(({ Name }) => Name)
        .sort()
        .join('\n') === wanted)
  return { schema, rest: text.slice(found[0].length) }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"(\s*=)?|([()])|([^\s"()=]+)(\s*=)?)/y
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) throw new MathError(`Unexpected '${text.slice(at).trim()[0]}' in the search`)
    const [, quoted, quotedIs, sign, plain, plainIs] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (quoted !== undefined) tokens.push({ kind: quotedIs ? 'property' : 'exact', text: unescaped(quoted) })
    else if (plainIs) tokens.push({ kind: 'property', text: plain! })
    else if (/^(AND|OR|NOT)$/.test(plain!)) tokens.push({ kind: 'sign', text: plain! })
    else tokens.push({ kind: 'term', text: plain! })
  }
  return tokens
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

function namesOf({ Namespace, MetricName, Dimensions }: Metric): string[] {
  return [Namespace, MetricName, ...Dimensions.flatMap(({ Name, Value }) => [Name, Value])]
}

function propertyOf({ Namespace, MetricName, Dimensions }: Metric, property: string): string[] {
  if (property === 'MetricName') return [MetricName]
  if (property === 'Namespace') return [Namespace]
  return Dimensions.filter(({ Name }) => Name === property).map(({ Value }) => Value)
}

function isMatch({ kind, text }: Token, name: string): boolean {
  if (kind === 'exact') return name === text
  const wanted = words(text)
  const there = words(name)
  if (wanted.length === 0) return false
  const whole = there.join('').toLowerCase()
  if (wanted.length === 1) return wanted[0]!.toLowerCase() === whole || there.some((word) => same(word, wanted[0]!))
  return there.some((_, i) => wanted.every((word, j) => there[i + j] !== undefined && same(there[i + j]!, word)))
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** `Project2-trial333` → Project, 2, trial, 333; `SDBFailure` → SDB, Failure. */
function words(text: string): string[] {
  return text.match(/\d+|\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}/gu) ?? []
}
