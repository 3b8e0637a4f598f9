// Service Quotas: what an account may have, and asking for more.

import { defineService } from '../../service.ts'
import type { QuotaState } from './state.ts'
import * as listings from './operations/listings.ts'
import * as requests from './operations/requests.ts'

export const serviceQuotas = defineService<QuotaState>({
  name: 'service-quotas',
  scope: 'global',
  namespace: 'iam',
  state: (rows, { account }) => ({ rows, account }),
  // The reference names what each needs.
  permissions: () => undefined,
  operations: {
    CreateSupportCase: requests.createSupportCase,
    GetAWSDefaultServiceQuota: listings.getDefaultQuota,
    GetRequestedServiceQuotaChange: requests.getRequest,
    GetServiceQuota: listings.getQuota,
    ListAWSDefaultServiceQuotas: listings.listDefaultQuotas,
    ListRequestedServiceQuotaChangeHistory: requests.listRequests,
    ListRequestedServiceQuotaChangeHistoryByQuota: requests.listRequests,
    ListServiceQuotas: listings.listQuotas,
    ListServices: listings.listServices,
    RequestServiceQuotaIncrease: requests.requestIncrease,
  },
})
