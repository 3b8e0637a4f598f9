// CreateTable and its kin. A table is in its new state at the next request: what a request began is only told by its
// own answer.

import { policyOf } from '../policies.ts'
import {
  attributesOf,
  checkBilling,
  checkCeilings,
  indexesOf,
  tableSchema,
  throughputOf,
  type Definition,
} from '../definitions.ts'
import { inUse, invalid, invalidValue, notBuilt, tooMany } from '../errors.ts'
import { checkEncryption, encryptionOf, type AskedEncryption } from '../encryption.ts'
import { expire } from '../items.ts'
import { described } from '../present.ts'
import { removeReplica } from '../replicas.ts'
import type { Index, StreamOf, Table, Tag } from '../records.ts'
import type { Dynamo, DynamoContext, DynamoHandler } from '../state.ts'
import { closeStream, openStream } from '../streams/records.ts'
import { checkTags } from '../tags.ts'

export interface CreateTable extends Definition {
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: StreamOf['view'] }
  SSESpecification?: AskedEncryption
  Tags?: Tag[]
  TableClass?: string
  DeletionProtectionEnabled?: boolean
  ResourcePolicy?: string
  GlobalTableSourceArn?: string
}

export const createTable: DynamoHandler<CreateTable> = (input, context) => {
  const { state } = context
  const table = plannedTable(input, context)
  const { StreamSpecification: stream } = input
  if (stream?.StreamEnabled) startStream(state, table, stream.StreamViewType!)
  state.keep(table)
  return { TableDescription: described(state, table, { table: 'CREATING' }) }
}

/** The table that is asked for, if it may be made; it is not kept yet. Throws ValidationException and its kin. */
export function plannedTable(
  input: CreateTable,
  { state, quota }: { readonly state: Dynamo; readonly quota: DynamoContext['quota'] },
): Table {
  if (input.GlobalTableSourceArn !== undefined) throw notBuilt('global tables of DynamoDB')
  checkBilling(input)
  const schema = tableSchema(input)
  const indexes = indexesOf(input, schema)
  checkCeilings(input)
  checkStream(input.StreamSpecification)
  checkEncryption(input.SSESpecification)
  if (input.Tags) checkTags(input.Tags)
  if (input.ResourcePolicy !== undefined) policyOf(input.ResourcePolicy)
  const { account, region, name } = state.refer(input.TableName)
  if (state.find(input.TableName)) throw inUse(`Table already exists: ${name}`)
  const most = quota('dynamodb', 'L-F98FE922')
  if (state.names('', most).length >= most)
    throw tooMany(`Subscriber limit exceeded: There is a limit of ${most} tables per subscriber`)
  return makeTable({ account, region, name, ...schema }, input, indexes, state.now)
}

function makeTable(
  base: Pick<Table, 'account' | 'region' | 'name' | 'hash' | 'range'>,
  input: CreateTable,
  indexes: Index[],
  now: number,
): Table {
  const billing = input.BillingMode ?? 'PROVISIONED'
  const encryption = encryptionOf(input.SSESpecification)
  return {
    ...base,
    id: crypto.randomUUID(),
    created: now,
    attributes: attributesOf(input),
    indexes,
    billing,
    ...(billing === 'PAY_PER_REQUEST' && { onDemandSince: now }),
    throughput: throughputOf(input.ProvisionedThroughput),
    ...(Object.keys(input.OnDemandThroughput ?? {}).length > 0 && { limits: input.OnDemandThroughput }),
    ...(Object.keys(input.WarmThroughput ?? {}).length > 0 && { warm: input.WarmThroughput }),
    tags: input.Tags ?? [],
    protected: input.DeletionProtectionEnabled ?? false,
    ...(input.TableClass !== undefined && { class: { name: input.TableClass } }),
    ...(encryption && { encryption }),
    ...(input.ResourcePolicy !== undefined && {
      policy: { document: policyOf(input.ResourcePolicy), revision: String(now) },
    }),
  }
}

function checkStream(asked: CreateTable['StreamSpecification']): void {
  if (!asked) return
  if (asked.StreamEnabled && asked.StreamViewType === undefined)
    throw invalidValue('Table is being created with a stream enabled, UpdateViewType is required')
  if (!asked.StreamEnabled && asked.StreamViewType !== undefined)
    throw invalidValue('Table is being created with a stream disabled, UpdateViewType should not be specified')
}

export function startStream(state: Parameters<typeof openStream>[0], table: Table, view: StreamOf['view']): void {
  table.stream = openStream(state, table, view)
  table.streamLabel = table.stream.label
}

export const describeTable: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => {
  const table = state.named(TableName)
  expire(state, table)
  return { Table: described(state, table) }
}

export const deleteTable: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => {
  const table = state.named(TableName)
  if (table.protected)
    throw invalid(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    )
  const answer = { TableDescription: described(state, table, { table: 'DELETING' }) }
  if (table.replicas) removeReplica(state, table)
  else {
    closeStream(state, table)
    state.remove(table)
  }
  return answer
}

export const listTables: DynamoHandler<{ ExclusiveStartTableName?: string; Limit?: number }> = (input, { state }) => {
  const { ExclusiveStartTableName: start, Limit: limit = 100 } = input
  const names = state.names(start, limit + 1)
  const page = names.slice(0, limit)
  return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) }
}
