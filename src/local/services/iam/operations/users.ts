// Users: create, find, list, rename, delete.

import type { User } from '../../../accounts/records.ts'
import { newId } from '../../../accounts/ids.ts'
import { alreadyExists, deleteConflict, quotaExceeded } from '../errors.ts'
import { page, underPath } from '../paging.ts'
import { userShape, wholeSeconds, wholeUser } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { boundaryIn, findUser, userOrSelf, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createUser: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'Users')
  if (state.users.get(input.UserName)) throw alreadyExists(`User with name ${input.UserName} already exists.`)
  if (state.users.all().length >= most) throw quotaExceeded('UsersPerAccount', most)
  const user: User = {
    name: input.UserName,
    path: input.Path ?? '/',
    id: newId('AIDA', state.account),
    created: clock().getTime(),
    tags: checkedTags(input.Tags ?? []),
    groups: [],
    attached: [],
    inline: {},
    accessKeys: [],
    mfaDevices: [],
    boundary: input.PermissionsBoundary && boundaryIn(state, input.PermissionsBoundary),
  }
  state.users.put(user)
  return { User: wholeUser(state, user) }
}

export const getUser: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  if (user) return { User: wholeUser(context.state, user) }
  const { principal } = context.caller
  const CreateDate = wholeSeconds(context.state.settings().created)
  return {
    User: { Path: '/', UserName: principal.accountId, UserId: principal.accountId, Arn: principal.arn, CreateDate },
  }
}

export const listUsers: IamHandler = (input, { state }) =>
  page(underPath(state.users.all(), input.PathPrefix), input, 'Users', (user) => userShape(state, user))

export const updateUser: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  const name: string = input.NewUserName ?? user.name
  const other = state.users.get(name)
  if (other && other.id !== user.id) throw alreadyExists(`User with name ${name} already exists.`)
  state.users.delete(user.name)
  state.users.put({ ...user, name, path: input.NewPath ?? user.path })
  for (const id of user.accessKeys) {
    const key = state.keys.get(id)
    if (key) state.keys.put({ ...key, user: name })
  }
  for (const serial of user.mfaDevices) {
    const device = state.devices.get(serial)
    if (device) state.devices.put({ ...device, user: name })
  }
}

export const deleteUser: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  if (user.login) throw deleteConflict('Cannot delete entity, must delete login profile first.')
  if (user.accessKeys.length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.')
  if ((user.certificates ?? []).length > 0)
    throw deleteConflict('Cannot delete entity, must delete signing certificates first.')
  if ((user.sshKeys ?? []).length > 0 || (user.serviceCredentials ?? []).length > 0)
    throw deleteConflict('Cannot delete entity, must remove referenced objects first.')
  if (user.mfaDevices.length > 0) throw deleteConflict('Cannot delete entity, must delete MFA device first.')
  if (user.groups.length > 0) throw deleteConflict('Cannot delete entity, must remove users from group first.')
  if (user.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
  if (Object.keys(user.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
  state.users.delete(user.name)
}
