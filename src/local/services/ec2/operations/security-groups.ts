// Security groups and their rules.

import { AwsError } from '../../../../lib/errors.ts'
import { defaultVpc, groupNamed, plantGroup } from '../defaults.ts'
import { checkUnneeded } from '../dependencies.ts'
import { checkAlone, describe, listed, untagged } from '../describe.ts'
import { invalidParameter, invalidValue, limitExceeded, missingParameter, need } from '../errors.ts'
import type { Filter } from '../filters.ts'
import type { Rule, SecurityGroup } from '../records.ts'
import {
  checkedName,
  duplicate,
  made,
  permissionsFrom,
  permissionsIn,
  rulesOf,
  sameAs,
  type NewRule,
} from '../rules.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

const mostRules = 60

export const createSecurityGroup: Ec2Handler = (input, context) => {
  const { state } = context
  need(input, 'GroupName')
  if (!input.Description) throw missingParameter('GroupDescription')
  const GroupName = checkedName(input.GroupName)
  if (!/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(input.Description))
    throw invalidParameter(
      'GroupDescription',
      input.Description,
      input.Description.length > 255
        ? 'Character count must be less than 256.'
        : 'Character sets beyond ASCII are not supported.',
    )
  const VpcId: string | undefined = input.VpcId ?? defaultVpc(state)?.VpcId
  if (VpcId === undefined) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user')
  const vpc = state.vpcs.find(VpcId)
  if (GroupName.toLowerCase() === 'default') throw invalidValue(`Cannot use reserved security group name: ${GroupName}`)
  if (groupNamed(state, VpcId, GroupName))
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${GroupName}' already exists for VPC '${VpcId}'`)
  const Tags = tagsFor(input, 'security-group')
  if (state.securityGroups.all().length >= context.quota('vpc', 'L-E79EC296'))
    throw limitExceeded('SecurityGroupLimitExceeded', 'The maximum number of security groups has been reached.')
  const group = plantGroup(state, vpc, GroupName, input.Description, Tags)
  return untagged({ GroupId: group.GroupId, Tags: group.Tags, SecurityGroupArn: group.SecurityGroupArn })
}

function groupIn(input: any, state: Ec2): SecurityGroup {
  if (input.GroupId !== undefined) return state.securityGroups.named(input)
  if (input.GroupName === undefined) throw missingParameter('groupName or groupId')
  return groupOfDefaultVpc(state, input.GroupName)
}

/** By name alone, only groups of the default VPC are found. */
function groupOfDefaultVpc(state: Ec2, name: string): SecurityGroup {
  const vpc = defaultVpc(state)
  const found = vpc && groupNamed(state, vpc.VpcId, name)
  if (found) return found
  throw new AwsError(
    'InvalidGroup.NotFound',
    vpc
      ? `The security group '${name}' does not exist in default VPC '${vpc.VpcId}'`
      : `The security group '${name}' does not exist`,
  )
}

export const deleteSecurityGroup: Ec2Handler = (input, { state }) => {
  const group = groupIn(input, state)
  const { GroupId, GroupName } = group
  if (GroupName === 'default')
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${GroupId}" name: "${GroupName}" cannot be deleted by a user`,
    )
  checkUnneeded(state, 'securityGroups', 'group', GroupId)
  state.securityGroups.delete(group)
  return { Return: true, GroupId }
}

// --- telling ---------------------------------------------------------------------------------------------------------

function shown(group: SecurityGroup): object {
  const permissions = (egress: boolean) => permissionsFrom(group.rules.filter((rule) => rule.IsEgress === egress))
  return { ...group, IpPermissions: permissions(false), IpPermissionsEgress: permissions(true) }
}

const permissionFilters = (list: string, prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      cidr: 'IpRanges.CidrIp',
      'from-port': 'FromPort',
      'group-id': 'UserIdGroupPairs.GroupId',
      'group-name': 'UserIdGroupPairs.GroupName',
      'ipv6-cidr': 'Ipv6Ranges.CidrIpv6',
      'prefix-list-id': 'PrefixListIds.PrefixListId',
      protocol: 'IpProtocol',
      'to-port': 'ToPort',
      'user-id': 'UserIdGroupPairs.UserId',
    }).map(([name, path]) => [`${prefix}.${name}`, `${list}.${path}`]),
  )

const filters = {
  description: 'Description',
  'group-id': 'GroupId',
  'group-name': 'GroupName',
  'owner-id': 'OwnerId',
  'vpc-id': 'VpcId',
  ...permissionFilters('IpPermissions', 'ip-permission'),
  ...permissionFilters('IpPermissionsEgress', 'egress.ip-permission'),
}

export const describeSecurityGroups: Ec2Handler = (input, { state }) => {
  const named = ((input.GroupNames ?? []) as string[]).map((name) => groupOfDefaultVpc(state, name).GroupId)
  const GroupIds = [...(input.GroupIds ?? []), ...named]
  return describe(
    state.securityGroups,
    { ...input, GroupIds },
    { ids: 'GroupIds', list: 'SecurityGroups', filters, pages: [5, 1000], shown },
  )
}

const ruleFilters = { 'group-id': 'GroupId', 'security-group-rule-id': 'SecurityGroupRuleId' }

/** A rule as it is answered: with the group it is in. */
function ruleShown(rule: Rule, group: SecurityGroup): object {
  const { account, region } = placeOf(group)
  return {
    ...rule,
    GroupId: group.GroupId,
    GroupOwnerId: group.OwnerId,
    SecurityGroupRuleArn: `arn:aws:ec2:${region}:${account}:security-group-rule/${rule.SecurityGroupRuleId}`,
  }
}

function placeOf({ SecurityGroupArn }: SecurityGroup): { account: string; region: string } {
  const [, , , region, account] = SecurityGroupArn.split(':')
  return { account: account!, region: region! }
}

export const describeSecurityGroupRules: Ec2Handler = (input, { state }) => {
  const wanted: string[] | undefined = input.SecurityGroupRuleIds
  if (wanted?.length) checkAlone(input, [5, 1000], 'SecurityGroupRuleIds')
  // What comes in, then what goes out.
  const inward = ({ rules }: SecurityGroup): Rule[] => rules.toSorted((a, b) => Number(a.IsEgress) - Number(b.IsEgress))
  const all = state.securityGroups.all().flatMap((group) => inward(group).map((rule) => ({ rule, group })))
  for (const id of wanted ?? []) if (!all.some(({ rule }) => rule.SecurityGroupRuleId === id)) throw ruleNotFound(id)
  const groups: string[] = (input.Filters ?? [])
    .filter(({ Name }: Filter) => Name === 'group-id')
    .flatMap(({ Values }: Filter) => Values ?? [])
  for (const id of groups)
    if (!id.startsWith('sg-'))
      throw new AwsError('InvalidGroupId.Malformed', `The security group ID '${id}' is malformed`)
  const found = all
    .filter(({ rule }) => !wanted?.length || wanted.includes(rule.SecurityGroupRuleId))
    .map(({ rule, group }) => ruleShown(rule, group))
  return listed(found, input, { list: 'SecurityGroupRules', filters: ruleFilters, pages: [5, 1000] })
}

function ruleNotFound(id: string): AwsError {
  return /^sgr-[0-9a-f]+$/.test(id)
    ? new AwsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`)
    : new AwsError('InvalidSecurityGroupRuleId.Malformed', `Invalid id: "${id}" (expecting "sgr-...")`)
}

export const describeSecurityGroupReferences: Ec2Handler = (input, { state }) => {
  need(input, 'GroupId')
  const ids: string[] = state.securityGroups.findAll(input.GroupId).map(({ GroupId }) => GroupId)
  const references = state.securityGroups.all().flatMap((group) =>
    group.rules.flatMap(({ ReferencedGroupInfo: info }) =>
      info?.VpcPeeringConnectionId !== undefined && ids.includes(info.GroupId)
        ? [
            {
              GroupId: info.GroupId,
              ReferencingVpcId: group.VpcId,
              VpcPeeringConnectionId: info.VpcPeeringConnectionId,
            },
          ]
        : [],
    ),
  )
  return { SecurityGroupReferenceSet: references }
}

export const getSecurityGroupsForVpc: Ec2Handler = (input, { state }) => {
  const { VpcId } = state.vpcs.named(input)
  const inVpc = state.securityGroups.all().filter((group) => group.VpcId === VpcId)
  const { SecurityGroupForVpcs, NextToken } = describe({ all: () => inVpc, findAll: () => inVpc }, input, {
    ids: 'none',
    list: 'SecurityGroupForVpcs',
    filters: {
      'group-id': 'GroupId',
      description: 'Description',
      'group-name': 'GroupName',
      'owner-id': 'OwnerId',
      'primary-vpc-id': 'VpcId',
    },
    pages: [5, 1000],
    shown: (group) => ({ ...group, PrimaryVpcId: group.VpcId }),
  })
  return { SecurityGroupForVpcs, NextToken }
}

// --- rules -----------------------------------------------------------------------------------------------------------

function authorize(input: any, { state }: Ec2Context, egress: boolean): object {
  const group = groupIn(input, state)
  const permissions = permissionsIn(input)
  if (permissions.length === 0) throw missingParameter('ipPermissions')
  const added = rulesOf(permissions, egress, group, state)
  if (added.length === 0) throw missingParameter('source')
  if (group.rules.filter((rule) => rule.IsEgress === egress).length + added.length > mostRules)
    throw limitExceeded(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    )
  const there = new Set(group.rules.map(sameAs))
  const again = added.find((rule) => there.has(sameAs(rule)))
  if (again) throw duplicate(again)
  const Tags = tagsFor(input, 'security-group-rule')
  const rules = added.map((rule) => made(rule, Tags))
  state.securityGroups.update(group, { rules: [...group.rules, ...rules] })
  return { Return: true, SecurityGroupRules: rules.map((rule) => ruleShown(rule, group)) }
}

export const authorizeSecurityGroupIngress: Ec2Handler = (input, context) => authorize(input, context, false)
export const authorizeSecurityGroupEgress: Ec2Handler = (input, context) => authorize(input, context, true)

function revoke(input: any, { state }: Ec2Context, egress: boolean): object {
  const group = groupIn(input, state)
  const ids: string[] = input.SecurityGroupRuleIds ?? []
  const permissions = permissionsIn(input)
  if (ids.length === 0 && permissions.length === 0)
    throw new AwsError('MissingParameter', "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
  const own = group.rules.filter((rule) => rule.IsEgress === egress)
  for (const id of ids) if (!own.some((rule) => rule.SecurityGroupRuleId === id)) throw ruleNotFound(id)
  const named = rulesToRevoke(permissions, egress, group, state)
  const unknown = named.filter((rule) => !own.some((each) => sameAs(each) === sameAs(rule)))
  // Only in the default VPC what is not there is told and forgiven.
  if (unknown.length > 0 && !state.vpcs.get(group.VpcId)?.IsDefault)
    throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.')
  const keys = new Set(named.map(sameAs))
  const gone = own.filter((rule) => ids.includes(rule.SecurityGroupRuleId) || keys.has(sameAs(rule)))
  state.securityGroups.update(group, { rules: group.rules.filter((rule) => !gone.includes(rule)) })
  return {
    Return: true,
    ...(unknown.length > 0 && { UnknownIpPermissions: permissionsFrom(unknown) }),
    RevokedSecurityGroupRules: gone.map((rule) => ruleShown(rule, group)),
  }
}

/** A group that is referred to may be gone; its rule may go all the same. */
function rulesToRevoke(permissions: any[], egress: boolean, group: SecurityGroup, state: Ec2): NewRule[] {
  return permissions.flatMap((permission) => {
    const pairs: { GroupId?: string }[] = permission.UserIdGroupPairs ?? []
    const dangling = pairs.filter(({ GroupId }) =>
      group.rules.some((rule) => rule.ReferencedGroupInfo?.GroupId === GroupId),
    )
    const [common] = rulesOf(
      [{ ...permission, IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] }],
      egress,
      group,
      state,
    )
    const { CidrIpv4: _, Description: __, ...ports } = common!
    return [
      ...rulesOf(
        [{ ...permission, UserIdGroupPairs: pairs.filter((pair) => !dangling.includes(pair)) }],
        egress,
        group,
        state,
      ),
      ...dangling.map(({ GroupId }) => ({
        ...ports,
        ReferencedGroupInfo: { GroupId: GroupId!, UserId: state.account },
      })),
    ]
  })
}

export const revokeSecurityGroupIngress: Ec2Handler = (input, context) => revoke(input, context, false)
export const revokeSecurityGroupEgress: Ec2Handler = (input, context) => revoke(input, context, true)

function redescribe(input: any, { state }: Ec2Context, egress: boolean): object {
  const group = groupIn(input, state)
  const byId: { SecurityGroupRuleId?: string; Description?: string }[] = input.SecurityGroupRuleDescriptions ?? []
  const wanted = rulesOf(permissionsIn(input), egress, group, state)
  if (byId.length === 0 && wanted.length === 0)
    throw new AwsError(
      'MissingParameter',
      "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided.",
    )
  const find = (matches: (rule: Rule) => boolean, missing: AwsError): Rule => {
    const found = group.rules.find((rule) => rule.IsEgress === egress && matches(rule))
    if (!found) throw missing
    return found
  }
  const notThere = new AwsError(
    'InvalidPermission.NotFound',
    'The specified rule does not exist in this security group.',
  )
  const changes: [Rule, string | undefined][] = [
    ...wanted.map((rule): [Rule, string | undefined] => [
      find((each) => sameAs(each) === sameAs(rule), notThere),
      rule.Description,
    ]),
    ...byId.map(({ SecurityGroupRuleId: id = '', Description }): [Rule, string | undefined] => [
      find((each) => each.SecurityGroupRuleId === id, ruleNotFound(id)),
      Description,
    ]),
  ]
  for (const [rule, text] of changes) {
    if (text === undefined) delete rule.Description
    else rule.Description = text
  }
  state.securityGroups.put(group)
  return { Return: true }
}

export const updateSecurityGroupRuleDescriptionsIngress: Ec2Handler = (input, context) =>
  redescribe(input, context, false)
export const updateSecurityGroupRuleDescriptionsEgress: Ec2Handler = (input, context) =>
  redescribe(input, context, true)

export const modifySecurityGroupRules: Ec2Handler = (input, { state }) => {
  need(input, 'SecurityGroupRules')
  const group = state.securityGroups.named(input)
  for (const { SecurityGroupRuleId: id = '', SecurityGroupRule: given = {} } of input.SecurityGroupRules) {
    const at = group.rules.findIndex((rule) => rule.SecurityGroupRuleId === id)
    if (at < 0) throw ruleNotFound(id)
    const old = group.rules[at]!
    const Description = given.Description
    const [rule] = rulesOf(
      [
        {
          IpProtocol: given.IpProtocol,
          FromPort: given.FromPort,
          ToPort: given.ToPort,
          ...(given.CidrIpv4 !== undefined && { IpRanges: [{ CidrIp: given.CidrIpv4, Description }] }),
          ...(given.CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: given.CidrIpv6, Description }] }),
          ...(given.PrefixListId !== undefined && {
            PrefixListIds: [{ PrefixListId: given.PrefixListId, Description }],
          }),
          ...(given.ReferencedGroupId !== undefined && {
            UserIdGroupPairs: [{ GroupId: given.ReferencedGroupId, Description }],
          }),
        },
      ],
      old.IsEgress,
      group,
      state,
    )
    if (!rule) throw missingParameter('source')
    if (group.rules.some((each, i) => i !== at && sameAs(each) === sameAs(rule))) throw duplicate(rule)
    group.rules[at] = { SecurityGroupRuleId: id, ...rule, Tags: old.Tags }
  }
  state.securityGroups.put(group)
  return { Return: true }
}
