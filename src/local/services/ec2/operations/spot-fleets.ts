// Spot fleets: the elder kind of fleet, of specifications or templates, asked for by a role that AWS acts in.

import { uuid } from '../../../../lib/uuid.ts'
import { AwsError } from '../../../../lib/errors.ts'
import type { SpotFleet } from '../capacity-records.ts'
import { describe, listed } from '../describe.ts'
import { badCombination, invalidParameter, missingParameter, need } from '../errors.ts'
import { activeOf, capacityOf, fill, instancesShown, offersOf, shrink, type Offer } from '../fleet-launch.ts'
import { moment } from '../ids.ts'
import { terminate } from '../instance-states.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

export const requestSpotFleet: Ec2Handler = (input, context) => {
  const config = input.SpotFleetRequestConfig ?? {}
  return once(context, { ...input, ClientToken: config.ClientToken }, () => {
    const { state } = context
    need(config, 'IamFleetRole', 'TargetCapacity')
    const { LaunchSpecifications, LaunchTemplateConfigs } = config
    if (!LaunchSpecifications?.length && !LaunchTemplateConfigs?.length) throw missingParameter('LaunchSpecifications')
    if (LaunchSpecifications?.length && LaunchTemplateConfigs?.length)
      throw badCombination('You cannot specify both LaunchSpecifications and LaunchTemplateConfigs.')
    if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(config.IamFleetRole))
      throw new AwsError('InvalidSpotFleetRequestConfig', 'Parameter: SpotFleetRequestConfig.IamFleetRole is invalid.')
    if (config.TargetCapacity < 0) throw invalidParameter('targetCapacity', config.TargetCapacity)
    const fleet = state.spotFleets.add({
      SpotFleetRequestId: `sfr-${uuid()}`,
      SpotFleetRequestState: 'active',
      ActivityStatus: 'fulfilled',
      CreateTime: moment(state.now),
      SpotFleetRequestConfig: {
        AllocationStrategy: 'lowestPrice',
        ExcessCapacityTerminationPolicy: 'Default',
        InstanceInterruptionBehavior: 'terminate',
        OnDemandTargetCapacity: 0,
        ReplaceUnhealthyInstances: false,
        TerminateInstancesWithExpiration: false,
        Type: 'maintain',
        ValidFrom: moment(state.now),
        ...config,
      },
      instances: [],
      history: [event(state, 'fleetRequestChange', 'submitted'), event(state, 'fleetRequestChange', 'active')],
      Tags: tagsFor(config, 'spot-fleet-request'),
    })
    grow(context, fleet)
    return { SpotFleetRequestId: fleet.SpotFleetRequestId }
  })
}

function event(state: Ec2, EventType: string, EventSubType: string, InstanceId?: string): SpotFleet['history'][number] {
  const EventInformation = { EventSubType, ...(InstanceId !== undefined && { InstanceId }) }
  return { EventType, EventInformation, Timestamp: moment(state.now) }
}

/** The first of the subnets, where a specification names several. */
function offersIn({ LaunchSpecifications, LaunchTemplateConfigs }: Record<string, any>): Offer[] {
  if (!LaunchSpecifications?.length) return offersOf(LaunchTemplateConfigs)
  return (LaunchSpecifications as Record<string, any>[]).map((specification) => {
    const { SecurityGroups, SubnetId, WeightedCapacity, SpotPrice: _, AddressingType: __, ...rest } = specification
    const groups = ((SecurityGroups ?? []) as { GroupId: string }[]).map(({ GroupId }) => GroupId)
    return {
      input: {
        ...rest,
        ...(SubnetId !== undefined && { SubnetId: SubnetId.split(',')[0].trim() }),
        ...(groups.length > 0 && { SecurityGroupIds: groups }),
      },
      weight: WeightedCapacity ?? 1,
      priority: Infinity,
    }
  })
}

function grow(context: Ec2Context, fleet: SpotFleet): void {
  const { state } = context
  const config = fleet.SpotFleetRequestConfig
  const active = activeOf(state, fleet.instances)
  const offers = offersIn(config)
  const tags = [{ Key: 'aws:ec2spot:fleet-request-id', Value: fleet.SpotFleetRequestId }]
  const demand: number = config['OnDemandTargetCapacity'] ?? 0
  const made = [
    ['on-demand', demand, config['OnDemandAllocationStrategy'] ?? 'lowestPrice'] as const,
    ['spot', config['TargetCapacity'] - demand, config['AllocationStrategy']] as const,
  ].map(([lifecycle, capacity, strategy]) =>
    fill(context, {
      offers,
      lifecycle,
      capacity: capacity - capacityOf(active, lifecycle),
      strategy,
      tags,
      ...(config['SpotPrice'] !== undefined && { price: config['SpotPrice'] }),
    }),
  )
  const instances = made.flatMap((each) => each.instances)
  const errors = made.flatMap((each) => each.errors)
  state.spotFleets.update(fleet, {
    instances: [...fleet.instances, ...instances],
    ActivityStatus: errors.length > 0 ? 'error' : 'fulfilled',
    history: [
      ...fleet.history,
      ...instances.map(({ InstanceId }) => event(state, 'instanceChange', 'launched', InstanceId)),
      ...errors.map(({ ErrorCode }) => event(state, 'error', ErrorCode)),
    ],
  })
}

export const describeSpotFleetRequests: Ec2Handler = (input, { state }) =>
  describe(state.spotFleets, input, {
    ids: 'SpotFleetRequestIds',
    list: 'SpotFleetRequestConfigs',
    pages: [1, 1000],
    filters: {},
    shown: (fleet) => {
      const active = activeOf(state, fleet.instances)
      return {
        ...fleet,
        SpotFleetRequestConfig: {
          ...fleet.SpotFleetRequestConfig,
          FulfilledCapacity: capacityOf(active),
          OnDemandFulfilledCapacity: capacityOf(active, 'on-demand'),
        },
      }
    },
  })

function fleetIn(state: Ec2, input: any): SpotFleet {
  return state.spotFleets.named(input)
}

export const describeSpotFleetInstances: Ec2Handler = (input, { state }) => {
  const { SpotFleetRequestId, instances } = fleetIn(state, input)
  const shown = instancesShown(state, instances)
  return { SpotFleetRequestId, ...listed(shown, input, { list: 'ActiveInstances', pages: [1, 1000] }) }
}

export const describeSpotFleetRequestHistory: Ec2Handler = (input, { state }) => {
  const { SpotFleetRequestId, history } = fleetIn(state, input)
  need(input, 'StartTime')
  const from = new Date(input.StartTime).getTime()
  const HistoryRecords = history.filter(
    ({ Timestamp, EventType }) =>
      new Date(Timestamp).getTime() >= from - 999 && [undefined, EventType].includes(input.EventType),
  )
  return { SpotFleetRequestId, HistoryRecords, StartTime: input.StartTime, LastEvaluatedTime: moment(state.now) }
}

export const modifySpotFleetRequest: Ec2Handler = (input, context) => {
  const { state } = context
  const fleet = fleetIn(state, input)
  if (fleet.SpotFleetRequestState !== 'active')
    throw new AwsError('InvalidParameterValue', `The Spot fleet request ${fleet.SpotFleetRequestId} is not active.`)
  const config = fleet.SpotFleetRequestConfig
  for (const member of ['TargetCapacity', 'OnDemandTargetCapacity', 'LaunchTemplateConfigs', 'Context'] as const)
    if (input[member] !== undefined) config[member] = input[member]
  const policy = input.ExcessCapacityTerminationPolicy ?? config['ExcessCapacityTerminationPolicy']
  const active = activeOf(state, fleet.instances)
  if (!/^noTermination$/i.test(policy)) shrink(state, active, config['TargetCapacity'])
  grow(context, fleet)
  return { Return: true }
}

export const cancelSpotFleetRequests: Ec2Handler = (input, { state }) => {
  need(input, 'SpotFleetRequestIds')
  const SuccessfulFleetRequests: object[] = []
  const UnsuccessfulFleetRequests: object[] = []
  for (const SpotFleetRequestId of input.SpotFleetRequestIds as string[]) {
    const fleet = state.spotFleets.get(SpotFleetRequestId)
    if (fleet?.SpotFleetRequestState !== 'active') {
      const Code = fleet ? 'fleetRequestNotInCancellableState' : 'fleetRequestIdDoesNotExist'
      const Message = fleet
        ? `The fleet request '${SpotFleetRequestId}' is not in a cancellable state.`
        : `The fleet request ID '${SpotFleetRequestId}' does not exist.`
      UnsuccessfulFleetRequests.push({ SpotFleetRequestId, Error: { Code, Message } })
      continue
    }
    const ended = input.TerminateInstances ? 'cancelled_terminating' : 'cancelled_running'
    SuccessfulFleetRequests.push({
      SpotFleetRequestId,
      CurrentSpotFleetRequestState: ended,
      PreviousSpotFleetRequestState: fleet.SpotFleetRequestState,
    })
    if (input.TerminateInstances)
      for (const { InstanceId } of activeOf(state, fleet.instances)) terminate(state, state.instances.find(InstanceId))
    state.spotFleets.update(fleet, {
      SpotFleetRequestState: ended,
      history: [...fleet.history, event(state, 'fleetRequestChange', ended)],
      later: [
        ...(input.TerminateInstances ? [{ at: state.after(60), change: { SpotFleetRequestState: 'cancelled' } }] : []),
        { at: state.now + 48 * 3_600_000, change: {}, gone: true as const },
      ],
    })
  }
  return { SuccessfulFleetRequests, UnsuccessfulFleetRequests }
}
