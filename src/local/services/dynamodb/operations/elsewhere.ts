// What a table could have to do with other services: contributor insights, streams to Kinesis, scaling by itself, and
// global tables of the older kind. There is none of it here, and who asks is told so; whoever wants it made gets NotImplemented.

import { AwsError } from '../../../../lib/errors.ts'
import { findIndex } from '../indexes.ts'
import { notFound } from '../errors.ts'
import type { DynamoHandler } from '../state.ts'

export const describeContributorInsights: DynamoHandler<{ TableName: string; IndexName?: string }> = (
  { TableName, IndexName },
  { state },
) => {
  const table = state.named(TableName)
  if (IndexName !== undefined && !findIndex(table, IndexName))
    throw notFound(`Requested resource not found: Index: ${IndexName} not found`)
  return { TableName: table.name, IndexName, ContributorInsightsStatus: 'DISABLED' }
}

export const listContributorInsights: DynamoHandler<{ TableName?: string }> = ({ TableName }, { state }) => {
  if (TableName !== undefined) state.named(TableName)
  return { ContributorInsightsSummaries: [] }
}

export const describeKinesisStreamingDestination: DynamoHandler<{ TableName: string }> = (
  { TableName },
  { state },
) => ({
  TableName: state.named(TableName).name,
  KinesisDataStreamDestinations: [],
})

export const describeTableReplicaAutoScaling: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => ({
  TableAutoScalingDescription: { TableName: state.named(TableName).name, TableStatus: 'ACTIVE', Replicas: [] },
})

export const listGlobalTables: DynamoHandler = () => ({ GlobalTables: [] })

export const describeGlobalTable: DynamoHandler<{ GlobalTableName: string }> = ({ GlobalTableName }) => {
  throw noGlobalTable(GlobalTableName)
}

export const describeGlobalTableSettings: DynamoHandler<{ GlobalTableName: string }> = ({ GlobalTableName }) => {
  throw noGlobalTable(GlobalTableName)
}

function noGlobalTable(name: string): AwsError {
  return new AwsError(
    'GlobalTableNotFoundException',
    `Global table not found: Global table with name: '${name}' does not exist.`,
  )
}
