// Is there capacity for it? Where the settings turn throttling on, provisioned tables and indexes have a bucket of
// units for reading and one for writing, with five minutes of burst; on-demand tables only if a maximum was set. A
// request is let through while there is anything in its buckets, and may leave them in debt: what it costs is known
// only when it is done.

import type { Use } from './capacity.ts'
import { throttled } from './errors.ts'
import type { Limits, Table, Throughput } from './records.ts'
import type { Dynamo, DynamoContext } from './state.ts'

const burstSeconds = 300

/** Takes the units that were used. Throws ProvisionedThroughputExceededException, before which nothing was. */
export function charge(context: DynamoContext, use: Use): void {
  const refused = exhausted(context, use)
  if (refused) throw refused
}

/** Takes the units and answers nothing, or takes none and answers the refusal. */
export function exhausted({ state, throttles }: DynamoContext, { table, kind, own, indexes }: Use): Error | undefined {
  if (!throttles) return undefined
  // Local indexes live on the table's capacity.
  const shares = [...indexes]
  const local = shares.reduce((sum, [index, units]) => sum + (index.isGlobal ? 0 : units), 0)
  const tolls = [
    { name: table.id, what: table as Limited, units: own + local },
    ...shares
      .filter(([index]) => index.isGlobal)
      .map(([index, units]) => ({ name: index.id, what: index as Limited, units })),
  ].flatMap(({ name, what, units }) => {
    const rate = rateOf(what, kind, table.billing === 'PAY_PER_REQUEST')
    return rate === undefined ? [] : [{ bucket: `${name} ${kind}`, rate, units, isTable: name === table.id }]
  })
  const filled = tolls.map((toll) => ({ ...toll, left: refilled(state, toll.bucket, toll.rate) }))
  const empty = filled.find(({ left, units }) => units > 0 && left <= 0)
  if (empty) return refusal(empty.isTable)
  for (const { bucket, left, units } of filled)
    state.rows.put('buckets', bucket, { left: left - units, at: state.now } satisfies Bucket)
  return undefined
}

/** The refusal that the table's next write would meet. */
export function spentOn({ state, throttles }: DynamoContext, table: Table): Error | undefined {
  const rate = throttles ? rateOf(table, 'write', table.billing === 'PAY_PER_REQUEST') : undefined
  return rate !== undefined && refilled(state, `${table.id} write`, rate) <= 0 ? refusal(true) : undefined
}

interface Bucket {
  readonly left: number
  /** Milliseconds. */
  readonly at: number
}

function refilled({ rows, now }: Dynamo, bucket: string, rate: number): number {
  const most = rate * burstSeconds
  const stored = rows.get<any>('buckets', bucket) as Bucket | undefined
  return stored ? Math.min(most, stored.left + (Math.max(0, now - stored.at) / 1000) * rate) : most
}

function refusal(isTable: boolean): Error {
  return throttled(
    isTable
      ? 'The level of configured provisioned throughput for the table was exceeded. ' +
          'Consider increasing your provisioning level with the UpdateTable API.'
      : 'The level of configured provisioned throughput for one or more global secondary indexes of the table was ' +
          'exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes ' +
          'with the UpdateTable API',
  )
}

interface Limited {
  readonly throughput?: Throughput
  readonly limits?: Limits
}

function rateOf({ throughput, limits }: Limited, kind: Use['kind'], onDemand: boolean): number | undefined {
  const most = kind === 'read' ? limits?.MaxReadRequestUnits : limits?.MaxWriteRequestUnits
  if (onDemand) return most === undefined || most < 0 ? undefined : most
  return kind === 'read' ? throughput?.read : throughput?.write
}
