// How does each condition operator compare a value of the request with a value of the policy?
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// One line per operator. Qualifiers (ForAllValues, ForAnyValue), IfExists, several values and missing keys are the
// same for all and live in condition.ts. Null asks about the key, not its value, and lives there as well.

import { contains, parseBlock } from './addresses.ts'
import { parseDate } from './dates.ts'
import type { Lookup, Template } from './variables.ts'
import { isAnything, resolveTemplate, splitAtColons } from './variables.ts'
import type { Matcher, Pattern } from './wildcard.ts'
import { compilePattern, literalOf } from './wildcard.ts'

export interface Operator {
  /** Negated operators hold when no policy value matches, and when the key is missing. */
  readonly negated: boolean
  /** Whether `${…}` in a value is a variable. */
  readonly variables: boolean
  /** Turns a policy value into a test of a request value; undefined when nothing can match it. */
  readonly compile: (value: Template, lookup: Lookup) => Matcher | undefined
}

let table: ReadonlyMap<string, Operator> | undefined

/** The operator of a name without qualifier and suffix; undefined when there is none. Names are exact in case. */
export function operatorNamed(name: string): Operator | undefined {
  table ??= new Map(Object.entries(operators()))
  return table.get(name)
}

/** Every operator, without qualifiers and suffix. */
export function operatorNames(): string[] {
  return Object.keys(operators())
}

function operators(): Record<string, Operator> {
  return {
    StringEquals: is(equals),
    StringNotEquals: not(equals),
    StringEqualsIgnoreCase: is(equalsIgnoringCase),
    StringNotEqualsIgnoreCase: not(equalsIgnoringCase),
    StringLike: is(compilePattern),
    StringNotLike: not(compilePattern),
    NumericEquals: is(
      numeric((order) => order === 0),
      false,
    ),
    NumericNotEquals: not(
      numeric((order) => order === 0),
      false,
    ),
    NumericLessThan: is(
      numeric((order) => order < 0),
      false,
    ),
    NumericLessThanEquals: is(
      numeric((order) => order <= 0),
      false,
    ),
    NumericGreaterThan: is(
      numeric((order) => order > 0),
      false,
    ),
    NumericGreaterThanEquals: is(
      numeric((order) => order >= 0),
      false,
    ),
    DateEquals: is(
      date((a, b) => a === b),
      false,
    ),
    DateNotEquals: not(
      date((a, b) => a === b),
      false,
    ),
    DateLessThan: is(
      date((a, b) => a < b),
      false,
    ),
    DateLessThanEquals: is(
      date((a, b) => a <= b),
      false,
    ),
    DateGreaterThan: is(
      date((a, b) => a > b),
      false,
    ),
    DateGreaterThanEquals: is(
      date((a, b) => a >= b),
      false,
    ),
    Bool: is(bool),
    BinaryEquals: is(binary, false),
    IpAddress: is(ip, false),
    NotIpAddress: not(ip, false),
    ArnEquals: { negated: false, variables: true, compile: compileArn },
    ArnLike: { negated: false, variables: true, compile: compileArn },
    ArnNotEquals: { negated: true, variables: true, compile: compileArn },
    ArnNotLike: { negated: true, variables: true, compile: compileArn },
  }
}

type Compare = (value: Pattern) => Matcher | undefined

function is(compare: Compare, variables = true): Operator {
  return { negated: false, variables, compile: (value, lookup) => compiled(compare, value, lookup) }
}

function not(compare: Compare, variables = true): Operator {
  return { ...is(compare, variables), negated: true }
}

function compiled(compare: Compare, value: Template, lookup: Lookup): Matcher | undefined {
  const pattern = resolveTemplate(value, lookup)
  return pattern && compare(pattern)
}

function equals(value: Pattern): Matcher {
  const wanted = literalOf(value)
  return (text) => text === wanted
}

function equalsIgnoringCase(value: Pattern): Matcher {
  const wanted = literalOf(value).toLowerCase()
  return (text) => text.toLowerCase() === wanted
}

function bool(value: Pattern): Matcher | undefined {
  const wanted = literalOf(value).toLowerCase()
  return wanted === 'true' || wanted === 'false' ? (text) => text.toLowerCase() === wanted : undefined
}

function date(holds: (request: number, policy: number) => boolean): Compare {
  return (value) => {
    const wanted = parseDate(literalOf(value))
    if (wanted === undefined) return undefined
    return (text) => {
      const given = parseDate(text)
      return given !== undefined && holds(given, wanted)
    }
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const LONG_INTEGER = /^[+-]?\d{16,}$/

function numeric(holds: (order: number) => boolean): Compare {
  return (value) => {
    const wanted = literalOf(value).trim()
    if (!NUMBER.test(wanted)) return undefined
    return (text) => NUMBER.test(text) && holds(compareNumbers(text, wanted))
  }
}

/** Below, at or above zero. Long integers are compared exactly, beyond what a double can tell apart. */
function compareNumbers(a: string, b: string): number {
  if ((LONG_INTEGER.test(a) || LONG_INTEGER.test(b)) && /^[+-]?\d+$/.test(a) && /^[+-]?\d+$/.test(b)) {
    const [x, y] = [BigInt(a.replace('+', '')), BigInt(b.replace('+', ''))]
    return x < y ? -1 : x > y ? 1 : 0
  }
  return Number(a) - Number(b)
}

function binary(value: Pattern): Matcher | undefined {
  const wanted = bytesOf(literalOf(value))
  return wanted === undefined ? undefined : (text) => bytesOf(text) === wanted
}

/** The bytes behind base64, as a string of one character each. */
function bytesOf(base64: string): string | undefined {
  try {
    return atob(base64)
  } catch {
    return undefined
  }
}

function ip(value: Pattern): Matcher | undefined {
  const block = parseBlock(literalOf(value))
  if (!block) return undefined
  return (text) => {
    const address = parseBlock(text)
    return address !== undefined && contains(block, address)
  }
}

/** Six segments compared one by one: a wildcard does not cross the first five colons. */
function compileArn(value: Template, lookup: Lookup): Matcher | undefined {
  if (isAnything(value)) return () => true
  const segments = splitAtColons(value, 6)
  if (segments.length !== 6) return undefined
  const matchers: Matcher[] = []
  for (const segment of segments) {
    const pattern = resolveTemplate(segment, lookup)
    if (!pattern) return undefined
    matchers.push(compilePattern(pattern))
  }
  return (text) => {
    const given = arnSegments(text)
    return given !== undefined && matchers.every((matches, i) => matches(given[i]!))
  }
}

/** The six parts of an ARN, the last with its own colons; undefined when there are fewer. */
export function arnSegments(text: string): readonly string[] | undefined {
  const segments: string[] = []
  let start = 0
  for (let i = 0; i < 5; i++) {
    const colon = text.indexOf(':', start)
    if (colon < 0) return undefined
    segments.push(text.slice(start, colon))
    start = colon + 1
  }
  segments.push(text.slice(start))
  return segments
}
