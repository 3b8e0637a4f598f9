// What more does AWS tell of a denial, to those who may ask? What the encoded message says, and what IAM would decide now.

import { AwsError, Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Denial } from '../../../policy/read-message.ts'
import type { Context } from '../command.ts'
import { policyPrincipal } from './advice.ts'

type Call = Context['call']

/** What stands behind an encoded message, in lines. */
export async function decoded(encoded: string, call: Call): Promise<string[]> {
  const answer = await asked(() => call('sts', 'DecodeAuthorizationMessage', { EncodedMessage: encoded }))
  if (answer instanceof Refused) {
    const needed = answer.code === 'AccessDenied' ? ' (it takes the permission sts:DecodeAuthorizationMessage)' : ''
    return [`The encoded message was not decoded: ${answer.message}${needed}`]
  }
  const details = JSON.parse(String(answer.DecodedMessage)) as Details
  const lines = [
    `The encoded message says: ${details.explicitDeny ? 'an explicit deny' : 'nothing allows it'}`,
    `  ${details.context.action} on ${details.context.resource}, by ${details.context.principal.arn}`,
  ]
  for (const statement of listOf(details.matchedStatements))
    lines.push(
      `  statement ${statement.statementId || 'without Sid'}: ${statement.effect} ${valuesOf(statement.actions).join(', ')} on ${valuesOf(statement.resources).join(', ')}`,
    )
  const conditions = listOf(details.context.conditions).map(
    ({ key, values }) => `    ${key} = ${valuesOf(values).join(', ')}`,
  )
  return conditions.length === 0 ? lines : [...lines, '  the request had', ...conditions]
}

interface Details {
  explicitDeny: boolean
  matchedStatements: Items<{
    statementId: string
    effect: string
    actions: Items<{ value: string }>
    resources: Items<{ value: string }>
  }>
  context: {
    principal: { arn: string }
    action: string
    resource: string
    conditions: Items<{ key: string; values: Items<{ value: string }> }>
  }
}

/** AWS writes `{"items": […]}`, and once wrote plain lists. */
type Items<T> = { items: T[] } | T[] | undefined

function listOf<T>(list: Items<T>): T[] {
  return Array.isArray(list) ? list : (list?.items ?? [])
}

function valuesOf(list: Items<{ value: string }>): string[] {
  return listOf(list).map(({ value }) => value)
}

/** What IAM's simulator decides now, in lines; none where the denial does not say enough. */
export async function simulated({ principal, action, resource }: Denial, call: Call): Promise<string[]> {
  const source = principal && policyPrincipal(principal)
  if (source === undefined || !/:(user|role)\//.test(source) || action === undefined) return []
  const input: Structure = {
    PolicySourceArn: source,
    ActionNames: [action],
    ...(resource?.startsWith('arn:') && { ResourceArns: [resource] }),
  }
  const answer = await asked(() => call('iam', 'SimulatePrincipalPolicy', input))
  if (answer instanceof Refused) return [`IAM was asked what it decides now, but: ${answer.message}`]
  const [result] = (answer.EvaluationResults ?? []) as Structure[]
  if (!result) return []
  const lines = [`Asked now, by its own policies alone, IAM says: ${String(result.EvalDecision)}`]
  for (const matched of (result.MatchedStatements ?? []) as Structure[])
    lines.push(`  decided by ${String(matched.SourcePolicyId)} (${String(matched.SourcePolicyType)})`)
  const missing = (result.MissingContextValues ?? []) as string[]
  if (missing.length > 0) lines.push(`  it depends on what the request has: ${missing.join(', ')}`)
  return lines
}

class Refused {
  readonly code: string
  readonly message: string

  constructor(code: string, message: string) {
    this.code = code
    this.message = message
  }
}

/** An answer, or why there is none: what cannot be asked must not hide what is known. */
async function asked(question: () => Promise<Structure>): Promise<Structure | Refused> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof AwsError) return new Refused(error.code, error.message)
    if (error instanceof Failure && error.kind !== 'Interrupted') return new Refused(error.kind, error.message)
    throw error
  }
}
