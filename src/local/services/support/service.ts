// Support: cases, and what Trusted Advisor says of service limits.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import * as advisor from './operations/advisor.ts'
import * as attachments from './operations/attachments.ts'
import * as cases from './operations/cases.ts'
import * as choices from './operations/choices.ts'
import { subscribed, subscribedSlowly, type SupportState } from './state.ts'

const { describeTrustedAdvisorCheckResult, describeTrustedAdvisorCheckSummaries, ...quickAdvisor } = advisor

export const support = defineService<SupportState>({
  name: 'support',
  scope: 'global',
  namespace: 'iam',
  state: (rows, { account }) => ({ rows, account }),
  // No action of Support has resources or conditions: the reference names what each needs.
  permissions: () => undefined,
  operations: subscribed(handlersIn(cases, attachments, choices, quickAdvisor)),
  slow: {
    DescribeTrustedAdvisorCheckResult: subscribedSlowly(describeTrustedAdvisorCheckResult),
    DescribeTrustedAdvisorCheckSummaries: subscribedSlowly(describeTrustedAdvisorCheckSummaries),
  },
})
