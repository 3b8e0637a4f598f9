// Which action on which quota does an operation need? Those that name one tell conditions its service; templates are the
// business of the organization too.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html

import { quotaNamed } from '../../quotas/registry.ts'
import type { Permission } from '../../service.ts'
import type { QuotaContext } from './state.ts'

/** With a quota as their resource, and `servicequotas:service`. */
const aboutQuota = new Set([
  'GetServiceQuota',
  'RequestServiceQuotaIncrease',
  'ListRequestedServiceQuotaChangeHistoryByQuota',
  'PutServiceQuotaIncreaseRequestIntoTemplate',
  'GetServiceQuotaIncreaseRequestFromTemplate',
])

export function permissions(operation: string, input: any, context: QuotaContext): readonly Permission[] | undefined {
  if (!aboutQuota.has(operation)) return undefined
  const { ServiceCode: service, QuotaCode: code, AwsRegion } = input
  const region = quotaNamed(service, code)?.global ? '' : (AwsRegion ?? context.region)
  return [
    {
      action: `servicequotas:${operation}`,
      resource: `arn:aws:servicequotas:${region}:${context.account}:${service}/${code}`,
      context: { 'servicequotas:service': service },
    },
  ]
}
