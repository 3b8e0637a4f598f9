// What searches find: the examples of AWS's documentation.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html

import { expect, test } from 'bun:test'
import type { Metric } from '../metrics/names.ts'
import { parseSearch } from './search.ts'

const metric = (Namespace: string, MetricName: string, dimensions: Record<string, string> = {}): Metric => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  id: '1',
  last: 0,
  rolledUp: 0,
})

const all: Record<string, Metric> = {
  count: metric('MyNamespace', 'CustomCount1'),
  cpu: metric('AWS/EC2', 'CPUUtilization', { InstanceId: 'i-1234567890123456' }),
  network: metric('AWS/EC2', 'NetworkPacketsIn', { InstanceId: 'i-0', InstanceType: 't2.micro' }),
  errors: metric('AWS/Lambda', 'Errors', { FunctionName: 'ProjectA-web' }),
  invocations: metric('AWS/Lambda', 'Invocations', { FunctionName: 'ProjectB' }),
  odd: metric('My Namespace', 'Custom:Name[Special_Characters', { 'Dimension@Name': 'x' }),
  dashed: metric('N', 'Network-Errors_2'),
  sdb: metric('N', 'SDBFailure'),
}

test.each([
  ['count', ['count']],
  ['COUNT', ['count']],
  ['couNT', []],
  ['CustomCount', ['count']],
  ['Count1', ['count']],
  ['{MyNamespace} "CustomCount1"', ['count']],
  ['{MyNamespace} "customcount1"', []],
  ['{MyNamespace}, "CustomCount1"', ['count']],
  ['{AWS/EC2,InstanceId} MetricName="CPUUtilization"', ['cpu']],
  ['{AWS/EC2,InstanceId}', ['cpu']],
  ['{AWS/EC2}', ['cpu', 'network']],
  ['{AWS/EC2,InstanceType,InstanceId} network packets', ['network']],
  ['{AWS/EC2,InstanceType,InstanceId} network AND packets', ['network']],
  ['InstanceType=micro', ['network']],
  ['InstanceType="t2.micro" Namespace="AWS/EC2"', ['network']],
  ['{AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456', []],
  ['NOT Namespace=AWS', ['count', 'odd', 'dashed', 'sdb']],
  [
    '{AWS/Lambda,FunctionName} MetricName="Errors" OR (MetricName="Invocations" AND (ProjectA OR ProjectB))',
    ['errors', 'invocations'],
  ],
  ['{"My Namespace", "Dimension@Name"} "Custom:Name[Special_Characters"', ['odd']],
  ['network/errors', ['dashed']],
  ['Network_Errors', ['dashed']],
  ['"Network-Errors_2"', ['dashed']],
  ['"Network_Errors_2"', []],
  ['sdb', ['sdb']],
  ['failure', ['sdb']],
])('%s', (search, found) => {
  const fits = parseSearch(search)
  expect(Object.keys(all).filter((name) => fits(all[name]!))).toEqual(found)
})

test.each([
  ['', 'A search needs a schema or a term'],
  ['(a', "Expected ')' in the search"],
  ['a )', "Unexpected ')' in the search"],
  ['NOT', 'The search ends where a term is needed'],
  ['MetricName=', 'A value must follow MetricName='],
])('refused: %p', (search, message) => expect(() => parseSearch(search)).toThrow(message))
