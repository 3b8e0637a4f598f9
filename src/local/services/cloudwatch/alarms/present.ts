// An alarm as it is told of.

import type { Query } from '../math/evaluate.ts'
import { nameIn, type Alarm } from './record.ts'
import { arnOf } from './transitions.ts'

export function alarmShape(alarm: Alarm): object {
  return alarm.watch ? metricAlarm(alarm) : compositeAlarm(alarm)
}

function common(alarm: Alarm): object {
  const { name, description, actionsEnabled, actions, configured, state } = alarm
  return {
    AlarmName: name,
    AlarmArn: arnOf(alarm),
    ...(description !== undefined && { AlarmDescription: description }),
    AlarmConfigurationUpdatedTimestamp: new Date(configured),
    ActionsEnabled: actionsEnabled,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.data !== undefined && { StateReasonData: state.data }),
    StateUpdatedTimestamp: new Date(state.updated),
    StateTransitionedTimestamp: new Date(state.transitioned),
  }
}

function metricAlarm(alarm: Alarm): object {
  const { Metrics, ...watch } = alarm.watch!
  return {
    ...common(alarm),
    ...watch,
    Dimensions: watch.Dimensions ?? [],
    ...(Metrics && { Metrics: Metrics.map(queryShape) }),
  }
}

function queryShape(query: Query): object {
  const { MetricStat, ReturnData } = query
  return {
    ...query,
    ...(MetricStat && {
      MetricStat: { ...MetricStat, Metric: { ...MetricStat.Metric, Dimensions: MetricStat.Metric.Dimensions ?? [] } },
    }),
    ReturnData: ReturnData !== false,
  }
}

function compositeAlarm(alarm: Alarm): object {
  const { rule, suppressor, suppression } = alarm
  return {
    ...common(alarm),
    AlarmRule: rule,
    ...(suppressor && {
      ActionsSuppressor: arnOf({ place: alarm.place, name: nameIn(suppressor.alarm) }),
      ActionsSuppressorWaitPeriod: suppressor.wait,
      ActionsSuppressorExtensionPeriod: suppressor.extension,
    }),
    ...(suppressor &&
      suppression && {
        ActionsSuppressedBy: suppression.by,
        ActionsSuppressedReason: `Actions suppressed by ${
          suppression.by === 'Alarm' ? suppressor.alarm : suppression.by
        }`,
      }),
  }
}
