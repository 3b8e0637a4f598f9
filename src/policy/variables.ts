// What does a policy text mean once its variables are filled in?
//
//   arn:aws:s3:::home/${aws:username}/*      ${aws:PrincipalTag/team, 'company-wide'}      ${*}  ${?}  ${$}
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
// Only Version 2012-10-17 has variables; before it `${…}` is ordinary text.

import type { Pattern, Token } from './wildcard.ts'
import { ANY_RUN, patternOf } from './wildcard.ts'

export interface Variable {
  /** As written. */
  readonly key: string
  readonly default?: string
}

export type Part = Token | Variable

/** A text as parts: literals, wildcards and variables. */
export type Template = readonly Part[]

/** Gives a condition key's value, or undefined where the request has none. */
export type Lookup = (key: string) => string | readonly string[] | undefined

export function isVariable(part: Part): part is Variable {
  return typeof part === 'object'
}

export function hasVariables(template: Template): boolean {
  return template.some(isVariable)
}

/** Reads a policy text. A `${` that is never closed is ordinary text. */
export function parseTemplate(text: string, variables: boolean): Template {
  if (!variables || !text.includes('${')) return patternOf(text)
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('${', at)
    const close = open < 0 ? -1 : closingBrace(text, open + 2)
    if (close < 0) {
      parts.push(...patternOf(text.slice(at)))
      break
    }
    parts.push(...patternOf(text.slice(at, open)))
    parts.push(partOf(text.slice(open + 2, close)))
    at = close + 1
  }
  return joined(parts)
}

/** The brace that closes a variable, past a default in single quotes that may hold braces itself. */
function closingBrace(text: string, from: number): number {
  const brace = text.indexOf('}', from)
  const quote = text.indexOf("'", from)
  if (brace < 0 || quote < 0 || quote > brace) return brace
  const end = text.indexOf("'", quote + 1)
  return end < 0 ? brace : text.indexOf('}', end + 1)
}

/** `key`, or `key, 'default'`. */
function partOf(inside: string): Part {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const comma = inside.indexOf(',')
  const value = inside.slice(comma + 1).trim()
  const quoted = comma >= 0 && value.length >= 2 && value.startsWith("'") && value.endsWith("'")
  return quoted ? { key: inside.slice(0, comma).trim(), default: value.slice(1, -1) } : { key: inside.trim() }
}

/** Neighbouring literals become one, so that `${$}` does not cut a text in two. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = []
  for (const part of parts) {
    const last = out.at(-1)
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part
    else out.push(part)
  }
  return out
}

/**
 * Fills in the variables. What they hold is literal. Undefined when one has no value: no key in the request and no
 * default, or a multi-valued key (variables stand for single values only).
 */
export function resolveTemplate(template: Template, lookup: Lookup): Pattern | undefined {
  const tokens: Token[] = []
  for (const part of template) {
    if (!isVariable(part)) {
      tokens.push(part)
      continue
    }
    const value = lookup(part.key)
    const text = typeof value === 'string' ? value : value === undefined ? part.default : undefined
    if (text === undefined) return undefined
    tokens.push(text)
  }
  return joined(tokens) as Pattern
}

/**
 * Cuts a template at its first colons into at most `count` segments; the last keeps its own colons. Colons inside a
 * variable do not count.
 */
export function splitAtColons(template: Template, count: number): Template[] {
  const segments: Part[][] = [[]]
  for (const part of template) {
    if (typeof part !== 'string') {
      segments.at(-1)!.push(part)
      continue
    }
    let rest = part
    while (segments.length < count) {
      const colon = rest.indexOf(':')
      if (colon < 0) break
      if (colon > 0) segments.at(-1)!.push(rest.slice(0, colon))
      segments.push([])
      rest = rest.slice(colon + 1)
    }
    if (rest !== '') segments.at(-1)!.push(rest)
  }
  return segments
}

/** The keys a text refers to, as written. */
export function keysOfTemplate(template: Template): string[] {
  return template.filter(isVariable).map((variable) => variable.key)
}

/** True for the pattern `*` (or `**`), which stands for everything. */
export function isAnything(template: Template): boolean {
  return template.length > 0 && template.every((part) => part === ANY_RUN)
}
