// EC2 Fleets: instances of several templates that make up a capacity together. What a fleet of type `maintain` loses is
// launched anew when the fleet is modified, not by itself.

import { AwsError } from '../../../../lib/errors.ts'
import { uuid } from '../../../../lib/uuid.ts'
import type { Fleet, FleetInstance } from '../capacity-records.ts'
import { describe, listed } from '../describe.ts'
import { badCombination, invalidParameter, need, oneOf } from '../errors.ts'
import {
  activeOf,
  capacityOf,
  fill,
  instancesShown,
  offersOf,
  shrink,
  type FleetError,
  type Offer,
} from '../fleet-launch.ts'
import { moment } from '../ids.ts'
import { terminate } from '../instance-states.ts'
import type { Tag } from '../records.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { templateFor, versionFor } from '../templates.ts'
import { once } from '../tokens.ts'

export const createFleet: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    if (!input.LaunchTemplateConfigs?.length) need({}, 'LaunchTemplateConfigs')
    const Type = oneOf('type', input.Type, ['request', 'maintain', 'instant']) ?? 'maintain'
    const target = targetIn(input.TargetCapacitySpecification)
    const offers = offersOf(checkedConfigs(state, input.LaunchTemplateConfigs))
    const FleetId = `fleet-${uuid()}`
    const Tags = tagsFor(input, 'fleet', 'instance', 'volume', 'network-interface', 'spot-instances-request')
    const fleet = state.fleets.add({
      FleetId,
      FleetState: 'active',
      ActivityStatus: 'fulfilled',
      CreateTime: moment(state.now),
      Type,
      ...(input.ClientToken !== undefined && { ClientToken: input.ClientToken }),
      ExcessCapacityTerminationPolicy: input.ExcessCapacityTerminationPolicy ?? 'termination',
      TerminateInstancesWithExpiration: input.TerminateInstancesWithExpiration ?? false,
      ReplaceUnhealthyInstances: input.ReplaceUnhealthyInstances ?? false,
      LaunchTemplateConfigs: input.LaunchTemplateConfigs,
      TargetCapacitySpecification: target,
      // What was not asked for is told in the older spelling, as AWS does.
      SpotOptions: {
        AllocationStrategy: 'lowestPrice',
        InstanceInterruptionBehavior: 'terminate',
        ...(input.SpotOptions?.AllocationStrategy === undefined && { InstancePoolsToUseCount: 1 }),
        ...input.SpotOptions,
      },
      OnDemandOptions: { AllocationStrategy: 'lowestPrice', ...input.OnDemandOptions },
      ...(input.ValidFrom && { ValidFrom: moment(new Date(input.ValidFrom).getTime()) }),
      ...(input.ValidUntil && { ValidUntil: moment(new Date(input.ValidUntil).getTime()) }),
      ...(input.Context !== undefined && { Context: input.Context }),
      Errors: [],
      instances: [],
      history: [event(state, 'fleet-change', { EventSubType: 'submitted' })],
      Tags,
    } as Omit<Fleet, 'order'>)
    const own = Type === 'instant' ? tagsFor(input, 'instance', 'fleet', 'volume', 'network-interface') : []
    const { instances, errors } = grow(context, fleet, offers, own)
    // Only an instant fleet tells of its instances and errors in its answer.
    return Type === 'instant' ? { FleetId, Instances: grouped(instances), Errors: errors } : { FleetId }
  })

/** Templates that are there, of versions that are there. */
function checkedConfigs(state: Ec2, configs: readonly Record<string, any>[]): readonly Record<string, any>[] {
  for (const { LaunchTemplateSpecification: named = {} } of configs)
    versionFor(state, templateFor(state, named), named.Version)
  return configs
}

/** What is not said to be of one kind is of the default kind. */
function targetIn(given: any): Fleet['TargetCapacitySpecification'] {
  need(given ?? {}, 'TotalTargetCapacity')
  const { TotalTargetCapacity, TargetCapacityUnitType } = given
  const DefaultTargetCapacityType: string =
    oneOf('defaultTargetCapacityType', given.DefaultTargetCapacityType, ['spot', 'on-demand', 'capacity-block']) ??
    'on-demand'
  if (TotalTargetCapacity < 0) throw invalidParameter('totalTargetCapacity', TotalTargetCapacity)
  const { OnDemandTargetCapacity: demand = 0, SpotTargetCapacity: spot = 0 } = given
  if (demand + spot > TotalTargetCapacity)
    throw badCombination('The total target capacity must not be less than the On-Demand and Spot target capacities.')
  const rest = TotalTargetCapacity - demand - spot
  const isSpot = DefaultTargetCapacityType === 'spot'
  return {
    TotalTargetCapacity,
    OnDemandTargetCapacity: demand + (isSpot ? 0 : rest),
    SpotTargetCapacity: spot + (isSpot ? rest : 0),
    DefaultTargetCapacityType,
    ...(TargetCapacityUnitType !== undefined && { TargetCapacityUnitType }),
  }
}

function event(state: Ec2, EventType: string, EventInformation: object): Fleet['history'][number] {
  return { EventType, EventInformation, Timestamp: moment(state.now) }
}

/** Launches what is missing, and keeps it in the fleet. */
function grow(context: Ec2Context, fleet: Fleet, offers: readonly Offer[], own: readonly Tag[]) {
  const { state } = context
  const active = activeOf(state, fleet.instances)
  const tags = [...own, { Key: 'aws:ec2:fleet-id', Value: fleet.FleetId }]
  const { OnDemandTargetCapacity, SpotTargetCapacity } = fleet.TargetCapacitySpecification
  const instances: FleetInstance[] = []
  const errors: FleetError[] = []
  for (const [lifecycle, capacity, options] of [
    ['on-demand', OnDemandTargetCapacity, 'OnDemandOptions'],
    ['spot', SpotTargetCapacity, 'SpotOptions'],
  ] as const) {
    const strategy = (fleet[options] as { AllocationStrategy: string }).AllocationStrategy
    const missing = capacity - capacityOf(active, lifecycle)
    const made = fill(context, { offers, lifecycle, capacity: missing, strategy, tags })
    instances.push(...made.instances)
    errors.push(...made.errors)
  }
  const launches = instances.map(({ InstanceId, InstanceType }) =>
    event(state, 'instance-change', {
      EventSubType: 'launched',
      InstanceId,
      EventDescription: JSON.stringify({ instanceType: InstanceType }),
    }),
  )
  state.fleets.update(fleet, {
    instances: [...fleet.instances, ...instances],
    history: [...fleet.history, ...launches],
    Errors: errors,
    ActivityStatus: errors.length > 0 ? 'error' : 'fulfilled',
  })
  return { instances, errors }
}

/** One entry for each template, type and lifecycle. */
function grouped(instances: readonly FleetInstance[]): object[] {
  const groups = new Map<string, { InstanceIds: string[] }>()
  for (const { InstanceId, LaunchTemplateAndOverrides, Lifecycle, InstanceType } of instances) {
    const key = JSON.stringify([LaunchTemplateAndOverrides, Lifecycle, InstanceType])
    const group = groups.get(key) ?? {
      LaunchTemplateAndOverrides,
      Lifecycle,
      InstanceType,
      InstanceIds: [] as string[],
    }
    group.InstanceIds.push(InstanceId)
    groups.set(key, group)
  }
  return [...groups.values()]
}

export const describeFleets: Ec2Handler = (input, { state }) =>
  describe(state.fleets, input, {
    ids: 'FleetIds',
    list: 'Fleets',
    pages: [1, 1000],
    shown: (fleet) => {
      const active = activeOf(state, fleet.instances)
      return {
        ...fleet,
        FulfilledCapacity: capacityOf(active),
        FulfilledOnDemandCapacity: capacityOf(active, 'on-demand'),
        Errors: fleet.Type === 'instant' ? fleet.Errors : [],
        Instances: fleet.Type === 'instant' ? grouped(fleet.instances) : [],
      }
    },
    filters: {
      'activity-status': 'ActivityStatus',
      'excess-capacity-termination-policy': 'ExcessCapacityTerminationPolicy',
      'fleet-state': 'FleetState',
      'replace-unhealthy-instances': 'ReplaceUnhealthyInstances',
      type: 'Type',
    },
  })

function fleetIn(state: Ec2, input: any): Fleet {
  return state.fleets.named(input)
}

export const describeFleetInstances: Ec2Handler = (input, { state }) => {
  const fleet = fleetIn(state, input)
  const shown = instancesShown(state, fleet.instances)
  return { FleetId: fleet.FleetId, ...listed(shown, input, { list: 'ActiveInstances', pages: [1, 1000] }) }
}

export const describeFleetHistory: Ec2Handler = (input, { state }) => {
  const { FleetId, history } = fleetIn(state, input)
  need(input, 'StartTime')
  const from = new Date(input.StartTime).getTime()
  const HistoryRecords = history.filter(
    ({ Timestamp, EventType }) =>
      new Date(Timestamp).getTime() >= from - 999 && [undefined, EventType].includes(input.EventType),
  )
  return { FleetId, HistoryRecords, StartTime: input.StartTime, LastEvaluatedTime: moment(state.now) }
}

export const modifyFleet: Ec2Handler = (input, context) => {
  const { state } = context
  const fleet = fleetIn(state, input)
  if (fleet.FleetState !== 'active' || fleet.Type !== 'maintain')
    throw new AwsError(
      'InvalidParameterCombination',
      `The fleet ${fleet.FleetId} cannot be modified: it must be active and of type maintain.`,
    )
  if (input.LaunchTemplateConfigs) fleet.LaunchTemplateConfigs = [...checkedConfigs(state, input.LaunchTemplateConfigs)]
  if (input.ExcessCapacityTerminationPolicy !== undefined)
    fleet.ExcessCapacityTerminationPolicy = input.ExcessCapacityTerminationPolicy
  if (input.TargetCapacitySpecification) {
    const { DefaultTargetCapacityType } = fleet.TargetCapacitySpecification
    fleet.TargetCapacitySpecification = targetIn({ DefaultTargetCapacityType, ...input.TargetCapacitySpecification })
  }
  if (fleet.ExcessCapacityTerminationPolicy === 'termination') {
    const { OnDemandTargetCapacity, SpotTargetCapacity } = fleet.TargetCapacitySpecification
    const active = activeOf(state, fleet.instances)
    const of = (lifecycle: string) => active.filter((each) => each.Lifecycle === lifecycle)
    shrink(state, of('on-demand'), OnDemandTargetCapacity)
    shrink(state, of('spot'), SpotTargetCapacity)
  }
  grow(context, fleet, offersOf(fleet.LaunchTemplateConfigs), [])
  return { Return: true }
}

export const deleteFleets: Ec2Handler = (input, { state }) => {
  need(input, 'FleetIds')
  const SuccessfulFleetDeletions: object[] = []
  const UnsuccessfulFleetDeletions: object[] = []
  for (const FleetId of input.FleetIds as string[]) {
    const fleet = state.fleets.get(FleetId)
    const failed = (Code: string, Message: string) =>
      UnsuccessfulFleetDeletions.push({ FleetId, Error: { Code, Message } })
    if (!fleet) {
      failed('fleetIdDoesNotExist', `The fleet ID '${FleetId}' does not exist`)
      continue
    }
    if (fleet.FleetState !== 'active' || (fleet.Type === 'instant' && !input.TerminateInstances)) {
      failed('fleetNotInDeletableState', `The fleet '${FleetId}' cannot be deleted in this state`)
      continue
    }
    const CurrentFleetState = input.TerminateInstances ? 'deleted_terminating' : 'deleted_running'
    SuccessfulFleetDeletions.push({ FleetId, CurrentFleetState, PreviousFleetState: fleet.FleetState })
    if (input.TerminateInstances)
      for (const { InstanceId } of activeOf(state, fleet.instances)) terminate(state, state.instances.find(InstanceId))
    state.fleets.update(fleet, {
      FleetState: CurrentFleetState,
      history: [...fleet.history, event(state, 'fleet-change', { EventSubType: CurrentFleetState })],
      later: [
        ...(input.TerminateInstances ? [{ at: state.after(60), change: { FleetState: 'deleted' } }] : []),
        { at: state.now + 48 * 3_600_000, change: {}, gone: true as const },
      ],
    })
  }
  return { SuccessfulFleetDeletions, UnsuccessfulFleetDeletions }
}
