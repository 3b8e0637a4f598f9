// Dedicated Hosts: a machine for one account's instances of one type, or of one family.

import { AwsError } from '../../../../lib/errors.ts'
import type { Host } from '../capacity-records.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, need, oneOf } from '../errors.ts'
import { machineOf, onHost, roomOn } from '../hosts.ts'
import { moment } from '../ids.ts'
import { typeNamed } from '../instance-types.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { zoneNamed } from '../zones.ts'

export const allocateHosts: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const named = input.AvailabilityZone ?? input.AvailabilityZoneId
    need({ AvailabilityZone: named }, 'AvailabilityZone')
    const zone = zoneNamed(state.region, named)
    if (!zone) throw new AwsError('InvalidZone.NotFound', `The zone '${named}' does not exist.`)
    const count: number = input.Quantity ?? input.AssetIds?.length ?? 1
    if (count < 1) throw invalidParameter('quantity', count)
    const HostProperties = propertiesOf(input)
    const Tags = tagsFor(input, 'dedicated-host')
    const onOff = (name: string, member: string) => oneOf(name, input[member], ['on', 'off'])
    const hosts = Array.from({ length: count }, () =>
      state.hosts.add({
        AutoPlacement: onOff('autoPlacement', 'AutoPlacement') ?? 'on',
        AvailabilityZone: zone.name,
        AvailabilityZoneId: zone.id,
        HostProperties,
        State: 'available',
        AllocationTime: moment(state.now),
        HostRecovery: onOff('hostRecovery', 'HostRecovery') ?? 'off',
        HostMaintenance: onOff('hostMaintenance', 'HostMaintenance') ?? 'off',
        AllowsMultipleInstanceTypes: HostProperties.InstanceType === undefined ? 'on' : 'off',
        OwnerId: state.account,
        ...(input.ClientToken !== undefined && { ClientToken: input.ClientToken }),
        Tags,
      }),
    )
    return { HostIds: hosts.map(({ HostId }) => HostId) }
  })

function propertiesOf({ InstanceType, InstanceFamily }: any): Host['HostProperties'] {
  if ((InstanceType === undefined) === (InstanceFamily === undefined))
    throw badCombination('You must specify either instanceType or instanceFamily, but not both.')
  const family: string = InstanceFamily ?? InstanceType.split('.')[0]
  const machine = machineOf(family)
  const fits = machine && (InstanceType === undefined || typeNamed(InstanceType)?.flags.includes('d'))
  if (!fits)
    throw InstanceType === undefined
      ? invalidParameter('instanceFamily', family)
      : invalidParameter('instanceType', InstanceType)
  return { ...machine, ...(InstanceType === undefined ? { InstanceFamily: family } : { InstanceType }) }
}

export const describeHosts: Ec2Handler = (input, { state }) =>
  describe(
    state.hosts,
    { ...input, Filters: input.Filter },
    {
      ids: 'HostIds',
      list: 'Hosts',
      pages: [5, 500],
      shown: (host) => ({
        ...host,
        Instances: onHost(state, host).map(({ InstanceId, InstanceType }) => ({
          InstanceId,
          InstanceType,
          OwnerId: state.account,
        })),
        AvailableCapacity: roomOn(state, host),
        MemberOfServiceLinkedResourceGroup: false,
      }),
      filters: {
        'auto-placement': 'AutoPlacement',
        'availability-zone': 'AvailabilityZone',
        'availability-zone-id': 'AvailabilityZoneId',
        'client-token': 'ClientToken',
        'host-reservation-id': 'HostReservationId',
        'instance-type': 'HostProperties.InstanceType',
        state: 'State',
      },
    },
  )

/** What is done to each of the hosts that are there; the others are named with the reason. */
function each(state: Ec2, ids: readonly string[], work: (host: Host) => void): object {
  const Successful: string[] = []
  const Unsuccessful: object[] = []
  for (const id of ids)
    try {
      const host = state.hosts.find(id)
      if (host.State === 'released') throw state.hosts.kind.missing([id])
      work(host)
      Successful.push(id)
    } catch (refused) {
      if (!(refused instanceof AwsError)) throw refused
      Unsuccessful.push({ ResourceId: id, Error: { Code: refused.code, Message: refused.message } })
    }
  return { Successful, Unsuccessful }
}

export const modifyHosts: Ec2Handler = (input, { state }) => {
  need(input, 'HostIds')
  const change: Partial<Host> = {}
  for (const member of ['AutoPlacement', 'HostRecovery', 'HostMaintenance'] as const) {
    const value = oneOf(member, input[member], ['on', 'off'])
    if (value !== undefined) change[member] = value
  }
  if (input.InstanceType !== undefined || input.InstanceFamily !== undefined)
    change.HostProperties = propertiesOf(input)
  if (change.HostProperties)
    change.AllowsMultipleInstanceTypes = change.HostProperties.InstanceType === undefined ? 'on' : 'off'
  return each(state, input.HostIds, (host) => void state.hosts.update(host, change))
}

/** Told of for a while after it is released, as AWS does. */
export const releaseHosts: Ec2Handler = (input, { state }) => {
  need(input, 'HostIds')
  return each(state, input.HostIds, (host) => {
    if (onHost(state, host).length > 0)
      throw new AwsError(
        'Client.InvalidHost.Occupied',
        `Dedicated host ${host.HostId} cannot be released as it is occupied`,
      )
    state.hosts.update(host, {
      State: 'released',
      ReleaseTime: moment(state.now),
      later: [{ at: state.now + 3_600_000, change: {}, gone: true }],
    })
  })
}
