// The instance profile of an instance: associated, replaced, taken away.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { missingParameter, need } from '../errors.ts'
import { profileOf } from '../learned.ts'
import type { Instance } from '../records.ts'
import { moment, newId } from '../ids.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'

function shown(instance: Instance, State?: string): object {
  const { id, state, at } = instance.profileAssociation!
  return {
    AssociationId: id,
    InstanceId: instance.InstanceId,
    IamInstanceProfile: instance.IamInstanceProfile,
    State: State ?? state,
    Timestamp: at,
  }
}

function associate(context: Ec2Context, instance: Instance, named: { Arn?: string; Name?: string }): object {
  const { state } = context
  const profile = profileOf(context, named)
  if (!profile) throw missingParameter('IamInstanceProfile')
  state.instances.update(instance, {
    IamInstanceProfile: { Arn: profile.arn, Id: profile.id },
    profileAssociation: { id: newId('iip-assoc'), state: 'associated', at: moment(state.now) },
  })
  return { IamInstanceProfileAssociation: shown(instance, 'associating') }
}

export const associateIamInstanceProfile: Ec2Handler = (input, context) => {
  need(input, 'IamInstanceProfile')
  const instance = context.state.instances.named(input)
  if (instance.profileAssociation)
    throw new AwsError('IncorrectState', `There is an existing association for instance ${instance.InstanceId}`)
  if (!['running', 'stopped', 'pending', 'stopping'].includes(instance.State.Name))
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${instance.InstanceId}' is not in the 'running' or 'stopped' state.`,
    )
  return associate(context, instance, input.IamInstanceProfile)
}

function withAssociation(state: Ec2, id: string): Instance {
  const found = state.instances.all().find((each) => each.profileAssociation?.id === id)
  if (found) return found
  throw new AwsError('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`)
}

export const replaceIamInstanceProfileAssociation: Ec2Handler = (input, context) => {
  need(input, 'AssociationId', 'IamInstanceProfile')
  return associate(context, withAssociation(context.state, input.AssociationId), input.IamInstanceProfile)
}

export const disassociateIamInstanceProfile: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId')
  const instance = withAssociation(state, input.AssociationId)
  const told = shown(instance, 'disassociating')
  delete instance.profileAssociation
  delete instance.IamInstanceProfile
  state.instances.put(instance)
  return { IamInstanceProfileAssociation: told }
}

export const describeIamInstanceProfileAssociations: Ec2Handler = (input, { state }) => {
  const table = {
    all: () => state.instances.all().filter((each) => each.profileAssociation),
    findAll: (ids: readonly string[]) => ids.map((id) => withAssociation(state, id)),
  }
  return describe<Instance>(table, input, {
    ids: 'AssociationIds',
    list: 'IamInstanceProfileAssociations',
    pages: [5, 1000],
    filters: { 'instance-id': 'InstanceId', state: 'State' },
    shown: (instance) => shown(instance),
  })
}
