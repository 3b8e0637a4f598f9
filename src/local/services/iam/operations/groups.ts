// Groups and who is in them.

import type { Group } from '../../../accounts/records.ts'
import { newId } from '../../../accounts/ids.ts'
import { alreadyExists, deleteConflict, quotaExceeded } from '../errors.ts'
import { cut, page, underPath } from '../paging.ts'
import { groupShape, userShape } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { findGroup, findUser, type IamHandler } from '../state.ts'

export const createGroup: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'Groups')
  if (state.groups.get(input.GroupName)) throw alreadyExists(`Group with name ${input.GroupName} already exists.`)
  if (state.groups.all().length >= most) throw quotaExceeded('GroupsPerAccount', most)
  const group: Group = {
    name: input.GroupName,
    path: input.Path ?? '/',
    id: newId('AGPA', state.account),
    created: clock().getTime(),
    attached: [],
    inline: {},
  }
  state.groups.put(group)
  return { Group: groupShape(state, group) }
}

export const getGroup: IamHandler = (input, { state }) => {
  const group = findGroup(state, input.GroupName)
  const { slice, ...rest } = cut(state.membersOf(group.name), input)
  return { Group: groupShape(state, group), Users: slice.map((user) => userShape(state, user)), ...rest }
}

export const listGroups: IamHandler = (input, { state }) =>
  page(underPath(state.groups.all(), input.PathPrefix), input, 'Groups', (group) => groupShape(state, group))

export const listGroupsForUser: IamHandler = (input, { state }) => {
  const groups = findUser(state, input.UserName).groups.map((name) => findGroup(state, name))
  return page(groups, input, 'Groups', (group) => groupShape(state, group))
}

export const updateGroup: IamHandler = (input, { state }) => {
  const group = findGroup(state, input.GroupName)
  const name: string = input.NewGroupName ?? group.name
  const other = state.groups.get(name)
  if (other && other.id !== group.id) throw alreadyExists(`Group with name ${name} already exists.`)
  for (const user of state.membersOf(group.name))
    state.users.update(user, { groups: user.groups.map((each) => (each === group.name ? name : each)) })
  state.groups.delete(group.name)
  state.groups.put({ ...group, name, path: input.NewPath ?? group.path })
}

export const deleteGroup: IamHandler = (input, { state }) => {
  const group = findGroup(state, input.GroupName)
  if (state.membersOf(group.name).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  if (group.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(group.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
  state.groups.delete(group.name)
}

export const addUserToGroup: IamHandler = (input, context) => {
  const { state } = context
  const most = quotaOf(context, 'GroupsPerUser')
  const group = findGroup(state, input.GroupName)
  const user = findUser(state, input.UserName)
  if (user.groups.includes(group.name)) return
  if (user.groups.length >= most) throw quotaExceeded('GroupsPerUser', most)
  state.users.update(user, { groups: [...user.groups, group.name] })
}

export const removeUserFromGroup: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  const group = findGroup(state, input.GroupName)
  state.users.update(user, { groups: user.groups.filter((name) => name !== group.name) })
}
