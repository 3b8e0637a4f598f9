// Roles: create, find, list, change, delete.

import type { Role } from '../../../accounts/records.ts'
import { newId } from '../../../accounts/ids.ts'
import { checkedTrust } from '../documents.ts'
import { alreadyExists, deleteConflict, invalidInput, quotaExceeded } from '../errors.ts'
import { page, underPath } from '../paging.ts'
import { briefRole, newRole, roleShape, wholeRole } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { boundaryIn, findOwnRole, findRole, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createRole: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'Roles')
  if (input.Path?.startsWith('/aws-service-role/'))
    throw invalidInput(`Path ${input.Path} is reserved for service-linked roles.`)
  const trust = checkedTrust(context, input.AssumeRolePolicyDocument)
  if (state.roles.get(input.RoleName)) throw alreadyExists(`Role with name ${input.RoleName} already exists.`)
  if (state.roles.all().length >= most) throw quotaExceeded('RolesPerAccount', most)
  const role: Role = {
    name: input.RoleName,
    path: input.Path ?? '/',
    id: newId('AROA', state.account),
    created: clock().getTime(),
    tags: checkedTags(input.Tags ?? []),
    attached: [],
    inline: {},
    ...trust,
    description: input.Description,
    maxSession: input.MaxSessionDuration ?? 3600,
    boundary: input.PermissionsBoundary && boundaryIn(state, input.PermissionsBoundary),
  }
  state.roles.put(role)
  return { Role: newRole(state, role) }
}

export const getRole: IamHandler = (input, { state }) => ({ Role: wholeRole(state, findRole(state, input.RoleName)) })

export const listRoles: IamHandler = (input, { state }) =>
  page(underPath(state.roles.all(), input.PathPrefix), input, 'Roles', (role) => roleShape(state, role))

export const updateRole: IamHandler = (input, { state }) => {
  const role = findRole(state, input.RoleName)
  state.roles.update(role, {
    description: input.Description ?? role.description,
    maxSession: input.MaxSessionDuration ?? role.maxSession,
  })
  return {}
}

export const updateRoleDescription: IamHandler = (input, { state }) => {
  const role = state.roles.update(findRole(state, input.RoleName), { description: input.Description })
  return { Role: { ...briefRole(state, role), Description: role.description } }
}

export const updateAssumeRolePolicy: IamHandler = (input, context) => {
  const { state } = context
  const role = findOwnRole(state, input.RoleName)
  state.roles.update(role, checkedTrust(context, input.PolicyDocument))
}

export const deleteRole: IamHandler = (input, { state }) => {
  const role = findOwnRole(state, input.RoleName)
  if (state.profiles.all().some((profile) => profile.role === role.name))
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
  state.roles.delete(role.name)
}
