// Trusted Advisor, as far as service limits go: how near the account is to its quotas, in the region it is asked in.

import { AwsError } from '../../../../lib/errors.ts'
import { quotasIn, valueOf } from '../../../quotas/applied.ts'
import { quotaNamed } from '../../../quotas/registry.ts'
import { usageIn } from '../../../quotas/usage.ts'
import { settingsIn } from '../../../settings.ts'
import { trustedAdvisor } from '../advisor-role.ts'
import type { SlowSupportContext, SlowSupportHandler, SupportContext, SupportHandler } from '../state.ts'

interface Check {
  readonly id: string
  readonly name: string
  /** `iam/L-F4A5425F` */
  readonly quota: string
  /** Where the account's own records do not tell: what is listed, and the member that lists it. */
  readonly counts?: readonly [service: string, operation: string, member: string]
}

const checks: readonly Check[] = [
  { id: 'sU7XX0l7J9', name: 'IAM Group', quota: 'iam/L-F4A5425F' },
  { id: 'nO7SS0l7J9', name: 'IAM Instance Profiles', quota: 'iam/L-6E65F664' },
  { id: 'pR7UU0l7J9', name: 'IAM Policies', quota: 'iam/L-E95E4862' },
  { id: 'oQ7TT0l7J9', name: 'IAM Roles', quota: 'iam/L-FE177D64' },
  { id: 'rT7WW0l7J9', name: 'IAM Server Certificates', quota: 'iam/L-BF35879D' },
  { id: 'qS7VV0l7J9', name: 'IAM Users', quota: 'iam/L-F55AF5E4' },
  { id: 'jL7PP0l7J9', name: 'VPC', quota: 'vpc/L-F678F1CE', counts: ['ec2', 'DescribeVpcs', 'Vpcs'] },
  {
    id: 'kM7QQ0l7J9',
    name: 'VPC Internet Gateways',
    quota: 'vpc/L-A4707A72',
    counts: ['ec2', 'DescribeInternetGateways', 'InternetGateways'],
  },
  {
    id: 'lN7RR0l7J9',
    name: 'EC2-VPC Elastic IP Address',
    quota: 'ec2/L-0263D0A3',
    counts: ['ec2', 'DescribeAddresses', 'Addresses'],
  },
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
  readonly region: string
  readonly service: string
  readonly limitName: string
  readonly limit: number
  readonly used: number
}

/** Yellow from four fifths on, red when there is no more. */
async function findingOf({ id, quota: name, counts }: Check, context: SlowSupportContext): Promise<Finding> {
  const { account, region, clock } = context
  const now = clock().getTime()
  const [service, code] = name.split('/') as [string, string]
  const quota = quotaNamed(service, code)!
  const { limit, known, advisor } = await context.transaction((state) => {
    const applied = quotasIn(state.rows, account, now, settingsIn(state.rows).quotas)
    return {
      limit: valueOf(applied, quota, region),
      known: usageIn(state.rows, account).find((each) => each.service === service && each.code === code)?.used,
      advisor: counts && trustedAdvisor(state, now),
    }
  })
  const used = counts ? await listed(counts, advisor!, context) : known!
  return {
    checkId: id,
    timestamp: new Date(now).toISOString(),
    status: used >= limit ? 'error' : used > 0.8 * limit ? 'warning' : 'ok',
    region: quota.global ? '-' : region,
    service: service.toUpperCase(),
    limitName: quota.name,
    limit,
    used,
  }
}

async function listed(
  [service, operation, member]: NonNullable<Check['counts']>,
  advisor: ReturnType<typeof trustedAdvisor>,
  { account, region, callAs }: SlowSupportContext,
): Promise<number> {
  const answer = await callAs(advisor, service, operation, {}, { account, region })
  return ((answer[member] ?? []) as unknown[]).length
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

export const describeTrustedAdvisorCheckResult: SlowSupportHandler = async ({ checkId }, context) => {
  const finding = await findingOf(checkNamed(checkId), context)
  const { status, region, service, limitName, limit, used } = finding
  return {
    result: {
      ...summaryOf(finding),
      flaggedResources: [
        {
          status,
          region,
          resourceId: `${checkId}-${context.account}-${region}`,
          isSuppressed: false,
          metadata: [region, service, limitName, String(limit), String(used), colors[status]],
        },
      ],
    },
  }
}

export const describeTrustedAdvisorCheckSummaries: SlowSupportHandler = async ({ checkIds }, context) => {
  const summaries: object[] = []
  for (const id of checkIds as string[]) {
    const finding = await findingOf(checkNamed(id), context)
    summaries.push({ ...summaryOf(finding), hasFlaggedResources: finding.status !== 'ok' })
  }
  return { summaries }
}

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
