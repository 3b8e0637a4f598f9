// Permissions boundaries of users and roles.

import { noSuchEntity } from '../errors.ts'
import { boundaryIn, findOwnRole, findUser, type IamHandler } from '../state.ts'

export const putUserPermissionsBoundary: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  state.users.update(user, { boundary: boundaryIn(state, input.PermissionsBoundary) })
}

export const deleteUserPermissionsBoundary: IamHandler = (input, { state }) => {
  const user = findUser(state, input.UserName)
  if (user.boundary === undefined) throw noBoundary(`user ${user.name}`)
  state.users.update(user, { boundary: undefined })
}

export const putRolePermissionsBoundary: IamHandler = (input, { state }) => {
  const role = findOwnRole(state, input.RoleName)
  state.roles.update(role, { boundary: boundaryIn(state, input.PermissionsBoundary) })
}

export const deleteRolePermissionsBoundary: IamHandler = (input, { state }) => {
  const role = findOwnRole(state, input.RoleName)
  if (role.boundary === undefined) throw noBoundary(`role ${role.name}`)
  state.roles.update(role, { boundary: undefined })
}

function noBoundary(holder: string): Error {
  return noSuchEntity(`No permissions boundary is attached to ${holder}.`)
}
