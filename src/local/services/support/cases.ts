// Which cases are there? Those that somebody opened, and those that requests for higher quotas have become: the latter
// stand as their requests do.

import { AwsError } from '../../../lib/errors.ts'
import { isOpen, putQuotas, quotasIn, type AccountQuotas, type QuotaRequest } from '../../quotas/applied.ts'
import { quotaNamed, serviceNames } from '../../quotas/registry.ts'
import { settingsIn } from '../../settings.ts'
import type { SupportContext } from './state.ts'

export type CaseStatus = 'unassigned' | 'work-in-progress' | 'opened' | 'reopened' | 'resolved'

export interface Case {
  readonly id: string
  readonly displayId: string
  readonly subject: string
  readonly status: CaseStatus
  readonly service: string
  readonly category: string
  readonly severity: string
  readonly submittedBy: string
  /** Milliseconds. */
  readonly created: number
  readonly copies: readonly string[]
  readonly language: string
}

export interface Communication {
  readonly body: string
  readonly submittedBy: string
  /** Milliseconds. */
  readonly at: number
  readonly attachments: readonly { readonly attachmentId: string; readonly fileName: string }[]
}

const amazon = 'Amazon Web Services'
const table = 'support-cases'
const communicationTable = 'support-communications'

/** Newest first. */
export function casesOf(context: SupportContext): Case[] {
  const { state, account } = context
  const own = state.rows.scan<Case & Record<string, never>>(table, { prefix: `${account}/` }).map(({ value }) => value)
  const ofQuotas = quotasOf(context).requests.flatMap((request) => caseOf(request, account) ?? [])
  return [...own, ...ofQuotas].sort((a, b) => b.created - a.created)
}

export function putCase(given: Case, { state, account }: SupportContext): void {
  state.rows.put(table, `${account}/${given.id}`, given)
}

/** Throws CaseIdNotFound. */
export function findCase(id: string, context: SupportContext): Case {
  const found = casesOf(context).find((each) => each.id === id)
  if (!found) throw new AwsError('CaseIdNotFound', `No case was found with the ID ${id}.`)
  return found
}

export function newCaseId(account: string, now: number): string {
  return `case-${account}-muen-${new Date(now).getUTCFullYear()}-${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
}

// --- cases of requests for more --------------------------------------------------------------------------------------

function quotasOf({ state, account, clock }: SupportContext): AccountQuotas {
  return quotasIn(state.rows, account, clock().getTime(), settingsIn(state.rows).quotas)
}

function caseOf(request: QuotaRequest, account: string): Case | undefined {
  const { caseId, created, service, code } = request
  if (caseId === undefined) return undefined
  const year = new Date(created).getUTCFullYear()
  return {
    id: `case-${account}-muen-${year}-${caseId.padStart(16, '0')}`,
    displayId: caseId,
    subject: `Limit Increase: ${serviceNames[service]} - ${quotaNamed(service, code)!.name}`,
    status: isOpen(request) ? 'unassigned' : 'resolved',
    service: 'service-limit-increase',
    category: 'general-guidance',
    severity: 'low',
    submittedBy: (JSON.parse(request.requester) as { callerArn: string }).callerArn,
    created,
    copies: [],
    language: 'en',
  }
}

function requestBehind(id: string, quotas: AccountQuotas, account: string): QuotaRequest | undefined {
  return quotas.requests.find((request) => caseOf(request, account)?.id === id)
}

/** Ends a case; a request for more that waits in it is over. */
export function resolve(given: Case, context: SupportContext): void {
  const quotas = quotasOf(context)
  const request = requestBehind(given.id, quotas, context.account)
  if (!request) return putCase({ ...given, status: 'resolved' }, context)
  if (!isOpen(request)) return
  Object.assign(request, { status: 'CASE_CLOSED', updated: context.clock().getTime() })
  putQuotas(context.state.rows, context.account, quotas)
}

/** An answer opens again what was resolved; a request that was answered stays so. */
export function reopen(given: Case, context: SupportContext): void {
  if (given.status !== 'resolved' || requestBehind(given.id, quotasOf(context), context.account)) return
  putCase({ ...given, status: 'reopened' }, context)
}

// --- what was said ----------------------------------------------------------------------------------------------------

export function addCommunication(id: string, said: Communication, { state }: SupportContext): void {
  const time = String(said.at).padStart(15, '0')
  const { length } = state.rows.scan(communicationTable, { prefix: `${id}/` })
  state.rows.put(communicationTable, `${id}/${time}/${String(length).padStart(6, '0')}`, said)
}

/** Newest first. */
export function communicationsOf(given: Case, context: SupportContext): Communication[] {
  const said = context.state.rows
    .scan<Communication & Record<string, never>>(communicationTable, { prefix: `${given.id}/` })
    .map(({ value }) => value as Communication)
  const request = requestBehind(given.id, quotasOf(context), context.account)
  const all = request ? [...said, ...spokenOf(request, given)] : said
  return all.sort((a, b) => b.at - a.at)
}

function spokenOf(request: QuotaRequest, { submittedBy }: Case): Communication[] {
  const { service, code, region, desired, created, updated, status } = request
  const asked = [
    'Limit increase request 1',
    `Service: ${serviceNames[service]}`,
    `Region: ${region || 'All regions'}`,
    `Limit name: ${quotaNamed(service, code)!.name}`,
    `New limit value: ${desired}`,
  ].join('\n')
  const answers: Partial<Record<QuotaRequest['status'], string>> = {
    APPROVED: 'We have approved and processed your limit increase request.',
    DENIED: 'We are unable to approve your limit increase request at this time.',
    NOT_APPROVED: 'We are unable to approve your limit increase request at this time.',
  }
  const answer = answers[status]
  return [
    { body: asked, submittedBy, at: created, attachments: [] },
    ...(answer === undefined ? [] : [{ body: answer, submittedBy: amazon, at: updated, attachments: [] }]),
  ]
}
