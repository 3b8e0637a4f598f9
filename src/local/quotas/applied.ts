// Which quotas has this account, and what became of its requests for more? A row an account in the namespace `iam`;
// requests go through their states by the account's clock.

import { some } from '../../lib/iterate.ts'
import { known } from '../known.ts'
import type { LocalSettings } from '../settings.ts'
import type { Rows } from '../store/store.ts'
import type { World } from '../world.ts'
import { quotaNamed, type Quota } from './registry.ts'

export type RequestStatus =
  | 'PENDING'
  | 'CASE_OPENED'
  | 'APPROVED'
  | 'DENIED'
  | 'CASE_CLOSED'
  | 'NOT_APPROVED'
  | 'INVALID_REQUEST'

export interface QuotaRequest {
  readonly id: string
  readonly service: string
  readonly code: string
  /** '' for a global quota. */
  readonly region: string
  readonly desired: number
  readonly requester: string
  readonly supportCase: boolean
  /** Milliseconds. */
  readonly created: number
  updated: number
  status: RequestStatus
  caseId?: string
  /** Said by somebody, and not by the clock. */
  verdict?: 'approve' | 'deny'
}

export interface AccountQuotas {
  /** By `region/service/code`. */
  applied: Record<string, number>
  requests: QuotaRequest[]
}

const table = 'quotas'

export function quotasIn(rows: Rows, account: string, now: number, answer: LocalSettings['quotas']): AccountQuotas {
  const stored = rows.get<AccountQuotas & Record<string, never>>(table, account) as AccountQuotas | undefined
  return progressed(stored ?? { applied: {}, requests: [] }, now, answer)
}

/** The same, of which a copy is remembered where no request waits for the clock. */
export async function quotasOf(world: World, account: string, answer: LocalSettings['quotas']): Promise<AccountQuotas> {
  const read = (rows: Rows): AccountQuotas => quotasIn(rows, account, world.clock().getTime(), answer)
  const found = await known(world.identities, `quotas ${account} ${answer}`, read)
  return some(found.requests, isOpen) ? world.identities.transaction(read) : found
}

export function putQuotas(rows: Rows, account: string, quotas: AccountQuotas): void {
  rows.put(table, account, quotas)
}

/** The value that holds in a region. */
export function valueOf({ applied }: AccountQuotas, quota: Quota, region: string): number {
  return applied[keyOf(quota, region)] ?? quota.applied ?? quota.value
}

export function keyOf({ service, code, global }: Quota, region: string): string {
  return `${global ? '' : region}/${service}/${code}`
}

/** A support case is opened after a minute, and answered five minutes after the request. */
const opensAfter = 60_000
const answeredAfter = 300_000

function progressed(quotas: AccountQuotas, now: number, answer: LocalSettings['quotas']): AccountQuotas {
  for (const request of quotas.requests) {
    if (request.status === 'PENDING' && now - request.created >= opensAfter && request.supportCase)
      openCase(request, request.created + opensAfter)
    const verdict =
      request.verdict ?? (answer !== 'wait' && now - request.created >= answeredAfter ? answer : undefined)
    if (isOpen(request) && verdict !== undefined)
      decide(quotas, request, verdict, request.verdict ? now : request.created + answeredAfter)
  }
  return quotas
}

/** Neither granted nor refused yet. */
export function isOpen({ status }: QuotaRequest): boolean {
  return status === 'PENDING' || status === 'CASE_OPENED'
}

export function openCase(request: QuotaRequest, at: number): void {
  Object.assign(request, {
    status: 'CASE_OPENED',
    updated: at,
    caseId: String(10_000_000_000 + (request.created % 9_999_999_999)),
  })
}

function decide(quotas: AccountQuotas, request: QuotaRequest, verdict: 'approve' | 'deny', at: number): void {
  const quota = quotaNamed(request.service, request.code)!
  const granted = verdict === 'approve' && request.desired <= (quota.most ?? 0)
  Object.assign(request, { status: granted ? 'APPROVED' : verdict === 'deny' ? 'DENIED' : 'NOT_APPROVED', updated: at })
  if (granted) quotas.applied[keyOf(quota, request.region)] = request.desired
}
