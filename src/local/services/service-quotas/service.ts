// Service Quotas: what an account may have, and asking for more.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import type { QuotaState } from './state.ts'
import * as autoManagement from './operations/auto-management.ts'
import * as listings from './operations/listings.ts'
import * as reports from './operations/reports.ts'
import * as requests from './operations/requests.ts'
import * as tags from './operations/tags.ts'
import * as templates from './operations/templates.ts'
import { permissions } from './permissions.ts'

export const serviceQuotas = defineService<QuotaState>({
  name: 'service-quotas',
  scope: 'global',
  namespace: 'iam',
  state: (rows, { account }) => ({ rows, account }),
  permissions,
  operations: {
    ...handlersIn(autoManagement, reports, tags, templates),
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
