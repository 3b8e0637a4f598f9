// UpdateTable: billing, throughput, indexes, stream, class, protection.

import {
  attributesOf,
  checkAllUsed,
  checkUnits,
  globalIndex,
  throughputOf,
  type AskedIndex,
  type AskedThroughput,
  type Definition,
} from '../definitions.ts'
import { invalid, invalidValue, notFound, tooMany } from '../errors.ts'
import { findIndex } from '../indexes.ts'
import { backfill } from '../items.ts'
import { keyAttributes } from '../keys.ts'
import { described, type Status } from '../present.ts'
import { checkReplicaUpdates, spread, updateReplicas, type ReplicaUpdate } from '../replicas.ts'
import type { StreamOf, Table, Throughput } from '../records.ts'
import { indexRows, type Dynamo, type DynamoHandler } from '../state.ts'
import { closeStream } from '../streams/records.ts'
import { checkStream, startStream } from './tables.ts'

interface IndexUpdate {
  Update?: Pick<AskedIndex, 'IndexName' | 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'>
  Create?: AskedIndex
  Delete?: { IndexName: string }
}

interface UpdateTable extends Partial<Definition> {
  TableName: string
  GlobalSecondaryIndexUpdates?: IndexUpdate[]
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: StreamOf['view'] }
  SSESpecification?: { Enabled?: boolean; KMSMasterKeyId?: string }
  ReplicaUpdates?: ReplicaUpdate[]
  TableClass?: string
  DeletionProtectionEnabled?: boolean
  OnDemandThroughput?: Table['limits']
  WarmThroughput?: Table['warm']
}

const changes = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'SSESpecification',
  'ReplicaUpdates',
  'TableClass',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'WarmThroughput',
] as const

export const updateTable: DynamoHandler<UpdateTable> = (input, { state }) => {
  const { region } = state.refer(input.TableName)
  checkInput(input, region)
  const table = state.named(input.TableName)
  const before = structuredClone(table)
  const indexes: Record<string, Status> = {}
  let status: Status = 'ACTIVE'
  if (setBilling(table, input, state.now, indexes)) status = 'UPDATING'
  for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
    updateIndex(state, table, update, input, indexes)
    status = 'UPDATING'
  }
  if (input.AttributeDefinitions) {
    table.attributes = attributesOf(input as Definition)
    checkAllUsed(table.attributes, [table, ...table.indexes])
  }
  const { StreamSpecification: stream } = input
  if (stream) {
    setStream(state, table, stream)
    status = 'UPDATING'
  }
  if (input.TableClass !== undefined) {
    table.class = { name: input.TableClass, since: state.now }
    status = 'UPDATING'
  }
  if (input.DeletionProtectionEnabled !== undefined) table.protected = input.DeletionProtectionEnabled
  if (input.OnDemandThroughput) table.limits = input.OnDemandThroughput
  if (input.WarmThroughput) {
    table.warm = { ...table.warm, ...input.WarmThroughput }
    status = 'UPDATING'
  }
  if (input.SSESpecification) {
    table.encryption = input.SSESpecification.Enabled ? { key: input.SSESpecification.KMSMasterKeyId } : undefined
    status = 'UPDATING'
  }
  if (input.ReplicaUpdates) {
    updateReplicas(state, table, input.ReplicaUpdates[0]!)
    status = 'UPDATING'
  }
  state.keep(table)
  spread(state, table)
  // The answer has the new throughput only once it holds.
  const decrypts = before.encryption !== undefined && table.encryption === undefined
  const shown: Table = {
    ...table,
    ...(status === 'UPDATING' && !input.BillingMode && { throughput: before.throughput }),
    ...(decrypts && { encryption: before.encryption! }),
  }
  return { TableDescription: described(state, shown, { table: status, decrypts, indexes }) }
}

function checkInput(input: UpdateTable, region: string): void {
  const { GlobalSecondaryIndexUpdates: updates, BillingMode, ProvisionedThroughput } = input
  if (!updates?.length && changes.every((name) => input[name] === undefined))
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
        'SSESpecification or ReplicaUpdates is required',
    )
  if (input.ReplicaUpdates) checkReplicaUpdates(input.ReplicaUpdates, region)
  if (BillingMode === 'PROVISIONED' && !ProvisionedThroughput)
    throw invalidValue('ProvisionedThroughput must be specified when BillingMode is PROVISIONED')
  checkUnits(ProvisionedThroughput)
  checkStream(input.StreamSpecification)
  const names = new Set<string>()
  for (const { Update, Create, Delete } of updates ?? []) {
    const name = (Update ?? Create ?? Delete)?.IndexName
    if (name === undefined)
      throw invalidValue(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      )
    if (names.has(name))
      throw invalidValue(`Only one global secondary index update per index is allowed simultaneously. Index: ${name}`)
    names.add(name)
  }
}

/** Whether anything changes. */
function setBilling(
  table: Table,
  { BillingMode, ProvisionedThroughput, GlobalSecondaryIndexUpdates = [] }: UpdateTable,
  now: number,
  indexes: Record<string, Status>,
): boolean {
  const billing = BillingMode ?? table.billing
  if (ProvisionedThroughput && billing === 'PAY_PER_REQUEST')
    throw invalidValue(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    )
  const switches = billing !== table.billing
  const globals = table.indexes.filter(({ isGlobal }) => isGlobal)
  if (switches && billing === 'PROVISIONED') {
    const given = new Set(GlobalSecondaryIndexUpdates.map(({ Update }) => Update?.IndexName))
    const lacking = globals.filter(({ name }) => !given.has(name)).map(({ name }) => name)
    if (lacking.length > 0)
      throw invalidValue(`ProvisionedThroughput must be specified for index: ${lacking.join(',')}`)
  }
  if (ProvisionedThroughput) {
    if (!switches) checkChange(table.throughput, ProvisionedThroughput)
    table.throughput = changedThroughput(table.throughput, ProvisionedThroughput, now)
  }
  if (switches && billing === 'PAY_PER_REQUEST') {
    table.onDemandSince = now
    table.throughput = { ...table.throughput, read: 0, write: 0, decreased: now }
    for (const index of globals) {
      index.throughput = { ...index.throughput, read: 0, write: 0 }
      indexes[index.name] = 'UPDATING'
    }
  }
  table.billing = billing
  return switches || ProvisionedThroughput !== undefined
}

function checkChange(old: Throughput, { ReadCapacityUnits: read, WriteCapacityUnits: write }: AskedThroughput): void {
  if (old.read !== read || old.write !== write) return
  throw invalid(
    'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
      `Current ReadCapacityUnits provisioned for the table: ${old.read}. Requested ReadCapacityUnits: ${read}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${old.write}. Requested WriteCapacityUnits: ${write}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  )
}

function changedThroughput(old: Throughput, asked: AskedThroughput, now: number): Throughput {
  const { read, write } = throughputOf(asked)
  return {
    ...old,
    read,
    write,
    ...((read > old.read || write > old.write) && { increased: now }),
    ...((read < old.read || write < old.write) && { decreased: now }),
  }
}

function updateIndex(
  state: Dynamo,
  table: Table,
  { Update, Create, Delete }: IndexUpdate,
  input: UpdateTable,
  indexes: Record<string, Status>,
): void {
  if (Create) {
    if (findIndex(table, Create.IndexName))
      throw invalidValue(`Attempting to create an index which already exists: ${Create.IndexName}`)
    checkOneAtATime(input)
    const attributes = input.AttributeDefinitions ? attributesOf(input as Definition) : table.attributes
    const index = globalIndex(Create, attributes, table.billing)
    if (table.indexes.filter(({ isGlobal }) => isGlobal).length >= 20)
      throw invalidValue('GlobalSecondaryIndex count exceeds the per-table limit of 20')
    table.indexes.push(index)
    backfill(state, table, index)
    indexes[index.name] = 'CREATING'
    return
  }
  const name = (Update ?? Delete)!.IndexName
  const index = findIndex(table, name)
  if (!index?.isGlobal) {
    if (Delete) throw notFound('Requested resource not found')
    throw invalid(`The table does not have the specified index: ${name}`)
  }
  if (Delete) {
    checkOneAtATime(input)
    table.indexes = table.indexes.filter((each) => each !== index)
    const used = new Set([table, ...table.indexes].flatMap(keyAttributes).map((attribute) => attribute.name))
    table.attributes = table.attributes.filter(({ name: attribute }) => used.has(attribute))
    state.clear(indexRows(table, index))
    const counts = state.counts(table)
    delete counts.indexes[index.id]
    state.keepCounts(table, counts)
    return
  }
  const { ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = Update!
  if (ProvisionedThroughput) {
    if (ProvisionedThroughput.ReadCapacityUnits > 1e12 || ProvisionedThroughput.WriteCapacityUnits > 1e12)
      throw invalid(
        'This operation cannot be performed with given input values. ' +
          'Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate',
      )
    if (input.BillingMode === undefined) checkChange(index.throughput!, ProvisionedThroughput)
    index.throughput = changedThroughput(index.throughput!, ProvisionedThroughput, state.now)
  }
  if (OnDemandThroughput) index.limits = OnDemandThroughput
  if (WarmThroughput) index.warm = { ...index.warm, ...WarmThroughput }
  indexes[name] = 'UPDATING'
}

function checkOneAtATime({ GlobalSecondaryIndexUpdates = [] }: UpdateTable): void {
  if (GlobalSecondaryIndexUpdates.filter(({ Create, Delete }) => Create || Delete).length > 1)
    throw tooMany('Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table')
}

function setStream(
  state: Dynamo,
  table: Table,
  { StreamEnabled, StreamViewType }: { StreamEnabled: boolean; StreamViewType?: StreamOf['view'] },
): void {
  if (StreamEnabled) {
    if (table.stream) throw invalidValue(`Table already has an enabled stream: TableName: ${table.name}`)
    startStream(state, table, StreamViewType!)
    return
  }
  if (!table.stream) throw invalidValue('Table has no stream to disable: TableName: ' + table.name)
  closeStream(state, table)
  delete table.stream
}
