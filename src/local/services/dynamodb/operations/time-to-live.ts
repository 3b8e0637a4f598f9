// Time to live: which attribute says when an item is to go.

import { invalid } from '../errors.ts'
import { trackExpiry } from '../items.ts'
import { spread } from '../replicas.ts'
import { expiryRows, type DynamoHandler } from '../state.ts'

interface UpdateTimeToLive {
  TableName: string
  TimeToLiveSpecification: { Enabled: boolean; AttributeName: string }
}

export const updateTimeToLive: DynamoHandler<UpdateTimeToLive> = (input, { state }) => {
  const { TimeToLiveSpecification: asked } = input
  const table = state.named(input.TableName)
  const now = table.timeToLive
  if (asked.Enabled && now?.enabled)
    throw invalid(
      now.attribute === asked.AttributeName
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${now.attribute}`,
    )
  if (!asked.Enabled) {
    if (!now?.enabled) throw invalid('TimeToLive is already disabled')
    if (now.attribute !== asked.AttributeName)
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${now.attribute}`)
  }
  table.timeToLive = { attribute: asked.AttributeName, enabled: asked.Enabled }
  if (asked.Enabled) trackExpiry(state, table)
  else state.clear(expiryRows(table))
  state.keep(table)
  spread(state, table)
  return { TimeToLiveSpecification: asked }
}

export const describeTimeToLive: DynamoHandler<{ TableName: string }> = ({ TableName }, { state }) => {
  const { timeToLive } = state.named(TableName)
  return {
    TimeToLiveDescription: timeToLive?.enabled
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  }
}
