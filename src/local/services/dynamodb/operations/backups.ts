// Backups of tables. Tables are made of them in restores.ts.

import { AwsError } from '../../../../lib/errors.ts'
import { backupArn, backupRow, findBackup, restorable, type Backup } from '../backups.ts'
import { invalid, invalidValue } from '../errors.ts'
import { allItems } from '../items.ts'
import { describedEncryption, describedProjection, keySchema } from '../present.ts'
import { arnOf, type Index, type Table, type Throughput } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'

function details(backup: Backup, status = 'AVAILABLE'): object {
  return {
    BackupArn: backupArn(backup),
    BackupName: backup.name,
    BackupSizeBytes: backup.bytes,
    BackupStatus: status,
    BackupType: 'USER',
    BackupCreationDateTime: new Date(backup.created),
  }
}

function description(backup: Backup, status?: string): object {
  const { table } = backup
  const indexes = (isGlobal: boolean): object[] | undefined => {
    const all = table.indexes.filter((index) => index.isGlobal === isGlobal)
    return all.length > 0 ? all.map(shape) : undefined
  }
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
      OnDemandThroughput: table.limits,
      ItemCount: backup.items,
      BillingMode: table.billing,
    },
    SourceTableFeatureDetails: {
      GlobalSecondaryIndexes: indexes(true),
      LocalSecondaryIndexes: indexes(false),
      StreamDescription: table.stream && { StreamEnabled: true, StreamViewType: table.stream.view },
      TimeToLiveDescription: table.timeToLive?.enabled
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: table.timeToLive.attribute }
        : undefined,
      SSEDescription: describedEncryption(table),
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
  state.rows.put('backups', backupRow(state, id), backup)
  return { BackupDetails: details(backup, 'CREATING') }
}

export const describeBackup: DynamoHandler<{ BackupArn: string }> = ({ BackupArn }, { state }) => ({
  BackupDescription: description(findBackup(state, BackupArn)),
})

export const deleteBackup: DynamoHandler<{ BackupArn: string }> = ({ BackupArn }, { state }) => {
  const backup = findBackup(state, BackupArn)
  state.rows.delete('backups', backupRow(state, backup.id))
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
  if (from > to) throw invalidValue('Time range lower bound must be less than or equal to upper bound')
  const all = state.rows
    .scan<any>('backups', { prefix: backupRow(state, '') })
    .map(({ value }) => value as Backup)
    .filter(({ table, created }) => (name === undefined || table.name === name) && created >= from && created < to)
    .filter(() => BackupType === 'USER' || BackupType === 'ALL')
  // One that is gone still says from where on.
  const after = start?.slice(start.lastIndexOf('/') + 1)
  const first = after === undefined ? 0 : all.filter(({ id }) => id <= after).length
  const page = all.slice(first, first + limit)
  return {
    BackupSummaries: page.map((backup) => ({
      TableName: backup.table.name,
      TableId: backup.table.id,
      TableArn: arnOf(backup.table),
      ...details(backup),
    })),
    ...(first + limit < all.length && { LastEvaluatedBackupArn: backupArn(page.at(-1)!) }),
  }
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

function continuous(state: Dynamo, { recovery }: Table): object {
  const [earliest, latest] = recovery ? restorable(state, recovery) : [0, 0]
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(earliest),
          LatestRestorableDateTime: new Date(latest),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  }
}
