// CloudWatch: metrics, what they come to, and alarms on them.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import * as metricData from './operations/metric-data.ts'
import * as metrics from './operations/metrics.ts'
import { permissions } from './permissions.ts'
import { stateOf, type CloudWatchState } from './state.ts'

export const cloudwatch = defineService<CloudWatchState>({
  name: 'cloudwatch',
  scope: 'global',
  state: stateOf,
  permissions,
  operations: {
    ...handlersIn(metrics),
    GetMetricData: metricData.getMetricData,
  },
})
