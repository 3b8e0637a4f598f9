// GetMetricWidgetImage: metrics as a picture, for what shows pictures.

import { invalidValue, notBuilt } from '../errors.ts'
import { checkQueries } from '../queries.ts'
import { resultsOf } from '../results.ts'
import type { CloudWatchHandler } from '../state.ts'
import { draw } from '../widgets/chart.ts'
import { readWidget } from '../widgets/widget.ts'

export const getMetricWidgetImage: CloudWatchHandler = ({ MetricWidget, OutputFormat = 'png' }, context) => {
  if (OutputFormat === 'image/png') throw notBuilt('answers that are nothing but a picture (OutputFormat image/png)')
  if (OutputFormat !== 'png') throw invalidValue(`The value ${OutputFormat} for parameter OutputFormat is invalid.`)
  const widget = readWidget(MetricWidget, context.clock().getTime())
  const { queries, styles } = widget
  if (queries.length > 0) checkQueries(queries, 'MetricWidget.metrics')
  const times = { StartTime: new Date(widget.start), EndTime: new Date(widget.end) }
  const results = resultsOf(queries, times, context)
  const lines = results.map(({ Id, Label, points }) => ({ label: Label, points, ...styles.get(Id)! }))
  return { MetricWidgetImage: draw(widget, lines) }
}
