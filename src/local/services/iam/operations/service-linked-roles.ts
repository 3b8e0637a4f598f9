// Service-linked roles: roles that only their service can assume, change and free; they are deleted by a task.

import { newId } from '../../../accounts/ids.ts'
import type { Role } from '../../../accounts/records.ts'
import { invalidInput, noSuchEntity } from '../errors.ts'
import { newRole } from '../present.ts'
import { serviceLinkedRole } from '../service-linked-roles.ts'
import { findRole, isServiceLinked, type IamHandler } from '../state.ts'

export const createServiceLinkedRole: IamHandler = (input, { state, clock }) => {
  const service: string = input.AWSServiceName
  const suffix: string | undefined = input.CustomSuffix
  const known = serviceLinkedRole(service)
  if (!known) throw invalidInput(`${service} is not a service with a service-linked role that this program knows.`)
  if (suffix !== undefined && !known.suffixAllowed) throw invalidInput(`Custom suffix is not allowed for ${service}`)
  const name = suffix === undefined ? known.roleName : `${known.roleName}_${suffix}`
  if (state.roles.get(name))
    throw invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`)
  const role: Role = {
    name,
    path: `/aws-service-role/${service}/`,
    id: newId('AROA', state.account),
    created: clock().getTime(),
    tags: [],
    attached: [known.policyArn],
    inline: {},
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
    }),
    description: input.Description,
    maxSession: 3600,
  }
  state.roles.put(role)
  return { Role: { ...newRole(state, role), Description: role.description } }
}

/** Nothing in this world uses such a role yet, so the task is done at once. */
export const deleteServiceLinkedRole: IamHandler = (input, { state, clock }) => {
  const role = findRole(state, input.RoleName)
  if (!isServiceLinked(role))
    throw invalidInput(`Role ${role.name} is not a service-linked role and cannot be deleted using this operation.`)
  const service = role.path.split('/')[2]!
  const id = `task/aws-service-role/${service}/${role.name}/${crypto.randomUUID()}`
  state.roles.delete(role.name)
  state.jobs.put({ id, kind: 'role-deletion', subject: role.name, created: clock().getTime() })
  return { DeletionTaskId: id }
}

export const getServiceLinkedRoleDeletionStatus: IamHandler = (input, { state }) => {
  if (state.jobs.get(input.DeletionTaskId)?.kind !== 'role-deletion')
    throw noSuchEntity(`Deletion task ${input.DeletionTaskId} cannot be found.`)
  return { Status: 'SUCCEEDED' }
}
