// Managed policies and their versions.

import { awsManagedPolicies } from '../../../accounts/aws-managed.ts'
import { newId } from '../../../accounts/ids.ts'
import type { ManagedPolicy, PolicyVersion } from '../../../accounts/records.ts'
import { checkedManaged } from '../documents.ts'
import { alreadyExists, deleteConflict, limitExceeded, quotaExceeded } from '../errors.ts'
import { cut, page, underPath } from '../paging.ts'
import { policyShape, tagsShape, versionShape } from '../present.ts'
import { quotaOf, quotas } from '../quotas.ts'
import { findOwnPolicy, findPolicy, allUses, noVersion, policyOfVersion, usesOf, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createPolicy: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'Policies')
  checkedManaged(input.PolicyDocument)
  const path: string = input.Path ?? '/'
  const name: string = input.PolicyName
  const all = state.policies.all()
  if (all.some((policy) => policy.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)
  if (all.length >= most) throw quotaExceeded('PoliciesPerAccount', most)
  const created = clock().getTime()
  const policy: ManagedPolicy = {
    arn: state.arn('policy', { path, name }),
    name,
    path,
    id: newId('ANPA', state.account),
    description: input.Description,
    created,
    updated: created,
    tags: checkedTags(input.Tags ?? [], 'policy'),
    default: 'v1',
    next: 2,
    versions: [{ id: 'v1', document: input.PolicyDocument, created }],
  }
  state.policies.put(policy)
  return { Policy: { ...policyShape(state, policy), Tags: tagsShape(policy.tags) } }
}

export const getPolicy: IamHandler = (input, { state }) => {
  const policy = findPolicy(state, input.PolicyArn)
  return { Policy: { ...policyShape(state, policy), Description: policy.description, Tags: policy.tags } }
}

export const listPolicies: IamHandler = (input, { state }) => {
  const own = input.Scope === 'AWS' ? [] : state.policies.all()
  const theirs = input.Scope === 'Local' ? [] : awsManagedPolicies()
  const uses = allUses(state)
  const wanted = underPath([...own, ...theirs], input.PathPrefix).filter((policy) => {
    const { attached, bounding } = uses(policy.arn)
    if (input.PolicyUsageFilter === 'PermissionsBoundary') return bounding > 0
    return !input.OnlyAttached || attached > 0
  })
  return page(wanted, input, 'Policies', (policy) => policyShape(state, policy, uses(policy.arn)))
}

export const deletePolicy: IamHandler = (input, { state }) => {
  const policy = findOwnPolicy(state, input.PolicyArn)
  const { attached, bounding } = usesOf(state, policy.arn)
  if (attached + bounding > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
  if (policy.versions.length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
        'The default version is deleted with the policy.',
    )
  state.policies.delete(policy.arn)
}

export const createPolicyVersion: IamHandler = (input, { state, clock }) => {
  checkedManaged(input.PolicyDocument)
  const policy = findOwnPolicy(state, input.PolicyArn)
  if (policy.versions.length >= quotas.VersionsPerPolicy)
    throw limitExceeded(
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    )
  const version: PolicyVersion = { id: `v${policy.next}`, document: input.PolicyDocument, created: clock().getTime() }
  const changes = { next: policy.next + 1, versions: [version, ...policy.versions], updated: version.created }
  state.policies.update(policy, input.SetAsDefault ? { ...changes, default: version.id } : changes)
  return { PolicyVersion: versionShape(policy, version, false) }
}

export const getPolicyVersion: IamHandler = (input, { state }) => {
  const policy = policyOfVersion(state, input.PolicyArn, input.VersionId)
  return { PolicyVersion: versionShape(policy, versionOf(policy, input.VersionId), true) }
}

export const listPolicyVersions: IamHandler = (input, { state }) => {
  const policy = findPolicy(state, input.PolicyArn)
  return page(policy.versions, input, 'Versions', (version) => versionShape(policy, version, false))
}

export const setDefaultPolicyVersion: IamHandler = (input, { state, clock }) => {
  const policy = state.policies.get(input.PolicyArn) ?? noVersion(input.PolicyArn, input.VersionId)
  state.policies.update(policy, { default: versionOf(policy, input.VersionId).id, updated: clock().getTime() })
}

export const deletePolicyVersion: IamHandler = (input, { state }) => {
  const policy = state.policies.get(input.PolicyArn) ?? noVersion(input.PolicyArn, input.VersionId)
  const version = versionOf(policy, input.VersionId)
  if (version.id === policy.default) throw deleteConflict('Cannot delete the default version of a policy.')
  state.policies.update(policy, { versions: policy.versions.filter((each) => each.id !== version.id) })
}

export const listEntitiesForPolicy: IamHandler = (input, { state }) => {
  const { arn } = findPolicy(state, input.PolicyArn)
  const wanted = (kind: string): boolean => input.EntityFilter === undefined || input.EntityFilter === kind
  const holds = (entity: { attached: string[]; boundary?: string }): boolean =>
    input.PolicyUsageFilter === 'PermissionsBoundary' ? entity.boundary === arn : entity.attached.includes(arn)
  const pick = <T extends { path: string; attached: string[] }>(kind: string, all: T[]): T[] =>
    wanted(kind) ? underPath(all, input.PathPrefix).filter(holds) : []

  const groups = pick('Group', state.groups.all()).map((g) => ({ PolicyGroups: { GroupName: g.name, GroupId: g.id } }))
  const users = pick('User', state.users.all()).map((u) => ({ PolicyUsers: { UserName: u.name, UserId: u.id } }))
  const roles = pick('Role', state.roles.all()).map((r) => ({ PolicyRoles: { RoleName: r.name, RoleId: r.id } }))
  const { slice, ...rest } = cut<Record<string, object>>([...groups, ...users, ...roles], input)
  const among = (member: string): object[] => slice.map((each) => each[member]).filter((each) => each !== undefined)
  return {
    PolicyGroups: among('PolicyGroups'),
    PolicyUsers: among('PolicyUsers'),
    PolicyRoles: among('PolicyRoles'),
    ...rest,
  }
}

function versionOf(policy: ManagedPolicy, id: string): PolicyVersion {
  return policy.versions.find((each) => each.id === id) ?? noVersion(policy.arn, id)
}
