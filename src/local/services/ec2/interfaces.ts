// How does a network interface come to be, get its addresses, and go? For those people make, and those that come with
// instances, NAT gateways and endpoints.

import { AwsError } from '../../../lib/errors.ts'
import { formatAddress, isIn, parseAddress, parseBlock, sizeOf } from './cidr.ts'
import { groupNamed } from './defaults.ts'
import { invalidValue } from './errors.ts'
import type { Address, GroupName, NetworkInterface, PublicAssociation, Subnet, Tag } from './records.ts'
import { moment, newId } from './ids.ts'
import type { Ec2 } from './state.ts'
import { privateName, publicName } from './zones.ts'

/** The free addresses of a subnet, for as many as a request needs. */
export class FreeAddresses {
  readonly #subnet: Subnet
  readonly #used: Set<string>
  #next: bigint

  constructor(state: Ec2, subnet: Subnet) {
    this.#subnet = subnet
    this.#used = new Set()
    for (const each of state.interfaces.all()) {
      if (each.SubnetId !== subnet.SubnetId) continue
      for (const { PrivateIpAddress } of each.PrivateIpAddresses) this.#used.add(PrivateIpAddress)
      for (const { Ipv6Address } of each.Ipv6Addresses) this.#used.add(Ipv6Address)
    }
    this.#next = parseBlock(subnet.CidrBlock)!.first + 4n
  }

  /** AWS keeps the first four and the last. */
  take(): string {
    const block = parseBlock(this.#subnet.CidrBlock)!
    for (; this.#next < block.first + sizeOf(block) - 1n; this.#next++) {
      const address = formatAddress(this.#next, 4)
      if (!this.#used.has(address)) return this.#taken(address)
    }
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${this.#subnet.SubnetId}' to satisfy the requested number of instances.`,
    )
  }

  takeThis(address: string): string {
    const block = parseBlock(this.#subnet.CidrBlock)!
    if (!isIn(block, address)) throw invalidValue("Address does not fall within the subnet's address range")
    const at = parseAddress(address)! - block.first
    if (at < 4n || at === sizeOf(block) - 1n) throw invalidValue("Address is in subnet's reserved address range")
    if (this.#used.has(address)) throw inUse(address)
    return this.#taken(address)
  }

  takeIpv6(wanted?: string): string {
    const block = parseBlock(this.#subnet.Ipv6CidrBlockAssociationSet[0]?.Ipv6CidrBlock ?? '')
    if (!block) throw invalidValue(`Subnet '${this.#subnet.SubnetId}' does not have an IPv6 CIDR block`)
    if (wanted !== undefined) {
      const value = parseAddress(wanted)
      if (value === undefined || !isIn(block, wanted))
        throw invalidValue("Address does not fall within the subnet's address range")
      const address = formatAddress(value, 6)
      if (this.#used.has(address)) throw inUse(address)
      return this.#taken(address)
    }
    const bytes = crypto.getRandomValues(new Uint8Array(8))
    const host = bytes.reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n)
    return this.#taken(formatAddress(block.first + (host % sizeOf(block)), 6))
  }

  #taken(address: string): string {
    this.#used.add(address)
    return address
  }
}

function inUse(address: string): AwsError {
  return new AwsError('InvalidIPAddress.InUse', `Address ${address} is in use.`)
}

/** No instance type has more on an interface. */
export const mostAddresses = 64

export function tooManyAddresses(): AwsError {
  return new AwsError('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.')
}

export interface NewInterface {
  subnet: Subnet
  free: FreeAddresses
  groups: GroupName[]
  PrivateIpAddress?: string
  PrivateIpAddresses?: { Primary?: boolean; PrivateIpAddress?: string }[]
  SecondaryPrivateIpAddressCount?: number
  Ipv6Addresses?: { Ipv6Address?: string }[]
  Ipv6AddressCount?: number
  Description?: string
  InterfaceType?: string
  RequesterId?: string
  /** Default: if there is a requester, AWS's service. */
  RequesterManaged?: boolean
  Tags?: Tag[]
}

export function makeInterface(state: Ec2, given: NewInterface): NetworkInterface {
  const { subnet, free, groups, Description = '', InterfaceType = 'interface', RequesterId, Tags = [] } = given
  const { account, region } = state
  const listed = given.PrivateIpAddresses ?? []
  if ((given.SecondaryPrivateIpAddressCount ?? 0) > mostAddresses || (given.Ipv6AddressCount ?? 0) > mostAddresses)
    throw tooManyAddresses()
  const wanted = given.PrivateIpAddress ?? listed.find((each) => each.Primary)?.PrivateIpAddress
  const primary = wanted === undefined ? free.take() : free.takeThis(wanted)
  const secondary = [
    ...listed
      .filter((each) => each.PrivateIpAddress !== primary && each.PrivateIpAddress !== undefined)
      .map((each) => free.takeThis(each.PrivateIpAddress!)),
    ...Array.from({ length: given.SecondaryPrivateIpAddressCount ?? 0 }, () => free.take()),
  ]
  const named = state.vpcs.get(subnet.VpcId)?.dnsHostnames ?? false
  const nameOf = (ip: string) => (named ? { PrivateDnsName: privateName(region, ip) } : {})
  const ipv6Count = given.Ipv6AddressCount ?? (given.Ipv6Addresses || !subnet.AssignIpv6AddressOnCreation ? 0 : 1)
  return state.interfaces.add({
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    AvailabilityZone: subnet.AvailabilityZone,
    Description,
    OwnerId: account,
    ...(RequesterId !== undefined && { RequesterId }),
    RequesterManaged: given.RequesterManaged ?? RequesterId !== undefined,
    InterfaceType,
    MacAddress: newMac(),
    SourceDestCheck: InterfaceType !== 'nat_gateway',
    Status: 'available',
    PrivateIpAddress: primary,
    ...nameOf(primary),
    PrivateIpAddresses: [primary, ...secondary].map((ip, i) => ({
      Primary: i === 0,
      PrivateIpAddress: ip,
      ...nameOf(ip),
    })),
    Ipv6Addresses: [
      ...(given.Ipv6Addresses ?? []).map(({ Ipv6Address }) => ({ Ipv6Address: free.takeIpv6(Ipv6Address) })),
      ...Array.from({ length: ipv6Count }, () => ({ Ipv6Address: free.takeIpv6() })),
    ],
    Groups: groups,
    Tags,
  })
}

function newMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5))
  return ['02', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':')
}

/** The groups of these ids, or the VPC's default group where there are none. Throws where one is of another VPC. */
export function groupsIn(
  state: Ec2,
  vpc: string,
  ids: readonly string[] | undefined,
  code = 'InvalidGroup.NotFound',
): GroupName[] {
  if (ids === undefined || ids.length === 0) {
    const { GroupId, GroupName } = groupNamed(state, vpc, 'default')!
    return [{ GroupId, GroupName }]
  }
  return state.securityGroups.findAll([...new Set(ids)]).map(({ GroupId, GroupName, VpcId, vpcs }) => {
    if (VpcId !== vpc && !vpcs?.includes(vpc))
      throw new AwsError(
        code,
        code === 'InvalidParameter'
          ? `Security group ${GroupId} and subnet belong to different networks.`
          : 'You have specified two resources that belong to different networks.',
      )
    return { GroupId, GroupName }
  })
}

/** A public address that nobody else has, as far as chance goes. */
export function newPublicIp(): string {
  const [a, b, c, d] = crypto.getRandomValues(new Uint8Array(4))
  return `${[3, 18, 34, 44, 52, 54][a! % 6]}.${128 + (b! % 120)}.${c}.${1 + (d! % 254)}`
}

/** An address of Amazon's that comes and goes with the instance. */
export function fleetingAssociation(state: Ec2, vpc: string): PublicAssociation {
  const PublicIp = newPublicIp()
  return { PublicIp, PublicDnsName: publicDnsName(state, vpc, PublicIp), IpOwnerId: 'amazon' }
}

export function publicDnsName(state: Ec2, vpc: string, ip: string): string {
  return state.vpcs.get(vpc)?.dnsHostnames ? publicName(state.region, ip) : ''
}

/** Gives a private address of an interface its public one, or takes it away. */
export function setAssociation(
  state: Ec2,
  found: NetworkInterface,
  privateIp: string,
  association: PublicAssociation | undefined,
): void {
  for (const each of found.PrivateIpAddresses) {
    if (each.PrivateIpAddress !== privateIp) continue
    if (association) each.Association = association
    else delete each.Association
  }
  const primary = found.PrivateIpAddresses[0]!.Association
  if (primary) found.Association = primary
  else delete found.Association
  state.interfaces.put(found)
}

/** Takes an Elastic IP from what it is associated with. */
export function disassociate(state: Ec2, address: Address): void {
  const { NetworkInterfaceId: id, PrivateIpAddress: ip } = address
  const found = id === undefined ? undefined : state.interfaces.get(id)
  if (found && ip !== undefined) setAssociation(state, found, ip, undefined)
  for (const member of [
    'AssociationId',
    'InstanceId',
    'NetworkInterfaceId',
    'NetworkInterfaceOwnerId',
    'PrivateIpAddress',
  ] as const)
    delete address[member]
  state.addresses.put(address)
}

/** Associates an Elastic IP with a private address of an interface. */
export function associate(state: Ec2, address: Address, found: NetworkInterface, privateIp: string): string {
  const AssociationId = newId('eipassoc')
  const InstanceId = found.Attachment?.InstanceId
  state.addresses.update(address, {
    AssociationId,
    ...(InstanceId !== undefined && { InstanceId }),
    NetworkInterfaceId: found.NetworkInterfaceId,
    NetworkInterfaceOwnerId: state.account,
    PrivateIpAddress: privateIp,
  })
  setAssociation(state, found, privateIp, {
    PublicIp: address.PublicIp,
    PublicDnsName: publicDnsName(state, found.VpcId, address.PublicIp),
    IpOwnerId: state.account,
    AllocationId: address.AllocationId,
    AssociationId,
  })
  return AssociationId
}

export function inUseError(id: string): AwsError {
  return new AwsError('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`)
}

/** Attaches an interface to an instance; the id of the attachment. */
export function attach(
  state: Ec2,
  found: NetworkInterface,
  instance: string,
  index: number,
  DeleteOnTermination: boolean,
): string {
  const AttachmentId = newId('eni-attach')
  state.interfaces.update(found, {
    Status: 'in-use',
    Attachment: {
      AttachmentId,
      AttachTime: moment(state.now),
      DeleteOnTermination,
      DeviceIndex: index,
      NetworkCardIndex: 0,
      InstanceId: instance,
      InstanceOwnerId: state.account,
      Status: 'attached',
    },
  })
  return AttachmentId
}

/** Removes an interface and frees what it held. */
export function removeInterface(state: Ec2, found: NetworkInterface): void {
  for (const { Association } of found.PrivateIpAddresses) {
    const address = Association?.AllocationId === undefined ? undefined : state.addresses.get(Association.AllocationId)
    if (address) disassociate(state, address)
  }
  state.interfaces.delete(found)
}
