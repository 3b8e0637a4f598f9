// As whom does Trusted Advisor look around? As the service-linked role that every account with a plan has.

import { Identities } from '../../accounts/identities.ts'
import { newId } from '../../accounts/ids.ts'
import type { ServiceCaller } from '../../service.ts'
import type { SupportState } from './state.ts'

const service = 'trustedadvisor.amazonaws.com'
const name = 'AWSServiceRoleForTrustedAdvisor'
const path = `/aws-service-role/${service}/`

/** The caller, whose role is made where it is not there yet. `now`: milliseconds. */
export function trustedAdvisor({ rows, account }: SupportState, now: number): ServiceCaller {
  const { roles } = new Identities(rows, account)
  if (!roles.get(name))
    roles.put({
      name,
      path,
      id: newId('AROA', account),
      created: now,
      tags: [],
      attached: ['arn:aws:iam::aws:policy/aws-service-role/AWSTrustedAdvisorServiceRolePolicy'],
      inline: {},
      trust: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
      }),
      maxSession: 3600,
    })
  const role = `arn:aws:iam::${account}:role${path}${name}`
  return { service, sourceArn: role, sourceAccount: account, role }
}
