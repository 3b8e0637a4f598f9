// Which quotas are there, and what is each worth: by AWS's default, and for this account.

import { serviceNames } from '../../../quotas/registry.ts'
import { findQuota, ofService, page, quotaShape, quotasOf, type QuotaHandler } from '../state.ts'

export const listServices: QuotaHandler = (input) => {
  const services = Object.entries(serviceNames).map(([ServiceCode, ServiceName]) => ({ ServiceCode, ServiceName }))
  return page(services, input, 'Services')
}

export const listQuotas: QuotaHandler = (input, context) => {
  const applied = quotasOf(context)
  const wanted = ofService(input.ServiceCode, context.region).filter(
    // There are none of single resources here.
    ({ code }) =>
      (input.QuotaCode === undefined || code === input.QuotaCode) && input.QuotaAppliedAtLevel !== 'RESOURCE',
  )
  return page(
    wanted.map((quota) => quotaShape(quota, context, applied)),
    input,
    'Quotas',
  )
}

export const listDefaultQuotas: QuotaHandler = (input, context) =>
  page(
    ofService(input.ServiceCode, context.region).map((quota) => quotaShape(quota, context)),
    input,
    'Quotas',
  )

export const getQuota: QuotaHandler = (input, context) => ({
  Quota: quotaShape(findQuota(input.ServiceCode, input.QuotaCode, context.region), context, quotasOf(context)),
})

export const getDefaultQuota: QuotaHandler = (input, context) => ({
  Quota: quotaShape(findQuota(input.ServiceCode, input.QuotaCode, context.region), context),
})
