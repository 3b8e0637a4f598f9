// What another account may do with a network interface: attach it to its instance, or give it an Elastic IP address.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import type { Ec2Handler } from '../state.ts'

export const createNetworkInterfacePermission: Ec2Handler = (input, { state }) => {
  need(input, 'Permission')
  const { NetworkInterfaceId } = state.interfaces.named(input)
  const Permission = oneOf('permission', input.Permission, ['INSTANCE-ATTACH', 'EIP-ASSOCIATE'])!
  const { AwsAccountId } = input
  if (AwsAccountId === undefined) throw missingParameter('AwsAccountId')
  if (!/^\d{12}$/.test(AwsAccountId)) throw invalidParameter('awsAccountId', AwsAccountId)
  const twice = state.interfacePermissions
    .all()
    .some(
      (each) =>
        each.NetworkInterfaceId === NetworkInterfaceId &&
        each.AwsAccountId === AwsAccountId &&
        each.Permission === Permission,
    )
  if (twice)
    throw new AwsError(
      'InvalidPermission.Duplicate',
      `The permission ${Permission} for ${NetworkInterfaceId} was given to ${AwsAccountId} before.`,
    )
  const permission = state.interfacePermissions.add({
    NetworkInterfaceId,
    AwsAccountId,
    Permission,
    PermissionState: { State: 'granted' },
  })
  return { InterfacePermission: permission }
}

export const describeNetworkInterfacePermissions: Ec2Handler = (input, { state }) =>
  describe(state.interfacePermissions, input, {
    ids: 'NetworkInterfacePermissionIds',
    list: 'NetworkInterfacePermissions',
    pages: [5, 255],
    filters: {
      'network-interface-permission.network-interface-permission-id': 'NetworkInterfacePermissionId',
      'network-interface-permission.network-interface-id': 'NetworkInterfaceId',
      'network-interface-permission.aws-account-id': 'AwsAccountId',
      'network-interface-permission.aws-service': 'AwsService',
      'network-interface-permission.permission': 'Permission',
    },
  })

export const deleteNetworkInterfacePermission: Ec2Handler = (input, { state }) => {
  state.interfacePermissions.delete(state.interfacePermissions.named(input))
  return { Return: true }
}
