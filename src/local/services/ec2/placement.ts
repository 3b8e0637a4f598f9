// Where on the network does a new instance go? Its subnet, its groups, its interfaces.

import { AwsError } from '../../../lib/errors.ts'
import { defaultVpc, groupNamed, subnetsOf } from './defaults.ts'
import { badCombination, invalidValue } from './errors.ts'
import {
  attach,
  fleetingAssociation,
  FreeAddresses,
  groupsIn,
  inUseError,
  makeInterface,
  setAssociation,
} from './interfaces.ts'
import type { GroupName, Instance, NetworkInterface, Subnet, Tag } from './records.ts'
import type { Ec2 } from './state.ts'
import { tagsFor } from './tags.ts'
import { zoneNamed } from './zones.ts'

type Input = Record<string, any>

export function subnetFor(state: Ec2, input: Input): Subnet {
  const interfaces: Input[] = input['NetworkInterfaces'] ?? []
  if (interfaces.length > 0 && input['SubnetId'] !== undefined)
    throw badCombination('Network interfaces and an instance-level subnet ID may not be specified on the same request')
  if (interfaces.length > 0 && (input['SecurityGroupIds']?.length || input['SecurityGroups']?.length))
    throw badCombination(
      'Network interfaces and an instance-level security groups may not be specified on the same request',
    )
  const zone: string | undefined = input['Placement']?.AvailabilityZone
  if (zone !== undefined && !zoneNamed(state.region, zone)) throw invalidValue(`Invalid availability zone: [${zone}]`)
  const primary = interfaces.find((each) => (each['DeviceIndex'] ?? 0) === 0)
  if (primary?.['NetworkInterfaceId'] !== undefined)
    return state.subnets.find(state.interfaces.find(primary['NetworkInterfaceId']).SubnetId)
  const given: string | undefined = input['SubnetId'] ?? primary?.['SubnetId']
  if (given === undefined) return defaultSubnet(state, zone)
  const subnet = state.subnets.find(given)
  if (zone !== undefined && subnet.AvailabilityZone !== zone)
    throw invalidValue(
      `The availability zone '${zone}' of the placement does not match that of the subnet '${subnet.AvailabilityZone}'`,
    )
  return subnet
}

function defaultSubnet(state: Ec2, zone: string | undefined): Subnet {
  const vpc = defaultVpc(state)
  if (!vpc)
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    )
  const found = subnetsOf(state, vpc.VpcId).find(
    (each) => each.DefaultForAz && (zone === undefined || each.AvailabilityZone === zone),
  )
  if (found) return found
  throw new AwsError(
    'MissingInput',
    zone === undefined
      ? `No subnets found for the default VPC '${vpc.VpcId}'. Please specify a subnet.`
      : `No default subnet for availability zone: '${zone}'.`,
  )
}

export function groupsFor(state: Ec2, subnet: Subnet, input: Input): GroupName[] {
  const names: string[] = input['SecurityGroups'] ?? []
  const ids: string[] = input['SecurityGroupIds'] ?? []
  if (names.length > 0 && input['SubnetId'] !== undefined)
    throw badCombination('The parameter groupName cannot be used with the parameter subnet')
  const named = names.map((name) => {
    const group = name.startsWith('sg-') ? state.securityGroups.find(name) : groupNamed(state, subnet.VpcId, name)
    if (group) return group.GroupId
    throw new AwsError(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC '${subnet.VpcId}'`,
    )
  })
  return groupsIn(state, subnet.VpcId, [...ids, ...named], 'InvalidParameter')
}

interface Networking {
  input: Input
  subnet: Subnet
  groups: GroupName[]
  /** By subnet, for all instances of a launch. */
  frees: Map<string, FreeAddresses>
}

export function addInterfaces(state: Ec2, instance: Instance, { input, ...network }: Networking): void {
  const { PrivateIpAddress, Ipv6Addresses, Ipv6AddressCount } = input
  const given: Input[] = input['NetworkInterfaces']?.length
    ? input['NetworkInterfaces']
    : [{ PrivateIpAddress, Ipv6Addresses, Ipv6AddressCount }]
  const Tags = tagsFor(input, 'network-interface', 'instance', 'volume', 'spot-instances-request', 'elastic-gpu')
  const indexed = given.map((each, at) => ({ each, index: (each['DeviceIndex'] ?? at) as number }))
  for (const { each, index } of indexed.sort((a, b) => a.index - b.index)) {
    const found = interfaceFor(state, each, { ...network, Tags })
    const leaves = each['DeleteOnTermination'] ?? each['NetworkInterfaceId'] === undefined
    attach(state, found, instance.InstanceId, index, leaves)
    instance.interfaces.push(found.NetworkInterfaceId)
    if (index > 0) continue
    instance.PrivateIpAddress = found.PrivateIpAddress
    instance.SecurityGroups = found.Groups
    if (found.Association || !(each['AssociatePublicIpAddress'] ?? network.subnet.MapPublicIpOnLaunch)) continue
    setAssociation(state, found, found.PrivateIpAddress, fleetingAssociation(state, found.VpcId))
    instance['autoPublic'] = true
  }
}

function interfaceFor(
  state: Ec2,
  given: Input,
  { subnet, groups, frees, Tags }: Omit<Networking, 'input'> & { Tags: Tag[] },
): NetworkInterface {
  if (given['NetworkInterfaceId'] !== undefined) {
    const found = state.interfaces.find(given['NetworkInterfaceId'])
    if (found.Attachment) throw inUseError(found.NetworkInterfaceId)
    return found
  }
  const own = given['SubnetId'] === undefined ? subnet : state.subnets.find(given['SubnetId'])
  if (!frees.has(own.SubnetId)) frees.set(own.SubnetId, new FreeAddresses(state, own))
  const named: string[] | undefined = given['Groups']
  return makeInterface(state, {
    ...given,
    subnet: own,
    free: frees.get(own.SubnetId)!,
    groups: named?.length ? groupsIn(state, own.VpcId, named, 'InvalidParameter') : groups,
    Tags,
  })
}
