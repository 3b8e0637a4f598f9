// What belongs to networks and is asked for now and then: flow logs, prefix lists, placement groups.

import { AwsError } from '../../../../lib/errors.ts'
import { toBase64 } from '../../../../lib/bytes.ts'
import { awsPrefixLists } from '../aws-prefix-lists.ts'
import { canonical } from '../cidr.ts'
import { describe, listed } from '../describe.ts'
import { invalidParameter, invalidValue, missingParameter, need, oneOf } from '../errors.ts'
import { noBucket } from '../learned.ts'
import type { FlowLog, PlacementGroup, PrefixList } from '../records.ts'
import { moment, newId } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

// --- flow logs -------------------------------------------------------------------------------------------------------

const flowFormat =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}'

const watched = { VPC: 'vpcs', Subnet: 'subnets', NetworkInterface: 'interfaces' } as const

function checkDestination(type: string, { LogDestination, LogGroupName, DeliverLogsPermissionArn }: any): void {
  const refuse = (message: string): AwsError => new AwsError('InvalidParameter', message)
  if (LogGroupName !== undefined && LogDestination !== undefined)
    throw refuse('Please only provide LogGroupName or only provide LogDestination.')
  if (type !== 'cloud-watch-logs' && LogGroupName !== undefined)
    throw refuse('LogDestination type must be cloud-watch-logs if LogGroupName is provided.')
  if (LogDestination === undefined && LogGroupName === undefined)
    throw refuse("LogDestination can't be empty if LogGroupName is not provided.")
  if (type === 'cloud-watch-logs' && DeliverLogsPermissionArn === undefined)
    throw refuse("DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
}

export const createFlowLogs: Ec2Handler = (input, context) =>
  once(context, input, () => {
    need(input, 'ResourceIds', 'ResourceType')
    const { state } = context
    const kind = oneOf('resourceType', input.ResourceType, ['VPC', 'Subnet', 'NetworkInterface'])!
    const TrafficType = oneOf('trafficType', input.TrafficType, ['ACCEPT', 'REJECT', 'ALL'])
    if (TrafficType === undefined) throw missingParameter('TrafficType')
    const LogDestinationType =
      oneOf('logDestinationType', input.LogDestinationType, ['cloud-watch-logs', 's3', 'kinesis-data-firehose']) ??
      'cloud-watch-logs'
    const { LogDestination, LogGroupName, DeliverLogsPermissionArn, MaxAggregationInterval = 600 } = input
    if (![60, 600].includes(MaxAggregationInterval))
      throw new AwsError('InvalidParameter', 'Invalid Flow Log Max Aggregation Interval')
    checkDestination(LogDestinationType, input)
    const ids: string[] = input.ResourceIds
    state.table(watched[kind]).findAll(ids)
    const Tags = tagsFor(input, 'vpc-flow-log')
    const ClientToken: string = input.ClientToken ?? toBase64(crypto.getRandomValues(new Uint8Array(32)))
    const missing = noBucket(context)
    if (missing !== undefined) {
      const Error = { Code: '400', Message: `LogDestination: ${missing} does not exist` }
      return { ClientToken, FlowLogIds: [], Unsuccessful: ids.map((ResourceId) => ({ ResourceId, Error })) }
    }
    const there = state.flowLogs.all()
    const common = {
      LogDestinationType,
      TrafficType,
      ...(LogDestination !== undefined && { LogDestination }),
      ...(LogGroupName !== undefined && { LogGroupName }),
    }
    for (const id of ids)
      if (there.some((each) => each.ResourceId === id && Object.entries(common).every(([k, v]) => each[k] === v)))
        throw new AwsError(
          'FlowLogAlreadyExists',
          'Error. There is an existing Flow Log with the same configuration and log destination.',
        )
    const made = ids.map((ResourceId) =>
      state.flowLogs.add({
        ResourceId,
        ...common,
        ...(DeliverLogsPermissionArn !== undefined && { DeliverLogsPermissionArn }),
        CreationTime: moment(state.now),
        DeliverLogsStatus: 'SUCCESS',
        FlowLogStatus: 'ACTIVE',
        LogFormat: input.LogFormat ?? flowFormat,
        MaxAggregationInterval,
        ...(LogDestinationType === 's3' && {
          DestinationOptions: {
            FileFormat: 'plain-text',
            HiveCompatiblePartitions: false,
            PerHourPartition: false,
            ...input.DestinationOptions,
          },
        }),
        Tags,
      } as Omit<FlowLog, 'order' | 'FlowLogId'>),
    )
    return { ClientToken, FlowLogIds: made.map((each) => each.FlowLogId), Unsuccessful: [] }
  })

export const describeFlowLogs: Ec2Handler = (input, { state }) =>
  describe(
    state.flowLogs,
    { ...input, Filters: [...(input.Filters ?? []), ...(input.Filter ?? [])] },
    {
      ids: 'FlowLogIds',
      list: 'FlowLogs',
      pages: [1, 1000],
      filters: {
        'deliver-log-status': 'DeliverLogsStatus',
        'log-destination-type': 'LogDestinationType',
        'flow-log-id': 'FlowLogId',
        'log-group-name': 'LogGroupName',
        'resource-id': 'ResourceId',
        'traffic-type': 'TrafficType',
      },
    },
  )

export const deleteFlowLogs: Ec2Handler = (input, { state }) => {
  need(input, 'FlowLogIds')
  for (const log of state.flowLogs.findAll(input.FlowLogIds)) state.flowLogs.delete(log)
  return { Unsuccessful: [] }
}

// --- managed prefix lists --------------------------------------------------------------------------------------------

interface Entry {
  Cidr: string
  Description?: string
}

export const createManagedPrefixList: Ec2Handler = (input, context) =>
  once(context, input, () => {
    need(input, 'PrefixListName', 'MaxEntries', 'AddressFamily')
    const { state } = context
    const AddressFamily = oneOf('AddressFamily', input.AddressFamily, ['IPv4', 'IPv6'])!
    const entries = entriesOf(input.Entries ?? [], AddressFamily)
    checkCount(entries, input.MaxEntries)
    const PrefixListId = newId('pl')
    const list = state.prefixLists.add({
      PrefixListId,
      PrefixListName: input.PrefixListName,
      PrefixListArn: `arn:aws:ec2:${state.region}:${state.account}:prefix-list/${PrefixListId}`,
      AddressFamily,
      MaxEntries: input.MaxEntries,
      OwnerId: state.account,
      State: 'create-in-progress',
      later: [{ at: state.after(2), change: { State: 'create-complete' } }],
      Version: 1,
      versions: [entries],
      Tags: tagsFor(input, 'prefix-list'),
    })
    return { PrefixList: list }
  })

function entriesOf(given: Entry[], family: string): Entry[] {
  return given.map(({ Cidr, Description }) => {
    const block = canonical(Cidr ?? '')
    if (block === undefined || block.includes(':') !== (family === 'IPv6'))
      throw invalidParameter('Cidr', Cidr, 'This is not a valid CIDR block.')
    return { Cidr: block, ...(Description !== undefined && { Description }) }
  })
}

function checkCount(entries: readonly Entry[], most: number): void {
  if (entries.length > most)
    throw new AwsError('PrefixListMaxEntriesExceeded', `The prefix list can have at most ${most} entries.`)
}

/** AWS's and the account's own. */
function everyList(state: Ec2) {
  const aws = awsPrefixLists(state.region)
  const isAws = (id: string): boolean => aws.some(({ PrefixListId }) => PrefixListId === id)
  return {
    all: () => [...aws, ...state.prefixLists.all()],
    findAll: (ids: readonly string[]) => [
      ...aws.filter(({ PrefixListId }) => ids.includes(PrefixListId)),
      ...state.prefixLists.findAll(ids.filter((id) => !isAws(id))),
    ],
  }
}

export const describeManagedPrefixLists: Ec2Handler = (input, { state }) =>
  describe(everyList(state), input, {
    ids: 'PrefixListIds',
    list: 'PrefixLists',
    pages: [1, 100],
    filters: { 'owner-id': 'OwnerId', 'prefix-list-id': 'PrefixListId', 'prefix-list-name': 'PrefixListName' },
  })

function entriesIn(state: Ec2, { PrefixListId, TargetVersion }: any): readonly Entry[] {
  const aws = awsPrefixLists(state.region).find((each) => each.PrefixListId === PrefixListId)
  if (aws) return aws.cidrs.map((Cidr) => ({ Cidr }))
  const list = state.prefixLists.find(PrefixListId)
  const version: number = TargetVersion ?? list.Version
  const entries = list.versions[version - 1]
  if (!entries) throw invalidParameter('TargetVersion', version)
  return entries
}

export const getManagedPrefixListEntries: Ec2Handler = (input, { state }) => {
  need(input, 'PrefixListId')
  return listed(entriesIn(state, input), input, { list: 'Entries', pages: [1, 100] })
}

export const modifyManagedPrefixList: Ec2Handler = (input, { state }) => {
  const list = state.prefixLists.named(input)
  const added = entriesOf(input.AddEntries ?? [], list.AddressFamily)
  const removed = entriesOf(input.RemoveEntries ?? [], list.AddressFamily)
  if (input.PrefixListName !== undefined) list.PrefixListName = input.PrefixListName
  if (input.MaxEntries !== undefined) list.MaxEntries = input.MaxEntries
  if (added.length + removed.length > 0) {
    if (input.CurrentVersion === undefined) throw missingParameter('CurrentVersion')
    if (input.CurrentVersion !== list.Version)
      throw new AwsError('PrefixListVersionMismatch', `The prefix list has the incorrect version number.`)
    const without = list.versions[list.Version - 1]!.filter(
      (each) => ![...removed, ...added].some((other) => other.Cidr === each.Cidr),
    )
    const entries = [...without, ...added]
    checkCount(entries, list.MaxEntries)
    list.versions.push(entries)
    list.Version++
  }
  return modified(state, list)
}

export const restoreManagedPrefixListVersion: Ec2Handler = (input, { state }) => {
  need(input, 'PreviousVersion')
  const list = state.prefixLists.named(input)
  if (input.CurrentVersion !== list.Version)
    throw new AwsError('PrefixListVersionMismatch', `The prefix list has the incorrect version number.`)
  const entries = list.versions[input.PreviousVersion - 1]
  if (!entries) throw invalidParameter('PreviousVersion', input.PreviousVersion)
  list.versions.push(entries)
  list.Version++
  return modified(state, list)
}

function modified(state: Ec2, list: PrefixList): object {
  state.prefixLists.update(list, {
    State: 'modify-in-progress',
    later: [{ at: state.after(2), change: { State: 'modify-complete' } }],
  })
  return { PrefixList: list }
}

export const getManagedPrefixListAssociations: Ec2Handler = (input, { state }) => {
  const { PrefixListId } = state.prefixLists.named(input)
  const groups = state.securityGroups
    .all()
    .filter(({ rules }) => rules.some((rule) => rule.PrefixListId === PrefixListId))
    .map(({ GroupId }) => GroupId)
  const tables = state.routeTables
    .all()
    .filter(({ Routes }) => Routes.some((route) => route.DestinationPrefixListId === PrefixListId))
    .map(({ RouteTableId }) => RouteTableId)
  const hubs = state.transitTables
    .all()
    .filter(({ lists }) => lists.some((list) => list.PrefixListId === PrefixListId))
    .map(({ TransitGatewayRouteTableId }) => TransitGatewayRouteTableId)
  const found = [...groups, ...tables, ...hubs].map((ResourceId) => ({ ResourceId, ResourceOwner: state.account }))
  return listed(found, input, { list: 'PrefixListAssociations', pages: [5, 255] })
}

export const deleteManagedPrefixList: Ec2Handler = (input, { state }) => {
  const list = state.prefixLists.named(input)
  const used = state.securityGroups
    .all()
    .some((group) => group.rules.some((rule) => rule.PrefixListId === list.PrefixListId))
  if (used)
    throw new AwsError('DependencyViolation', `The prefix list '${list.PrefixListId}' is in use and cannot be deleted.`)
  state.prefixLists.delete(list)
  return { PrefixList: { ...list, State: 'delete-in-progress' } }
}

// --- placement groups ------------------------------------------------------------------------------------------------

export const createPlacementGroup: Ec2Handler = (input, { state }) => {
  need(input, 'GroupName')
  const Strategy = oneOf('strategy', input.Strategy, ['cluster', 'spread', 'partition']) ?? 'cluster'
  const { GroupName } = input
  if (state.placementGroups.all().some((each) => each.GroupName === GroupName))
    throw new AwsError('InvalidPlacementGroup.Duplicate', `The Placement Group '${GroupName}' already exists.`)
  if (input.PartitionCount !== undefined && Strategy !== 'partition')
    throw invalidValue('Partition count is only valid for the partition strategy.')
  const group = state.placementGroups.add({
    GroupName,
    GroupArn: `arn:aws:ec2:${state.region}:${state.account}:placement-group/${GroupName}`,
    Strategy,
    State: 'available',
    ...(Strategy === 'partition' && { PartitionCount: input.PartitionCount ?? 2 }),
    ...(Strategy === 'spread' && { SpreadLevel: input.SpreadLevel ?? 'rack' }),
    Tags: tagsFor(input, 'placement-group'),
  })
  return { PlacementGroup: group }
}

export const describePlacementGroups: Ec2Handler = (input, { state }) => {
  const named = ((input.GroupNames ?? []) as string[]).map((name) => groupNamed(state, name).GroupId)
  return describe(
    state.placementGroups,
    { ...input, GroupIds: [...(input.GroupIds ?? []), ...named] },
    {
      ids: 'GroupIds',
      list: 'PlacementGroups',
      filters: {
        'group-name': 'GroupName',
        'group-arn': 'GroupArn',
        'spread-level': 'SpreadLevel',
        state: 'State',
        strategy: 'Strategy',
      },
    },
  )
}

function groupNamed(state: Ec2, name: string): PlacementGroup {
  const found = state.placementGroups.all().find((each) => each.GroupName === name)
  if (!found) throw state.placementGroups.kind.missing([name])
  return found
}

export const deletePlacementGroup: Ec2Handler = (input, { state }) => {
  need(input, 'GroupName')
  const group = groupNamed(state, input.GroupName)
  const used = state.instances
    .all()
    .some(({ Placement, State }) => Placement.GroupName === group.GroupName && State.Name !== 'terminated')
  if (used)
    throw new AwsError(
      'InvalidPlacementGroup.InUse',
      `The placement group '${group.GroupName}' is in use and may not be deleted.`,
    )
  state.placementGroups.delete(group)
}
