// Kinesis streams that a table's changes are to go to. AWS takes any ARN, and looks for the stream afterwards. In this
// world there is no stream, so none is found: what AWS says then is said here.

import type { AwsError } from '../../../../lib/errors.ts'
import { invalid } from '../errors.ts'
import type { Destination, Table } from '../records.ts'
import type { DynamoHandler } from '../state.ts'

interface Of {
  TableName: string
  StreamArn: string
}

interface Configuration {
  ApproximateCreationDateTimePrecision?: Destination['precision']
}

export const enableKinesisStreamingDestination: DynamoHandler<
  Of & { EnableKinesisStreamingConfiguration?: Configuration }
> = ({ TableName, StreamArn, EnableKinesisStreamingConfiguration: wanted }, { state }) => {
  const table = state.named(TableName)
  const precision = wanted?.ApproximateCreationDateTimePrecision
  const entry: Destination = { stream: StreamArn, why: whyNot(StreamArn, table), ...(precision && { precision }) }
  // One that failed before is tried again; the newest stands first.
  table.destinations = [entry, ...(table.destinations ?? []).filter(({ stream }) => stream !== StreamArn)]
  state.keep(table)
  return {
    TableName: table.name,
    StreamArn,
    DestinationStatus: 'ENABLING',
    EnableKinesisStreamingConfiguration: wanted,
  }
}

function whyNot(arn: string, table: Table): string {
  const [, , service, region, account] = arn.split(':')
  const belongs = 'The kinesis Arn used to enable kinesis replication belongs to a stream which is not in'
  if (service === 'kinesis' && region !== table.region) return `${belongs} the current region`
  if (service === 'firehose' || (service === 'kinesis' && account !== table.account)) return `${belongs} Active state`
  return 'User does not have a permission to use kinesis stream'
}

export const describeKinesisStreamingDestination: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => {
  const table = state.named(TableName)
  return {
    TableName: table.name,
    KinesisDataStreamDestinations: (table.destinations ?? []).map(({ stream, why, precision }) => ({
      StreamArn: stream,
      DestinationStatus: 'ENABLE_FAILED',
      DestinationStatusDescription: why,
      ApproximateCreationDateTimePrecision: precision,
    })),
  }
}

export const disableKinesisStreamingDestination: DynamoHandler<Of> = ({ TableName }, { state }) => {
  state.named(TableName)
  throw wrongState('KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.')
}

export const updateKinesisStreamingDestination: DynamoHandler<Of> = ({ TableName, StreamArn }, { state }) => {
  const { name, destinations = [] } = state.named(TableName)
  if (!destinations.some(({ stream }) => stream === StreamArn))
    throw wrongState(`No streaming destination with streamArn: ${StreamArn} found for table with tableName: ${name}`)
  throw wrongState(
    `Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: ${name}`,
  )
}

/** AWS speaks of enabling whatever is asked for. */
function wrongState(what: string): AwsError {
  return invalid(`Table is not in a valid state to enable Kinesis Streaming Destination: ${what}`)
}
