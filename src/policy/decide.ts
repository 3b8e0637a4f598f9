// May this caller do this action on this resource? IAM's decision, as a pure function of the request and the policies.
//
// Read `decide` first: it is the order of the steps.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
//
// Nothing is allowed that no rule allows. A policy that cannot be understood is an exception, not a decision.

import { failedCondition, lookupIn } from './condition.ts'
import type { Naming, ResourceMatcher, ResourceName } from './match.ts'
import { isSpared, namingOf, resourceName } from './match.ts'
import type { Listed, Principals, Statement } from './parse.ts'
import { parsePolicy } from './parse.ts'
import { supportsRcp } from './rcp-services.ts'
import type {
  AuthorizationRequest,
  Decision,
  FailedElement,
  MatchedStatement,
  PolicyKind,
  PolicySource,
  Principal,
} from './types.ts'
import type { Lookup } from './variables.ts'
import type { Matcher } from './wildcard.ts'

/**
 * Decides one (action, resource) pair; a request with several pairs needs all of them allowed. `policies` are all
 * policies that could apply; what does not bind this caller (SCPs and a service-linked role, say) is left out here.
 * Throws MalformedPolicyDocument when a document cannot be understood.
 */
export function decide(request: AuthorizationRequest, policies: readonly PolicySource[]): Decision {
  const evaluation = evaluate(request, policies)
  const { statements } = evaluation

  const deny = explicitDeny(statements)
  if (deny) {
    return { allowed: false, effect: 'EXPLICIT_DENY', reason: deny.source.kind, decidedBy: deny, statements, request }
  }

  const { refusedBy, allowedBy } = walk(evaluation)
  if (refusedBy) return { allowed: false, effect: 'IMPLICIT_DENY', reason: refusedBy, statements, request }
  return { allowed: true, effect: 'ALLOW', ...(allowedBy && { decidedBy: allowedBy }), statements, request }
}

/** When several sets deny, the message names one: the set that comes first here. */
const DENY_ORDER: readonly PolicyKind[] = [
  'scp',
  'rcp',
  'resource',
  'trust',
  'identity',
  'boundary',
  'session',
  'vpc-endpoint',
]

function explicitDeny(statements: readonly MatchedStatement[]): MatchedStatement | undefined {
  let first: MatchedStatement | undefined
  for (const statement of statements) {
    if (!statement.matched || statement.effect !== 'Deny') continue
    if (!first || DENY_ORDER.indexOf(statement.source.kind) < DENY_ORDER.indexOf(first.source.kind)) first = statement
  }
  return first
}

interface Walk {
  /** The set without whose Allow it ends here. */
  readonly refusedBy?: PolicyKind
  readonly allowedBy?: MatchedStatement
}

/** The steps after the explicit denies: each set that must allow, in AWS's order. */
function walk(evaluation: Evaluation): Walk {
  const { caller, request, allows, present, grant } = evaluation
  if (!everyLevelAllows(evaluation, 'rcp')) return { refusedBy: 'rcp' }
  if (!everyLevelAllows(evaluation, 'scp')) return { refusedBy: 'scp' }
  if (present.has('vpc-endpoint') && !allows.has('vpc-endpoint')) return { refusedBy: 'vpc-endpoint' }

  const ownPolicy: PolicyKind = present.has('trust') ? 'trust' : 'resource'
  const crossAccount = (request.resourceAccountId ?? caller.accountId) !== caller.accountId
  const required = request.resourcePolicyRequired === true || present.has('trust')
  if (!hasIdentityPolicies(caller)) return grant ? { allowedBy: grant.by } : { refusedBy: ownPolicy }

  // In its own account the caller needs a resource policy only where that is required; there, some spellings of the
  // Principal outdo the implicit denies of the caller's own sets. Across accounts both sides must allow.
  if (required && !crossAccount && !grant) return { refusedBy: ownPolicy }
  const outdone = crossAccount || !grant ? OUTDOES.account : outdoneBy(grant.naming, caller)

  const byIdentity = allows.get('identity')
  if (!byIdentity && !actsAsRoot(caller) && !outdone.identity) return { refusedBy: 'identity' }
  if (present.has('boundary') && !allows.has('boundary') && !outdone.boundary) return { refusedBy: 'boundary' }
  const sessionLimits = present.has('session') || caller.type === 'FederatedUser'
  if (sessionLimits && !allows.has('session') && !outdone.session) return { refusedBy: 'session' }
  if (crossAccount && !grant) return { refusedBy: ownPolicy }

  const allowedBy = byIdentity ?? grant?.by
  return allowedBy ? { allowedBy } : {}
}

/** AWS services, strangers with a token and anonymous callers have none: only the resource's policy speaks for them. */
function hasIdentityPolicies(caller: Principal): boolean {
  return (
    caller.type === 'User' ||
    caller.type === 'AssumedRole' ||
    caller.type === 'FederatedUser' ||
    caller.type === 'Account'
  )
}

/** The root user needs no policy of its own, nor does a federated user that root made. */
function actsAsRoot(caller: Principal): boolean {
  return caller.type === 'Account' || (caller.type === 'FederatedUser' && (caller.issuerArn ?? '').endsWith(':root'))
}

interface Outdone {
  readonly identity: boolean
  readonly boundary: boolean
  readonly session: boolean
}

/** Which implicit denies an Allow in a resource policy outdoes, by how closely it names the caller. */
const OUTDOES: Readonly<Record<Naming, Outdone>> = {
  account: { identity: false, boundary: false, session: false },
  behind: { identity: true, boundary: false, session: false },
  itself: { identity: true, boundary: true, session: true },
  anyone: { identity: true, boundary: true, session: true },
}

const CLOSENESS: readonly Naming[] = ['account', 'behind', 'itself', 'anyone']

function outdoneBy(naming: Naming, caller: Principal): Outdone {
  // Root has nothing to outdo; its own ARN is the account's.
  return caller.type === 'Account' ? OUTDOES.account : OUTDOES[naming]
}

// ---------------------------------------------------------------------------------------------------------------------

interface Evaluation {
  readonly request: AuthorizationRequest
  readonly caller: Principal
  readonly statements: readonly MatchedStatement[]
  /** The sets that have a policy at all. */
  readonly present: ReadonlySet<PolicyKind>
  /** The first Allow that matched, by set. */
  readonly allows: ReadonlyMap<PolicyKind, MatchedStatement>
  /** The Allow of the resource's policy that names the caller most closely. */
  readonly grant: { readonly by: MatchedStatement; readonly naming: Naming } | undefined
  /** SCPs and RCPs: the levels that have policies, and whether each allows. */
  readonly levels: ReadonlyMap<string, boolean>
}

function evaluate(request: AuthorizationRequest, policies: readonly PolicySource[]): Evaluation {
  const caller = request.principal
  const question: Question = {
    caller,
    action: request.action.toLowerCase(),
    resource: resourceName(request.resource),
    lookup: lookupIn(request.context),
  }
  const statements: MatchedStatement[] = []
  const present = new Set<PolicyKind>()
  const allows = new Map<PolicyKind, MatchedStatement>()
  const levels = new Map<string, boolean>()
  let grant: { by: MatchedStatement; naming: Naming } | undefined

  for (const source of policies) {
    if (!binds(source.kind, request)) continue
    present.add(source.kind)
    const level = levelOf(source)
    if (level !== undefined && !levels.has(level)) levels.set(level, false)
    for (const statement of parsePolicy(source.document).statements) {
      const failed = failedElement(statement, source.kind, question)
      const record = recordOf(source, statement, failed)
      statements.push(record)
      if (failed || statement.effect === 'Deny') continue
      if (!allows.has(source.kind)) allows.set(source.kind, record)
      if (level !== undefined) levels.set(level, true)
      if (source.kind === 'resource' || source.kind === 'trust') {
        const naming = closestNaming(statement.principals!, caller)
        if (!grant || CLOSENESS.indexOf(naming) > CLOSENESS.indexOf(grant.naming)) grant = { by: record, naming }
      }
    }
  }
  return { request, caller, statements, present, allows, levels, grant }
}

/** SCPs bind principals of accounts but no service-linked role; RCPs bind everyone else, in the services they reach. */
function binds(kind: PolicyKind, request: AuthorizationRequest): boolean {
  const { principal, action } = request
  if (kind === 'scp') return !principal.serviceLinked && hasIdentityPolicies(principal)
  if (kind === 'rcp') return !principal.serviceLinked && supportsRcp(action.slice(0, action.indexOf(':')))
  return true
}

function levelOf(source: PolicySource): string | undefined {
  return source.kind === 'scp' || source.kind === 'rcp' ? `${source.kind} ${source.level ?? ''}` : undefined
}

function everyLevelAllows(evaluation: Evaluation, kind: 'scp' | 'rcp'): boolean {
  for (const [level, allows] of evaluation.levels) if (!allows && level.startsWith(`${kind} `)) return false
  return true
}

function recordOf(source: PolicySource, statement: Statement, failed: FailedElement | undefined): MatchedStatement {
  const { sid, index, effect } = statement
  // Four literals and no spread: there is one record for each statement of each request.
  if (failed === undefined) {
    return sid === undefined ? { source, index, effect, matched: true } : { source, sid, index, effect, matched: true }
  }
  return sid === undefined
    ? { source, index, effect, matched: false, failed }
    : { source, sid, index, effect, matched: false, failed }
}

// ---------------------------------------------------------------------------------------------------------------------

interface Question {
  readonly caller: Principal
  /** Lower case. */
  readonly action: string
  readonly resource: ResourceName
  readonly lookup: Lookup
}

const FAILED_ACTION: FailedElement = { element: 'Action' }
const FAILED_RESOURCE: FailedElement = { element: 'Resource' }
const FAILED_PRINCIPAL: FailedElement = { element: 'Principal' }

/** The first element that keeps a statement from applying, or undefined when it applies. */
function failedElement(statement: Statement, kind: PolicyKind, question: Question): FailedElement | undefined {
  const { actions, resources, conditions } = statement
  if (listsAction(actions.matchers, question.action) === actions.negated) return FAILED_ACTION
  if (!speaksOf(statement, kind, question.caller)) return FAILED_PRINCIPAL
  if (resources) {
    if (!reaches(resources, statement.effect, question)) return FAILED_RESOURCE
  } else if (statement.effect === 'Allow' && !KINDS_WITH_OWN_RESOURCE.includes(kind)) return FAILED_RESOURCE
  return conditions.length === 0 ? undefined : failedCondition(conditions, question.lookup)
}

function listsAction(matchers: readonly Matcher[], action: string): boolean {
  for (const matches of matchers) if (matches(action)) return true
  return false
}

/**
 * A pattern whose variable has no value matches nothing. Under NotResource that would reach everything, which only a
 * Deny may do.
 */
function reaches(
  resources: Listed<ResourceMatcher>,
  effect: 'Allow' | 'Deny',
  { resource, lookup }: Question,
): boolean {
  let unclear = false
  for (const matches of resources.matchers) {
    const matched = matches(resource, lookup)
    if (matched === true) return !resources.negated
    if (matched === undefined) unclear = true
  }
  return resources.negated && !(unclear && effect === 'Allow')
}

/** Trust policies and ECR's repository policies name no resource: it is the one they hang on. */
const KINDS_WITH_OWN_RESOURCE: readonly PolicyKind[] = ['resource', 'trust']
const KINDS_WITH_PRINCIPAL: readonly PolicyKind[] = ['resource', 'trust', 'vpc-endpoint']

/** Where a Principal belongs and is missing, an Allow reaches nobody and a Deny everybody. */
function speaksOf(statement: Statement, kind: PolicyKind, caller: Principal): boolean {
  const { principals, effect } = statement
  if (!principals) return effect === 'Deny' || !KINDS_WITH_PRINCIPAL.includes(kind)
  if (principals.negated) return !isSpared(principals.entries, caller, effect)
  return principals.entries.some((entry) => namingOf(entry, caller) !== undefined)
}

/** A NotPrincipal that lets the caller in lets in anyone but those listed. */
function closestNaming(principals: Principals, caller: Principal): Naming {
  if (principals.negated) return 'anyone'
  let closest: Naming = 'account'
  for (const entry of principals.entries) {
    const naming = namingOf(entry, caller)
    if (naming && CLOSENESS.indexOf(naming) > CLOSENESS.indexOf(closest)) closest = naming
  }
  return closest
}
