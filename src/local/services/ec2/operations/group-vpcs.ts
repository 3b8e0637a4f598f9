// Security groups in more VPCs than their own.

import { AwsError } from '../../../../lib/errors.ts'
import { listed } from '../describe.ts'
import { invalidValue } from '../errors.ts'
import type { SecurityGroup } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'

function groupIn(state: Ec2, input: any): SecurityGroup {
  const group = state.securityGroups.named(input)
  state.vpcs.named(input)
  return group
}

export const associateSecurityGroupVpc: Ec2Handler = (input, { state }) => {
  const group = groupIn(state, input)
  const { VpcId } = input
  if (group.VpcId === VpcId) throw invalidValue(`The security group ${group.GroupId} belongs to the VPC ${VpcId}.`)
  if (state.vpcs.find(group.VpcId).IsDefault && group.GroupName === 'default')
    throw invalidValue(`The default security group ${group.GroupId} cannot be associated with another VPC.`)
  if (!group.vpcs?.includes(VpcId)) state.securityGroups.update(group, { vpcs: [...(group.vpcs ?? []), VpcId] })
  return { State: 'associating' }
}

/** Not while an interface there uses it. */
export const disassociateSecurityGroupVpc: Ec2Handler = (input, { state }) => {
  const group = groupIn(state, input)
  const { VpcId } = input
  if (!group.vpcs?.includes(VpcId))
    throw new AwsError(
      'InvalidSecurityGroupVpcAssociation.NotFound',
      `The security group ${group.GroupId} is not associated with the VPC ${VpcId}.`,
    )
  const used = state.interfaces
    .all()
    .some((each) => each.VpcId === VpcId && each.Groups.some(({ GroupId }) => GroupId === group.GroupId))
  if (used) throw new AwsError('DependencyViolation', `resource ${group.GroupId} has a dependent object`)
  state.securityGroups.update(group, { vpcs: group.vpcs.filter((each) => each !== VpcId) })
  return { State: 'disassociating' }
}

export const describeSecurityGroupVpcAssociations: Ec2Handler = (input, { state }) => {
  const filters = {
    'group-id': 'GroupId',
    'group-owner-id': 'GroupOwnerId',
    state: 'State',
    'vpc-id': 'VpcId',
    'vpc-owner-id': 'VpcOwnerId',
  }
  const found = state.securityGroups.all().flatMap(({ GroupId, OwnerId, vpcs = [] }) =>
    vpcs.map((VpcId) => ({
      GroupId,
      VpcId,
      VpcOwnerId: state.account,
      State: 'associated',
      GroupOwnerId: OwnerId,
    })),
  )
  return listed(found, input, { list: 'SecurityGroupVpcAssociations', filters, pages: [5, 1000] })
}
