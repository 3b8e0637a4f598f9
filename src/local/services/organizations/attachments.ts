// What is a policy attached to? And which does AWS attach itself: full access, so that switching on a type of control
// policies forbids nothing.

import type { Organization, OrganizationPolicy, Organizations } from '../../accounts/organizations.ts'

const fullScp = 'p-FullAWSAccess'
export const fullRcp = 'p-RCPFullAWSAccess'

/** Undefined for a type that AWS has no such policy for. */
export function fullAccess({ id }: Organization, type: string): OrganizationPolicy | undefined {
  const isScp = type === 'SERVICE_CONTROL_POLICY'
  if (!isScp && type !== 'RESOURCE_CONTROL_POLICY') return undefined
  const statement = { Effect: 'Allow', ...(isScp ? {} : { Principal: '*' }), Action: '*', Resource: '*' }
  return {
    id: isScp ? fullScp : fullRcp,
    organization: id,
    name: isScp ? 'FullAWSAccess' : 'RCPFullAWSAccess',
    description: isScp ? 'Allows access to every operation' : 'Allows access to every resource',
    type,
    content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2),
    managed: true,
    targets: [],
    tags: [],
  }
}

export function attachEverywhere(state: Organizations, organization: Organization, policy: OrganizationPolicy): void {
  const everything = [...state.unitsOf(organization), ...state.membersOf(organization)].map(({ id }) => id)
  state.policies.put({ ...policy, targets: [organization.root, ...everything] })
}

export function detachEverywhere(state: Organizations, organization: Organization, type: string): void {
  for (const policy of state.policiesOf(organization))
    if (policy.type === type) state.policies.update(policy, { targets: [] })
}

/** For an account or unit that is new. */
export function attachFullAccess(state: Organizations, organization: Organization, target: string): void {
  for (const type of organization.policyTypes) {
    const full = fullAccess(organization, type)
    const policy = full && state.policy(organization, full.id)
    if (policy) state.policies.update(policy, { targets: [...policy.targets, target] })
  }
}

/** For an account or unit that is gone. */
export function forgetTarget(state: Organizations, organization: Organization, target: string): void {
  for (const policy of state.policiesOf(organization))
    if (policy.targets.includes(target))
      state.policies.update(policy, { targets: policy.targets.filter((each) => each !== target) })
}

/** Of one type; those of AWS are there even while the type is switched off. */
export function ofType(state: Organizations, organization: Organization, type: string): OrganizationPolicy[] {
  const all = state.policiesOf(organization).filter((policy) => policy.type === type)
  const full = fullAccess(organization, type)
  return full && !all.some((policy) => policy.id === full.id) ? [full, ...all] : all
}
