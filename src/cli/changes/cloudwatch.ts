// CloudWatch: one metric without JSON.

import { Failure } from '../../lib/errors.ts'
import { parseFloatingPoint } from '../../lib/python.ts'
import { Float } from '../../lib/value.ts'
import type { Structure } from '../../lib/value.ts'
import { integer } from '../input/shorthand.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const scalars = ['metric-name', 'timestamp', 'unit', 'value', 'dimensions', 'statistic-values']

const putMetricData: CommandChange = {
  exclusive: [[['metric-data'], scalars]],
  add: {
    'metric-name': { help: 'The name of the metric.' },
    timestamp: { help: 'The time of the metric; when it is received, where not given.' },
    unit: { help: 'The unit of the metric.' },
    value: { help: 'The value of the metric.' },
    dimensions: { help: 'Name=Value pairs, separated by commas: InstanceID=1-23456789,InstanceType=m1.small.' },
    'statistic-values': { help: 'A set of statistical values: Sum=1,Minimum=0,Maximum=1,SampleCount=1.' },
    'storage-resolution': { help: 'The resolution in seconds: 1 or 60.' },
  },
  input: (input, given) => {
    const metric: Structure = {}
    if (given['metric-name'] !== undefined) metric.MetricName = given['metric-name']
    if (given.timestamp !== undefined) metric.Timestamp = given.timestamp
    if (given.unit !== undefined) metric.Unit = given.unit
    if (given.value !== undefined) metric.Value = decimal(given.value as string)
    if (given.dimensions !== undefined) {
      metric.Dimensions = pairs(given.dimensions as string).map(([name, value]) => ({ Name: name, Value: value }))
    }
    if (given['statistic-values'] !== undefined) {
      metric.StatisticValues = Object.fromEntries(
        pairs(given['statistic-values'] as string).map(([name, value]) => [name, decimal(value)]),
      )
    }
    if (given['storage-resolution'] !== undefined) metric.StorageResolution = integer(given['storage-resolution'])
    if (Object.keys(metric).length > 0) {
      const [first, ...rest] = (input.MetricData as Structure[] | undefined) ?? [{}]
      input.MetricData = [{ ...first, ...metric }, ...rest]
    }
  },
}

function pairs(text: string): [string, string][] {
  return commaSeparated(text).map((pair) => {
    const parts = pair.split('=')
    if (parts.length === 2) return parts as [string, string]
    const count =
      parts.length < 2
        ? `not enough values to unpack (expected 2, got ${parts.length})`
        : 'too many values to unpack (expected 2)'
    throw new Failure('InvalidValue', count)
  })
}

/** Commas inside quotes do not separate; a backslash takes a comma's meaning. */
function commaSeparated(text: string): string[] {
  const parts = text.match(/(?:\\.|"[^"]*"|'[^']*'|[^,])+/g) ?? ['']
  return parts.map((part) => part.replace(/\\(.)/g, '$1').replace(/["']/g, ''))
}

function decimal(text: string): Float {
  const number = parseFloatingPoint(text)
  if (number === undefined) throw new Failure('InvalidValue', "[<class 'decimal.ConversionSyntax'>]")
  return new Float(number)
}

export const cloudwatch: ServiceChanges = { commands: { 'put-metric-data': putMetricData } }
