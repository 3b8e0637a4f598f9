// Instance profiles: the folder in which a role is handed to an instance; one role each.

import type { InstanceProfile } from '../../../accounts/records.ts'
import { newId } from '../../../accounts/ids.ts'
import { alreadyExists, deleteConflict, noSuchEntity, quotaExceeded } from '../errors.ts'
import { page, underPath } from '../paging.ts'
import { profileShape, tagsShape } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { findProfile, findRole, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const createInstanceProfile: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'InstanceProfiles')
  const name: string = input.InstanceProfileName
  if (state.profiles.get(name)) throw alreadyExists(`Instance Profile ${name} already exists.`)
  if (state.profiles.all().length >= most) throw quotaExceeded('InstanceProfilesPerAccount', most)
  const profile: InstanceProfile = {
    name,
    path: input.Path ?? '/',
    id: newId('AIPA', state.account),
    created: clock().getTime(),
    tags: checkedTags(input.Tags ?? []),
  }
  state.profiles.put(profile)
  return { InstanceProfile: { ...profileShape(state, profile), Tags: tagsShape(profile.tags) } }
}

export const getInstanceProfile: IamHandler = (input, { state }) => {
  const profile = findProfile(state, input.InstanceProfileName)
  return { InstanceProfile: { ...profileShape(state, profile), Tags: profile.tags } }
}

export const listInstanceProfiles: IamHandler = (input, { state }) =>
  page(underPath(state.profiles.all(), input.PathPrefix), input, 'InstanceProfiles', (each) =>
    profileShape(state, each),
  )

export const listInstanceProfilesForRole: IamHandler = (input, { state }) => {
  const role = findRole(state, input.RoleName)
  const profiles = state.profiles.all().filter((profile) => profile.role === role.name)
  return page(profiles, input, 'InstanceProfiles', (profile) => profileShape(state, profile))
}

export const addRoleToInstanceProfile: IamHandler = (input, { state }) => {
  const profile = findProfile(state, input.InstanceProfileName)
  const role = findRole(state, input.RoleName)
  if (profile.role !== undefined) throw quotaExceeded('InstanceSessionsPerInstanceProfile', 1)
  state.profiles.update(profile, { role: role.name })
}

export const removeRoleFromInstanceProfile: IamHandler = (input, { state }) => {
  const profile = findProfile(state, input.InstanceProfileName)
  const role = findRole(state, input.RoleName)
  if (profile.role !== role.name) throw noSuchEntity(`The role with name ${input.RoleName} cannot be found.`)
  state.profiles.update(profile, { role: undefined })
}

export const deleteInstanceProfile: IamHandler = (input, { state }) => {
  const profile = findProfile(state, input.InstanceProfileName)
  if (profile.role !== undefined)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  state.profiles.delete(profile.name)
}
