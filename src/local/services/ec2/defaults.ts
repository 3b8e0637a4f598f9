// What does a region hold before anybody made anything? The default VPC: a subnet in every zone, a way to the internet.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html

import { AwsError } from '../../../lib/errors.ts'
import { formatBlock, parseBlock, sizeOf } from './cidr.ts'
import type { AclEntry, DhcpOptions, NetworkAcl, RouteTable, Rule, SecurityGroup, Subnet, Tag, Vpc } from './records.ts'
import { newId } from './ids.ts'
import type { Ec2 } from './state.ts'
import { internalDomain, zonesOf, type Zone } from './zones.ts'

export function plantDefaultVpc(state: Ec2): Vpc {
  const { region, account } = state
  const vpc = plantVpc(state, { CidrBlock: '172.31.0.0/16', IsDefault: true, dnsHostnames: true })
  for (const zone of zonesOf(region)) plantDefaultSubnet(state, vpc, zone)
  const gateway = state.internetGateways.add({
    OwnerId: account,
    Attachments: [{ State: 'available', VpcId: vpc.VpcId }],
  })
  const table = mainRouteTable(state, vpc.VpcId)
  table.Routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway.InternetGatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  })
  state.routeTables.put(table)
  return vpc
}

/** The next free /20 of the default VPC. */
export function plantDefaultSubnet(state: Ec2, vpc: Vpc, zone: Zone): Subnet {
  const taken = new Set(subnetsOf(state, vpc.VpcId).map((subnet) => subnet.CidrBlock))
  const outer = parseBlock(vpc.CidrBlock)!
  const step = 1n << 12n
  for (let first = outer.first; first < outer.first + sizeOf(outer); first += step) {
    const CidrBlock = formatBlock({ version: 4, first, length: 20 })
    if (!taken.has(CidrBlock))
      return plantSubnet(state, vpc, zone, { CidrBlock, DefaultForAz: true, MapPublicIpOnLaunch: true })
  }
  throw new AwsError('InsufficientCidrBlocks', `No free CIDR block for a default subnet in ${zone.name}.`)
}

export interface NewVpc {
  VpcId?: string
  CidrBlock: string
  IsDefault?: boolean
  InstanceTenancy?: string
  dnsHostnames?: boolean
  Tags?: Tag[]
  ipv6?: string
}

/** A VPC with what comes with every one: main route table, default ACL, default security group. */
export function plantVpc(state: Ec2, given: NewVpc): Vpc {
  const { account } = state
  const { CidrBlock, IsDefault = false, InstanceTenancy = 'default', dnsHostnames = false, Tags = [], ipv6 } = given
  const vpc = state.vpcs.add({
    ...(given.VpcId !== undefined && { VpcId: given.VpcId }),
    CidrBlock,
    CidrBlockAssociationSet: [
      { AssociationId: newId('vpc-cidr-assoc'), CidrBlock, CidrBlockState: { State: 'associated' } },
    ],
    Ipv6CidrBlockAssociationSet: ipv6 === undefined ? [] : [ipv6Association(state, ipv6, 'vpc-cidr-assoc')],
    DhcpOptionsId: defaultDhcpOptions(state).DhcpOptionsId,
    InstanceTenancy,
    IsDefault,
    OwnerId: account,
    State: IsDefault ? 'available' : 'pending',
    later: IsDefault ? [] : [{ at: state.after(2), change: { State: 'available' } }],
    dnsSupport: true,
    dnsHostnames,
    usageMetrics: false,
    Tags,
  })
  const { VpcId } = vpc
  const table = state.routeTables.add({
    VpcId,
    OwnerId: account,
    Associations: [],
    PropagatingVgws: [],
    Routes: localRoutes(vpc),
  })
  table.Associations.push({
    Main: true,
    RouteTableAssociationId: newId('rtbassoc'),
    RouteTableId: table.RouteTableId,
    AssociationState: { State: 'associated' },
  })
  state.routeTables.put(table)
  plantAcl(state, VpcId, { IsDefault: true, open: true, ipv6: ipv6 !== undefined })
  plantGroup(state, vpc, 'default', 'default VPC security group')
  return vpc
}

export function localRoutes(vpc: Vpc): RouteTable['Routes'] {
  const local = { GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }
  return [
    ...vpc.CidrBlockAssociationSet.map(({ CidrBlock }) => ({ DestinationCidrBlock: CidrBlock, ...local })),
    ...vpc.Ipv6CidrBlockAssociationSet.map(({ Ipv6CidrBlock }) => ({
      DestinationIpv6CidrBlock: Ipv6CidrBlock,
      ...local,
    })),
  ]
}

export function ipv6Association(state: Ec2, block: string, prefix: 'vpc-cidr-assoc' | 'subnet-cidr-assoc') {
  return {
    AssociationId: newId(prefix),
    Ipv6CidrBlock: block,
    Ipv6CidrBlockState: { State: 'associated' },
    ...(prefix === 'vpc-cidr-assoc' ? { NetworkBorderGroup: state.region, Ipv6Pool: 'Amazon' } : {}),
    IpSource: 'amazon',
    Ipv6AddressAttribute: 'public',
  }
}

export function plantSubnet(state: Ec2, vpc: Vpc, zone: Zone, given: Partial<Subnet> & { CidrBlock: string }): Subnet {
  const { account, region } = state
  const SubnetId = newId('subnet')
  const subnet = state.subnets.add({
    SubnetId,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${SubnetId}`,
    VpcId: vpc.VpcId,
    AvailabilityZone: zone.name,
    AvailabilityZoneId: zone.id,
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    MapCustomerOwnedIpOnLaunch: false,
    Ipv6Native: false,
    EnableDns64: false,
    Ipv6CidrBlockAssociationSet: [],
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    OwnerId: account,
    State: 'available',
    ...given,
  } as Omit<Subnet, 'order'>)
  const acl = defaultAcl(state, vpc.VpcId)
  acl.Associations.push({
    NetworkAclAssociationId: newId('aclassoc'),
    NetworkAclId: acl.NetworkAclId,
    SubnetId: subnet.SubnetId,
  })
  state.networkAcls.put(acl)
  return subnet
}

/** An ACL with the rules nobody can remove, and, where it is open, those that let all through. */
export function plantAcl(
  state: Ec2,
  VpcId: string,
  given: { IsDefault: boolean; open: boolean; ipv6: boolean; Tags?: Tag[] },
): NetworkAcl {
  const blocks = [
    { CidrBlock: '0.0.0.0/0', first: 100, last: 32767 },
    ...(given.ipv6 ? [{ Ipv6CidrBlock: '::/0', first: 101, last: 32768 }] : []),
  ]
  const entries = [true, false].flatMap((Egress) =>
    blocks.flatMap(({ first, last, ...block }): AclEntry[] => [
      ...(given.open ? [{ ...block, Egress, Protocol: '-1', RuleAction: 'allow', RuleNumber: first }] : []),
      { ...block, Egress, Protocol: '-1', RuleAction: 'deny', RuleNumber: last },
    ]),
  )
  return state.networkAcls.add({
    VpcId,
    OwnerId: state.account,
    IsDefault: given.IsDefault,
    Associations: [],
    Entries: entries,
    ...(given.Tags && { Tags: given.Tags }),
  })
}

const all = { IpProtocol: '-1', FromPort: -1, ToPort: -1, Tags: [] }

function ipv6Egress(): Rule {
  return { SecurityGroupRuleId: newId('sgr'), IsEgress: true, ...all, CidrIpv6: '::/0' }
}

/** The default group of a VPC that gets IPv6 lets it out, unless somebody has changed what goes out. */
export function letIpv6Out(state: Ec2, vpc: Vpc): void {
  const group = groupNamed(state, vpc.VpcId, 'default')
  const out = group?.rules.filter((rule) => rule.IsEgress) ?? []
  if (group && out.length === 1 && out[0]!.IpProtocol === '-1' && out[0]!.CidrIpv4 === '0.0.0.0/0')
    state.securityGroups.update(group, { rules: [...group.rules, ipv6Egress()] })
}

/** With leave for all that goes out: by IPv6, too, in a VPC that has it. */
export function plantGroup(
  state: Ec2,
  { VpcId, Ipv6CidrBlockAssociationSet }: Vpc,
  GroupName: string,
  Description: string,
  Tags: Tag[] = [],
): SecurityGroup {
  const { account, region } = state
  const GroupId = newId('sg')
  return state.securityGroups.add({
    GroupId,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${GroupId}`,
    GroupName,
    Description,
    OwnerId: account,
    VpcId,
    rules: [
      ...(GroupName === 'default'
        ? [
            {
              SecurityGroupRuleId: newId('sgr'),
              IsEgress: false,
              ...all,
              ReferencedGroupInfo: { GroupId, UserId: account },
            },
          ]
        : []),
      { SecurityGroupRuleId: newId('sgr'), IsEgress: true, ...all, CidrIpv4: '0.0.0.0/0' },
      ...(Ipv6CidrBlockAssociationSet.length > 0 ? [ipv6Egress()] : []),
    ],
    Tags,
  } as Omit<SecurityGroup, 'order'>)
}

/** Amazon's name server and the region's domain: one set for all VPCs that name none. */
function defaultDhcpOptions(state: Ec2): DhcpOptions {
  const domain = internalDomain(state.region)
  const found = state.dhcpOptions
    .all()
    .find(
      ({ DhcpConfigurations: [first, second] }) =>
        first?.Values[0]?.Value === domain && second?.Values[0]?.Value === 'AmazonProvidedDNS',
    )
  return (
    found ??
    state.dhcpOptions.add({
      OwnerId: state.account,
      DhcpConfigurations: [
        { Key: 'domain-name', Values: [{ Value: domain }] },
        { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
      ],
    })
  )
}

export function defaultVpc(state: Ec2): Vpc | undefined {
  return state.vpcs.all().find((vpc) => vpc.IsDefault)
}

export function subnetsOf(state: Ec2, vpc: string): Subnet[] {
  return state.subnets.all().filter((subnet) => subnet.VpcId === vpc)
}

export function mainRouteTable(state: Ec2, vpc: string): RouteTable {
  return state.routeTables.all().find((table) => table.VpcId === vpc && table.Associations.some(({ Main }) => Main))!
}

export function defaultAcl(state: Ec2, vpc: string): NetworkAcl {
  return state.networkAcls.all().find((acl) => acl.VpcId === vpc && acl.IsDefault)!
}

export function groupNamed(state: Ec2, vpc: string, name: string): SecurityGroup | undefined {
  return state.securityGroups.all().find((group) => group.VpcId === vpc && group.GroupName === name)
}
