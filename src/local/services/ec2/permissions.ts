// What does an operation of EC2 need, where the reference alone does not tell? Launching asks for each thing that takes
// part; tagging in the same breath asks for ec2:CreateTags; a role that goes along is passed. All others: by the
// reference (undefined).
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html

import type { Context } from '../../../policy/types.ts'
import type { CallContext, Permission } from '../../service.ts'
import { kindOf } from './kinds.ts'
import { findProfile } from './learned.ts'
import type { Ec2Context } from './state.ts'
import { withTemplate } from './templates.ts'

type Input = Record<string, any>

export function permissions(operation: string, input: Input, context: Ec2Context): readonly Permission[] | undefined {
  switch (operation) {
    case 'RunInstances': {
      const whole = asLaunched(input, context)
      return [...toLaunch(whole, context), ...toTag(operation, whole, context), ...toPassProfile(whole, context)]
    }
    case 'CreateTags':
    case 'DeleteTags':
      return changedTags(operation, input, context)
    default:
      return undefined
  }
}

/** With what a launch template adds; of one that is not there the handler will tell. */
function asLaunched(input: Input, { state }: Ec2Context): Input {
  try {
    return withTemplate(input, state)
  } catch {
    return input
  }
}

/** Beside what the reference tells: tags that are given in the same breath, a role that goes along. */
export function beside(operation: string, input: Input, context: CallContext): readonly Permission[] {
  return [...toTag(operation, input, context), ...toPassProfile(input, context), ...toPassFleetRole(input)]
}

function arn(context: CallContext, type: string, id: string | undefined): string {
  const account = type === 'image' || type === 'snapshot' ? '' : context.account
  return `arn:aws:ec2:${context.region}:${account}:${type}/${id ?? '*'}`
}

/** Every resource is a question of its own, with keys of its own; the instance comes first in AWS's refusals. */
function toLaunch(input: Input, context: CallContext): Permission[] {
  const action = 'ec2:RunInstances'
  const common: Context = { 'ec2:region': context.region }
  const ask = (type: string, id?: string, keys: Context = {}): Permission => ({
    action,
    resource: arn(context, type, id),
    context: { ...common, ...keys },
  })
  const interfaces: Input[] = input.NetworkInterfaces ?? []
  const subnet: string | undefined = input.SubnetId ?? interfaces.find((each) => each.SubnetId)?.SubnetId
  const groups: string[] = [...(input.SecurityGroupIds ?? []), ...interfaces.flatMap((each) => each.Groups ?? [])]
  const template: string | undefined = input.LaunchTemplate?.LaunchTemplateId
  return [
    ask('instance', undefined, { ...instanceKeys(input), ...tagKeys(tagsFor(input, 'instance')) }),
    ...(input.ImageId === undefined && input.LaunchTemplate ? [] : [ask('image', input.ImageId)]),
    ...(groups.length > 0 ? groups : [undefined]).map((id) => ask('security-group', id)),
    ask('subnet', subnet),
    ...(interfaces.length > 0 ? interfaces : [{} as Input]).map((each) =>
      ask('network-interface', each.NetworkInterfaceId),
    ),
    ask('volume', undefined, tagKeys(tagsFor(input, 'volume'))),
    ...(input.KeyName === undefined ? [] : [ask('key-pair', input.KeyName)]),
    ...(template === undefined ? [] : [ask('launch-template', template)]),
    ...(input.Placement?.GroupName === undefined ? [] : [ask('placement-group', input.Placement.GroupName)]),
  ]
}

function instanceKeys(input: Input): Context {
  const profile = input.IamInstanceProfile?.Arn
  const keys: Record<string, string | undefined> = {
    'ec2:instancetype': input.InstanceType,
    'ec2:tenancy': input.Placement?.Tenancy ?? 'default',
    'ec2:availabilityzone': input.Placement?.AvailabilityZone,
    'ec2:ebsoptimized': String(input.EbsOptimized ?? false),
    'ec2:instanceprofile': profile,
    'ec2:metadatahttptokens': input.MetadataOptions?.HttpTokens,
    'ec2:metadatahttpendpoint': input.MetadataOptions?.HttpEndpoint,
    'ec2:metadatahttpputresponsehoplimit': input.MetadataOptions?.HttpPutResponseHopLimit?.toString(),
    'ec2:instancemarkettype': input.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : 'on-demand',
  }
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as Record<string, string>
}

function tagsFor(input: Input, type: string): { Key: string; Value: string }[] {
  const specifications: Input[] = input.TagSpecifications ?? []
  return specifications.filter((each) => each.ResourceType === type).flatMap((each) => each.Tags ?? [])
}

function tagKeys(tags: readonly { Key: string; Value?: string }[]): Context {
  const keys: Record<string, string | string[]> = {}
  for (const { Key, Value } of tags) keys[`aws:requesttag/${Key}`] = Value ?? ''
  if (tags.length > 0) keys['aws:tagkeys'] = tags.map((tag) => tag.Key)
  return keys
}

/** Tags given at creation need ec2:CreateTags, which may be limited to this (`ec2:CreateAction`). */
function toTag(operation: string, input: Input, context: CallContext): Permission[] {
  const types = new Set<string>(((input.TagSpecifications ?? []) as Input[]).map((each) => each.ResourceType))
  return [...types].map((type) => ({
    action: 'ec2:CreateTags',
    resource: arn(context, type, undefined),
    context: { 'ec2:region': context.region, 'ec2:createaction': operation, ...tagKeys(tagsFor(input, type)) },
  }))
}

function toPassProfile(input: Input, context: CallContext): Permission[] {
  const { Arn, Name } = input.IamInstanceProfile ?? {}
  const name: string | undefined = Name ?? Arn?.split('/').at(-1)
  if (name === undefined) return []
  const profile = findProfile(context, { Arn, Name })
  // Of one that is not there (the handler will say so), it is called as the profile is, by custom.
  const role = profile ? profile.role : `arn:aws:iam::${context.account}:role/${name}`
  if (role === undefined) return []
  return [
    {
      action: 'iam:PassRole',
      resource: role,
      context: { 'iam:passedtoservice': 'ec2.amazonaws.com' },
    },
  ]
}

/** AWS launches the instances of a Spot fleet in a role that goes along. */
function toPassFleetRole({ SpotFleetRequestConfig }: Input): Permission[] {
  const resource: string | undefined = SpotFleetRequestConfig?.IamFleetRole
  if (resource === undefined) return []
  return [{ action: 'iam:PassRole', resource, context: { 'iam:passedtoservice': 'spotfleet.amazonaws.com' } }]
}

function changedTags(operation: string, input: Input, context: CallContext): Permission[] {
  const keys = { 'ec2:region': context.region, ...tagKeys(input.Tags ?? []) }
  const ids: string[] = input.Resources?.length ? input.Resources : ['']
  return ids.map((id) => {
    const type = id.startsWith('sgr-') ? 'security-group-rule' : kindOf(id)?.type
    return { action: `ec2:${operation}`, resource: type === undefined ? '*' : arn(context, type, id), context: keys }
  })
}
