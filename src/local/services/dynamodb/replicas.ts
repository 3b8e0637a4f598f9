// Where else is a table? A global table (version 2019.11.21) is a table in each of its regions, with one id: what is in it,
// and in its indexes, is the same rows wherever it is asked for; streams, tags and policies are each region's own.

import { invalid, notBuilt } from './errors.ts'
import { arnOf, type Table } from './records.ts'
import type { Dynamo } from './state.ts'
import { closeStream, openStream } from './streams/records.ts'

interface Update {
  RegionName: string
  KMSMasterKeyId?: string
}

export interface ReplicaUpdate {
  Create?: Update
  Update?: Update
  Delete?: Update
}

/** The table as it is in the other regions. */
export function replicasOf(state: Dynamo, table: Table): Table[] {
  return (table.replicas ?? []).flatMap(({ region }) => state.find(arnOf({ ...table, region })) ?? [])
}

/** What is the same everywhere, kept for the other regions, too. */
export function spread(state: Dynamo, table: Table): void {
  const { attributes, indexes, billing, onDemandSince, throughput, limits, timeToLive } = table
  const shared = { attributes, indexes, billing, onDemandSince, throughput, limits, timeToLive }
  for (const replica of replicasOf(state, table)) state.keep({ ...replica, ...shared } as Table)
}

/** Throws ValidationException. */
export function checkReplicaUpdates(updates: readonly ReplicaUpdate[], region: string): void {
  if (updates.some(({ Update }) => Update && Object.keys(Update).length > 1))
    throw notBuilt('settings of replicas of DynamoDB')
  if (updates.length !== 1)
    throw invalid('Update table operation with more than one create or delete replica actions not allowed')
  const { Create, Delete } = updates[0]!
  const target = Create ?? Delete
  if (!target) throw invalid('There are no actions specified in the Replica Update Action of the request.')
  if (Create && Delete) throw invalid('Update table operation with more than one type of replica actions not allowed.')
  if (target.RegionName === region)
    throw invalid(
      'Cannot add or delete the local region through ReplicaUpdates. ' +
        'Use CreateTable, DeleteTable, or UpdateTable as required.',
    )
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(target.RegionName)) throw invalid(`Region ${target.RegionName} is not supported.`)
}

/** Makes a replica, or takes it away. Throws ValidationException. */
export function updateReplicas(state: Dynamo, table: Table, { Create, Delete }: ReplicaUpdate): void {
  if (Create) addReplica(state, table, Create)
  else leave(state, table, Delete!.RegionName)
}

function addReplica(state: Dynamo, table: Table, { RegionName: region, KMSMasterKeyId: key }: Update): void {
  if (state.find(arnOf({ ...table, region })))
    throw invalid(
      `Failed to create a the new replica of table with name: ‘${table.name}’ because one or more replicas already ` +
        'existed as tables.',
    )
  const others = replicasOf(state, table)
  // Global tables always have streams.
  if (!table.stream) follow(state, table)
  const { policy: _policy, recovery: _recovery, stream: _stream, insights: _insights, ...shared } = table
  const replica: Table = {
    ...shared,
    region,
    created: state.now,
    tags: [],
    protected: false,
    ...(key !== undefined && { encryption: { key } }),
    replicas: [memberOf(table), ...(table.replicas ?? [])],
  }
  follow(state, replica)
  state.keep(replica)
  for (const other of others) state.keep({ ...other, replicas: [...(other.replicas ?? []), memberOf(replica)] })
  table.replicas = [...(table.replicas ?? []), memberOf(replica)]
}

function follow(state: Dynamo, table: Table): void {
  table.stream = openStream(state, table, 'NEW_AND_OLD_IMAGES')
  table.streamLabel = table.stream.label
}

function memberOf({ region, encryption }: Table): NonNullable<Table['replicas']>[number] {
  return { region, ...(encryption?.key !== undefined && { key: encryption.key }) }
}

function leave(state: Dynamo, table: Table, region: string): void {
  const replica = table.replicas?.some((each) => each.region === region) && state.find(arnOf({ ...table, region }))
  if (!replica)
    throw invalid(
      'Update global table operation failed because one or more replicas were not part of the global table. ' +
        `Please retry the request without these replicas: [${region}].`,
    )
  removeReplica(state, replica)
  table.replicas = without(table, region)
}

/** Takes a table away where there are others: the items stay theirs. */
export function removeReplica(state: Dynamo, table: Table): void {
  closeStream(state, table)
  for (const other of replicasOf(state, table)) state.keep({ ...other, replicas: without(other, table.region) })
  state.forget(table)
}

function without({ replicas = [] }: Table, region: string): Table['replicas'] {
  const left = replicas.filter((each) => each.region !== region)
  return left.length > 0 ? left : undefined
}
