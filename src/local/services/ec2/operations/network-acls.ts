// Network ACLs: numbered rules at the border of subnets.

import { AwsError } from '../../../../lib/errors.ts'
import { canonical } from '../cidr.ts'
import { plantAcl } from '../defaults.ts'
import { describe } from '../describe.ts'
import { dependencyViolation, invalidParameter, invalidValue, missingParameter, need, oneOf } from '../errors.ts'
import type { AclEntry, NetworkAcl } from '../records.ts'
import { newId } from '../ids.ts'
import type { Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

export const createNetworkAcl: Ec2Handler = (input, { state }) => {
  const vpc = state.vpcs.named(input)
  const acl = plantAcl(state, vpc.VpcId, {
    IsDefault: false,
    open: false,
    ipv6: vpc.Ipv6CidrBlockAssociationSet.length > 0,
    Tags: tagsFor(input, 'network-acl'),
  })
  return { NetworkAcl: acl, ClientToken: input.ClientToken }
}

export const deleteNetworkAcl: Ec2Handler = (input, { state }) => {
  const acl = state.networkAcls.named(input)
  if (acl.IsDefault) throw invalidValue(`cannot delete default network ACL ${acl.NetworkAclId}`)
  if (acl.Associations.length > 0) throw dependencyViolation('networkAcl', acl.NetworkAclId)
  state.networkAcls.delete(acl)
}

const filters = {
  'association.association-id': 'Associations.NetworkAclAssociationId',
  'association.network-acl-id': 'Associations.NetworkAclId',
  'association.subnet-id': 'Associations.SubnetId',
  default: 'IsDefault',
  'entry.cidr': 'Entries.CidrBlock',
  'entry.icmp.code': 'Entries.IcmpTypeCode.Code',
  'entry.icmp.type': 'Entries.IcmpTypeCode.Type',
  'entry.ipv6-cidr': 'Entries.Ipv6CidrBlock',
  'entry.port-range.from': 'Entries.PortRange.From',
  'entry.port-range.to': 'Entries.PortRange.To',
  'entry.protocol': 'Entries.Protocol',
  'entry.rule-action': 'Entries.RuleAction',
  'entry.egress': 'Entries.Egress',
  'entry.rule-number': 'Entries.RuleNumber',
  'network-acl-id': 'NetworkAclId',
  'owner-id': 'OwnerId',
  'vpc-id': 'VpcId',
}

export const describeNetworkAcls: Ec2Handler = (input, { state }) =>
  describe(state.networkAcls, input, { ids: 'NetworkAclIds', list: 'NetworkAcls', filters, pages: [5, 1000] })

const protocols: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' }

function entryIn(input: any): AclEntry {
  need(input, 'RuleNumber', 'Protocol', 'RuleAction')
  if (input.Egress === undefined) throw missingParameter('Egress')
  if (input.RuleNumber < 1 || input.RuleNumber > 32_766)
    throw invalidParameter('ruleNumber', input.RuleNumber, 'The rule number must be between 1 and 32766.')
  const RuleAction = oneOf('ruleAction', input.RuleAction, ['allow', 'deny'])!
  const Protocol = protocols[input.Protocol] ?? String(input.Protocol)
  if (!/^(-1|\d{1,3})$/.test(Protocol)) throw invalidParameter('protocol', input.Protocol, 'Unknown protocol')
  const { CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode } = input
  if (CidrBlock === undefined && Ipv6CidrBlock === undefined) throw missingParameter('cidrBlock')
  const block = canonical(CidrBlock ?? Ipv6CidrBlock)
  if (block === undefined)
    throw invalidParameter(
      CidrBlock === undefined ? 'ipv6CidrBlock' : 'cidrBlock',
      CidrBlock ?? Ipv6CidrBlock,
      'This is not a valid CIDR block.',
    )
  if ((Protocol === '6' || Protocol === '17') && PortRange === undefined) throw missingParameter('portRange')
  return {
    RuleNumber: input.RuleNumber,
    Protocol,
    RuleAction,
    Egress: input.Egress,
    ...(CidrBlock === undefined ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
    ...(PortRange && Protocol !== '-1' && { PortRange }),
    ...(IcmpTypeCode && { IcmpTypeCode }),
  }
}

function indexOf(acl: NetworkAcl, number: number, egress: boolean): number {
  return acl.Entries.findIndex((each) => each.RuleNumber === number && each.Egress === egress)
}

function indexFound(acl: NetworkAcl, number: number, egress: boolean): number {
  const at = indexOf(acl, number, egress)
  if (at < 0)
    throw new AwsError(
      'InvalidNetworkAclEntry.NotFound',
      `The network acl entry identified by ${number} does not exist.`,
    )
  return at
}

export const createNetworkAclEntry: Ec2Handler = (input, { state }) => {
  const acl = state.networkAcls.named(input)
  const entry = entryIn(input)
  if (indexOf(acl, entry.RuleNumber, entry.Egress) >= 0)
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${entry.RuleNumber} already exists.`,
    )
  if (acl.Entries.filter((each) => each.Egress === entry.Egress && each.RuleNumber < 32_767).length >= 20)
    throw new AwsError('NetworkAclEntryLimitExceeded', 'The maximum number of network acl entries has been reached.')
  acl.Entries.push(entry)
  acl.Entries.sort((a, b) => Number(b.Egress) - Number(a.Egress) || a.RuleNumber - b.RuleNumber)
  state.networkAcls.put(acl)
}

export const replaceNetworkAclEntry: Ec2Handler = (input, { state }) => {
  const acl = state.networkAcls.named(input)
  const entry = entryIn(input)
  acl.Entries[indexFound(acl, entry.RuleNumber, entry.Egress)] = entry
  state.networkAcls.put(acl)
}

export const deleteNetworkAclEntry: Ec2Handler = (input, { state }) => {
  need(input, 'RuleNumber')
  const acl = state.networkAcls.named(input)
  acl.Entries.splice(indexFound(acl, input.RuleNumber, input.Egress ?? false), 1)
  state.networkAcls.put(acl)
}

export const replaceNetworkAclAssociation: Ec2Handler = (input, { state }) => {
  need(input, 'AssociationId')
  const acl = state.networkAcls.named(input)
  for (const old of state.networkAcls.all()) {
    const found = old.Associations.find((each) => each.NetworkAclAssociationId === input.AssociationId)
    if (!found) continue
    if (old.VpcId !== acl.VpcId)
      throw invalidValue(`Network ACL ${acl.NetworkAclId} and subnet ${found.SubnetId} belong to different networks`)
    const moved = {
      NetworkAclAssociationId: newId('aclassoc'),
      NetworkAclId: acl.NetworkAclId,
      SubnetId: found.SubnetId,
    }
    state.networkAcls.update(old, { Associations: old.Associations.filter((each) => each !== found) })
    const target = state.networkAcls.find(acl.NetworkAclId)
    state.networkAcls.update(target, { Associations: [...target.Associations, moved] })
    return { NewAssociationId: moved.NetworkAclAssociationId }
  }
  throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${input.AssociationId}' does not exist`)
}
