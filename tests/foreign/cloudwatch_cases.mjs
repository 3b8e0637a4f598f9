// The AWS SDK for JavaScript against the local CloudWatch, in each protocol that it speaks. Runs in a folder with the
// package; prints a line of JSON a case.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const load = createRequire(join(process.cwd(), 'x.js'))
const {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} = load('@aws-sdk/client-cloudwatch')
const { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } = load('@aws-sdk/core/protocols')

const now = new Date()
const around = { StartTime: new Date(now - 600_000), EndTime: new Date(+now + 60_000) }

async function refused(call) {
  const error = await call.then(
    () => assert.fail('was allowed'),
    (refusal) => refusal,
  )
  return [error.name, error.$metadata.httpStatusCode, error.message]
}

const cases = {
  async 'publishes and asks'(client, name) {
    const Dimensions = [{ Name: 'Host', Value: 'ä' }]
    await client.send(
      new PutMetricDataCommand({
        Namespace: name,
        MetricData: [
          { MetricName: 'm', Value: 1.5, Timestamp: now, Dimensions },
          { MetricName: 'm', Values: [1, 2], Counts: [3, 4], Timestamp: now },
        ],
      }),
    )
    const asked = { Namespace: name, MetricName: 'm', Dimensions, Period: 60, Statistics: ['Sum'], ...around }
    const { Label, Datapoints } = await client.send(new GetMetricStatisticsCommand(asked))
    assert.equal(Label, 'm')
    assert.deepEqual(
      Datapoints.map(({ Sum, Unit, Timestamp }) => [Sum, Unit, Timestamp instanceof Date]),
      [[1.5, 'None', true]],
    )
  },
  async 'reckons with what it finds'(client, name) {
    const MetricDataQueries = [{ Id: 'a', Expression: `SUM(SEARCH('{"${name}"} m', 'Sum', 60))` }]
    const { MetricDataResults } = await client.send(new GetMetricDataCommand({ ...around, MetricDataQueries }))
    assert.deepEqual(MetricDataResults[0].Values, [12.5])
  },
  async 'makes alarms'(client, name) {
    const alarm = { AlarmName: name, Namespace: name, MetricName: 'm', Period: 60, EvaluationPeriods: 1 }
    const how = { Statistic: 'Sum', Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' }
    await client.send(new PutMetricAlarmCommand({ ...alarm, ...how }))
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
    assert.equal(MetricAlarms[0].Threshold, 1)
    assert.equal(MetricAlarms[0].ActionsEnabled, true)
    assert.ok(MetricAlarms[0].StateUpdatedTimestamp instanceof Date)
    await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }))
  },
  async 'is refused, by the same names'(client) {
    assert.deepEqual(await refused(client.send(new GetDashboardCommand({ DashboardName: 'x' }))), [
      'ResourceNotFound',
      404,
      'Dashboard x does not exist',
    ])
    const set = { AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' }
    assert.deepEqual((await refused(client.send(new SetAlarmStateCommand(set)))).slice(0, 2), ['ResourceNotFound', 404])
    const data = { Namespace: 'AWS/x', MetricData: [{ MetricName: 'm', Value: 1 }] }
    assert.deepEqual(await refused(client.send(new PutMetricDataCommand(data))), [
      'InvalidParameterValueException',
      400,
      'The value AWS/ for parameter Namespace is invalid.',
    ])
  },
  async 'is refused as nobody'(_, name, protocol) {
    const credentials = { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x' }
    const nobody = new CloudWatchClient({ endpoint: process.env.AWS_ENDPOINT_URL, protocol, credentials })
    assert.equal((await refused(nobody.send(new DescribeAlarmsCommand({}))))[0], 'InvalidClientTokenId')
  },
}

const protocols = { json: AwsJson1_0Protocol, query: AwsQueryProtocol, cbor: AwsSmithyRpcV2CborProtocol }

for (const [name, protocol] of Object.entries(protocols)) {
  const client = new CloudWatchClient({ endpoint: process.env.AWS_ENDPOINT_URL, protocol })
  for (const [title, run] of Object.entries(cases)) {
    const outcome = { case: `${name}: ${title}`, ok: true }
    try {
      await run(client, `js ${name}`.replace(' ', '-'), protocol)
    } catch (error) {
      Object.assign(outcome, { ok: false, why: String(error?.stack ?? error).slice(0, 600) })
    }
    console.log(JSON.stringify(outcome))
  }
}
