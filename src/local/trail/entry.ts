// What is remembered of a request? Who asked for what, how it ended, and every decision of IAM on the way, with the
// policies and statements that were weighed. Never what was sent: inputs may hold secrets.

import type { AwsError } from '../../lib/errors.ts'
import { map } from '../../lib/iterate.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { Decision, FailedElement, MatchedStatement, PolicySource, Principal } from '../../policy/types.ts'
import type { Target } from '../identify.ts'
import type { AccountQuotas } from '../quotas/applied.ts'
import type { Caller } from '../service.ts'
import type { LocalSettings } from '../settings.ts'

/** A request on its way: what is known so far. */
export interface Story {
  /** By performance.now(). */
  readonly began: number
  readonly requestId: string
  readonly settings: LocalSettings
  readonly sourceIp: string
  readonly userAgent: string | undefined
  readonly decisions: Decision[]
  region: string
  caller?: Caller
  /** What the caller's account may have. */
  quotas?: AccountQuotas
  error?: AwsError
  /** IAM's denials of 2026 name one. */
  authorizationId?: string
  /** Nothing was to be done: asked with DryRun. */
  dryRun?: boolean
  /** Faults on purpose that struck. */
  faults?: string[]
  /** A fault wants that the answer never arrives. */
  lost?: boolean
  /** The service of AWS that asked on its own: `sns.amazonaws.com`. */
  readonly invokedBy?: string
}

/** A request as it is kept: a row of JSON. */
export interface Entry {
  /** Counts up from 1. */
  readonly number: number
  readonly requestId: string
  /** Milliseconds by the account's clock. */
  readonly time: number
  readonly service: string
  readonly operation: string
  readonly region: string
  /** Absent where nobody proved who they are. */
  readonly account?: string
  readonly principal?: string
  readonly accessKeyId?: string
  readonly sourceIp: string
  readonly userAgent?: string
  readonly status: number
  readonly code?: string
  readonly message?: string
  readonly authorizationId?: string
  readonly dryRun?: true
  readonly faults?: readonly string[]
  readonly invokedBy?: string
  readonly decisions: readonly Judged[]
}

/** A decision, with its policies by number. */
export interface Judged {
  readonly action: string
  readonly resource: string
  readonly effect: Decision['effect']
  readonly reason?: Decision['reason']
  readonly principal: Principal
  readonly context: Decision['request']['context']
  readonly policies: readonly Omit<PolicySource, 'document'>[]
  readonly statements: readonly Weighed[]
  /** Place in `statements` of the one that decided. */
  readonly decidedBy?: number
}

export interface Weighed {
  /** Place in `policies`. */
  readonly policy: number
  readonly sid?: string
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly matched: boolean
  readonly failed?: FailedElement
  /** What the statement names where it failed (actions, resources), or its actions where it matched: the first few. */
  readonly names?: readonly string[]
}

export function entryOf(story: Story, target: Target, status: number, number: number, time: number): Entry {
  const { caller, error } = story
  return {
    number,
    requestId: story.requestId,
    time,
    service: target.service.name,
    operation: target.operation?.name ?? target.asked,
    region: story.region,
    ...(caller && caller.accountId !== '' && { account: caller.accountId }),
    ...(caller && { principal: caller.principal.arn }),
    ...(caller?.accessKeyId !== undefined && { accessKeyId: caller.accessKeyId }),
    sourceIp: story.sourceIp,
    ...(story.userAgent !== undefined && { userAgent: story.userAgent.slice(0, 256) }),
    status,
    ...(error && { code: error.code, message: error.message.slice(0, 4096) }),
    ...(story.authorizationId !== undefined && { authorizationId: story.authorizationId }),
    ...(story.dryRun && { dryRun: true }),
    ...(story.faults && { faults: story.faults }),
    ...(story.invokedBy !== undefined && { invokedBy: story.invokedBy }),
    decisions: map(story.decisions.slice(0, MOST_DECISIONS), judged),
  }
}

/** DeleteObjects alone may ask a thousand times. */
const MOST_DECISIONS = 100

function judged(decision: Decision): Judged {
  const { request, statements, effect, reason, decidedBy } = decision
  const sources: PolicySource[] = []
  const numberOf = (source: PolicySource): number => {
    const known = sources.indexOf(source)
    return known >= 0 ? known : sources.push(source) - 1
  }
  const weighed = statements.map((statement) => weigh(statement, numberOf(statement.source)))
  const decider = decidedBy ? statements.indexOf(decidedBy) : -1
  return {
    action: request.action,
    resource: request.resource,
    effect,
    ...(reason !== undefined && { reason }),
    principal: request.principal,
    context: request.context,
    policies: sources.map(({ document: _document, ...source }) => source),
    statements: weighed,
    ...(decider >= 0 && { decidedBy: decider }),
  }
}

const FEW = 5

function weigh(statement: MatchedStatement, policy: number): Weighed {
  const { source: _source, failed, ...rest } = statement
  const names = namesIn(statement)
  return {
    policy,
    ...rest,
    ...(failed && { failed: { ...failed, ...(failed.expected && { expected: failed.expected.slice(0, FEW) }) } }),
    ...(names.length > 0 && { names }),
  }
}

function namesIn({ source, index, failed }: MatchedStatement): string[] {
  const statement = parsePolicy(source.document).statements[index]
  if (!statement || failed?.element === 'Condition') return []
  const texts =
    failed?.element === 'Resource'
      ? (statement.resources?.texts ?? [])
      : failed?.element === 'Principal'
        ? (statement.principals?.entries ?? []).map(({ type, value }) => `${type}: ${value}`)
        : statement.actions.texts
  return texts.length <= FEW ? [...texts] : [...texts.slice(0, FEW), `… ${texts.length - FEW} more`]
}
