// Which quotas does an organization ask for in every account it makes? Its template: a row of the management account.

import { putQuotas, type AccountQuotas, type QuotaRequest } from './applied.ts'
import { quotaNamed } from './registry.ts'
import type { Rows } from '../store/store.ts'

export interface TemplateEntry {
  readonly service: string
  readonly code: string
  readonly region: string
  readonly desired: number
}

export interface Template {
  readonly isAssociated: boolean
  readonly entries: readonly TemplateEntry[]
}

const table = 'quota-templates'

export function templateOf(rows: Rows, management: string): Template {
  return rows.get<Template & Record<string, never>>(table, management) ?? { isAssociated: false, entries: [] }
}

export function putTemplate(rows: Rows, management: string, template: Template): void {
  rows.put(table, management, template)
}

/** Asks for a new account what its organization's template says. `now`: milliseconds. */
export function applyTemplate(rows: Rows, management: string, account: string, now: number): void {
  const { isAssociated, entries } = templateOf(rows, management)
  if (!isAssociated || entries.length === 0) return
  const requests = entries.map(({ service, code, region, desired }) =>
    newRequest({
      service,
      code,
      region: quotaNamed(service, code)!.global ? '' : region,
      desired,
      requester: JSON.stringify({ accountId: management, callerArn: 'servicequotas.amazonaws.com' }),
      supportCase: true,
      now,
    }),
  )
  const quotas: AccountQuotas = { applied: {}, requests }
  putQuotas(rows, account, quotas)
}

export function newRequest({
  now,
  ...asked
}: Pick<QuotaRequest, 'service' | 'code' | 'region' | 'desired' | 'requester' | 'supportCase'> & {
  readonly now: number
}): QuotaRequest {
  const id = `${crypto.randomUUID().replaceAll('-', '')}${Math.floor(now / 1000).toString(36)}`.slice(0, 40)
  return { id, ...asked, created: now, updated: now, status: 'PENDING' }
}
