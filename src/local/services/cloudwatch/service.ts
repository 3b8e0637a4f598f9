// CloudWatch: metrics, what they come to, and alarms on them.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import { carryOut } from './alarms/actions.ts'
import { runDue } from './alarms/transitions.ts'
import { hear } from './metrics/hear.ts'
import * as alarms from './operations/alarms.ts'
import * as anomalyDetectors from './operations/anomaly-detectors.ts'
import * as dashboards from './operations/dashboards.ts'
import * as descriptions from './operations/descriptions.ts'
import * as insightRules from './operations/insight-rules.ts'
import * as metricData from './operations/metric-data.ts'
import * as metricStreams from './operations/metric-streams.ts'
import * as metrics from './operations/metrics.ts'
import * as muteRules from './operations/mute-rules.ts'
import * as tags from './operations/tags.ts'
import * as widgetImage from './operations/widget-image.ts'
import { permissions } from './permissions.ts'
import { stateOf, type CloudWatchState } from './state.ts'

const { putMetricAlarm, setAlarmState, ...quickAlarms } = alarms

/** How many evaluations go into one transaction. */
const atOnce = 500

export const cloudwatch = defineService<CloudWatchState>({
  name: 'cloudwatch',
  scope: 'global',
  state: stateOf,
  permissions,
  operations: handlersIn(
    metrics,
    metricData,
    quickAlarms,
    descriptions,
    dashboards,
    anomalyDetectors,
    insightRules,
    metricStreams,
    muteRules,
    tags,
    widgetImage,
  ),
  hear,
  slow: { PutMetricAlarm: putMetricAlarm, SetAlarmState: setAlarmState },
  async due(background) {
    const now = background.clock().getTime()
    for (let more = true; more;) more = await background.transaction(({ rows }) => runDue(rows, now, atOnce))
    await carryOut(background)
  },
})
