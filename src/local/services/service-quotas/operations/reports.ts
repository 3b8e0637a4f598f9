// How much of its quotas does the account use? A report that is asked for, made, and read page by page.

import { valueOf } from '../../../quotas/applied.ts'
import { quotaNamed, serviceNames } from '../../../quotas/registry.ts'
import { usageIn } from '../../../quotas/usage.ts'
import { noSuchResource, page, quotasOf, type QuotaContext, type QuotaHandler } from '../state.ts'

interface Report {
  readonly account: string
  readonly region: string
  /** Milliseconds. */
  readonly started: number
}

const table = 'quota-reports'
/** How long one takes (milliseconds). */
const madeAfter = 2000

export const startQuotaUtilizationReport: QuotaHandler = (_, { state, account, region, clock }) => {
  const id = crypto.randomUUID()
  const report: Report = { account, region, started: clock().getTime() }
  state.rows.put(table, id, report)
  return { ReportId: id, Status: 'PENDING', Message: 'The quota utilization report is being generated.' }
}

export const getQuotaUtilizationReport: QuotaHandler = (input, context) => {
  const { state, account, clock } = context
  const report = state.rows.get<Report & Record<string, never>>(table, input.ReportId)
  if (!report || report.account !== account)
    throw noSuchResource('The request failed because the specified report does not exist.')
  const ready = report.started + madeAfter
  if (clock().getTime() < ready) return { ReportId: input.ReportId, Status: 'IN_PROGRESS' }
  const all = utilization(context, report.region)
  return {
    ReportId: input.ReportId,
    Status: 'COMPLETED',
    GeneratedAt: new Date(ready),
    TotalCount: all.length,
    ...page(all, { ...input, MaxResults: input.MaxResults ?? 1000 }, 'Quotas'),
  }
}

/** What is used most comes first. */
function utilization(context: QuotaContext, region: string): object[] {
  const applied = quotasOf(context)
  const rows = usageIn(context.state.rows, context.account).map(({ service, code, used }) => {
    const quota = quotaNamed(service, code)!
    const value = valueOf(applied, quota, region)
    return {
      QuotaCode: code,
      ServiceCode: service,
      QuotaName: quota.name,
      Namespace: 'AWS/Usage',
      Utilization: value === 0 ? 0 : (100 * used) / value,
      DefaultValue: quota.value,
      AppliedValue: value,
      ServiceName: serviceNames[service],
      Adjustable: quota.most !== undefined,
    }
  })
  return rows.sort((a, b) => b.Utilization - a.Utilization)
}
