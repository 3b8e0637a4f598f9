// What is behind a refusal? The two documents in which AWS tells it: the content of an encoded authorization message,
// and the answer of GetRequestAuthorizationDetails.

import type { Statement } from './parse.ts'
import { parsePolicy } from './parse.ts'
import type { Context, Decision, MatchedStatement, PolicySource } from './types.ts'

interface Items<T> {
  items: T[]
}
interface Valued {
  value: string
}
interface KeyedValues {
  key: string
  values: Items<Valued>
}

interface StatementDetails {
  statementId: string
  effect: 'ALLOW' | 'DENY'
  principals: Items<Valued>
  principalGroups: Items<Valued>
  actions: Items<Valued>
  resources: Items<Valued>
  conditions: Items<KeyedValues>
}

/** What DecodeAuthorizationMessage answers, as an object: `DecodedMessage` is its JSON text. */
export interface AuthorizationDetails {
  allowed: boolean
  explicitDeny: boolean
  matchedStatements: Items<StatementDetails>
  failures: Items<never>
  context: {
    principal: { id: string; arn: string }
    action: string
    resource: string
    conditions: Items<KeyedValues>
  }
}

/**
 * The content of an encoded authorization message (sealing it is the server's). `spell` gives condition keys their
 * capitals back (`ec2:Tenancy`); requests hold them in lower case.
 * Layout: https://docs.aws.amazon.com/cli/latest/reference/sts/decode-authorization-message.html
 */
export function authorizationDetails(
  decision: Decision,
  spell: (key: string) => string = (key) => key,
): AuthorizationDetails {
  const { request, decidedBy } = decision
  const deciding = decision.effect === 'EXPLICIT_DENY' && decidedBy ? [decidedBy] : []
  return {
    allowed: decision.allowed,
    explicitDeny: decision.effect === 'EXPLICIT_DENY',
    matchedStatements: items(deciding.map((matched) => statementDetails(matched, request.principal.userId))),
    failures: items([]),
    context: {
      principal: { id: request.principal.userId, arn: request.principal.arn },
      action: request.action.slice(request.action.indexOf(':') + 1),
      resource: request.resource,
      conditions: items([...contextItems(request.context, spell), ...resourceItems(request.resource)]),
    },
  }
}

function items<T>(list: T[]): Items<T> {
  return { items: list }
}

function values(texts: readonly string[]): Items<Valued> {
  return items(texts.map((value) => ({ value })))
}

function statementOf(matched: MatchedStatement): Statement {
  return parsePolicy(matched.source.document).statements[matched.index]!
}

function statementDetails(matched: MatchedStatement, callerId: string): StatementDetails {
  const statement = statementOf(matched)
  const colon = callerId.indexOf(':')
  return {
    statementId: matched.sid ?? '',
    effect: matched.effect === 'Deny' ? 'DENY' : 'ALLOW',
    principals: values([colon < 0 ? callerId : callerId.slice(0, colon)]),
    principalGroups: items([]),
    actions: values(statement.actions.texts),
    resources: values(statement.resources?.texts ?? []),
    conditions: items(statement.conditions.map(({ key, values: texts }) => ({ key, values: values(texts) }))),
  }
}

function contextItems(context: Context, spell: (key: string) => string): KeyedValues[] {
  return Object.keys(context).map((key) => {
    const value = context[key]!
    return { key: spell(key), values: values(typeof value === 'string' ? [value] : value) }
  })
}

/** `aws:Resource`, `aws:Account` and so on: the ARN of the resource taken apart. */
function resourceItems(arn: string): KeyedValues[] {
  const parts = arn.split(':')
  if (parts.length < 6) return []
  const [, , service, region, account] = parts as [string, string, string, string, string]
  const resource = parts.slice(5).join(':')
  const told: [string, string][] = [
    ['aws:Resource', resource],
    ['aws:Account', account],
    ['aws:Region', region],
    ['aws:Service', service],
    ['aws:Type', resource.split(/[/:]/)[0]!],
    ['aws:ARN', arn],
  ]
  return told.map(([key, value]) => ({ key, values: values([value]) }))
}

// ---------------------------------------------------------------------------------------------------------------------

export interface RequestAuthorizationDetails {
  requestContext: Record<string, string | readonly string[]>
  evaluations: {
    action: string
    resource: string
    context: Record<string, string | readonly string[]>
    evaluatedEffect: Decision['effect']
    matchedPolicies: { uri: string; matchedStatements: { sid?: string; evaluatedEffect: 'ALLOW' | 'DENY' }[] }[]
  }[]
  policies: { policyType: string; arn?: string; uri: string; attachedTo?: string }[]
}

const POLICY_TYPES: Readonly<Record<PolicySource['kind'], string>> = {
  identity: 'IDENTITY_POLICY',
  resource: 'RESOURCE_POLICY',
  trust: 'ROLE_TRUST_POLICY',
  boundary: 'PERMISSIONS_BOUNDARY',
  session: 'SESSION_POLICY',
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
  'vpc-endpoint': 'VPC_ENDPOINT_POLICY',
}

/**
 * The answer of iam-toolbox GetRequestAuthorizationDetails for one request: an evaluation for each decision, and every
 * policy that was considered, matched or not.
 */
export function requestAuthorizationDetails(decisions: readonly Decision[]): RequestAuthorizationDetails {
  const considered = new Set<PolicySource>()
  for (const { statements } of decisions) for (const { source } of statements) considered.add(source)
  return {
    requestContext: { ...decisions[0]?.request.context },
    evaluations: decisions.map((decision) => ({
      action: decision.request.action,
      resource: decision.request.resource,
      context: { ...decision.request.context },
      evaluatedEffect: decision.effect,
      matchedPolicies: matchedPolicies(decision),
    })),
    policies: [...considered].map((source) => ({
      policyType: POLICY_TYPES[source.kind],
      uri: uriOf(source),
      ...(source.arn === undefined ? {} : { arn: source.arn }),
      ...(source.attachedTo === undefined ? {} : { attachedTo: source.attachedTo }),
    })),
  }
}

function matchedPolicies(decision: Decision): RequestAuthorizationDetails['evaluations'][number]['matchedPolicies'] {
  const bySource = new Map<PolicySource, { sid?: string; evaluatedEffect: 'ALLOW' | 'DENY' }[]>()
  for (const { source, matched, sid, effect } of decision.statements) {
    if (!matched) continue
    const told = bySource.get(source) ?? []
    told.push({ ...(sid === undefined ? {} : { sid }), evaluatedEffect: effect === 'Deny' ? 'DENY' : 'ALLOW' })
    bySource.set(source, told)
  }
  return [...bySource].map(([source, matchedStatements]) => ({ uri: uriOf(source), matchedStatements }))
}

/** Managed policies have an ARN. For inline ones AWS's form was never seen; this names entity and policy. */
function uriOf(source: PolicySource): string {
  return source.arn ?? `${source.attachedTo ?? source.kind}#${source.name ?? source.id ?? 'inline'}`
}
