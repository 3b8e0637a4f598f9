// What services of AWS publish of themselves.

import type { Measured } from '../../../measured.ts'
import type { CloudWatchState } from '../state.ts'
import { bucketOf } from './bucket.ts'
import { touchMetric } from './names.ts'
import { addValues, hasMinute } from './series.ts'

export function hear(measured: readonly Measured[], { rows, place }: CloudWatchState): void {
  for (const { namespace, name, dimensions, unit, at, values, isGauge } of measured) {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
    const metric = touchMetric(rows, place, { Namespace: namespace, MetricName: name, Dimensions }, at)
    const second = Math.floor(at / 1000)
    if (isGauge && hasMinute(rows, metric.id, second)) continue
    const bucket = bucketOf([...values.keys()], [...values.values()])
    addValues(rows, metric.id, { second, unit, bucket, resolution: 60 })
  }
}
