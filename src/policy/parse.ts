// What does a policy document say, in a form that can be asked quickly?
//
// A document is compiled once and kept, by its text. Whatever this reader does not understand it refuses: a statement
// that was half understood could allow too much.

import { AwsError } from '../lib/errors.ts'
import type { Condition } from './condition.ts'
import { compileCondition, parseOperator } from './condition.ts'
import { readDocument, syntaxError } from './document.ts'
import type { PrincipalEntry, PrincipalType, ResourceMatcher } from './match.ts'
import { compileAction, compileResource } from './match.ts'
import type { Matcher } from './wildcard.ts'

export interface Listed<T> {
  /** As written. */
  readonly texts: readonly string[]
  readonly matchers: readonly T[]
  /** NotAction, NotResource. */
  readonly negated: boolean
}

export interface Principals {
  readonly entries: readonly PrincipalEntry[]
  /** NotPrincipal. */
  readonly negated: boolean
}

export interface Statement {
  readonly sid?: string
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly principals?: Principals
  readonly actions: Listed<Matcher>
  /** Trust policies have none: the role is the resource. */
  readonly resources?: Listed<ResourceMatcher>
  readonly conditions: readonly Condition[]
}

export interface Policy {
  readonly version: '2012-10-17' | '2008-10-17'
  readonly statements: readonly Statement[]
}

const MOST_POLICIES = 2_000
const MOST_CHARACTERS = 8_000_000

const byText = new Map<string, Policy>()
let characters = 0
const byObject = new WeakMap<object, Policy>()

/** The compiled policy. Throws MalformedPolicyDocument when the document cannot be understood. */
export function parsePolicy(document: string | object): Policy {
  if (typeof document !== 'string') {
    const known = byObject.get(document)
    if (known) return known
    const policy = compilePolicy(document)
    byObject.set(document, policy)
    return policy
  }
  const known = byText.get(document)
  if (known) return known
  const policy = compilePolicy(readDocument(document))
  remember(document, policy)
  return policy
}

/** Keeps a policy, and forgets the oldest ones when there are too many. */
function remember(text: string, policy: Policy): void {
  byText.set(text, policy)
  characters += text.length
  for (const oldest of byText.keys()) {
    if (byText.size <= MOST_POLICIES && characters <= MOST_CHARACTERS) return
    byText.delete(oldest)
    characters -= oldest.length
  }
}

type JsonObject = Readonly<Record<string, unknown>>

function compilePolicy(document: unknown): Policy {
  if (!isObject(document)) throw syntaxError()
  for (const key of Object.keys(document)) {
    if (key !== 'Version' && key !== 'Id' && key !== 'Statement') throw syntaxError()
  }
  const version = member(document, 'Version') ?? '2008-10-17'
  if (version !== '2012-10-17' && version !== '2008-10-17') throw syntaxError()
  const statements = statementsOf(document)
  return { version, statements: statements.map((statement, i) => compileStatement(statement, i, version)) }
}

/** The statements of a document: a list, or one alone. */
export function statementsOf(document: JsonObject): readonly unknown[] {
  const statement = member(document, 'Statement')
  const statements = Array.isArray(statement) ? statement : [statement]
  if (statements.length === 0) throw syntaxError()
  return statements
}

export const STATEMENT_ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function compileStatement(statement: unknown, index: number, version: Policy['version']): Statement {
  if (!isObject(statement)) throw syntaxError()
  if (!Object.keys(statement).every((key) => STATEMENT_ELEMENTS.includes(key))) throw syntaxError()
  const variables = version === '2012-10-17'
  const effect = member(statement, 'Effect')
  if (effect !== 'Allow' && effect !== 'Deny') throw syntaxError()
  const sid = member(statement, 'Sid')
  if (sid !== undefined && typeof sid !== 'string') throw syntaxError()
  const actions = listed(statement, 'Action', compileAction)
  if (!actions) throw new AwsError('MalformedPolicyDocument', 'Policy statement must contain actions.')
  const principals = principalsOf(statement)
  const resources = listed(statement, 'Resource', (text) => compileResource(text, variables))
  return {
    index,
    effect,
    actions,
    conditions: conditionsOf(member(statement, 'Condition'), variables),
    ...(sid === undefined ? {} : { sid }),
    ...(principals && { principals }),
    ...(resources && { resources }),
  }
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: a text or a list of texts. */
function listed<T>(statement: JsonObject, element: string, compile: (text: string) => T): Listed<T> | undefined {
  const [value, other] = [member(statement, element), member(statement, `Not${element}`)]
  if (value !== undefined && other !== undefined) throw syntaxError()
  if (value === undefined && other === undefined) return undefined
  const texts = textsOf(value ?? other)
  return { texts, matchers: texts.map(compile), negated: other !== undefined }
}

function textsOf(value: unknown): readonly string[] {
  const values = Array.isArray(value) ? value : [value]
  if (!values.every((one) => typeof one === 'string')) throw syntaxError()
  return values
}

const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser']

function principalsOf(statement: JsonObject): Principals | undefined {
  const [value, other] = [member(statement, 'Principal'), member(statement, 'NotPrincipal')]
  if (value !== undefined && other !== undefined) throw syntaxError()
  if (value === undefined && other === undefined) return undefined
  return { entries: principalEntries(value ?? other), negated: other !== undefined }
}

/** The entries of a Principal element. Throws MalformedPolicyDocument when it is not one. */
export function principalEntries(value: unknown): PrincipalEntry[] {
  if (value === '*') return [{ type: 'AWS', value: '*' }]
  if (!isObject(value)) throw syntaxError()
  const entries: PrincipalEntry[] = []
  for (const type of Object.keys(value)) {
    if (!PRINCIPAL_TYPES.includes(type)) throw syntaxError()
    for (const text of textsOf(value[type])) entries.push({ type: type as PrincipalType, value: text })
  }
  return entries
}

function conditionsOf(block: unknown, variables: boolean): Condition[] {
  if (block === undefined) return []
  if (!isObject(block)) throw syntaxError()
  const conditions: Condition[] = []
  for (const text of Object.keys(block)) {
    const keys = block[text]
    if (!isObject(keys)) throw syntaxError()
    const names = Object.keys(keys)
    if (names.length === 0) continue // IAM accepts any operator that asks nothing
    const operator = parseOperator(text)
    if (!operator) throw syntaxError()
    for (const key of names) {
      conditions.push(compileCondition(text, operator, key, conditionValues(keys[key]), variables))
    }
  }
  return conditions
}

/** Condition values may be written as numbers and booleans; they mean the same as their text. */
export function conditionValues(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') throw syntaxError()
    return String(one)
  })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of a JSON object; what objects inherit does not count. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
