// Metric streams: kept, told, started and stopped. They lead to Firehose, which this world does not have: nothing flows.

import { AwsError } from '../../../../lib/errors.ts'
import { metricStreamArn } from '../arns.ts'
import { invalidCombination, invalidValue } from '../errors.ts'
import type { CloudWatchContext, CloudWatchHandler } from '../state.ts'
import {
  findMetricStream,
  metricStreams,
  putMetricStream as keep,
  removeMetricStream,
  type MetricStream,
} from '../streams/record.ts'
import { checkTags, putTags, tagged } from '../tags.ts'

export const putMetricStream: CloudWatchHandler = (input, context) => {
  const { Tags = [], ...given } = input
  const { Name, FirehoseArn, RoleArn, IncludeFilters = [], ExcludeFilters = [] } = given
  if (IncludeFilters.length > 0 && ExcludeFilters.length > 0)
    throw invalidCombination('The parameters IncludeFilters and ExcludeFilters cannot both be specified.')
  if (!/^arn:[\w-]+:firehose:[\w-]+:\d{12}:deliverystream\/.+$/.test(FirehoseArn))
    throw invalidValue(`The value ${FirehoseArn} for parameter FirehoseArn is invalid.`)
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(RoleArn))
    throw invalidValue(`The value ${RoleArn} for parameter RoleArn is invalid.`)
  checkTags(Tags)
  const now = context.clock().getTime()
  const known = findMetricStream(context.state, Name)
  const Arn = metricStreamArn(context, Name)
  if (!known) putTags(context.state.rows, Arn, tagged(Tags))
  keep(context.state, { ...given, State: known?.State ?? 'running', created: known?.created ?? now, updated: now })
  return { Arn }
}

function shown({ created, updated, ...stream }: MetricStream, context: CloudWatchContext): object {
  return {
    Arn: metricStreamArn(context, stream.Name),
    ...stream,
    CreationDate: new Date(created),
    LastUpdateDate: new Date(updated),
  }
}

export const getMetricStream: CloudWatchHandler = ({ Name }, context) => {
  const stream = findMetricStream(context.state, Name)
  if (!stream) throw new AwsError('ResourceNotFoundException', `Metric stream ${Name} does not exist`, { status: 404 })
  return { ...shown(stream, context), IncludeLinkedAccountsMetrics: stream.IncludeLinkedAccountsMetrics ?? false }
}

const aPage = 500

export const listMetricStreams: CloudWatchHandler = ({ MaxResults = aPage, NextToken }, context) => {
  const page = metricStreams(context.state, MaxResults, NextToken)
  return { Entries: page.here.map((stream) => shown(stream, context)), ...page.next }
}

function stand(State: MetricStream['State']): CloudWatchHandler {
  return ({ Names }, { state, clock }) => {
    for (const name of Names as string[]) {
      const stream = findMetricStream(state, name)
      if (stream) keep(state, { ...stream, State, updated: clock().getTime() })
    }
  }
}

export const startMetricStreams = stand('running')
export const stopMetricStreams = stand('stopped')

export const deleteMetricStream: CloudWatchHandler = ({ Name }, context) => {
  removeMetricStream(context.state, Name)
  putTags(context.state.rows, metricStreamArn(context, Name), {})
}
