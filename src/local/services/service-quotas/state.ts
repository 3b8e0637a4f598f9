// The quotas of an account, and how to find one or say that there is none.

import { AwsError } from '../../../lib/errors.ts'
import { quotasIn, valueOf, type AccountQuotas } from '../../quotas/applied.ts'
import { quotaNamed, quotas, serviceNames, type Quota } from '../../quotas/registry.ts'
import type { CallContext, Handler } from '../../service.ts'
import { settingsIn } from '../../settings.ts'
import type { Rows } from '../../store/store.ts'

export interface QuotaState {
  readonly rows: Rows
  readonly account: string
}

export type QuotaHandler = Handler<QuotaState>
export type QuotaContext = CallContext & { readonly state: QuotaState }

export function quotasOf({ state, clock }: QuotaContext): AccountQuotas {
  return quotasIn(state.rows, state.account, clock().getTime(), settingsIn(state.rows).quotas)
}

export function noSuchResource(message: string): AwsError {
  return new AwsError('NoSuchResourceException', message)
}

export function illegalArgument(message: string): AwsError {
  return new AwsError('IllegalArgumentException', message)
}

/** Global quotas are asked for in us-east-1 only. */
function isHere({ global }: Quota, region: string): boolean {
  return !global || region === 'us-east-1'
}

export function ofService(service: string, region: string): readonly Quota[] {
  if (!Object.hasOwn(serviceNames, service))
    throw noSuchResource(
      'This service is not available in the current Region. Choose a different Region or a different service.',
    )
  return quotas().filter((quota) => quota.service === service && isHere(quota, region))
}

export function findQuota(service: string, code: string, region: string): Quota {
  if (!Object.hasOwn(serviceNames, service))
    throw noSuchResource('The request failed because the specified service does not exist.')
  const quota = quotaNamed(service, code)
  if (!quota || !isHere(quota, region))
    throw noSuchResource('The request failed because the specified quota does not exist for the service.')
  return quota
}

/** `account`: '' for AWS's default, whose ARN names none. */
export function arnOf({ service, code, global }: Quota, region: string, account: string): string {
  return `arn:aws:servicequotas:${global ? '' : region}:${account}:${service}/${code}`
}

export function quotaShape(quota: Quota, { region, account }: CallContext, applied?: AccountQuotas): object {
  return {
    ServiceCode: quota.service,
    ServiceName: serviceNames[quota.service],
    QuotaArn: arnOf(quota, region, applied ? account : ''),
    QuotaCode: quota.code,
    QuotaName: quota.name,
    Value: applied ? valueOf(applied, quota, region) : quota.value,
    Unit: quota.unit,
    Adjustable: quota.most !== undefined,
    GlobalQuota: quota.global,
    ...(quota.usage && {
      UsageMetric: {
        MetricNamespace: 'AWS/Usage',
        MetricName: 'ResourceCount',
        MetricDimensions: quota.usage,
        MetricStatisticRecommendation: 'Maximum',
      },
    }),
    ...(applied && { QuotaAppliedAtLevel: 'ACCOUNT' }),
  }
}

/** A page of a list; the token is the place to go on from. */
export function page<T>(all: readonly T[], input: { MaxResults?: number; NextToken?: string }, member: string): object {
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken)
  if (!Number.isInteger(start) || start < 0 || start > all.length)
    throw new AwsError('InvalidPaginationTokenException', 'The pagination token is invalid.')
  const end = start + (input.MaxResults ?? 100)
  return { [member]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) }
}
