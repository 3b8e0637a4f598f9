// Is a filter policy one, and does it let a message through?
// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
//
//   {"store": ["shop"], "price": [{"numeric": [">", 0, "<=", 100]}], "$or": [{"a": ["x"]}, {"b": [{"exists": false}]}]}
//
// Policies and bodies are flattened to paths, so that {"a": {"b": …}} and {"a.b": …} are the same: AWS's are, too.

import { invalid } from './errors.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Scope = 'MessageAttributes' | 'MessageBody'

/** What a message attribute holds; a Binary is never matched. */
export interface Attribute {
  readonly type: string
  readonly value: string
}

const mostKeys = 5
const mostCombinations = 150

/** Throws InvalidParameter. `when`: what stands before the text when it comes with Subscribe. */
export function checkFilterPolicy(text: string, scope: Scope, when: string): void {
  const wrong = (what: string): Error => invalid(`${when}FilterPolicy: ${what}`)
  let policy: Json
  try {
    policy = JSON.parse(text) as Json
  } catch {
    throw wrong('failed to parse JSON.')
  }
  if (!isMap(policy)) throw wrong('Filter policy must be a JSON object')
  if (Object.keys(policy).length > mostKeys) throw wrong(`Filter policy can not have more than ${mostKeys} keys`)
  const combinations = checkLevel(policy, 1, 1)
  if (combinations > mostCombinations) throw wrong('Filter policy is too complex')

  function checkLevel(level: { [key: string]: Json }, depth: number, before: number): number {
    let combinations = before
    for (const [key, value] of Object.entries(level)) {
      if (Array.isArray(value)) {
        if (value.length === 0) throw wrong('Empty arrays are not allowed')
        if (key === '$or' && value.every(isMap)) {
          let sum = 0
          for (const each of value) sum += checkLevel(each as { [key: string]: Json }, depth, combinations)
          combinations = sum
          continue
        }
        for (const rule of value) checkRule(rule, wrong)
        combinations *= value.length * depth
      } else if (isMap(value)) {
        if (scope === 'MessageAttributes')
          throw invalid(`${when}Filter policy scope MessageAttributes does not support nested filter policy`)
        combinations = checkLevel(value, depth + 1, combinations)
      } else throw wrong(`"${key}" must be an object or an array`)
    }
    return combinations
  }
}

function isMap(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Wrong = (what: string) => Error

function checkRule(rule: Json, wrong: Wrong): void {
  if (Array.isArray(rule)) throw wrong('Match value must be String, number, true, false, or null')
  if (!isMap(rule)) return
  const [first, ...more] = Object.entries(rule)
  if (!first || more.length > 0) throw wrong('Only one key allowed in match expression')
  const [operator, value] = first
  switch (operator) {
    case 'equals-ignore-case':
    case 'prefix':
    case 'suffix':
      if (typeof value !== 'string') throw wrong(`${operator} match pattern must be a string`)
      return
    case 'exists':
      if (typeof value !== 'boolean') throw wrong('exists match pattern must be either true or false.')
      return
    case 'anything-but':
      if (isMap(value)) {
        const [inner] = Object.keys(value)
        if (inner !== 'prefix' && inner !== 'suffix') throw wrong(`Unsupported anything-but pattern: ${inner}`)
        checkRule(value, wrong)
      } else for (const each of [value].flat()) checkRule(each, wrong)
      return
    case 'numeric':
      checkNumeric(value, wrong)
      return
    case 'cidr':
      checkCidr(value, wrong)
      return
    default:
      throw wrong(`Unrecognized match type ${operator}`)
  }
}

function checkNumeric(value: Json, wrong: Wrong): void {
  if (!Array.isArray(value) || value.length === 0) throw wrong('Invalid member in numeric match: ]')
  const [operator, bottom, second, top, ...more] = value
  if (typeof operator !== 'string') throw wrong(`Invalid member in numeric match: ${String(operator)}`)
  if (!['<', '<=', '=', '>', '>='].includes(operator)) throw wrong(`Unrecognized numeric range operator: ${operator}`)
  if (typeof bottom !== 'number') throw wrong(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  if (value.length === 2) return
  if (operator !== '>' && operator !== '>=') throw wrong('Too many elements in numeric expression')
  if (typeof second !== 'string') throw wrong(`Bad value in numeric range: ${String(second)}`)
  if (second !== '<' && second !== '<=') throw wrong(`Bad numeric range operator: ${second}`)
  if (typeof top !== 'number') throw wrong(`Value of ${second} must be numeric`)
  if (top <= bottom) throw wrong('Bottom must be less than top')
  if (more.length > 0) throw wrong('Too many terms in numeric range expression')
}

function checkCidr(value: Json, wrong: Wrong): void {
  if (typeof value !== 'string') throw wrong('prefix match pattern must be a string')
  const [address, bits, ...more] = value.split('/')
  if (bits === undefined || more.length > 0) throw wrong("Malformed CIDR, one '/' required")
  if (!/^\d+$/.test(bits)) throw wrong('Malformed CIDR, mask bits must be an integer')
  if (addressBits(address!) === undefined) throw wrong(`Nonstandard IP address: ${address}`)
}

// --- matching --------------------------------------------------------------------------------------------------------

type Flat = Map<string, Json[]>

/** A policy that was checked. */
export function lets(
  policy: string | undefined,
  scope: Scope,
  body: string,
  attributes: Readonly<Record<string, Attribute>>,
): boolean {
  if (policy === undefined || policy === '') return true
  const values = scope === 'MessageBody' ? valuesOfBody(body) : valuesOfAttributes(attributes)
  if (values === undefined) return false
  return alternatives(JSON.parse(policy) as { [key: string]: Json }).some((flat) =>
    [...flat].every(([path, rules]) => {
      const found = values.get(path)
      return rules.some((rule) =>
        found === undefined ? isAbsence(rule, scope) : found.some((value) => matches(value, rule)),
      )
    }),
  )
}

/** Among attributes null is what is not there. */
function isAbsence(rule: Json, scope: Scope): boolean {
  if (rule === null) return scope === 'MessageAttributes'
  return isMap(rule) && rule['exists'] === false
}

/** A policy as flat policies, one of which must match. */
function alternatives(level: { [key: string]: Json }, prefix = '', before: Flat[] = [new Map()]): Flat[] {
  let flats = before
  for (const [key, value] of Object.entries(level)) {
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (key === '$or' && Array.isArray(value) && value.length > 1 && value.every(isMap))
      flats = value.flatMap((each) => alternatives(each as { [key: string]: Json }, prefix, flats))
    else if (isMap(value)) flats = alternatives(value, path, flats)
    else flats = flats.map((flat) => new Map(flat).set(path, value as Json[]))
  }
  return flats
}

function valuesOfAttributes(attributes: Readonly<Record<string, Attribute>>): Flat | undefined {
  const values: Flat = new Map()
  for (const [name, { type, value }] of Object.entries(attributes)) {
    if (type === 'String.Array') {
      // What is no list counts as a value by itself.
      const list = parsed(value)
      values.set(name, list === undefined ? [] : Array.isArray(list) ? list : [list])
    } else values.set(name, type.startsWith('Number') ? [Number(value)] : type.startsWith('Binary') ? [] : [value])
  }
  return values
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Undefined for what is no JSON object: that is never let through. */
function valuesOfBody(body: string): Flat | undefined {
  const root = parsed(body)
  if (root === undefined || !isMap(root)) return undefined
  const values: Flat = new Map()
  const walk = (value: Json, path: string): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, path)
    else if (isMap(value))
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`)
    else values.set(path, [...(values.get(path) ?? []), value])
  }
  walk(root, '')
  return values
}

function matches(value: Json, rule: Json): boolean {
  if (!isMap(rule)) return sameAs(value, rule)
  const [[operator, wanted]] = Object.entries(rule) as [[string, Json]]
  const text = typeof value === 'string' ? value : undefined
  switch (operator) {
    case 'exists':
      return wanted === true
    case 'anything-but':
      if (value === null) return false
      if (isMap(wanted)) return text !== undefined && !matches(value, wanted)
      return ![wanted].flat().some((each) => sameAs(value, each))
    case 'prefix':
      return text?.startsWith(wanted as string) ?? false
    case 'suffix':
      return text?.endsWith(wanted as string) ?? false
    case 'equals-ignore-case':
      return text?.toLowerCase() === (wanted as string).toLowerCase()
    case 'numeric':
      return typeof value === 'number' && inRange(value, wanted as (string | number)[])
    case 'cidr':
      return text !== undefined && isWithin(text, wanted as string)
    default:
      return false
  }
}

function sameAs(value: Json, rule: Json): boolean {
  return typeof value === 'number' && typeof rule === 'number' ? exact(value) === exact(rule) : value === rule
}

/** Numbers count to five places after the point. */
function exact(value: number): number {
  return Math.round(value * 1e5)
}

function inRange(given: number, terms: (string | number)[]): boolean {
  const value = exact(given)
  for (let at = 0; at < terms.length; at += 2) {
    const bound = exact(Number(terms[at + 1]))
    const holds =
      terms[at] === '='
        ? value === bound
        : terms[at] === '>'
          ? value > bound
          : terms[at] === '>='
            ? value >= bound
            : terms[at] === '<'
              ? value < bound
              : value <= bound
    if (!holds) return false
  }
  return true
}

function isWithin(address: string, range: string): boolean {
  const [base, bits] = range.split('/') as [string, string]
  const [one, other] = [addressBits(address), addressBits(base)]
  if (one === undefined || other === undefined || one.length !== other.length) return false
  return one.slice(0, Number(bits)) === other.slice(0, Number(bits))
}

/** The bits of an address as text: 32 or 128 of them; undefined for what is none. */
function addressBits(address: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const bytes = address.split('.').map(Number)
    return bytes.some((byte) => byte > 255)
      ? undefined
      : bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  }
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':') || address.split('::').length > 2) return undefined
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const [head, tail] = address.split('::').map(groups) as [string[], string[] | undefined]
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])]
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}
