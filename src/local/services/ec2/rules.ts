// What do permissions of a security group come to? Each source of a permission is a rule of its own; what is answered as
// IpPermissions is the rules put together again.

import { AwsError } from '../../../lib/errors.ts'
import { canonical, parseBlock } from './cidr.ts'
import { groupNamed } from './defaults.ts'
import { invalidParameter, invalidValue, missingParameter } from './errors.ts'
import type { Rule, SecurityGroup } from './records.ts'
import { newId } from './ids.ts'
import type { Ec2 } from './state.ts'

interface Permission {
  IpProtocol?: string
  FromPort?: number
  ToPort?: number
  UserIdGroupPairs?: { GroupId?: string; GroupName?: string; UserId?: string; VpcId?: string; Description?: string }[]
  IpRanges?: { CidrIp?: string; Description?: string }[]
  Ipv6Ranges?: { CidrIpv6?: string; Description?: string }[]
  PrefixListIds?: { PrefixListId?: string; Description?: string }[]
}

export type NewRule = Omit<Rule, 'SecurityGroupRuleId' | 'Tags'>

/** The permissions of an input, whether listed or, as in former times, spread over its members. */
export function permissionsIn(input: any): Permission[] {
  if (input.IpPermissions !== undefined) return input.IpPermissions
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input
  if (IpProtocol === undefined && CidrIp === undefined && SourceSecurityGroupName === undefined) return []
  return [
    {
      IpProtocol: IpProtocol ?? '-1',
      FromPort,
      ToPort,
      ...(CidrIp !== undefined && { IpRanges: [{ CidrIp }] }),
      ...(SourceSecurityGroupName !== undefined && {
        UserIdGroupPairs: [{ GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId }],
      }),
    },
  ]
}

export function rulesOf(
  permissions: readonly Permission[],
  IsEgress: boolean,
  group: SecurityGroup,
  state: Ec2,
): NewRule[] {
  const rules = permissions.flatMap((permission) => {
    const common = { IsEgress, ...portsOf(permission) }
    const told = ({ Description }: { Description?: string }) =>
      Description === undefined ? {} : { Description: checkedDescription(Description) }
    const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission
    return [
      ...IpRanges.map((each) => ({ ...common, CidrIpv4: cidrOf(each.CidrIp ?? '', 4), ...told(each) })),
      ...Ipv6Ranges.map((each) => ({ ...common, CidrIpv6: cidrOf(each.CidrIpv6 ?? '', 6), ...told(each) })),
      ...PrefixListIds.map((each) => ({
        ...common,
        PrefixListId: prefixListOf(each.PrefixListId, state),
        ...told(each),
      })),
      ...UserIdGroupPairs.map((each) => ({
        ...common,
        ReferencedGroupInfo: referenced(each, group, state),
        ...told(each),
      })),
    ]
  })
  const keys = new Set(rules.map(sameAs))
  if (keys.size < rules.length) throw invalidValue('The same permission must not appear multiple times')
  return rules
}

const numbered: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' }

function portsOf({ IpProtocol, FromPort, ToPort }: Permission): Pick<Rule, 'IpProtocol' | 'FromPort' | 'ToPort'> {
  if (IpProtocol === undefined) throw missingParameter('ipProtocol')
  const given = IpProtocol.toLowerCase()
  const protocol = numbered[given] ?? given
  switch (protocol) {
    case 'tcp':
    case 'udp':
      if (FromPort === undefined || ToPort === undefined)
        throw invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
      for (const port of [FromPort, ToPort])
        if (port < 0 || port > 65_535) throw invalidValue(`TCP/UDP port (${port}) out of range`)
      if (FromPort > ToPort) throw invalidValue(`Invalid TCP/UDP port range (${FromPort}:${ToPort})`)
      return { IpProtocol: protocol, FromPort, ToPort }
    case 'icmp':
    case 'icmpv6':
      return { IpProtocol: protocol, FromPort: FromPort ?? -1, ToPort: ToPort ?? -1 }
    default:
      if (protocol !== '-1' && !(/^\d{1,3}$/.test(protocol) && Number(protocol) < 256))
        throw invalidValue(`Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`)
      return { IpProtocol: protocol, FromPort: -1, ToPort: -1 }
  }
}

function cidrOf(text: string, version: 4 | 6): string {
  if (parseBlock(text)?.version === version) return canonical(text)!
  throw invalidValue(version === 4 ? `CIDR block ${text} is malformed` : `IPv6 CIDR block ${text} is malformed`)
}

function checkedDescription(text: string): string {
  if (text.length <= 255 && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(text)) return text
  throw invalidValue(
    'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
  )
}

function prefixListOf(id: string | undefined, state: Ec2): string {
  if (id === undefined) throw missingParameter('prefixListId')
  // AWS's own lists are known by id alone.
  if (!state.prefixLists.get(id) && !/^pl-[0-9a-f]{8}$/.test(id)) throw state.prefixLists.kind.missing([id])
  return id
}

function referenced(
  pair: NonNullable<Permission['UserIdGroupPairs']>[number],
  group: SecurityGroup,
  state: Ec2,
): NonNullable<Rule['ReferencedGroupInfo']> {
  const { GroupId, GroupName, UserId } = pair
  if (GroupId === undefined && GroupName === undefined) throw missingParameter('groupId')
  const owner = UserId ?? state.account
  const theirs = state.at(owner, state.region)
  if (GroupId === undefined) {
    const named = groupNamed(theirs, group.VpcId, GroupName!)
    if (named) return { GroupId: named.GroupId, UserId: owner }
    throw groupNotFound(GroupName!, group.VpcId)
  }
  const other = GroupId === group.GroupId ? group : theirs.securityGroups.find(GroupId)
  if (other.VpcId === group.VpcId) return { GroupId, UserId: owner }
  const peering = [...state.peerings.all(), ...theirs.peerings.all()].find(
    ({ Status, RequesterVpcInfo, AccepterVpcInfo }) => {
      const both = [RequesterVpcInfo.VpcId, AccepterVpcInfo.VpcId]
      return Status.Code === 'active' && both.includes(group.VpcId) && both.includes(other.VpcId)
    },
  )
  if (!peering)
    throw new AwsError('InvalidGroup.NotFound', 'You have specified two resources that belong to different networks.')
  return {
    GroupId,
    UserId: owner,
    VpcId: other.VpcId,
    VpcPeeringConnectionId: peering.VpcPeeringConnectionId,
  }
}

export function groupNotFound(name: string, vpc: string): AwsError {
  return new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist in VPC '${vpc}'`)
}

/** Rules are the same where all but the description is. */
export function sameAs(rule: NewRule): string {
  const { IsEgress, IpProtocol, FromPort, ToPort } = rule
  return [IsEgress, IpProtocol, FromPort, ToPort, peerOf(rule)].join(' ')
}

function peerOf({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo }: NewRule): string {
  return CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo!.GroupId
}

/** `peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW` */
function told(rule: NewRule): string {
  const { IpProtocol, FromPort, ToPort } = rule
  const ports =
    IpProtocol === 'tcp' || IpProtocol === 'udp'
      ? `, from port: ${FromPort}, to port: ${ToPort}`
      : IpProtocol.startsWith('icmp')
        ? `, type: ${FromPort}, code: ${ToPort}`
        : ''
  return `peer: ${peerOf(rule)}, ${IpProtocol === '-1' ? 'ALL' : IpProtocol.toUpperCase()}${ports}, ALLOW`
}

export function duplicate(rule: NewRule): AwsError {
  return new AwsError('InvalidPermission.Duplicate', `the specified rule "${told(rule)}" already exists`)
}

export function made(rule: NewRule, Tags: Rule['Tags']): Rule {
  return { SecurityGroupRuleId: newId('sgr'), ...rule, Tags }
}

/** Rules put together by protocol and ports. */
export function permissionsFrom(rules: readonly NewRule[]): Required<Permission>[] {
  const together = new Map<string, any>()
  for (const rule of rules) {
    const { IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, Description } = rule
    const key = `${IpProtocol} ${FromPort} ${ToPort}`
    const bare = !['tcp', 'udp', 'icmp', 'icmpv6'].includes(IpProtocol)
    if (!together.has(key))
      together.set(key, {
        IpProtocol,
        ...(bare ? {} : { FromPort, ToPort }),
        UserIdGroupPairs: [],
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
      })
    const permission = together.get(key)
    const said = Description === undefined ? {} : { Description }
    if (CidrIpv4 !== undefined) permission.IpRanges.push({ CidrIp: CidrIpv4, ...said })
    if (CidrIpv6 !== undefined) permission.Ipv6Ranges.push({ CidrIpv6, ...said })
    if (PrefixListId !== undefined) permission.PrefixListIds.push({ PrefixListId, ...said })
    if (ReferencedGroupInfo) permission.UserIdGroupPairs.push({ ...ReferencedGroupInfo, ...said })
  }
  return [...together.values()]
}

export function checkedName(name: string): string {
  if (name.startsWith('sg-')) throw invalidParameter('groupName', name, 'Group names may not be in the format sg-*')
  if (name.length > 255 || !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]+$/.test(name))
    throw invalidValue(
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    )
  return name
}
