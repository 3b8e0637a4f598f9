// Anomaly detectors: kept and told. No model is ever trained here, and their state says so.

import { AwsError } from '../../../../lib/errors.ts'
import { invalidCombination, missingParameter } from '../errors.ts'
import { pageOf } from '../listing.ts'
import type { Dimension } from '../metrics/names.ts'
import type { CloudWatchHandler } from '../state.ts'

interface SingleMetric {
  readonly AccountId?: string
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions?: readonly Dimension[]
  readonly Stat: string
}

interface Math {
  readonly MetricDataQueries: readonly object[]
}

interface Detector {
  readonly single?: SingleMetric
  readonly math?: Math
  readonly Configuration?: {
    readonly ExcludedTimeRanges?: readonly { StartTime: number; EndTime: number }[]
    readonly MetricTimezone?: string
  }
  readonly MetricCharacteristics?: object
}

const table = 'anomalies'

/** What a request is about: the older parameters mean a single metric. Throws for none, and for more than one. */
function subjectOf(input: any): Pick<Detector, 'single' | 'math'> {
  const { Namespace, MetricName, Dimensions, Stat, SingleMetricAnomalyDetector, MetricMathAnomalyDetector } = input
  const older = [Namespace, MetricName, Stat].some((given) => given !== undefined) || Dimensions?.length > 0
  const given = [older, SingleMetricAnomalyDetector !== undefined, MetricMathAnomalyDetector !== undefined]
  if (given.filter(Boolean).length > 1)
    throw invalidCombination(
      'Only one of the parameters SingleMetricAnomalyDetector, MetricMathAnomalyDetector and MetricName may be specified.',
    )
  if (MetricMathAnomalyDetector) return { math: MetricMathAnomalyDetector }
  const single = SingleMetricAnomalyDetector ?? input
  for (const name of ['Namespace', 'MetricName', 'Stat']) if (single[name] === undefined) throw missingParameter(name)
  return {
    single: {
      Namespace: single.Namespace,
      MetricName: single.MetricName,
      Stat: single.Stat,
      ...(single.Dimensions?.length > 0 && { Dimensions: single.Dimensions }),
    },
  }
}

function keyOf(place: string, { single, math }: Pick<Detector, 'single' | 'math'>): string {
  if (!single) return `${place}/math ${JSON.stringify(math)}`
  const dimensions = (single.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]).sort()
  return `${place}/${JSON.stringify([single.Namespace, single.MetricName, single.Stat, dimensions])}`
}

export const putAnomalyDetector: CloudWatchHandler = (input, { state }) => {
  const subject = subjectOf(input)
  const { Configuration, MetricCharacteristics } = input
  const detector: Detector = {
    ...subject,
    ...(Configuration && {
      Configuration: {
        ...Configuration,
        ExcludedTimeRanges: (Configuration.ExcludedTimeRanges ?? []).map(
          ({ StartTime, EndTime }: { StartTime: Date; EndTime: Date }) => ({
            StartTime: StartTime.getTime(),
            EndTime: EndTime.getTime(),
          }),
        ),
      },
    }),
    ...(MetricCharacteristics && { MetricCharacteristics }),
  }
  state.rows.put(table, keyOf(state.place, subject), detector)
}

export const deleteAnomalyDetector: CloudWatchHandler = (input, { state }) => {
  const key = keyOf(state.place, subjectOf(input))
  if (state.rows.get<any>(table, key) === undefined)
    throw new AwsError('ResourceNotFoundException', 'The anomaly detector does not exist.', { status: 404 })
  state.rows.delete(table, key)
}

const aPage = 50

export const describeAnomalyDetectors: CloudWatchHandler = (input, { state }) => {
  const { Namespace, MetricName, Dimensions, AnomalyDetectorTypes, MaxResults = aPage, NextToken } = input
  const types: readonly string[] = AnomalyDetectorTypes?.length > 0 ? AnomalyDetectorTypes : ['SINGLE_METRIC']
  const page = pageOf<Detector>(state.rows, table, state.place, { limit: MaxResults, token: NextToken })
  const wanted = page.here.filter(({ single }) => {
    if (!single) return types.includes('METRIC_MATH')
    return (
      types.includes('SINGLE_METRIC') &&
      (Namespace === undefined || single.Namespace === Namespace) &&
      (MetricName === undefined || single.MetricName === MetricName) &&
      ((Dimensions ?? []) as Dimension[]).every(({ Name, Value }) =>
        single.Dimensions?.some((each) => each.Name === Name && each.Value === Value),
      )
    )
  })
  return { AnomalyDetectors: wanted.map(shown), ...page.next }
}

function shown({ single, math, Configuration, MetricCharacteristics }: Detector): object {
  return {
    ...(single && { ...single, Dimensions: single.Dimensions ?? [], SingleMetricAnomalyDetector: single }),
    ...(math && { MetricMathAnomalyDetector: math }),
    Configuration: {
      ...Configuration,
      ExcludedTimeRanges: (Configuration?.ExcludedTimeRanges ?? []).map(({ StartTime, EndTime }) => ({
        StartTime: new Date(StartTime),
        EndTime: new Date(EndTime),
      })),
    },
    MetricCharacteristics,
    StateValue: 'PENDING_TRAINING',
  }
}
