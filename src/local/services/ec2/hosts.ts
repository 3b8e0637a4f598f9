// What fits on a Dedicated Host, and what is on it?
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html

import { AwsError } from '../../../lib/errors.ts'
import type { Host } from './capacity-records.ts'
import { instanceTypes, typeNamed, type InstanceType } from './instance-types.ts'
import type { Instance } from './records.ts'
import type { Ec2 } from './state.ts'

/** A host is as large as the largest instance of its family; undefined where the family has no hosts. */
export function machineOf(family: string): { Cores: number; Sockets: number; TotalVCpus: number } | undefined {
  const types = [...instanceTypes().values()].filter((each) => each.name.startsWith(`${family}.`))
  if (!types.some(({ flags }) => flags.includes('d'))) return undefined
  const largest = types.reduce((most, each) => (each.vcpus > most.vcpus ? each : most))
  return { Cores: largest.cores, Sockets: largest.cores > 24 ? 2 : 1, TotalVCpus: largest.vcpus }
}

export function onHost(state: Ec2, { HostId }: Host): Instance[] {
  return state.instances
    .all()
    .filter(({ Placement, State }) => Placement['HostId'] === HostId && State.Name !== 'terminated')
}

/** vCPUs that are free, and how many more of the host's type (of each of its family's) there may be. */
export function roomOn(state: Ec2, host: Host) {
  const { InstanceType: type, InstanceFamily: family, TotalVCpus } = host.HostProperties
  const used = onHost(state, host).reduce((sum, each) => sum + (typeNamed(each.InstanceType)?.vcpus ?? 0), 0)
  const types = type === undefined ? [] : [typeNamed(type)!]
  const AvailableVCpus = TotalVCpus - used
  return {
    AvailableVCpus,
    ...(family === undefined && {
      AvailableInstanceCapacity: types.map(({ name, vcpus }) => ({
        AvailableCapacity: Math.floor(AvailableVCpus / vcpus),
        InstanceType: name,
        TotalCapacity: Math.floor(TotalVCpus / vcpus),
      })),
    }),
  }
}

function fits(state: Ec2, host: Host, type: InstanceType): boolean {
  const { InstanceType: only, InstanceFamily: family } = host.HostProperties
  const isFor = only === undefined ? type.name.startsWith(`${family}.`) : only === type.name
  return host.State === 'available' && isFor && roomOn(state, host).AvailableVCpus >= type.vcpus
}

/** The host for a new instance: the one that is named, or any that takes those who name none. */
export function hostFor(
  state: Ec2,
  type: InstanceType,
  zone: string,
  { Tenancy, HostId }: { Tenancy?: string; HostId?: string } = {},
): Host | undefined {
  if (HostId !== undefined) {
    const host = state.hosts.find(HostId)
    if (fits(state, host, type) && host.AvailabilityZone === zone) return host
    throw new AwsError('InsufficientCapacityOnHost', `There is not enough capacity on the Dedicated Host ${HostId}.`)
  }
  if (Tenancy !== 'host') return undefined
  const free = state.hosts
    .all()
    .find((host) => host.AutoPlacement === 'on' && host.AvailabilityZone === zone && fits(state, host, type))
  if (free) return free
  throw new AwsError(
    'InsufficientHostCapacity',
    `There is no Dedicated Host with auto-placement for '${type.name}' in ${zone}.`,
  )
}
