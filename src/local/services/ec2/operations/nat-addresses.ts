// More addresses for a NAT gateway: public ones with Elastic IP addresses, private ones for more connections at once.

import { AwsError } from '../../../../lib/errors.ts'
import { badCombination, need } from '../errors.ts'
import { associate, disassociate, FreeAddresses } from '../interfaces.ts'
import type { NatGateway, NetworkInterface } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'

function gatewayIn(state: Ec2, input: any, type: 'public' | 'private'): { gateway: NatGateway; own: NetworkInterface } {
  const gateway = state.natGateways.named(input)
  if (gateway.ConnectivityType !== type)
    throw new AwsError('InvalidParameter', `The NAT gateway ${gateway.NatGatewayId} is ${gateway.ConnectivityType}.`)
  if (gateway.State !== 'available')
    throw new AwsError('IncorrectState', `The NAT gateway ${gateway.NatGatewayId} is ${gateway.State}.`)
  return { gateway, own: state.interfaces.find(gateway.NatGatewayAddresses[0]!.NetworkInterfaceId) }
}

/** Takes private addresses on the gateway's interface: those that are named, or so many. */
function take(state: Ec2, own: NetworkInterface, named: readonly string[], count: number): string[] {
  const free = new FreeAddresses(state, state.subnets.find(own.SubnetId))
  const taken = Array.from({ length: count }, (_, at) =>
    named[at] === undefined ? free.take() : free.takeThis(named[at]),
  )
  const added = taken.map((PrivateIpAddress) => ({ Primary: false, PrivateIpAddress }))
  state.interfaces.update(own, { PrivateIpAddresses: [...own.PrivateIpAddresses, ...added] })
  return taken
}

function drop(state: Ec2, own: NetworkInterface, addresses: readonly string[]): void {
  state.interfaces.update(own, {
    PrivateIpAddresses: own.PrivateIpAddresses.filter((each) => !addresses.includes(each.PrivateIpAddress)),
  })
}

function answer({ NatGatewayId }: NatGateway, addresses: NatGateway['NatGatewayAddresses'], Status: string): object {
  return { NatGatewayId, NatGatewayAddresses: addresses.map((each) => ({ ...each, Status })) }
}

export const associateNatGatewayAddress: Ec2Handler = (input, { state }) => {
  need(input, 'AllocationIds')
  const { gateway, own } = gatewayIn(state, input, 'public')
  const addresses = state.addresses.findAll(input.AllocationIds)
  const taken = addresses.find((each) => each.AssociationId !== undefined)
  if (taken)
    throw new AwsError('Resource.AlreadyAssociated', `Elastic IP address [${taken.AllocationId}] is already associated`)
  const named: string[] = input.PrivateIpAddresses ?? []
  if (named.length > 0 && named.length !== addresses.length)
    throw badCombination('There must be as many private IP addresses as allocation IDs.')
  const inside = take(state, own, named, addresses.length)
  const added = addresses.map((address, at) => ({
    AllocationId: address.AllocationId,
    PublicIp: address.PublicIp,
    AssociationId: associate(state, address, state.interfaces.find(own.NetworkInterfaceId), inside[at]!),
    NetworkInterfaceId: own.NetworkInterfaceId,
    PrivateIp: inside[at]!,
    IsPrimary: false,
    Status: 'succeeded',
  }))
  state.natGateways.update(gateway, { NatGatewayAddresses: [...gateway.NatGatewayAddresses, ...added] })
  return answer(gateway, added, 'associating')
}

export const disassociateNatGatewayAddress: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationIds')
  const { gateway, own } = gatewayIn(state, input, 'public')
  const gone = gateway.NatGatewayAddresses.filter((each) => input.AssociationIds.includes(each.AssociationId))
  const unknown = input.AssociationIds.find((id: string) => !gone.some((each) => each.AssociationId === id))
  if (unknown !== undefined)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${unknown}' does not exist`)
  if (gone.some((each) => each.IsPrimary))
    throw new AwsError('InvalidParameter', 'The primary address of a NAT gateway cannot be disassociated.')
  for (const { AllocationId } of gone) {
    const address = state.addresses.get(AllocationId ?? '')
    if (address) disassociate(state, address)
  }
  drop(
    state,
    state.interfaces.find(own.NetworkInterfaceId),
    gone.map((each) => each.PrivateIp),
  )
  state.natGateways.update(gateway, {
    NatGatewayAddresses: gateway.NatGatewayAddresses.filter((each) => !gone.includes(each)),
  })
  return answer(gateway, gone, 'disassociating')
}

export const assignPrivateNatGatewayAddress: Ec2Handler = (input, { state }) => {
  const { gateway, own } = gatewayIn(state, input, 'private')
  const named: string[] = input.PrivateIpAddresses ?? []
  if (named.length > 0 && input.PrivateIpAddressCount !== undefined)
    throw badCombination('Either the private IP addresses or their count can be specified.')
  const added = take(state, own, named, named.length || (input.PrivateIpAddressCount ?? 1)).map((PrivateIp) => ({
    NetworkInterfaceId: own.NetworkInterfaceId,
    PrivateIp,
    IsPrimary: false,
    Status: 'succeeded',
  }))
  state.natGateways.update(gateway, { NatGatewayAddresses: [...gateway.NatGatewayAddresses, ...added] })
  return answer(gateway, added, 'assigning')
}

export const unassignPrivateNatGatewayAddress: Ec2Handler = (input, { state }) => {
  need(input, 'PrivateIpAddresses')
  const { gateway, own } = gatewayIn(state, input, 'private')
  const given: string[] = input.PrivateIpAddresses
  const gone = gateway.NatGatewayAddresses.filter((each) => given.includes(each.PrivateIp) && !each.IsPrimary)
  if (gone.length < given.length)
    throw new AwsError('InvalidParameter', 'Only secondary addresses of the NAT gateway can be unassigned.')
  drop(state, own, given)
  state.natGateways.update(gateway, {
    NatGatewayAddresses: gateway.NatGatewayAddresses.filter((each) => !gone.includes(each)),
  })
  return answer(gateway, gone, 'unassigning')
}
