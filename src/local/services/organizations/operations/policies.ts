// The policies of an organization, and what they are attached to. Those that control (SCPs, RCPs) bind every request of
// the accounts below; of the others is told what they come to, and they have no effect here.

import { AwsError } from '../../../../lib/errors.ts'
import { resourcePolicyProblem, validateIdentityPolicy } from '../../../../policy/validate.ts'
import {
  newOrganizationsId,
  type Organization,
  type OrganizationPolicy,
  type Organizations,
} from '../../../accounts/organizations.ts'
import {
  constraint,
  duplicateAttachment,
  duplicatePolicy,
  invalidInput,
  malformedPolicy,
  noEffectivePolicy,
  noPolicy,
  noTarget,
  notAttached,
  policyInUse,
  typeNotEnabled,
} from '../errors.ts'
import { page, policyShape, policySummary, targetArn } from '../present.ts'
import { quotas } from '../quotas.ts'
import { fullAccess, fullRcp, ofType } from '../attachments.ts'
import { effectivePolicy } from '../effective-policy.ts'
import { findTarget, managed, ownOrganization, type OrganizationsContext, type OrganizationsHandler } from '../state.ts'
import { checkedTags } from '../tags.ts'

export const createPolicy: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  checkContent(input.Type, input.Content)
  refuseTaken(state, organization, input.Type, input.Name)
  const policy: OrganizationPolicy = {
    id: newOrganizationsId('p', 8),
    organization: organization.id,
    name: input.Name,
    description: input.Description,
    type: input.Type,
    content: input.Content,
    managed: false,
    targets: [],
    tags: checkedTags(input.Tags ?? []),
    updated: context.clock().getTime(),
    made: state.nextIn(organization),
  }
  state.policies.put(policy)
  return policyShape(organization, policy)
}

export const describePolicy: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  return policyShape(organization, policyOf(context.state, organization, input.PolicyId))
}

export const updatePolicy: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const policy = ownPolicyOf(state, organization, input.PolicyId)
  if (input.Content !== undefined) checkContent(policy.type, input.Content)
  if (input.Name !== undefined && input.Name !== policy.name) refuseTaken(state, organization, policy.type, input.Name)
  state.policies.update(policy, {
    name: input.Name ?? policy.name,
    description: input.Description ?? policy.description,
    content: input.Content ?? policy.content,
    updated: context.clock().getTime(),
  })
  return policyShape(organization, policy)
}

export const deletePolicy: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const policy = ownPolicyOf(context.state, organization, input.PolicyId)
  if (policy.targets.length > 0) throw policyInUse()
  context.state.policies.delete(`${organization.id}/${policy.id}`)
}

export const listPolicies: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  return page(ofType(context.state, organization, input.Filter), input, 'Policies', (policy) =>
    policySummary(organization, policy),
  )
}

export const listPoliciesForTarget: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const { id } = findTarget(state, organization, input.TargetId)
  const attached = ofType(state, organization, input.Filter).filter((policy) => policy.targets.includes(id))
  return page(attached, input, 'Policies', (policy) => policySummary(organization, policy))
}

export const listTargetsForPolicy: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const policy = policyOf(state, organization, input.PolicyId)
  return page(policy.targets, input, 'Targets', (target) => {
    const { id, type, name } = findTarget(state, organization, target)
    return { TargetId: id, Arn: targetArn(organization, { id, type }), Name: name, Type: type }
  })
}

export const attachPolicy: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const policy = policyOf(state, organization, input.PolicyId)
  const { id } = findTarget(state, organization, input.TargetId)
  if (!organization.policyTypes.includes(policy.type)) throw typeNotEnabled()
  if (policy.targets.includes(id)) throw duplicateAttachment()
  const most = quotas.PoliciesPerTarget[policy.type] ?? quotas.OtherPoliciesPerTarget
  if (ofType(state, organization, policy.type).filter((each) => each.targets.includes(id)).length >= most)
    throw constraint(
      'You have attached the maximum number of policies of the specified type to the specified target.',
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    )
  state.policies.update(policy, {
    targets: [...policy.targets, id],
    attached: { ...policy.attached, [id]: afterOthers(context, organization) },
  })
}

/** Which policy was attached first counts, also of those of one millisecond. */
function afterOthers({ state, clock }: OrganizationsContext, organization: Organization): number {
  const moments = state.policiesOf(organization).flatMap(({ attached = {} }) => Object.values(attached))
  return Math.max(clock().getTime(), ...moments.map((moment) => moment + 1))
}

/** The management policies of a type that an account inherits, and its own, merged into one. */
export const describeEffectivePolicy: OrganizationsHandler = ({ PolicyType, TargetId }, context) => {
  const { state, account } = context
  const target = TargetId ?? account
  const organization = target === account ? ownOrganization(context) : managed(context)
  const member = state.members.get(target)
  if (member?.organization !== organization.id) throw noTarget()
  const policies = organization.policyTypes.includes(PolicyType) ? ofType(state, organization, PolicyType) : []
  const levels = state.levelsOf(organization, target).map((level) => {
    const here = policies.filter(({ targets }) => targets.includes(level))
    return here.map((policy) => ({ policy, at: policy.attached?.[level] ?? 0 })).toSorted((a, b) => a.at - b.at)
  })
  const changes = levels.flat().flatMap(({ policy, at }) => [at, policy.updated ?? 0])
  if (changes.length === 0) throw noEffectivePolicy()
  return {
    EffectivePolicy: {
      PolicyContent: JSON.stringify(effectivePolicy(levels.map((level) => level.map(({ policy }) => policy.content)))),
      LastUpdatedTimestamp: new Date(Math.max(member.since, ...changes)),
      TargetId: target,
      PolicyType,
    },
  }
}

export const detachPolicy: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const policy = policyOf(state, organization, input.PolicyId)
  const { id } = findTarget(state, organization, input.TargetId)
  if (!policy.targets.includes(id)) throw notAttached()
  const last = ofType(state, organization, policy.type).filter((each) => each.targets.includes(id)).length === 1
  if (policy.id === fullRcp || (policy.type === 'SERVICE_CONTROL_POLICY' && last))
    throw constraint(
      'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    )
  state.policies.update(policy, { targets: policy.targets.filter((target) => target !== id) })
}

function policyOf(state: Organizations, organization: Organization, id: string): OrganizationPolicy {
  const known = state.policy(organization, id)
  const types = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']
  const policy = known ?? types.map((type) => fullAccess(organization, type)).find((full) => full?.id === id)
  if (!policy) throw noPolicy()
  return policy
}

function ownPolicyOf(state: Organizations, organization: Organization, id: string): OrganizationPolicy {
  const policy = policyOf(state, organization, id)
  if (policy.managed) throw invalidInput('You specified an immutable policy.', 'IMMUTABLE_POLICY')
  return policy
}

function refuseTaken(state: Organizations, organization: Organization, type: string, name: string): void {
  if (ofType(state, organization, type).some((policy) => policy.name === name)) throw duplicatePolicy()
}

function checkContent(type: string, content: string): void {
  if (content.length > (quotas.PolicySize[type] ?? quotas.OtherPolicySize))
    throw constraint('You have exceeded the maximum policy content length.', 'POLICY_CONTENT_LIMIT_EXCEEDED')
  if (type === 'SERVICE_CONTROL_POLICY') {
    try {
      validateIdentityPolicy(content)
    } catch (error) {
      throw error instanceof AwsError ? malformedPolicy() : error
    }
  } else if (type === 'RESOURCE_CONTROL_POLICY') {
    if (resourcePolicyProblem(content) !== undefined || !isRestricting(content)) throw malformedPolicy()
  } else if (!isObject(content)) throw malformedPolicy()
}

/** Resource control policies of one's own may only deny, everybody, named actions. */
function isRestricting(content: string): boolean {
  const { Statement } = JSON.parse(content) as { Statement: Record<string, unknown> | Record<string, unknown>[] }
  return [Statement].flat().every(({ Effect, Principal, Action }) => {
    const anybody = Principal === '*' || JSON.stringify(Principal) === '{"AWS":"*"}'
    return Effect === 'Deny' && anybody && Action !== undefined && ![Action].flat().includes('*')
  })
}

function isObject(content: string): boolean {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
