// Backups of tables, and tables made of backups or of another table as it is now.

import { AwsError } from '../../../../lib/errors.ts'
import { invalid } from '../errors.ts'
import { allItems, entryOf, write } from '../items.ts'
import { keyAttributes } from '../keys.ts'
import { describedProjection, described, keySchema } from '../present.ts'
import { arnOf, type Index, type Stored, type Table, type Throughput } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'
import type { Item } from '../values.ts'

/** A row of `backups`, by `account/region/id`; its items are the rows of `backup ID`. */
interface Backup {
  readonly id: string
  readonly name: string
  readonly created: number
  readonly table: Table
  readonly items: number
  readonly bytes: number
}

function rowOf({ account, region }: Dynamo, id: string): string {
  return `${account}/${region}/${id}`
}

function arn({ table, id }: Backup): string {
  return `${arnOf(table)}/backup/${id}`
}

function find(state: Dynamo, backupArn: string): Backup {
  const id = backupArn.slice(backupArn.lastIndexOf('/') + 1)
  const backup = state.rows.get<any>('backups', rowOf(state, id)) as Backup | undefined
  if (!backup || arn(backup) !== backupArn)
    throw new AwsError('BackupNotFoundException', `Backup not found: ${backupArn}`)
  return backup
}

function details(backup: Backup, status = 'AVAILABLE'): object {
  return {
    BackupArn: arn(backup),
    BackupName: backup.name,
    BackupSizeBytes: backup.bytes,
    BackupStatus: status,
    BackupType: 'USER',
    BackupCreationDateTime: new Date(backup.created),
  }
}

function description(backup: Backup, status?: string): object {
  const { table } = backup
  const of = (isGlobal: boolean): Index[] => table.indexes.filter((index) => index.isGlobal === isGlobal)
  const shape = (index: Index): object => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: describedProjection(index),
    ...(index.throughput && { ProvisionedThroughput: units(index.throughput) }),
  })
  return {
    BackupDetails: details(backup, status),
    SourceTableDetails: {
      TableName: table.name,
      TableId: table.id,
      TableArn: arnOf(table),
      TableSizeBytes: backup.bytes,
      KeySchema: keySchema(table),
      TableCreationDateTime: new Date(table.created),
      ProvisionedThroughput: units(table.throughput),
      ItemCount: backup.items,
      BillingMode: table.billing,
    },
    SourceTableFeatureDetails: {
      GlobalSecondaryIndexes: of(true).map(shape),
      LocalSecondaryIndexes: of(false).map(shape),
      StreamDescription: table.stream && { StreamEnabled: true, StreamViewType: table.stream.view },
      TimeToLiveDescription: table.timeToLive?.enabled
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: table.timeToLive.attribute }
        : undefined,
    },
  }
}

function units({ read, write: written }: Throughput): object {
  return { ReadCapacityUnits: read, WriteCapacityUnits: written }
}

export const createBackup: DynamoHandler<{ TableName: string; BackupName: string }> = (input, { state }) => {
  const table = backedUp(state, input.TableName)
  const id = `${String(state.now).padStart(14, '0')}-${crypto.randomUUID().slice(0, 8)}`
  const { items, bytes } = state.counts(table)
  const backup: Backup = { id, name: input.BackupName, created: state.now, table, items, bytes }
  for (const { key, entry } of allItems(state, table))
    state.rows.put(`backup ${id}`, key, [entry.size, entry.binary ? 1 : 0, entry.item])
  state.rows.put('backups', rowOf(state, id), backup)
  return { BackupDetails: details(backup) }
}

export const describeBackup: DynamoHandler<{ BackupArn: string }> = ({ BackupArn }, { state }) => ({
  BackupDescription: description(find(state, BackupArn)),
})

export const deleteBackup: DynamoHandler<{ BackupArn: string }> = ({ BackupArn }, { state }) => {
  const backup = find(state, BackupArn)
  state.rows.delete('backups', rowOf(state, backup.id))
  state.clear(`backup ${backup.id}`)
  return { BackupDescription: description(backup, 'DELETED') }
}

interface ListBackups {
  TableName?: string
  Limit?: number
  TimeRangeLowerBound?: Date
  TimeRangeUpperBound?: Date
  ExclusiveStartBackupArn?: string
  BackupType?: string
}

export const listBackups: DynamoHandler<ListBackups> = (input, { state }) => {
  const { TableName, Limit: limit = 100, ExclusiveStartBackupArn: start, BackupType = 'USER' } = input
  const name = TableName === undefined ? undefined : state.refer(TableName).name
  const [from, to] = [input.TimeRangeLowerBound?.getTime() ?? 0, input.TimeRangeUpperBound?.getTime() ?? Infinity]
  const all = state.rows
    .scan<any>('backups', { prefix: rowOf(state, '') })
    .map(({ value }) => value as Backup)
    .filter(({ table, created }) => (name === undefined || table.name === name) && created >= from && created < to)
    .filter(() => BackupType === 'USER' || BackupType === 'ALL')
  const first = start === undefined ? 0 : all.findIndex((each) => arn(each) === start) + 1
  const page = all.slice(first, first + limit)
  return {
    BackupSummaries: page.map((backup) => ({
      TableName: backup.table.name,
      TableId: backup.table.id,
      TableArn: arnOf(backup.table),
      ...details(backup),
    })),
    ...(first + limit < all.length && { LastEvaluatedBackupArn: arn(page.at(-1)!) }),
  }
}

interface Restore {
  TargetTableName: string
  BillingModeOverride?: Table['billing']
  ProvisionedThroughputOverride?: { ReadCapacityUnits: number; WriteCapacityUnits: number }
  GlobalSecondaryIndexOverride?: { IndexName: string }[]
  LocalSecondaryIndexOverride?: { IndexName: string }[]
}

export const restoreTableFromBackup: DynamoHandler<Restore & { BackupArn: string }> = (input, { state }) => {
  const backup = find(state, input.BackupArn)
  const rows = state.rows
    .scan<any>(`backup ${backup.id}`)
    .map(({ key, value }) => ({ key, stored: value as Stored<Item> }))
  const origin = { from: input.BackupArn, table: arnOf(backup.table), at: backup.created }
  return restored(state, backup.table, rows, input, origin)
}

interface RestoreToPoint extends Restore {
  SourceTableArn?: string
  SourceTableName?: string
  UseLatestRestorableTime?: boolean
  RestoreDateTime?: Date
}

export const restoreTableToPointInTime: DynamoHandler<RestoreToPoint> = (input, { state }) => {
  const source = state.find(input.SourceTableArn ?? input.SourceTableName ?? '')
  if (!source)
    throw new AwsError('TableNotFoundException', `Table not found: ${input.SourceTableName ?? input.SourceTableArn}`)
  if (!source.recovery)
    throw new AwsError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${source.name}'`,
    )
  if (Boolean(input.UseLatestRestorableTime) === (input.RestoreDateTime !== undefined))
    throw invalid(
      'Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both',
    )
  if (!input.UseLatestRestorableTime)
    throw new AwsError(
      'NotImplemented',
      'The local AWS keeps no history of tables: RestoreTableToPointInTime needs UseLatestRestorableTime.',
      { status: 501 },
    )
  const rows = [...allItems(state, source)].map(({ key, entry }) => ({
    key,
    stored: [entry.size, entry.binary ? 1 : 0, entry.item] as Stored<Item>,
  }))
  return restored(state, source, rows, input, { table: arnOf(source), at: state.now })
}

/** A new table with these items: billing, indexes and keys as the source's, but for what is overridden. */
function restored(
  state: Dynamo,
  source: Table,
  rows: readonly { key: string; stored: Stored<Item> }[],
  input: Restore,
  origin: Table['restored'],
): object {
  const { TargetTableName: name } = input
  if (state.find(name)) throw new AwsError('TableAlreadyExistsException', `Table already exists: ${name}`)
  const keep = (index: Index): boolean => {
    const overrides = index.isGlobal ? input.GlobalSecondaryIndexOverride : input.LocalSecondaryIndexOverride
    return overrides === undefined || overrides.some(({ IndexName }) => IndexName === index.name)
  }
  const asked = input.ProvisionedThroughputOverride
  const billing = input.BillingModeOverride ?? source.billing
  const { hash, range, attributes, throughput, limits, encryption } = source
  const indexes = source.indexes
    .filter(keep)
    .map(({ insights: _insights, ...index }): Index => ({ ...index, id: crypto.randomUUID() }))
  const used = new Set([source, ...indexes].flatMap(keyAttributes).map((attribute) => attribute.name))
  const table: Table = {
    name,
    account: state.account,
    region: state.region,
    id: crypto.randomUUID(),
    created: state.now,
    hash,
    ...(range && { range }),
    attributes: attributes.filter((attribute) => used.has(attribute.name)),
    indexes,
    billing,
    ...(billing === 'PAY_PER_REQUEST' && { onDemandSince: state.now }),
    throughput: asked
      ? { read: asked.ReadCapacityUnits, write: asked.WriteCapacityUnits }
      : { read: throughput.read, write: throughput.write },
    ...(limits && { limits }),
    tags: [],
    protected: false,
    ...(encryption && { encryption }),
    restored: origin,
  }
  state.keep(table)
  for (const { key, stored } of rows) write(state, table, key, undefined, entryOf(stored))
  return { TableDescription: described(state, table, { table: 'CREATING' }) }
}

interface UpdateContinuousBackups {
  TableName: string
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: boolean; RecoveryPeriodInDays?: number }
}

export const updateContinuousBackups: DynamoHandler<UpdateContinuousBackups> = (input, { state }) => {
  const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } = input.PointInTimeRecoverySpecification
  const table = backedUp(state, input.TableName)
  if (!enabled && days !== undefined)
    throw invalid('Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.')
  if (enabled) table.recovery = { since: table.recovery?.since ?? state.now, days: days ?? table.recovery?.days ?? 35 }
  else delete table.recovery
  state.keep(table)
  return { ContinuousBackupsDescription: continuous(state, table) }
}

export const describeContinuousBackups: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => ({
  ContinuousBackupsDescription: continuous(state, backedUp(state, TableName)),
})

function backedUp(state: Dynamo, nameOrArn: string): Table {
  const table = state.find(nameOrArn)
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${state.refer(nameOrArn).name}`)
  return table
}

function continuous({ now }: Dynamo, { recovery }: Table): object {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(Math.max(recovery.since, now - recovery.days * 86_400_000)),
          LatestRestorableDateTime: new Date(Math.max(recovery.since, now - 300_000)),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  }
}
