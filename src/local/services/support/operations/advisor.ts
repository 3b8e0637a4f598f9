// Trusted Advisor, as far as service limits go: how near the account is to the quotas of which it is known.

import { AwsError } from '../../../../lib/errors.ts'
import { quotasIn, valueOf } from '../../../quotas/applied.ts'
import { quotaNamed } from '../../../quotas/registry.ts'
import { usageIn } from '../../../quotas/usage.ts'
import { settingsIn } from '../../../settings.ts'
import type { SupportContext, SupportHandler } from '../state.ts'

interface Check {
  readonly id: string
  readonly name: string
  /** Of IAM. */
  readonly code: string
}

const checks: readonly Check[] = [
  { id: 'sU7XX0l7J9', name: 'IAM Group', code: 'L-F4A5425F' },
  { id: 'nO7SS0l7J9', name: 'IAM Instance Profiles', code: 'L-6E65F664' },
  { id: 'pR7UU0l7J9', name: 'IAM Policies', code: 'L-E95E4862' },
  { id: 'oQ7TT0l7J9', name: 'IAM Roles', code: 'L-FE177D64' },
  { id: 'rT7WW0l7J9', name: 'IAM Server Certificates', code: 'L-BF35879D' },
  { id: 'qS7VV0l7J9', name: 'IAM Users', code: 'L-F55AF5E4' },
]

const metadata = ['Region', 'Service', 'Limit Name', 'Limit Amount', 'Current Usage', 'Status']

export const describeTrustedAdvisorChecks: SupportHandler = () => ({
  checks: checks.map(({ id, name }) => ({
    id,
    name,
    description: `Checks for usage that is more than 80% of the ${name} Limit.`,
    category: 'service_limits',
    metadata,
  })),
})

function checkNamed(id: string): Check {
  const check = checks.find((each) => each.id === id)
  if (!check)
    throw new AwsError('NotImplemented', `The local AWS has no Trusted Advisor check ${id} yet.`, { status: 501 })
  return check
}

interface Finding {
  readonly checkId: string
  readonly timestamp: string
  readonly status: 'ok' | 'warning' | 'error'
  readonly limit: number
  readonly used: number
}

/** Yellow from four fifths on, red when there is no more. */
function findingOf({ id, code }: Check, { state, account, clock }: SupportContext): Finding {
  const now = clock().getTime()
  const applied = quotasIn(state.rows, account, now, settingsIn(state.rows).quotas)
  const limit = valueOf(applied, quotaNamed('iam', code)!, 'us-east-1')
  const { used } = usageIn(state.rows, account).find((each) => each.code === code)!
  const status = used >= limit ? 'error' : used > 0.8 * limit ? 'warning' : 'ok'
  return { checkId: id, timestamp: new Date(now).toISOString(), status, limit, used }
}

function summaryOf({ checkId, timestamp, status }: Finding): object {
  return {
    checkId,
    timestamp,
    status,
    resourcesSummary: {
      resourcesProcessed: 1,
      resourcesFlagged: status === 'ok' ? 0 : 1,
      resourcesIgnored: 0,
      resourcesSuppressed: 0,
    },
    categorySpecificSummary: {
      costOptimizing: { estimatedMonthlySavings: 0, estimatedPercentMonthlySavings: 0 },
    },
  }
}

const colors = { ok: 'Green', warning: 'Yellow', error: 'Red' } as const

export const describeTrustedAdvisorCheckResult: SupportHandler = ({ checkId }, context) => {
  const check = checkNamed(checkId)
  const finding = findingOf(check, context)
  const { status, limit, used } = finding
  const limitName = quotaNamed('iam', check.code)!.name
  return {
    result: {
      ...summaryOf(finding),
      flaggedResources: [
        {
          status,
          region: '-',
          resourceId: `${check.id}-${context.account}`,
          isSuppressed: false,
          metadata: ['-', 'IAM', limitName, String(limit), String(used), colors[status]],
        },
      ],
    },
  }
}

export const describeTrustedAdvisorCheckSummaries: SupportHandler = ({ checkIds }, context) => ({
  summaries: (checkIds as string[]).map((id) => {
    const finding = findingOf(checkNamed(id), context)
    return { ...summaryOf(finding), hasFlaggedResources: finding.status !== 'ok' }
  }),
})

const table = 'support-refreshes'
/** How long a refresh takes, and when the next may be asked for (milliseconds). */
const takes = 5000
const pause = 300_000

export const refreshTrustedAdvisorCheck: SupportHandler = ({ checkId }, context) => {
  const { id } = checkNamed(checkId)
  const { state, account, clock } = context
  if (!(untilNext(id, context) > 0)) state.rows.put(table, `${account}/${id}`, clock().getTime())
  return { status: refreshOf(id, context) }
}

export const describeTrustedAdvisorCheckRefreshStatuses: SupportHandler = ({ checkIds }, context) => ({
  statuses: (checkIds as string[]).map((id) => refreshOf(checkNamed(id).id, context)),
})

function refreshOf(id: string, context: SupportContext): object {
  const { state, account, clock } = context
  const asked = state.rows.get<number>(table, `${account}/${id}`)
  const status = asked === undefined ? 'none' : clock().getTime() - asked < takes ? 'enqueued' : 'success'
  return { checkId: id, status, millisUntilNextRefreshable: untilNext(id, context) }
}

function untilNext(id: string, { state, account, clock }: SupportContext): number {
  const asked = state.rows.get<number>(table, `${account}/${id}`)
  return asked === undefined ? 0 : Math.max(0, asked + pause - clock().getTime())
}
