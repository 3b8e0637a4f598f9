// Which endpoint does a service's ruleset give for these parameters? The rules engine of Smithy:
// https://smithy.io/2.0/additional-specs/rules-engine/specification.html
//
//   {"conditions": [{"fn": "isSet", "argv": [{"ref": "Region"}]},
//                   {"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "PartitionResult"}],
//    "endpoint": {"url": "https://sts.{Region}.{PartitionResult#dnsSuffix}", "properties": {}, "headers": {}},
//    "type": "endpoint"}

import { Failure } from '../../lib/errors.ts'
import { map } from '../../lib/iterate.ts'
import type { EndpointRuleset } from '../../model/model.ts'
import { functions, getAttr } from './functions.ts'
import type { Partitions } from './partitions.ts'

export type Parameter = string | boolean | readonly string[]
export type Parameters = Readonly<Record<string, Parameter | undefined>>

export interface RuledEndpoint {
  url: string
  properties: { authSchemes?: readonly RuledAuth[]; [name: string]: unknown }
  headers: Readonly<Record<string, readonly string[]>>
}

export interface RuledAuth {
  name: 'sigv4' | 'sigv4a' | 'sigv4-s3express' | 'bearer' | string
  signingName?: string
  signingRegion?: string
  signingRegionSet?: readonly string[]
  disableDoubleEncoding?: boolean
}

interface Condition {
  readonly fn: string
  readonly argv: readonly Argument[]
  readonly assign?: string
}
type Argument = string | boolean | number | { readonly ref: string } | Condition | readonly Argument[]

interface Rule {
  readonly type: 'endpoint' | 'error' | 'tree'
  readonly conditions: readonly Condition[]
  readonly endpoint?: {
    readonly url: Argument
    readonly properties?: Template
    readonly headers?: Record<string, Argument[]>
  }
  readonly error?: Argument
  readonly rules?: readonly Rule[]
}
type Template = string | boolean | number | null | readonly Template[] | { readonly [key: string]: Template }

type Scope = Record<string, unknown>

/**
 * Throws Failure('Endpoint') with the ruleset's own words, or where a parameter is missing or of another type;
 * PartitionsUnread where a rule asks for the partitions and they are not given.
 */
export function evaluate(
  ruleset: EndpointRuleset,
  given: Parameters,
  partitions: Partitions | undefined,
): RuledEndpoint {
  const scope: Scope = Object.create(null) as Scope
  for (const [name, declared] of Object.entries(ruleset.parameters)) {
    const value = given[name] ?? declared.default
    if (value === undefined || value === null) {
      if (declared.required) throw new Failure('Endpoint', `Endpoint parameter ${name} is required and was not given`)
      continue
    }
    if (!fits(declared.type.toLowerCase(), value)) {
      throw new Failure('Endpoint', `Endpoint parameter ${name} must be a ${declared.type}`)
    }
    scope[name] = value
  }
  const found = first(ruleset.rules as readonly Rule[], scope, partitions)
  if (found === undefined) throw new Failure('Endpoint', 'No endpoint rule fits the parameters')
  return found
}

function fits(type: string, value: unknown): boolean {
  return type === 'stringarray' ? Array.isArray(value) : typeof value === type
}

/** The first rule whose conditions hold decides; a tree that is entered must decide. */
function first(rules: readonly Rule[], outer: Scope, partitions: Partitions | undefined): RuledEndpoint | undefined {
  for (const rule of rules) {
    const scope = holds(rule.conditions, outer, partitions)
    if (scope === undefined) continue
    if (rule.type === 'tree') {
      const found = first(rule.rules!, scope, partitions)
      if (found === undefined) throw new Failure('Endpoint', 'No endpoint rule fits the parameters')
      return found
    }
    if (rule.type === 'error') throw new Failure('Endpoint', String(value(rule.error!, scope, partitions)))
    const { url, properties, headers } = rule.endpoint!
    return {
      url: String(value(url, scope, partitions)),
      properties: (filled(properties ?? {}, scope) ?? {}) as RuledEndpoint['properties'],
      headers: headersFrom(headers ?? {}, scope, partitions),
    }
  }
  return undefined
}

function headersFrom(
  templates: Readonly<Record<string, Argument[]>>,
  scope: Scope,
  partitions: Partitions | undefined,
): RuledEndpoint['headers'] {
  const headers: Record<string, string[]> = {}
  for (const [name, values] of Object.entries(templates))
    headers[name] = values.map((one) => String(value(one, scope, partitions)))
  return headers
}

/** The scope with what the conditions assign, or undefined where one does not hold. */
function holds(conditions: readonly Condition[], outer: Scope, partitions: Partitions | undefined): Scope | undefined {
  let scope = outer
  for (const condition of conditions) {
    const result = apply(condition, scope, partitions)
    if (result === undefined || result === null || result === false) return undefined
    if (condition.assign !== undefined) {
      if (scope === outer) scope = Object.assign(Object.create(null), outer) as Scope
      scope[condition.assign] = result
    }
  }
  return scope
}

function apply({ fn, argv }: Condition, scope: Scope, partitions: Partitions | undefined): unknown {
  const implementation = functions[fn]
  if (implementation === undefined) throw new Failure('NotImplemented', `The endpoint rule function ${fn} is not built`)
  return implementation(
    map(argv, (argument) => value(argument, scope, partitions)),
    partitions,
  )
}

function value(argument: Argument, scope: Scope, partitions: Partitions | undefined): unknown {
  if (typeof argument === 'string') return text(argument, scope)
  if (typeof argument !== 'object') return argument
  if (Array.isArray(argument)) return argument.map((one: Argument) => value(one, scope, partitions))
  if ('ref' in argument) return scope[argument.ref]
  return apply(argument as Condition, scope, partitions)
}

/** Fills `{Region}` and `{url#authority}`; `{{` and `}}` are braces. */
function text(template: string, scope: Scope): string {
  if (!template.includes('{')) return template
  return template.replace(/\{\{|\}\}|\{([^{}#]+)(?:#([^{}]+))?\}/g, (match, name?: string, path?: string) => {
    if (name === undefined) return match[0]!
    const found = path === undefined ? scope[name] : getAttr(scope[name], path)
    return String(found)
  })
}

function filled(template: Template, scope: Scope): unknown {
  if (typeof template === 'string') return text(template, scope)
  if (typeof template !== 'object' || template === null) return template
  if (Array.isArray(template)) return map(template, (one: Template) => filled(one, scope))
  const whole: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(template)) whole[key] = filled(one, scope)
  return whole
}
