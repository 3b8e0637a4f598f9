// Capacity reservations: room for instances of one type in one zone, whether it is used or not.

import { AwsError } from '../../../../lib/errors.ts'
import type { CapacityReservation } from '../capacity-records.ts'
import { freeIn, usedOf } from '../capacity-reservations.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, invalidValue, need, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import { typeNamed } from '../instance-types.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { zoneNamed } from '../zones.ts'

export const createCapacityReservation: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'InstanceType', 'InstancePlatform', 'InstanceCount')
    const zone = zoneNamed(state.region, input.AvailabilityZone ?? input.AvailabilityZoneId ?? '')
    if (!zone) throw invalidParameter('availabilityZone', input.AvailabilityZone ?? input.AvailabilityZoneId)
    if (!typeNamed(input.InstanceType)) throw invalidParameter('instanceType', input.InstanceType)
    checkCount(input.InstanceCount)
    const end = ending(state, input)
    const reservation = state.capacityReservations.add({
      CapacityReservationArn: '',
      OwnerId: state.account,
      InstanceType: input.InstanceType,
      InstancePlatform: input.InstancePlatform,
      AvailabilityZone: zone.name,
      AvailabilityZoneId: zone.id,
      Tenancy: oneOf('tenancy', input.Tenancy, ['default', 'dedicated']) ?? 'default',
      TotalInstanceCount: input.InstanceCount,
      EbsOptimized: input.EbsOptimized ?? false,
      EphemeralStorage: input.EphemeralStorage ?? false,
      State: 'active',
      StartDate: moment(state.now),
      ...end,
      InstanceMatchCriteria:
        oneOf('instanceMatchCriteria', input.InstanceMatchCriteria, ['open', 'targeted']) ?? 'open',
      CreateDate: moment(state.now),
      ReservationType: 'default',
      ...(input.PlacementGroupArn !== undefined && { PlacementGroupArn: input.PlacementGroupArn }),
      Tags: tagsFor(input, 'capacity-reservation'),
    } as unknown as Omit<CapacityReservation, 'order' | 'CapacityReservationId'>)
    const { CapacityReservationId } = reservation
    state.capacityReservations.update(reservation, {
      CapacityReservationArn: `arn:aws:ec2:${state.region}:${state.account}:capacity-reservation/${CapacityReservationId}`,
    })
    return { CapacityReservation: shown(state)(reservation) }
  })

function checkCount(count: number): void {
  if (count < 1 || count > 1000) throw invalidParameter('instanceCount', count, 'It must be between 1 and 1000.')
}

/** When it ends by itself, if ever. */
function ending(state: Ec2, input: any): Partial<CapacityReservation> {
  const EndDateType: string =
    oneOf('endDateType', input.EndDateType, ['unlimited', 'limited']) ??
    (input.EndDate === undefined ? 'unlimited' : 'limited')
  if ((EndDateType === 'limited') !== (input.EndDate !== undefined))
    throw badCombination('The end date must be specified if, and only if, the end date type is limited.')
  if (input.EndDate === undefined) return { EndDateType, later: [] }
  const at = new Date(input.EndDate).getTime()
  if (at <= state.now) throw invalidValue('The end date must be in the future.')
  return { EndDateType, EndDate: moment(at), later: [{ at, change: { State: 'expired' } }] }
}

function shown(state: Ec2): (reservation: CapacityReservation) => object {
  return (reservation) => ({
    ...reservation,
    AvailableInstanceCount: freeIn(state, reservation),
    CapacityAllocations: [{ AllocationType: 'used', Count: usedOf(state, reservation) }],
  })
}

export const describeCapacityReservations: Ec2Handler = (input, { state }) =>
  describe(state.capacityReservations, input, {
    ids: 'CapacityReservationIds',
    list: 'CapacityReservations',
    pages: [1, 1000],
    shown: shown(state),
    filters: {
      'availability-zone': 'AvailabilityZone',
      'availability-zone-id': 'AvailabilityZoneId',
      'end-date': 'EndDate',
      'end-date-type': 'EndDateType',
      'instance-match-criteria': 'InstanceMatchCriteria',
      'instance-platform': 'InstancePlatform',
      'instance-type': 'InstanceType',
      'outpost-arn': 'OutpostArn',
      'owner-id': 'OwnerId',
      'placement-group-arn': 'PlacementGroupArn',
      'reservation-type': 'ReservationType',
      'start-date': 'StartDate',
      state: 'State',
      tenancy: 'Tenancy',
    },
  })

function activeIn(state: Ec2, input: any): CapacityReservation {
  const reservation = state.capacityReservations.named(input)
  if (reservation.State === 'active') return reservation
  throw new AwsError(
    'InvalidCapacityReservationState',
    `The capacity reservation ${reservation.CapacityReservationId} is in the ${reservation.State} state.`,
  )
}

export const modifyCapacityReservation: Ec2Handler = (input, { state }) => {
  const reservation = activeIn(state, input)
  if (input.InstanceCount !== undefined) {
    checkCount(input.InstanceCount)
    if (input.InstanceCount < usedOf(state, reservation))
      throw invalidParameter('instanceCount', input.InstanceCount, 'So many instances run in the reservation.')
    reservation.TotalInstanceCount = input.InstanceCount
  }
  const criteria = oneOf('instanceMatchCriteria', input.InstanceMatchCriteria, ['open', 'targeted'])
  if (criteria !== undefined) reservation.InstanceMatchCriteria = criteria
  if (input.EndDate !== undefined || input.EndDateType !== undefined) {
    delete reservation.EndDate
    Object.assign(reservation, ending(state, input))
  }
  state.capacityReservations.put(reservation)
  return { Return: true }
}

/** What runs in it goes on running. */
export const cancelCapacityReservation: Ec2Handler = (input, { state }) => {
  const reservation = activeIn(state, input)
  state.capacityReservations.update(reservation, { State: 'cancelled', later: [] })
  return { Return: true }
}

export const getCapacityReservationUsage: Ec2Handler = (input, { state }) => {
  const reservation = state.capacityReservations.named(input)
  const { CapacityReservationId, InstanceType, TotalInstanceCount, State } = reservation
  const used = usedOf(state, reservation)
  return {
    CapacityReservationId,
    InstanceType,
    TotalInstanceCount,
    AvailableInstanceCount: freeIn(state, reservation),
    State,
    InstanceUsages: used === 0 ? [] : [{ AccountId: state.account, UsedInstanceCount: used }],
  }
}

/** Resource groups are not here, so that none holds it. */
export const getGroupsForCapacityReservation: Ec2Handler = (input, { state }) => {
  state.capacityReservations.named(input)
  return { CapacityReservationGroups: [] }
}
