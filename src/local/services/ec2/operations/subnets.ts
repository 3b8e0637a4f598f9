// Subnets: a part of a VPC's addresses in one zone.

import { AwsError } from '../../../../lib/errors.ts'
import { contains, formatBlock, overlaps, parseBlock, sizeOf } from '../cidr.ts'
import { defaultVpc, ipv6Association, plantDefaultSubnet, plantSubnet, subnetsOf } from '../defaults.ts'
import { checkUnneeded } from '../dependencies.ts'
import { describe, untagged } from '../describe.ts'
import { invalidParameter, invalidValue, limitExceeded, need } from '../errors.ts'
import { internetBlockFor } from '../public-access.ts'
import type { Subnet, Vpc } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { zoneNamed, zonesOf, type Zone } from '../zones.ts'

export const createSubnet: Ec2Handler = (input, context) => {
  const { state } = context
  const vpc = state.vpcs.named(input)
  const zone = zoneFor(state, input.AvailabilityZone ?? input.AvailabilityZoneId)
  if (input.CidrBlock === undefined)
    throw new AwsError('MissingParameter', "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.")
  const block = parseBlock(input.CidrBlock)
  if (block?.version !== 4) throw invalidParameter('cidrBlock', input.CidrBlock, 'This is not a valid CIDR block.')
  const outside = !vpc.CidrBlockAssociationSet.some((each) => contains(parseBlock(each.CidrBlock)!, block))
  if (outside || block.length < 16 || block.length > 28)
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${input.CidrBlock}' is invalid.`)
  const others = subnetsOf(state, vpc.VpcId)
  if (others.some((other) => overlaps(parseBlock(other.CidrBlock)!, block)))
    throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${input.CidrBlock}' conflicts with another subnet`)
  if (others.length >= context.quota('vpc', 'L-407747CB'))
    throw limitExceeded('SubnetLimitExceeded', 'The maximum number of subnets has been reached.')
  const ipv6 = input.Ipv6CidrBlock === undefined ? [] : [ipv6Of(state, vpc, input.Ipv6CidrBlock)]
  const subnet = plantSubnet(state, vpc, zone, {
    CidrBlock: formatBlock(block),
    Ipv6CidrBlockAssociationSet: ipv6,
    Ipv6Native: input.Ipv6Native ?? false,
    Tags: tagsFor(input, 'subnet'),
  })
  return { Subnet: untagged(shown(state)(subnet)) }
}

function zoneFor(state: Ec2, name: string | undefined): Zone {
  const zones = zonesOf(state.region)
  if (name === undefined) return zones[0]!
  const zone = zoneNamed(state.region, name)
  if (zone) return zone
  throw invalidParameter(
    'availabilityZone',
    name,
    `Subnets can currently only be created in the following availability zones: ${zones.map((each) => each.name).join(', ')}.`,
  )
}

/** A /64 of the VPC's own block. */
function ipv6Of(state: Ec2, vpc: Vpc, text: string) {
  const block = parseBlock(text)
  const within = vpc.Ipv6CidrBlockAssociationSet.some(
    (each) => block && contains(parseBlock(each.Ipv6CidrBlock)!, block),
  )
  if (block?.version !== 6) throw invalidParameter('ipv6CidrBlock', text, 'This is not a valid IPv6 CIDR block.')
  if (!within || block.length < 44) throw new AwsError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`)
  const taken = subnetsOf(state, vpc.VpcId).flatMap((subnet) => subnet.Ipv6CidrBlockAssociationSet)
  if (taken.some((each) => overlaps(parseBlock(each.Ipv6CidrBlock)!, block)))
    throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`)
  return ipv6Association(state, formatBlock(block), 'subnet-cidr-assoc')
}

export const createDefaultSubnet: Ec2Handler = (input, { state }) => {
  const zone = zoneFor(state, input.AvailabilityZone ?? input.AvailabilityZoneId)
  const vpc = defaultVpc(state)
  if (!vpc) throw new AwsError('DefaultVpcDoesNotExist', 'No default VPC for this account in this region.')
  if (subnetsOf(state, vpc.VpcId).some((each) => each.DefaultForAz && each.AvailabilityZone === zone.name))
    throw new AwsError('DefaultSubnetAlreadyExistsInAvailabilityZone', `'${zone.name}' already has a default subnet.`)
  return { Subnet: untagged(shown(state)(plantDefaultSubnet(state, vpc, zone))) }
}

export const deleteSubnet: Ec2Handler = (input, { state }) => {
  const subnet = state.subnets.named(input)
  checkUnneeded(state, 'subnets', 'subnet', subnet.SubnetId)
  const notIt = (each: { SubnetId?: string }): boolean => each.SubnetId !== subnet.SubnetId
  for (const acl of state.networkAcls.all())
    if (!acl.Associations.every(notIt)) state.networkAcls.update(acl, { Associations: acl.Associations.filter(notIt) })
  for (const table of state.routeTables.all())
    if (!table.Associations.every(notIt))
      state.routeTables.update(table, { Associations: table.Associations.filter(notIt) })
  state.subnets.delete(subnet)
}

const filters = {
  'availability-zone': 'AvailabilityZone',
  'availability-zone-id': 'AvailabilityZoneId',
  'available-ip-address-count': 'AvailableIpAddressCount',
  cidr: 'CidrBlock',
  'cidr-block': 'CidrBlock',
  'customer-owned-ipv4-pool': 'CustomerOwnedIpv4Pool',
  'default-for-az': 'DefaultForAz',
  'enable-dns64': 'EnableDns64',
  'enable-lni-at-device-index': 'EnableLniAtDeviceIndex',
  'ipv6-cidr-block-association.ipv6-cidr-block': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlock',
  'ipv6-cidr-block-association.association-id': 'Ipv6CidrBlockAssociationSet.AssociationId',
  'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
  'ipv6-native': 'Ipv6Native',
  'map-customer-owned-ip-on-launch': 'MapCustomerOwnedIpOnLaunch',
  'map-public-ip-on-launch': 'MapPublicIpOnLaunch',
  'outpost-arn': 'OutpostArn',
  'owner-id': 'OwnerId',
  'private-dns-name-options-on-launch.hostname-type': 'PrivateDnsNameOptionsOnLaunch.HostnameType',
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record':
    'PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord',
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record':
    'PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord',
  state: 'State',
  'subnet-arn': 'SubnetArn',
  'subnet-id': 'SubnetId',
  'vpc-id': 'VpcId',
}

export const describeSubnets: Ec2Handler = (input, { state }) =>
  describe(state.subnets, input, { ids: 'SubnetIds', list: 'Subnets', filters, pages: [5, 1000], shown: shown(state) })

/** With the count of free addresses: five of each block are AWS's own. */
function shown(state: Ec2): (subnet: Subnet) => object {
  let used: Map<string, number> | undefined
  const blocked = internetBlockFor(state)
  return (subnet) => {
    if (!used) {
      used = new Map()
      for (const { SubnetId, PrivateIpAddresses } of state.interfaces.all())
        used.set(SubnetId, (used.get(SubnetId) ?? 0) + PrivateIpAddresses.length)
    }
    const free = Number(sizeOf(parseBlock(subnet.CidrBlock)!)) - 5 - (used.get(subnet.SubnetId) ?? 0)
    return {
      ...subnet,
      AvailableIpAddressCount: free,
      BlockPublicAccessStates: { InternetGatewayBlockMode: blocked(subnet.SubnetId, subnet.VpcId) },
    }
  }
}

export const modifySubnetAttribute: Ec2Handler = (input, { state }) => {
  const subnet = state.subnets.named(input)
  for (const member of ['MapPublicIpOnLaunch', 'AssignIpv6AddressOnCreation', 'EnableDns64'] as const)
    if (input[member] !== undefined) subnet[member] = input[member].Value ?? false
  if (subnet.AssignIpv6AddressOnCreation && subnet.Ipv6CidrBlockAssociationSet.length === 0)
    throw invalidParameter(
      'assignIpv6AddressOnCreation',
      'true',
      'Subnet does not have an IPv6 CIDR block associated with it.',
    )
  const names = subnet.PrivateDnsNameOptionsOnLaunch
  if (input.PrivateDnsHostnameTypeOnLaunch !== undefined) names['HostnameType'] = input.PrivateDnsHostnameTypeOnLaunch
  if (input.EnableResourceNameDnsARecordOnLaunch !== undefined)
    names['EnableResourceNameDnsARecord'] = input.EnableResourceNameDnsARecordOnLaunch.Value ?? false
  if (input.EnableResourceNameDnsAAAARecordOnLaunch !== undefined)
    names['EnableResourceNameDnsAAAARecord'] = input.EnableResourceNameDnsAAAARecordOnLaunch.Value ?? false
  state.subnets.put(subnet)
}

export const associateSubnetCidrBlock: Ec2Handler = (input, { state }) => {
  need(input, 'Ipv6CidrBlock')
  const subnet = state.subnets.named(input)
  const association = ipv6Of(state, state.vpcs.find(subnet.VpcId), input.Ipv6CidrBlock)
  if (subnet.Ipv6CidrBlockAssociationSet.length > 0)
    throw limitExceeded(
      'SubnetCidrBlockLimitExceeded',
      `The subnet '${subnet.SubnetId}' already has an IPv6 CIDR block associated with it.`,
    )
  state.subnets.update(subnet, { Ipv6CidrBlockAssociationSet: [association] })
  return {
    SubnetId: subnet.SubnetId,
    Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'associating' } },
  }
}

export const disassociateSubnetCidrBlock: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId')
  const id: string = input.AssociationId
  for (const subnet of state.subnets.all()) {
    const found = subnet.Ipv6CidrBlockAssociationSet.find((each) => each.AssociationId === id)
    if (!found) continue
    state.subnets.update(subnet, { Ipv6CidrBlockAssociationSet: [] })
    return {
      SubnetId: subnet.SubnetId,
      Ipv6CidrBlockAssociation: { ...found, Ipv6CidrBlockState: { State: 'disassociating' } },
    }
  }
  throw new AwsError(
    'InvalidSubnetCidrBlockAssociationID.NotFound',
    `The subnet CIDR block association ID '${id}' does not exist`,
  )
}

// --- parts of it that are kept back ----------------------------------------------------------------------------------

export const createSubnetCidrReservation: Ec2Handler = (input, { state }) => {
  need(input, 'SubnetId', 'Cidr', 'ReservationType')
  if (!['explicit', 'prefix'].includes(input.ReservationType))
    throw invalidParameter('reservationType', input.ReservationType)
  const subnet = state.subnets.named(input)
  const block = parseBlock(input.Cidr)
  if (!block) throw invalidParameter('cidr', input.Cidr, 'This is not a valid CIDR block.')
  const outer = [subnet.CidrBlock, ...subnet.Ipv6CidrBlockAssociationSet.map((each) => each.Ipv6CidrBlock)]
  if (!outer.some((each) => contains(parseBlock(each)!, block)))
    throw invalidValue(`Reservation CIDR should be within subnet CIDR block (${subnet.CidrBlock})`)
  const others = state.cidrReservations.all().filter((each) => each.SubnetId === subnet.SubnetId)
  if (others.some((each) => overlaps(parseBlock(each.Cidr)!, block)))
    throw invalidValue(`Reservation CIDR ${input.Cidr} has overlap with existing reserved CIDR block`)
  const reservation = state.cidrReservations.add({
    SubnetId: subnet.SubnetId,
    Cidr: formatBlock(block),
    ReservationType: input.ReservationType,
    OwnerId: state.account,
    ...(input.Description !== undefined && { Description: input.Description }),
    Tags: tagsFor(input, 'subnet-cidr-reservation'),
  })
  return { SubnetCidrReservation: reservation }
}

export const getSubnetCidrReservations: Ec2Handler = (input, { state }) => {
  const { SubnetId } = state.subnets.named(input)
  const all = state.cidrReservations.all().filter((each) => each.SubnetId === SubnetId)
  const { found } = describe({ all: () => all, findAll: () => all }, input, {
    ids: 'none',
    list: 'found',
    filters: { reservationType: 'ReservationType', 'subnet-id': 'SubnetId' },
  })
  const isIpv6 = ({ Cidr }: { Cidr: string }): boolean => Cidr.includes(':')
  const list = found as typeof all
  return {
    SubnetIpv4CidrReservations: list.filter((each) => !isIpv6(each)),
    SubnetIpv6CidrReservations: list.filter(isIpv6),
  }
}

export const deleteSubnetCidrReservation: Ec2Handler = (input, { state }) => {
  const reservation = state.cidrReservations.named(input)
  state.cidrReservations.delete(reservation)
  return { DeletedSubnetCidrReservation: reservation }
}
