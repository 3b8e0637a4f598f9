// What holds for the account: its limits, its endpoint.

import type { DynamoHandler } from '../state.ts'

export const describeLimits: DynamoHandler = () => ({
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
})

export const describeEndpoints: DynamoHandler = (_, { request, region }) => ({
  Endpoints: [{ Address: request.headers['host'] ?? `dynamodb.${region}.amazonaws.com`, CachePeriodInMinutes: 1440 }],
})
