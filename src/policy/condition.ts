// Does a Condition block hold for a request, and if not, on which operator and key does it fail?
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
//   keys and operators of a block      all must hold
//   values of a key                    one must match; for negated operators, none
//   ForAllValues                       every value of the request must hold; true when there is none
//   ForAnyValue                        some value of the request must hold; false when there is none
//   missing key                        positive false, negated true, …IfExists true

import type { Operator } from './operators.ts'
import { operatorNamed } from './operators.ts'
import type { Context, FailedElement } from './types.ts'
import type { Lookup, Template } from './variables.ts'
import { hasVariables, parseTemplate } from './variables.ts'
import type { Matcher } from './wildcard.ts'

export interface Condition {
  /** The whole name, `ForAllValues:StringLikeIfExists`. */
  readonly operator: string
  /** As the policy spells it. */
  readonly key: string
  readonly values: readonly string[]
  readonly templates: readonly Template[]
  readonly holds: (values: readonly string[] | undefined, lookup: Lookup) => boolean
}

export interface OperatorName {
  readonly qualifier: '' | 'ForAllValues' | 'ForAnyValue'
  readonly name: string
  readonly ifExists: boolean
}

const SPELLING = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s

/** Takes `ForAllValues:StringLikeIfExists` apart. Undefined when there is no such operator. */
export function parseOperator(text: string): OperatorName | undefined {
  const found = SPELLING.exec(text)
  if (!found) return undefined
  const name = found[2]!
  if (name !== 'Null' && !operatorNamed(name)) return undefined
  return { qualifier: (found[1] ?? '') as OperatorName['qualifier'], name, ifExists: found[3] !== undefined }
}

/** Looks keys up without regard to case. */
export function lookupIn(context: Context): Lookup {
  // Most policies never ask.
  let folded: ReadonlyMap<string, string | readonly string[]> | undefined
  return (key) => {
    folded ??= foldedKeys(context)
    return folded.get(key) ?? folded.get(key.toLowerCase())
  }
}

function foldedKeys(context: Context): ReadonlyMap<string, string | readonly string[]> {
  const folded = new Map<string, string | readonly string[]>()
  for (const key of Object.keys(context)) {
    const name = key.toLowerCase()
    if (!folded.has(name)) folded.set(name, context[key]!)
  }
  return folded
}

/** Compiles one key of one operator. Throws nothing: the operator was parsed before. */
export function compileCondition(
  text: string,
  operator: OperatorName,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition {
  const known = operatorNamed(operator.name)
  const templates = values.map((value) => parseTemplate(value, variables && known?.variables === true))
  const inRequest = known ? comparison(operator, known, templates) : presence(values)
  const holds: Condition['holds'] = operator.ifExists
    ? (given, lookup) => given === undefined || given.length === 0 || inRequest(given, lookup)
    : inRequest
  return { operator: text, key, values, templates, holds }
}

/** Null: "true" asks for the key's absence, "false" for its presence. */
function presence(values: readonly string[]): Condition['holds'] {
  const wanted = new Set(values.map((value) => value.toLowerCase()))
  return (given) => wanted.has(String(given === undefined || given.length === 0))
}

function comparison(operator: OperatorName, known: Operator, templates: readonly Template[]): Condition['holds'] {
  const testsFor = testsOf(known, templates)
  const { negated } = known
  switch (operator.qualifier) {
    case 'ForAllValues':
      return (given, lookup) => {
        // "if the context key value resolves to a null dataset, such as an empty string"
        if (given === undefined || given.every((value) => value === '')) return true
        const tests = testsFor(lookup)
        return given.every((value) => tests.some((test) => test(value)) !== negated)
      }
    case 'ForAnyValue':
      return (given, lookup) => {
        if (given === undefined) return false
        const tests = testsFor(lookup)
        return given.some((value) => tests.some((test) => test(value)) !== negated)
      }
    default:
      return (given, lookup) => {
        if (given === undefined) return negated
        const tests = testsFor(lookup)
        return given.some((value) => tests.some((test) => test(value))) !== negated
      }
  }
}

/** Values without variables are compiled once, the others for each request. One without a value matches nothing. */
function testsOf(known: Operator, templates: readonly Template[]): (lookup: Lookup) => readonly Matcher[] {
  const fixed: Matcher[] = []
  const open: Template[] = []
  for (const template of templates) {
    if (hasVariables(template)) open.push(template)
    else {
      const test = known.compile(template, () => undefined)
      if (test) fixed.push(test)
    }
  }
  if (open.length === 0) return () => fixed
  return (lookup) => {
    const tests = [...fixed]
    for (const template of open) {
      const test = known.compile(template, lookup)
      if (test) tests.push(test)
    }
    return tests
  }
}

/** The first condition that does not hold, or undefined when all do. */
export function failedCondition(conditions: readonly Condition[], lookup: Lookup): FailedElement | undefined {
  for (const condition of conditions) {
    const value = lookup(condition.key)
    if (condition.holds(typeof value === 'string' ? [value] : value, lookup)) continue
    const { operator, key, values } = condition
    const failed: FailedElement = { element: 'Condition', operator, key, expected: values }
    return value === undefined ? { ...failed, missing: true } : failed
  }
  return undefined
}
