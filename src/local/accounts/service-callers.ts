// Who is a service of AWS when it acts on its own? A principal that only resource policies speak for, with the condition
// keys that tell on whose behalf it comes; or a role that trusts the service, taken on by it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn

import { AwsError } from '../../lib/errors.ts'
import type { Principal } from '../../policy/types.ts'
import type { Caller, ServiceCaller } from '../service.ts'
import type { Rows } from '../store/store.ts'
import { callerBySession } from './callers.ts'
import { Identities } from './identities.ts'
import { organizationKeys } from './organizations.ts'

/** Throws AccessDenied where the role it comes with is not there. `now`: milliseconds. */
export function serviceCaller(rows: Rows, by: ServiceCaller, now: number): Caller {
  const { service, sourceArn, sourceAccount, role } = by
  if (role !== undefined) return roleOf(rows, by, role, now)
  const organization = organizationKeys(rows, sourceAccount, 'principal')
  const context: Record<string, string | readonly string[]> = {
    'aws:principalisawsservice': 'true',
    'aws:principalservicename': service,
    'aws:principalservicenameslist': [service],
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': sourceAccount,
    // Alarms reach topics whose default policy asks for it; other services do not tell it.
    ...(service === 'cloudwatch.amazonaws.com' && { 'aws:sourceowner': sourceAccount }),
  }
  for (const of of ['orgid', 'orgpaths']) {
    const value = organization[`aws:principal${of}`]
    if (value !== undefined) context[`aws:source${of}`] = value
  }
  return { principal: servicePrincipal(service), accountId: '', context }
}

/** As policies name it: `sns.amazonaws.com`. */
export function servicePrincipal(service: string): Principal {
  return { type: 'Service', accountId: '', arn: service, principalArn: '', userId: '', serviceName: service }
}

/** The service's session of a role, as AssumeRole would have given it. */
function roleOf(rows: Rows, { service, sourceAccount }: ServiceCaller, arn: string, now: number): Caller {
  const role = new Identities(rows, sourceAccount).roles.get(arn.split('/').at(-1)!)
  const caller =
    role &&
    callerBySession(
      rows,
      {
        kind: 'AssumeRole',
        accountId: sourceAccount,
        principalId: role.id,
        principalName: role.name,
        sessionName: service.split('.')[0]!,
        issued: now,
        expires: now + 3_600_000,
      },
      'ASIAAWSSERVICE000000',
    )
  if (!caller) throw new AwsError('AccessDenied', `${service} cannot assume ${arn}`, { status: 403 })
  return caller
}
