// Elastic IP addresses.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, limitExceeded, missingParameter, need } from '../errors.ts'
import { associate, disassociate, newPublicIp } from '../interfaces.ts'
import type { Address, NetworkInterface } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

export const allocateAddress: Ec2Handler = (input, context) => {
  const { state } = context
  if (input.Domain !== undefined && input.Domain !== 'vpc' && input.Domain !== 'standard')
    throw invalidParameter('domain', input.Domain)
  if (input.IpamPoolId !== undefined)
    throw new AwsError('NotImplemented', 'The local AWS has no addresses of IPAM pools yet.', { status: 501 })
  if (input.Domain === 'standard') throw new AwsError('UnsupportedOperation', 'EC2-Classic is not supported.')
  const all = state.addresses.all()
  if (all.length >= context.quota('ec2', 'L-0263D0A3'))
    throw limitExceeded('AddressLimitExceeded', 'The maximum number of addresses has been reached.')
  if (input.Address !== undefined && all.some((each) => each.PublicIp === input.Address))
    throw new AwsError('InvalidAddress.InUse', `Address '${input.Address}' is in use.`)
  const address = state.addresses.add({
    PublicIp: input.Address ?? newPublicIp(),
    Domain: 'vpc',
    PublicIpv4Pool: input.PublicIpv4Pool ?? 'amazon',
    NetworkBorderGroup: input.NetworkBorderGroup ?? state.region,
    Tags: tagsFor(input, 'elastic-ip'),
  })
  const { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup } = address
  return { AllocationId, PublicIp, Domain, PublicIpv4Pool, NetworkBorderGroup }
}

function addressIn(input: { AllocationId?: string; PublicIp?: string }, state: Ec2): Address {
  const { AllocationId, PublicIp } = input
  if (AllocationId !== undefined && PublicIp !== undefined)
    throw badCombination('You may specify public IP or allocation id, but not both in the same call')
  if (AllocationId !== undefined) return state.addresses.find(AllocationId)
  if (PublicIp === undefined) throw missingParameter('allocationId')
  const found = state.addresses.all().find((each) => each.PublicIp === PublicIp)
  if (!found) throw addressNotFound(PublicIp)
  return found
}

function addressNotFound(ip: string): AwsError {
  return new AwsError('InvalidAddress.NotFound', `Address '${ip}' not found.`)
}

export const releaseAddress: Ec2Handler = (input, { state }) => {
  const address = addressIn(input, state)
  if (address.AssociationId !== undefined)
    throw new AwsError('InvalidIPAddress.InUse', `Address ${address.PublicIp} is in use.`)
  state.addresses.delete(address)
}

export const associateAddress: Ec2Handler = (input, { state }) => {
  const address = addressIn(input, state)
  const found = interfaceIn(input, state)
  const privateIp: string = input.PrivateIpAddress ?? found.PrivateIpAddress
  const target = found.PrivateIpAddresses.find((each) => each.PrivateIpAddress === privateIp)
  if (!target) throw invalidParameter('privateIpAddress', privateIp)
  // Taking it from elsewhere is the rule, unless it is forbidden.
  if (address.AssociationId !== undefined) {
    if (input.AllowReassociation === false)
      throw new AwsError(
        'Resource.AlreadyAssociated',
        `resource ${address.AllocationId} is already associated with associate-id ${address.AssociationId}`,
      )
    disassociate(state, address)
  }
  const current = target.Association?.AllocationId
  if (current !== undefined && current !== address.AllocationId) {
    const other = state.addresses.get(current)
    if (other && input.AllowReassociation === false)
      throw new AwsError(
        'Resource.AlreadyAssociated',
        `resource ${found.NetworkInterfaceId} is already associated with associate-id ${other.AssociationId}`,
      )
    if (other) disassociate(state, other)
  }
  return { AssociationId: associate(state, address, state.interfaces.find(found.NetworkInterfaceId), privateIp) }
}

function interfaceIn(input: any, state: Ec2): NetworkInterface {
  if (input.NetworkInterfaceId !== undefined) return state.interfaces.named(input)
  if (input.InstanceId === undefined) throw missingParameter('instanceId')
  const instance = state.instances.named(input)
  const { Name } = instance.State
  if (!['running', 'stopped', 'stopping', 'pending'].includes(Name))
    throw new AwsError(
      'InvalidInstanceID',
      `The ${Name} instance '${instance.InstanceId}' is not in a valid state for this operation.`,
    )
  if (instance.interfaces.length > 1)
    throw new AwsError(
      'InvalidInstanceID',
      `There are multiple interfaces attached to instance '${instance.InstanceId}'. Please specify an interface ID for the operation instead.`,
    )
  return state.interfaces.find(instance.interfaces[0]!)
}

export const disassociateAddress: Ec2Handler = (input, { state }) => {
  const { AssociationId, PublicIp } = input
  if (AssociationId === undefined) {
    const address = addressIn({ PublicIp }, state)
    if (address.AssociationId === undefined)
      throw new AwsError('InvalidAssociationID.NotFound', `Address '${PublicIp}' is not associated.`)
    return disassociate(state, address)
  }
  const address = state.addresses.all().find((each) => each.AssociationId === AssociationId)
  if (!address)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${AssociationId}' does not exist`)
  disassociate(state, address)
}

const filters = {
  'allocation-id': 'AllocationId',
  'association-id': 'AssociationId',
  domain: 'Domain',
  'instance-id': 'InstanceId',
  'network-border-group': 'NetworkBorderGroup',
  'network-interface-id': 'NetworkInterfaceId',
  'network-interface-owner-id': 'NetworkInterfaceOwnerId',
  'private-ip-address': 'PrivateIpAddress',
  'public-ip': 'PublicIp',
}

export const describeAddresses: Ec2Handler = (input, { state }) => {
  const ips: string[] = input.PublicIps ?? []
  const all = state.addresses.all()
  for (const ip of ips) if (!all.some((each) => each.PublicIp === ip)) throw addressNotFound(ip)
  const listed = ips.length > 0 ? all.filter((each) => ips.includes(each.PublicIp)) : all
  return describe({ all: () => listed, findAll: (ids) => state.addresses.findAll(ids) }, input, {
    ids: 'AllocationIds',
    list: 'Addresses',
    filters,
  })
}

export const describeAddressesAttribute: Ec2Handler = (input, { state }) => {
  const ids: string[] | undefined = input.AllocationIds
  const found = ids?.length ? state.addresses.findAll(ids) : state.addresses.all()
  return {
    Addresses: found.map(({ PublicIp, AllocationId, ptr }) => ({
      PublicIp,
      AllocationId,
      ...(ptr !== undefined && { PtrRecord: ptr }),
    })),
  }
}

export const modifyAddressAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'DomainName')
  const address = state.addresses.named(input)
  const ptr = `${String(input.DomainName).replace(/\.$/, '')}.`
  state.addresses.update(address, { ptr })
  return { Address: { PublicIp: address.PublicIp, AllocationId: address.AllocationId, PtrRecord: ptr } }
}

export const resetAddressAttribute: Ec2Handler = (input, { state }) => {
  const address = state.addresses.named(input)
  delete address.ptr
  state.addresses.put(address)
  return { Address: { PublicIp: address.PublicIp, AllocationId: address.AllocationId } }
}
