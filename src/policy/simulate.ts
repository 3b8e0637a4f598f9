// What would IAM decide? The answers of SimulateCustomPolicy and SimulatePrincipalPolicy, from the same decision the
// requests themselves get.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
// Since 2026 there is one result for each action; the resources are told apart in ResourceSpecificResults.

import { keysOfResources, keysOfStatement } from './context-keys.ts'
import { lookupIn } from './condition.ts'
import { decide } from './decide.ts'
import type { Span } from './document.ts'
import { statementSpans } from './document.ts'
import { parsePolicy } from './parse.ts'
import type {
  AuthorizationRequest,
  Context,
  Decision,
  MatchedStatement,
  PolicyKind,
  PolicySource,
  Principal,
} from './types.ts'

export interface Simulation {
  readonly principal: Principal
  /** Each with an `id`: `PolicyInputList.1`, a managed policy's name, `user_anna_Inline`, `ResourcePolicy`. */
  readonly policies: readonly PolicySource[]
  readonly actions: readonly string[]
  /** ARNs; none means `*`. */
  readonly resources?: readonly string[]
  readonly resourceAccountId?: string
  readonly context: Context
  /** EvalResourceName: the ARN template of the action's resource type. Default `*`. */
  readonly resourceTemplate?: (action: string) => string
}

type EvalDecision = 'allowed' | 'explicitDeny' | 'implicitDeny'

interface SimulatedStatement {
  SourcePolicyId: string
  SourcePolicyType: string
  StartPosition?: Span['start']
  EndPosition?: Span['end']
}

interface Shared {
  MatchedStatements: SimulatedStatement[]
  MissingContextValues: string[]
  EvalDecisionDetails?: Record<string, EvalDecision>
  PermissionsBoundaryDecisionDetail?: { AllowedByPermissionsBoundary: boolean }
}

export interface ResourceSpecificResult extends Shared {
  EvalResourceName: string
  EvalResourceDecision: EvalDecision
}

export interface EvaluationResult extends Shared {
  EvalActionName: string
  EvalResourceName: string
  EvalDecision: EvalDecision
  OrganizationsDecisionDetail?: { AllowedByOrganizations: boolean }
  ResourceSpecificResults?: ResourceSpecificResult[]
}

/** One result for each action, in order. Throws MalformedPolicyDocument for a document that cannot be understood. */
export function simulate(simulation: Simulation): EvaluationResult[] {
  return simulation.actions.map((action) => simulateAction(simulation, action))
}

function simulateAction(simulation: Simulation, action: string): EvaluationResult {
  const { resources } = simulation
  const named = resources !== undefined && resources.length > 0 && !(resources.length === 1 && resources[0] === '*')
  const decisions = (named ? resources : ['*']).map((resource) => decideOne(simulation, action, resource))
  const strictest = decisions
    .map(evalDecision)
    .sort((a, b) => STRICTNESS.indexOf(a) - STRICTNESS.indexOf(b))
    .at(-1)!
  const boundaries = decisions.map((decision) => boundaryDetail(simulation, decision))
  const organizations = organizationsDetail(simulation, decisions)
  return {
    EvalActionName: action,
    EvalResourceName: simulation.resourceTemplate?.(action) ?? '*',
    EvalDecision: strictest,
    MatchedStatements: unique(
      decisions.flatMap((decision) => (evalDecision(decision) === strictest ? decidingStatements(decision) : [])),
    ).map(simulated),
    MissingContextValues: [...new Set(decisions.flatMap(missingKeys))],
    ...(organizations && { OrganizationsDecisionDetail: organizations }),
    ...(boundaries[0] && {
      PermissionsBoundaryDecisionDetail: {
        AllowedByPermissionsBoundary: boundaries.every((detail) => detail!.AllowedByPermissionsBoundary),
      },
    }),
    ...(named && {
      EvalDecisionDetails: strictestBySet(decisions.map((decision) => decisionDetails(simulation, decision))),
      ResourceSpecificResults: decisions.map((decision, i) => resourceResult(simulation, decision, boundaries[i])),
    }),
  }
}

function decideOne(simulation: Simulation, action: string, resource: string): Decision {
  const { principal, context, policies, resourceAccountId } = simulation
  const request: AuthorizationRequest = {
    principal,
    action,
    resource,
    context,
    ...(resourceAccountId === undefined ? {} : { resourceAccountId }),
  }
  return decide(request, policies)
}

function resourceResult(
  simulation: Simulation,
  decision: Decision,
  boundary: Shared['PermissionsBoundaryDecisionDetail'],
): ResourceSpecificResult {
  const details = decisionDetails(simulation, decision)
  const statements = isCrossAccount(simulation) ? matchedUnlessDenied(decision) : decidingStatements(decision)
  return {
    EvalResourceName: decision.request.resource,
    EvalResourceDecision: evalDecision(decision),
    MatchedStatements: statements.map(simulated),
    MissingContextValues: missingKeys(decision),
    ...(Object.keys(details).length > 0 && { EvalDecisionDetails: details }),
    ...(boundary && { PermissionsBoundaryDecisionDetail: boundary }),
  }
}

const STRICTNESS: readonly EvalDecision[] = ['allowed', 'implicitDeny', 'explicitDeny']
const EVAL_DECISIONS = { ALLOW: 'allowed', EXPLICIT_DENY: 'explicitDeny', IMPLICIT_DENY: 'implicitDeny' } as const

function evalDecision(decision: Decision): EvalDecision {
  return EVAL_DECISIONS[decision.effect]
}

// --- statements ------------------------------------------------------------------------------------------------------

/** Simulations list statements of the caller's and the resource's policies; SCPs and boundaries have details. */
function isTold({ source }: MatchedStatement): boolean {
  return (
    source.kind === 'identity' || source.kind === 'resource' || source.kind === 'trust' || source.kind === 'session'
  )
}

/** The statements that made the decision: the denies of a deny, the allows of an allow, none of an implicit deny. */
function decidingStatements(decision: Decision): MatchedStatement[] {
  if (decision.effect === 'IMPLICIT_DENY') return []
  const effect = decision.allowed ? 'Allow' : 'Deny'
  return decision.statements.filter(
    (statement) => statement.matched && statement.effect === effect && isTold(statement),
  )
}

/** Across accounts a result also tells the statements of the side that allowed. */
function matchedUnlessDenied(decision: Decision): MatchedStatement[] {
  if (decision.effect === 'EXPLICIT_DENY') return decidingStatements(decision)
  return decision.statements.filter((statement) => statement.matched && isTold(statement))
}

function unique(statements: readonly MatchedStatement[]): MatchedStatement[] {
  const seen = new Map<string, MatchedStatement>()
  for (const statement of statements) {
    const { source, index } = statement
    const name = `${source.kind} ${source.id ?? source.arn ?? source.name ?? ''} ${index}`
    if (!seen.has(name)) seen.set(name, statement)
  }
  return [...seen.values()]
}

function simulated({ source, index }: MatchedStatement): SimulatedStatement {
  const span = typeof source.document === 'string' ? statementSpans(source.document)[index] : undefined
  return {
    SourcePolicyId: source.id ?? source.name ?? source.arn ?? '',
    SourcePolicyType: source.kind === 'resource' || source.kind === 'trust' ? 'Resource Policy' : 'IAM Policy',
    ...(span && { StartPosition: span.start, EndPosition: span.end }),
  }
}

/** Keys that statements about this action refer to, and the simulation was not given. */
function missingKeys(decision: Decision): string[] {
  const lookup = lookupIn(decision.request.context)
  const missing = new Map<string, string>()
  for (const statement of decision.statements) {
    if (!isTold(statement)) continue
    for (const key of keysAskedBy(statement)) {
      if (lookup(key) === undefined && !missing.has(key.toLowerCase())) missing.set(key.toLowerCase(), key)
    }
  }
  return [...missing.values()]
}

/** A statement about another resource asks for nothing but the variables that may keep it from matching. */
function keysAskedBy({ source, index, matched, failed }: MatchedStatement): string[] {
  const policy = parsePolicy(source.document)
  const statement = policy.statements[index]!
  const variables = policy.version === '2012-10-17'
  if (matched || failed?.element === 'Condition') return keysOfStatement(statement, variables)
  return failed?.element === 'Resource' ? keysOfResources(statement, variables) : []
}

// --- details by set --------------------------------------------------------------------------------------------------

function boundaryDetail(simulation: Simulation, decision: Decision): Shared['PermissionsBoundaryDecisionDetail'] {
  if (!has(simulation, 'boundary')) return undefined
  return { AllowedByPermissionsBoundary: verdictOf(decision, 'boundary') === 'allowed' }
}

function organizationsDetail(
  simulation: Simulation,
  decisions: readonly Decision[],
): EvaluationResult['OrganizationsDecisionDetail'] {
  if (!has(simulation, 'scp')) return undefined
  return { AllowedByOrganizations: decisions.every((decision) => decision.reason !== 'scp') }
}

/** Only across accounts, and not when an SCP ended it. */
function decisionDetails(simulation: Simulation, decision: Decision): Record<string, EvalDecision> {
  if (!isCrossAccount(simulation) || decision.reason === 'scp') return {}
  return {
    'IAM Policy': verdictOf(decision, 'identity'),
    ...(has(simulation, 'resource') && { 'Resource Policy': verdictOf(decision, 'resource') }),
    ...(has(simulation, 'boundary') && { 'Permissions Boundary Policy': verdictOf(decision, 'boundary') }),
  }
}

function strictestBySet(details: readonly Record<string, EvalDecision>[]): Record<string, EvalDecision> {
  const strictest: Record<string, EvalDecision> = {}
  for (const one of details) {
    for (const [set, verdict] of Object.entries(one)) {
      const before = strictest[set]
      if (!before || STRICTNESS.indexOf(verdict) > STRICTNESS.indexOf(before)) strictest[set] = verdict
    }
  }
  return strictest
}

function has(simulation: Simulation, kind: PolicyKind): boolean {
  return simulation.policies.some((policy) => policy.kind === kind)
}

function isCrossAccount({ resourceAccountId, principal }: Simulation): boolean {
  return resourceAccountId !== undefined && resourceAccountId !== principal.accountId
}

/** What the policies of one set say by themselves. */
function verdictOf(decision: Decision, kind: PolicyKind): EvalDecision {
  const effects = decision.statements.filter(({ matched, source }) => matched && source.kind === kind)
  if (effects.some(({ effect }) => effect === 'Deny')) return 'explicitDeny'
  return effects.some(({ effect }) => effect === 'Allow') ? 'allowed' : 'implicitDeny'
}

// --- input -----------------------------------------------------------------------------------------------------------

export interface ContextEntry {
  readonly ContextKeyName: string
  readonly ContextKeyValues: readonly string[]
  /** `string`, `stringList`, `numeric`, … */
  readonly ContextKeyType: string
}

/** The request context that ContextEntries describe; list types are multi-valued keys. */
export function contextOfEntries(entries: readonly ContextEntry[]): Context {
  const pairs = entries.map(({ ContextKeyName, ContextKeyValues, ContextKeyType }) => {
    const single = !ContextKeyType.endsWith('List') && ContextKeyValues.length === 1
    return [ContextKeyName.toLowerCase(), single ? ContextKeyValues[0]! : ContextKeyValues] as const
  })
  return Object.fromEntries(pairs)
}
