// What an account sets for a region once and for all: credits of new instances, ids' lengths, who hears of events.

import { AwsError } from '../../../../lib/errors.ts'
import { invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import type { Ec2, Ec2Handler } from '../state.ts'

// --- CPU credits -------------------------------------------------------------------------------------------------------

const families = ['t2', 't3', 't3a', 't4g'] as const

function creditsShown(state: Ec2, InstanceFamily: string): object {
  const CpuCredits = state.settings().credits?.[InstanceFamily] ?? (InstanceFamily === 't2' ? 'standard' : 'unlimited')
  return { InstanceFamilyCreditSpecification: { InstanceFamily, CpuCredits } }
}

export const getDefaultCreditSpecification: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceFamily')
  return creditsShown(state, oneOf('instanceFamily', input.InstanceFamily, families)!)
}

export const modifyDefaultCreditSpecification: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceFamily', 'CpuCredits')
  const family = oneOf('instanceFamily', input.InstanceFamily, families)!
  const credits = oneOf('cpuCredits', input.CpuCredits, ['standard', 'unlimited'])!
  state.changeSettings({ credits: { ...state.settings().credits, [family]: credits } })
  return creditsShown(state, family)
}

// --- ids: long ones, for everybody, for years ----------------------------------------------------------------------------

const resources = [
  'bundle',
  'conversion-task',
  'customer-gateway',
  'dhcp-options',
  'elastic-ip-allocation',
  'elastic-ip-association',
  'export-task',
  'flow-log',
  'image',
  'import-task',
  'instance',
  'internet-gateway',
  'network-acl',
  'network-acl-association',
  'network-interface',
  'network-interface-attachment',
  'prefix-list',
  'reservation',
  'route-table',
  'route-table-association',
  'security-group',
  'snapshot',
  'subnet',
  'subnet-cidr-block-association',
  'volume',
  'vpc',
  'vpc-cidr-block-association',
  'vpc-endpoint',
  'vpc-peering-connection',
  'vpn-connection',
  'vpn-gateway',
]

function formats(only?: string): object[] {
  if (only !== undefined && !resources.includes(only)) throw invalidParameter('resource', only)
  const told = only === undefined ? resources : [only]
  return told.map((Resource) => ({ Resource, UseLongIds: true }))
}

export const describeIdFormat: Ec2Handler = (input) => ({ Statuses: formats(input.Resource) })

export const describeIdentityIdFormat: Ec2Handler = (input) => {
  need(input, 'PrincipalArn')
  return { Statuses: formats(input.Resource) }
}

export const describeAggregateIdFormat: Ec2Handler = () => ({ UseLongIdsAggregated: true, Statuses: formats() })

/** Nobody has chosen otherwise. */
export const describePrincipalIdFormat: Ec2Handler = () => ({ Principals: [] })

const keepLong: Ec2Handler = (input) => {
  need(input, 'Resource')
  if (input.Resource !== 'all-current') formats(input.Resource)
  if (input.UseLongIds === false)
    throw new AwsError('InvalidParameterValue', 'The deadline for using short IDs for the resource has passed.')
}

export const modifyIdFormat: Ec2Handler = keepLong
export const modifyIdentityIdFormat: Ec2Handler = keepLong

// --- the tags that notices of events bring -------------------------------------------------------------------------------

function noticeShown(state: Ec2): object {
  const { IncludeAllTagsOfInstance = false, InstanceTagKeys = [] } = state.settings().noticeTags ?? {}
  return { InstanceTagAttribute: { IncludeAllTagsOfInstance, InstanceTagKeys } }
}

export const describeInstanceEventNotificationAttributes: Ec2Handler = (_input, { state }) => noticeShown(state)

export const registerInstanceEventNotificationAttributes: Ec2Handler = (input, { state }) => {
  const given = input.InstanceTagAttribute
  if (given === undefined) throw missingParameter('InstanceTagAttribute')
  const before = state.settings().noticeTags?.InstanceTagKeys ?? []
  const all: boolean | undefined = given.IncludeAllTagsOfInstance
  state.changeSettings({
    noticeTags: {
      ...state.settings().noticeTags,
      ...(all !== undefined && { IncludeAllTagsOfInstance: all }),
      InstanceTagKeys: all ? [] : [...new Set([...before, ...(given.InstanceTagKeys ?? [])])],
    },
  })
  return noticeShown(state)
}

export const deregisterInstanceEventNotificationAttributes: Ec2Handler = (input, { state }) => {
  const given = input.InstanceTagAttribute
  if (given === undefined) throw missingParameter('InstanceTagAttribute')
  const { IncludeAllTagsOfInstance: all = false, InstanceTagKeys: keys = [] } = state.settings().noticeTags ?? {}
  state.changeSettings({
    noticeTags: {
      IncludeAllTagsOfInstance: given.IncludeAllTagsOfInstance ? false : all,
      InstanceTagKeys: keys.filter((key) => !(given.InstanceTagKeys ?? []).includes(key)),
    },
  })
  return noticeShown(state)
}

// --- what Spot Instances cost, told to a bucket --------------------------------------------------------------------------

export const createSpotDatafeedSubscription: Ec2Handler = (input, { state }) => {
  need(input, 'Bucket')
  const { Bucket, Prefix } = input
  const feed = { Bucket, OwnerId: state.account, ...(Prefix !== undefined && { Prefix }), State: 'Active' }
  state.changeSettings({ datafeed: feed })
  return { SpotDatafeedSubscription: feed }
}

export const describeSpotDatafeedSubscription: Ec2Handler = (_input, { state }) => {
  const { datafeed } = state.settings()
  if (!datafeed) throw new AwsError('InvalidSpotDatafeed.NotFound', 'Spot datafeed subscription does not exist.')
  return { SpotDatafeedSubscription: datafeed }
}

export const deleteSpotDatafeedSubscription: Ec2Handler = (_input, { state }) => {
  state.changeSettings({ datafeed: undefined })
}
