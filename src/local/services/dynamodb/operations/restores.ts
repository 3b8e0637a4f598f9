// Tables that are made of backups, or of another table as it is now.

import { AwsError } from '../../../../lib/errors.ts'
import { findBackup, restorable } from '../backups.ts'
import type { AskedIndex, AskedThroughput } from '../definitions.ts'
import { checkEncryption, encryptionOf, type AskedEncryption } from '../encryption.ts'
import { invalid } from '../errors.ts'
import { allItems, entryOf, write } from '../items.ts'
import { keyAttributes } from '../keys.ts'
import { described, describedProjection, keySchema, type Stage } from '../present.ts'
import { arnOf, type Index, type Limits, type Stored, type Table, type Throughput } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'
import type { Item } from '../values.ts'

type AskedAgain = Pick<AskedIndex, 'IndexName' | 'KeySchema' | 'Projection' | 'ProvisionedThroughput'>

interface Restore {
  TargetTableName: string
  BillingModeOverride?: Table['billing']
  ProvisionedThroughputOverride?: AskedThroughput
  OnDemandThroughputOverride?: Limits
  GlobalSecondaryIndexOverride?: AskedAgain[]
  LocalSecondaryIndexOverride?: AskedAgain[]
  SSESpecificationOverride?: AskedEncryption
}

interface Row {
  readonly key: string
  readonly stored: Stored<Item>
}

export const restoreTableFromBackup: DynamoHandler<Restore & { BackupArn: string }> = (input, { state }) => {
  const backup = findBackup(state, input.BackupArn)
  const rows = state.rows
    .scan<any>(`backup ${backup.id}`)
    .map(({ key, value }): Row => ({ key, stored: value as Stored<Item> }))
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
  const { SourceTableArn: arn, SourceTableName: name, UseLatestRestorableTime: latest, RestoreDateTime: time } = input
  if (arn !== undefined && name !== undefined)
    throw invalid('Must provide exactly one of: sourceTableArn, sourceTableName')
  const asked = arn ?? name
  if (asked === undefined) throw invalid("The parameter 'TableName' is required but was not present in the request")
  if (latest && time)
    throw wrong(
      'Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. ' +
        'Please specify either RestoreDateTime time or UseLatestRestorableTime',
    )
  if (!latest && !time)
    throw wrong('Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both')
  const source = state.find(asked)
  if (!source) throw new AwsError('TableNotFoundException', `Table not found: ${asked}`)
  if (!source.recovery)
    throw new AwsError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${source.name}'`,
    )
  if (time) checkTime(state, source.recovery, time)
  const rows = [...allItems(state, source)].map(({ key, entry }): Row => ({
    key,
    stored: [entry.size, entry.binary ? 1 : 0, entry.item],
  }))
  return restored(state, source, rows, input, { table: arnOf(source), at: state.now })
}

function checkTime(state: Dynamo, recovery: NonNullable<Table['recovery']>, time: Date): never {
  const [earliest, latest] = restorable(state, recovery)
  const told = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, '')
  if (time.getTime() < earliest || time.getTime() > latest)
    throw new AwsError(
      'InvalidRestoreTimeException',
      `RestoreDateTime '${told(time.getTime())}' must be within EarliestRestorableDateTime '${told(earliest)}' and ` +
        `LatestRestorableDateTime '${told(latest)}'`,
    )
  throw new AwsError(
    'NotImplemented',
    'The local AWS keeps no history of tables: RestoreTableToPointInTime needs UseLatestRestorableTime.',
    { status: 501 },
  )
}

function wrong(what: string): AwsError {
  return invalid(`Invalid Request: ${what}`)
}

/** A new table with these items: billing, indexes and keys as the source's, but for what is overridden. */
function restored(
  state: Dynamo,
  source: Table,
  rows: readonly Row[],
  input: Restore,
  origin: NonNullable<Stage['restored']>,
): object {
  const { TargetTableName: name, SSESpecificationOverride: sse } = input
  checkEncryption(sse)
  const billing = input.BillingModeOverride ?? source.billing
  const throughput = throughputOf(source, billing, input)
  const indexes = indexesOf(source, billing, input)
  if (state.find(name)) throw new AwsError('TableAlreadyExistsException', `Table already exists: ${name}`)
  const { hash, range, attributes } = source
  const limits = billing === 'PAY_PER_REQUEST' ? (input.OnDemandThroughputOverride ?? source.limits) : undefined
  const encryption = sse ? encryptionOf(sse) : source.encryption
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
    throughput,
    ...(limits && { limits }),
    tags: [],
    protected: false,
    ...(encryption && { encryption }),
  }
  state.keep(table)
  for (const { key, stored } of rows) write(state, table, key, { before: undefined, after: entryOf(stored) })
  return { TableDescription: described(state, table, { table: 'CREATING', restored: origin }) }
}

const noUnits: Throughput = { read: 0, write: 0 }

/** Throws ValidationException for what does not go with how the table is to be paid. */
function throughputOf(source: Table, billing: Table['billing'], input: Restore): Throughput {
  const { BillingModeOverride: mode, ProvisionedThroughputOverride: asked, OnDemandThroughputOverride: limits } = input
  if (billing === 'PAY_PER_REQUEST') {
    if (asked)
      throw wrong(
        mode
          ? 'Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST'
          : 'Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED',
      )
    for (const name of ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const)
      if (limits?.[name] !== undefined && limits[name] <= 0)
        throw wrong(`Requested ${name} for OnDemandThroughput is outside of valid range`)
    return noUnits
  }
  const limited = limits && Object.keys(limits)[0]
  if (limited !== undefined)
    throw wrong(`Cannot override ${limited} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST`)
  if (asked) return { read: asked.ReadCapacityUnits, write: asked.WriteCapacityUnits }
  if (source.billing === 'PAY_PER_REQUEST')
    throw wrong('Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED')
  return { read: source.throughput.read, write: source.throughput.write }
}

/** All, or those that are asked for: under other names, if need be. Throws ValidationException. */
function indexesOf(source: Table, billing: Table['billing'], input: Restore): Index[] {
  const of = (isGlobal: boolean, asked: readonly AskedAgain[] | undefined): Index[] => {
    const there = source.indexes.filter((index) => index.isGlobal === isGlobal)
    if (!asked) return there.map((index) => indexOf(index, billing, undefined))
    return asked.map((each) => {
      const index = there.find((one) => isSame(one, each))
      if (!index)
        throw wrong(
          `Index ${each.IndexName} does not match a secondary index that existed in the source table and cannot be ` +
            'created during the restore operation',
        )
      return indexOf(index, billing, each)
    })
  }
  return [...of(true, input.GlobalSecondaryIndexOverride), ...of(false, input.LocalSecondaryIndexOverride)]
}

function isSame(index: Index, { KeySchema, Projection }: AskedAgain): boolean {
  const keys = (elements: readonly object[]): string =>
    JSON.stringify((elements as AskedIndex['KeySchema']).map(({ AttributeName, KeyType }) => [AttributeName, KeyType]))
  const projected = (each: AskedIndex['Projection']): string =>
    JSON.stringify([each.ProjectionType, [...(each.NonKeyAttributes ?? [])].sort()])
  return keys(keySchema(index)) === keys(KeySchema) && projected(describedProjection(index)) === projected(Projection)
}

function indexOf(index: Index, billing: Table['billing'], asked: AskedAgain | undefined): Index {
  const { insights: _insights, warm: _warm, throughput, limits, ...kept } = index
  const made: Index = { ...kept, id: crypto.randomUUID(), ...(asked && { name: asked.IndexName }) }
  if (!index.isGlobal) return made
  const units = asked?.ProvisionedThroughput
  if (billing === 'PAY_PER_REQUEST') {
    if (units)
      throw wrong(
        'Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST for index ' +
          asked!.IndexName,
      )
    return { ...made, throughput: noUnits, ...(limits && { limits }) }
  }
  if (asked && !units) throw wrong(`Must specify provisioned throughput for index ${asked.IndexName}`)
  const { read, write: written } = units
    ? { read: units.ReadCapacityUnits, write: units.WriteCapacityUnits }
    : (throughput ?? noUnits)
  return { ...made, throughput: { read, write: written } }
}
