// How is a table described?

import { warmOf } from './ceilings.ts'
import {
  arnOf,
  indexArn,
  streamArn,
  type Counts,
  type Index,
  type Table,
  type Throughput,
  type Warm,
} from './records.ts'
import { hashAttributes, rangeAttributes, type KeyAttribute, type Schema } from './keys.ts'
import type { Dynamo } from './state.ts'

export type Status = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE'

/** What a change has just begun: it is done when it is next asked for. */
export interface Stage {
  readonly table: Status
  /** It is being decrypted. */
  readonly decrypts?: boolean
  /** Of what it is being made. */
  readonly restored?: { readonly from?: string; readonly table: string; readonly at: number }
  /** Indexes by name; the others are ACTIVE. */
  readonly indexes?: Readonly<Record<string, Status>>
}

export function described(state: Dynamo, table: Table, stage: Stage = { table: 'ACTIVE' }): object {
  const counts = state.counts(table)
  const isDeleting = stage.table === 'DELETING'
  const of = (isGlobal: boolean): Index[] => table.indexes.filter((index) => index.isGlobal === isGlobal)
  const globals = of(true).map((index) => ({
    ...describedIndex(table, index, counts),
    IndexStatus: stage.indexes?.[index.name] ?? (stage.table === 'CREATING' ? 'CREATING' : 'ACTIVE'),
    ...(stage.indexes?.[index.name] === 'CREATING' && { Backfilling: false }),
    ProvisionedThroughput: describedThroughput(index.throughput!),
    OnDemandThroughput: index.limits,
    WarmThroughput: warm(stage, table, index.throughput!, index.warm),
  }))
  const locals = of(false).map((index) => describedIndex(table, index, counts))
  return {
    AttributeDefinitions: isDeleting ? undefined : definitions(table.attributes),
    TableName: table.name,
    KeySchema: isDeleting ? undefined : keySchema(table),
    TableStatus: stage.table,
    CreationDateTime: isDeleting ? undefined : new Date(table.created),
    ProvisionedThroughput: describedThroughput(table.throughput),
    TableSizeBytes: counts.bytes,
    ItemCount: counts.items,
    TableArn: arnOf(table),
    TableId: table.id,
    BillingModeSummary:
      table.onDemandSince === undefined
        ? undefined
        : {
            BillingMode: table.billing,
            LastUpdateToPayPerRequestDateTime: stage.table === 'CREATING' ? undefined : new Date(table.onDemandSince),
          },
    LocalSecondaryIndexes: locals.length > 0 && !isDeleting ? locals : undefined,
    GlobalSecondaryIndexes: globals.length > 0 && !isDeleting ? globals : undefined,
    StreamSpecification: table.stream && { StreamEnabled: true, StreamViewType: table.stream.view },
    LatestStreamLabel: table.streamLabel,
    LatestStreamArn: table.streamLabel === undefined ? undefined : streamArn(table, table.streamLabel),
    ...(table.replicas && {
      GlobalTableVersion: '2019.11.21',
      Replicas: table.replicas.map(({ region, key }) => ({
        RegionName: region,
        ReplicaStatus: 'ACTIVE',
        ReplicaArn: arnOf({ ...table, region }),
        KMSMasterKeyId: key,
      })),
    }),
    RestoreSummary: stage.restored && {
      SourceBackupArn: stage.restored.from,
      SourceTableArn: stage.restored.table,
      RestoreDateTime: new Date(stage.restored.at),
      RestoreInProgress: true,
    },
    SSEDescription: describedEncryption(table, stage.decrypts ? 'UPDATING' : 'ENABLED'),
    TableClassSummary: table.class && {
      TableClass: table.class.name,
      LastUpdateDateTime: table.class.since === undefined ? undefined : new Date(table.class.since),
    },
    DeletionProtectionEnabled: table.protected,
    OnDemandThroughput: table.limits,
    WarmThroughput: warm(stage, table, table.throughput, table.warm),
  }
}

export function describedEncryption(
  { region, account, encryption }: Pick<Table, 'region' | 'account' | 'encryption'>,
  status = 'ENABLED',
): object | undefined {
  if (!encryption) return undefined
  return {
    Status: status,
    SSEType: 'KMS',
    KMSMasterKeyArn: encryption.key ?? `arn:aws:kms:${region}:${account}:alias/aws/dynamodb`,
  }
}

export function definitions(attributes: readonly KeyAttribute[]): object[] {
  return attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

export function keySchema(schema: Schema): object[] {
  return [
    ...hashAttributes(schema).map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' })),
    ...rangeAttributes(schema).map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' })),
  ]
}

export function describedThroughput({ read, write, increased, decreased }: Throughput): object {
  return {
    LastIncreaseDateTime: increased === undefined ? undefined : new Date(increased),
    LastDecreaseDateTime: decreased === undefined ? undefined : new Date(decreased),
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  }
}

function describedIndex(table: Table, index: Index, counts: Counts): object {
  const [items, bytes] = counts.indexes[index.id] ?? [0, 0]
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: describedProjection(index),
    IndexSizeBytes: bytes,
    ItemCount: items,
    IndexArn: indexArn(table, index.name),
  }
}

export function describedProjection({ projection, attributes }: Index): object {
  return { ProjectionType: projection, NonKeyAttributes: attributes }
}

/** A table that comes or goes does not tell it. */
function warm({ table: status }: Stage, { billing }: Table, throughput: Throughput, asked?: Warm): object | undefined {
  if (status === 'DELETING' || (status === 'CREATING' && !asked)) return undefined
  return { ...warmOf(billing, throughput, asked), Status: 'ACTIVE' }
}
