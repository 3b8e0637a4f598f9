// Would IAM store this policy, and if not, what does it say?
//
// The texts are AWS's, and so is their order: one document gets one text, the first of
//   syntax → version → legacy parsing → Sid → actions present → resource format → action format → resources present
// (order found by moto's authors against AWS; texts recorded). Names of actions and keys are not checked: IAM stores
// any. `Invalid principal in policy` needs to know who exists and is the caller's to say: see principalsIn.

import { AwsError } from '../lib/errors.ts'
import { parseOperator } from './condition.ts'
import { parseDate } from './dates.ts'
import { readDocument } from './document.ts'
import { resourceProblem } from './resource-format.ts'
import type { PrincipalEntry } from './match.ts'
import { conditionValues, isObject, member, principalEntries, STATEMENT_ELEMENTS } from './parse.ts'
import { compilePattern, patternOf } from './wildcard.ts'

export type Statement = Readonly<Record<string, unknown>>

export const SYNTAX = 'Syntax errors in policy.'
const LEGACY = 'The policy failed legacy parsing'

/** Checks a managed or inline identity policy, boundary or session policy. Throws MalformedPolicyDocument (400). */
export function validateIdentityPolicy(text: string): void {
  const problem = identityProblem(text)
  if (problem !== undefined) throw new AwsError('MalformedPolicyDocument', problem)
}

/** Checks a role's trust policy (AssumeRolePolicyDocument). Throws MalformedPolicyDocument (400). */
export function validateTrustPolicy(text: string): void {
  const problem = trustProblem(text)
  if (problem !== undefined) throw new AwsError('MalformedPolicyDocument', problem)
}

/**
 * Checks what every resource policy must be: the grammar, with a principal in each statement. Returns IAM's text or
 * undefined; each service has its own code, and some their own texts.
 */
export function resourcePolicyProblem(text: string): string | undefined {
  const document = readSyntax(text)
  if (document === undefined) return SYNTAX
  return (
    legacyProblem(document.statements) ??
    sidProblem(document.statements) ??
    missingPrincipal(document.statements) ??
    missingActions(document.statements) ??
    actionsProblem(document.statements)
  )
}

/** Every principal a document names, for the service that knows whether they exist. */
export function principalsIn(text: string): PrincipalEntry[] {
  return (readSyntax(text)?.statements ?? []).flatMap((statement) =>
    ['Principal', 'NotPrincipal'].flatMap((name) => {
      const value = member(statement, name)
      return value === undefined ? [] : principalEntries(value)
    }),
  )
}

function identityProblem(text: string): string | undefined {
  const document = readSyntax(text)
  if (document === undefined) return SYNTAX
  const { statements, version } = document
  if (version !== '2012-10-17') return 'Policy document must be version 2012-10-17 or greater.'
  const legacy = legacyProblem(statements)
  if (legacy !== undefined) return legacy
  const resources = resourcesProblem(statements)
  if (resources === LEGACY) return LEGACY
  return (
    sidProblem(statements) ??
    prohibitedPrincipal(statements) ??
    missingActions(statements) ??
    resources ??
    actionsProblem(statements) ??
    missingResources(statements)
  )
}

function trustProblem(text: string): string | undefined {
  if (!isJsonObject(text)) return 'This policy contains invalid Json'
  const document = readSyntax(text)
  if (document === undefined) return SYNTAX
  const { statements } = document
  return (
    legacyProblem(statements) ??
    sidProblem(statements) ??
    prohibitedInTrust(statements) ??
    missingPrincipal(statements) ??
    missingActions(statements) ??
    actionsProblem(statements) ??
    trustActions(statements) ??
    starPrincipal(statements)
  )
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

// --- syntax ----------------------------------------------------------------------------------------------------------

interface Document {
  readonly version: unknown
  readonly statements: readonly Statement[]
}

/** The document as far as the grammar goes, or undefined when it breaks it. */
export function readSyntax(text: string): Document | undefined {
  try {
    return checkedDocument(readDocument(text))
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}

const KNOWN_TOP: readonly string[] = ['Version', 'Id', 'Statement']
const KNOWN_VERSIONS: readonly unknown[] = [undefined, '2008-10-17', '2012-10-17']

function checkedDocument(document: unknown): Document | undefined {
  if (!isObject(document) || !Object.keys(document).every((key) => KNOWN_TOP.includes(key))) return undefined
  const version = member(document, 'Version')
  const id = member(document, 'Id')
  if (!KNOWN_VERSIONS.includes(version) || (id !== undefined && typeof id !== 'string')) return undefined
  const statement = member(document, 'Statement')
  const statements: unknown[] = Array.isArray(statement) ? statement : [statement]
  if (statements.length === 0 || !statements.every(isStatement)) return undefined
  return { version, statements }
}

function isStatement(statement: unknown): statement is Statement {
  if (!isObject(statement)) return false
  const has = (name: string): boolean => Object.hasOwn(statement, name)
  const effect = member(statement, 'Effect')
  return (
    Object.keys(statement).every((key) => STATEMENT_ELEMENTS.includes(key)) &&
    !['Action', 'Resource', 'Principal'].some((name) => has(name) && has(`Not${name}`)) &&
    typeof effect === 'string' &&
    ['allow', 'deny'].includes(effect.toLowerCase()) &&
    (!has('Sid') || typeof member(statement, 'Sid') === 'string') &&
    ['Action', 'NotAction', 'Resource', 'NotResource'].every(
      (name) => !has(name) || isTexts(member(statement, name)),
    ) &&
    ['Principal', 'NotPrincipal'].every((name) => !has(name) || isPrincipal(member(statement, name))) &&
    (!has('Condition') || isConditionBlock(member(statement, 'Condition')))
  )
}

function isTexts(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'))
}

function isPrincipal(value: unknown): boolean {
  try {
    return principalEntries(value).length > 0
  } catch {
    return false
  }
}

/** An operator that is not known passes as long as it asks nothing: `{"a": {}}`. */
function isConditionBlock(block: unknown): boolean {
  if (!isObject(block)) return false
  return Object.keys(block).every((operator) => {
    const keys = block[operator]
    if (!isObject(keys)) return false
    const names = Object.keys(keys)
    return (
      names.length === 0 || (parseOperator(operator) !== undefined && names.every((key) => isConditionValue(keys[key])))
    )
  })
}

function isConditionValue(value: unknown): boolean {
  try {
    conditionValues(value)
    return true
  } catch {
    return false
  }
}

// --- the other checks, each over the whole document ------------------------------------------------------------------

function legacyProblem(statements: readonly Statement[]): string | undefined {
  const broken = statements.some((statement) => {
    const effect = member(statement, 'Effect')
    return (effect !== 'Allow' && effect !== 'Deny') || !datesAreReadable(member(statement, 'Condition'))
  })
  return broken ? LEGACY : undefined
}

function datesAreReadable(block: unknown): boolean {
  if (!isObject(block)) return true
  return Object.keys(block).every((operator) => {
    if (!parseOperator(operator)?.name.startsWith('Date')) return true
    const keys = block[operator] as Statement
    return Object.keys(keys).every((key) => conditionValues(keys[key]).every((value) => parseDate(value) !== undefined))
  })
}

/** Empty Sids may repeat. */
export function sidProblem(statements: readonly Statement[]): string | undefined {
  const seen = new Set<unknown>()
  for (const statement of statements) {
    const sid = member(statement, 'Sid')
    if (sid === undefined || sid === '') continue
    if (seen.has(sid)) return 'Statement IDs (SID) in a single policy must be unique.'
    seen.add(sid)
  }
  return undefined
}

function prohibitedPrincipal(statements: readonly Statement[]): string | undefined {
  const found = statements.some((statement) => 'Principal' in statement || 'NotPrincipal' in statement)
  return found ? 'Policy document should not specify a principal.' : undefined
}

function missingPrincipal(statements: readonly Statement[]): string | undefined {
  const missing = statements.some((statement) => !('Principal' in statement) && !('NotPrincipal' in statement))
  return missing ? 'Missing required field Principal' : undefined
}

function prohibitedInTrust(statements: readonly Statement[]): string | undefined {
  for (const statement of statements) {
    for (const field of ['Resource', 'NotResource', 'NotPrincipal']) {
      if (field in statement) return `Has prohibited field ${field}`
    }
  }
  return undefined
}

/** A bare `"*"` is refused where `{"AWS": "*"}` is not: https://github.com/aws/aws-cdk/issues/5732 */
function starPrincipal(statements: readonly Statement[]): string | undefined {
  return statements.some((statement) => member(statement, 'Principal') === '*')
    ? 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
    : undefined
}

function missingActions(statements: readonly Statement[]): string | undefined {
  return statements.some((statement) => textsOf(statement, 'Action').length === 0)
    ? 'Policy statement must contain actions.'
    : undefined
}

function missingResources(statements: readonly Statement[]): string | undefined {
  return statements.some((statement) => textsOf(statement, 'Resource').length === 0)
    ? 'Policy statement must contain resources.'
    : undefined
}

/** The texts of an element or its negation. */
export function textsOf(statement: Statement, element: string): readonly string[] {
  const value = member(statement, element) ?? member(statement, `Not${element}`)
  return value === undefined ? [] : typeof value === 'string' ? [value] : (value as string[])
}

/**
 * The first resource that is badly written, `Resource` elements before `NotResource` ones. A resource whose ARN falls
 * apart fails the whole document at once (legacy parsing), but only while no other problem was found.
 */
function resourcesProblem(statements: readonly Statement[]): string | undefined {
  for (const element of ['Resource', 'NotResource']) {
    for (const statement of statements) {
      if (!(element in statement)) continue
      const texts = textsOf(statement, 'Resource')
      for (const text of texts) {
        const problem = resourceProblem(text)
        if (problem !== undefined) return problem
      }
      if (!texts.every(isLegacyResource)) return LEGACY
    }
  }
  return undefined
}

/** Parts may be left out at the end (`arn:aws:ec2`), but not in the middle, and the service must be named. */
function isLegacyResource(text: string): boolean {
  if (text === '*') return true
  const parts = text.split(':')
  return (parts.length >= 6 || !text.includes('::')) && parts[2] !== ''
}

function actionsProblem(statements: readonly Statement[]): string | undefined {
  for (const element of ['Action', 'NotAction']) {
    for (const statement of statements) {
      if (!(element in statement)) continue
      for (const action of textsOf(statement, 'Action')) {
        const problem = actionProblem(action)
        if (problem !== undefined) return problem
      }
    }
  }
  return undefined
}

function actionProblem(action: string): string | undefined {
  if (action === '*') return undefined
  const parts = action.split(':')
  if (parts.length === 1) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
  if (parts.length > 2) return 'Actions/Condition can contain only one colon.'
  if (parts[0] !== '*' && /[^a-zA-Z0-9\-.]/.test(parts[0]!)) return `Vendor ${parts[0]} is not valid`
  return undefined
}

const TRUST_ACTIONS: readonly string[] = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetCallerIdentity',
  'GetFederationToken',
  'GetServiceBearerToken',
  'GetSessionToken',
  'SetContext',
  'SetSourceIdentity',
  'TagSession',
]

function trustActions(statements: readonly Statement[]): string | undefined {
  const fine = statements.every(
    (statement) => 'Action' in statement && textsOf(statement, 'Action').every(isTrustAction),
  )
  return fine ? undefined : 'AssumeRole policy may only specify STS AssumeRole actions.'
}

function isTrustAction(text: string): boolean {
  const matches = compilePattern(patternOf(text.toLowerCase()))
  return text.toLowerCase().startsWith('sts:') && TRUST_ACTIONS.some((name) => matches(`sts:${name.toLowerCase()}`))
}
