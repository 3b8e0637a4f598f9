// UpdateTable: billing, throughput, indexes, stream, class, protection.

import { changedLimits, changedWarm } from '../ceilings.ts'
import {
  addedIndex,
  attributesOf,
  checkUnits,
  noUnits,
  throughputOf,
  type AskedIndex,
  type AskedThroughput,
  type Definition,
} from '../definitions.ts'
import { changedEncryption, checkEncryption, type AskedEncryption } from '../encryption.ts'
import { invalid, invalidValue, notFound, tooMany } from '../errors.ts'
import { findIndex } from '../indexes.ts'
import { backfill } from '../items.ts'
import { keyAttributes } from '../keys.ts'
import { described, type Status } from '../present.ts'
import { checkReplicaUpdates, spread, updateReplicas, type ReplicaUpdate } from '../replicas.ts'
import type { StreamOf, Table, Throughput } from '../records.ts'
import { indexRows, type Dynamo, type DynamoHandler } from '../state.ts'
import { closeStream } from '../streams/records.ts'
import { startStream } from './tables.ts'

interface IndexUpdate {
  Update?: Pick<AskedIndex, 'IndexName' | 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'>
  Create?: AskedIndex
  Delete?: { IndexName: string }
}

interface UpdateTable extends Partial<Definition> {
  TableName: string
  GlobalSecondaryIndexUpdates?: IndexUpdate[]
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: StreamOf['view'] }
  SSESpecification?: AskedEncryption
  ReplicaUpdates?: ReplicaUpdate[]
  TableClass?: string
  DeletionProtectionEnabled?: boolean
  OnDemandThroughput?: Table['limits']
  WarmThroughput?: Table['warm']
}

const gsiUpdates = 'GlobalSecondaryIndexUpdates'

const changes = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
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
  const limits = filledIn(input.OnDemandThroughput)
  if (limits) table.limits = changedLimits(table.limits, limits, table.billing)
  if (input.WarmThroughput) {
    table.warm = changedWarm(table.warm, input.WarmThroughput, table.billing, table.throughput)
    status = 'UPDATING'
  }
  if (input.SSESpecification) {
    table.encryption = changedEncryption(table.encryption, input.SSESpecification)
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
  const { GlobalSecondaryIndexUpdates: updates = [], BillingMode, ProvisionedThroughput } = input
  const given = changes.filter((name) => input[name] !== undefined && (name !== gsiUpdates || updates.length > 0))
  if (given.length === 0)
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
        'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
        'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
    )
  if (input.ReplicaUpdates) checkReplicaUpdates(input.ReplicaUpdates, region)
  if (BillingMode === 'PROVISIONED' && !ProvisionedThroughput)
    throw invalidValue('ProvisionedThroughput must be specified when BillingMode is PROVISIONED')
  checkUnits(ProvisionedThroughput)
  checkStream(input.StreamSpecification)
  checkEncryption(input.SSESpecification)
  checkTogether(input, given)
  if (input.GlobalSecondaryIndexUpdates?.length === 0)
    throw invalidValue('List of GlobalSecondaryIndexUpdates is empty')
  const names = new Set<string>()
  for (const { Update, Create, Delete } of updates) {
    if ([Update, Create, Delete].filter(Boolean).length > 1)
      throw invalidValue('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object')
    const { WarmThroughput: warm } = Update ?? {}
    if (warm && Object.keys(warm).length === 0)
      throw invalidValue(
        'WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: ' +
          Update!.IndexName,
      )
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

function checkStream(asked: UpdateTable['StreamSpecification']): void {
  if (!asked) return
  if (asked.StreamEnabled && asked.StreamViewType === undefined)
    throw invalidValue('If stream is being enabled then UpdateViewType is required')
  if (!asked.StreamEnabled && asked.StreamViewType !== undefined)
    throw invalidValue('If stream is being disabled, then UpdateViewType must not be specified')
}

/** What is refused with any other change. */
const alone: { readonly [name in (typeof changes)[number]]?: string } = {
  SSESpecification: 'Server-Side Encryption modification',
  TableClass: 'TableClass modification',
  DeletionProtectionEnabled: 'DeletionProtection modification',
  ReplicaUpdates: 'Replica modification',
  WarmThroughput: 'WarmThroughput',
}

/** Throws ValidationException for changes that AWS makes one by one. */
function checkTogether(input: UpdateTable, given: readonly (typeof changes)[number][]): void {
  // Ceilings without anything in them do not count.
  const counted = given.filter((name) => !/(Demand|Warm)Throughput$/.test(name) || Object.keys(input[name]!).length > 0)
  const single = counted.find((name) => alone[name])
  if (single && counted.length > 1) throw invalidValue(`${alone[single]} must be the only operation in the request`)
  if (
    counted.includes('OnDemandThroughput') &&
    !counted.every((name) => name === 'OnDemandThroughput' || name === 'BillingMode')
  )
    throw invalidValue('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request')
  const changesIndexes = input.GlobalSecondaryIndexUpdates?.some(({ Create, Delete }) => Create ?? Delete)
  if (input.StreamSpecification && input.ProvisionedThroughput)
    throw invalidValue('You cannot modify stream status while updating table IOPS')
  if (changesIndexes && input.ProvisionedThroughput)
    throw invalidValue('You cannot create or delete index while updating table IOPS')
  if (changesIndexes && input.StreamSpecification)
    throw invalidValue('You cannot create or delete index while changing stream status')
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
    if (!input.AttributeDefinitions)
      throw invalidValue(`AttributeDefinitions is not specified for index: ${Create.IndexName}`)
    const known = new Map(
      [...attributesOf(input as Definition), ...table.attributes].map((attribute) => [attribute.name, attribute]),
    )
    const index = addedIndex(Create, [...known.values()], table.billing)
    if (table.indexes.filter(({ isGlobal }) => isGlobal).length >= 20)
      throw invalidValue('GlobalSecondaryIndex count exceeds the per-table limit of 20')
    table.indexes.push(index)
    table.attributes = [
      ...new Map([...table.attributes, ...keyAttributes(index)].map((each) => [each.name, each])).values(),
    ]
    backfill(state, table, index)
    indexes[index.name] = 'CREATING'
    return
  }
  const name = (Update ?? Delete)!.IndexName
  const index = findIndex(table, name)
  if (!index?.isGlobal) {
    if (index)
      throw invalid(`Cannot ${Delete ? 'delete' : 'update'} an index that is not a GlobalSecondaryIndex: ${name}`)
    throw notFound(`Requested resource not found: Index ${name} for table ${table.name}`)
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
  const { ProvisionedThroughput, WarmThroughput } = Update!
  const limits = filledIn(Update!.OnDemandThroughput)
  if (table.billing === 'PAY_PER_REQUEST' && !limits && !WarmThroughput)
    throw invalidValue(
      `The only Updates for index: ${name} when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, ` +
        'WarmThroughput',
    )
  if (ProvisionedThroughput) {
    if (table.billing === 'PAY_PER_REQUEST') throw noUnits(name)
    if (ProvisionedThroughput.ReadCapacityUnits > 1e12 || ProvisionedThroughput.WriteCapacityUnits > 1e12)
      throw invalid(
        'This operation cannot be performed with given input values. ' +
          'Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate',
      )
    if (input.BillingMode === undefined) checkChange(index.throughput!, ProvisionedThroughput)
    index.throughput = changedThroughput(index.throughput!, ProvisionedThroughput, state.now)
  }
  if (limits) index.limits = changedLimits(index.limits, limits, table.billing, name)
  if (WarmThroughput) index.warm = changedWarm(index.warm, WarmThroughput, table.billing, index.throughput!, name)
  indexes[name] = 'UPDATING'
}

/** Limits without anything in them are none. */
function filledIn(limits: Table['limits']): Table['limits'] {
  return limits && Object.keys(limits).length > 0 ? limits : undefined
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
    if (table.stream) throw invalid(`Table already has an enabled stream: TableName: ${table.name}`)
    startStream(state, table, StreamViewType!)
    return
  }
  if (table.replicas) throw invalidValue('Disabling Stream is not allowed for a Global Table replica.')
  if (!table.stream) throw invalid(`Table has no stream to disable: TableName: ${table.name}`)
  closeStream(state, table)
  delete table.stream
}
