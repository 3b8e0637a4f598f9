// Network interfaces: made, attached, given addresses, changed.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { invalidParameter, invalidValue, limitExceeded, missingParameter, need } from '../errors.ts'
import { typeNamed } from '../instance-types.ts'
import {
  attach,
  FreeAddresses,
  groupsIn,
  inUseError,
  makeInterface,
  removeInterface,
  mostAddresses,
  tooManyAddresses,
} from '../interfaces.ts'
import type { NetworkInterface } from '../records.ts'
import type { Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { privateName, zoneNamed } from '../zones.ts'

export const createNetworkInterface: Ec2Handler = (input, context) =>
  once(context, input, () => {
    need(input, 'SubnetId')
    const { state, caller } = context
    const userId = caller.context['aws:userid']
    const subnet = state.subnets.named(input)
    const made = makeInterface(state, {
      ...input,
      subnet,
      free: new FreeAddresses(state, subnet),
      groups: groupsIn(state, subnet.VpcId, input.Groups),
      InterfaceType: input.InterfaceType ?? 'interface',
      ...(typeof userId === 'string' && { RequesterId: userId, RequesterManaged: false }),
      Tags: tagsFor(input, 'network-interface'),
    })
    return { NetworkInterface: { ...shown(made), Status: 'pending' }, ClientToken: input.ClientToken }
  })

function shown(found: NetworkInterface): object {
  const { Tags, ...rest } = found
  return { ...rest, TagSet: Tags ?? [] }
}

export const deleteNetworkInterface: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  if (found.Attachment) throw invalidValue(`Network interface '${found.NetworkInterfaceId}' is currently in use.`)
  removeInterface(state, found)
}

const association = (prefix: string, path: string): Record<string, string> => ({
  [`${prefix}association.allocation-id`]: `${path}Association.AllocationId`,
  [`${prefix}association.association-id`]: `${path}Association.AssociationId`,
  [`${prefix}association.ip-owner-id`]: `${path}Association.IpOwnerId`,
  [`${prefix}association.public-ip`]: `${path}Association.PublicIp`,
  [`${prefix}association.public-dns-name`]: `${path}Association.PublicDnsName`,
})

const filters = {
  ...association('', ''),
  ...association('addresses.', 'PrivateIpAddresses.'),
  'addresses.association.owner-id': 'PrivateIpAddresses.Association.IpOwnerId',
  'addresses.primary': 'PrivateIpAddresses.Primary',
  'addresses.private-ip-address': 'PrivateIpAddresses.PrivateIpAddress',
  'attachment.attach-time': 'Attachment.AttachTime',
  'attachment.attachment-id': 'Attachment.AttachmentId',
  'attachment.delete-on-termination': 'Attachment.DeleteOnTermination',
  'attachment.device-index': 'Attachment.DeviceIndex',
  'attachment.instance-id': 'Attachment.InstanceId',
  'attachment.instance-owner-id': 'Attachment.InstanceOwnerId',
  'attachment.status': 'Attachment.Status',
  'availability-zone': 'AvailabilityZone',
  'availability-zone-id': (each: { AvailabilityZone: string }) =>
    zoneNamed(each.AvailabilityZone.slice(0, -1), each.AvailabilityZone)?.id,
  description: 'Description',
  'group-id': 'Groups.GroupId',
  'group-name': 'Groups.GroupName',
  'interface-type': 'InterfaceType',
  'ipv6-addresses.ipv6-address': 'Ipv6Addresses.Ipv6Address',
  'mac-address': 'MacAddress',
  'network-interface-id': 'NetworkInterfaceId',
  'operator.managed': () => 'false',
  'operator.principal': 'Operator.Principal',
  'owner-id': 'OwnerId',
  'private-dns-name': 'PrivateDnsName',
  'private-ip-address': 'PrivateIpAddress',
  'requester-id': 'RequesterId',
  'requester-managed': 'RequesterManaged',
  'source-dest-check': 'SourceDestCheck',
  status: 'Status',
  'subnet-id': 'SubnetId',
  'vpc-id': 'VpcId',
}

export const describeNetworkInterfaces: Ec2Handler = (input, { state }) =>
  describe(state.interfaces, input, {
    ids: 'NetworkInterfaceIds',
    list: 'NetworkInterfaces',
    filters,
    pages: [5, 1000],
    shown,
  })

// --- attachments -----------------------------------------------------------------------------------------------------

export const attachNetworkInterface: Ec2Handler = (input, { state }) => {
  need(input, 'NetworkInterfaceId', 'InstanceId')
  const { DeviceIndex } = input
  if (DeviceIndex === undefined) throw missingParameter('deviceIndex')
  const found = state.interfaces.named(input)
  const instance = state.instances.named(input)
  if (found.Attachment) throw inUseError(found.NetworkInterfaceId)
  if (found.AvailabilityZone !== instance.Placement.AvailabilityZone)
    throw new AwsError(
      'InvalidParameterCombination',
      'You may not attach a network interface to an instance if they are not in the same availability zone',
    )
  const others = instance.interfaces.map((id) => state.interfaces.find(id))
  if (others.some((each) => each.Attachment?.DeviceIndex === DeviceIndex))
    throw invalidValue(
      `Instance '${instance.InstanceId}' already has an interface attached at device index '${DeviceIndex}'.`,
    )
  const most = typeNamed(instance.InstanceType)?.interfaces ?? 15
  if (others.length >= most)
    throw limitExceeded(
      'AttachmentLimitExceeded',
      `Interface count ${others.length + 1} exceeds the limit for ${instance.InstanceType}`,
    )
  const AttachmentId = attach(state, found, instance.InstanceId, DeviceIndex, false)
  state.instances.update(instance, { interfaces: [...instance.interfaces, found.NetworkInterfaceId] })
  return { AttachmentId, NetworkCardIndex: 0 }
}

export const detachNetworkInterface: Ec2Handler = (input, { state }) => {
  need(input, 'AttachmentId')
  const found = state.interfaces.all().find((each) => each.Attachment?.AttachmentId === input.AttachmentId)
  if (!found)
    throw new AwsError('InvalidAttachmentID.NotFound', `The attachment ID '${input.AttachmentId}' does not exist`)
  const { InstanceId, DeviceIndex } = found.Attachment!
  if (DeviceIndex === 0)
    throw new AwsError(
      'OperationNotPermitted',
      'The network interface at device index 0 and networkCard index 0 cannot be detached.',
    )
  delete found.Attachment
  state.interfaces.update(found, { Status: 'available' })
  const instance = InstanceId === undefined ? undefined : state.instances.get(InstanceId)
  if (instance)
    state.instances.update(instance, {
      interfaces: instance.interfaces.filter((id) => id !== found.NetworkInterfaceId),
    })
}

// --- attributes ------------------------------------------------------------------------------------------------------

export const describeNetworkInterfaceAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'NetworkInterfaceId')
  const { Description, SourceDestCheck, Groups, Attachment, NetworkInterfaceId } = state.interfaces.find(
    input.NetworkInterfaceId,
  )
  switch (input.Attribute) {
    case 'description':
      return { NetworkInterfaceId, Description: { Value: Description } }
    case 'sourceDestCheck':
      return { NetworkInterfaceId, SourceDestCheck: { Value: SourceDestCheck } }
    case 'groupSet':
      return { NetworkInterfaceId, Groups }
    case 'attachment':
      return { NetworkInterfaceId, Attachment }
    case undefined:
      throw missingParameter('attribute')
    default:
      throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  }
}

export const modifyNetworkInterfaceAttribute: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  if (input.Description !== undefined) found.Description = input.Description.Value ?? ''
  if (input.SourceDestCheck !== undefined) found.SourceDestCheck = input.SourceDestCheck.Value ?? false
  if (input.Groups !== undefined) found.Groups = groupsIn(state, found.VpcId, input.Groups)
  if (input.Attachment !== undefined) {
    const { AttachmentId, DeleteOnTermination } = input.Attachment
    if (found.Attachment?.AttachmentId !== AttachmentId)
      throw new AwsError('InvalidAttachmentID.NotFound', `The attachment ID '${AttachmentId}' does not exist`)
    if (DeleteOnTermination !== undefined) found.Attachment!.DeleteOnTermination = DeleteOnTermination
  }
  state.interfaces.put(found)
  const instance =
    found.Attachment?.InstanceId === undefined ? undefined : state.instances.get(found.Attachment.InstanceId)
  if (instance && instance.interfaces[0] === found.NetworkInterfaceId)
    state.instances.update(instance, { SecurityGroups: found.Groups, SourceDestCheck: found.SourceDestCheck })
}

export const resetNetworkInterfaceAttribute: Ec2Handler = (input, { state }) => {
  state.interfaces.update(state.interfaces.named(input), { SourceDestCheck: true })
}

// --- addresses -------------------------------------------------------------------------------------------------------

export const assignPrivateIpAddresses: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  const free = new FreeAddresses(state, state.subnets.find(found.SubnetId))
  const count: number = input.SecondaryPrivateIpAddressCount ?? 0
  const asked: string[] = input.PrivateIpAddresses ?? []
  // What it has already, it keeps.
  const given = asked.filter((ip) => !found.PrivateIpAddresses.some((each) => each.PrivateIpAddress === ip))
  if (count === 0 && asked.length === 0 && !input.Ipv4Prefixes && !input.Ipv4PrefixCount)
    throw missingParameter('secondaryPrivateIpAddressCount')
  const instance = found.Attachment?.InstanceId && state.instances.get(found.Attachment.InstanceId)
  const most = (instance && typeNamed(instance.InstanceType)?.addresses) || mostAddresses
  if (found.PrivateIpAddresses.length + count + given.length > most) throw tooManyAddresses()
  const fresh: string[] = []
  for (const ip of given) {
    const other = state.interfaces
      .all()
      .find(
        (each) =>
          each.SubnetId === found.SubnetId &&
          each.PrivateIpAddresses.some((one) => one.PrivateIpAddress === ip && !one.Primary),
      )
    if (other && input.AllowReassignment && other.NetworkInterfaceId !== found.NetworkInterfaceId) {
      state.interfaces.update(other, {
        PrivateIpAddresses: other.PrivateIpAddresses.filter((one) => one.PrivateIpAddress !== ip),
      })
      fresh.push(ip)
    } else fresh.push(free.takeThis(ip))
  }
  for (let i = 0; i < count; i++) fresh.push(free.take())
  const named = state.vpcs.get(found.VpcId)?.dnsHostnames
  state.interfaces.update(found, {
    PrivateIpAddresses: [
      ...found.PrivateIpAddresses,
      ...fresh.map((ip) => ({
        Primary: false,
        PrivateIpAddress: ip,
        ...(named && { PrivateDnsName: privateName(state.region, ip) }),
      })),
    ],
  })
  return {
    NetworkInterfaceId: found.NetworkInterfaceId,
    AssignedPrivateIpAddresses: fresh.map((PrivateIpAddress) => ({ PrivateIpAddress })),
  }
}

export const unassignPrivateIpAddresses: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  const given: string[] = input.PrivateIpAddresses ?? []
  for (const ip of given)
    if (!found.PrivateIpAddresses.some((each) => each.PrivateIpAddress === ip && !each.Primary))
      throw invalidValue('Some of the specified addresses are not assigned to interface ' + found.NetworkInterfaceId)
  state.interfaces.update(found, {
    PrivateIpAddresses: found.PrivateIpAddresses.filter((each) => !given.includes(each.PrivateIpAddress)),
  })
}

export const assignIpv6Addresses: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  const free = new FreeAddresses(state, state.subnets.find(found.SubnetId))
  const given: string[] = input.Ipv6Addresses ?? []
  if ((input.Ipv6AddressCount ?? 0) > mostAddresses) throw tooManyAddresses()
  const fresh = [
    ...given.map((ip) => free.takeIpv6(ip)),
    ...Array.from({ length: input.Ipv6AddressCount ?? 0 }, () => free.takeIpv6()),
  ]
  if (fresh.length === 0) throw missingParameter('ipv6AddressCount')
  state.interfaces.update(found, {
    Ipv6Addresses: [...found.Ipv6Addresses, ...fresh.map((Ipv6Address) => ({ Ipv6Address }))],
  })
  return { AssignedIpv6Addresses: fresh, NetworkInterfaceId: found.NetworkInterfaceId }
}

export const unassignIpv6Addresses: Ec2Handler = (input, { state }) => {
  const found = state.interfaces.named(input)
  const gone: string[] = input.Ipv6Addresses ?? []
  state.interfaces.update(found, {
    Ipv6Addresses: found.Ipv6Addresses.filter((each) => !gone.includes(each.Ipv6Address)),
  })
  return { NetworkInterfaceId: found.NetworkInterfaceId, UnassignedIpv6Addresses: gone }
}
