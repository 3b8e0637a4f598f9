// Scaling of a table by itself: there is none of it here, and who asks is told so; whoever wants it made gets
// NotImplemented. Global tables of the older kind AWS itself makes no more.

import { AwsError } from '../../../../lib/errors.ts'
import { invalidValue } from '../errors.ts'
import type { DynamoHandler } from '../state.ts'

export const describeTableReplicaAutoScaling: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => ({
  TableAutoScalingDescription: { TableName: state.named(TableName).name, TableStatus: 'ACTIVE', Replicas: [] },
})

export const createGlobalTable: DynamoHandler = () => {
  throw tooOld()
}

export const updateGlobalTable: DynamoHandler = () => {
  throw tooOld()
}

function tooOld(): AwsError {
  return invalidValue(
    'DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global tables version ' +
      '2019.11.21, instead of version 2017.11.29 (Legacy).',
  )
}

export const listGlobalTables: DynamoHandler = () => ({ GlobalTables: [] })

export const describeGlobalTable: DynamoHandler<{ GlobalTableName: string }> = ({ GlobalTableName }) => {
  throw noGlobalTable(GlobalTableName)
}

export const describeGlobalTableSettings: DynamoHandler<{ GlobalTableName: string }> = ({ GlobalTableName }) => {
  throw noGlobalTable(GlobalTableName)
}

export const updateGlobalTableSettings: DynamoHandler<{ GlobalTableName: string }> = ({ GlobalTableName }) => {
  throw noGlobalTable(GlobalTableName)
}

function noGlobalTable(name: string): AwsError {
  return new AwsError(
    'GlobalTableNotFoundException',
    `Global table not found: Global table with name: '${name}' does not exist.`,
  )
}
