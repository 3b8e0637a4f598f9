// Would S3 store this policy of a bucket or an access point, and if not, what does it say?
//
// S3 reads policies by itself: its own code (MalformedPolicy), its own texts. The first byte and the missing Statement
// are recorded from AWS; the others as users of AWS and makers of S3 servers report them.

import { AwsError } from '../lib/errors.ts'
import { parseOperator } from './condition.ts'
import { readDocument } from './document.ts'
import { arnSegments } from './operators.ts'
import { conditionValues, isObject, member, principalEntries, STATEMENT_ELEMENTS } from './parse.ts'
import { sidProblem, textsOf } from './validate.ts'
import type { Statement } from './validate.ts'
import { compilePattern, patternOf } from './wildcard.ts'

/** What an S3 action works on. */
export type S3Target = 'bucket' | 'object'

/**
 * Checks a bucket policy. Throws MalformedPolicy (400). With `actions` (S3's actions by name without prefix, and what
 * they work on) it also refuses actions that do not exist or do not fit the resources. Whether principals exist is the
 * caller's to check: `Invalid principal in policy`.
 */
export function validateBucketPolicy(text: string, bucket: string, actions?: ReadonlyMap<string, S3Target>): void {
  refuse(policyProblem(text, bucketOwn(bucket), { prefix: 's3', targets: actions }))
}

/** The same for the policy of an access point, by its ARN: for it an action on a bucket is one on the access point. */
export function validateAccessPointPolicy(text: string, arn: string, actions?: ReadonlyMap<string, S3Target>): void {
  refuse(policyProblem(text, pointOwn(arn), { prefix: 's3', targets: actions }))
}

/** The same for the policy of a directory bucket, by its ARN; `actions`: those of S3 Express. */
export function validateDirectoryPolicy(text: string, arn: string, actions: ReadonlyMap<string, S3Target>): void {
  refuse(policyProblem(text, directoryOwn(arn), { prefix: 's3express', targets: actions }))
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new AwsError('MalformedPolicy', problem)
}

/** What a Resource of the policy may mean, of what the policy hangs on; nothing where it is another's. */
type Own = (resource: string) => readonly S3Target[]

/** `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/…`, the bucket perhaps by a pattern; never a lone `*`. */
function bucketOwn(bucket: string): Own {
  return (text) => {
    const parts = arnSegments(text)
    if (!parts || parts[0] !== 'arn' || parts[2] !== 's3') return []
    const name = parts[5]!
    if (!fits(name.split('/')[0]!, bucket)) return []
    return targetsIn(name, name.includes('/'))
  }
}

/** `arn:aws:s3:us-east-1:123456789012:accesspoint/name` or `…/name/object/…`, any part perhaps a pattern. */
function pointOwn(arn: string): Own {
  const own = arnSegments(arn)!
  return (text) => {
    const parts = arnSegments(text)
    if (!parts || parts[0] !== 'arn' || parts[2] !== 's3') return []
    const [name, key] = parts[5]!.split('/object/', 2)
    const places = [parts[3]!, parts[4]!, name!]
    if (!places.every((place, at) => fits(place, own[at + 3]!))) return []
    return targetsIn(name!, key !== undefined)
  }
}

/** `arn:aws:s3express:us-east-1:123456789012:bucket/name`: its objects have no ARNs. */
function directoryOwn(arn: string): Own {
  const own = arnSegments(arn)!
  return (text) => {
    const parts = arnSegments(text)
    if (!parts || parts[0] !== 'arn' || parts[2] !== 's3express') return []
    return [3, 4, 5].every((at) => fits(parts[at]!, own[at]!)) ? ['bucket'] : []
  }
}

function fits(pattern: string, text: string): boolean {
  return compilePattern(patternOf(pattern))(text)
}

/** A pattern for names reaches objects, too. */
function targetsIn(name: string, ofObject: boolean): readonly S3Target[] {
  if (ofObject) return ['object']
  return name.includes('*') ? ['bucket', 'object'] : ['bucket']
}

/** The actions that the policy may speak of: `s3:…`, and what each works on, where that is known. */
interface Known {
  readonly prefix: string
  readonly targets: ReadonlyMap<string, S3Target> | undefined
}

function policyProblem(text: string, own: Own, known: Known): string | undefined {
  if (!text.startsWith('{')) return "Policies must be valid JSON and the first byte must be '{'"
  const document = readJson(text)
  if (document === undefined) return 'This policy contains invalid Json'
  const unknown = Object.keys(document).find((key) => !['Version', 'Id', 'Statement'].includes(key))
  if (unknown !== undefined) return `Unknown field ${unknown}`
  const version = member(document, 'Version')
  if (version !== undefined && version !== '2008-10-17' && version !== '2012-10-17') {
    return 'The policy must contain a valid version string'
  }
  const statement = member(document, 'Statement')
  if (statement === undefined) return 'Missing required field Statement'
  const statements: unknown[] = Array.isArray(statement) ? statement : [statement]
  if (statements.length === 0) return 'Could not parse the policy: Statement is empty!'
  for (const one of statements) {
    const problem = isObject(one) ? statementProblem(one, own, known) : 'This policy contains invalid Json'
    if (problem !== undefined) return problem
  }
  return sidProblem(statements as Statement[])
}

function readJson(text: string): Statement | undefined {
  try {
    const document = readDocument(text)
    return isObject(document) ? document : undefined
  } catch {
    return undefined
  }
}

function statementProblem(statement: Statement, own: Own, known: Known): string | undefined {
  const unknown = Object.keys(statement).find((key) => !STATEMENT_ELEMENTS.includes(key))
  if (unknown !== undefined) return `Unknown field ${unknown}`
  const effect = member(statement, 'Effect')
  if (effect === undefined) return 'Missing required field Effect'
  if (effect !== 'Allow' && effect !== 'Deny') return `Invalid effect: ${String(effect)}`
  return (
    principalProblem(statement) ??
    actionProblem(statement, known) ??
    resourceProblem(statement, own) ??
    combinationProblem(statement, own, known) ??
    conditionProblem(statement)
  )
}

const PRINCIPAL = /^(?:\*|\d{12}|arn:[^:]*:(?:iam|sts)::\d{12}:[^*?]+|A(?:ID|RO|GP|PK)A[A-Z0-9]+)$/

function principalProblem(statement: Statement): string | undefined {
  const value = member(statement, 'Principal') ?? member(statement, 'NotPrincipal')
  if (value === undefined) return 'Missing required field Principal'
  try {
    const entries = principalEntries(value)
    const fine = entries.length > 0 && entries.every(({ type, value: text }) => type !== 'AWS' || PRINCIPAL.test(text))
    return fine ? undefined : 'Invalid principal in policy'
  } catch {
    return 'Invalid principal in policy'
  }
}

function isTexts(statement: Statement, element: string): boolean {
  const value = member(statement, element) ?? member(statement, `Not${element}`)
  const texts: unknown[] = Array.isArray(value) ? value : [value]
  return texts.length > 0 && texts.every((text) => typeof text === 'string')
}

function both(statement: Statement, element: string): boolean {
  return Object.hasOwn(statement, element) && Object.hasOwn(statement, `Not${element}`)
}

function actionProblem(statement: Statement, known: Known): string | undefined {
  if (!('Action' in statement) && !('NotAction' in statement)) return 'Missing required field Action'
  if (!isTexts(statement, 'Action') || both(statement, 'Action')) return 'Policy has invalid action'
  const areKnown = textsOf(statement, 'Action').every((text) => {
    const [prefix, name] = text.split(/:(.+)/s) as [string, string | undefined]
    const isOne = prefix.toLowerCase() === known.prefix && name !== undefined && !name.includes(':')
    return text === '*' || (isOne && (!known.targets || targetsOf(text, known).size > 0))
  })
  return areKnown ? undefined : 'Policy has invalid action'
}

/** What the actions behind a pattern work on. */
function targetsOf(text: string, known: Known): Set<S3Target> {
  const matches = compilePattern(patternOf(text.toLowerCase()))
  const targets = new Set<S3Target>()
  for (const [name, target] of known.targets ?? [])
    if (text === '*' || matches(`${known.prefix}:${name.toLowerCase()}`)) targets.add(target)
  return targets
}

function resourceProblem(statement: Statement, own: Own): string | undefined {
  if (!('Resource' in statement) && !('NotResource' in statement)) return 'Statement is missing required element'
  if (!isTexts(statement, 'Resource') || both(statement, 'Resource')) return 'Policy has invalid resource'
  const isOwn = textsOf(statement, 'Resource').every((text) => own(text).length > 0)
  return isOwn ? undefined : 'Policy has invalid resource'
}

function combinationProblem(statement: Statement, own: Own, known: Known): string | undefined {
  if (!known.targets || !('Action' in statement) || !('Resource' in statement)) return undefined
  const reach = new Set(textsOf(statement, 'Resource').flatMap(own))
  const fits = textsOf(statement, 'Action').every((text) => [...targetsOf(text, known)].some((one) => reach.has(one)))
  return fits ? undefined : 'Action does not apply to any resource(s) in statement'
}

function conditionProblem(statement: Statement): string | undefined {
  const block = member(statement, 'Condition')
  if (block === undefined) return undefined
  if (!isObject(block)) return 'This policy contains invalid Json'
  for (const operator of Object.keys(block)) {
    const keys = block[operator]
    if (!isObject(keys)) return 'This policy contains invalid Json'
    if (!parseOperator(operator)) return `Invalid Condition type : ${operator}`
    if (!Object.keys(keys).every((key) => isValue(keys[key]))) return 'This policy contains invalid Json'
  }
  return undefined
}

function isValue(value: unknown): boolean {
  try {
    return conditionValues(value).length >= 0
  } catch {
    return false
  }
}
