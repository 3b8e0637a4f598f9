// VPCs: their blocks, their attributes, and the default one.

import { AwsError } from '../../../../lib/errors.ts'
import { canonical, contains, formatBlock, overlaps, parseBlock } from '../cidr.ts'
import {
  defaultVpc,
  ipv6Association,
  letIpv6Out,
  localRoutes,
  plantDefaultVpc,
  plantVpc,
  subnetsOf,
} from '../defaults.ts'
import { checkUnneeded } from '../dependencies.ts'
import { describe, untagged } from '../describe.ts'
import {
  badCombination,
  invalidParameter,
  invalidValue,
  limitExceeded,
  missingParameter,
  need,
  oneOf,
} from '../errors.ts'
import { internetBlockFor } from '../public-access.ts'
import type { Vpc } from '../records.ts'
import { newId } from '../ids.ts'
import { allocateForVpc, releaseOf } from '../ipam.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

export const createVpc: Ec2Handler = (input, context) => {
  const { state } = context
  const VpcId = newId('vpc')
  const CidrBlock = blockGiven(state, input, VpcId)
  const Tags = tagsFor(input, 'vpc')
  const InstanceTenancy = oneOf('instanceTenancy', input.InstanceTenancy, ['default', 'dedicated', 'host'])
  if (state.vpcs.all().length >= context.quota('vpc', 'L-F678F1CE'))
    throw limitExceeded('VpcLimitExceeded', 'The maximum number of VPCs has been reached.')
  const vpc = plantVpc(state, {
    VpcId,
    CidrBlock,
    Tags,
    ...(InstanceTenancy && { InstanceTenancy }),
    ...(input.AmazonProvidedIpv6CidrBlock && { ipv6: amazonBlock() }),
  })
  const associations = vpc.Ipv6CidrBlockAssociationSet.map((each) => ({
    ...each,
    Ipv6CidrBlockState: { State: 'associating' },
    Ipv6CidrBlock: '',
  }))
  return { Vpc: untagged({ ...vpc, Ipv6CidrBlockAssociationSet: associations }) }
}

/** The block that is named, or one of an IPAM pool. */
function blockGiven(state: Ec2, { CidrBlock, Ipv4IpamPoolId, Ipv4NetmaskLength }: any, vpc: string): string {
  if (Ipv4IpamPoolId === undefined && CidrBlock === undefined)
    throw new AwsError('MissingParameter', "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
  if (Ipv4IpamPoolId === undefined) return checkedBlock(CidrBlock)
  const Cidr = CidrBlock === undefined ? undefined : checkedBlock(CidrBlock)
  return checkedBlock(allocateForVpc(state, Ipv4IpamPoolId, { Cidr, NetmaskLength: Ipv4NetmaskLength }, vpc))
}

/** Between /16 and /28. */
function checkedBlock(text: string): string {
  const block = parseBlock(text)
  if (block?.version !== 4) throw invalidParameter('cidrBlock', text, 'This is not a valid CIDR block.')
  if (block.length < 16 || block.length > 28) throw new AwsError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`)
  return formatBlock(block)
}

/** A /56 of Amazon's own. */
function amazonBlock(): string {
  const [a, b, c] = crypto.getRandomValues(new Uint8Array(3))
  return canonical(`2600:1f${hex(a!)}:${hex(b!)}${hex(c!)}:${hex(a! ^ c!)}00::/56`)!
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

export const deleteVpc: Ec2Handler = (input, { state }) => {
  const vpc = state.vpcs.named(input)
  checkUnneeded(state, 'vpcs', 'vpc', vpc.VpcId)
  for (const name of ['routeTables', 'networkAcls', 'securityGroups'] as const)
    for (const each of state.table(name).all())
      if ((each as { VpcId?: string }).VpcId === vpc.VpcId) state.table(name).delete(each)
  state.vpcs.delete(vpc)
  releaseOf(state, vpc.VpcId)
  return { Return: true }
}

const filters = {
  cidr: 'CidrBlock',
  'cidr-block': 'CidrBlock',
  'cidr-block-association.cidr-block': 'CidrBlockAssociationSet.CidrBlock',
  'cidr-block-association.association-id': 'CidrBlockAssociationSet.AssociationId',
  'cidr-block-association.state': 'CidrBlockAssociationSet.CidrBlockState.State',
  'dhcp-options-id': 'DhcpOptionsId',
  'instance-tenancy': 'InstanceTenancy',
  'ipv6-cidr-block-association.ipv6-cidr-block': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlock',
  'ipv6-cidr-block-association.ipv6-pool': 'Ipv6CidrBlockAssociationSet.Ipv6Pool',
  'ipv6-cidr-block-association.association-id': 'Ipv6CidrBlockAssociationSet.AssociationId',
  'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
  'is-default': 'IsDefault',
  'owner-id': 'OwnerId',
  state: 'State',
  'vpc-id': 'VpcId',
}

function shown(state: Ec2): (vpc: Vpc) => object {
  const blocked = internetBlockFor(state)
  return (vpc) => ({ ...vpc, BlockPublicAccessStates: { InternetGatewayBlockMode: blocked(vpc.VpcId) } })
}

export const describeVpcs: Ec2Handler = (input, { state }) =>
  describe<Vpc>(state.vpcs, input, {
    ids: 'VpcIds',
    list: 'Vpcs',
    filters,
    pages: [5, 1000],
    shown: shown(state),
  })

const attributes = {
  enableDnsSupport: ['EnableDnsSupport', 'dnsSupport'],
  enableDnsHostnames: ['EnableDnsHostnames', 'dnsHostnames'],
  enableNetworkAddressUsageMetrics: ['EnableNetworkAddressUsageMetrics', 'usageMetrics'],
} as const

export const describeVpcAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'VpcId', 'Attribute')
  const found = attributes[input.Attribute as keyof typeof attributes]
  if (!found) throw invalidParameter('attribute', input.Attribute)
  const vpc = state.vpcs.named(input)
  return { VpcId: vpc.VpcId, [found[0]]: { Value: vpc[found[1]] } }
}

export const modifyVpcAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'VpcId')
  const given = Object.values(attributes).filter(([member]) => input[member] !== undefined)
  if (given.length === 0) throw missingParameter('Attribute')
  if (given.length > 1) throw badCombination('Only one attribute can be modified at a time.')
  const vpc = state.vpcs.named(input)
  for (const [member, own] of given) state.vpcs.update(vpc, { [own]: input[member].Value ?? false })
}

export const modifyVpcTenancy: Ec2Handler = (input, { state }) => {
  need(input, 'VpcId', 'InstanceTenancy')
  if (input.InstanceTenancy !== 'default')
    throw new AwsError('UnsupportedTenancy', `The tenancy value ${input.InstanceTenancy} is not supported.`)
  state.vpcs.update(state.vpcs.named(input), { InstanceTenancy: 'default' })
  return { ReturnValue: true }
}

export const createDefaultVpc: Ec2Handler = (_, { state }) => {
  if (defaultVpc(state))
    throw new AwsError('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.')
  return { Vpc: untagged(plantDefaultVpc(state)) }
}

// --- more blocks -----------------------------------------------------------------------------------------------------

export const associateVpcCidrBlock: Ec2Handler = (input, { state }) => {
  const vpc = state.vpcs.named(input)
  if (input.CidrBlock === undefined && input.Ipv4IpamPoolId === undefined) return associatedIpv6(state, vpc, input)
  const CidrBlock = blockGiven(state, input, vpc.VpcId)
  const block = parseBlock(CidrBlock)!
  if (vpc.CidrBlockAssociationSet.some((each) => overlaps(parseBlock(each.CidrBlock)!, block)))
    throw new AwsError('InvalidVpc.Range', `The CIDR '${CidrBlock}' conflicts with another CIDR block of the VPC.`)
  if (vpc.CidrBlockAssociationSet.length >= 5)
    throw limitExceeded(
      'CidrLimitExceeded',
      `This network '${vpc.VpcId}' has met its maximum number of allowed CIDRs: 5`,
    )
  const association = { AssociationId: newId('vpc-cidr-assoc'), CidrBlock, CidrBlockState: { State: 'associated' } }
  state.vpcs.update(vpc, { CidrBlockAssociationSet: [...vpc.CidrBlockAssociationSet, association] })
  refreshLocalRoutes(state, vpc)
  return { VpcId: vpc.VpcId, CidrBlockAssociation: { ...association, CidrBlockState: { State: 'associating' } } }
}

function associatedIpv6(state: Ec2, vpc: Vpc, input: any) {
  if (!input.AmazonProvidedIpv6CidrBlock && input.Ipv6CidrBlock === undefined) throw missingParameter('CidrBlock')
  if (vpc.Ipv6CidrBlockAssociationSet.length >= 5)
    throw limitExceeded(
      'CidrLimitExceeded',
      `This network '${vpc.VpcId}' has met its maximum number of allowed CIDRs: 5`,
    )
  const association = ipv6Association(state, amazonBlock(), 'vpc-cidr-assoc')
  state.vpcs.update(vpc, { Ipv6CidrBlockAssociationSet: [...vpc.Ipv6CidrBlockAssociationSet, association] })
  letIpv6Out(state, vpc)
  refreshLocalRoutes(state, vpc)
  return {
    VpcId: vpc.VpcId,
    Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'associating' } },
  }
}

export const disassociateVpcCidrBlock: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId')
  const id: string = input.AssociationId
  const isThis = (each: { AssociationId: string }): boolean => each.AssociationId === id
  for (const vpc of state.vpcs.all()) {
    const v4 = vpc.CidrBlockAssociationSet.find(isThis)
    const v6 = vpc.Ipv6CidrBlockAssociationSet.find(isThis)
    if (!v4 && !v6) continue
    const text = v4?.CidrBlock ?? v6!.Ipv6CidrBlock
    if (text === vpc.CidrBlock)
      throw new AwsError(
        'OperationNotPermitted',
        `The vpc CIDR block with association ID ${id} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
      )
    const block = parseBlock(text)!
    const used = subnetsOf(state, vpc.VpcId).some((subnet) =>
      [subnet.CidrBlock, ...subnet.Ipv6CidrBlockAssociationSet.map((each) => each.Ipv6CidrBlock)].some((inner) =>
        contains(block, parseBlock(inner)!),
      ),
    )
    if (used) throw new AwsError('DependencyViolation', `The vpc CIDR block with association ID ${id} is in use.`)
    state.vpcs.update(vpc, {
      CidrBlockAssociationSet: vpc.CidrBlockAssociationSet.filter((each) => !isThis(each)),
      Ipv6CidrBlockAssociationSet: vpc.Ipv6CidrBlockAssociationSet.filter((each) => !isThis(each)),
    })
    refreshLocalRoutes(state, vpc)
    if (v4) releaseOf(state, vpc.VpcId, v4.CidrBlock)
    const leaving = { State: 'disassociating' }
    return {
      VpcId: vpc.VpcId,
      ...(v4 && { CidrBlockAssociation: { ...v4, CidrBlockState: leaving } }),
      ...(v6 && { Ipv6CidrBlockAssociation: { ...v6, Ipv6CidrBlockState: leaving } }),
    }
  }
  throw new AwsError(
    'InvalidVpcCidrBlockAssociationIdError.NotFound',
    `The vpc CIDR block association ID '${id}' does not exist`,
  )
}

function refreshLocalRoutes(state: Ec2, vpc: Vpc): void {
  for (const table of state.routeTables.all())
    if (table.VpcId === vpc.VpcId)
      state.routeTables.update(table, {
        Routes: [...localRoutes(vpc), ...table.Routes.filter((route) => route.GatewayId !== 'local')],
      })
}

// --- DHCP options ----------------------------------------------------------------------------------------------------

const dhcpKeys = [
  'domain-name',
  'domain-name-servers',
  'ntp-servers',
  'netbios-name-servers',
  'netbios-node-type',
  'ipv6-address-preferred-lease-time',
]

export const createDhcpOptions: Ec2Handler = (input, { state }) => {
  need(input, 'DhcpConfigurations')
  const given: { Key: string; Values?: string[] }[] = input.DhcpConfigurations
  for (const { Key, Values = [] } of given) {
    if (!dhcpKeys.includes(Key)) throw invalidParameter('option', Key)
    if (Key === 'netbios-node-type' && !['1', '2', '4', '8'].includes(Values[0] ?? ''))
      throw invalidParameter(Key, Values[0])
    if (Values.length > 4 && Key !== 'domain-name') throw invalidValue(`Invalid number of values for ${Key}`)
  }
  const options = state.dhcpOptions.add({
    OwnerId: state.account,
    DhcpConfigurations: given.map(({ Key, Values = [] }) => ({ Key, Values: Values.map((Value) => ({ Value })) })),
    Tags: tagsFor(input, 'dhcp-options'),
  })
  return { DhcpOptions: options }
}

export const describeDhcpOptions: Ec2Handler = (input, { state }) =>
  describe(state.dhcpOptions, input, {
    ids: 'DhcpOptionsIds',
    list: 'DhcpOptions',
    pages: [5, 1000],
    filters: {
      'dhcp-options-id': 'DhcpOptionsId',
      key: 'DhcpConfigurations.Key',
      value: 'DhcpConfigurations.Values.Value',
      'owner-id': 'OwnerId',
    },
  })

export const associateDhcpOptions: Ec2Handler = (input, { state }) => {
  need(input, 'DhcpOptionsId', 'VpcId')
  const { DhcpOptionsId } = input
  if (DhcpOptionsId !== 'default') state.dhcpOptions.find(DhcpOptionsId)
  state.vpcs.update(state.vpcs.named(input), { DhcpOptionsId })
  return { Return: true }
}

export const deleteDhcpOptions: Ec2Handler = (input, { state }) => {
  if (!String(input.DhcpOptionsId).startsWith('dopt-'))
    throw new AwsError('InvalidDhcpOptionsId.Malformed', `Invalid id: "${input.DhcpOptionsId}"`)
  const options = state.dhcpOptions.named(input)
  checkUnneeded(state, 'dhcpOptions', 'dhcpOptions', options.DhcpOptionsId)
  state.dhcpOptions.delete(options)
  return { Return: true }
}
