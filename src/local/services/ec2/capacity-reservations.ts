// Which capacity reservation does an instance run in, and how much of one is left?
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-launch.html

import { AwsError } from '../../../lib/errors.ts'
import type { CapacityReservation } from './capacity-records.ts'
import type { Instance } from './records.ts'
import type { Ec2 } from './state.ts'

export function usedOf(state: Ec2, { CapacityReservationId }: CapacityReservation): number {
  return state.instances
    .all()
    .filter(
      (each) =>
        each['CapacityReservationId'] === CapacityReservationId && ['pending', 'running'].includes(each.State.Name),
    ).length
}

export function freeIn(state: Ec2, reservation: CapacityReservation): number {
  if (reservation.State !== 'active') return 0
  return Math.max(0, reservation.TotalInstanceCount - usedOf(state, reservation))
}

function matches(reservation: CapacityReservation, instance: Instance): boolean {
  const platform = String(instance['PlatformDetails'] ?? 'Linux/UNIX')
  return (
    reservation.InstanceType === instance.InstanceType &&
    reservation.InstancePlatform === platform &&
    reservation.AvailabilityZone === instance.Placement.AvailabilityZone &&
    reservation.Tenancy === instance.Placement.Tenancy
  )
}

/** Puts a new instance into the reservation it names, or into an open one that matches. */
export function reserve(state: Ec2, instance: Instance): void {
  const wanted = instance['CapacityReservationSpecification'] as
    | { CapacityReservationPreference?: string; CapacityReservationTarget?: { CapacityReservationId?: string } }
    | undefined
  const id = wanted?.CapacityReservationTarget?.CapacityReservationId
  const preference = wanted?.CapacityReservationPreference ?? 'open'
  if (id === undefined && preference === 'none') return
  if (instance['InstanceLifecycle'] === 'spot') return
  const found =
    id === undefined
      ? state.capacityReservations
          .all()
          .find((each) => each.InstanceMatchCriteria === 'open' && matches(each, instance) && freeIn(state, each) > 0)
      : state.capacityReservations.find(id)
  if (id !== undefined && !(found && matches(found, instance) && freeIn(state, found) > 0))
    throw new AwsError(
      'ReservationCapacityExceeded',
      `The requested reservation ${id} does not have sufficient compatible and available capacity for this request.`,
    )
  if (found) instance['CapacityReservationId'] = found.CapacityReservationId
}
